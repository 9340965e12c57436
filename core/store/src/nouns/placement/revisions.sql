-- How often each session of an event was put somewhere, and when it or its place was last changed. Entries
-- that were erased since count as well, so that neither ever becomes less.
SELECT session.id AS id,
       (SELECT count(*) FROM entry WHERE entry.document = place.num AND entry.in_line = 1) AS placed,
       (SELECT max(entry.time) FROM entry
        WHERE entry.document IN (session.document, place.num) AND entry.in_line = 1) AS changed
FROM session
JOIN space ON space.num = session.space
LEFT JOIN document AS place ON place.space = session.space AND place.id = session.placement
WHERE space.id = ?1;
