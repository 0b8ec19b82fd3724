-- The language that a person has chosen for pages and mails: en or cy; none until they choose.
ALTER TABLE accounts ADD COLUMN language TEXT;
