-- The pads from which their sessions have moved on, of which something is still here.
SELECT space.id AS space, pad_of_session.pad, EXISTS (
    SELECT 1 FROM entry JOIN own_author ON own_author.author = entry.author
    WHERE entry.document = document.num AND entry.held = 1
) AS mine
FROM pad_of_session
JOIN session ON session.document = pad_of_session.document
JOIN space ON space.num = session.space
JOIN document ON document.space = session.space AND document.id = pad_of_session.pad
WHERE pad_of_session.present = 0
  AND EXISTS (SELECT 1 FROM entry WHERE entry.document = document.num AND entry.held = 1)
ORDER BY pad_of_session.pad;
