-- The staffing standards that the audit team adds. Drafts change, with the version counting up; what is published does not.
CREATE TABLE staffing_standards (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    published BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL
);
