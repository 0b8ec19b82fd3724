-- Counts the changes of the register: rounds, areas, services, hospitals and their cases. Whoever keeps a copy of the
-- register in memory reads this number to learn whether the copy still holds, whichever process made the change.
CREATE TABLE register_revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO register_revision (id, revision) VALUES (1, 0);

-- Before the statement, so that every transaction that changes the register takes this row first: they wait for each
-- other here and cannot meet in a deadlock.
CREATE FUNCTION move_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE register_revision SET revision = revision + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER rounds_moves_register BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON rounds
    FOR EACH STATEMENT EXECUTE FUNCTION move_register();
CREATE TRIGGER areas_moves_register BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON areas
    FOR EACH STATEMENT EXECUTE FUNCTION move_register();
CREATE TRIGGER area_population_moves_register BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON area_population
    FOR EACH STATEMENT EXECUTE FUNCTION move_register();
CREATE TRIGGER services_moves_register BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON services
    FOR EACH STATEMENT EXECUTE FUNCTION move_register();
CREATE TRIGGER hospitals_moves_register BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON hospitals
    FOR EACH STATEMENT EXECUTE FUNCTION move_register();
CREATE TRIGGER hip_fractures_moves_register BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON hip_fractures
    FOR EACH STATEMENT EXECUTE FUNCTION move_register();
CREATE TRIGGER expected_caseload_moves_register BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON expected_caseload
    FOR EACH STATEMENT EXECUTE FUNCTION move_register();
