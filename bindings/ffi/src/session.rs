//! Sessions, and where they are placed.

use teilgeber_device as core;
use teilgeber_device::model::{self, Id, Level, Link, Millis, Minutes, Policy, Tag};

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::note::{Splice, TextUnit, core_splices};
use crate::values::{line, list, prose};

/// What a session says.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Session {
    /// What it is called.
    pub title: String,
    /// What it is about, in Markdown.
    #[uniffi(default = "")]
    pub about: String,
    /// Its tags.
    #[uniffi(default = [])]
    pub tags: Vec<Tag>,
    /// For whom it is.
    #[uniffi(default = None)]
    pub level: Option<Level>,
    /// What may be told of it outside. It can be made stricter, never looser.
    #[uniffi(default = None)]
    pub policy: Option<Policy>,
    /// Who speaks, where an imported schedule says so.
    #[uniffi(default = [])]
    pub speakers: Vec<String>,
    /// The language that is spoken, as in `de`.
    #[uniffi(default = None)]
    pub language: Option<String>,
    /// Where more of it is.
    #[uniffi(default = None)]
    pub link: Option<Link>,
}

/// A session, and who pitched it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SessionRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Who pitched it, if that is known.
    pub pitcher: Option<Id>,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What it says.
    pub session: Session,
}

/// Where and when a session is held.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Placement {
    /// In which room.
    pub room: String,
    /// When it begins.
    pub start: Millis,
    /// How long it takes.
    pub minutes: Minutes,
}

/// Something on the board that somebody must settle, by placing a session again.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Conflict {
    /// A session was placed at several places at once.
    Claims {
        /// Which session.
        session: Id,
        /// Where.
        placements: Vec<Placement>,
    },
    /// Two sessions are in one room at one time.
    Overlap {
        /// Which two, the one that begins first in front.
        sessions: Vec<Id>,
        /// Where the two are, in the same order.
        placements: Vec<Placement>,
    },
}

#[uniffi::export]
impl Device {
    /// Pitches a session. Returns its id.
    ///
    /// Errors: `NotHere`, `Shorten`, `FreeSpace`, `Invalid`.
    pub async fn pitch_session(&self, event: Id, session: Session) -> Result<Id> {
        self.run(move |device| {
            let new = model::Session::new(line(&session.title)?);
            Ok(device.pitch_session(event, &session.onto(new)?)?)
        })
        .await
    }

    /// Makes a session say `session`. Only what differs is written.
    ///
    /// Errors: `NotAllowed` to all but its pitcher and organisers, `NotHere`, `Shorten`, `FreeSpace`, `Invalid`.
    pub async fn edit_session(&self, id: Id, session: Session) -> Result<()> {
        self.run(move |device| {
            let old = device.session(id)?.session;
            Ok(device.edit_session(id, &session.onto(old)?)?)
        })
        .await
    }

    /// Edits what a session is about in place, as `splice_note` does a note.
    ///
    /// Errors: `ReadAgain`, and as `edit_session`.
    pub async fn splice_abstract(
        &self,
        id: Id,
        unit: TextUnit,
        splices: Vec<Splice>,
    ) -> Result<()> {
        self.run(move |device| Ok(device.splice_abstract(id, unit, &core_splices(splices))?)).await
    }

    /// Places a session on the board, or takes it off with none. Settles a conflict of its claims. Everybody in
    /// the event may, but for the parts that organisers locked.
    ///
    /// Errors: `NotAllowed` where the place before or after is locked, `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn place_session(&self, id: Id, place: Option<Placement>) -> Result<()> {
        self.run(move |device| {
            let place = place.map(model::Placement::try_from).transpose()?;
            Ok(device.place_session(id, place.as_ref())?)
        })
        .await
    }

    /// Erases a session that I pitched: here at once, and asked for elsewhere.
    ///
    /// Errors: `NotAllowed` to all but its pitcher, `NotHere`, `FreeSpace`.
    pub async fn erase_session(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_session(id)?)).await
    }

    /// A session.
    ///
    /// Errors: `NotHere`.
    pub async fn session(&self, id: Id) -> Result<SessionRecord> {
        self.run(move |device| Ok(device.session(id)?.into())).await
    }

    /// The sessions of an event, by title.
    ///
    /// Errors: `NotHere`.
    pub async fn sessions(&self, event: Id) -> Result<Vec<SessionRecord>> {
        self.run(move |device| {
            Ok(device.sessions(event)?.into_iter().map(SessionRecord::from).collect())
        })
        .await
    }

    /// The sessions of an event with this tag, by title.
    ///
    /// Errors: `NotHere`.
    pub async fn sessions_with_tag(&self, event: Id, tag: Tag) -> Result<Vec<SessionRecord>> {
        self.run(move |device| {
            let found = device.sessions_with_tag(event, &tag)?;
            Ok(found.into_iter().map(SessionRecord::from).collect())
        })
        .await
    }

    /// What must be settled on the board of an event.
    ///
    /// Errors: `NotHere`.
    pub async fn conflicts(&self, event: Id) -> Result<Vec<Conflict>> {
        self.run(move |device| {
            Ok(device.conflicts(event)?.into_iter().map(Conflict::from).collect())
        })
        .await
    }
}

impl Session {
    /// What is said here, on top of a session that has more.
    fn onto(self, base: model::Session) -> Result<model::Session> {
        let speakers = self.speakers.iter().map(|name| line(name)).collect::<Result<_>>()?;
        let language = self.language.map(|tag| model::Language::new(&tag)).transpose()?;
        let policy = self.policy.unwrap_or(base.policy());
        Ok(base
            .with_title(line(&self.title)?)
            .with_abstract(prose(&self.about)?)
            .with_tags(list(self.tags)?)
            .with_level(self.level)
            .with_policy(policy)
            .with_speakers(list(speakers)?)
            .with_language(language)
            .with_link(self.link))
    }
}

impl From<model::Session> for Session {
    fn from(session: model::Session) -> Self {
        Self {
            title: session.title().as_str().to_owned(),
            about: session.abstract_text().as_str().to_owned(),
            tags: session.tags().to_vec(),
            level: session.level(),
            policy: Some(session.policy()),
            speakers: session.speakers().iter().map(|name| name.as_str().to_owned()).collect(),
            language: session.language().map(|tag| tag.as_str().to_owned()),
            link: session.link().cloned(),
        }
    }
}

impl From<core::SessionRecord> for SessionRecord {
    fn from(record: core::SessionRecord) -> Self {
        let core::SessionRecord { id, event, pitcher, hidden, session } = record;
        Self { id, event, pitcher, hidden, session: session.into() }
    }
}

pub(crate) fn placements(placements: impl IntoIterator<Item = model::Placement>) -> Vec<Placement> {
    placements.into_iter().map(Placement::from).collect()
}

impl From<core::Conflict> for Conflict {
    fn from(conflict: core::Conflict) -> Self {
        match conflict {
            core::Conflict::Claims { session, placements: at } => {
                Self::Claims { session, placements: placements(at) }
            }
            core::Conflict::Overlap { sessions, placements: at } => {
                Self::Overlap { sessions: sessions.to_vec(), placements: placements(at) }
            }
        }
    }
}

impl TryFrom<Placement> for model::Placement {
    type Error = CoreError;

    fn try_from(place: Placement) -> Result<Self> {
        let Placement { room, start, minutes } = place;
        Ok(Self { room: line(&room)?, start, minutes })
    }
}

impl From<model::Placement> for Placement {
    fn from(place: model::Placement) -> Self {
        let model::Placement { room, start, minutes } = place;
        Self { room: room.as_str().to_owned(), start, minutes }
    }
}
