-- From whom I want some quiet. Joined by queries, so that it holds at once, for what is here already too.
CREATE TABLE muted (
    document INTEGER NOT NULL,
    person   BLOB NOT NULL,
    blocked  INTEGER NOT NULL,
    PRIMARY KEY (document, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX muted_person ON muted (person, blocked);
