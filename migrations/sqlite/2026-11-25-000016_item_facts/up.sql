-- What submitted responses say of every fact of their round's questionnaire, typed for analysis: one row a service and
-- fact. A fact that the round does not ask has no row. `fact` is an item's link_id, of a grid also `link_id/role`;
-- `status` is answered, not_known, unanswered or not_applicable, and where answered there is one of `codes` (joined by
-- `;`), `number` (in hundredths) and `flag`. Clustered as analysis reads it: some facts of one round.
CREATE TABLE item_facts (
    year INTEGER NOT NULL REFERENCES rounds (year),
    fact TEXT NOT NULL,
    service_code TEXT NOT NULL REFERENCES services (code),
    status TEXT NOT NULL,
    codes TEXT,
    number BIGINT,
    flag BOOLEAN,
    PRIMARY KEY (year, fact, service_code)
) WITHOUT ROWID;
-- By which one response's facts are replaced.
CREATE INDEX item_facts_of_response ON item_facts (service_code, year);
