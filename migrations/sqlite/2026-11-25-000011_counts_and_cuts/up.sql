-- What stood in the place of a count that was changed or removed. `batch` is the request; the chained history of
-- counts/SERVICE names it with a digest of these rows. A removed count has no new numbers.
CREATE TABLE count_corrections (
    service_code TEXT NOT NULL REFERENCES services (code),
    batch TEXT NOT NULL,
    kpi INTEGER NOT NULL,
    month INTEGER NOT NULL,
    stratum TEXT NOT NULL,
    old_numerator BIGINT NOT NULL,
    old_denominator BIGINT,
    old_eligible BIGINT,
    old_complete BIGINT,
    new_numerator BIGINT,
    new_denominator BIGINT,
    new_eligible BIGINT,
    new_complete BIGINT,
    PRIMARY KEY (service_code, batch, kpi, month, stratum)
) WITHOUT ROWID;

-- Why a caseload was stated in place of the rule.
ALTER TABLE expected_caseload ADD COLUMN reason TEXT;

-- Data cuts: a round as it stood, never changed. `hash` is that of the manifest: the names, lengths and hashes of the parts.
CREATE TABLE cuts (
    id TEXT NOT NULL PRIMARY KEY,
    year INTEGER NOT NULL REFERENCES rounds (year),
    hash TEXT NOT NULL,
    note TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL
);
CREATE INDEX cuts_by_year ON cuts (year);

-- The parts: exchange files and the method, as canonical bytes.
CREATE TABLE cut_parts (
    cut_id TEXT NOT NULL REFERENCES cuts (id),
    name TEXT NOT NULL,
    length BIGINT NOT NULL,
    hash TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (cut_id, name)
);
