-- Documents of several (sessions and pads) in which this person wrote, and what they wrote last is
-- not put aside yet.
SELECT document.num, document.id, document.noun, max(entry.num)
FROM entry
JOIN author ON author.num = entry.author
JOIN document ON document.num = entry.document
WHERE document.space = ?1 AND document.noun IN (?3, ?4) AND author.person = ?2
  AND entry.in_line = 1 AND entry.gone = 0 AND entry.held = 1
  AND EXISTS (
    SELECT 1 FROM entry AS other JOIN author AS hand ON hand.num = other.author
    WHERE other.document = document.num AND other.in_line = 1 AND other.gone = 0
      AND hand.person IS NOT ?2
  )
GROUP BY document.num
HAVING max(entry.num) > coalesce((SELECT upto FROM put_aside WHERE put_aside.document = document.id), 0)
ORDER BY document.num
LIMIT ?5;
