//! The views: which rows a document makes (`sql/views.sql`).
//!
//! [`project`] removes a document's rows and writes them anew from its state. It looks at no other document, so
//! the rows are the same in whatever order documents come; what is shown together is joined by
//! the queries. Two things it takes from the log, which the set of entries determines as well: the
//! time of a note's last change, and the key of a space, from which a placement's id follows.

use automerge::Automerge;
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Row, params};
use serde::de::DeserializeOwned;
use teilgeber_entry::{AuthorId, DocumentId, EntryId, Noun, PersonId, SpaceId};
use teilgeber_model::{Id, Tag};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{
    ANCHOR, CARD, CONTACT, EVENT, INTERESTS, LENT, MESSAGE, MUTED, NOTE, OFFER, PAD, PHOTO,
    PHOTO_DATA, PLACEMENT, POST, PROFILE_DRAFT, SEAT_REQUEST, SESSION, STARRED, STARS, anchor,
    card, contact, event, lent, message, muted, note, offer, pad, photo, photo_data, placement,
    post, profile, published, seat_request, session, starred, stars, topic,
};

/// The tables that [`project`] writes. What is searched stands in the last one and is indexed by
/// triggers.
pub const VIEWS: &[&str] = &[
    "profile_draft",
    "profile",
    "contact",
    "note",
    "event",
    "session",
    "placement",
    "pad",
    "pad_of_session",
    "post",
    "mention",
    "offer",
    "seat_request",
    "interests",
    "topic",
    "stars",
    "star",
    "photo",
    "photo_data",
    "starred",
    "anchor",
    "muted",
    "lent",
    "message",
    "tag",
    "words",
];

/// Which document it is whose rows are written.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The number of its space in the log.
    pub space: i64,
    /// Its number in the log.
    pub document: i64,
    /// Its id.
    pub id: DocumentId,
    /// Whose device made it, if that is known.
    pub maker_person: Option<PersonId>,
    /// Whether an organiser hid it: then it is neither listed nor found, but can still be opened.
    pub hidden: bool,
}

/// What counts of a document.
#[derive(Clone, Copy, Debug)]
pub enum State<'a> {
    /// The changes that count, applied.
    Changes(&'a Automerge),
    /// The puts that count and that no other one supersedes, in any order.
    Puts(&'a [CountedPut<'a>]),
    /// All chunks that count and are here, in any order.
    Chunks(&'a [CountedChunk]),
    /// Chunks that count and came since the others were shown.
    MoreChunks(&'a [CountedChunk]),
    /// Nothing.
    Gone,
}

/// A put that counts and that no other one supersedes.
#[derive(Clone, Copy, Debug)]
pub struct CountedPut<'a> {
    /// Who made it.
    pub person: PersonId,
    /// With which device.
    pub author: AuthorId,
    /// When, in ms since 1970: its author's word.
    pub time: u64,
    /// Its entry.
    pub id: EntryId,
    /// The value, as its noun encodes it.
    pub value: &'a [u8],
}

/// A chunk of an attachment that counts and is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedChunk {
    /// Whose it is.
    pub person: PersonId,
    /// Its entry.
    pub id: EntryId,
    /// Its place, from 0.
    pub index: u32,
    /// How many there are.
    pub count: u32,
    /// How many bytes it has.
    pub bytes: u32,
}

/// Writes the rows of one document anew. A document that is not readable as its noun has none.
///
/// # Errors
/// What the database fails with.
pub fn project(tx: &Connection, at: &Place, noun: Noun, state: State<'_>) -> rusqlite::Result<()> {
    let shown = match (noun, state) {
        (CARD, State::Puts(puts)) => {
            published::read(puts).map(|(person, card)| card::show(tx, at, &person, &card))
        }
        (PROFILE_DRAFT, State::Changes(doc)) => Some(profile::show(tx, at, &profile::read(doc))),
        (CONTACT, State::Changes(doc)) => {
            contact::read(doc).ok().map(|contact| contact::show(tx, at, &contact))
        }
        (NOTE, State::Changes(doc)) => note::read(doc).ok().map(|note| note::show(tx, at, &note)),
        (EVENT, State::Changes(doc)) => {
            event::read(doc).ok().map(|event| event::show(tx, at, &event))
        }
        (SESSION, State::Changes(doc)) => {
            let pads = pad::generations(doc);
            session::read(doc).ok().map(|session| session::show(tx, at, &session, &pads))
        }
        (PLACEMENT, State::Changes(doc)) => Some(placement::show(tx, at, &placement::claims(doc))),
        (PAD, State::Changes(doc)) => Some(pad::show(tx, at, &pad::raw_text(doc))),
        (POST, State::Puts(puts)) => {
            published::latest(puts).map(|(put, said)| post::show(tx, at, put, &said))
        }
        (OFFER, State::Puts(puts)) => {
            published::latest(puts).map(|(put, offer)| offer::show(tx, at, put, &offer))
        }
        (SEAT_REQUEST, State::Puts(puts)) => {
            published::latest(puts).map(|(put, request)| seat_request::show(tx, at, put, &request))
        }
        (INTERESTS, State::Puts(puts)) => {
            published::read(puts).map(|(person, list)| topic::show(tx, at, &person, &list))
        }
        (STARS, State::Puts(puts)) => {
            published::read(puts).map(|(person, shown)| stars::show(tx, at, &person, &shown))
        }
        (PHOTO, State::Puts(puts)) => {
            published::latest(puts).map(|(put, photo)| photo::show(tx, at, put, &photo))
        }
        (PHOTO_DATA, State::Chunks(chunks)) => Some(photo_data::show(tx, at, chunks, false)),
        (PHOTO_DATA, State::MoreChunks(chunks)) => Some(photo_data::show(tx, at, chunks, true)),
        (STARRED, State::Changes(doc)) => Some(starred::show(tx, at, &starred::read(doc))),
        (ANCHOR, State::Changes(doc)) => {
            anchor::read(doc).ok().map(|anchor| anchor::show(tx, at, &anchor))
        }
        (MUTED, State::Changes(doc)) => Some(muted::show(tx, at, &muted::read(doc))),
        (LENT, State::Puts(puts)) => {
            published::latest(puts).map(|(put, loan)| lent::show(tx, at, put, &loan))
        }
        (MESSAGE, State::Puts(puts)) => {
            published::read(puts).map(|(_, message)| message::show(tx, at, &message))
        }
        _ => None,
    };
    shown.unwrap_or_else(|| remove(tx, at, noun))
}

/// Removes the rows of a document of `noun`.
pub(super) fn remove(tx: &Connection, at: &Place, noun: Noun) -> rusqlite::Result<()> {
    let delete = |sql| tx.prepare_cached(sql)?.execute([at.document]).map(drop);
    match noun {
        CARD => delete("DELETE FROM profile WHERE document = ?1")?,
        PROFILE_DRAFT => delete("DELETE FROM profile_draft WHERE document = ?1")?,
        CONTACT => delete("DELETE FROM contact WHERE document = ?1")?,
        NOTE => delete("DELETE FROM note WHERE document = ?1")?,
        EVENT => delete("DELETE FROM event WHERE document = ?1")?,
        SESSION => {
            delete("DELETE FROM pad_of_session WHERE document = ?1")?;
            delete("DELETE FROM session WHERE document = ?1")?;
        }
        PAD => delete("DELETE FROM pad WHERE document = ?1")?,
        PLACEMENT => delete("DELETE FROM placement WHERE document = ?1")?,
        POST => post::remove(tx, at)?,
        OFFER => delete("DELETE FROM offer WHERE document = ?1")?,
        SEAT_REQUEST => delete("DELETE FROM seat_request WHERE document = ?1")?,
        INTERESTS => {
            delete("DELETE FROM interests WHERE document = ?1")?;
            delete("DELETE FROM topic WHERE document = ?1")?;
        }
        STARS => {
            delete("DELETE FROM stars WHERE document = ?1")?;
            delete("DELETE FROM star WHERE document = ?1")?;
        }
        PHOTO => delete("DELETE FROM photo WHERE document = ?1")?,
        PHOTO_DATA => delete("DELETE FROM photo_data WHERE document = ?1")?,
        STARRED => delete("DELETE FROM starred WHERE document = ?1")?,
        ANCHOR => delete("DELETE FROM anchor WHERE document = ?1")?,
        MUTED => delete("DELETE FROM muted WHERE document = ?1")?,
        LENT => delete("DELETE FROM lent WHERE document = ?1")?,
        MESSAGE => delete("DELETE FROM message WHERE document = ?1")?,
        _ => {}
    }
    delete("DELETE FROM tag WHERE document = ?1")?;
    delete("DELETE FROM words WHERE num = ?1")
}

/// Writes the document's tags anew.
pub(super) fn put_tags<'a>(
    tx: &Connection,
    at: &Place,
    tags: impl Iterator<Item = &'a Tag>,
) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM tag WHERE document = ?1")?.execute([at.document])?;
    let mut insert = tx.prepare_cached("INSERT INTO tag (document, tag) VALUES (?1, ?2)")?;
    for tag in tags {
        insert.execute(params![at.document, tag.folded()])?;
    }
    Ok(())
}

/// What names are sorted by: lower case, without accents, so that Ä stands beside A as in German
/// (DIN 5007-1). Not any language's whole rule: that needs tables larger than the rest of the core.
pub(super) fn sort_key(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase()
}

/// What comes after all names.
pub(super) const NAMELESS: &str = "\u{10ffff}";

/// An id in a column, or none.
pub(super) fn id(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Id>> {
    Ok(row.get::<_, Option<[u8; 32]>>(column)?.map(Id::new))
}

/// A document's id in a column.
pub(super) fn document_id(row: &Row<'_>, column: &str) -> rusqlite::Result<DocumentId> {
    row.get(column).map(DocumentId::from_bytes)
}

/// A space's id in a column.
pub(super) fn space_id(row: &Row<'_>, column: &str) -> rusqlite::Result<SpaceId> {
    row.get(column).map(SpaceId::from_bytes)
}

/// A person in a column, or none.
pub(super) fn person_id(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<PersonId>> {
    Ok(row.get::<_, Option<[u8; 32]>>(column)?.map(PersonId::from_bytes))
}

/// One of the model's values in a column, as JSON.
pub(super) fn value<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| unreadable(row, column, error))
}

/// A number in a column, as one of the model's.
pub(super) fn number<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: TryFrom<u64, Error: std::error::Error + Send + Sync + 'static>,
{
    let number: i64 = row.get(column)?;
    let number = u64::try_from(number).map_err(|_| FromSqlError::OutOfRange(number))?;
    T::try_from(number).map_err(|error| unreadable(row, column, error))
}

/// A column that does not hold what was written there: the database is damaged.
pub(super) fn unreadable(
    row: &Row<'_>,
    column: &str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
}
