-- The shared notes of sessions.
CREATE TABLE pad (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    updated  INTEGER NOT NULL,      -- time of the last change, in ms since 1970
    text     TEXT NOT NULL
) STRICT;

-- The generations of each session's pad. Their ids follow from the session's: a pad cannot say whose
-- it is.
CREATE TABLE pad_of_session (
    document   INTEGER NOT NULL,    -- the session's
    session    BLOB NOT NULL,
    pad        BLOB NOT NULL UNIQUE,
    generation INTEGER NOT NULL,
    present    INTEGER NOT NULL,    -- 1: the one that is read and written
    PRIMARY KEY (document, pad)
) STRICT, WITHOUT ROWID;

CREATE INDEX pad_present ON pad_of_session (session) WHERE present = 1;
CREATE INDEX pad_superseded ON pad_of_session (document) WHERE present = 0;

-- What this device itself wrote in pads whose words are gone, to be offered to the person again. No
-- view: it cannot be made from the log any more.
CREATE TABLE kept_words (
    pad  BLOB NOT NULL,
    rank INTEGER NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (pad, rank)
) STRICT, WITHOUT ROWID;
