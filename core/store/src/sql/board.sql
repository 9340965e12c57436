-- The board of a large event: who is placed there is asked from the place, for what is to be settled.

CREATE INDEX session_of_placement ON session (placement);

-- What runs is asked for by the time at which it ends.
CREATE INDEX placement_by_end ON placement (space, until, start);
