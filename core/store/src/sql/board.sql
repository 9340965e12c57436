-- The board of a large event: who is placed there is asked from the place, for what is to be settled.

CREATE INDEX session_of_placement ON session (placement);
