-- Saved scenarios over a gap: what is asked and done, never a result. A deleted one is in the history alone.
CREATE TABLE scenarios (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (owner, name)
);
