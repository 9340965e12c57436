SELECT num, author, seq, entry, time, kind, content
FROM lost
WHERE space = ?1 AND document = ?2;
