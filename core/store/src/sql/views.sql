-- What screens read: rows made from documents by nouns::project, and made again at any time.
--
-- `document`, `num` and `space` are the nums of log.sql. The rows of a document depend on that
-- document alone. What is shown together (a session and its place) is joined when it is asked for.

CREATE TABLE profile_draft (        -- the working copy of my profile
    document INTEGER PRIMARY KEY,
    value    TEXT NOT NULL          -- the model's profile as JSON
) STRICT;

CREATE TABLE profile (              -- what others published of themselves
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,      -- an event, or a card space
    id       BLOB NOT NULL,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,
    sort     TEXT NOT NULL,         -- the name, folded: see view.rs
    card     BLOB NOT NULL          -- the model's card on the wire
) STRICT;

CREATE INDEX profile_by_name ON profile (space, hidden, sort, id);
CREATE INDEX profile_of_person ON profile (person);

CREATE TABLE contact (
    document INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    person   BLOB NOT NULL,
    sort     TEXT NOT NULL,         -- the name, folded
    value    TEXT NOT NULL          -- the model's contact as JSON
) STRICT;

CREATE INDEX contact_by_name ON contact (sort, id);
CREATE INDEX contact_of_person ON contact (person);

CREATE TABLE note (                 -- its title and text are in `words`
    document INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    updated  INTEGER NOT NULL,      -- time of the last change, in ms
    event    BLOB,
    session  BLOB,
    tags     TEXT NOT NULL          -- as typed, a JSON array
) STRICT;

CREATE INDEX note_by_update ON note (updated DESC, id);
CREATE INDEX note_of_event ON note (event, updated DESC, id) WHERE event IS NOT NULL;
CREATE INDEX note_of_session ON note (session, updated DESC, id) WHERE session IS NOT NULL;

CREATE TABLE event (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL,
    first    INTEGER NOT NULL,      -- its first day, in days since 1970
    value    TEXT NOT NULL          -- the model's event as JSON
) STRICT;

CREATE INDEX event_of_space ON event (space);

CREATE TABLE session (
    document  INTEGER PRIMARY KEY,
    space     INTEGER NOT NULL,
    id        BLOB NOT NULL UNIQUE,
    hidden    INTEGER NOT NULL,
    person    BLOB,                 -- who pitched it
    sort      TEXT NOT NULL,        -- the title, folded
    guid      TEXT,                 -- what it is called in the schedule that it came from
    source    TEXT,
    placement BLOB,                 -- the id of the document that places it
    value     TEXT NOT NULL         -- the model's session as JSON
) STRICT;

CREATE INDEX session_by_title ON session (space, hidden, sort, id);
CREATE INDEX session_of_person ON session (person) WHERE person IS NOT NULL;
CREATE INDEX session_by_guid ON session (space, guid) WHERE guid IS NOT NULL;
CREATE INDEX session_by_source ON session (space, source) WHERE source IS NOT NULL;

CREATE TABLE placement (            -- one row for each claim that stands: several in a conflict
    document INTEGER NOT NULL,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL,
    room     TEXT NOT NULL,
    start    INTEGER NOT NULL,      -- ms since 1970
    minutes  INTEGER NOT NULL,
    until    INTEGER NOT NULL,      -- when it ends, in ms since 1970
    PRIMARY KEY (document, room, start, minutes)
) STRICT, WITHOUT ROWID;

CREATE INDEX placement_of_id ON placement (id);
CREATE INDEX placement_by_room ON placement (space, room, start);

CREATE TABLE tag (                  -- of profiles, notes and sessions
    document INTEGER NOT NULL,
    tag      TEXT NOT NULL,         -- folded
    PRIMARY KEY (document, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX tag_by_name ON tag (tag, document);

CREATE TABLE words (                -- what can be searched: one row for each document with words
    num    INTEGER PRIMARY KEY,
    noun   INTEGER NOT NULL,
    space  INTEGER NOT NULL,
    id     BLOB NOT NULL,
    hidden INTEGER NOT NULL,
    title  TEXT NOT NULL,
    body   TEXT NOT NULL
) STRICT;

-- No prefix index: measured over 100,000 texts it doubles the cost of writing and speeds up nothing.
CREATE VIRTUAL TABLE search USING fts5 (
    title, body,
    content = 'words', content_rowid = 'num',
    tokenize = "unicode61 remove_diacritics 2"
);

-- What is erased must not stay behind in the index.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- A word in a title weighs as much as ten in a text.
INSERT INTO search (search, rank) VALUES ('rank', 'bm25(10.0, 1.0)');

CREATE TRIGGER words_inserted AFTER INSERT ON words BEGIN
    INSERT INTO search (rowid, title, body) VALUES (new.num, new.title, new.body);
END;

CREATE TRIGGER words_deleted AFTER DELETE ON words BEGIN
    INSERT INTO search (search, rowid, title, body)
    VALUES ('delete', old.num, old.title, old.body);
END;

CREATE TRIGGER words_updated AFTER UPDATE ON words
WHEN old.title IS NOT new.title OR old.body IS NOT new.body BEGIN
    INSERT INTO search (search, rowid, title, body)
    VALUES ('delete', old.num, old.title, old.body);
    INSERT INTO search (rowid, title, body) VALUES (new.num, new.title, new.body);
END;

-- What lists read, with the id of the space instead of its number.

CREATE VIEW published AS
SELECT profile.document, space.id AS space, profile.id, hidden, person, sort, card
FROM profile JOIN space ON space.num = profile.space;

CREATE VIEW camp AS
SELECT space.id AS space, event.id, first, value
FROM event JOIN space ON space.num = event.space;

CREATE VIEW pitched AS
SELECT session.document, space.id AS space, session.id, session.hidden, person, sort, guid, source,
       placement, coalesce(document.policy, 0) AS policy, value
FROM session
JOIN space ON space.num = session.space
LEFT JOIN document ON document.num = session.document;

CREATE VIEW written AS
SELECT note.document, note.id, updated, event, session, tags, words.title, words.body
FROM note JOIN words ON words.num = note.document;

-- A session together with one of the claims where it is held; without any it has one row too.
CREATE VIEW board AS
SELECT pitched.*, placement.room, placement.start, placement.minutes, placement.until
FROM pitched LEFT JOIN placement ON placement.id = pitched.placement;
