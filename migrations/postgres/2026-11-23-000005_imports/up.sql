CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    imported_by TEXT NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX imports_by_time ON imports (imported_at);
