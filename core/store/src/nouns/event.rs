//! A barcamp, in its own space, written by its organisers.
//!
//! | key | holds |
//! |---|---|
//! | `name` | register: a line; mandatory |
//! | `days` | register: first and last, together because they must agree; mandatory |
//! | `time_zone` | register: an IANA name; `UTC` where absent |
//! | `room/…` | items, by the room's name |
//! | `slot/…` | items, by start and length |
//! | `retention_days`, `policy`, `bridges` | registers: the rules |
//! | `place`, `link` | registers |
//! | `lock/…` | items, by a hash of the locked part of the board |
//! | `question/…` | items, by the question's id |
//! | `feedback_readers` | register: both together, so that two who name readers at once do not mix them |
//! | `trusted/…` | items, by person |

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ReadDoc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, SpaceId};
use teilgeber_model::{Event, LetterReader, List, Lock, Policy, Question, Room, Rules, Slot};

use super::register::{self, Item, get_all, items, json, put, put_items, short_key};
use super::search::put_words;
use super::view::{Place, document_id, space_id, value};
use super::{EVENT, Unreadable};

/// An event, and in which space it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Camp {
    /// Its space.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// What it holds.
    pub event: Event,
}

/// The event of `doc`.
///
/// # Errors
/// [`Unreadable`] where it has no name or no days.
pub fn read(doc: &impl ReadDoc) -> Result<Event, Unreadable> {
    let name = register::get(doc, "name").ok_or(Unreadable { field: "name" })?;
    let days = register::get(doc, "days").ok_or(Unreadable { field: "days" })?;
    let time_zone = register::get(doc, "time_zone").unwrap_or_default();
    Ok(Event::new(name, days, time_zone)
        .with_rooms(List::lossy(items(doc)))
        .with_slots(List::lossy(items(doc)))
        .with_rules(rules(doc))
        .with_place(register::get(doc, "place"))
        .with_link(register::get(doc, "link"))
        .with_locks(List::lossy(items(doc)))
        .with_questions(List::lossy(items(doc)))
        .with_feedback_readers(register::get(doc, "feedback_readers").unwrap_or_default())
        .with_trusted(List::lossy(items(doc))))
}

/// Writes what differs between `old`, which was read in the same transaction, and `new`.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    old: Option<&Event>,
    new: &Event,
) -> Result<(), AutomergeError> {
    let (rules, old_rules) = (new.rules(), old.map(Event::rules));
    put(tx, "name", old.map(Event::name), Some(new.name()))?;
    put(tx, "days", old.map(Event::days).as_ref(), Some(&new.days()))?;
    put(tx, "time_zone", old.map(Event::time_zone), Some(new.time_zone()))?;
    put_items(tx, old.map_or(&[], |old| old.rooms()), new.rooms())?;
    put_items(tx, old.map_or(&[], |old| old.slots()), new.slots())?;
    let old_retention = old_rules.map(|rules| rules.retention);
    put(tx, "retention_days", old_retention.as_ref(), Some(&rules.retention))?;
    put(tx, "policy", old_rules.map(|rules| rules.policy).as_ref(), Some(&rules.policy))?;
    let bridges = old_rules.is_none_or(|rules| rules.bridges);
    put(tx, "bridges", Some(&bridges), Some(&rules.bridges))?;
    put(tx, "place", old.and_then(Event::place), new.place())?;
    put(tx, "link", old.and_then(Event::link), new.link())?;
    put_items(tx, old.map_or(&[], |old| old.locks()), new.locks())?;
    put_items(tx, old.map_or(&[], |old| old.questions()), new.questions())?;
    let readers =
        |event: &'_ Event| Some(event.feedback_readers().clone()).filter(|it| !it.is_empty());
    put(tx, "feedback_readers", old.and_then(readers).as_ref(), readers(new).as_ref())?;
    put_items(tx, old.map_or(&[], |old| old.trusted()), new.trusted())
}

impl Item for Room {
    const FIELD: &'static str = "room";

    fn key(&self) -> String {
        self.name.as_str().to_owned()
    }
}

impl Item for Lock {
    const FIELD: &'static str = "lock";

    fn key(&self) -> String {
        short_key(json(self).as_bytes())
    }
}

impl Item for Question {
    const FIELD: &'static str = "question";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// Those who are trusted; the readers of feedback are one register.
impl Item for LetterReader {
    const FIELD: &'static str = "trusted";

    fn key(&self) -> String {
        self.person.to_string()
    }
}

impl Item for Slot {
    const FIELD: &'static str = "slot";

    fn key(&self) -> String {
        format!("{}+{}", self.start.get(), self.minutes.get())
    }
}

/// Where organisers set the policy at once, the strictest holds; a bridge that one of them closed is
/// closed. That it is open is not written as long as nobody said otherwise.
fn rules(doc: &impl ReadDoc) -> Rules {
    let default = Rules::default();
    let policies = get_all(doc, "policy").into_iter();
    let bridges: Vec<bool> = get_all(doc, "bridges");
    Rules {
        retention: register::get(doc, "retention_days").unwrap_or(default.retention),
        policy: policies.reduce(Policy::strictest).unwrap_or(default.policy),
        bridges: bridges.into_iter().all(|open| open),
    }
}

/// The event of a space.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, space: &SpaceId) -> rusqlite::Result<Option<Camp>> {
    let sql = "SELECT * FROM camp WHERE space = ?1 ORDER BY id LIMIT 1";
    db.prepare_cached(sql)?.query_row([space.as_bytes()], row_to_camp).optional()
}

/// All events, the latest first.
///
/// # Errors
/// What the database fails with.
pub fn list(db: &Connection) -> rusqlite::Result<Vec<Camp>> {
    let sql = "SELECT * FROM camp ORDER BY first DESC, space, id";
    db.prepare_cached(sql)?.query_map([], row_to_camp)?.collect()
}

/// Writes the rows of an event.
pub(super) fn show(tx: &Connection, at: &Place, event: &Event) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO event (document, space, id, first, value)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        event.days().first().days(),
        json(event)
    ])?;
    let rooms = event.rooms().iter().map(|room| room.name.as_str());
    let place = event.place().map_or("", |place| place.as_str());
    let words: Vec<_> = [place].into_iter().chain(rooms).collect();
    put_words(tx, at, EVENT, event.name().as_str(), &words.join("\n"))
}

fn row_to_camp(row: &Row<'_>) -> rusqlite::Result<Camp> {
    Ok(Camp {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        event: value(row, "value")?,
    })
}

#[cfg(test)]
mod tests {
    use automerge::ROOT;
    use proptest::prelude::*;
    use teilgeber_model::Days;

    use super::*;
    use crate::nouns::samples::{
        SPACE, blank, camp, database, edit, event, hold, line, merged, place, written,
    };
    use crate::nouns::{State, project, search};

    fn room(name: &str) -> Room {
        Room { name: line(name), letter: None }
    }

    #[test]
    fn two_organisers_who_add_rooms_and_move_the_event_keep_all() {
        let base = camp().with_rooms(List::new(vec![room("Attic")]).unwrap());
        let mut one = blank();
        edit(&mut one, |tx| write(tx, None, &base));
        let mut other = one.fork();

        let yard = base.clone().with_rooms(List::new(vec![room("Attic"), room("Yard")]).unwrap());
        edit(&mut one, |tx| write(tx, Some(&base), &yard));
        let hall = base.clone().with_rooms(List::new(vec![room("Hall"), room("Attic")]).unwrap());
        let hall = hall.with_place(Some(line("Old Mill")));
        edit(&mut other, |tx| write(tx, Some(&base), &hall));

        let both = read(&merged(&mut one, &mut other)).unwrap();
        let rooms: Vec<_> = both.rooms().iter().map(|room| room.name.as_str()).collect();
        assert_eq!(rooms, ["Hall", "Attic", "Yard"]);
        assert_eq!(both.place(), hall.place());
    }

    #[test]
    fn of_two_policies_set_at_once_the_stricter_holds() {
        let with = |policy| camp().with_rules(Rules { policy, ..Rules::default() });
        for (mine, theirs) in [
            (Policy::ChathamHouse, Policy::OffTheRecord),
            (Policy::OffTheRecord, Policy::ChathamHouse),
        ] {
            let mut one = blank();
            edit(&mut one, |tx| write(tx, None, &camp()));
            let mut other = one.fork();

            edit(&mut one, |tx| write(tx, Some(&camp()), &with(mine)));
            edit(&mut other, |tx| write(tx, Some(&camp()), &with(theirs)));

            let both = read(&merged(&mut one, &mut other)).unwrap();
            assert_eq!(both.rules().policy, Policy::OffTheRecord);
        }
    }

    #[test]
    fn an_event_needs_a_name_and_days() {
        for field in ["name", "days"] {
            let mut doc = blank();
            edit(&mut doc, |tx| write(tx, None, &camp()));
            edit(&mut doc, |tx| tx.put(ROOT, field, 7));

            assert_eq!(read(&doc), Err(Unreadable { field }));
        }
    }

    #[test]
    fn events_are_listed_latest_first_and_found_by_their_rooms() {
        let db = database();
        let other = SpaceId::from_bytes([0xbb; 32]);
        hold(&db, 2, other);
        let later =
            Days::new("2027-01-01".parse().unwrap(), "2027-01-02".parse().unwrap()).unwrap();
        let new_year = camp().with_days(later).with_rooms(List::new(vec![room("Attic")]).unwrap());
        for (number, space, event) in [(1, 1, camp()), (2, 2, new_year.clone())] {
            let doc = written(|tx| write(tx, None, &event));
            let at = Place { space, ..place(number) };
            project(&db, &at, EVENT, State::Changes(&doc)).unwrap();
        }

        let events: Vec<_> = list(&db).unwrap().into_iter().map(|camp| camp.event).collect();
        assert_eq!(events, [new_year.clone(), camp()]);
        assert_eq!(get(&db, &other).unwrap().unwrap().event, new_year);
        assert_eq!(get(&db, &SPACE).unwrap().unwrap().event, camp());
        assert_eq!(search::search(&db, "attic", 9).unwrap()[0].space, other);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn an_event_reads_back(first in event(), then in event()) {
            let mut doc = blank();
            edit(&mut doc, |tx| write(tx, None, &first));
            prop_assert_eq!(&read(&doc).unwrap(), &first);

            edit(&mut doc, |tx| write(tx, Some(&first), &then));
            prop_assert_eq!(&read(&doc).unwrap(), &then);
        }
    }
}
