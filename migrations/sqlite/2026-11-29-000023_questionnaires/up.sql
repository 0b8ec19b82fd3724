-- Versions of the questionnaire that the audit team uploads; those that come with the program are not here.
CREATE TABLE questionnaires (
    version TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    published BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL
);
