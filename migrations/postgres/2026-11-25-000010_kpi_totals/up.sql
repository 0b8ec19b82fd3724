-- The counts of a year added up, kept by whatever writes counts. Clustered by the key that benchmarks read: one KPI, one
-- year and one stratum over all services. `periods` is how many counts were added, `denominators` and `eligibles` how
-- many of them had one: 0 of them is "none", not 0.
CREATE TABLE kpi_totals (
    kpi INTEGER NOT NULL,
    year INTEGER NOT NULL,
    stratum TEXT NOT NULL,
    service_code TEXT NOT NULL REFERENCES services (code),
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    eligible BIGINT NOT NULL,
    complete BIGINT NOT NULL,
    periods BIGINT NOT NULL,
    denominators BIGINT NOT NULL,
    eligibles BIGINT NOT NULL,
    PRIMARY KEY (kpi, year, stratum, service_code)
);

INSERT INTO kpi_totals
SELECT
    kpi,
    month / 100,
    stratum,
    service_code,
    SUM(numerator),
    COALESCE(SUM(denominator), 0),
    COALESCE(SUM(eligible), 0),
    COALESCE(SUM(complete), 0),
    COUNT(*),
    COUNT(denominator),
    COUNT(eligible)
FROM kpi_counts
GROUP BY kpi, month / 100, stratum, service_code;
