//! What I write down for myself.

use teilgeber_device as core;
use teilgeber_device::model::{self, Id, Millis, Tag};

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::values::{list, maybe_line, prose};

pub(crate) use teilgeber_device::TextUnit;

/// In what the positions and lengths of a text are counted.
#[uniffi::remote(Enum)]
pub enum TextUnit {
    /// Unicode scalar values: Python's strings, Swift's `unicodeScalars`.
    Scalars,
    /// UTF-16 code units: Kotlin, Java, JavaScript, `NSString`.
    Utf16,
}

/// One change of a text: at a position, some characters go and others come.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Splice {
    /// Where, in units from the beginning.
    pub at: u32,
    /// How many units go.
    pub delete: u32,
    /// What comes there.
    pub insert: String,
}

/// A note. It is for me alone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Note {
    /// What it says, in Markdown.
    pub text: String,
    /// Its tags.
    #[uniffi(default = [])]
    pub tags: Vec<Tag>,
    /// The event that it belongs to.
    #[uniffi(default = None)]
    pub event: Option<Id>,
    /// The session that it belongs to.
    #[uniffi(default = None)]
    pub session: Option<Id>,
}

/// A note, and when it was last changed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NoteRecord {
    /// Which one.
    pub id: Id,
    /// When it was last changed.
    pub updated: Millis,
    /// What it says.
    pub note: Note,
}

/// A note as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NoteHeadline {
    /// Which one.
    pub id: Id,
    /// When it was last changed.
    pub updated: Millis,
    /// Its first line that shows anything.
    pub title: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The event that it belongs to.
    pub event: Option<Id>,
    /// The session that it belongs to.
    pub session: Option<Id>,
}

/// Which notes to list: those that match all that is set.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct NoteFilter {
    /// Belonging to this event.
    #[uniffi(default = None)]
    pub event: Option<Id>,
    /// Belonging to this session.
    #[uniffi(default = None)]
    pub session: Option<Id>,
    /// With this tag.
    #[uniffi(default = None)]
    pub tag: Option<Tag>,
}

#[uniffi::export]
impl Device {
    /// Writes a new note. Returns its id.
    ///
    /// Errors: `FreeSpace`, `Invalid`.
    pub async fn create_note(&self, note: Note) -> Result<Id> {
        self.run(|device| Ok(device.create_note(&note.try_into()?)?)).await
    }

    /// Makes a note say `note`. Only what differs is written, so that what another device writes at the same time
    /// in other places stays. Whoever types over some time sends splices.
    ///
    /// Errors: `NotHere`, `Shorten`, `FreeSpace`, `Invalid`.
    pub async fn set_note(&self, id: Id, note: Note) -> Result<()> {
        self.run(move |device| Ok(device.set_note(id, &note.try_into()?)?)).await
    }

    /// Edits a note's text in place: one splice after another, positions counted in `unit` in the text that the
    /// one before has left. The text is that of `note_text`.
    ///
    /// Errors: `ReadAgain` when a splice does not fit the text, `Shorten` when it would become too long, `NotHere`
    /// or `FreeSpace`. Then none was made.
    pub async fn splice_note(&self, id: Id, unit: TextUnit, splices: Vec<Splice>) -> Result<()> {
        self.run(move |device| Ok(device.splice_note(id, unit, &core_splices(splices))?)).await
    }

    /// A note's text as it was typed and merged: what an editor shows, and in which splices count. What `note`
    /// gives is normalised.
    ///
    /// Errors: `NotHere`.
    pub async fn note_text(&self, id: Id) -> Result<String> {
        self.run(move |device| Ok(device.note_text(id)?)).await
    }

    /// A note.
    ///
    /// Errors: `NotHere`.
    pub async fn note(&self, id: Id) -> Result<NoteRecord> {
        self.run(move |device| {
            let core::NoteRecord { id, updated, note } = device.note(id)?;
            Ok(NoteRecord { id, updated, note: note.into() })
        })
        .await
    }

    /// The notes that match, the last changed first, at most `limit` of those after the one called `after`.
    pub async fn notes(
        &self,
        filter: NoteFilter,
        after: Option<NoteHeadline>,
        limit: u32,
    ) -> Result<Vec<NoteHeadline>> {
        let NoteFilter { event, session, tag } = filter;
        let filter = core::NoteFilter { event, session, tag };
        self.run(move |device| {
            let after = after.map(core::NoteHeadline::try_from).transpose()?;
            let found = device.notes(&filter, after.as_ref(), limit)?;
            Ok(found.into_iter().map(NoteHeadline::from).collect())
        })
        .await
    }

    /// Erases a note: its words are gone here, and on each of my devices once it hears of it. How many have, say
    /// its `places` from then on.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn erase_note(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_note(id)?)).await
    }
}

pub(crate) fn core_splices(splices: Vec<Splice>) -> Vec<core::Splice> {
    let splices = splices.into_iter();
    splices
        .map(|Splice { at, delete, insert }| core::Splice {
            at: at as usize,
            delete: delete as usize,
            insert,
        })
        .collect()
}

impl TryFrom<Note> for model::Note {
    type Error = CoreError;

    fn try_from(note: Note) -> Result<Self> {
        Ok(Self::new(prose(&note.text)?)
            .with_tags(list(note.tags)?)
            .with_event(note.event)
            .with_session(note.session))
    }
}

impl From<model::Note> for Note {
    fn from(note: model::Note) -> Self {
        Self {
            text: note.text().as_str().to_owned(),
            tags: note.tags().to_vec(),
            event: note.event(),
            session: note.session(),
        }
    }
}

impl TryFrom<NoteHeadline> for core::NoteHeadline {
    type Error = CoreError;

    fn try_from(headline: NoteHeadline) -> Result<Self> {
        let NoteHeadline { id, updated, title, tags, event, session } = headline;
        Ok(Self { id, updated, title: maybe_line(title)?, tags: list(tags)?, event, session })
    }
}

impl From<core::NoteHeadline> for NoteHeadline {
    fn from(headline: core::NoteHeadline) -> Self {
        let core::NoteHeadline { id, updated, title, tags, event, session } = headline;
        let title = title.map(|title| title.as_str().to_owned());
        Self { id, updated, title, tags: tags.into_vec(), event, session }
    }
}
