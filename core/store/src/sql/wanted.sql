-- Entries whose payload is neither here nor gone: what people said first, then chunks of attachments,
-- the newest first. After the entry with the given place in that order.
SELECT id
FROM entry
WHERE space = ?1 AND held = 0 AND gone = 0 AND payload_len > 0
  AND (kind = 3, -time, id) > (?2, ?3, ?4)
ORDER BY kind = 3, -time, id
LIMIT ?5;
