-- What somebody typed and could not save, such as when their session had ended: sealed with the server's key, and theirs
-- alone. `subject` is account:ID or link:ID.
CREATE TABLE kept_entries (
    subject TEXT NOT NULL,
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    section TEXT NOT NULL,
    sealed TEXT NOT NULL,
    kept_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (subject, year, service_code, section)
);
CREATE INDEX kept_entries_by_end ON kept_entries (expires_at);
