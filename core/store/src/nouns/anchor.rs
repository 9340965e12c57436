//! What I want to pick up again, in the self space.
//!
//! | key | holds |
//! |---|---|
//! | `words` | register: a line; mandatory |
//! | `holds`, `due` | registers |
//! | `done` | register: true once it was picked up |

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ReadDoc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::DocumentId;
use teilgeber_model::{Anchor, Holds};

use super::register::{self, json, put};
use super::search::{Belongs, put_words_of};
use super::view::{Place, document_id, value};
use super::{ANCHOR, Unreadable};

/// An anchor, and which document it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Which document.
    pub id: DocumentId,
    /// What it holds.
    pub anchor: Anchor,
}

/// The anchor of `doc`.
///
/// # Errors
/// [`Unreadable`] where it has no words.
pub fn read(doc: &impl ReadDoc) -> Result<Anchor, Unreadable> {
    let words = register::get(doc, "words").ok_or(Unreadable { field: "words" })?;
    Ok(Anchor::new(words)
        .with_holds(register::get(doc, "holds"))
        .with_due(register::get(doc, "due"))
        .with_done(register::get(doc, "done").unwrap_or_default()))
}

/// Writes what differs between `old`, which was read in the same transaction, and `new`.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    old: Option<&Anchor>,
    new: &Anchor,
) -> Result<(), AutomergeError> {
    put(tx, "words", old.map(Anchor::words), Some(new.words()))?;
    put(tx, "holds", old.and_then(Anchor::holds), new.holds())?;
    put(tx, "due", old.and_then(Anchor::due).as_ref(), new.due().as_ref())?;
    let was_done = old.is_some_and(Anchor::is_done);
    put(tx, "done", Some(&was_done), Some(&new.is_done()))
}

/// The anchor with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Set>> {
    let sql = "SELECT id, value FROM anchor WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_set).optional()
}

/// The anchors that are open, or those that are done; by day, those without one last.
///
/// # Errors
/// What the database fails with.
pub fn list(db: &Connection, done: bool) -> rusqlite::Result<Vec<Set>> {
    let sql = "
        SELECT id, value FROM anchor
        WHERE done = ?1
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = anchor.id)
        ORDER BY due IS NULL, due, id";
    db.prepare_cached(sql)?.query_map([done], row_to_set)?.collect()
}

/// Writes the rows of an anchor.
pub(super) fn show(tx: &Connection, at: &Place, anchor: &Anchor) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO anchor (document, id, done, due, value)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        at.document,
        at.id.as_bytes(),
        anchor.is_done(),
        anchor.due().map(|day| day.days()),
        json(anchor)
    ])?;
    let belongs = match anchor.holds() {
        Some(Holds::Person(person)) => Belongs { person: Some(*person), ..Belongs::default() },
        Some(Holds::Session(session)) => Belongs { session: Some(*session), ..Belongs::default() },
        _ => Belongs::default(),
    };
    put_words_of(tx, at, ANCHOR, anchor.words().as_str(), "", belongs)
}

fn row_to_set(row: &Row<'_>) -> rusqlite::Result<Set> {
    Ok(Set { id: document_id(row, "id")?, anchor: value(row, "value")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nouns::samples::{blank, database, edit, line, merged, place, written};
    use crate::nouns::{State, project};

    fn show_all(anchors: &[Anchor]) -> Connection {
        let db = database();
        for (number, anchor) in (1..).zip(anchors) {
            let doc = written(|tx| write(tx, None, anchor));
            project(&db, &place(number), ANCHOR, State::Changes(&doc)).unwrap();
        }
        db
    }

    #[test]
    fn what_is_due_stands_first_and_what_is_done_apart() {
        let anchor = |words: &str, due: Option<&str>| {
            Anchor::new(line(words)).with_due(due.map(|day| day.parse().unwrap()))
        };
        let db = show_all(&[
            anchor("some day", None),
            anchor("late", Some("2027-01-02")),
            anchor("soon", Some("2026-12-01")),
            anchor("done", Some("2026-12-01")).with_done(true),
        ]);

        let words = |done| {
            let found = list(&db, done).unwrap();
            found.iter().map(|set| set.anchor.words().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(words(false), ["soon", "late", "some day"]);
        assert_eq!(words(true), ["done"]);
    }

    #[test]
    fn what_one_device_finishes_while_another_postpones_is_finished_and_postponed() {
        let old = Anchor::new(line("Call Bo"));
        let mut one = blank();
        edit(&mut one, |tx| write(tx, None, &old));
        let mut other = one.fork();
        let day = Some("2026-12-24".parse().unwrap());
        edit(&mut one, |tx| write(tx, Some(&old), &old.clone().with_done(true)));
        edit(&mut other, |tx| write(tx, Some(&old), &old.clone().with_due(day)));

        let both = read(&merged(&mut one, &mut other)).unwrap();
        assert_eq!(both, old.with_done(true).with_due(day));
    }
}
