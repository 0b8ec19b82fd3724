DROP TABLE reminders;
DROP TABLE jobs;
DROP TABLE extensions;
ALTER TABLE rounds DROP COLUMN reminders;
ALTER TABLE rounds DROP COLUMN cut;
ALTER TABLE rounds DROP COLUMN publishes_on;
ALTER TABLE rounds DROP COLUMN version;
