-- An upsert, so that the index is not touched where only something else has changed.
INSERT INTO words (num, noun, space, id, hidden, title, body, also, of_person, of_session, of_event)
VALUES (:num, :noun, :space, :id, :hidden, :title, :body, :also, :person, :session, :event)
ON CONFLICT (num) DO UPDATE
SET hidden = excluded.hidden, title = excluded.title, body = excluded.body, also = excluded.also,
    of_person = excluded.of_person, of_session = excluded.of_session,
    of_event = excluded.of_event;
