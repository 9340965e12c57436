INSERT OR IGNORE INTO lost (space, document, author, seq, entry, time, kind, content)
SELECT ?1, ?2, author.id, ?4, ?5, ?6, ?7, ?8 FROM author WHERE author.num = ?3;
