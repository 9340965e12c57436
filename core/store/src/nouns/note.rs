//! What I wrote down for myself, in the self space.
//!
//! | key | holds |
//! |---|---|
//! | `text` | Automerge text; mandatory |
//! | `tag/…` | items, by the folded tag |
//! | `event`, `session` | registers: ids |

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ReadDoc};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use teilgeber_entry::DocumentId;
use teilgeber_model::{Id, List, Millis, NOTE_MAX_CHARS, Note, NoteText, NoteTitle, Tag};

use super::register::{self, items, json, put, put_items};
use super::search::{Belongs, put_words_of};
use super::text::{self, Splice, SpliceError, TextUnit};
use super::view::{Place, document_id, id, number, put_tags, unreadable, value};
use super::{NOTE, Unreadable};

/// The key of the text that is edited in place.
pub(super) const TEXT: &str = "text";

/// A note, and when it was last changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which document.
    pub id: DocumentId,
    /// The latest time that a change of it bears.
    pub updated: Millis,
    /// What it holds.
    pub note: Note,
}

/// A note as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Which document.
    pub id: DocumentId,
    /// The latest time that a change of it bears.
    pub updated: Millis,
    /// Its first line that shows anything.
    pub title: Option<NoteTitle>,
    /// Its tags.
    pub tags: List<Tag, 16>,
    /// The event that it belongs to.
    pub event: Option<Id>,
    /// The session that it belongs to.
    pub session: Option<Id>,
}

/// Which notes to list: those that match all that is set.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Belonging to this event.
    pub event: Option<Id>,
    /// Belonging to this session.
    pub session: Option<Id>,
    /// With this tag.
    pub tag: Option<Tag>,
}

/// The note of `doc`. Its text is normalised and cut at [`NOTE_MAX_CHARS`]; an editor shows
/// [`raw_text`].
///
/// # Errors
/// [`Unreadable`] where there is no text, not even an empty one.
pub fn read(doc: &impl ReadDoc) -> Result<Note, Unreadable> {
    let text = raw_text(doc).ok_or(Unreadable { field: "text" })?;
    Ok(Note::new(NoteText::lossy(&text))
        .with_tags(List::lossy(items(doc)))
        .with_event(register::get(doc, "event"))
        .with_session(register::get(doc, "session")))
}

/// Writes what differs between `old`, which was read in the same transaction, and `new`.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    old: Option<&Note>,
    new: &Note,
) -> Result<(), AutomergeError> {
    text::put(tx, TEXT, old.map(|old| old.text().as_str()), new.text().as_str())?;
    put_items(tx, old.map_or(&[], |old| old.tags()), new.tags())?;
    put(tx, "event", old.and_then(Note::event).as_ref(), new.event().as_ref())?;
    put(tx, "session", old.and_then(Note::session).as_ref(), new.session().as_ref())
}

/// The text as it was typed and merged, in whose positions [`splice`] counts: see [`text`].
pub fn raw_text(doc: &impl ReadDoc) -> Option<String> {
    text::get(doc, TEXT)
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
    text::splice(tx, TEXT, NOTE_MAX_CHARS, unit, splices)
}

/// The note with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Written>> {
    let sql = "SELECT * FROM written WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_written).optional()
}

/// The notes that match, the last changed first, at most `limit` after the one called `after`.
///
/// # Errors
/// What the database fails with.
pub fn list(
    db: &Connection,
    filter: &Filter,
    after: Option<&Headline>,
    limit: u32,
) -> rusqlite::Result<Vec<Headline>> {
    // One statement for each index, because a condition that may be absent uses none.
    let sql = match (filter.session, filter.event) {
        (Some(_), _) => include_str!("note/of_session.sql"),
        (None, Some(_)) => include_str!("note/of_event.sql"),
        (None, None) => include_str!("note/all.sql"),
    };
    let params = named_params! {
        ":session": filter.session.map(|id| *id.as_bytes()),
        ":event": filter.event.map(|id| *id.as_bytes()),
        ":tag": filter.tag.as_ref().map(Tag::folded),
        ":updated": after.map_or(i64::MAX, |after| after.updated.get() as i64),
        ":id": after.map_or([0; 32], |after| *after.id.as_bytes()),
        ":limit": limit,
    };
    db.prepare_cached(sql)?.query_map(params, row_to_headline)?.collect()
}

/// Writes the rows of a note.
pub(super) fn show(tx: &Connection, at: &Place, note: &Note) -> rusqlite::Result<()> {
    tx.prepare_cached(include_str!("note/show.sql"))?.execute(params![
        at.document,
        at.id.as_bytes(),
        note.event().map(|id| *id.as_bytes()),
        note.session().map(|id| *id.as_bytes()),
        json(note.tags())
    ])?;
    put_tags(tx, at, note.tags().iter())?;
    let title = note.title();
    let title = title.as_ref().map_or("", NoteTitle::as_str);
    let belongs = Belongs { session: note.session(), event: note.event(), ..Belongs::default() };
    put_words_of(tx, at, NOTE, title, note.text().as_str(), belongs)
}

fn row_to_written(row: &Row<'_>) -> rusqlite::Result<Written> {
    let text = NoteText::new(row.get_ref("body")?.as_str()?);
    let note = Note::new(text.map_err(|error| unreadable(row, "body", error))?)
        .with_tags(value(row, "tags")?)
        .with_event(id(row, "event")?)
        .with_session(id(row, "session")?);
    Ok(Written { id: document_id(row, "id")?, updated: number(row, "updated")?, note })
}

fn row_to_headline(row: &Row<'_>) -> rusqlite::Result<Headline> {
    Ok(Headline {
        id: document_id(row, "id")?,
        updated: number(row, "updated")?,
        title: NoteTitle::lossy(row.get_ref("title")?.as_str()?),
        tags: value(row, "tags")?,
        event: id(row, "event")?,
        session: id(row, "session")?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nouns::samples::{self, blank, database, edit, id, merged, note, place};
    use crate::nouns::{State, project};

    fn written(text: &str) -> Note {
        Note::new(NoteText::new(text).unwrap())
    }

    #[test]
    fn two_devices_that_type_at_once_keep_every_word() {
        let mut one = blank();
        edit(&mut one, |tx| write(tx, None, &written("one three")));
        let mut other = one.fork();
        let insert = |at, text: &str| Splice { at, delete: 0, insert: text.to_owned() };

        edit(&mut one, |tx| splice(tx, TextUnit::Utf16, &[insert(4, "two "), insert(0, "0 ")]));
        edit(&mut other, |tx| splice(tx, TextUnit::Scalars, &[insert(9, " four")]));
        let filed = written("one three four").with_session(Some(id(1)));
        edit(&mut other, |tx| write(tx, Some(&written("one three four")), &filed));

        let both = read(&merged(&mut one, &mut other)).unwrap();
        assert_eq!(both, written("0 one two three four").with_session(Some(id(1))));
    }

    #[test]
    fn what_is_shown_is_normalised_and_what_is_edited_is_as_typed() {
        let mut doc = blank();
        edit(&mut doc, |tx| write(tx, None, &written("")));
        let typed = Splice { at: 0, delete: 0, insert: "Zoe\u{308}\r\n\0".to_owned() };
        edit(&mut doc, |tx| splice(tx, TextUnit::Scalars, &[typed]));

        assert_eq!(read(&doc).unwrap().text().as_str(), "Zoë\n");
        assert_eq!(raw_text(&doc).unwrap(), "Zoe\u{308}\r\n\0");
    }

    /// Notes numbered from 1, each changed at its number.
    fn with_notes(notes: &[Note]) -> Connection {
        let db = database();
        for (number, note) in (1..).zip(notes) {
            let doc = samples::written(|tx| write(tx, None, note));
            samples::log_entry(&db, number, number.into());
            project(&db, &place(number), NOTE, State::Changes(&doc)).unwrap();
        }
        db
    }

    fn numbers(db: &Connection, filter: &Filter) -> Vec<u8> {
        let headlines = list(db, filter, None, 10).unwrap();
        headlines.iter().map(|headline| headline.id.as_bytes()[0]).collect()
    }

    #[test]
    fn notes_are_listed_by_their_last_change_and_filtered() {
        let tag = |name| List::new(vec![Tag::new(name).unwrap()]).unwrap();
        let db = with_notes(&[
            written("one").with_session(Some(id(1))).with_event(Some(id(9))),
            written("two").with_tags(tag("Idea")).with_event(Some(id(9))),
            written("three").with_session(Some(id(1))).with_tags(tag("idea")),
        ]);
        let (event, session, tag) = (Some(id(9)), Some(id(1)), Some(Tag::new("IDEA").unwrap()));
        let none = Filter::default();

        assert_eq!(numbers(&db, &none), [3, 2, 1]);
        assert_eq!(numbers(&db, &Filter { event, ..none.clone() }), [2, 1]);
        assert_eq!(numbers(&db, &Filter { session, ..none.clone() }), [3, 1]);
        assert_eq!(numbers(&db, &Filter { tag: tag.clone(), ..none.clone() }), [3, 2]);
        assert_eq!(numbers(&db, &Filter { session, tag, ..none.clone() }), [3]);
        assert_eq!(numbers(&db, &Filter { session, event, ..none }), [1]);
    }

    #[test]
    fn a_page_of_notes_begins_where_the_one_before_ended() {
        let db = with_notes(&["a", "b", "c", "d", "e"].map(written));
        // Two that were changed at the same time.
        db.execute("UPDATE note SET updated = 3 WHERE document = 4", []).unwrap();

        let mut titles = Vec::new();
        let mut last: Option<Headline> = None;
        loop {
            let page = list(&db, &Filter::default(), last.as_ref(), 2).unwrap();
            titles.extend(page.iter().map(|line| line.title.as_ref().unwrap().to_string()));
            match page.into_iter().next_back() {
                Some(line) => last = Some(line),
                None => break,
            }
        }

        assert_eq!(titles, ["e", "c", "d", "b", "a"]);
    }

    #[test]
    fn a_note_is_read_from_the_views_as_it_was_written() {
        let whole = written("# Title\nText").with_session(Some(id(1)));
        let db = with_notes(std::slice::from_ref(&whole));

        let Written { id, updated, note } = get(&db, &place(1).id).unwrap().unwrap();

        assert_eq!((id, updated.get(), note), (place(1).id, 1, whole));
        let headline = &list(&db, &Filter::default(), None, 1).unwrap()[0];
        assert_eq!(headline.title.as_ref().unwrap().as_str(), "Title");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_note_reads_back(first in note(), then in note()) {
            let mut doc = blank();
            edit(&mut doc, |tx| write(tx, None, &first));
            prop_assert_eq!(&read(&doc).unwrap(), &first);

            edit(&mut doc, |tx| write(tx, Some(&first), &then));
            prop_assert_eq!(&read(&doc).unwrap(), &then);
        }
    }
}
