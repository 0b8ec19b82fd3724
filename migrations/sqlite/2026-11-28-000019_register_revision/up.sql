-- Counts the changes of the register: rounds, areas, services, hospitals and their cases. Whoever keeps a copy of the
-- register in memory reads this number to learn whether the copy still holds, whichever process made the change.
CREATE TABLE register_revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO register_revision (id, revision) VALUES (1, 0);

CREATE TRIGGER rounds_insert_moves_register AFTER INSERT ON rounds
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER rounds_update_moves_register AFTER UPDATE ON rounds
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER rounds_delete_moves_register AFTER DELETE ON rounds
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER areas_insert_moves_register AFTER INSERT ON areas
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER areas_update_moves_register AFTER UPDATE ON areas
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER areas_delete_moves_register AFTER DELETE ON areas
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER area_population_insert_moves_register AFTER INSERT ON area_population
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER area_population_update_moves_register AFTER UPDATE ON area_population
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER area_population_delete_moves_register AFTER DELETE ON area_population
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER services_insert_moves_register AFTER INSERT ON services
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER services_update_moves_register AFTER UPDATE ON services
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER services_delete_moves_register AFTER DELETE ON services
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER hospitals_insert_moves_register AFTER INSERT ON hospitals
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER hospitals_update_moves_register AFTER UPDATE ON hospitals
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER hospitals_delete_moves_register AFTER DELETE ON hospitals
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER hip_fractures_insert_moves_register AFTER INSERT ON hip_fractures
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER hip_fractures_update_moves_register AFTER UPDATE ON hip_fractures
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER hip_fractures_delete_moves_register AFTER DELETE ON hip_fractures
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER expected_caseload_insert_moves_register AFTER INSERT ON expected_caseload
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER expected_caseload_update_moves_register AFTER UPDATE ON expected_caseload
BEGIN UPDATE register_revision SET revision = revision + 1; END;
CREATE TRIGGER expected_caseload_delete_moves_register AFTER DELETE ON expected_caseload
BEGIN UPDATE register_revision SET revision = revision + 1; END;
