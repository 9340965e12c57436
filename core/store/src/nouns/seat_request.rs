//! Who asks for a place of an offer: numbered documents, each put by who asks.
//!
//! A put is the canonical bytes of [`SeatRequest`]. The answer stands in the [offer](super::offer), so the
//! rows of neither depend on the other.

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{Millis, Published as _, SeatRequest};

use super::SEAT_REQUEST;
use super::search::put_words;
use super::view::{CountedPut, Place, document_id, number, space_id, unreadable};

/// A request, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Who asks.
    pub person: PersonId,
    /// When, as they say.
    pub asked: Millis,
    /// For what.
    pub request: SeatRequest,
}

/// The request with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Requested>> {
    let sql = "SELECT * FROM requested WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_requested).optional()
}

/// The requests for an offer in its event, the oldest first, but for those of whom I blocked.
///
/// # Errors
/// What the database fails with.
pub fn of_offer(
    db: &Connection,
    space: &SpaceId,
    offer: &DocumentId,
) -> rusqlite::Result<Vec<Requested>> {
    let sql = "
        SELECT * FROM requested
        WHERE offer = ?1 AND space = ?2 AND hidden = 0
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = requested.id)
          AND NOT EXISTS (SELECT 1 FROM muted
                          WHERE muted.person = requested.person AND blocked = 1)
        ORDER BY asked, id";
    let params = params![offer.as_bytes(), space.as_bytes()];
    db.prepare_cached(sql)?.query_map(params, row_to_requested)?.collect()
}

/// The requests of a person in an event, the oldest first, hidden ones too.
///
/// # Errors
/// What the database fails with.
pub fn of_person(
    db: &Connection,
    space: &SpaceId,
    person: &PersonId,
) -> rusqlite::Result<Vec<Requested>> {
    let sql = "SELECT * FROM requested WHERE person = ?1 AND space = ?2 ORDER BY asked, id";
    let params = params![person.as_bytes(), space.as_bytes()];
    db.prepare_cached(sql)?.query_map(params, row_to_requested)?.collect()
}

/// Writes the rows of a request.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    put: &CountedPut<'_>,
    request: &SeatRequest,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO seat_request
             (document, space, id, hidden, person, asked, offer, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        put.person.as_bytes(),
        put.time as i64,
        request.offer.as_bytes(),
        request.encode()
    ])?;
    put_words(tx, at, SEAT_REQUEST, "", request.word.as_str())
}

fn row_to_requested(row: &Row<'_>) -> rusqlite::Result<Requested> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Requested {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        hidden: row.get("hidden")?,
        person: PersonId::from_bytes(row.get("person")?),
        asked: number(row, "asked")?,
        request: SeatRequest::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}
