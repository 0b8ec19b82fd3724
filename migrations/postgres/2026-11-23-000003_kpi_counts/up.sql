-- Clustered by the key that benchmarks read: one KPI over some months. `month` is YYYYMM, with month 00 for a yearly
-- figure; `stratum` is '' for all patients and never NULL.
CREATE TABLE kpi_counts (
    kpi INTEGER NOT NULL,
    month INTEGER NOT NULL,
    service_code TEXT NOT NULL REFERENCES services (code),
    stratum TEXT NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT,
    eligible BIGINT,
    complete BIGINT,
    PRIMARY KEY (kpi, month, service_code, stratum)
);
