-- Forgets what was decided and shown. The views' rows go as their documents are evaluated again.
UPDATE author SET organiser = 0, cut = NULL;
UPDATE entry SET verdict = 0;
UPDATE document SET clean = 0, stale = 0, hidden = 0, policy = 0;
DELETE FROM said;
DELETE FROM snapshot;
