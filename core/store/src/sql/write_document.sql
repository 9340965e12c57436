UPDATE document
SET noun = ?2, maker = ?3, clean = ?4, stale = 0, hidden = ?5, policy = ?6
WHERE num = ?1;
