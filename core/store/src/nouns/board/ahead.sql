-- What of an event's board is not over: what runs, what begins next in each room, and what of the rest is
-- mine. Each is asked for by itself, so that neither what is over nor what is far off is read; by indexes
-- that SQLite would not choose.
WITH RECURSIVE
here AS MATERIALIZED (SELECT num FROM space WHERE id = :space),
shown AS NOT MATERIALIZED (
    SELECT document, placement FROM session
    WHERE hidden = 0 AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = session.id)
),
-- The rooms, each found beyond the one before without reading what is in them.
hall (space, room) AS (
    SELECT num, (SELECT min(room) FROM placement WHERE space = num) FROM here
    UNION ALL
    SELECT space, (SELECT min(room) FROM placement WHERE space = hall.space AND room > hall.room)
    FROM hall WHERE room IS NOT NULL
),
next AS MATERIALIZED (
    SELECT space, room, (
        SELECT start FROM placement AS at INDEXED BY placement_by_room
        CROSS JOIN shown ON shown.placement = at.id
        WHERE at.space = hall.space AND at.room = hall.room AND start > :now
        ORDER BY start LIMIT 1
    ) AS start
    FROM hall
),
ahead AS (
    SELECT at.*
    FROM here CROSS JOIN placement AS at INDEXED BY placement_by_end
      ON at.space = here.num AND until > :now AND start <= :now
    UNION
    SELECT at.* FROM next CROSS JOIN placement AS at INDEXED BY placement_by_room
      USING (space, room, start)
    UNION
    SELECT at.*
    FROM here CROSS JOIN session
    CROSS JOIN placement AS at INDEXED BY placement_of_id
      ON at.id = session.placement AND at.space = here.num AND until > :now
    WHERE person = :me OR session.id IN (SELECT session FROM starred)
)
SELECT pitched.*, room, start, minutes, pitched.id IN (SELECT session FROM starred) AS starred
FROM ahead
CROSS JOIN shown ON shown.placement = ahead.id
CROSS JOIN pitched ON pitched.document = shown.document
ORDER BY start, room, sort, pitched.id, minutes;
