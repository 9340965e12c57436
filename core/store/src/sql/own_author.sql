-- This device's author in a space and the last entry of its chain.
SELECT own.seed, coalesce(head.seq, 0), coalesce(head.id, zeroblob(32))
FROM own_author AS own
JOIN author ON author.num = own.author
LEFT JOIN entry AS head ON head.author = own.author AND head.in_line = 1
WHERE author.space = ?1 AND own.retired = 0
ORDER BY own.author DESC, head.seq DESC
LIMIT 1;
