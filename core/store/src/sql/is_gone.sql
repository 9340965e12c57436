-- Whether entries of a document are here, and all of them are gone: erased or withdrawn.
SELECT 1
FROM document
WHERE space = ?1 AND id = ?2
  AND EXISTS (SELECT 1 FROM entry WHERE entry.document = document.num)
  AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.document = document.num AND in_line = 1 AND gone = 0);
