-- Who holds every entry of a document.
SELECT count(*) FILTER (WHERE peer <> x''), count(*) FILTER (WHERE peer <> x'' AND hub = 1),
       count(*) FILTER (WHERE peer = x'') > 0
FROM whereabouts
WHERE space = ?1 AND upto >= (
    SELECT max(entry.num) FROM entry
    JOIN document ON document.num = entry.document
    WHERE document.space = ?1 AND document.id = ?2
);
