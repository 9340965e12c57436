-- Letters of mine that are kept and not in the log: their spaces have others with more work. Not of a
-- space that has faded, which takes nothing.
SELECT sent.secret, sent.space, sent.parcel, sent.tries
FROM sent_letter AS sent
JOIN space ON space.id = sent.space
WHERE sent.secret IS NOT NULL AND sent.tries < ?1
  AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = sent.entry)
  AND NOT EXISTS (
      SELECT 1 FROM retention WHERE retention.space = sent.space AND retention.faded IS NOT NULL)
ORDER BY sent.tries, sent.author
LIMIT ?2;
