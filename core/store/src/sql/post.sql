-- Short texts on the wall of an event.
CREATE TABLE post (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,         -- who said it
    said     INTEGER NOT NULL,      -- when, in ms since 1970: its author's word
    changed  INTEGER NOT NULL,      -- when it was last put, likewise
    session  BLOB,
    topic    TEXT,                  -- folded
    about    BLOB,                  -- a person
    reply_to BLOB,
    value    BLOB NOT NULL          -- the model's post on the wire
) STRICT;

CREATE INDEX post_by_time ON post (space, hidden, said, id);
CREATE INDEX post_of_session ON post (session, said, id) WHERE session IS NOT NULL;
CREATE INDEX post_of_thread ON post (reply_to, said, id) WHERE reply_to IS NOT NULL;
CREATE INDEX post_of_person ON post (person, said, id);

CREATE TABLE mention (              -- who is named in a post
    document INTEGER NOT NULL,
    person   BLOB NOT NULL,
    PRIMARY KEY (document, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX mention_of_person ON mention (person, document);

CREATE VIEW wall AS
SELECT post.document, space.id AS space, post.id, hidden, person, said, changed, session, topic,
       about, reply_to, value
FROM post JOIN space ON space.num = post.space;
