-- Why there is no return this year (states no_return, not_commissioned), and a clinical lead's sign-off, which any edit
-- undoes.
ALTER TABLE responses ADD COLUMN reason TEXT;
ALTER TABLE responses ADD COLUMN signed_off_at TIMESTAMP;
ALTER TABLE responses ADD COLUMN signed_off_by TEXT;
ALTER TABLE rounds ADD COLUMN sign_off BOOLEAN NOT NULL DEFAULT FALSE;

-- Each version that was submitted, for ever: rows are added, never changed. `hash` is empty for what was submitted before
-- hashes were kept.
CREATE TABLE submissions (
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    number INTEGER NOT NULL,
    version BIGINT NOT NULL,
    questionnaire TEXT NOT NULL,
    document TEXT NOT NULL,
    hash TEXT NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    submitted_by TEXT NOT NULL,
    PRIMARY KEY (year, service_code, number)
);
INSERT INTO submissions
SELECT r.year, r.service_code, 1, r.version, q.questionnaire, r.document, '', r.submitted_at, COALESCE(r.submitted_by, 'command')
FROM responses r JOIN rounds q ON q.year = r.year WHERE r.state = 'submitted' AND r.submitted_at IS NOT NULL;
