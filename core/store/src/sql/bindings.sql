-- The sealed binding of each author of a space, from the first entry in line.
SELECT author.num, author.id, introduction.binding
FROM author
JOIN entry ON entry.author = author.num AND entry.seq = 1 AND entry.in_line = 1
JOIN introduction ON introduction.entry = entry.num
WHERE author.space = ?1 AND entry.kind <> 5;
