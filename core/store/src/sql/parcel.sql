SELECT entry.kind, document.id, author.id, entry.seq, entry.prev, entry.time, entry.payload_len,
       entry.payload_hash, entry.signature, payload.bytes, introduction.binding, introduction.admission
FROM entry
JOIN author ON author.num = entry.author
LEFT JOIN document ON document.num = entry.document
LEFT JOIN payload ON payload.entry = entry.num
LEFT JOIN introduction ON introduction.entry = entry.num
WHERE entry.id = ?1 AND entry.space = ?2;
