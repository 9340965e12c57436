-- A pad's row. Changes themselves bear no time; that of their entries is in the log.
INSERT OR REPLACE INTO pad (document, space, id, hidden, updated, text)
SELECT ?1, ?2, ?3, ?4, coalesce(max(time), 0), ?5
FROM entry
WHERE document = ?1 AND in_line = 1 AND verdict = 1;
