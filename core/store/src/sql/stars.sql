-- Which sessions people look forward to, as they show it in an event.
CREATE TABLE stars (                -- each person's whole list
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,
    value    BLOB NOT NULL          -- the model's stars on the wire
) STRICT;

CREATE INDEX stars_of_person ON stars (space, person, id);

CREATE TABLE star (                 -- a row for each session of a list
    document INTEGER NOT NULL,
    starred  BLOB NOT NULL,         -- the session's id
    PRIMARY KEY (document, starred)
) STRICT, WITHOUT ROWID;

CREATE INDEX star_of_session ON star (starred, document);
