-- What running a round needs: its changes are counted, it says when its report is out and which cut that quotes, and
-- whether its reminders go out by themselves.
ALTER TABLE rounds ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE rounds ADD COLUMN publishes_on DATE;
ALTER TABLE rounds ADD COLUMN cut TEXT;
ALTER TABLE rounds ADD COLUMN reminders BOOLEAN NOT NULL DEFAULT FALSE;

-- Until when one service may answer after the round has closed.
CREATE TABLE extensions (
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    until_on DATE NOT NULL,
    reason TEXT NOT NULL,
    granted_at TIMESTAMP NOT NULL,
    granted_by TEXT NOT NULL,
    PRIMARY KEY (year, service_code)
);

-- What the service does by itself at a set time. A process takes a job under a lease; what the job does and that it is
-- done are one transaction, so it is done once.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    year INTEGER NOT NULL REFERENCES rounds (year),
    kind TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    lease TEXT,
    leased_until TIMESTAMP,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    done_at TIMESTAMP,
    outcome TEXT,
    UNIQUE (year, kind, due_at)
);
CREATE INDEX jobs_waiting ON jobs (due_at) WHERE done_at IS NULL;

-- Each reminder of a service, whoever sent it; the plan reminds of one occasion once.
CREATE TABLE reminders (
    id TEXT NOT NULL PRIMARY KEY,
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    occasion TEXT NOT NULL,
    people INTEGER NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    sent_by TEXT NOT NULL
);
CREATE UNIQUE INDEX reminders_of_the_plan ON reminders (year, service_code, occasion) WHERE occasion <> 'by_hand';
CREATE INDEX reminders_by_service ON reminders (year, service_code, sent_at);
