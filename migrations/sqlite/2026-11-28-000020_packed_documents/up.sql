-- Nothing to do here: this is about how PostgreSQL packs a document.
SELECT 1;
