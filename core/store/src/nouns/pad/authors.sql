-- Who wrote in a pad, and when first and last, as they say.
SELECT author.person, min(entry.time) AS first, max(entry.time) AS last
FROM pad
JOIN entry ON entry.document = pad.document
JOIN author ON author.num = entry.author
WHERE pad.id = ?1 AND entry.in_line = 1 AND entry.verdict = 1 AND author.person IS NOT NULL
GROUP BY author.person
ORDER BY first, author.person;
