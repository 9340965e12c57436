-- The entry that another one names as its predecessor, if it is the same author's at the number before.
SELECT entry.in_line, entry.chain_bytes
FROM entry
JOIN author ON author.num = entry.author
WHERE entry.id = ?1 AND entry.space = ?2 AND author.id = ?3 AND entry.seq = ?4;
