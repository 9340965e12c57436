-- Pairs of sessions in one room whose times overlap, the earlier one first.
SELECT one.id, one.room, one.start, one.minutes,
       other.id AS other, other.start AS other_start, other.minutes AS other_minutes
FROM board AS one
JOIN placement AS theirs
  ON theirs.room = one.room AND theirs.start < one.until AND one.start < theirs.until
JOIN board AS other ON other.placement = theirs.id AND other.start = theirs.start
  AND other.room = theirs.room AND other.minutes = theirs.minutes
WHERE one.space = ?1 AND other.space = ?1 AND one.hidden = 0 AND other.hidden = 0
  AND (one.start, one.id) < (other.start, other.id) AND one.id <> other.id
ORDER BY one.start, one.room, one.id, other.start, other.id;
