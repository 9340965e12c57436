//! Messages between me and one person each, in the self space.
//!
//! A put is the canonical bytes of [`DirectMessage`]. The document is attached to a hash of who wrote it and of
//! the number inside the letter, so that each of my devices that reads the letter keeps the same one.

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, PersonId};
use teilgeber_model::{DirectMessage, Published as _};

use super::search::{Belongs, put_words_of};
use super::view::{Place, document_id, unreadable};
use super::{Beginning, MESSAGE};

/// A message that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which document.
    pub id: DocumentId,
    /// What it holds.
    pub message: DirectMessage,
}

/// The message with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Kept>> {
    let sql = "SELECT id, value FROM message WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_kept).optional()
}

/// What a person and I wrote to each other, the oldest first.
///
/// # Errors
/// What the database fails with.
pub fn with_person(db: &Connection, person: &PersonId) -> rusqlite::Result<Vec<Kept>> {
    let sql = "
        SELECT id, value FROM message
        WHERE person = ?1
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = message.id)
        ORDER BY written, id";
    db.prepare_cached(sql)?.query_map([person.as_bytes()], row_to_kept)?.collect()
}

/// Messages with anybody whose id begins so, at most `limit`.
///
/// # Errors
/// What the database fails with.
pub fn of_ids(
    db: &Connection,
    beginning: &Beginning,
    limit: u32,
) -> rusqlite::Result<Vec<DocumentId>> {
    let Some((low, high)) = &beginning.ids else { return Ok(Vec::new()) };
    let sql = "
        SELECT id FROM message
        WHERE id BETWEEN ?1 AND ?2
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = message.id)
        ORDER BY id LIMIT ?3";
    let id = |row: &Row<'_>| document_id(row, "id");
    db.prepare_cached(sql)?.query_map(params![low, high, limit], id)?.collect()
}

/// How many messages there are between a person and me.
///
/// # Errors
/// What the database fails with.
pub fn number_with(db: &Connection, person: &PersonId) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM message WHERE person = ?1";
    let number: i64 = db.prepare_cached(sql)?.query_row([person.as_bytes()], |row| row.get(0))?;
    Ok(number.unsigned_abs() as usize)
}

/// The last message of each conversation, the latest first.
///
/// # Errors
/// What the database fails with.
pub fn conversations(db: &Connection) -> rusqlite::Result<Vec<Kept>> {
    let sql = "
        SELECT id, value FROM message AS last
        WHERE NOT EXISTS (
            SELECT 1 FROM message
            WHERE person = last.person AND (written, id) > (last.written, last.id)
        )
        ORDER BY written DESC, id DESC";
    db.prepare_cached(sql)?.query_map([], row_to_kept)?.collect()
}

/// Writes the rows of a message.
pub(super) fn show(tx: &Connection, at: &Place, message: &DirectMessage) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO message (document, id, person, written, value)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        at.document,
        at.id.as_bytes(),
        message.person.as_bytes(),
        message.written.get() as i64,
        message.encode()
    ])?;
    let belongs =
        Belongs { person: Some(message.person), event: Some(message.space), ..Belongs::default() };
    put_words_of(tx, at, MESSAGE, "", message.text.as_str(), belongs)
}

fn row_to_kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Kept {
        id: document_id(row, "id")?,
        message: DirectMessage::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}

#[cfg(test)]
mod tests {
    use teilgeber_entry::{AuthorId, EntryId};
    use teilgeber_model::{MessageText, Millis};

    use super::*;
    use crate::nouns::samples::{database, id, place};
    use crate::nouns::view::CountedPut;
    use crate::nouns::{State, project, search};

    fn keep(db: &Connection, number: u8, person: u8, written: u64, text: &str) {
        let message = DirectMessage {
            person: id(person),
            mine: false,
            text: MessageText::new(text).unwrap(),
            written: Millis::new(written).unwrap(),
            space: id(0xaa),
            letter: None,
        };
        let value = &message.encode()[..];
        let (person, author) = (PersonId::from_bytes([5; 32]), AuthorId::from_bytes([5; 32]));
        let put = CountedPut { person, author, time: 1, id: EntryId::from_bytes([1; 32]), value };
        project(db, &place(number), MESSAGE, State::Puts(&[put])).unwrap();
    }

    fn texts(kept: Vec<Kept>) -> Vec<String> {
        kept.into_iter().map(|kept| kept.message.text.to_string()).collect()
    }

    #[test]
    fn conversations_stand_by_their_last_word_and_messages_by_their_time() {
        let db = database();
        keep(&db, 1, 7, 30, "Later");
        keep(&db, 2, 7, 10, "First");
        keep(&db, 3, 8, 20, "Other");

        assert_eq!(texts(conversations(&db).unwrap()), ["Later", "Other"]);
        let seven = PersonId::from_bytes([7; 32]);
        assert_eq!(texts(with_person(&db, &seven).unwrap()), ["First", "Later"]);
        assert_eq!(number_with(&db, &seven).unwrap(), 2);
    }

    #[test]
    fn a_message_is_found_until_it_is_gone() {
        let db = database();
        keep(&db, 1, 7, 30, "Bring flour");

        assert_eq!(search::search(&db, "flour", 9).unwrap()[0].id, place(1).id);
        project(&db, &place(1), MESSAGE, State::Gone).unwrap();

        assert!(search::search(&db, "flour", 9).unwrap().is_empty());
        assert_eq!(get(&db, &place(1).id).unwrap(), None);
    }
}
