-- Who holds an entry.
SELECT count(*) FILTER (WHERE peer <> x''), count(*) FILTER (WHERE peer <> x'' AND hub = 1),
       count(*) FILTER (WHERE peer = x'') > 0
FROM whereabouts
WHERE space = ?1 AND upto >= (SELECT num FROM entry WHERE space = ?1 AND id = ?2);
