-- Sessions that several claims place, a row for each claim.
SELECT id, room, start, minutes
FROM board
WHERE space = ?1 AND hidden = 0
  AND (SELECT count(*) FROM placement AS claim WHERE claim.id = board.placement) > 1
ORDER BY id, room, start, minutes;
