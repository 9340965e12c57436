-- A post and what answers it, however far down. UNION ends a circle.
WITH RECURSIVE thread (id) AS (
    SELECT :root
    UNION
    SELECT post.id FROM post JOIN thread ON post.reply_to = thread.id
    LIMIT :limit
)
SELECT wall.* FROM thread JOIN wall ON wall.id = thread.id
WHERE hidden = 0
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = wall.id)
  AND (thread.id = :root OR NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = wall.person))
ORDER BY said, wall.id;
