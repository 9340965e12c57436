-- Letters of mine until they have arrived: see sent.rs. None of them can be opened by this device.
CREATE TABLE sent_letter (
    author  BLOB PRIMARY KEY,           -- the author key that was made for it: so its reader calls it
    letter  BLOB,                       -- so its writer calls it: the first entry of its first copy; NULL
                                        -- where nobody asks for it later
    space   BLOB NOT NULL,              -- the id of its space
    reader  BLOB NOT NULL,              -- the person who may say that it arrived
    entry   BLOB NOT NULL,              -- its entry, with the work that it has by now
    sent    INTEGER NOT NULL,           -- in ms since 1970
    arrived INTEGER NOT NULL DEFAULT 0,
    tries   INTEGER NOT NULL,           -- how many went into its work
    secret  BLOB,                       -- of its author key, as long as it may be given more work
    parcel  BLOB                        -- and the sealed letter: a batch of one
) STRICT, WITHOUT ROWID;

CREATE INDEX sent_letter_called ON sent_letter (letter);
CREATE INDEX sent_letter_entry ON sent_letter (entry);

-- Letters that came to me and whose writers are to be told: see arrival.rs.
CREATE TABLE owed_arrival (
    letter BLOB PRIMARY KEY,            -- the author key of the letter
    space  BLOB NOT NULL,               -- the id of its space, in which the answer goes back
    person BLOB NOT NULL,               -- who wrote it
    reader BLOB NOT NULL                -- the letter key to which they are answered
) STRICT, WITHOUT ROWID;
