-- What will be erased in a moment, and can still be kept. This device's alone; lists leave it out.
CREATE TABLE leaving (
    id    BLOB PRIMARY KEY,         -- its document
    noun  INTEGER NOT NULL,
    thing BLOB NOT NULL,            -- what it is called by: its document, or a contact's person
    until INTEGER NOT NULL,         -- when it is erased, in ms since 1970
    event BLOB                      -- where all of this person's in an event goes: that event
) STRICT, WITHOUT ROWID;
