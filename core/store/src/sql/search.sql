-- Search that knows German spellings, and can be narrowed down.
--
-- A column that is indexed needs the index to be made anew; all documents are shown again after this.

DROP TRIGGER words_inserted;
DROP TRIGGER words_deleted;
DROP TRIGGER words_updated;
DROP TABLE search;
DELETE FROM words;

ALTER TABLE words ADD COLUMN also TEXT NOT NULL DEFAULT '';  -- further spellings: see spelling.rs
ALTER TABLE words ADD COLUMN of_person BLOB;                 -- whose it is, or whom it is about
ALTER TABLE words ADD COLUMN of_session BLOB;                -- the session that it belongs to
ALTER TABLE words ADD COLUMN of_event BLOB;                   -- the event, where it is in another space

CREATE VIRTUAL TABLE search USING fts5 (
    title, body, also,
    content = 'words', content_rowid = 'num',
    tokenize = "unicode61 remove_diacritics 2"
);

INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT INTO search (search, rank) VALUES ('rank', 'bm25(10.0, 1.0, 1.0)');

CREATE TRIGGER words_inserted AFTER INSERT ON words BEGIN
    INSERT INTO search (rowid, title, body, also)
    VALUES (new.num, new.title, new.body, new.also);
END;

CREATE TRIGGER words_deleted AFTER DELETE ON words BEGIN
    INSERT INTO search (search, rowid, title, body, also)
    VALUES ('delete', old.num, old.title, old.body, old.also);
END;

CREATE TRIGGER words_updated AFTER UPDATE ON words
WHEN old.title IS NOT new.title OR old.body IS NOT new.body BEGIN
    INSERT INTO search (search, rowid, title, body, also)
    VALUES ('delete', old.num, old.title, old.body, old.also);
    INSERT INTO search (rowid, title, body, also)
    VALUES (new.num, new.title, new.body, new.also);
END;
