-- What I want to pick up again.
CREATE TABLE anchor (
    document INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    done     INTEGER NOT NULL,
    due      INTEGER,               -- in days since 1970
    value    TEXT NOT NULL          -- the model's anchor as JSON
) STRICT;

CREATE INDEX anchor_by_day ON anchor (done, due IS NULL, due, id);
