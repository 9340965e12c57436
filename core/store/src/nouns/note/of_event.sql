-- Notes of an event that have a tag, where one is asked for.
SELECT id, updated, event, session, tags, title
FROM written
WHERE event = :event
  AND (updated < :updated OR (updated = :updated AND id > :id))
  AND (:tag IS NULL OR document IN (SELECT document FROM tag WHERE tag = :tag))
  AND :session IS NULL
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = written.id)
ORDER BY updated DESC, id
LIMIT :limit;
