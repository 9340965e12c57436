-- What of each space takes room, or would: kept as entries come and go, so that no budget counts anew. In
-- bytes of payloads.
CREATE TABLE weight (
    space  INTEGER PRIMARY KEY REFERENCES space (num),
    here   INTEGER NOT NULL DEFAULT 0,  -- that are here
    wanted INTEGER NOT NULL DEFAULT 0,  -- that are not, and not gone: asked for from whoever has them
    let_go INTEGER NOT NULL DEFAULT 0   -- that were let go of to make room: not asked for
) STRICT;

INSERT INTO weight
SELECT space.num,
       coalesce(sum(payload_len) FILTER (WHERE held = 1), 0),
       coalesce(sum(payload_len) FILTER (WHERE held = 0 AND gone = 0), 0),
       0
FROM space LEFT JOIN entry ON entry.space = space.num
GROUP BY space.num;

CREATE TRIGGER weigh_space AFTER INSERT ON space BEGIN
    INSERT INTO weight (space) VALUES (NEW.num);
END;

CREATE TRIGGER weigh_new AFTER INSERT ON entry BEGIN
    UPDATE weight
    SET here = here + (NEW.held = 1) * NEW.payload_len,
        wanted = wanted + (NEW.held = 0 AND NEW.gone = 0) * NEW.payload_len,
        let_go = let_go + (NEW.held > 2 AND NEW.gone = 0) * NEW.payload_len
    WHERE space = NEW.space;
END;

CREATE TRIGGER weigh_old AFTER DELETE ON entry BEGIN
    UPDATE weight
    SET here = here - (OLD.held = 1) * OLD.payload_len,
        wanted = wanted - (OLD.held = 0 AND OLD.gone = 0) * OLD.payload_len,
        let_go = let_go - (OLD.held > 2 AND OLD.gone = 0) * OLD.payload_len
    WHERE space = OLD.space;
END;

CREATE TRIGGER weigh_anew AFTER UPDATE OF held, gone ON entry
WHEN OLD.held <> NEW.held OR OLD.gone <> NEW.gone BEGIN
    UPDATE weight
    SET here = here + ((NEW.held = 1) - (OLD.held = 1)) * NEW.payload_len,
        wanted = wanted
            + ((NEW.held = 0 AND NEW.gone = 0) - (OLD.held = 0 AND OLD.gone = 0)) * NEW.payload_len,
        let_go = let_go
            + ((NEW.held > 2 AND NEW.gone = 0) - (OLD.held > 2 AND OLD.gone = 0)) * NEW.payload_len
    WHERE space = NEW.space;
END;

-- Authors whom nobody here knows and whose payloads are beyond an event's bound.
CREATE TABLE kept_out (
    author INTEGER PRIMARY KEY REFERENCES author (num)
) STRICT;

-- Documents that the person asked for after they were let go of: they stay.
CREATE TABLE asked (
    document INTEGER PRIMARY KEY REFERENCES document (num)
) STRICT;

-- What was let go of, to say from before when something may lack here.
CREATE INDEX entry_let_go ON entry (space, kind = 3, held, time) WHERE held >= 2 AND gone = 0;

-- What a device said that it may not hold, when it was met.
ALTER TABLE whereabouts ADD COLUMN words INTEGER NOT NULL DEFAULT 0;   -- of people's words from before, in ms
ALTER TABLE whereabouts ADD COLUMN chunks INTEGER NOT NULL DEFAULT 0;  -- of pictures from before, in ms
ALTER TABLE whereabouts ADD COLUMN of_mine INTEGER NOT NULL DEFAULT 0; -- 1: of all that was not written here
