-- Of the posts that match all that is set, the last ones before a place.
SELECT * FROM wall
WHERE space = :space AND hidden = 0 AND (said, id) < (:said, :id)
  AND (:session IS NULL OR session = :session)
  AND (:topic IS NULL OR topic = :topic)
  AND (:person IS NULL OR person = :person)
  AND (:mentioning IS NULL
       OR document IN (SELECT document FROM mention WHERE person = :mentioning))
ORDER BY said DESC, id DESC
LIMIT :limit;
