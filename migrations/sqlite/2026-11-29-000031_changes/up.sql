-- The entries of the history in the order in which readers of changes are told of them. Who reads numbers what has been
-- committed and has no number yet, so what is committed later comes later, however long its transaction was open.
CREATE TABLE changes (
    position BIGINT NOT NULL PRIMARY KEY,
    object TEXT NOT NULL,
    seq BIGINT NOT NULL,
    UNIQUE (object, seq)
);
