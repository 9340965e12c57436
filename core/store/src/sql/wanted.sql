-- Entries in line whose payload is neither here nor gone.
SELECT entry.id
FROM entry
WHERE entry.space = ?1 AND entry.gone = 0 AND entry.id > ?2 AND entry.payload_len > 0
  AND NOT EXISTS (SELECT 1 FROM payload WHERE payload.entry = entry.num)
ORDER BY entry.id
LIMIT ?3;
