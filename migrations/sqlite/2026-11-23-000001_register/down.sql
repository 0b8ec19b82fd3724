DROP TABLE expected_caseload;
DROP TABLE hip_fractures;
DROP TABLE hospitals;
DROP TABLE services;
DROP TABLE area_population;
DROP TABLE areas;
