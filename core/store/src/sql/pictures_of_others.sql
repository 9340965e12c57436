-- Pictures of others that are here (chunks are of kind 3): the document of each, its bytes, and whether
-- the devices that took it were met in finished exchanges since its chunks were known.
SELECT document.num, document.space, sum(entry.payload_len), min(EXISTS (
    SELECT 1 FROM whereabouts
    WHERE whereabouts.space = entry.space AND peer = author.id AND upto >= entry.num
))
FROM entry
JOIN author ON author.num = entry.author
JOIN document ON document.num = entry.document
WHERE entry.kind = 3 AND entry.held = 1 AND entry.in_line = 1
  AND document.noun = ?1 AND author.person IS NOT ?2
GROUP BY document.num
ORDER BY document.num;
