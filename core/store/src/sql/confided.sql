-- Feedback and conduct reports that came to me, opened: see confided.rs. Of no document, so in no view,
-- no search and no export.
CREATE TABLE confided (
    letter BLOB PRIMARY KEY,        -- the author key of the letter, which was made for it alone
    entry  BLOB NOT NULL,           -- its entry
    space  BLOB NOT NULL,           -- the id of its space
    topic  INTEGER NOT NULL,
    day    INTEGER NOT NULL,        -- the letter's day, in ms since 1970
    person BLOB,                    -- who signed it; NULL for nobody
    body   BLOB NOT NULL            -- as in the letter
) STRICT, WITHOUT ROWID;

CREATE INDEX confided_of_topic ON confided (topic, space);
