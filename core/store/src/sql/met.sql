-- A peer knows everything of the space that is here by now, and may lack payloads of some of it.
INSERT INTO whereabouts (space, peer, hub, upto, words, chunks, of_mine)
SELECT ?1, ?2, ?3, coalesce(max(num), 0), ?4, ?5, ?6 FROM entry WHERE space = ?1
ON CONFLICT (space, peer) DO UPDATE
SET hub = excluded.hub, upto = excluded.upto,
    words = excluded.words, chunks = excluded.chunks, of_mine = excluded.of_mine;
