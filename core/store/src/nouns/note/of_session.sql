-- Notes of a session, and of an event and with a tag, where these are asked for.
SELECT id, updated, event, session, tags, title
FROM written
WHERE session = :session
  AND (updated < :updated OR (updated = :updated AND id > :id))
  AND (:event IS NULL OR event = :event)
  AND (:tag IS NULL OR document IN (SELECT document FROM tag WHERE tag = :tag))
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = written.id)
ORDER BY updated DESC, id
LIMIT :limit;
