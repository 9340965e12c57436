-- Letters; then events, sessions, placements and statements (nouns 5 to 7); then posts (8); then the rest,
-- without chunks of attachments and without what is gone. The newest of each first.
SELECT entry.kind = 5, entry.author, entry.seq
FROM entry
LEFT JOIN document ON document.num = entry.document
WHERE entry.space = ?1 AND entry.in_line = 1 AND entry.gone = 0 AND entry.kind <> 3
ORDER BY CASE
    WHEN entry.kind = 5 THEN 0
    WHEN entry.kind = 4 OR document.noun IN (5, 6, 7) THEN 1
    WHEN document.noun = 8 THEN 2
    ELSE 3
END, entry.time DESC, entry.seq DESC, entry.id
LIMIT ?2;
