-- The shared notes of sessions.
CREATE TABLE pad (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    updated  INTEGER NOT NULL,      -- time of the last change, in ms since 1970
    text     TEXT NOT NULL
) STRICT;

-- The id of each session's pad, which follows from the session's: a pad cannot say whose it is.
CREATE TABLE pad_of_session (
    document INTEGER PRIMARY KEY,   -- the session's
    session  BLOB NOT NULL,
    pad      BLOB NOT NULL UNIQUE
) STRICT;
