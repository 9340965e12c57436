-- The entries in line of a document that came after a number, with what is known of their authors.
SELECT entry.num, entry.id, entry.kind, entry.seq, entry.prev, entry.time, entry.gone, entry.verdict,
       author.num, author.id, author.person, author.organiser, author.cut,
       entry.held = 1
FROM entry
JOIN author ON author.num = entry.author
WHERE entry.document = ?1 AND entry.num > ?2 AND entry.in_line = 1
ORDER BY entry.num;
