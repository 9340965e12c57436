//! The board of an event: its sessions where they are held, all of them or those that one looks for.

use rusqlite::{Connection, Row, named_params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{Level, Millis, Placement, RoomName, Tag};

use super::placement;
use super::session::{Pitched, row_to_pitched};

/// A session on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Which session.
    pub pitched: Pitched,
    /// Where it is held. A session that several claims place stands there once for each of them, one
    /// that none places has none.
    pub placement: Option<Placement>,
    /// Whether I starred it.
    pub starred: bool,
}

/// Which part of the board: what matches all that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Only sessions with this tag.
    pub tag: Option<Tag>,
    /// Only sessions for this level.
    pub level: Option<Level>,
    /// Only what is in this room.
    pub room: Option<RoomName>,
    /// Only what begins then or later.
    pub from: Option<Millis>,
    /// Only what begins before.
    pub until: Option<Millis>,
    /// Only what I starred.
    pub starred: bool,
    /// Only what this person, who is I, pitched or starred.
    pub mine: Option<PersonId>,
}

/// A part of the board of an event: its sessions by start, room and title, those without a place last.
///
/// # Errors
/// What the database fails with.
pub fn part(db: &Connection, space: &SpaceId, part: &Part) -> rusqlite::Result<Vec<Pinned>> {
    let level = part.level.map(|level| serde_json::to_value(level).unwrap_or_default());
    let params = named_params! {
        ":space": space.as_bytes(),
        ":tag": part.tag.as_ref().map(Tag::folded),
        ":level": level.as_ref().and_then(|level| level.as_str()),
        ":room": part.room.as_ref().map(|room| room.as_str()),
        ":from": part.from.map(|from| from.get() as i64),
        ":until": part.until.map(|until| until.get() as i64),
        ":starred": part.starred,
        ":mine": part.mine.as_ref().map(PersonId::as_bytes),
    };
    let sql = include_str!("board/part.sql");
    db.prepare_cached(sql)?.query_map(params, row_to_pinned)?.collect()
}

/// What of the board is not over at `now`: what runs, what begins next in each room, and what else `me`
/// pitched or starred; by start, room and title.
///
/// # Errors
/// What the database fails with.
pub fn ahead(
    db: &Connection,
    space: &SpaceId,
    me: &PersonId,
    now: Millis,
) -> rusqlite::Result<Vec<Pinned>> {
    let params = named_params! {
        ":space": space.as_bytes(),
        ":me": me.as_bytes(),
        ":now": now.get() as i64,
    };
    let sql = include_str!("board/ahead.sql");
    db.prepare_cached(sql)?.query_map(params, row_to_pinned)?.collect()
}

/// What of the board runs at `now`, in the order of [`ahead`].
///
/// # Errors
/// What the database fails with.
pub fn running(db: &Connection, space: &SpaceId, now: Millis) -> rusqlite::Result<Vec<Pinned>> {
    let params = named_params! { ":space": space.as_bytes(), ":now": now.get() as i64 };
    let sql = include_str!("board/running.sql");
    db.prepare_cached(sql)?.query_map(params, row_to_pinned)?.collect()
}

/// Where a session is held: several places in a conflict.
///
/// # Errors
/// What the database fails with.
pub fn places(db: &Connection, session: &DocumentId) -> rusqlite::Result<Vec<Placement>> {
    let sql = "
        SELECT room, start, minutes FROM board
        WHERE id = ?1 AND start IS NOT NULL
        ORDER BY start, room, minutes";
    db.prepare_cached(sql)?.query_map([session.as_bytes()], placement::row_to_placement)?.collect()
}

fn row_to_pinned(row: &Row<'_>) -> rusqlite::Result<Pinned> {
    let placement = match row.get::<_, Option<i64>>("start")? {
        Some(_) => Some(placement::row_to_placement(row)?),
        None => None,
    };
    Ok(Pinned { pitched: row_to_pitched(row)?, placement, starred: row.get("starred")? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use teilgeber_entry::{AuthorId, Origin, SpaceKey};
    use teilgeber_model::{List, Minutes, Session, Star};

    use super::*;
    use crate::nouns::samples::{KEY, SPACE, blank, database, edit, from_first, id, line, place};
    use crate::nouns::{PLACEMENT, Place, SESSION, STARRED, State, project, session, starred};

    const ME: PersonId = PersonId::from_bytes([5; 32]);

    /// Three sessions: Ada's in the attic at 1, mine in the yard at 2, one that nobody placed.
    fn board() -> Connection {
        let db = database();
        let tagged = |tag| List::new(vec![Tag::new(tag).unwrap()]).unwrap();
        let rust = Session::new(line("A")).with_tags(tagged("Rust"));
        let tea = Session::new(line("B")).with_level(Some(Level::Beginner));
        let all = [(1, rust, Some(("Attic", 1))), (2, tea, Some(("Yard", 2)))];
        let all = all.into_iter().chain([(3, Session::new(line("C")), None)]);
        for (number, new, at) in all {
            let mine = (number == 2).then_some(ME);
            let doc = written(&new);
            let place = Place { maker_person: mine, ..place(number) };
            project(&db, &place, SESSION, State::Changes(&doc)).unwrap();
            if let Some((room, start)) = at {
                put(&db, number, room, start);
            }
        }
        db
    }

    fn written(new: &Session) -> automerge::Automerge {
        let mut doc = blank();
        edit(&mut doc, |tx| session::write(tx, None, new));
        doc
    }

    fn put(db: &Connection, number: u8, room: &str, start: u64) {
        let start = Millis::new(start).unwrap();
        claim(db, number, &[Placement { room: line(room), start, minutes: Minutes::MIN }]);
    }

    /// Places a session in each of these places at once.
    fn claim(db: &Connection, number: u8, places: &[Placement]) {
        let origin = Origin::Attached { parent: place(number).id, generation: 0 };
        let key = SpaceKey::from_bytes(KEY);
        let anyone = AuthorId::from_bytes([0; 32]);
        let id = origin.document(&key, PLACEMENT, &anyone, 0, None).unwrap();
        let first = from_first(placement::FIRST_CHANGE);
        let mut doc = first.clone();
        for at in places {
            let mut one = first.fork();
            edit(&mut one, |tx| placement::write(tx, Some(at)));
            doc.merge(&mut one).unwrap();
        }
        let place = Place { id, ..place(number + 100) };
        project(db, &place, PLACEMENT, State::Changes(&doc)).unwrap();
    }

    fn star(db: &Connection, sessions: &[u8]) {
        let star = |session: &u8| Star { session: id(*session), event: id(0xaa), seen: None };
        let stars: Vec<_> = sessions.iter().map(star).collect();
        let mut doc = blank();
        edit(&mut doc, |tx| starred::write(tx, &[], &stars));
        project(db, &place(200), STARRED, State::Changes(&doc)).unwrap();
    }

    #[track_caller]
    fn shows(db: &Connection, of: &Part, titles: &[&str]) {
        let found = part(db, &SPACE, of).unwrap();
        let found: Vec<_> = found.iter().map(|it| it.pitched.session.title().as_str()).collect();
        assert_eq!(found, titles, "{of:?}");
    }

    #[test]
    fn a_part_of_the_board_is_what_matches_all_that_is_set() {
        let db = board();
        star(&db, &[3]);
        let all = Part::default;
        let time = |time| Some(Millis::new(time).unwrap());

        shows(&db, &all(), &["A", "B", "C"]);
        shows(&db, &Part { tag: Some(Tag::new("rust").unwrap()), ..all() }, &["A"]);
        shows(&db, &Part { level: Some(Level::Beginner), ..all() }, &["B"]);
        shows(&db, &Part { level: Some(Level::Expert), ..all() }, &[]);
        shows(&db, &Part { room: Some(line("Attic")), ..all() }, &["A"]);
        shows(&db, &Part { from: time(2), ..all() }, &["B"]);
        shows(&db, &Part { until: time(2), ..all() }, &["A"]);
        shows(&db, &Part { starred: true, ..all() }, &["C"]);
        shows(&db, &Part { mine: Some(ME), ..all() }, &["B", "C"]);
        shows(&db, &Part { mine: Some(ME), room: Some(line("Attic")), ..all() }, &[]);
    }

    #[test]
    fn what_i_starred_is_marked() {
        let db = board();
        star(&db, &[1]);

        let found = part(&db, &SPACE, &Part::default()).unwrap();

        assert_eq!(found.iter().map(|it| it.starred).collect::<Vec<_>>(), [true, false, false]);
    }

    /// A session, as it may stand on a board.
    #[derive(Clone, Debug)]
    struct Talk {
        places: Vec<Placement>,
        mine: bool,
        starred: bool,
        hidden: bool,
        leaving: bool,
    }

    /// Within six minutes, so that much of it coincides.
    fn talk() -> impl Strategy<Value = Talk> {
        let at = (prop::sample::select(vec!["Attic", "Barn", "Yard"]), 0..6u64, 1..4u16);
        let at = at.prop_map(|(room, start, length)| Placement {
            room: line(room),
            start: Millis::new(start * MINUTE).unwrap(),
            minutes: Minutes::new(length).unwrap(),
        });
        let rarely = || prop::bool::weighted(0.2);
        let sides = (rarely(), rarely(), rarely(), rarely());
        (prop::collection::vec(at, 0..3), sides).prop_map(
            |(places, (mine, starred, hidden, leaving))| Talk {
                places,
                mine,
                starred,
                hidden,
                leaving,
            },
        )
    }

    const MINUTE: u64 = 60_000;

    fn board_of(talks: &[Talk]) -> Connection {
        let db = database();
        let mut stars = Vec::new();
        for (number, talk) in (1..).zip(talks) {
            let doc = written(&Session::new(line(&format!("Session {number}"))));
            let maker_person = talk.mine.then_some(ME);
            let place = Place { maker_person, hidden: talk.hidden, ..place(number) };
            project(&db, &place, SESSION, State::Changes(&doc)).unwrap();
            claim(&db, number, &talk.places);
            stars.extend(talk.starred.then_some(number));
            if talk.leaving {
                let leaving = "INSERT INTO leaving (id, noun, thing, until) VALUES (?1, 0, x'', 0)";
                db.execute(leaving, [place.id.as_bytes()]).unwrap();
            }
        }
        star(&db, &stars);
        db
    }

    /// What [`ahead`] reads, from the whole board.
    fn ahead_of(board: &[Pinned], now: Millis) -> Vec<Pinned> {
        let begins_next = |at: &Placement| {
            let places = board.iter().filter_map(|it| it.placement.as_ref());
            let starts = places.filter(|it| it.room == at.room && it.start > now);
            starts.map(|it| it.start).min() == Some(at.start)
        };
        let is_ahead = |it: &&Pinned| {
            let is_mine = it.starred || it.pitched.person == Some(ME);
            it.placement
                .as_ref()
                .is_some_and(|at| now < at.end() && (at.start <= now || is_mine || begins_next(at)))
        };
        board.iter().filter(is_ahead).cloned().collect()
    }

    proptest! {
        #[test]
        fn what_is_ahead_and_what_runs_are_what_the_whole_board_says(
            talks in prop::collection::vec(talk(), 0..12),
        ) {
            let db = board_of(&talks);
            let board = part(&db, &SPACE, &Part::default()).unwrap();

            for half_minutes in 0..20 {
                let now = Millis::new(half_minutes * MINUTE / 2).unwrap();
                prop_assert_eq!(ahead(&db, &SPACE, &ME, now).unwrap(), ahead_of(&board, now));
                let runs = |at: &Placement| at.start <= now && now < at.end();
                let running_now = board.iter().filter(|it| it.placement.as_ref().is_some_and(runs));
                let running_now: Vec<_> = running_now.cloned().collect();
                prop_assert_eq!(running(&db, &SPACE, now).unwrap(), running_now);
            }
        }
    }
}
