-- Documents of a space that one person's devices made and of which an entry stands.
SELECT document.noun, document.id
FROM document
JOIN author AS maker ON maker.num = document.maker
WHERE document.space = ?1 AND maker.person = ?2 AND document.noun IS NOT NULL
  AND EXISTS (
    SELECT 1 FROM entry
    JOIN author ON author.num = entry.author
    WHERE entry.document = document.num AND entry.in_line = 1 AND entry.gone = 0
      AND author.person = ?2
  )
ORDER BY document.num;
