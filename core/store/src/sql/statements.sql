-- The statements in line of a space.
SELECT entry.num, entry.id, author.num, author.id, entry.seq, payload.bytes
FROM entry
JOIN author ON author.num = entry.author
LEFT JOIN payload ON payload.entry = entry.num
WHERE entry.space = ?1 AND entry.kind = 4 AND entry.in_line = 1
ORDER BY entry.num;
