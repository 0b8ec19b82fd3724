DROP TABLE cut_parts;
DROP TABLE cuts;
ALTER TABLE expected_caseload DROP COLUMN reason;
DROP TABLE count_corrections;
