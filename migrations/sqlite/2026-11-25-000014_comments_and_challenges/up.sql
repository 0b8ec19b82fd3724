-- What is said about an item of a response, oldest first: a thread an item. `mailed` is whether the other side was written
-- to, which happens at most once an hour and thread.
CREATE TABLE comments (
    id TEXT NOT NULL PRIMARY KEY,
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    link_id TEXT NOT NULL,
    author TEXT NOT NULL,
    from_team BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    mailed BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX comments_by_response ON comments (year, service_code, link_id, created_at);

-- What a service holds against the register's hospitals, and what the audit team decided. `claim` is ours, not_ours or
-- figure; `source` is lead or answer (of the item on hospitals); `decision` is accepted or rejected, NULL while open.
CREATE TABLE hospital_challenges (
    id TEXT NOT NULL PRIMARY KEY,
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    hospital_code TEXT NOT NULL REFERENCES hospitals (code),
    claim TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    decision TEXT,
    decided_by TEXT,
    decided_at TIMESTAMP,
    note TEXT
);
CREATE INDEX hospital_challenges_by_response ON hospital_challenges (year, service_code);
-- One open challenge of a kind and hospital.
CREATE UNIQUE INDEX hospital_challenges_open ON hospital_challenges (year, service_code, hospital_code, claim)
    WHERE decision IS NULL;
