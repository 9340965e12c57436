-- Each author who has entries, and what is decided about them.
SELECT space, id, person, organiser, cut FROM author
WHERE organiser = 1 OR cut IS NOT NULL OR EXISTS (SELECT 1 FROM entry WHERE entry.author = author.num);
