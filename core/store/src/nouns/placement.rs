//! Where in the grid a session is held, in the event's space, written by anyone.
//!
//! One register, `place`, holds the canonical bytes of [`Placement`]. The causally last claim counts; of
//! claims that were made at once all stand, as a conflict that is shown until somebody settles it by
//! placing the session again. Any two devices may place a session first, so its document starts
//! from [`FIRST_CHANGE`].

use std::collections::HashMap;

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ROOT, ReadDoc};
use rusqlite::{Connection, Row, params};
use teilgeber_entry::{DocumentId, SpaceId};
use teilgeber_model::{Millis, Minutes, Placement, RoomName};

use super::view::{Place, document_id, number, unreadable};

/// The change from which every placement starts: it says that the session is nowhere yet. Nobody
/// signs it. Its actor is sixteen zeros, its time 0.
pub const FIRST_CHANGE: &[u8] = b"\
    \x85oJ\x83J\x03?m\x010\x00\x10\
    \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
    \x01\x01\x00\x00\x00\x05\x15\x074\x01B\x02V\x02p\x02\x7f\x05place\x01\x7f\x01\x7f\x00\x7f\x00";

/// The most claims that are read. More stand beside each other only by malice, and a screen could
/// not show them.
pub const CLAIMS_MAX: usize = 16;

/// Something on the board of an event that somebody must settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Claims that were made at once place a session in several places.
    Claims {
        /// Which session.
        session: DocumentId,
        /// Where, in the order of [`claims`].
        placements: Vec<Placement>,
    },
    /// Two sessions are in one room at one time.
    Overlap {
        /// The one that begins first (of two that begin together, that with the lower id), and the other.
        sessions: [DocumentId; 2],
        /// Where they are, in the same order.
        placements: [Placement; 2],
    },
}

/// Which version of a session and its place this is. Both grow with the set of entries: whoever knows more
/// has the higher ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// How often the session was put somewhere.
    pub placed: u32,
    /// When it or its place was last changed, by the word of whoever did.
    pub changed: Millis,
}

/// Where `doc` says that its session is held: none while it is nowhere, several in a conflict. In the
/// order of room, start and minutes on the wire, which is the same everywhere.
pub fn claims(doc: &impl ReadDoc) -> Vec<Placement> {
    let values = doc.get_all(ROOT, PLACE).unwrap_or_default();
    let claim = |bytes: &[u8]| Some((bytes.to_vec(), Placement::decode(bytes).ok()?));
    let mut claims: Vec<_> =
        values.iter().filter_map(|(value, _)| claim(value.as_bytes()?)).collect();
    claims.sort_by(|(a, _), (b, _)| a.cmp(b));
    claims.dedup_by(|(_, a), (_, b)| a == b);
    claims.into_iter().map(|(_, claim)| claim).take(CLAIMS_MAX).collect()
}

/// Places the session, or takes it out of the grid. Settles a conflict.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    placement: Option<&Placement>,
) -> Result<(), AutomergeError> {
    match placement {
        Some(placement) => tx.put(ROOT, PLACE, placement.encode()),
        None => tx.put(ROOT, PLACE, ()),
    }
}

const PLACE: &str = "place";

/// What must be settled on the board of an event: first sessions in several places, then two in one.
/// Hidden sessions take no room.
///
/// # Errors
/// What the database fails with.
pub fn conflicts(db: &Connection, space: &SpaceId) -> rusqlite::Result<Vec<Conflict>> {
    let mut conflicts: Vec<Conflict> = Vec::new();
    let mut statement = db.prepare_cached(include_str!("placement/torn.sql"))?;
    let mut rows = statement.query([space.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let (id, placement) = (document_id(row, "id")?, row_to_placement(row)?);
        match conflicts.last_mut() {
            Some(Conflict::Claims { session, placements }) if *session == id => {
                placements.push(placement);
            }
            _ => conflicts.push(Conflict::Claims { session: id, placements: vec![placement] }),
        }
    }
    let mut statement = db.prepare_cached(include_str!("placement/overlaps.sql"))?;
    let overlaps = statement.query_map([space.as_bytes()], |row| {
        let room = room(row, "room")?;
        let second = Placement {
            room: room.clone(),
            start: number(row, "other_start")?,
            minutes: minutes(row, "other_minutes")?,
        };
        let sessions = [document_id(row, "id")?, document_id(row, "other")?];
        Ok(Conflict::Overlap { sessions, placements: [row_to_placement(row)?, second] })
    })?;
    for overlap in overlaps {
        conflicts.push(overlap?);
    }
    Ok(conflicts)
}

/// The revisions of all sessions of an event.
///
/// # Errors
/// What the database fails with.
pub fn revisions(
    db: &Connection,
    space: &SpaceId,
) -> rusqlite::Result<HashMap<DocumentId, Revision>> {
    let mut statement = db.prepare_cached(include_str!("placement/revisions.sql"))?;
    let revisions = statement.query_map([space.as_bytes()], |row| {
        let revision = Revision { placed: row.get("placed")?, changed: number(row, "changed")? };
        Ok((document_id(row, "id")?, revision))
    })?;
    revisions.collect()
}

/// Writes a row for each claim.
pub(super) fn show(tx: &Connection, at: &Place, claims: &[Placement]) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM placement WHERE document = ?1")?.execute([at.document])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO placement (document, space, id, room, start, minutes, until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for claim in claims {
        insert.execute(params![
            at.document,
            at.space,
            at.id.as_bytes(),
            claim.room.as_str(),
            claim.start.get() as i64,
            claim.minutes.get(),
            claim.end().get() as i64
        ])?;
    }
    Ok(())
}

/// The placement in the columns `room`, `start` and `minutes`.
pub(super) fn row_to_placement(row: &Row<'_>) -> rusqlite::Result<Placement> {
    Ok(Placement {
        room: room(row, "room")?,
        start: number(row, "start")?,
        minutes: minutes(row, "minutes")?,
    })
}

fn room(row: &Row<'_>, column: &str) -> rusqlite::Result<RoomName> {
    RoomName::new(row.get_ref(column)?.as_str()?).map_err(|error| unreadable(row, column, error))
}

fn minutes(row: &Row<'_>, column: &str) -> rusqlite::Result<Minutes> {
    Minutes::new(row.get(column)?).map_err(|error| unreadable(row, column, error))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use teilgeber_entry::{AuthorId, Origin, SpaceKey};
    use teilgeber_model::{Millis, Session};

    use super::*;
    use crate::nouns::samples::{
        KEY, SPACE, database, edit, from_first, line, merged, place, placement, written,
    };
    use crate::nouns::{PLACEMENT, SESSION, State, project, session};

    fn attic(start: u64) -> Placement {
        let (start, minutes) = (Millis::new(start).unwrap(), Minutes::new(45).unwrap());
        Placement { room: line("Attic"), start, minutes }
    }

    #[test]
    fn the_last_claim_counts() {
        let mut doc = from_first(FIRST_CHANGE);
        assert_eq!(claims(&doc), []);

        edit(&mut doc, |tx| write(tx, Some(&attic(1))));
        edit(&mut doc, |tx| write(tx, Some(&attic(2))));
        assert_eq!(claims(&doc), [attic(2)]);

        edit(&mut doc, |tx| write(tx, None));
        assert_eq!(claims(&doc), []);
    }

    #[test]
    fn claims_at_once_stand_until_somebody_settles_them() {
        let (mut one, mut other) = (from_first(FIRST_CHANGE), from_first(FIRST_CHANGE));
        edit(&mut one, |tx| write(tx, Some(&attic(2))));
        edit(&mut other, |tx| write(tx, Some(&attic(1))));

        let mut both = merged(&mut one, &mut other);
        assert_eq!(claims(&both), [attic(1), attic(2)]);

        edit(&mut both, |tx| write(tx, Some(&attic(2))));
        assert_eq!(claims(&both), [attic(2)]);
    }

    #[test]
    fn two_who_say_the_same_at_once_agree() {
        let (mut one, mut other) = (from_first(FIRST_CHANGE), from_first(FIRST_CHANGE));
        edit(&mut one, |tx| write(tx, Some(&attic(1))));
        edit(&mut other, |tx| write(tx, Some(&attic(1))));

        assert_eq!(claims(&merged(&mut one, &mut other)), [attic(1)]);
    }

    #[test]
    fn what_is_no_place_is_nowhere() {
        let mut doc = from_first(FIRST_CHANGE);

        edit(&mut doc, |tx| tx.put(ROOT, PLACE, "Attic"));

        assert_eq!(claims(&doc), []);
    }

    /// A board of the sessions 1, 2, …, each placed by these claims.
    fn board_of(claims: &[&[Placement]]) -> Connection {
        let db = database();
        for (number, claims) in (1..).zip(claims) {
            let title = Session::new(line(&format!("Session {number}")));
            let doc = written(|tx| session::write(tx, None, &title));
            project(&db, &place(number), SESSION, State::Changes(&doc)).unwrap();
            let mut doc = from_first(FIRST_CHANGE);
            for claim in *claims {
                let mut other = from_first(FIRST_CHANGE);
                edit(&mut other, |tx| write(tx, Some(claim)));
                doc.merge(&mut other).unwrap();
            }
            let origin = Origin::Attached { parent: place(number).id, generation: 0 };
            let (key, author) = (SpaceKey::from_bytes(KEY), AuthorId::from_bytes([number; 32]));
            let id = origin.document(&key, PLACEMENT, &author, 5, None).unwrap();
            let at = Place { id, ..place(number + 100) };
            project(&db, &at, PLACEMENT, State::Changes(&doc)).unwrap();
        }
        db
    }

    fn at(room: &str, start: u64) -> Placement {
        let start = Millis::new(start * 60_000).unwrap();
        Placement { room: line(room), start, minutes: Minutes::new(45).unwrap() }
    }

    #[test]
    fn the_board_is_in_the_order_of_time_and_room() {
        let db = board_of(&[&[at("Yard", 60)], &[], &[at("Attic", 60)], &[at("Yard", 0)]]);

        let board = session::board(&db, &SPACE).unwrap();

        let order: Vec<_> = board.iter().map(|pinned| pinned.pitched.id.as_bytes()[0]).collect();
        assert_eq!(order, [4, 3, 1, 2]);
        assert_eq!(board[0].placement, Some(at("Yard", 0)));
        assert_eq!(board[3].placement, None);
        assert_eq!(conflicts(&db, &SPACE).unwrap(), []);
    }

    #[test]
    fn two_sessions_in_one_room_at_one_time_are_a_conflict() {
        let db = board_of(&[&[at("Attic", 44)], &[at("Attic", 0)], &[at("Attic", 89)]]);

        let sessions = [place(2).id, place(1).id];
        let placements = [at("Attic", 0), at("Attic", 44)];
        assert_eq!(conflicts(&db, &SPACE).unwrap(), [Conflict::Overlap { sessions, placements }]);
    }

    #[test]
    fn a_session_in_two_places_is_a_conflict_until_it_is_settled() {
        let claims = [at("Attic", 0), at("Yard", 0)];
        let db = board_of(&[&claims, &[at("Hall", 0)]]);
        let torn = Conflict::Claims { session: place(1).id, placements: claims.to_vec() };
        assert_eq!(conflicts(&db, &SPACE).unwrap(), [torn]);
        assert_eq!(session::board(&db, &SPACE).unwrap().len(), 3);

        let db = board_of(&[&[at("Yard", 0)], &[at("Hall", 0)]]);
        assert_eq!(conflicts(&db, &SPACE).unwrap(), []);
    }

    #[test]
    fn nobody_places_a_session_by_another_document() {
        let db = board_of(&[&[at("Attic", 0)]]);
        let mut doc = from_first(FIRST_CHANGE);
        edit(&mut doc, |tx| write(tx, Some(&at("Yard", 0))));

        project(&db, &place(50), PLACEMENT, State::Changes(&doc)).unwrap();

        let board = session::board(&db, &SPACE).unwrap();
        assert_eq!(board.len(), 1);
        assert_eq!(board[0].placement, Some(at("Attic", 0)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn claims_are_in_one_order_however_they_came(
            placements in prop::collection::vec(placement(), 1..5),
        ) {
            let mut docs: Vec<_> = placements.iter().map(|_| from_first(FIRST_CHANGE)).collect();
            for (doc, placement) in docs.iter_mut().zip(&placements) {
                edit(doc, |tx| write(tx, Some(placement)));
            }

            let mut forward = from_first(FIRST_CHANGE);
            let mut backward = from_first(FIRST_CHANGE);
            for doc in &mut docs {
                forward.merge(doc).unwrap();
            }
            for doc in docs.iter_mut().rev() {
                backward.merge(doc).unwrap();
            }

            prop_assert_eq!(claims(&forward), claims(&backward));
            prop_assert!(placements.iter().all(|placement| claims(&forward).contains(placement)));
        }
    }
}
