-- Payloads that are held for others, wanted, or were let go of to make room; those to be kept longest first:
-- of events that this person (?1) is in before what is only carried, statements before words and these before
-- chunks, the newest first, and what is from a time that has not come (?2) last. Not among them: what this
-- person's devices wrote or asked for, the event itself (?3 is its noun), and letters where one may be for them.
SELECT entry.num, entry.held, entry.payload_len, space.role = 6 AND entry.kind <> 4, entry.time,
       entry.author IN kept_out,
       -- What stays unless its author is kept out.
       space.role = 4 AND (entry.kind = 4 OR coalesce(entry.document, 0) IN (
           SELECT mine.document FROM entry AS mine JOIN author ON author.num = mine.author
           WHERE author.person = ?1 AND mine.document IS NOT NULL AND mine.in_line = 1)),
       iif(space.role = 4, entry.document, NULL), iif(entry.kind = 4, entry.space, NULL)
FROM entry
JOIN space ON space.num = entry.space
JOIN author ON author.num = entry.author
WHERE entry.in_line = 1 AND entry.gone = 0 AND entry.held <> 2 AND entry.payload_len > 0
  AND (space.role = 6
       OR space.role = 4 AND entry.kind <> 5 AND author.person IS NOT ?1
          AND coalesce(entry.document, 0) NOT IN asked
          AND NOT EXISTS (SELECT 1 FROM document WHERE num = entry.document AND noun = ?3))
ORDER BY space.role = 6, entry.kind <> 4, entry.kind = 3, entry.time > ?2, -entry.time, entry.id;
