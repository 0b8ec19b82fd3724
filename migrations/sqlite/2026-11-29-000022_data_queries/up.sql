-- What the audit team asks a service about an answer, a month's counts, or an outlier, and what both write about it.
CREATE TABLE data_queries (
    id TEXT NOT NULL PRIMARY KEY,
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on DATE,
    found TEXT,
    version BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    moved_at TIMESTAMP NOT NULL
);
CREATE INDEX data_queries_of_service ON data_queries (year, service_code);
-- A figure of a service and year is looked into once; what was closed is opened again.
CREATE UNIQUE INDEX data_queries_of_outlier ON data_queries (year, service_code, subject) WHERE found IS NOT NULL;

CREATE TABLE data_query_messages (
    id TEXT NOT NULL PRIMARY KEY,
    query_id TEXT NOT NULL REFERENCES data_queries (id),
    number INTEGER NOT NULL,
    author TEXT NOT NULL,
    from_team BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    UNIQUE (query_id, number)
);
