CREATE TABLE areas (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent_code TEXT,
    valid_from DATE,
    valid_to DATE,
    successor_code TEXT
);

CREATE TABLE area_population (
    area_code TEXT NOT NULL REFERENCES areas (code),
    year INTEGER NOT NULL,
    all_ages BIGINT NOT NULL,
    aged_50_plus BIGINT NOT NULL,
    PRIMARY KEY (area_code, year)
);

CREATE TABLE services (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    trust_code TEXT,
    trust_name TEXT,
    area_code TEXT NOT NULL REFERENCES areas (code),
    valid_from DATE,
    valid_to DATE,
    successor_code TEXT
);

CREATE TABLE hospitals (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    area_code TEXT NOT NULL REFERENCES areas (code),
    service_code TEXT REFERENCES services (code),
    valid_from DATE,
    valid_to DATE,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION
);
CREATE INDEX hospitals_by_service ON hospitals (service_code);

CREATE TABLE hip_fractures (
    hospital_code TEXT NOT NULL REFERENCES hospitals (code),
    year INTEGER NOT NULL,
    hip_fractures BIGINT NOT NULL,
    PRIMARY KEY (hospital_code, year)
);

CREATE TABLE expected_caseload (
    service_code TEXT NOT NULL REFERENCES services (code),
    year INTEGER NOT NULL,
    expected BIGINT NOT NULL,
    PRIMARY KEY (service_code, year)
);
