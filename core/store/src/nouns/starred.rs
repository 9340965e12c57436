//! The sessions that I look forward to, once in the self space.
//!
//! | key | holds |
//! |---|---|
//! | `star/…` | items, by the session's id: the session, its event, and where I last saw it |
//!
//! Where it was last seen stands with the star, so that all my devices know what was told already.
//! Two devices that each star a session keep both stars; one that is taken back by one device while
//! another one sees the session move stays.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ReadDoc};
use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::{DocumentId, SpaceId};
use teilgeber_model::Star;

use super::register::{Item, items, json, put_items};
use super::view::{Place, value};

/// The most stars that are kept: more sessions than the largest conferences have.
pub const STARS_MAX: usize = 4096;

/// The stars of `doc`, in the order in which they were given.
pub fn read(doc: &impl ReadDoc) -> Vec<Star> {
    let mut stars = items(doc);
    stars.truncate(STARS_MAX);
    stars
}

/// Makes of the stars `old`, which were read in the same transaction, the stars `new`.
///
/// # Errors
/// What Automerge refuses.
pub fn write(tx: &mut impl Transactable, old: &[Star], new: &[Star]) -> Result<(), AutomergeError> {
    put_items(tx, old, new)
}

impl Item for Star {
    const FIELD: &'static str = "star";

    fn key(&self) -> String {
        self.session.to_string()
    }
}

/// My star of a session.
///
/// # Errors
/// What the database fails with.
pub fn of_session(db: &Connection, session: &DocumentId) -> rusqlite::Result<Option<Star>> {
    let sql = "SELECT value FROM starred WHERE session = ?1 LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    statement.query_row([session.as_bytes()], |row| value(row, "value")).optional()
}

/// My stars in an event, in the order in which they were given.
///
/// # Errors
/// What the database fails with.
pub fn in_event(db: &Connection, event: &SpaceId) -> rusqlite::Result<Vec<Star>> {
    let sql = "SELECT value FROM starred WHERE event = ?1 ORDER BY rank, session";
    db.prepare_cached(sql)?.query_map([event.as_bytes()], |row| value(row, "value"))?.collect()
}

/// All my stars, by session.
///
/// # Errors
/// What the database fails with.
pub fn all(db: &Connection) -> rusqlite::Result<Vec<Star>> {
    let sql = "SELECT value FROM starred ORDER BY session";
    db.prepare_cached(sql)?.query_map([], |row| value(row, "value"))?.collect()
}

/// Writes a row for each star.
pub(super) fn show(tx: &Connection, at: &Place, stars: &[Star]) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM starred WHERE document = ?1")?.execute([at.document])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO starred (document, session, event, rank, value) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (rank, star) in (0_i64..).zip(stars) {
        insert.execute(params![
            at.document,
            star.session.as_bytes(),
            star.event.as_bytes(),
            rank,
            json(star)
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nouns::samples::{SPACE, blank, database, edit, id, merged, place, placement};
    use crate::nouns::{STARRED, State, project};

    fn star(session: u8) -> Star {
        Star { session: id(session), event: id(0xaa), seen: None }
    }

    #[test]
    fn two_devices_that_star_before_they_meet_keep_both_stars() {
        let (mut one, mut other) = (blank(), blank());
        edit(&mut one, |tx| write(tx, &[], &[star(1)]));
        edit(&mut other, |tx| write(tx, &[], &[star(2)]));

        let both = merged(&mut one, &mut other);

        assert_eq!(read(&both), [star(1), star(2)]);
    }

    #[test]
    fn my_stars_are_listed_by_event() {
        let db = database();
        let mut doc = blank();
        let elsewhere = Star { event: id(3), ..star(2) };
        edit(&mut doc, |tx| write(tx, &[], &[star(9), elsewhere, star(1)]));

        project(&db, &place(1), STARRED, State::Changes(&doc)).unwrap();
        assert_eq!(in_event(&db, &SPACE).unwrap(), [star(9), star(1)]);

        project(&db, &place(1), STARRED, State::Gone).unwrap();
        assert_eq!(in_event(&db, &SPACE).unwrap(), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn stars_read_back(
            first in prop::collection::btree_map(0..9_u8, prop::option::of(placement()), 0..6),
            then in prop::collection::btree_map(0..9_u8, prop::option::of(placement()), 0..6),
        ) {
            let stars = |of: std::collections::BTreeMap<u8, _>| -> Vec<Star> {
                of.into_iter().map(|(byte, seen)| Star { seen, ..star(byte) }).collect()
            };
            let (first, then) = (stars(first), stars(then));
            let mut doc = blank();
            edit(&mut doc, |tx| write(tx, &[], &first));
            prop_assert_eq!(&read(&doc), &first);

            edit(&mut doc, |tx| write(tx, &first, &then));
            prop_assert_eq!(&read(&doc), &then);
        }
    }
}
