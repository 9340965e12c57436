//! The shared notes of a session, in the event's space, written by anyone there.
//!
//! | key | holds |
//! |---|---|
//! | `text` | Automerge text |
//!
//! Any two devices may begin a pad, so its document starts from [`FIRST_CHANGE`], and all write in one
//! text. Who wrote a word is known by the actor of its operation, which only its author could have
//! used: see [`spans`].
//!
//! Where words must go from the history too, the pad moves to a next generation: a further document,
//! which the session's document names by a register `pad/…` (see [`generations`]), so that only those
//! who may write the session can move its pad.

use std::cmp::Reverse;
use std::collections::HashMap;

use automerge::transaction::Transactable;
use automerge::{ActorId, AutomergeError, Cursor, ObjId, ROOT, ReadDoc, ScalarValueRef, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::{AuthorId, DocumentId, Origin, PersonId, SpaceId, SpaceKey};
use teilgeber_model::{Millis, PAD_MAX_CHARS, PadText};

use super::PAD;
use super::register;
use super::search::put_words;
use super::text::{self, Splice, SpliceError, TextUnit};
use super::view::{Place, document_id, number, person_id, space_id};
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

/// A generation of a session's pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation {
    /// How many moves led to it.
    pub step: u32,
    /// Which document it is. The first is 0, the others are drawn, so that two who move a pad at once
    /// do not write the remaining text into one document twice.
    pub number: u32,
}

/// A generation as it is found, or a document that was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present {
    /// Which document.
    pub pad: DocumentId,
    /// Its number in [`Origin::Attached`].
    pub number: u32,
}

/// A pad from which its session has moved on, of which something is still here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub pad: DocumentId,
    /// Whether this device wrote some of what is left.
    pub is_mine: bool,
}

/// The keys under which a session's document names the generations of its pad.
const GENERATIONS: &str = "pad/";

/// The most generations that are heeded: the latest ones.
const GENERATIONS_MAX: usize = 256;

/// The generations of a pad that its session's document names, the present one in front: the furthest,
/// and of those that were begun at once the one with the lowest number.
pub fn generations(session: &impl ReadDoc) -> Vec<Generation> {
    let first = Generation { step: 0, number: 0 };
    // `0` follows `/`.
    let named = session.map_range(ROOT, GENERATIONS.to_owned().."pad0".to_owned());
    let moved = named.filter_map(|entry| {
        let number = u32::from_str_radix(entry.key.strip_prefix(GENERATIONS)?, 16).ok()?;
        let step = register::get(session, &entry.key)?;
        (number > 0 && step > 0 && generation_key(number) == *entry.key)
            .then_some(Generation { step, number })
    });
    let mut all: Vec<Generation> = moved.chain([first]).collect();
    all.sort_by_key(|one| (Reverse(one.step), one.number));
    all.truncate(GENERATIONS_MAX);
    all
}

/// Moves the pad of a session to the generation `number`, in the session's document.
///
/// # Errors
/// What Automerge refuses.
pub fn move_on(session: &mut impl Transactable, number: u32) -> Result<(), AutomergeError> {
    let furthest = generations(session).first().map_or(0, |one| one.step);
    let step = furthest.saturating_add(1);
    register::put(session, &generation_key(number), None, Some(&step))
}

fn generation_key(number: u32) -> String {
    format!("{GENERATIONS}{number:08x}")
}

/// The id of a generation of a session's pad in the space with this key.
pub fn id_of(key: &SpaceKey, session: &DocumentId, generation: u32) -> Option<DocumentId> {
    let origin = Origin::Attached { parent: *session, generation };
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
    spans_of(doc, TEXT, id, authors)
}

/// What these authors wrote of the text, each piece on lines of its own.
pub(crate) fn words_of(doc: &impl ReadDoc, id: &DocumentId, authors: &[AuthorId]) -> String {
    pieces_of(&spans(doc, id, authors))
}

/// The pieces with an author, each on lines of its own.
pub(super) fn pieces_of(spans: &[Span]) -> String {
    let theirs = spans.iter().filter(|span| span.author.is_some());
    let pieces =
        theirs.map(|span| span.text.trim_matches('\n')).filter(|text| !text.trim().is_empty());
    pieces.collect::<Vec<_>>().join("\n")
}

/// As [`spans`], of the text under `key` of any document.
pub(super) fn spans_of(
    doc: &impl ReadDoc,
    key: &str,
    id: &DocumentId,
    authors: &[AuthorId],
) -> Vec<Span> {
    let Some(object) = text::object(doc, key) else { return Vec::new() };
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

/// Whether a pad says more by now than [`get`] does: a long one is shown when there is time.
///
/// # Errors
/// What the database fails with.
pub fn is_behind(db: &Connection, id: &DocumentId) -> rusqlite::Result<bool> {
    let sql = "
        SELECT 1 FROM pad JOIN document ON document.num = pad.document
        WHERE pad.id = ?1 AND document.stale = 1";
    db.prepare_cached(sql)?.exists([id.as_bytes()])
}

/// The pad of a session.
///
/// # Errors
/// What the database fails with.
pub fn present(db: &Connection, session: &DocumentId) -> rusqlite::Result<Option<Present>> {
    let sql = "SELECT pad, generation FROM pad_of_session WHERE session = ?1 AND present = 1";
    let row_to_present = |row: &rusqlite::Row<'_>| {
        Ok(Present { pad: document_id(row, "pad")?, number: row.get("generation")? })
    };
    db.prepare_cached(sql)?.query_row([session.as_bytes()], row_to_present).optional()
}

/// The pads from which their sessions have moved on, of which something is still here.
///
/// # Errors
/// What the database fails with.
pub fn superseded(db: &Connection) -> rusqlite::Result<Vec<Superseded>> {
    let mut statement = db.prepare_cached(include_str!("pad/superseded.sql"))?;
    let found = statement.query_map([], |row| {
        Ok(Superseded {
            space: space_id(row, "space")?,
            pad: document_id(row, "pad")?,
            is_mine: row.get("mine")?,
        })
    })?;
    found.collect()
}

/// Lines that this device wrote in earlier generations of a session's pad, as they stood when these
/// went, in their order.
///
/// # Errors
/// What the database fails with.
pub fn kept_words(db: &Connection, session: &DocumentId) -> rusqlite::Result<Vec<String>> {
    let sql = "
        SELECT kept_words.line
        FROM kept_words JOIN pad_of_session ON pad_of_session.pad = kept_words.pad
        WHERE pad_of_session.session = ?1
        ORDER BY kept_words.pad, kept_words.rank";
    db.prepare_cached(sql)?.query_map([session.as_bytes()], |row| row.get(0))?.collect()
}

/// What was kept of one pad.
///
/// # Errors
/// What the database fails with.
pub(crate) fn kept_words_of(db: &Connection, pad: &DocumentId) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT line FROM kept_words WHERE pad = ?1 ORDER BY rank";
    db.prepare_cached(sql)?.query_map([pad.as_bytes()], |row| row.get(0))?.collect()
}

/// Whose pad it is, or was.
///
/// # Errors
/// What the database fails with.
pub(crate) fn any_session_of(
    db: &Connection,
    pad: &DocumentId,
) -> rusqlite::Result<Option<DocumentId>> {
    let sql = "SELECT session FROM pad_of_session WHERE pad = ?1";
    let session = |row: &rusqlite::Row<'_>| document_id(row, "session");
    db.prepare_cached(sql)?.query_row([pad.as_bytes()], session).optional()
}

/// Forgets what was kept of all pads of a session.
///
/// # Errors
/// What the database fails with.
pub fn forget_kept_words(db: &Connection, session: &DocumentId) -> rusqlite::Result<()> {
    let sql = "
        DELETE FROM kept_words
        WHERE pad IN (SELECT pad FROM pad_of_session WHERE session = ?1)";
    db.prepare_cached(sql)?.execute([session.as_bytes()]).map(drop)
}

/// Forgets what was kept of one pad.
///
/// # Errors
/// What the database fails with.
pub fn forget_kept_words_of(db: &Connection, pad: &DocumentId) -> rusqlite::Result<()> {
    let sql = "DELETE FROM kept_words WHERE pad = ?1";
    db.prepare_cached(sql)?.execute([pad.as_bytes()]).map(drop)
}

/// Whose pad it is; `None` for one from which its session has moved on.
///
/// # Errors
/// What the database fails with.
pub fn session_of(db: &Connection, pad: &DocumentId) -> rusqlite::Result<Option<DocumentId>> {
    let sql = "SELECT session FROM pad_of_session WHERE pad = ?1 AND present = 1";
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

/// Writes down which pads belong to a session, the present one in front.
pub(super) fn show_session(
    tx: &Connection,
    at: &Place,
    key: &SpaceKey,
    generations: &[Generation],
) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM pad_of_session WHERE document = ?1")?.execute([at.document])?;
    let mut statement = tx.prepare_cached(
        "INSERT OR REPLACE INTO pad_of_session (document, session, pad, generation, present)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (place, generation) in generations.iter().enumerate() {
        let Some(pad) = id_of(key, &at.id, generation.number) else { continue };
        statement.execute(params![
            at.document,
            at.id.as_bytes(),
            pad.as_bytes(),
            generation.number,
            place == 0
        ])?;
    }
    Ok(())
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
    fn of_two_moves_at_once_the_lowest_number_is_the_pad_and_a_later_move_is_further() {
        let numbers = |doc: &automerge::Automerge| -> Vec<u32> {
            generations(doc).iter().map(|one| one.number).collect()
        };
        let mut one = crate::nouns::samples::blank();
        assert_eq!(numbers(&one), [0]);
        let mut other = one.fork();

        edit(&mut one, |tx| move_on(tx, 7));
        edit(&mut other, |tx| move_on(tx, 3));
        one.merge(&mut other).unwrap();
        other.merge(&mut one).unwrap();

        assert_eq!(numbers(&one), [3, 7, 0]);
        assert_eq!(numbers(&other), [3, 7, 0]);
        edit(&mut one, |tx| move_on(tx, 9));
        assert_eq!(numbers(&one), [9, 3, 7, 0]);
    }

    #[test]
    fn what_names_no_generation_is_none() {
        let mut doc = crate::nouns::samples::blank();
        edit(&mut doc, |tx| {
            tx.put(ROOT, "pad/00000000", "5")?;
            tx.put(ROOT, "pad/1", "5")?;
            tx.put(ROOT, "pad/0000000A", "5")?;
            tx.put(ROOT, "pad/00000002", "0")?;
            tx.put(ROOT, "pad/00000003", "-1")?;
            tx.put(ROOT, "pad/00000004", 5)
        });
        assert_eq!(generations(&doc), [Generation { step: 0, number: 0 }]);
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
