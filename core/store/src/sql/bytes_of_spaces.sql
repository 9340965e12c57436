-- How much is held of each space: its entries, the bytes of what people said, and those of pictures
-- (chunks are of kind 3). Beside its payload an entry is four hashes, a signature and some numbers.
SELECT space, count(*),
       coalesce(sum(190 + iif(held = 1, payload_len, 0)) FILTER (WHERE kind <> 3), 0),
       coalesce(sum(190 + iif(held = 1, payload_len, 0)) FILTER (WHERE kind = 3), 0)
FROM entry
GROUP BY space;
