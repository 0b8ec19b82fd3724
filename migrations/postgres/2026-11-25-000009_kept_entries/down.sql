DROP TABLE kept_entries;
