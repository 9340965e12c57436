-- This device's author in a space and the last entry of its chain. Begins with the few authors that
-- this device is (CROSS JOIN), not with the many of the space; looks at one entry, not at the chain.
SELECT own.seed, coalesce(head.seq, 0), coalesce(head.id, zeroblob(32))
FROM own_author AS own
CROSS JOIN author ON author.num = own.author
LEFT JOIN entry AS head ON head.num = (
    SELECT num FROM entry WHERE author = own.author AND in_line = 1 ORDER BY seq DESC LIMIT 1
)
WHERE author.space = ?1 AND own.retired = 0
ORDER BY own.author DESC
LIMIT 1;
