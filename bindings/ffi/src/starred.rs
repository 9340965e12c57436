//! The sessions that I look forward to, where they went, and when to remind me.

use teilgeber_device as core;
use teilgeber_device::model::{Id, Millis};

use crate::device::Device;
use crate::error::Result;
use crate::session::{Conflict, Placement, SessionRecord, placements};

/// A session that I starred.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Starred {
    /// Which session.
    pub session: SessionRecord,
    /// Where it is held; several in a conflict, none while it has no place.
    pub placements: Vec<Placement>,
    /// Where I last saw it.
    pub seen: Option<Placement>,
}

/// Something about a session that I starred.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum StarNews {
    /// It is no longer where I last saw it.
    Moved {
        /// Which session.
        session: Id,
        /// What it is called.
        title: String,
        /// Where I last saw it; none: nowhere.
        from: Option<Placement>,
        /// Where it is now; none: nowhere.
        to: Option<Placement>,
    },
    /// Where it is must be settled by somebody.
    Conflict {
        /// Which session.
        session: Id,
        /// What it is called.
        title: String,
        /// What must be settled.
        conflict: Conflict,
    },
}

/// When to remind me of a session that I starred.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reminder {
    /// Stays the same when the session moves, so that a phone can replace what it scheduled.
    pub id: Id,
    /// Which session.
    pub session: Id,
    /// In which event.
    pub event: Id,
    /// What it is called.
    pub title: String,
    /// In which room.
    pub room: String,
    /// When it begins.
    pub start: Millis,
    /// When to remind.
    pub at: Millis,
}

#[uniffi::export]
impl Device {
    /// Stars a session, or takes the star back. It is for me alone, but where I share my stars.
    ///
    /// Errors: `NotHere`, `Shorten` beyond 4,096 stars, `FreeSpace`.
    pub async fn star(&self, session: Id, star: bool) -> Result<()> {
        self.run(move |device| Ok(device.star(session, star)?)).await
    }

    /// The sessions of an event that I starred, by start, room and title.
    ///
    /// Errors: `NotHere`.
    pub async fn starred(&self, event: Id) -> Result<Vec<Starred>> {
        self.run(move |device| {
            let starred = device.starred(event)?.into_iter();
            let starred = starred.map(|core::Starred { session, placements: at, seen }| Starred {
                session: session.into(),
                placements: placements(at),
                seen: seen.map(Placement::from),
            });
            Ok(starred.collect())
        })
        .await
    }

    /// What I should know of the sessions of an event that I starred: first those that moved since I last saw them
    /// (`seen_move`), then what must be settled.
    ///
    /// Errors: `NotHere`.
    pub async fn moves(&self, event: Id) -> Result<Vec<StarNews>> {
        self.run(move |device| Ok(device.moves(event)?.into_iter().map(StarNews::from).collect()))
            .await
    }

    /// Remembers that I saw where a starred session is now, on all my devices. Not as long as several claims place
    /// it: that is told until it is settled.
    ///
    /// Errors: `NotHere` when there is no such star, `FreeSpace`.
    pub async fn seen_move(&self, session: Id) -> Result<()> {
        self.run(move |device| Ok(device.seen_move(session)?)).await
    }

    /// When to remind me of starred sessions, in all events that I am in, so many minutes before each begins; those
    /// due from `from` (not before now) and before `until`, by time.
    pub async fn reminders(
        &self,
        from: Millis,
        until: Millis,
        minutes_before: u16,
    ) -> Result<Vec<Reminder>> {
        self.run(move |device| {
            let reminders = device.reminders(from, until, minutes_before)?.into_iter();
            Ok(reminders.map(Reminder::from).collect())
        })
        .await
    }

    /// Where a session is held: several places in a conflict.
    pub async fn places_of(&self, session: Id) -> Result<Vec<Placement>> {
        self.run(move |device| Ok(placements(device.places_of(session)?))).await
    }
}

impl From<core::StarNews> for StarNews {
    fn from(news: core::StarNews) -> Self {
        match news {
            core::StarNews::Moved { session, title, from, to } => Self::Moved {
                session,
                title: title.as_str().to_owned(),
                from: from.map(Placement::from),
                to: to.map(Placement::from),
            },
            core::StarNews::Conflict { session, title, conflict } => Self::Conflict {
                session,
                title: title.as_str().to_owned(),
                conflict: conflict.into(),
            },
        }
    }
}

impl From<core::Reminder> for Reminder {
    fn from(reminder: core::Reminder) -> Self {
        let core::Reminder { id, session, event, title, room, start, at } = reminder;
        let (title, room) = (title.as_str().to_owned(), room.as_str().to_owned());
        Self { id, session, event, title, room, start, at }
    }
}
