-- How long this device holds an event: decided here, told to nobody, and in no view.
CREATE TABLE retention (
    space  BLOB PRIMARY KEY,
    keep   INTEGER NOT NULL DEFAULT 0,  -- 1: held whatever the event's rule says
    first  INTEGER,                     -- days since 1970 on which it was warned: the first …
    last   INTEGER,                     -- … and the last one
    days   INTEGER,                     -- how many different ones
    faded  INTEGER,                     -- since when, in ms since 1970; NULL: it is held
    emptied INTEGER NOT NULL DEFAULT 0  -- 1: once it has faded, all that goes is gone
) STRICT, WITHOUT ROWID;

-- What this person wrote in documents of several, which go as a whole: up to which entry it lies in a
-- note by now.
CREATE TABLE put_aside (
    document BLOB PRIMARY KEY,
    upto     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
