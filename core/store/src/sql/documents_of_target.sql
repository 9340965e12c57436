-- The document that a statement is about: named itself, or by one of its entries.
SELECT num FROM document WHERE space = ?1 AND id = ?2
UNION
SELECT document FROM entry WHERE space = ?1 AND id = ?2 AND document IS NOT NULL;
