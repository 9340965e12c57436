//! Pads: the shared notes of a session.

use std::sync::Arc;

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

/// A place in a pad that stays with its character, whatever others write before it.
#[derive(Debug, uniffi::Object)]
pub struct PadCursor {
    cursor: core::PadCursor,
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

    /// A cursor at the position `at` of a pad's text, as `pad_text` gives it.
    ///
    /// Errors: `ReadAgain` when there is no such position, `NotHere`.
    pub async fn pad_cursor(&self, session: Id, unit: TextUnit, at: u32) -> Result<Arc<PadCursor>> {
        self.run(move |device| {
            let cursor = device.pad_cursor(session, unit, at as usize)?;
            Ok(Arc::new(PadCursor { cursor }))
        })
        .await
    }

    /// Where a cursor is now in a pad's text; none for one of another pad.
    ///
    /// Errors: `NotHere`.
    pub async fn pad_position(
        &self,
        session: Id,
        unit: TextUnit,
        cursor: Arc<PadCursor>,
    ) -> Result<Option<u32>> {
        self.run(move |device| {
            let at = device.pad_position(session, unit, &cursor.cursor)?;
            // A pad's text is far shorter than that.
            Ok(at.map(|at| u32::try_from(at).unwrap_or(u32::MAX)))
        })
        .await
    }

    /// Moves a pad on: it says `text` from now on, and what it said before goes from every device that hears of it,
    /// history and all. Who wrote which words is forgotten with it. What others added meanwhile, each finds in
    /// `missing_from_pad`. Where two move it at once, the text of one of them stands, the same everywhere.
    ///
    /// Errors: `NotAllowed` to all but the session's pitcher and organisers, `OffTheRecord` where anything would
    /// remain, `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn move_pad(&self, session: Id, text: String) -> Result<()> {
        self.run(move |device| Ok(device.move_pad(session, &prose(&text)?)?)).await
    }

    /// Lines that were written on this device and went when the pad moved on, and that the pad does not say now: to
    /// be offered to the person again. Nobody else sees them.
    ///
    /// Errors: `NotHere`.
    pub async fn missing_from_pad(&self, session: Id) -> Result<Vec<String>> {
        self.run(move |device| Ok(device.missing_from_pad(session)?)).await
    }

    /// Forgets what is missing from a pad.
    ///
    /// Errors: `FreeSpace`.
    pub async fn forget_missing_from_pad(&self, session: Id) -> Result<()> {
        self.run(move |device| Ok(device.forget_missing_from_pad(session)?)).await
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
