-- What a service means to do about a recommendation of the report: by whom and by when.
CREATE TABLE action_plans (
    year INTEGER NOT NULL REFERENCES rounds (year),
    service_code TEXT NOT NULL REFERENCES services (code),
    recommendation INTEGER NOT NULL,
    version BIGINT NOT NULL,
    what TEXT NOT NULL,
    owner TEXT NOT NULL,
    due DATE,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (year, service_code, recommendation)
);
