-- A post and what answers it, however far down. UNION ends a circle.
WITH RECURSIVE thread (id) AS (
    SELECT :root
    UNION
    SELECT post.id FROM post JOIN thread ON post.reply_to = thread.id
    LIMIT :limit
)
SELECT wall.* FROM thread JOIN wall ON wall.id = thread.id
WHERE hidden = 0
ORDER BY said, wall.id;
