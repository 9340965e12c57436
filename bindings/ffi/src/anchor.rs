//! Anchors, and what is open: what to pick up again, and what was promised to whom.

use teilgeber_device as core;
use teilgeber_device::model::{self, Day, Id, Millis, Tag};

use crate::contact::Promise;
use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::values::line;

pub(crate) use teilgeber_device::model::Holds;

/// What an anchor holds on to.
#[uniffi::remote(Enum)]
pub enum Holds {
    /// A note.
    Note(Id),
    /// A person.
    Person(Id),
    /// A session.
    Session(Id),
    /// A topic.
    Topic(Tag),
}

/// What I do not want to lose sight of.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Anchor {
    /// What to pick up again, in my own words.
    pub words: String,
    /// What it holds on to.
    #[uniffi(default = None)]
    pub holds: Option<Holds>,
    /// The day on which to be reminded.
    #[uniffi(default = None)]
    pub due: Option<Day>,
    /// Whether it was picked up.
    #[uniffi(default = false)]
    pub done: bool,
}

/// An anchor, and which one it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AnchorRecord {
    /// Which one.
    pub id: Id,
    /// What it says.
    pub anchor: Anchor,
}

/// A promise that was not kept yet.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenPromise {
    /// The contact that it binds me to, or who is bound to me.
    pub person: Id,
    /// What I call them.
    pub name: String,
    /// What was promised, and by whom.
    pub promise: Promise,
}

/// What is open.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Open {
    /// Anchors whose day has come, the oldest first.
    pub due: Vec<AnchorRecord>,
    /// All other anchors, by day, those without one last.
    pub later: Vec<AnchorRecord>,
    /// Promises, the oldest first.
    pub promises: Vec<OpenPromise>,
}

#[uniffi::export]
impl Device {
    /// Sets an anchor. Returns its id. It is for me alone.
    ///
    /// Errors: `FreeSpace`, `Invalid`.
    pub async fn add_anchor(&self, anchor: Anchor) -> Result<Id> {
        self.run(|device| Ok(device.add_anchor(&anchor.try_into()?)?)).await
    }

    /// Makes an anchor say `anchor`. Only what differs is written.
    ///
    /// Errors: `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn set_anchor(&self, id: Id, anchor: Anchor) -> Result<()> {
        self.run(move |device| Ok(device.set_anchor(id, &anchor.try_into()?)?)).await
    }

    /// Picked up: the anchor is done.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn close_anchor(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.close_anchor(id)?)).await
    }

    /// An anchor.
    ///
    /// Errors: `NotHere`.
    pub async fn anchor(&self, id: Id) -> Result<AnchorRecord> {
        self.run(move |device| Ok(device.anchor(id)?.into())).await
    }

    /// Erases an anchor.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn erase_anchor(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_anchor(id)?)).await
    }

    /// The anchors that are open, or those that are done; by day, those without one last.
    pub async fn anchors(&self, done: bool) -> Result<Vec<AnchorRecord>> {
        self.run(move |device| Ok(records(device.anchors(done)?))).await
    }

    /// What is open at `now`: anchors, and promises to and from the people I met.
    pub async fn open_things(&self, now: Millis) -> Result<Open> {
        self.run(move |device| {
            let core::Open { due, later, promises } = device.open_things(now)?;
            let promises = promises.into_iter().map(|open| OpenPromise {
                person: open.person,
                name: open.name.as_str().to_owned(),
                promise: (&open.promise).into(),
            });
            Ok(Open { due: records(due), later: records(later), promises: promises.collect() })
        })
        .await
    }
}

fn records(anchors: Vec<core::AnchorRecord>) -> Vec<AnchorRecord> {
    anchors.into_iter().map(AnchorRecord::from).collect()
}

impl From<core::AnchorRecord> for AnchorRecord {
    fn from(core::AnchorRecord { id, anchor }: core::AnchorRecord) -> Self {
        Self { id, anchor: anchor.into() }
    }
}

impl TryFrom<Anchor> for model::Anchor {
    type Error = CoreError;

    fn try_from(anchor: Anchor) -> Result<Self> {
        let Anchor { words, holds, due, done } = anchor;
        Ok(Self::new(line(&words)?).with_holds(holds).with_due(due).with_done(done))
    }
}

impl From<model::Anchor> for Anchor {
    fn from(anchor: model::Anchor) -> Self {
        Self {
            words: anchor.words().as_str().to_owned(),
            holds: anchor.holds().cloned(),
            due: anchor.due(),
            done: anchor.is_done(),
        }
    }
}
