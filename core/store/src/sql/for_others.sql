-- Payloads that are held for others, wanted, or were let go of to make room; those to be kept longest first:
-- of events that this person (?1) is in before what is only carried, words before chunks, the newest first,
-- and what is from a time that has not come (?2) last. Not among them: what this person's devices wrote or
-- asked for, the event itself (?3 is its noun), letters where one may be for them, and statements.
SELECT entry.num, entry.held, entry.payload_len, space.role = 6, entry.time, entry.author IN kept_out,
       iif(space.role = 4, entry.document, NULL),
       space.role = 4 AND entry.document IN (
           SELECT mine.document FROM entry AS mine JOIN author ON author.num = mine.author
           WHERE author.person = ?1 AND mine.document IS NOT NULL AND mine.in_line = 1)
FROM entry
JOIN space ON space.num = entry.space
JOIN author ON author.num = entry.author
WHERE entry.in_line = 1 AND entry.gone = 0 AND entry.held <> 2 AND entry.payload_len > 0
  AND entry.kind <> 4
  AND (space.role = 6
       OR space.role = 4 AND entry.kind <> 5 AND author.person IS NOT ?1
          AND entry.document NOT IN asked
          AND (SELECT noun IS NOT ?3 FROM document WHERE document.num = entry.document))
ORDER BY space.role = 6, entry.kind = 3, entry.time > ?2, -entry.time, entry.id;
