-- What people offer and want to talk about at an event.
CREATE TABLE interests (            -- each person's whole list
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,
    value    BLOB NOT NULL          -- the model's interests on the wire
) STRICT;

CREATE INDEX interests_of_person ON interests (space, person, id);

CREATE TABLE topic (                -- a row for each topic of a list
    document INTEGER NOT NULL,
    folded   TEXT NOT NULL,         -- by what topics are compared
    sort     TEXT NOT NULL,         -- by what they are sorted: see view.rs
    value    TEXT NOT NULL,         -- the model's topic as JSON
    PRIMARY KEY (document, folded)
) STRICT, WITHOUT ROWID;
