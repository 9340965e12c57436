//! Messages between me and one person: written as letters, kept by both for themselves.

use teilgeber_device as core;
use teilgeber_device::model::{Id, Millis};

use crate::device::Device;
use crate::error::Result;
use crate::swap::Way;
use crate::values::{prose, text};

pub(crate) use teilgeber_device::SentMessage;

/// A message that is kept here.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MessageRecord {
    /// Which one.
    pub id: Id,
    /// Whether one that I wrote came to a device of who it is for. Nobody is told whether it was read.
    pub arrived: bool,
    /// What it holds.
    pub message: DirectMessage,
}

/// A message between me and one person.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DirectMessage {
    /// Between me and whom.
    pub person: Id,
    /// Whether I wrote it.
    pub mine: bool,
    /// What it says.
    pub text: String,
    /// When it was written, as its writer says.
    pub written: Millis,
    /// The space in which the letter lay: an event, or that of a code.
    pub space: Id,
}

/// What somebody and I wrote to each other.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Conversation {
    /// With whom.
    pub person: Id,
    /// The name that I gave them or that they show.
    pub name: Option<String>,
    /// What was written last.
    pub last: MessageRecord,
}

/// A message that was written just now.
#[uniffi::remote(Record)]
pub struct SentMessage {
    /// Which one.
    pub id: Id,
    /// How it will get there.
    pub way: Way,
}

#[uniffi::export]
impl Device {
    /// Writes to a contact, or to anybody in an event of mine whose card there says where. Nobody but the two can
    /// read it; both keep it. Its `places` say whether the letter lies only here or travels already.
    ///
    /// Errors: `NothingSaid`, `NotHere` when there is no way to write to them, `FreeSpace`, `Invalid`.
    pub async fn write_message(&self, person: Id, text: String) -> Result<SentMessage> {
        self.run(move |device| Ok(device.write_message(person, &prose(&text)?)?)).await
    }

    /// What a person and I wrote to each other, the oldest first.
    pub async fn messages(&self, person: Id) -> Result<Vec<MessageRecord>> {
        self.run(move |device| {
            Ok(device.messages(person)?.into_iter().map(MessageRecord::from).collect())
        })
        .await
    }

    /// With whom I wrote, the one with the latest message first.
    pub async fn conversations(&self) -> Result<Vec<Conversation>> {
        let conversation = |core::Conversation { person, name, last }| Conversation {
            person,
            name: text(name),
            last: last.into(),
        };
        self.run(move |device| Ok(device.conversations()?.into_iter().map(conversation).collect()))
            .await
    }

    /// A message.
    ///
    /// Errors: `NotHere`.
    pub async fn message(&self, id: Id) -> Result<MessageRecord> {
        self.run(move |device| Ok(device.message(id)?.into())).await
    }

    /// Erases a message: here at once, and on each of my devices as they hear of it. The other person keeps theirs; a
    /// letter that has not reached them yet goes on, and is sent again no more.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn erase_message(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_message(id)?)).await
    }
}

impl From<core::MessageRecord> for MessageRecord {
    fn from(record: core::MessageRecord) -> Self {
        let core::MessageRecord { id, arrived, message } = record;
        let message = DirectMessage {
            person: message.person,
            mine: message.mine,
            text: message.text.as_str().to_owned(),
            written: message.written,
            space: message.space,
        };
        Self { id, arrived, message }
    }
}
