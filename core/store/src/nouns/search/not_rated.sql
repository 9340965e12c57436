-- The last hit that is not rated any more. The index alone answers.
SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT 1 OFFSET ?2;
