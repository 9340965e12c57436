INSERT INTO entry (space, id, kind, document, author, seq, prev, time, payload_len, payload_hash,
                   signature, chain_bytes, in_line, verdict, gone, held)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16);
