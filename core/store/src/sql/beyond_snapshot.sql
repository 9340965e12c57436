-- How many entries that count a document's snapshot lacks, and the last entry that counts.
SELECT count(*) FILTER (WHERE entry.num > coalesce(snapshot.upto, 0)), max(entry.num)
FROM entry
LEFT JOIN snapshot ON snapshot.document = entry.document
WHERE entry.document = ?1 AND entry.kind = 1 AND entry.in_line = 1 AND entry.verdict = 1;
