CREATE TABLE rounds (
    year INTEGER NOT NULL PRIMARY KEY,
    facilities_audit TEXT NOT NULL,
    report TEXT,
    status TEXT NOT NULL,
    opens_on DATE,
    closes_on DATE,
    staffing_as_at DATE NOT NULL,
    questionnaire TEXT NOT NULL,
    methodology INTEGER NOT NULL,
    standard TEXT NOT NULL
);

-- A response's answers are one document, with a version an item; `version` counts the changes of the whole.
CREATE TABLE responses (
    service_code TEXT NOT NULL REFERENCES services (code),
    year INTEGER NOT NULL REFERENCES rounds (year),
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    imported BOOLEAN NOT NULL,
    submitted_at TIMESTAMP,
    submitted_by TEXT,
    document TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (year, service_code)
);

-- Append-only: one row a changed item, written in the transaction that changes it.
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

-- What a submitted response says, typed for analysis. WTE in hundredths; NULL is "not given".
CREATE TABLE response_facts (
    service_code TEXT NOT NULL REFERENCES services (code),
    year INTEGER NOT NULL REFERENCES rounds (year),
    population_all_ages BIGINT,
    population_50_plus BIGINT,
    nurse_in_post BIGINT,
    nurse_establishment BIGINT,
    nurse_reported_vacant BIGINT,
    administrator_in_post BIGINT,
    administrator_establishment BIGINT,
    administrator_reported_vacant BIGINT,
    PRIMARY KEY (year, service_code)
);
