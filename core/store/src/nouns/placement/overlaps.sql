-- Pairs of sessions in one room whose times overlap, the earlier one first. Each place
-- meets only those beside it: so the order of tables, and an index that SQLite would not choose.
SELECT one.id, here.room, here.start, here.minutes,
       other.id AS other, theirs.start AS other_start, theirs.minutes AS other_minutes
FROM space
CROSS JOIN placement AS here ON here.space = space.num
CROSS JOIN placement AS theirs ON theirs.space = here.space AND theirs.room = here.room
  AND theirs.start >= here.start AND theirs.start < here.until
CROSS JOIN session AS one INDEXED BY session_of_placement
  ON one.placement = here.id AND one.space = space.num
CROSS JOIN session AS other INDEXED BY session_of_placement
  ON other.placement = theirs.id AND other.space = space.num
WHERE space.id = ?1 AND one.hidden = 0 AND other.hidden = 0
  AND (here.start, one.id) < (theirs.start, other.id) AND one.id <> other.id
ORDER BY here.start, here.room, one.id, theirs.start, other.id;
