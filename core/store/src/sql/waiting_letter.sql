-- Letters of mine that wait beside the log until they can leave unseen: see waiting.rs. Nothing here
-- can be opened by this device, and a row goes when its letter has left.
CREATE TABLE waiting_letter (
    id      BLOB PRIMARY KEY,       -- its entry
    space   BLOB NOT NULL,          -- the id of its space
    due     INTEGER NOT NULL,       -- when it may leave, in ms since 1970
    counted INTEGER NOT NULL,       -- whether its writer is told how many wait
    parcel  BLOB NOT NULL           -- a sealed batch of one
) STRICT, WITHOUT ROWID;
