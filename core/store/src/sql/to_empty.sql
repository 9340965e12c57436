-- Documents of a space that has faded, but one, of which somebody else's payload is not gone yet.
SELECT DISTINCT entry.document
FROM entry
JOIN author ON author.num = entry.author
WHERE entry.space = ?1 AND entry.document IS NOT NULL AND entry.in_line = 1 AND entry.gone = 0
  AND author.person IS NOT ?2
  AND entry.document IS NOT (SELECT num FROM document WHERE space = ?1 AND id = ?3)
LIMIT ?4;
