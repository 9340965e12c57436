//! The shared notes of a session, in the event's space, written by anyone there.
//!
//! | key | holds |
//! |---|---|
//! | `text` | Automerge text |
//!
//! Any two devices may begin a pad, so its document starts from [`FIRST_CHANGE`], and all write in one
//! text. Who wrote a word is known by the actor of its operation, which only its author could have
//! used: see [`spans`].

use std::collections::HashMap;

use automerge::transaction::Transactable;
use automerge::{ActorId, AutomergeError, Cursor, ObjId, ReadDoc, ScalarValueRef, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::{AuthorId, DocumentId, Origin, PersonId, SpaceKey};
use teilgeber_model::{Millis, PAD_MAX_CHARS, PadText};

use super::PAD;
use super::search::put_words;
use super::text::{self, Splice, SpliceError, TextUnit};
use super::view::{Place, document_id, number, person_id};
use crate::guard::is_actor_of;

/// The change from which every pad starts: it makes the empty text. Nobody signs it. Its actor is
/// sixteen zeros, its time 0.
pub const FIRST_CHANGE: &[u8] = b"\
    \x85oJ\x83\xd7wl|\x01/\x00\x10\
    \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
    \x01\x01\x00\x00\x00\x05\x15\x064\x01B\x02V\x02p\x02\x7f\x04text\x01\x7f\x04\x7f\x00\x7f\x00";

/// The key of the text that is edited in place.
pub(super) const TEXT: &str = "text";

/// A pad as screens read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// The latest time that a change of it bears.
    pub updated: Millis,
    /// What it says, normalised.
    pub text: PadText,
}

/// Somebody who wrote in a pad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// When first, as they say.
    pub first: Millis,
    /// When last.
    pub last: Millis,
}

/// A piece of a pad that one author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whose device; `None` where that is not known here.
    pub author: Option<AuthorId>,
    /// The words.
    pub text: String,
}

/// The id of a session's pad in the space with this key.
pub fn id_of(key: &SpaceKey, session: &DocumentId) -> Option<DocumentId> {
    let origin = Origin::Attached { parent: *session, generation: 0 };
    // Whoever writes it first, it is the same document.
    origin.document(key, PAD, &AuthorId::from_bytes([0; 32]), 0, None)
}

/// The text as it was typed and merged, in whose positions [`splice`] counts: see [`text`].
pub fn raw_text(doc: &impl ReadDoc) -> String {
    text::get(doc, TEXT).unwrap_or_default()
}

/// Edits the text in place.
///
/// # Errors
/// Any [`SpliceError`]; then the transaction must be rolled back.
pub fn splice(
    tx: &mut impl Transactable,
    unit: TextUnit,
    splices: &[Splice],
) -> Result<(), SpliceError> {
    text::splice(tx, TEXT, PAD_MAX_CHARS, unit, splices)
}

/// Makes of the text that was read in the same transaction the text `new`, by what differs.
///
/// # Errors
/// What Automerge refuses.
pub fn write(tx: &mut impl Transactable, new: &PadText) -> Result<(), AutomergeError> {
    let old = raw_text(tx);
    text::put(tx, TEXT, Some(&old), new.as_str())
}

/// A place in the text that stays with its character, whatever others write before it.
///
/// # Errors
/// [`SpliceError::OutOfRange`], [`SpliceError::InsideCharacter`] or [`SpliceError::Missing`].
pub fn cursor(doc: &impl ReadDoc, unit: TextUnit, at: usize) -> Result<Vec<u8>, SpliceError> {
    let object = text::object(doc, TEXT).ok_or(SpliceError::Missing)?;
    let text = raw_text(doc);
    let position = text[..unit.byte(&text, at)?].chars().count();
    Ok(doc.get_cursor(object, position, None)?.to_bytes())
}

/// Where a [`cursor`] is now; `None` for what is none of this text.
pub fn position(doc: &impl ReadDoc, unit: TextUnit, cursor: &[u8]) -> Option<usize> {
    let cursor = Cursor::try_from(cursor.to_vec()).ok()?;
    let position = doc.get_cursor_position(text::object(doc, TEXT)?, &cursor, None).ok()?;
    let before: String = raw_text(doc).chars().take(position).collect();
    Some(unit.count(&before))
}

/// The text in pieces, each with whose device wrote it: `authors` are those who may have.
pub fn spans(doc: &impl ReadDoc, id: &DocumentId, authors: &[AuthorId]) -> Vec<Span> {
    let Some(object) = text::object(doc, TEXT) else { return Vec::new() };
    let mut known: HashMap<ActorId, Option<AuthorId>> = HashMap::new();
    let mut spans: Vec<Span> = Vec::new();
    for item in doc.list_range(&object, ..) {
        let ValueRef::Scalar(ScalarValueRef::Str(letter)) = &item.value else { continue };
        let ObjId::Id(_, actor, _) = item.id() else { continue };
        let author = *known.entry(actor).or_insert_with_key(|actor| {
            let is_theirs =
                |author: &&AuthorId| is_actor_of(actor, author.as_bytes(), id.as_bytes());
            authors.iter().find(is_theirs).copied()
        });
        match spans.last_mut() {
            Some(last) if last.author == author => last.text.push_str(letter.as_ref()),
            _ => spans.push(Span { author, text: letter.to_string() }),
        }
    }
    spans
}

/// The pad with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Shared>> {
    let sql = "SELECT hidden, updated, text FROM pad WHERE id = ?1";
    let row_to_shared = |row: &rusqlite::Row<'_>| {
        Ok(Shared {
            hidden: row.get("hidden")?,
            updated: number(row, "updated")?,
            text: PadText::lossy(row.get_ref("text")?.as_str()?),
        })
    };
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_shared).optional()
}

/// Whose pad it is.
///
/// # Errors
/// What the database fails with.
pub fn session_of(db: &Connection, pad: &DocumentId) -> rusqlite::Result<Option<DocumentId>> {
    let sql = "SELECT session FROM pad_of_session WHERE pad = ?1";
    let session = |row: &rusqlite::Row<'_>| document_id(row, "session");
    db.prepare_cached(sql)?.query_row([pad.as_bytes()], session).optional()
}

/// Who wrote in a pad, the first in front.
///
/// # Errors
/// What the database fails with.
pub fn hands(db: &Connection, pad: &DocumentId) -> rusqlite::Result<Vec<Hand>> {
    let mut statement = db.prepare_cached(include_str!("pad/authors.sql"))?;
    let hands = statement.query_map([pad.as_bytes()], |row| {
        Ok(Hand {
            person: PersonId::from_bytes(row.get("person")?),
            first: number(row, "first")?,
            last: number(row, "last")?,
        })
    })?;
    hands.collect()
}

/// Whose devices wrote in a pad, counting or not.
///
/// # Errors
/// What the database fails with.
pub fn writers(
    db: &Connection,
    pad: &DocumentId,
) -> rusqlite::Result<Vec<(AuthorId, Option<PersonId>)>> {
    let sql = "
        SELECT DISTINCT author.id, author.person
        FROM pad
        JOIN entry ON entry.document = pad.document
        JOIN author ON author.num = entry.author
        WHERE pad.id = ?1
        ORDER BY author.id";
    let mut statement = db.prepare_cached(sql)?;
    let writers = statement.query_map([pad.as_bytes()], |row| {
        Ok((AuthorId::from_bytes(row.get("id")?), person_id(row, "person")?))
    })?;
    writers.collect()
}

/// Writes the rows of a pad.
pub(super) fn show(tx: &Connection, at: &Place, raw: &str) -> rusqlite::Result<()> {
    let text = PadText::lossy(raw);
    tx.prepare_cached(include_str!("pad/show.sql"))?.execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        text.as_str()
    ])?;
    put_words(tx, at, PAD, "", text.as_str())
}

/// Writes down which pad belongs to a session.
pub(super) fn show_session(tx: &Connection, at: &Place, pad: &DocumentId) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO pad_of_session (document, session, pad) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![at.document, at.id.as_bytes(), pad.as_bytes()])
    .map(drop)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nouns::samples::{database, edit, from_first, place};
    use crate::nouns::{State, project, search};

    fn insert(at: usize, words: &str) -> Splice {
        Splice { at, delete: 0, insert: words.to_owned() }
    }

    fn begun(words: &str) -> automerge::Automerge {
        let mut doc = from_first(FIRST_CHANGE);
        edit(&mut doc, |tx| write(tx, &PadText::new(words).unwrap()));
        doc
    }

    #[test]
    fn two_who_begin_a_pad_at_once_write_in_one_text() {
        let mut one = begun("bread");
        let mut other = begun("time");

        one.merge(&mut other).unwrap();
        other.merge(&mut one).unwrap();

        assert_eq!(raw_text(&one), raw_text(&other));
        assert!(raw_text(&one).contains("bread") && raw_text(&one).contains("time"));
    }

    #[test]
    fn a_cursor_stays_with_its_character() {
        let mut one = begun("🌱 bread and time");
        let and = cursor(&one, TextUnit::Utf16, "🌱 bread ".encode_utf16().count()).unwrap();

        edit(&mut one, |tx| {
            let far = [insert(0, "Of ")];
            splice(tx, TextUnit::Scalars, &far).map_err(|_| AutomergeError::Fail)
        });

        let before = "Of 🌱 bread ";
        assert_eq!(position(&one, TextUnit::Scalars, &and), Some(before.chars().count()));
        assert_eq!(position(&one, TextUnit::Utf16, &and), Some(before.encode_utf16().count()));
        assert_eq!(position(&one, TextUnit::Scalars, b"no cursor"), None);
    }

    #[test]
    fn what_is_in_a_pad_is_found_until_it_is_gone() {
        let db = database();
        project(&db, &place(1), PAD, State::Changes(&begun("Of bread and time"))).unwrap();

        assert_eq!(get(&db, &place(1).id).unwrap().unwrap().text.as_str(), "Of bread and time");
        assert_eq!(search::search(&db, "bread", 9).unwrap()[0].id, place(1).id);
        project(&db, &place(1), PAD, State::Gone).unwrap();
        assert_eq!(get(&db, &place(1).id).unwrap(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn three_who_write_at_once_end_with_one_text_that_has_every_word(
            edits in prop::collection::vec((0..3usize, 0..20usize, "[a-z]{1,6}"), 1..12),
        ) {
            let mut docs: Vec<_> = (0..3).map(|_| from_first(FIRST_CHANGE)).collect();
            for (who, at, words) in &edits {
                let at = at % (raw_text(&docs[*who]).len() + 1);
                edit(&mut docs[*who], |tx| {
                    splice(tx, TextUnit::Scalars, &[insert(at, words)])
                        .map_err(|_| AutomergeError::Fail)
                });
            }

            let mut merged = docs[0].clone();
            merged.merge(&mut docs[1].clone()).unwrap();
            merged.merge(&mut docs[2].clone()).unwrap();
            let mut backward = docs[2].clone();
            backward.merge(&mut docs[1].clone()).unwrap();
            backward.merge(&mut docs[0].clone()).unwrap();

            prop_assert_eq!(raw_text(&merged), raw_text(&backward));
            let letters: usize = edits.iter().map(|(_, _, words)| words.len()).sum();
            prop_assert_eq!(raw_text(&merged).len(), letters);
        }
    }
}
