DROP TRIGGER rounds_moves_register ON rounds;
DROP TRIGGER areas_moves_register ON areas;
DROP TRIGGER area_population_moves_register ON area_population;
DROP TRIGGER services_moves_register ON services;
DROP TRIGGER hospitals_moves_register ON hospitals;
DROP TRIGGER hip_fractures_moves_register ON hip_fractures;
DROP TRIGGER expected_caseload_moves_register ON expected_caseload;
DROP FUNCTION move_register();
DROP TABLE register_revision;
