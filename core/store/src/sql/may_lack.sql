-- Entries of a space that came after the last finished exchange with a device of a person; all without
-- such a device, or without a person.
SELECT id FROM entry
WHERE space = ?1 AND num > coalesce((
    SELECT max(whereabouts.upto)
    FROM whereabouts
    JOIN author ON author.space = whereabouts.space AND author.id = whereabouts.peer
    WHERE whereabouts.space = ?1 AND author.person = ?2
), 0);
