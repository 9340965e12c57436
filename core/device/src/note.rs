//! What I write down for myself.

use serde::Serialize;
use teilgeber_model::{Id, List, Millis, Note, NoteTitle, Tag};
use teilgeber_store::nouns::{NOTE, note};

use crate::device::{Device, document_id, model_id};
use crate::error::{Error, Result};

pub use teilgeber_store::nouns::text::{Splice, TextUnit};

/// A note, and when it was last changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteRecord {
    /// Which one.
    pub id: Id,
    /// When it was last changed.
    pub updated: Millis,
    /// What it says.
    pub note: Note,
}

/// A note as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteHeadline {
    /// Which one.
    pub id: Id,
    /// When it was last changed.
    pub updated: Millis,
    /// Its first line that shows anything.
    pub title: Option<NoteTitle>,
    /// Its tags.
    pub tags: List<Tag, 16>,
    /// The event that it belongs to.
    pub event: Option<Id>,
    /// The session that it belongs to.
    pub session: Option<Id>,
}

/// Which notes to list: those that match all that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteFilter {
    /// Belonging to this event.
    pub event: Option<Id>,
    /// Belonging to this session.
    pub session: Option<Id>,
    /// With this tag.
    pub tag: Option<Tag>,
}

impl Device {
    /// Writes a new note. Returns its id.
    ///
    /// # Errors
    /// [`Error::FreeSpace`] when the disk is full.
    pub fn create_note(&self, note: &Note) -> Result<Id> {
        let id = self.write(|edit| {
            Ok(edit.make_document(&self.own_space(), NOTE, |tx| Ok(note::write(tx, None, note)?))?)
        })?;
        Ok(model_id(id.as_bytes()))
    }

    /// Makes a note say `note`. Only what differs is written, so that what another device writes at the
    /// same time in other places stays. Whoever types over some time sends
    /// [splices](Self::splice_note).
    ///
    /// # Errors
    /// [`Error::NotHere`], [`Error::Shorten`] or [`Error::FreeSpace`].
    pub fn set_note(&self, id: Id, note: &Note) -> Result<()> {
        self.write(|edit| {
            Ok(edit.change_document(&self.own_space(), &document_id(id), |tx| {
                let old = note::read(&*tx).ok();
                Ok(note::write(tx, old.as_ref(), note)?)
            })?)
        })
    }

    /// Edits a note's text in place: one splice after another, positions counted in `unit` in the text
    /// that the one before has left. The text is [the raw one](Self::note_text).
    ///
    /// # Errors
    /// [`Error::ReadAgain`] when a splice does not fit the text, [`Error::Shorten`] when it would become
    /// too long, [`Error::NotHere`] or [`Error::FreeSpace`]. Then none was made.
    pub fn splice_note(&self, id: Id, unit: TextUnit, splices: &[Splice]) -> Result<()> {
        self.write(|edit| {
            let (space, document) = (self.own_space(), document_id(id));
            Ok(edit.change_document(&space, &document, |tx| Ok(note::splice(tx, unit, splices)?))?)
        })
    }

    /// A note's text as it was typed and merged: what an editor shows, and in which
    /// [splices](Self::splice_note) count. What [`note`](Self::note) gives is normalised.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn note_text(&self, id: Id) -> Result<String> {
        let text = self.read(|view| {
            let space = view.space(&self.own_space())?;
            let loaded = view.document(&space, &document_id(id))?;
            Ok(loaded.and_then(|loaded| note::raw_text(loaded.document())))
        })?;
        text.ok_or(Error::NotHere("that note"))
    }

    /// A note.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn note(&self, id: Id) -> Result<NoteRecord> {
        let found = self.read(|view| Ok(note::get(view.connection(), &document_id(id))?))?;
        let note::Written { id, updated, note } = found.ok_or(Error::NotHere("that note"))?;
        Ok(NoteRecord { id: model_id(id.as_bytes()), updated, note })
    }

    /// The notes that match, the last changed first, at most `limit` of those after the one called
    /// `after`.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn notes(
        &self,
        filter: &NoteFilter,
        after: Option<&NoteHeadline>,
        limit: u32,
    ) -> Result<Vec<NoteHeadline>> {
        let NoteFilter { event, session, tag } = filter.clone();
        let after = after.cloned().map(|after| note::Headline {
            id: document_id(after.id),
            updated: after.updated,
            title: after.title,
            tags: after.tags,
            event: after.event,
            session: after.session,
        });
        let filter = note::Filter { event, session, tag };
        let found =
            self.read(|view| Ok(note::list(view.connection(), &filter, after.as_ref(), limit)?))?;
        Ok(found.into_iter().map(headline).collect())
    }

    /// Erases a note: its words are gone here, and on each of my devices once it hears of it. How many
    /// have, say its [`places`](Self::places) from then on.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_note(&self, id: Id) -> Result<()> {
        self.note(id)?;
        self.write(|edit| {
            edit.erase(&self.own_space(), &document_id(id))?;
            Ok(())
        })
    }
}

fn headline(found: note::Headline) -> NoteHeadline {
    NoteHeadline {
        id: model_id(found.id.as_bytes()),
        updated: found.updated,
        title: found.title,
        tags: found.tags,
        event: found.event,
        session: found.session,
    }
}
