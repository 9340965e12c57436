//! People I met, as I remember them. Mine alone: they never see it.

use teilgeber_device as core;
use teilgeber_device::model::{self, Id, Millis};

use crate::card::Card;
use crate::device::Device;
use crate::error::Result;
use crate::note::{Splice, TextUnit, core_splices};
use crate::values::{line, list, maybe_line, prose, text};

pub(crate) use teilgeber_device::model::Whose;

/// Who promised.
#[uniffi::remote(Enum)]
pub enum Whose {
    /// I did.
    Mine,
    /// They did.
    Theirs,
}

/// What I hold of a person.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Contact {
    /// Who.
    pub person: Id,
    /// Under which name I see them.
    pub name: String,
    /// The latest card that I know. Theirs to say.
    pub card: Option<Card>,
    /// What I remember of them, in Markdown.
    pub memo: String,
    /// When and where we met.
    pub meetings: Vec<Meeting>,
    /// What one of us promised the other.
    pub promises: Vec<Promise>,
    /// Whether they signed a letter to me. Theirs to say.
    pub confirmed: bool,
}

/// When and where we met.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Meeting {
    /// When.
    pub when: Millis,
    /// At which event.
    #[uniffi(default = None)]
    pub event: Option<Id>,
    /// In which session.
    #[uniffi(default = None)]
    pub session: Option<Id>,
    /// Where, in my own words.
    #[uniffi(default = None)]
    pub place: Option<String>,
}

/// What one of us promised the other.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Promise {
    /// Who promised.
    pub by: Whose,
    /// What.
    pub text: String,
    /// When.
    pub made: Millis,
    /// Whether it is done.
    pub kept: bool,
}

/// Somebody I met.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ContactRecord {
    /// The document that holds what I remember: what changes name.
    pub id: Id,
    /// What I hold of them, with the latest card that I know.
    pub contact: Contact,
    /// Whether the card comes up to date by itself, because they gave me theirs to follow.
    pub follows: bool,
    /// Whether I follow them: what they publish is listed by `news_of_followed`.
    pub followed: bool,
}

#[uniffi::export]
impl Device {
    /// All my contacts, by name.
    pub async fn contacts(&self) -> Result<Vec<ContactRecord>> {
        self.run(|device| Ok(device.contacts()?.into_iter().map(ContactRecord::from).collect()))
            .await
    }

    /// What I hold of a person.
    ///
    /// Errors: `NotHere`.
    pub async fn contact(&self, person: Id) -> Result<ContactRecord> {
        self.run(move |device| Ok(device.contact(person)?.into())).await
    }

    /// Makes my contact say `contact`: under which name I see them, the memo, the meetings and the promises. The
    /// card and whether they are confirmed are theirs to say and stay as they are.
    ///
    /// Errors: `NotHere`, `Shorten`, `FreeSpace`, `Invalid`.
    pub async fn set_contact(&self, contact: Contact) -> Result<()> {
        self.run(|device| {
            let old = device.contact(contact.person)?.contact;
            Ok(device.set_contact(&contact.onto(old)?)?)
        })
        .await
    }

    /// Makes these the promises between me and a contact.
    ///
    /// Errors: as `set_contact`.
    pub async fn set_promises(&self, person: Id, promises: Vec<Promise>) -> Result<()> {
        self.run(move |device| Ok(device.set_promises(person, core_promises(promises)?)?)).await
    }

    /// Edits a contact's memo in place, as `splice_note` does a note.
    ///
    /// Errors: as `splice_note`.
    pub async fn splice_memo(
        &self,
        person: Id,
        unit: TextUnit,
        splices: Vec<Splice>,
    ) -> Result<()> {
        self.run(move |device| Ok(device.splice_memo(person, unit, &core_splices(splices))?)).await
    }

    /// Erases what I hold of a person. What I gave them stays with them.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn erase_contact(&self, person: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_contact(person)?)).await
    }
}

impl Contact {
    fn onto(self, base: model::Contact) -> Result<model::Contact> {
        let meetings = self.meetings.into_iter().map(|meeting| {
            let Meeting { when, event, session, place } = meeting;
            Ok(model::Meeting { when, event, session, place: maybe_line(place)? })
        });
        Ok(base
            .with_name(line(&self.name)?)
            .with_memo(prose(&self.memo)?)
            .with_meetings(list(meetings.collect::<Result<_>>()?)?)
            .with_promises(core_promises(self.promises)?))
    }
}

fn core_promises(promises: Vec<Promise>) -> Result<model::Promises> {
    let promises = promises.into_iter().map(|Promise { by, text, made, kept }| {
        Ok(model::Promise { by, text: line(&text)?, made, kept })
    });
    list(promises.collect::<Result<_>>()?)
}

impl From<&model::Meeting> for Meeting {
    fn from(meeting: &model::Meeting) -> Self {
        Self {
            when: meeting.when,
            event: meeting.event,
            session: meeting.session,
            place: text(meeting.place.clone()),
        }
    }
}

impl From<&model::Promise> for Promise {
    fn from(promise: &model::Promise) -> Self {
        Self {
            by: promise.by,
            text: promise.text.as_str().to_owned(),
            made: promise.made,
            kept: promise.kept,
        }
    }
}

impl From<core::ContactRecord> for ContactRecord {
    fn from(record: core::ContactRecord) -> Self {
        let contact = record.contact;
        Self {
            id: record.id,
            contact: Contact {
                person: contact.person(),
                name: contact.name().as_str().to_owned(),
                card: contact.card().map(Card::from),
                memo: contact.memo().as_str().to_owned(),
                meetings: contact.meetings().iter().map(Meeting::from).collect(),
                promises: contact.promises().iter().map(Promise::from).collect(),
                confirmed: contact.is_confirmed(),
            },
            follows: record.follows,
            followed: contact.is_followed(),
        }
    }
}
