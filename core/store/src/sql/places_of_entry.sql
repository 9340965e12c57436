-- Who holds an entry. Not who may lack its payload.
SELECT count(*) FILTER (WHERE peer <> x''), count(*) FILTER (WHERE peer <> x'' AND hub = 1),
       count(*) FILTER (WHERE peer = x'') > 0
FROM whereabouts
JOIN entry ON entry.space = whereabouts.space
WHERE whereabouts.space = ?1 AND entry.id = ?2 AND upto >= entry.num AND entry.time >= words;
