-- What other events lent to one.
CREATE TABLE lent (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,      -- the event that borrowed it
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,         -- who lent it
    time     INTEGER NOT NULL,      -- when, in ms since 1970: the lender's word
    origin   BLOB NOT NULL,         -- the event that lends
    original BLOB NOT NULL,         -- the document there
    value    BLOB NOT NULL          -- the model's loan on the wire
) STRICT;

CREATE INDEX lent_by_time ON lent (space, hidden, time, id);
CREATE INDEX lent_of_person ON lent (person);
CREATE INDEX lent_of_original ON lent (origin, original);

CREATE VIEW borrowed AS
SELECT space.id AS space, lent.id, hidden, person, time, origin, original, value
FROM lent JOIN space ON space.num = lent.space;
