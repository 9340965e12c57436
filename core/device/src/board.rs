//! The board of an event: all of it, a part of it, today's, and what runs now and comes next.

use std::collections::BTreeMap;

use serde::Serialize;
use teilgeber_formats::zone;
use teilgeber_model::{
    Day, Id, Invalid, Level, List, Lock, Locks, Millis, Placement, RoomName, Tag, TimeZone,
};
use teilgeber_store::nouns::{board, event};

use crate::device::{Device, model_id, moment};
use crate::error::{Error, Result};
use crate::session::{BoardItem, SessionRecord, record};

/// Which part of the board: what matches all that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Only sessions with this tag.
    pub tag: Option<Tag>,
    /// Only sessions for this level.
    pub level: Option<Level>,
    /// Only what is in this room.
    pub room: Option<RoomName>,
    /// Only what begins on this day, as it is counted where the event is.
    pub day: Option<Day>,
    /// Only what I starred.
    pub starred: bool,
    /// Only what I pitched or starred.
    pub mine: bool,
}

/// What runs at a moment, and what comes after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NowNext {
    /// The time zone of the event, in which its times are shown.
    pub zone: TimeZone,
    /// What runs, by start and room.
    pub now: Vec<BoardItem>,
    /// What begins next in each room, by start and room. Where several begin at once in one room, all.
    pub next: Vec<BoardItem>,
    /// What I pitched or starred and that is not over, by start and room.
    pub mine: Vec<BoardItem>,
}

impl Device {
    /// The board of an event: its sessions by start, room and title, those without a place last.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn board(&self, event: Id) -> Result<Vec<BoardItem>> {
        self.board_part(event, &Part::default())
    }

    /// A part of the board of an event, in the order of [`board`](Self::board).
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn board_part(&self, event: Id, part: &Part) -> Result<Vec<BoardItem>> {
        let space = self.event_space(event)?.id;
        let span = match part.day {
            Some(day) => Some(zone::span_of(day, &self.zone_of(event)?)),
            None => None,
        };
        let part = board::Part {
            tag: part.tag.clone(),
            level: part.level,
            room: part.room.clone(),
            from: span.map(|(from, _)| from),
            until: span.map(|(_, until)| until),
            starred: part.starred,
            mine: part.mine.then(|| self.person()),
        };
        let found = self.read(|view| Ok(board::part(view.connection(), &space, &part)?))?;
        self.items(event, found)
    }

    /// What begins today, as days are counted where the event is.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn today(&self, event: Id) -> Result<Vec<BoardItem>> {
        let day = zone::day_of(moment(self.now()), &self.zone_of(event)?);
        self.board_part(event, &Part { day: Some(day), ..Part::default() })
    }

    /// What runs `now` in an event, what comes next in each room, and what of that is mine.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn now_next(&self, event: Id, now: Millis) -> Result<NowNext> {
        let (space, me) = (self.event_space(event)?.id, self.person());
        let found = self.read(|view| Ok(board::ahead(view.connection(), &space, &me, now)?))?;
        let ahead = self.items(event, found)?;
        Ok(now_next(&ahead, &model_id(me.as_bytes()), now, self.zone_of(event)?))
    }

    /// As [`now_next`](Self::now_next), by this device's clock.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn now_next_here(&self, event: Id) -> Result<NowNext> {
        self.now_next(event, moment(self.now()))
    }

    /// Locks a part of an event's board: from then on organisers alone put sessions there or take them
    /// away. Each device holds its own person to that; what somebody's other program did all the same is
    /// shown, marked as [locked](BoardItem::locked) like everything there.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, [`Error::Shorten`] beyond 50 locks, [`Error::NotHere`] or
    /// [`Error::FreeSpace`].
    pub fn lock_board(&self, event: Id, lock: &Lock) -> Result<()> {
        let mut locks = self.locks(event)?.into_vec();
        if locks.contains(lock) {
            return Ok(());
        }
        locks.push(lock.clone());
        self.set_locks(event, List::new(locks).map_err(|_: Invalid| Error::Shorten)?)
    }

    /// Unlocks a part of an event's board that was locked.
    ///
    /// # Errors
    /// [`Error::NotHere`] when that is no lock, [`Error::NotAllowed`] to all but organisers, or
    /// [`Error::FreeSpace`].
    pub fn unlock_board(&self, event: Id, lock: &Lock) -> Result<()> {
        let locks = self.locks(event)?;
        if !locks.contains(lock) {
            return Err(Error::NotHere("that lock"));
        }
        self.set_locks(event, List::lossy(locks.into_vec().into_iter().filter(|it| it != lock)))
    }

    /// The locked parts of an event's board.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn locks(&self, event: Id) -> Result<Locks> {
        Ok(self.event(event)?.event.map(|event| event.locks().clone()).unwrap_or_default())
    }

    fn set_locks(&self, event: Id, locks: Locks) -> Result<()> {
        let record = self.event(event)?;
        if !record.organiser {
            return Err(Error::NotAllowed("an organiser"));
        }
        let camp = record.event.ok_or(Error::NotHere("the event, which has not come yet,"))?;
        self.edit_event(event, &camp.with_locks(locks))
    }

    /// Whether I may put a session there, and take it from where it is.
    pub(crate) fn may_place(
        &self,
        record: &SessionRecord,
        place: Option<&Placement>,
    ) -> Result<()> {
        let event = self.event(record.event)?;
        let locks = event.event.map(|event| event.locks().clone()).unwrap_or_default();
        if event.organiser || locks.is_empty() {
            return Ok(());
        }
        let places = self.places_of(record.id)?;
        match places.iter().chain(place).any(|at| is_locked(at, &locks)) {
            true => Err(Error::NotAllowed("an organiser")),
            false => Ok(()),
        }
    }

    fn items(&self, event: Id, found: Vec<board::Pinned>) -> Result<Vec<BoardItem>> {
        let locks = self.locks(event)?;
        Ok(found.into_iter().map(|pinned| item(pinned, &locks)).collect())
    }

    /// The time zone of an event; UTC as long as the event has not come.
    pub(crate) fn zone_of(&self, event: Id) -> Result<TimeZone> {
        let space = self.event_space(event)?.id;
        let camp = self.read(|view| Ok(event::get(view.connection(), &space)?))?;
        Ok(camp.map(|camp| camp.event.time_zone().clone()).unwrap_or_default())
    }
}

/// `ahead` is in the order of the board, and holds what runs, is next or is mine.
fn now_next(ahead: &[BoardItem], me: &Id, now: Millis, zone: TimeZone) -> NowNext {
    let all = |wanted: &dyn Fn(&BoardItem, &Placement) -> bool| -> Vec<BoardItem> {
        let placed = ahead.iter().filter_map(|item| Some((item, item.placement.as_ref()?)));
        placed.filter(|(item, at)| wanted(item, at)).map(|(item, _)| item.clone()).collect()
    };
    let mut next: BTreeMap<&RoomName, Millis> = BTreeMap::new();
    for at in ahead.iter().filter_map(|item| item.placement.as_ref()).filter(|at| at.start > now) {
        // The first of a room is its earliest.
        next.entry(&at.room).or_insert(at.start);
    }
    NowNext {
        zone,
        now: all(&|_, at| at.start <= now && now < at.end()),
        next: all(&|_, at| next.get(&at.room) == Some(&at.start)),
        mine: all(&|item, at| {
            (item.starred || item.session.pitcher.as_ref() == Some(me)) && now < at.end()
        }),
    }
}

pub(crate) fn item(pinned: board::Pinned, locks: &Locks) -> BoardItem {
    BoardItem {
        locked: pinned.placement.as_ref().is_some_and(|at| is_locked(at, locks)),
        session: record(pinned.pitched),
        placement: pinned.placement,
        starred: pinned.starred,
    }
}

fn is_locked(place: &Placement, locks: &Locks) -> bool {
    locks.iter().any(|lock| lock.covers(place))
}
