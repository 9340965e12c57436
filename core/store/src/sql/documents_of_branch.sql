-- The documents that an author wrote to in a branch.
SELECT DISTINCT document.num, document.id
FROM entry
JOIN document ON document.num = entry.document
WHERE entry.author = ?1 AND entry.seq >= ?2 AND entry.in_line = 1;
