DROP TABLE kpi_totals;
