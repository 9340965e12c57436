-- The chunks of photos that are here, each in an entry: its bytes stay in the log alone.
CREATE TABLE photo_data (
    document INTEGER NOT NULL,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL,         -- the document's id
    person   BLOB NOT NULL,         -- whose chunk it is
    entry    BLOB NOT NULL,         -- the entry's id
    place    INTEGER NOT NULL,      -- from 0, below count
    count    INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    PRIMARY KEY (document, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX photo_data_of_id ON photo_data (space, id, place);

-- Payloads are asked for in this order: what people said first, then the chunks of the newest photo.
DROP INDEX entry_wanted;
CREATE INDEX entry_wanted ON entry (space, kind = 3, -time, id) WHERE held = 0 AND gone = 0;
