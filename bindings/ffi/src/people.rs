//! People over the years: whom I met before, and what those whom I follow did lately.

use teilgeber_device as core;
use teilgeber_device::model::{Id, Millis};

use crate::contact::{ContactRecord, Meeting};
use crate::device::Device;
use crate::error::Result;
use crate::values::text;

/// Somebody in an event whom I know from before.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MetBefore {
    /// Who.
    pub person: Id,
    /// The name that I know them by, else what they are called in the event.
    pub name: Option<String>,
    /// Whether they are a contact of mine.
    pub contact: bool,
    /// When and where we met, as I wrote it down.
    pub meetings: Vec<Meeting>,
    /// The events before this one in which both of us were and they appeared, the latest first.
    pub events: Vec<Id>,
}

/// What somebody whom I follow did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Heard {
    /// Who.
    pub person: Id,
    /// The name that I know them by.
    pub name: String,
    /// When, by their clock.
    pub when: Millis,
    /// What.
    pub what: Did,
}

/// What a person did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Did {
    /// They changed the card that they show their contacts.
    Card,
    /// They appear in an event, or changed how.
    Appears {
        /// In which one.
        event: Id,
    },
    /// They pitched a session.
    Pitched {
        /// In which event.
        event: Id,
        /// Which session.
        session: Id,
        /// What it is called.
        title: String,
    },
    /// They posted something.
    Said {
        /// In which event.
        event: Id,
        /// Which post.
        post: Id,
        /// What it says.
        text: String,
    },
}

#[uniffi::export]
impl Device {
    /// Whom of those who appear in an event I know from before, by the name that they show there: my contacts, and
    /// who appeared in an event that I was in and that began before it.
    ///
    /// Errors: `NotHere`.
    pub async fn met_in(&self, event: Id) -> Result<Vec<MetBefore>> {
        self.run(move |device| Ok(device.met_in(event)?.into_iter().map(MetBefore::from).collect()))
            .await
    }

    /// Follows a contact: what they publish, as it comes, is listed by `news_of_followed`. They are not told.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn follow(&self, person: Id) -> Result<()> {
        self.run(move |device| Ok(device.follow(person)?)).await
    }

    /// Follows a contact no more.
    ///
    /// Errors: as `follow`.
    pub async fn unfollow(&self, person: Id) -> Result<()> {
        self.run(move |device| Ok(device.unfollow(person)?)).await
    }

    /// Whom I follow, by name.
    pub async fn following(&self) -> Result<Vec<ContactRecord>> {
        self.run(|device| Ok(device.following()?.into_iter().map(ContactRecord::from).collect()))
            .await
    }

    /// What those whom I follow published since a time, in events and on the cards for their contacts, the latest
    /// first: as far as it came here, and by their clocks.
    pub async fn news_of_followed(&self, since: Millis) -> Result<Vec<Heard>> {
        self.run(move |device| {
            let heard = device.news_of_followed(since)?.into_iter();
            let heard = heard.map(|core::Heard { person, name, when, what }| Heard {
                person,
                name: name.as_str().to_owned(),
                when,
                what: what.into(),
            });
            Ok(heard.collect())
        })
        .await
    }
}

impl From<core::MetBefore> for MetBefore {
    fn from(met: core::MetBefore) -> Self {
        let core::MetBefore { person, name, contact, meetings, events } = met;
        let meetings = meetings.iter().map(Meeting::from).collect();
        Self { person, name: text(name), contact, meetings, events }
    }
}

impl From<core::Did> for Did {
    fn from(did: core::Did) -> Self {
        match did {
            core::Did::Card => Self::Card,
            core::Did::Appears { event } => Self::Appears { event },
            core::Did::Pitched { event, session, title } => {
                Self::Pitched { event, session, title: title.as_str().to_owned() }
            }
            core::Did::Said { event, post, text } => {
                Self::Said { event, post, text: text.as_str().to_owned() }
            }
        }
    }
}
