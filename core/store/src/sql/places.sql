-- Who holds every entry of a document and, where it was erased, has heard of that: whoever holds the
-- last statement of an author who said so. Not who may lack a payload of it.
SELECT count(*) FILTER (WHERE peer <> x''), count(*) FILTER (WHERE peer <> x'' AND hub = 1),
       count(*) FILTER (WHERE peer = x'') > 0
FROM whereabouts
WHERE space = ?1 AND upto >= (
    SELECT max(num) FROM (
        SELECT entry.num FROM entry
        JOIN document ON document.num = entry.document
        WHERE document.space = ?1 AND document.id = ?2
        UNION ALL
        SELECT entry.num FROM said
        JOIN entry ON entry.author = said.author AND entry.kind = 4
        WHERE said.space = ?1 AND said.target = ?2 AND said.word = 1
    )
)
AND NOT EXISTS (
    SELECT 1 FROM entry
    JOIN document ON document.num = entry.document
    WHERE document.space = ?1 AND document.id = ?2 AND entry.in_line = 1 AND entry.gone = 0
      AND (entry.time < iif(entry.kind = 3, whereabouts.chunks, whereabouts.words)
           OR whereabouts.of_mine = 1
              AND entry.author NOT IN (SELECT author FROM own_author WHERE retired = 0))
);
