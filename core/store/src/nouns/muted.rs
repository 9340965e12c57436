//! From whom I want some quiet, once in the self space: it goes to my own devices and no further.
//!
//! | key | holds |
//! |---|---|
//! | `muted/…` | items, by the person |
//!
//! Two devices that mute different people keep both. Of one that lifts and one that mutes at once the
//! quiet stays.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ReadDoc};
use rusqlite::{Connection, params};
use teilgeber_entry::PersonId;
use teilgeber_model::{Id, Muted, Quiet};

use super::register::{Item, items, put_items};
use super::view::{Place, person_id};

impl Item for Muted {
    const FIELD: &'static str = "muted";

    fn key(&self) -> String {
        self.person.to_string()
    }
}

/// Who is muted in `doc`.
pub fn read(doc: &impl ReadDoc) -> Vec<Muted> {
    items(doc)
}

/// Makes the quiet from a person this much; `None` lifts it. What is said of others stays.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    person: Id,
    quiet: Option<Quiet>,
) -> Result<(), AutomergeError> {
    let old = read(tx);
    let mut new: Vec<Muted> = old.iter().copied().filter(|it| it.person != person).collect();
    match (old.iter().position(|it| it.person == person), quiet) {
        (Some(at), Some(quiet)) => new.insert(at, Muted { person, quiet }),
        (None, Some(quiet)) => new.push(Muted { person, quiet }),
        (_, None) => {}
    }
    put_items(tx, &old, &new)
}

/// All from whom I want some quiet, by id.
///
/// # Errors
/// What the database fails with.
pub fn list(db: &Connection) -> rusqlite::Result<Vec<Muted>> {
    let sql = "SELECT person, max(blocked) AS blocked FROM muted GROUP BY person ORDER BY person";
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_map([], |row| {
        let quiet = if row.get("blocked")? { Quiet::Block } else { Quiet::Mute };
        let person = person_id(row, "person")?;
        Ok(person.map(|person| Muted { person: Id::new(*person.as_bytes()), quiet }))
    })?;
    found.filter_map(Result::transpose).collect()
}

/// Whether I blocked a person: nothing of theirs is shown, their letters and requests neither.
///
/// # Errors
/// What the database fails with.
pub fn is_blocked(db: &Connection, person: &PersonId) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM muted WHERE person = ?1 AND blocked = 1";
    db.prepare_cached(sql)?.exists([person.as_bytes()])
}

/// Writes the rows of who is muted.
pub(super) fn show(tx: &Connection, at: &Place, all: &[Muted]) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM muted WHERE document = ?1")?.execute([at.document])?;
    let sql = "INSERT OR REPLACE INTO muted (document, person, blocked) VALUES (?1, ?2, ?3)";
    let mut insert = tx.prepare_cached(sql)?;
    for one in all {
        let blocked = one.quiet == Quiet::Block;
        insert.execute(params![at.document, one.person.as_bytes(), blocked])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nouns::samples::{blank, database, edit, id, merged, place};
    use crate::nouns::{MUTED, State, project};

    fn mute(doc: &mut automerge::Automerge, person: u8, quiet: Option<Quiet>) {
        edit(doc, |tx| write(tx, id(person), quiet));
    }

    #[test]
    fn two_devices_that_mute_at_once_keep_both_and_the_quiet_wins_over_its_end() {
        let mut one = blank();
        mute(&mut one, 1, Some(Quiet::Mute));
        let mut other = one.fork();

        mute(&mut one, 1, None);
        mute(&mut one, 2, Some(Quiet::Block));
        mute(&mut other, 1, Some(Quiet::Block));
        mute(&mut other, 3, Some(Quiet::Mute));

        let db = database();
        let both = merged(&mut one, &mut other);
        project(&db, &place(1), MUTED, State::Changes(&both)).unwrap();
        let found: Vec<_> = list(&db).unwrap().iter().map(|it| (it.person, it.quiet)).collect();
        assert_eq!(found, [(id(1), Quiet::Block), (id(2), Quiet::Block), (id(3), Quiet::Mute)]);
        let is_blocked = |n: u8| is_blocked(&db, &PersonId::from_bytes(*id(n).as_bytes())).unwrap();
        assert!(is_blocked(1) && !is_blocked(3) && !is_blocked(4));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn what_was_said_last_of_each_person_stands(
            said in prop::collection::vec((0_u8..6, 0_u8..3), 0..20),
        ) {
            let mut doc = blank();
            let mut wanted = std::collections::BTreeMap::new();
            for (person, quiet) in said {
                let quiet = [None, Some(Quiet::Mute), Some(Quiet::Block)][usize::from(quiet)];
                mute(&mut doc, person, quiet);
                wanted.insert(id(person), quiet);
            }
            let db = database();
            project(&db, &place(1), MUTED, State::Changes(&doc)).unwrap();

            let found: Vec<_> = list(&db).unwrap().iter().map(|it| (it.person, it.quiet)).collect();
            let wanted: Vec<_> =
                wanted.into_iter().filter_map(|(person, quiet)| Some((person, quiet?))).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
