//! The board of an event, and what runs now and comes next.

use teilgeber_device as core;
use teilgeber_device::model::{self, Day, Id, Level, Millis, Tag, TimeZone};

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::session::{Placement, SessionRecord};
use crate::values::{maybe_line, text};

/// Which part of the board: what matches all that is set.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct Part {
    /// Only sessions with this tag.
    #[uniffi(default = None)]
    pub tag: Option<Tag>,
    /// Only sessions for this level.
    #[uniffi(default = None)]
    pub level: Option<Level>,
    /// Only what is in this room.
    #[uniffi(default = None)]
    pub room: Option<String>,
    /// Only what begins on this day, as it is counted where the event is.
    #[uniffi(default = None)]
    pub day: Option<Day>,
    /// Only what I starred.
    #[uniffi(default = false)]
    pub starred: bool,
    /// Only what I pitched or starred.
    #[uniffi(default = false)]
    pub mine: bool,
}

/// A session on the board.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BoardItem {
    /// Which session.
    pub session: SessionRecord,
    /// Where it is held. One that several claims place stands there once for each of them, one that none places
    /// has none.
    pub placement: Option<Placement>,
    /// Whether I starred it.
    pub starred: bool,
    /// Whether it stands in a part of the board that organisers locked.
    pub locked: bool,
}

/// What runs at a moment, and what comes after it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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

/// A part of the board that organisers keep as it is: what is in the room, if one is named, at a time that overlaps
/// the span. A lock of nothing in particular is one of the whole board.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct Lock {
    /// In which room only.
    #[uniffi(default = None)]
    pub room: Option<String>,
    /// What ends after that.
    #[uniffi(default = None)]
    pub from: Option<Millis>,
    /// What begins before that.
    #[uniffi(default = None)]
    pub until: Option<Millis>,
}

#[uniffi::export]
impl Device {
    /// A part of the board of an event: its sessions by start, room and title, those without a place last.
    ///
    /// Errors: `NotHere`, `Invalid`.
    pub async fn board(&self, event: Id, part: Part) -> Result<Vec<BoardItem>> {
        self.run(move |device| {
            let Part { tag, level, room, day, starred, mine } = part;
            let part = core::Part { tag, level, room: maybe_line(room)?, day, starred, mine };
            Ok(items(device.board_part(event, &part)?))
        })
        .await
    }

    /// What begins today, as days are counted where the event is.
    ///
    /// Errors: `NotHere`.
    pub async fn today(&self, event: Id) -> Result<Vec<BoardItem>> {
        self.run(move |device| Ok(items(device.today(event)?))).await
    }

    /// What runs at `now` in an event, what comes next in each room, and what of that is mine; by this device's
    /// clock where none is given.
    ///
    /// Errors: `NotHere`.
    pub async fn now_next(&self, event: Id, now: Option<Millis>) -> Result<NowNext> {
        self.run(move |device| {
            let core::NowNext { zone, now, next, mine } = match now {
                Some(now) => device.now_next(event, now)?,
                None => device.now_next_here(event)?,
            };
            Ok(NowNext { zone, now: items(now), next: items(next), mine: items(mine) })
        })
        .await
    }

    /// Locks a part of an event's board: from then on organisers alone put sessions there or take them away. Each
    /// device holds its own person to that; what somebody's other program did all the same is shown, marked as
    /// locked like everything there.
    ///
    /// Errors: `NotAllowed` to all but organisers, `Shorten` beyond 50 locks, `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn lock_board(&self, event: Id, lock: Lock) -> Result<()> {
        self.run(move |device| Ok(device.lock_board(event, &lock.try_into()?)?)).await
    }

    /// Unlocks a part of an event's board that was locked.
    ///
    /// Errors: `NotHere` when that is no lock, `NotAllowed` to all but organisers, `FreeSpace`, `Invalid`.
    pub async fn unlock_board(&self, event: Id, lock: Lock) -> Result<()> {
        self.run(move |device| Ok(device.unlock_board(event, &lock.try_into()?)?)).await
    }

    /// The locked parts of an event's board.
    ///
    /// Errors: `NotHere`.
    pub async fn locks(&self, event: Id) -> Result<Vec<Lock>> {
        self.run(move |device| Ok(device.locks(event)?.iter().map(Lock::from).collect())).await
    }
}

impl TryFrom<Lock> for model::Lock {
    type Error = CoreError;

    fn try_from(Lock { room, from, until }: Lock) -> Result<Self> {
        Ok(Self { room: maybe_line(room)?, from, until })
    }
}

impl From<&model::Lock> for Lock {
    fn from(lock: &model::Lock) -> Self {
        Self { room: text(lock.room.clone()), from: lock.from, until: lock.until }
    }
}

fn items(items: Vec<core::BoardItem>) -> Vec<BoardItem> {
    let items = items.into_iter();
    items
        .map(|core::BoardItem { session, placement, starred, locked }| BoardItem {
            session: session.into(),
            placement: placement.map(Placement::from),
            starred,
            locked,
        })
        .collect()
}
