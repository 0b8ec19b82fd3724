DROP TABLE submissions;
ALTER TABLE rounds DROP COLUMN sign_off;
ALTER TABLE responses DROP COLUMN signed_off_by;
ALTER TABLE responses DROP COLUMN signed_off_at;
ALTER TABLE responses DROP COLUMN reason;
