-- Who asks for a place of an offer.
CREATE TABLE seat_request (
    document INTEGER PRIMARY KEY,
    space    INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    hidden   INTEGER NOT NULL,
    person   BLOB NOT NULL,         -- who asks
    asked    INTEGER NOT NULL,      -- when it was last put, in ms since 1970: its author's word
    offer    BLOB NOT NULL,         -- of which offer
    value    BLOB NOT NULL          -- the model's request on the wire
) STRICT;

CREATE INDEX seat_request_of_offer ON seat_request (offer, asked, id);
CREATE INDEX seat_request_of_person ON seat_request (person, asked, id);

CREATE VIEW requested AS
SELECT space.id AS space, seat_request.id, hidden, person, asked, offer, value
FROM seat_request JOIN space ON space.num = seat_request.space;
