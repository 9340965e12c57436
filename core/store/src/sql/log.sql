-- The log and what is kept about it. Everything in views.sql is made from these tables.

CREATE TABLE space (
    num         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    role        INTEGER NOT NULL,   -- see space.rs: self, card, contact's card, event, code, carried
    key         BLOB,               -- NULL where this device carries without reading
    carry       BLOB NOT NULL,      -- names the space blindly on a link
    founder     BLOB,               -- an event's founder, as an author
    owner       BLOB,               -- whose card space it is, as a person
    fingerprint BLOB NOT NULL,      -- LtHash state of all entries
    statements  INTEGER NOT NULL DEFAULT 0  -- how many there are: most spaces have none
) STRICT;

CREATE TABLE author (
    num       INTEGER PRIMARY KEY,
    space     INTEGER NOT NULL REFERENCES space (num),
    id        BLOB NOT NULL,
    person    BLOB,                 -- by the binding, where it opens and holds
    organiser INTEGER NOT NULL DEFAULT 0,
    cut       INTEGER,              -- only entries up to this seq count; NULL: all
    UNIQUE (space, id)
) STRICT;

-- The authors that this device is. A retired one never signs again.
CREATE TABLE own_author (
    author  INTEGER PRIMARY KEY REFERENCES author (num),
    seed    BLOB NOT NULL,
    retired INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE document (
    num    INTEGER PRIMARY KEY,
    space  INTEGER NOT NULL REFERENCES space (num),
    id     BLOB NOT NULL,
    noun   INTEGER,                 -- NULL until an entry that counts says so
    maker  INTEGER REFERENCES author (num),
    clean  INTEGER NOT NULL DEFAULT 0,  -- every entry in line counts: further ones may extend it
    stale  INTEGER NOT NULL DEFAULT 0,  -- its view is behind: rewritten on idle
    hidden INTEGER NOT NULL DEFAULT 0,
    policy INTEGER NOT NULL DEFAULT 0,  -- the strictest that was said: 0 open … 2 off the record
    UNIQUE (space, id)
) STRICT;

-- Numbers rise with arrival and are never used twice: the table whereabouts counts on it.
CREATE TABLE entry (
    num          INTEGER PRIMARY KEY AUTOINCREMENT,
    space        INTEGER NOT NULL REFERENCES space (num),
    id           BLOB NOT NULL UNIQUE,
    kind         INTEGER NOT NULL,
    document     INTEGER REFERENCES document (num),  -- NULL for statements and letters
    author       INTEGER NOT NULL REFERENCES author (num),
    seq          INTEGER NOT NULL,
    prev         BLOB NOT NULL,
    time         INTEGER NOT NULL,
    payload_len  INTEGER NOT NULL,
    payload_hash BLOB NOT NULL,
    signature    BLOB NOT NULL,
    chain_bytes  INTEGER NOT NULL,  -- payload bytes of this and all earlier entries of the author
    in_line      INTEGER NOT NULL,  -- 0: lost a fork, kept as proof
    verdict      INTEGER NOT NULL,  -- see row.rs: waits, counts, refused
    gone         INTEGER NOT NULL DEFAULT 0, -- payload erased, withdrawn or superseded
    held         INTEGER NOT NULL   -- 1: the payload is here. It was let go of and is not wanted: 2: until it
                                    -- is asked for; to make room, 3: until there is some, 4: its author's
) STRICT;

-- One entry in line and one lost to a fork. Whole, not two partial ones, which serve no query for both.
CREATE UNIQUE INDEX entry_place ON entry (author, seq, in_line);
CREATE INDEX entry_document ON entry (document);
CREATE INDEX entry_wanted ON entry (space, id) WHERE held = 0 AND gone = 0;
CREATE INDEX entry_statement ON entry (space) WHERE kind = 4;
CREATE INDEX entry_letter ON entry (space, id) WHERE kind = 5;

CREATE TABLE payload (
    entry INTEGER PRIMARY KEY REFERENCES entry (num) ON DELETE CASCADE,
    bytes BLOB NOT NULL
) STRICT;

-- What an author's first entry brings along. The admission is kept where it cannot be made here.
CREATE TABLE introduction (
    entry     INTEGER PRIMARY KEY REFERENCES entry (num) ON DELETE CASCADE,
    binding   BLOB NOT NULL,
    admission BLOB
) STRICT;

-- Entries whose `prev` has not come. Not known to anybody yet; bounded by ingest.rs.
CREATE TABLE pending (
    id     BLOB PRIMARY KEY,
    space  INTEGER NOT NULL REFERENCES space (num),
    prev   BLOB NOT NULL,
    parcel BLOB NOT NULL            -- a sealed batch of one
) STRICT, WITHOUT ROWID;

CREATE INDEX pending_prev ON pending (prev);

-- Words of one's own whose branch lost a fork, until they are written again: see lost.rs.
CREATE TABLE lost (
    num      INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL REFERENCES space (num),
    document BLOB NOT NULL,
    author   BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    entry    BLOB NOT NULL UNIQUE,
    time     INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    content  BLOB NOT NULL          -- opened; gone with the row
) STRICT;

-- What the statements that count say about documents and entries.
CREATE TABLE said (
    space  INTEGER NOT NULL REFERENCES space (num),
    target BLOB NOT NULL,           -- a document's or an entry's id
    word   INTEGER NOT NULL,        -- see standing.rs: erase, withdraw, hide, policy
    author INTEGER NOT NULL REFERENCES author (num),
    detail INTEGER NOT NULL DEFAULT 0  -- of a policy: how strict
) STRICT;

CREATE INDEX said_target ON said (space, target);

-- Automerge documents as a cache: the changes up to an entry, saved by one version of the guard.
CREATE TABLE snapshot (
    document INTEGER PRIMARY KEY REFERENCES document (num),
    guard    INTEGER NOT NULL,
    upto     INTEGER NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;

-- A device that showed itself in a finished exchange holds all entries of the space up to a number.
CREATE TABLE whereabouts (
    space INTEGER NOT NULL REFERENCES space (num),
    peer  BLOB NOT NULL,            -- the device's author there; empty for those who did not show
    hub   INTEGER NOT NULL,
    upto  INTEGER NOT NULL,
    PRIMARY KEY (space, peer)
) STRICT, WITHOUT ROWID;

-- Secrets and settings of this device, by name.
CREATE TABLE keepsake (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Secret halves of letter keys: the person's, and one for each showing of the code.
CREATE TABLE letter_key (
    secret BLOB PRIMARY KEY,
    public BLOB NOT NULL UNIQUE,
    made   INTEGER NOT NULL,
    until  INTEGER                  -- NULL: for good
) STRICT, WITHOUT ROWID;
