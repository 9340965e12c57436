-- What a person published: nouns 2 card, 6 session, 8 post. A session's time is its first entry's, a
-- card's that of the last one that counts.
SELECT noun, space.id AS space, deed.id AS id, at
FROM (
    SELECT 2 AS noun, space, id, (
        SELECT max(time) FROM entry WHERE entry.document = profile.document AND verdict = 1 AND gone = 0
    ) AS at
    FROM profile WHERE person = ?1 AND hidden = 0
    UNION ALL
    SELECT 6, space, id, (
        SELECT min(time) FROM entry WHERE entry.document = session.document AND verdict = 1
    )
    FROM session WHERE person = ?1 AND hidden = 0
    UNION ALL
    SELECT 8, space, id, changed FROM post WHERE person = ?1 AND hidden = 0
) AS deed
JOIN space ON space.num = deed.space
WHERE at >= ?2
ORDER BY at DESC, id;
