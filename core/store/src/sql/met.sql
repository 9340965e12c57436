-- A peer knows everything of the space that is here by now.
INSERT INTO whereabouts (space, peer, hub, upto)
SELECT ?1, ?2, ?3, coalesce(max(num), 0) FROM entry WHERE space = ?1
ON CONFLICT (space, peer) DO UPDATE SET hub = excluded.hub, upto = excluded.upto;
