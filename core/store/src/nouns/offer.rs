//! What people offer around an event: numbered documents, each put by its owner alone.
//!
//! A put is the canonical bytes of [`Offer`], with the owner's answers to requests in it. What becomes of a
//! request is joined by whoever asks: see [`seat_request`](super::seat_request).

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{Millis, Offer, Offering, Published as _};

use super::OFFER;
use super::search::put_words;
use super::view::{CountedPut, Place, document_id, number, space_id, unreadable};

/// An offer, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Who offers it.
    pub person: PersonId,
    /// When they last said something of it, as they say.
    pub changed: Millis,
    /// What is offered.
    pub offer: Offer,
}

/// The offer with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Offered>> {
    let sql = "SELECT * FROM offered WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_offered).optional()
}

/// The offers of an event that hold beyond `now`, those that end first in front.
///
/// # Errors
/// What the database fails with.
pub fn in_space(db: &Connection, space: &SpaceId, now: Millis) -> rusqlite::Result<Vec<Offered>> {
    let sql = "
        SELECT * FROM offered
        WHERE space = ?1 AND hidden = 0 AND until > ?2
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = offered.id)
          AND NOT EXISTS (SELECT 1 FROM muted WHERE muted.person = offered.person AND blocked = 1)
        ORDER BY until, id";
    let params = params![space.as_bytes(), now.get() as i64];
    db.prepare_cached(sql)?.query_map(params, row_to_offered)?.collect()
}

/// Writes the rows of an offer.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    put: &CountedPut<'_>,
    offer: &Offer,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO offer (document, space, id, hidden, person, changed, until, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        put.person.as_bytes(),
        put.time as i64,
        offer.until().get() as i64,
        offer.encode()
    ])?;
    let (title, more) = match offer.offering() {
        Offering::Ride { from, to, .. } => (format!("{from} → {to}"), String::new()),
        Offering::Bed { nights, .. } => {
            (String::new(), format!("{} – {}", nights.from(), nights.until()))
        }
        Offering::Tip { title } | Offering::Other { title, .. } => {
            (title.to_string(), String::new())
        }
    };
    let body = [offer.text().as_str(), more.as_str()].join("\n");
    put_words(tx, at, OFFER, &title, body.trim())
}

fn row_to_offered(row: &Row<'_>) -> rusqlite::Result<Offered> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Offered {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        hidden: row.get("hidden")?,
        person: PersonId::from_bytes(row.get("person")?),
        changed: number(row, "changed")?,
        offer: Offer::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}

#[cfg(test)]
mod tests {
    use teilgeber_entry::{AuthorId, EntryId};
    use teilgeber_model::{Id, OfferText, Places, Prose, SeatRequest};

    use super::*;
    use crate::nouns::samples::{SPACE, database, line, place};
    use crate::nouns::{SEAT_REQUEST, State, project, search, seat_request};

    fn ride(until: u64) -> Offer {
        let offering = Offering::Ride {
            from: line("Köln"),
            to: line("Mill"),
            when: Millis::new(until).unwrap(),
            places: Places::new(3).unwrap(),
        };
        Offer::new(offering, Millis::new(until).unwrap())
    }

    fn put(db: &Connection, at: &Place, time: u64, noun: teilgeber_entry::Noun, value: &[u8]) {
        let (person, author) = (PersonId::from_bytes([5; 32]), AuthorId::from_bytes([5; 32]));
        let id = EntryId::from_bytes([time as u8; 32]);
        project(db, at, noun, State::Puts(&[CountedPut { person, author, time, id, value }]))
            .unwrap();
    }

    fn offers(db: &Connection, now: u64) -> Vec<DocumentId> {
        let offers = in_space(db, &SPACE, Millis::new(now).unwrap()).unwrap();
        offers.into_iter().map(|offered| offered.id).collect()
    }

    #[test]
    fn those_that_end_first_stand_first_and_those_that_ended_not_at_all() {
        let db = database();
        put(&db, &place(1), 1, OFFER, &ride(20).encode());
        put(&db, &place(2), 1, OFFER, &ride(10).encode());
        put(&db, &Place { hidden: true, ..place(3) }, 1, OFFER, &ride(10).encode());

        assert_eq!(offers(&db, 9), [place(2).id, place(1).id]);
        assert_eq!(offers(&db, 10), [place(1).id]);
        assert_eq!(offers(&db, 20), []);
        assert!(get(&db, &place(3).id).unwrap().unwrap().hidden);
    }

    #[test]
    fn an_offer_is_found_by_what_it_says_until_it_is_gone() {
        let db = database();
        let offer = ride(20).with_text(OfferText::new("With a trailer").unwrap());
        put(&db, &place(1), 1, OFFER, &offer.encode());

        assert_eq!(search::search(&db, "koln trailer", 9).unwrap()[0].title, "Köln → Mill");
        put(&db, &place(1), 2, OFFER, &ride(20).encode());
        assert_eq!(search::search(&db, "trailer", 9).unwrap(), []);
        assert_eq!(get(&db, &place(1).id).unwrap().unwrap().changed.get(), 2);
        project(&db, &place(1), OFFER, State::Gone).unwrap();
        assert_eq!(get(&db, &place(1).id).unwrap(), None);
    }

    #[test]
    fn requests_stand_by_offer_and_by_person() {
        let db = database();
        let ask = |offer: u8, word: &str| SeatRequest {
            offer: Id::new([offer; 32]),
            places: Places::ONE,
            word: Prose::new(word).unwrap(),
        };
        put(&db, &place(1), 2, SEAT_REQUEST, &ask(9, "late").encode());
        put(&db, &place(2), 1, SEAT_REQUEST, &ask(9, "early").encode());
        put(&db, &place(3), 3, SEAT_REQUEST, &ask(8, "other").encode());

        let words = |requests: Vec<seat_request::Requested>| {
            requests.iter().map(|it| it.request.word.to_string()).collect::<Vec<_>>()
        };
        let of_nine = seat_request::of_offer(&db, &SPACE, &place(9).id).unwrap();
        assert_eq!(words(of_nine), ["early", "late"]);
        let mine = PersonId::from_bytes([5; 32]);
        let of_five = seat_request::of_person(&db, &SPACE, &mine).unwrap();
        assert_eq!(words(of_five), ["early", "late", "other"]);
        assert_eq!(search::search(&db, "early", 9).unwrap()[0].id, place(2).id);
    }

    #[test]
    fn a_put_that_is_no_offer_has_no_row() {
        let db = database();
        put(&db, &place(1), 1, OFFER, &ride(20).encode());
        put(&db, &place(1), 2, OFFER, b"no offer");
        put(&db, &place(2), 2, SEAT_REQUEST, &ride(20).encode());

        assert_eq!(get(&db, &place(1).id).unwrap(), None);
        assert_eq!(seat_request::get(&db, &place(2).id).unwrap(), None);
    }
}
