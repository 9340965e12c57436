-- Who shows a star for a session, with their card there. Of several lists or cards of one person that
-- with the lowest id counts.
SELECT stars.person, profile.card
FROM space
JOIN star ON star.starred = ?2
JOIN stars ON stars.document = star.document AND stars.space = space.num AND stars.hidden = 0
LEFT JOIN profile ON profile.document = (
    SELECT document FROM profile AS theirs
    WHERE theirs.person = stars.person AND theirs.space = stars.space AND theirs.hidden = 0
    ORDER BY theirs.id LIMIT 1
)
WHERE space.id = ?1
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = stars.id)
  AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = stars.person AND blocked = 1)
  AND NOT EXISTS (
    SELECT 1 FROM stars AS other
    WHERE other.space = stars.space AND other.person = stars.person
      AND other.hidden = 0 AND other.id < stars.id
  )
ORDER BY profile.sort IS NULL, profile.sort, stars.person;
