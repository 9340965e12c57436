-- Each topic of each person's list. Of several lists of one person that with the lowest id counts.
SELECT topic.folded, interests.person, topic.value
FROM space
JOIN interests ON interests.space = space.num AND interests.hidden = 0
JOIN topic ON topic.document = interests.document
WHERE space.id = ?1
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = interests.id)
  AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = interests.person AND blocked = 1)
  AND NOT EXISTS (
    SELECT 1 FROM interests AS other
    WHERE other.space = interests.space AND other.person = interests.person
      AND other.hidden = 0 AND other.id < interests.id
  )
ORDER BY topic.sort, topic.folded, interests.person;
