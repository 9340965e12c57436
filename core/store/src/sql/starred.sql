-- The sessions that I look forward to: for me alone.
CREATE TABLE starred (
    document INTEGER NOT NULL,
    session  BLOB NOT NULL,
    event    BLOB NOT NULL,         -- the id of its space
    rank     INTEGER NOT NULL,      -- in the order in which they were starred
    value    TEXT NOT NULL,         -- the model's star as JSON
    PRIMARY KEY (document, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX starred_session ON starred (session);
CREATE INDEX starred_of_event ON starred (event, rank);
