-- The time of the latest put that stands in a document.
SELECT max(time) FROM entry
WHERE document = ?1 AND kind = 2 AND in_line = 1 AND gone = 0 AND verdict = 1;
