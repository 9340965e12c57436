-- Puts in a document by one person's devices other than this one, that nothing superseded.
SELECT entry.id
FROM entry
JOIN author ON author.num = entry.author
WHERE entry.document = ?1 AND entry.kind = 2 AND entry.in_line = 1 AND entry.gone = 0
  AND entry.verdict = 1 AND author.person = ?2 AND author.id <> ?3;
