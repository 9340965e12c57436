-- What was found, among what matches all that is set. In which order is said where this is read.
SELECT words.noun, space.id AS space, words.id, words.title,
       snippet(search, 1, :from, :to, '…', :tokens) AS snippet
FROM search
JOIN words ON words.num = search.rowid
JOIN space ON space.num = words.space
WHERE search MATCH :match AND search.rowid > :past AND words.hidden = 0
  AND (:noun IS NULL OR words.noun = :noun)
  AND (:event IS NULL OR words.of_event = :event
       OR words.space = (SELECT num FROM space WHERE id = :event))
  AND (:session IS NULL OR words.of_session = :session OR words.id = :session)
  AND (:person IS NULL OR words.of_person = :person)
  -- What those say whom I muted, and who those are whom I blocked.
  AND NOT (words.noun IN (2, 8) AND EXISTS (
      SELECT 1 FROM muted
      WHERE muted.person = words.of_person AND muted.blocked >= (words.noun = 2)))
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = words.id)
  AND (:titled IS NULL OR search.rowid IN (
      SELECT rowid FROM search WHERE search MATCH :titled AND rowid > :past))
