-- Sessions of an event with the claims that place them, and whether I starred them.
SELECT board.*, board.id IN (SELECT session FROM starred) AS starred
FROM board
WHERE space = :space AND hidden = 0
  AND (:room IS NULL OR room = :room)
  AND (:from IS NULL OR start >= :from)
  AND (:until IS NULL OR start < :until)
  AND (:tag IS NULL OR document IN (SELECT document FROM tag WHERE tag = :tag))
  AND (:level IS NULL OR value ->> '$.level' = :level)
  AND (NOT :starred OR board.id IN (SELECT session FROM starred))
  AND (:mine IS NULL OR person = :mine OR board.id IN (SELECT session FROM starred))
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = board.id)
ORDER BY start IS NULL, start, room, sort, board.id, minutes;
