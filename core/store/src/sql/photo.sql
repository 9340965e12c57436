-- What people say of photos: the pictures themselves lie in chunks, see photo_data.sql.
CREATE TABLE photo (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,         -- whose it is
    time     INTEGER NOT NULL,      -- of the last word about it, in ms since 1970
    session  BLOB NOT NULL,         -- the id of the session that it is of
    data     BLOB NOT NULL,         -- the id of the document of its chunks
    value    BLOB NOT NULL          -- the model's photo on the wire
) STRICT;

CREATE INDEX photo_of_session ON photo (space, session, hidden, time, id);
CREATE INDEX photo_of_data ON photo (space, data);

CREATE VIEW pictured AS
SELECT space.id AS space, photo.id, hidden, person, time, session, data, value
FROM photo JOIN space ON space.num = photo.space;
