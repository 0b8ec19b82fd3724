-- Everything that could name a person, one row a fact, and nowhere else: erasing a person deletes their rows.
-- `subject` is account:ID, key:ID or link:ID; `kind` is email, name, identity (of an OpenID provider), recipient (of a
-- section link) or address (from which somebody came; the history names it by `id`).
CREATE TABLE personal_data (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE UNIQUE INDEX personal_data_once ON personal_data (subject, kind, value);
CREATE UNIQUE INDEX personal_data_one_owner ON personal_data (kind, value) WHERE kind IN ('email', 'identity');
INSERT INTO personal_data SELECT 'email-' || account_id, 'account:' || account_id, 'email', email FROM people;
INSERT INTO personal_data SELECT 'name-' || account_id, 'account:' || account_id, 'name', name FROM people;
DROP TABLE people;

ALTER TABLE accounts ADD COLUMN password_hash TEXT;
-- The secret of the second factor, sealed with the server's key; confirmed once a code of it was shown.
ALTER TABLE accounts ADD COLUMN totp_secret TEXT;
ALTER TABLE accounts ADD COLUMN totp_confirmed BOOLEAN NOT NULL DEFAULT FALSE;
-- The time step of the last code that was taken: no code works twice.
ALTER TABLE accounts ADD COLUMN totp_last_step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN last_signed_in_at TIMESTAMP;
ALTER TABLE accounts ADD COLUMN erased_at TIMESTAMP;

CREATE TABLE recovery_codes (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    code_hash TEXT NOT NULL,
    used_at TIMESTAMP,
    PRIMARY KEY (account_id, code_hash)
);

-- Single-use links that are mailed: sign_in, invitation, reset.
DROP TABLE sign_in_links;
CREATE TABLE account_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX account_links_by_account ON account_links (account_id);

-- A link to one section of one response, for somebody without an account.
CREATE TABLE section_links (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    section TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX section_links_by_response ON section_links (service_code, year);

-- A session belongs to account:ID or link:ID. `stage` is signed_in, needs_code (a second factor is still to be shown) or
-- needs_factor (one is still to be set up). `origin` names a row of personal_data.
DROP TABLE sessions;
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    stage TEXT NOT NULL,
    second_factor BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    origin TEXT,
    agent TEXT
);
CREATE INDEX sessions_by_subject ON sessions (subject);

-- Failed sign-ins of the last day, to slow down guessing. Both columns are fingerprints under the server's key: of the
-- account's e-mail address as typed, whether or not there is such an account, and of the network address.
CREATE TABLE sign_in_failures (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    failed_at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_failures_by_account ON sign_in_failures (account, failed_at);
CREATE INDEX sign_in_failures_by_address ON sign_in_failures (address, failed_at);

ALTER TABLE api_keys ADD COLUMN expires_at TIMESTAMP;
ALTER TABLE api_keys ADD COLUMN last_used_at TIMESTAMP;
ALTER TABLE api_keys ADD COLUMN created_by TEXT NOT NULL DEFAULT 'command';

-- Append-only, chained by hash within each object (response/2022/FLS001, account/ID, key/ID, round/2022, import/ID …).
DROP TABLE response_history;
CREATE TABLE history (
    object TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    channel TEXT NOT NULL,
    origin TEXT,
    action TEXT NOT NULL,
    item TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    hash TEXT NOT NULL,
    PRIMARY KEY (object, seq)
);
CREATE INDEX history_by_time ON history (at);
CREATE INDEX history_by_actor ON history (actor, at);
CREATE TABLE history_heads (
    object TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);

-- Mail that waits to be sent, or was. `sealed` holds what to say, under the server's key, until it has been said.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    mail TEXT NOT NULL,
    sealed TEXT,
    created_at TIMESTAMP NOT NULL,
    not_before TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    lease TEXT,
    leased_until TIMESTAMP,
    sent_at TIMESTAMP,
    given_up_at TIMESTAMP,
    last_error TEXT
);
CREATE INDEX outbox_by_due ON outbox (sent_at, not_before);

-- Texts that the audit team edits: the privacy page, the accessibility statement.
CREATE TABLE texts (
    name TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- The services that are asked to answer in a round.
CREATE TABLE enrolments (
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    enrolled_at TIMESTAMP NOT NULL,
    PRIMARY KEY (year, service_code)
);
