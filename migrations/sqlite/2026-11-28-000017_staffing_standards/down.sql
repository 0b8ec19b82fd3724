DROP TABLE staffing_standards;
