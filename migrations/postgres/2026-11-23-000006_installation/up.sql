-- What is true of the database as a whole. `synthetic`: every figure is invented, and everything that shows one says so.
CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
