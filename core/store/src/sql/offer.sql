-- Rides, beds, tips and the like.
CREATE TABLE offer (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,         -- who offers it
    changed  INTEGER NOT NULL,      -- when it was last put, in ms since 1970: its author's word
    until    INTEGER NOT NULL,      -- until when it holds, in ms since 1970
    value    BLOB NOT NULL          -- the model's offer on the wire
) STRICT;

CREATE INDEX offer_by_end ON offer (space, hidden, until, id);

CREATE VIEW offered AS
SELECT space.id AS space, offer.id, hidden, person, changed, until, value
FROM offer JOIN space ON space.num = offer.space;
