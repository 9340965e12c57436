-- What is said about a document (entry NULL) or about entries of it, and by whom.
SELECT said.word, author.num, author.person, said.detail, NULL AS entry
FROM said JOIN author ON author.num = said.author
WHERE said.space = ?1 AND said.target = ?3
UNION ALL
SELECT said.word, author.num, author.person, said.detail, entry.num
FROM entry
JOIN said ON said.space = ?1 AND said.target = entry.id
JOIN author ON author.num = said.author
WHERE entry.document = ?2;
