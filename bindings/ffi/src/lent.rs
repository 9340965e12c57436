//! A bridge to a second event at the same time.

use teilgeber_device as core;
use teilgeber_device::model::{self, Id, Millis};

use crate::device::Device;
use crate::error::Result;
use crate::values::text;

/// Something that an event borrowed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LentRecord {
    /// Which one.
    pub id: Id,
    /// The event that borrowed it.
    pub event: Id,
    /// Who lent it.
    pub lender: Id,
    /// When, as they say.
    pub time: Millis,
    /// The event that it comes from.
    pub from: Id,
    /// What that is called, as the lender says.
    pub camp: String,
    /// What it is.
    pub loan: Loan,
}

/// What is lent.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Loan {
    /// A session's title.
    Session {
        /// The title.
        title: String,
    },
    /// Words for everyone.
    Words {
        /// What was said.
        text: String,
        /// What the author wants to be called.
        by: Option<String>,
    },
}

#[uniffi::export]
impl Device {
    /// Lends a session's title to another event that I am in. Returns the loan's id.
    ///
    /// Errors: `NotAllowed` when the session is off the record, or an event's organisers closed the bridge; `NotHere`,
    /// `FreeSpace`.
    pub async fn lend_session(&self, session: Id, to: Id) -> Result<Id> {
        self.run(move |device| Ok(device.lend_session(session, to)?)).await
    }

    /// Lends a post that its author marked for everyone to another event that I am in. Returns the loan's id.
    ///
    /// Errors: `NotAllowed` when it was not marked, or an event's organisers closed the bridge; `NotHere`, `FreeSpace`.
    pub async fn lend_post(&self, post: Id, to: Id) -> Result<Id> {
        self.run(move |device| Ok(device.lend_post(post, to)?)).await
    }

    /// What an event borrowed, the oldest first. Nothing once its organisers closed the bridge.
    ///
    /// Errors: `NotHere`.
    pub async fn lent(&self, event: Id) -> Result<Vec<LentRecord>> {
        self.run(move |device| Ok(device.lent(event)?.into_iter().map(LentRecord::from).collect()))
            .await
    }

    /// Erases what I lent.
    ///
    /// Errors: `NotHere` when there is no such loan of mine, `FreeSpace`.
    pub async fn take_back(&self, loan: Id) -> Result<()> {
        self.run(move |device| Ok(device.take_back(loan)?)).await
    }
}

impl From<core::LentRecord> for LentRecord {
    fn from(record: core::LentRecord) -> Self {
        let core::LentRecord { id, event, lender, time, from, camp, loan } = record;
        let loan = match loan {
            model::Loan::Session(title) => Loan::Session { title: title.as_str().to_owned() },
            model::Loan::Words { words, .. } => {
                Loan::Words { text: words.text.as_str().to_owned(), by: text(words.by) }
            }
        };
        Self { id, event, lender, time, from, camp, loan }
    }
}
