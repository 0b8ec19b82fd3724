DROP TABLE kpi_counts;
