-- How much room each author of an event (?1) takes, or would, in the order in which this device first heard of
-- them, and whether this person (?2) knows them: a contact, or an organiser. Without the person's own.
SELECT author.num, sum(entry.payload_len),
       author.person IN (SELECT person FROM contact)
       OR author.person IN (SELECT person FROM author WHERE space = ?1 AND organiser = 1)
FROM entry
JOIN author ON author.num = entry.author
WHERE entry.space = ?1 AND entry.in_line = 1 AND entry.gone = 0 AND entry.held <> 2
  AND entry.kind <> 5 AND author.person IS NOT ?2
GROUP BY author.num
ORDER BY author.num;
