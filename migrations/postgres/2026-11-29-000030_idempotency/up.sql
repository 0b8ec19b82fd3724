-- What was answered to a request that its sender named, so that the same request sent again is not done again.
-- The answer is sealed: that to a new API key holds the key.
CREATE TABLE idempotent_requests (
    holder TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    begun_at TIMESTAMP NOT NULL,
    status INTEGER,
    answer TEXT,
    PRIMARY KEY (holder, name)
);
CREATE INDEX idempotent_requests_begun ON idempotent_requests (begun_at);
