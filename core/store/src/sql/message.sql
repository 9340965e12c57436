-- Messages between me and one person each.
CREATE TABLE message (
    document INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    person   BLOB NOT NULL,         -- between me and whom
    written  INTEGER NOT NULL,      -- in ms since 1970: its writer's word
    value    BLOB NOT NULL          -- the model's message on the wire
) STRICT;

CREATE INDEX message_of_person ON message (person, written, id);
