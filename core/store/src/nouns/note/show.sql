-- A note's row. Changes themselves bear no time; that of their entries is in the log.
INSERT OR REPLACE INTO note (document, id, updated, event, session, tags)
SELECT ?1, ?2, coalesce(max(time), 0), ?3, ?4, ?5
FROM entry
WHERE document = ?1 AND in_line = 1 AND verdict = 1;
