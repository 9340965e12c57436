-- The letter that may leave first: its time has come, its space is offered still, and nothing that this
-- device wrote, no signed letter either, is known there to it alone: that would be news from the same hand.
SELECT waiting.id, waiting.space
FROM waiting_letter AS waiting
JOIN space ON space.id = waiting.space
WHERE waiting.due <= ?1
  AND NOT EXISTS (
      SELECT 1 FROM retention WHERE retention.space = waiting.space AND faded IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = waiting.id)
  AND NOT EXISTS (
      SELECT 1
      FROM own_author
      JOIN author ON author.num = own_author.author
      JOIN entry ON entry.author = author.num
      WHERE author.space = space.num
        AND entry.num > coalesce(
            (SELECT max(upto) FROM whereabouts WHERE whereabouts.space = space.num), 0)
  )
  AND NOT EXISTS (
      SELECT 1
      FROM sent_letter
      JOIN entry ON entry.id = sent_letter.entry
      WHERE sent_letter.space = space.id
        AND entry.num > coalesce(
            (SELECT max(upto) FROM whereabouts WHERE whereabouts.space = space.num), 0)
  )
ORDER BY waiting.due, waiting.id
LIMIT 1;
