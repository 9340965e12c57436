-- Entries whose payload is neither here nor gone.
SELECT id
FROM entry
WHERE space = ?1 AND held = 0 AND gone = 0 AND payload_len > 0 AND id > ?2
ORDER BY id
LIMIT ?3;
