//! The board of an event, and what runs now and comes next.

use teilgeber_device as core;
use teilgeber_device::model::{Day, Id, Level, Millis, Tag, TimeZone};

use crate::device::Device;
use crate::error::Result;
use crate::session::{Placement, SessionRecord};
use crate::values::maybe_line;

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
