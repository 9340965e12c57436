//! Published schedules, brought into an event.

use teilgeber_device as core;
use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;
use crate::session::Placement;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Imported {
    /// Sessions that are new.
    pub added: Vec<Id>,
    /// Sessions that say something else now, where and when they were.
    pub changed: Vec<Id>,
    /// Sessions that are held at another time or in another room.
    pub moved: Vec<Move>,
    /// Sessions that the schedule has no more, and that were taken off the board.
    pub removed: Vec<Id>,
    /// Sessions in which something that people did by hand stays against the schedule.
    pub kept: Vec<Id>,
    /// How many sessions are as they were.
    pub unchanged: u64,
    /// What was left out or repaired in the file, for a person to read, in English.
    pub warnings: Vec<String>,
}

/// A session that moved.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Move {
    /// Which session.
    pub session: Id,
    /// Where it was to be; none: nowhere.
    pub from: Option<Placement>,
    /// Where it is now; none: nowhere.
    pub to: Option<Placement>,
}

/// An event that was founded with a schedule.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Scheduled {
    /// Which event.
    pub event: Id,
    /// What came into it.
    pub imported: Imported,
}

#[uniffi::export]
impl Device {
    /// Founds an event with the name, days and sessions of a published schedule (`schedule.xml` or `schedule.json`).
    ///
    /// Errors: `OtherSchedule` when the file is none, or names no day; `FreeSpace`.
    pub async fn create_event_from_schedule(&self, file: Vec<u8>) -> Result<Scheduled> {
        self.run(move |device| {
            let (event, imported) = device.create_event_from_schedule(&file)?;
            Ok(Scheduled { event, imported: imported.into() })
        })
        .await
    }

    /// Brings an event up to a published schedule: adds sessions, changes and moves those that are here in place, and
    /// takes off the board what the schedule has no more. What people did by hand since the last import stays. Rooms
    /// and slots of what it places are added to the event.
    ///
    /// Errors: `OtherSchedule` when the file is none, `NotAllowed` to all but organisers, `NotHere`, `FreeSpace`; then
    /// nothing was imported.
    pub async fn import_schedule(&self, event: Id, file: Vec<u8>) -> Result<Imported> {
        self.run(move |device| Ok(device.import_schedule(event, &file)?.into())).await
    }
}

impl From<core::Imported> for Imported {
    fn from(imported: core::Imported) -> Self {
        let core::Imported { added, changed, moved, removed, kept, unchanged, warnings } = imported;
        let moved = moved.into_iter().map(|core::Move { session, from, to }| Move {
            session,
            from: from.map(Placement::from),
            to: to.map(Placement::from),
        });
        Self {
            added,
            changed,
            moved: moved.collect(),
            removed,
            kept,
            unchanged: unchanged as u64,
            warnings,
        }
    }
}
