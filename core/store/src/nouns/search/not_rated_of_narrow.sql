-- The last hit that is not rated any more, among those that match all that is set.
SELECT search.rowid
FROM search JOIN words ON words.num = search.rowid
WHERE search MATCH ?1 AND words.hidden = 0
  AND (?3 IS NULL OR words.noun = ?3)
  AND (?4 IS NULL OR words.of_event = ?4
       OR words.space = (SELECT num FROM space WHERE id = ?4))
  AND (?5 IS NULL OR words.of_session = ?5 OR words.id = ?5)
  AND (?6 IS NULL OR words.of_person = ?6)
ORDER BY search.rowid DESC LIMIT 1 OFFSET ?2;
