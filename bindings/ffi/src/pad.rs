//! Pads: the shared notes of a session.

use teilgeber_device as core;
use teilgeber_device::model::{Id, Millis, Policy};

use crate::device::Device;
use crate::error::Result;
use crate::note::{Splice, TextUnit, core_splices};
use crate::values::prose;

pub(crate) use teilgeber_device::PadSpan;

/// A piece of a pad that one person wrote.
#[uniffi::remote(Record)]
pub struct PadSpan {
    /// Who; none where that is not known.
    pub person: Option<Id>,
    /// The words.
    pub text: String,
}

/// A pad, and who wrote in it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PadRecord {
    /// Of which session.
    pub session: Id,
    /// In which event.
    pub event: Id,
    /// When it was last changed; none where nobody began it.
    pub updated: Option<Millis>,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What may be told of it outside.
    pub policy: Policy,
    /// What it says, in Markdown.
    pub text: String,
    /// Who wrote in it, the first in front.
    pub authors: Vec<PadAuthor>,
}

/// Somebody who wrote in a pad.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PadAuthor {
    /// Who.
    pub person: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<String>,
    /// When they wrote first, as they say.
    pub first: Millis,
    /// When last.
    pub last: Millis,
}

#[uniffi::export]
impl Device {
    /// The pad of a session: empty as long as nobody began it.
    ///
    /// Errors: `NotHere`.
    pub async fn pad(&self, session: Id) -> Result<PadRecord> {
        self.run(move |device| Ok(device.pad(session)?.into())).await
    }

    /// A pad's text as it was typed and merged: what an editor shows, and in which splices count.
    ///
    /// Errors: `NotHere`.
    pub async fn pad_text(&self, session: Id) -> Result<String> {
        self.run(move |device| Ok(device.pad_text(session)?)).await
    }

    /// Edits a pad in place, as `splice_note` does a note. The first one begins it.
    ///
    /// Errors: `OffTheRecord`, `ReadAgain` when a splice does not fit the text, `Shorten` when it would become too
    /// long, `NotHere`, `FreeSpace`.
    pub async fn splice_pad(
        &self,
        session: Id,
        unit: TextUnit,
        splices: Vec<Splice>,
    ) -> Result<()> {
        self.run(move |device| Ok(device.splice_pad(session, unit, &core_splices(splices))?)).await
    }

    /// Makes a pad say `text`. Only what differs is written.
    ///
    /// Errors: `OffTheRecord`, `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn set_pad(&self, session: Id, text: String) -> Result<()> {
        self.run(move |device| Ok(device.set_pad(session, &prose(&text)?)?)).await
    }

    /// A pad's text in pieces, each with who wrote it.
    ///
    /// Errors: `NotHere`.
    pub async fn pad_spans(&self, session: Id) -> Result<Vec<PadSpan>> {
        self.run(move |device| Ok(device.pad_spans(session)?)).await
    }
}

impl From<core::PadRecord> for PadRecord {
    fn from(pad: core::PadRecord) -> Self {
        let authors = pad.authors.into_iter().map(|author| PadAuthor {
            person: author.person,
            name: author.name.map(|name| name.as_str().to_owned()),
            first: author.first,
            last: author.last,
        });
        Self {
            session: pad.session,
            event: pad.event,
            updated: pad.updated,
            hidden: pad.hidden,
            policy: pad.policy,
            text: pad.text.as_str().to_owned(),
            authors: authors.collect(),
        }
    }
}
