-- What of an event's board runs at a moment, by an index that SQLite would not choose.
SELECT pitched.*, at.room, at.start, at.minutes,
       pitched.id IN (SELECT session FROM starred) AS starred
FROM space
CROSS JOIN placement AS at INDEXED BY placement_by_end
  ON at.space = space.num AND at.until > :now AND at.start <= :now
CROSS JOIN session INDEXED BY session_of_placement ON session.placement = at.id
CROSS JOIN pitched ON pitched.document = session.document
WHERE space.id = :space AND session.hidden = 0
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = session.id)
ORDER BY at.start, at.room, pitched.sort, pitched.id, at.minutes;
