-- Of the posts that match all that is set, the last ones before a place. Whom I muted is left out,
-- unless I ask for what they said.
SELECT * FROM wall
WHERE space = :space AND hidden = 0 AND (said, id) < (:said, :id)
  AND (:session IS NULL OR session = :session)
  AND (:topic IS NULL OR topic = :topic)
  AND (:person IS NULL OR person = :person)
  AND (:mentioning IS NULL
       OR document IN (SELECT document FROM mention WHERE person = :mentioning))
  AND (:person IS NOT NULL
       OR NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = wall.person))
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = wall.id)
ORDER BY said DESC, id DESC
LIMIT :limit;
