DROP TABLE enrolments;
DROP TABLE texts;
DROP TABLE outbox;
DROP TABLE history_heads;
DROP TABLE history;
CREATE TABLE response_history (
    year INTEGER NOT NULL,
    service_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    link_id TEXT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by TEXT NOT NULL,
    old_answer TEXT,
    new_answer TEXT NOT NULL,
    PRIMARY KEY (year, service_code, version, link_id)
);
ALTER TABLE api_keys DROP COLUMN created_by;
ALTER TABLE api_keys DROP COLUMN last_used_at;
ALTER TABLE api_keys DROP COLUMN expires_at;
DROP TABLE sign_in_failures;
DROP TABLE sessions;
CREATE TABLE sessions (
    id_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
DROP TABLE section_links;
DROP TABLE account_links;
CREATE TABLE sign_in_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
DROP TABLE recovery_codes;
ALTER TABLE accounts DROP COLUMN erased_at;
ALTER TABLE accounts DROP COLUMN last_signed_in_at;
ALTER TABLE accounts DROP COLUMN totp_last_step;
ALTER TABLE accounts DROP COLUMN totp_confirmed;
ALTER TABLE accounts DROP COLUMN totp_secret;
ALTER TABLE accounts DROP COLUMN password_hash;
CREATE TABLE people (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);
INSERT INTO people
    SELECT accounts.id, email.value, name.value FROM accounts
    JOIN personal_data AS email ON email.subject = 'account:' || accounts.id AND email.kind = 'email'
    JOIN personal_data AS name ON name.subject = 'account:' || accounts.id AND name.kind = 'name';
DROP TABLE personal_data;
