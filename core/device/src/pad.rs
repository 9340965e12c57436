//! Pads: the shared notes of a session.
//!
//! Anyone in the event may write, offline as well, and what was written at once is merged. Who wrote which
//! words can be seen within the event. A session that is off the record has no pad.

use std::collections::HashMap;

use serde::Serialize;
use teilgeber_entry::{AuthorId, DocumentId, Origin, PersonId, SpaceId};
use teilgeber_model::{Id, Millis, Name, PadText, Policy};
use teilgeber_store::guard::Loaded;
use teilgeber_store::nouns::text::{Splice, SpliceError, TextUnit};
use teilgeber_store::nouns::{PAD, card, pad, session};
use teilgeber_store::{Edit, Space, StoreError, View};

use crate::device::{Device, document_id, model_id, space_id};
use crate::error::{Error, Result};

/// A pad, and who wrote in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PadRecord {
    /// Of which session.
    pub session: Id,
    /// In which event.
    pub event: Id,
    /// When it was last changed; `None` where nobody began it.
    pub updated: Option<Millis>,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What may be told of it outside.
    pub policy: Policy,
    /// What it says, in Markdown.
    pub text: PadText,
    /// Who wrote in it, the first in front.
    pub authors: Vec<PadAuthor>,
}

/// Somebody who wrote in a pad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PadAuthor {
    /// Who.
    pub person: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<Name>,
    /// When they wrote first, as they say.
    pub first: Millis,
    /// When last.
    pub last: Millis,
}

/// A piece of a pad that one person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PadSpan {
    /// Who; `None` where that is not known.
    pub person: Option<Id>,
    /// The words.
    pub text: String,
}

/// A place in a pad that stays with its character, whatever others write before it. Kept as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PadCursor(Vec<u8>);

impl Device {
    /// The pad of a session: empty as long as nobody began it.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad(&self, session: Id) -> Result<PadRecord> {
        let found = self.of_session(session)?;
        self.read(|view| {
            let db = view.connection();
            let shown = pad::get(db, &found.pad)?;
            let authors = pad::hands(db, &found.pad)?.into_iter().map(|hand| {
                Ok(PadAuthor {
                    person: model_id(hand.person.as_bytes()),
                    name: card::name_in(db, &found.space.id, &hand.person)?,
                    first: hand.first,
                    last: hand.last,
                })
            });
            Ok(PadRecord {
                session,
                event: model_id(found.space.id.as_bytes()),
                updated: shown.as_ref().map(|shown| shown.updated),
                hidden: shown.as_ref().is_some_and(|shown| shown.hidden),
                policy: found.policy,
                authors: authors.collect::<teilgeber_store::Result<_>>()?,
                text: shown.map(|shown| shown.text).unwrap_or_default(),
            })
        })
    }

    /// A pad's text as it was typed and merged: what an editor shows, and in which
    /// [splices](Self::splice_pad) and cursors count.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad_text(&self, session: Id) -> Result<String> {
        self.of_pad(session, |doc, _| Ok(pad::raw_text(doc.document())))
            .map(Option::unwrap_or_default)
    }

    /// Edits a pad in place, as [`splice_note`](Self::splice_note) does a note. The first one begins it.
    ///
    /// # Errors
    /// [`Error::OffTheRecord`], [`Error::ReadAgain`] when a splice does not fit the text,
    /// [`Error::Shorten`] when it would become too long, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn splice_pad(&self, session: Id, unit: TextUnit, splices: &[Splice]) -> Result<()> {
        self.change_pad(session, |edit, space, origin| {
            let mut refused = None;
            let edited = edit.change_named(space, PAD, origin, |tx| {
                pad::splice(tx, unit, splices).map_err(|error| {
                    refused = Some(error);
                    StoreError::Missing("that place in the text")
                })
            });
            match refused {
                Some(error) => Err(error.into()),
                None => Ok(edited.map(drop)?),
            }
        })
    }

    /// Makes a pad say `text`. Only what differs is written.
    ///
    /// # Errors
    /// [`Error::OffTheRecord`], [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn set_pad(&self, session: Id, text: &PadText) -> Result<()> {
        self.change_pad(session, |edit, space, origin| {
            let write = edit.change_named(space, PAD, origin, |tx| Ok(pad::write(tx, text)?));
            Ok(write.map(drop)?)
        })
    }

    /// A cursor at the position `at` of a pad's [text](Self::pad_text).
    ///
    /// # Errors
    /// [`Error::ReadAgain`] when there is no such position, or [`Error::NotHere`].
    pub fn pad_cursor(&self, session: Id, unit: TextUnit, at: usize) -> Result<PadCursor> {
        let mut refused = None;
        let found = self.of_pad(session, |doc, _| {
            Ok(pad::cursor(doc.document(), unit, at).map_err(|error| refused = Some(error)).ok())
        })?;
        match (found.flatten(), refused) {
            (Some(cursor), _) => Ok(PadCursor(cursor)),
            (None, Some(error)) => Err(error.into()),
            (None, None) => Err(SpliceError::Missing.into()),
        }
    }

    /// Where a cursor is now in a pad's text; `None` for one of another pad.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad_position(
        &self,
        session: Id,
        unit: TextUnit,
        cursor: &PadCursor,
    ) -> Result<Option<usize>> {
        let found =
            self.of_pad(session, |doc, _| Ok(pad::position(doc.document(), unit, &cursor.0)))?;
        Ok(found.flatten())
    }

    /// A pad's text in pieces, each with who wrote it.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad_spans(&self, session: Id) -> Result<Vec<PadSpan>> {
        let found = self.of_session(session)?;
        let writers = self.read(|view| Ok(pad::writers(view.connection(), &found.pad)?))?;
        let authors: Vec<AuthorId> = writers.iter().map(|(author, _)| *author).collect();
        let persons: HashMap<AuthorId, Option<PersonId>> = writers.into_iter().collect();
        let spans = self.of_pad(session, |doc, id| Ok(pad::spans(doc.document(), id, &authors)))?;
        let person = |author: AuthorId| persons.get(&author).copied().flatten();
        let named = spans.unwrap_or_default().into_iter().map(|span| PadSpan {
            person: span.author.and_then(person).map(|person| model_id(person.as_bytes())),
            text: span.text,
        });
        Ok(named.collect())
    }

    /// The session whose pad a document is: to show where words were found.
    pub(crate) fn session_of_pad(
        view: &View<'_>,
        pad: &DocumentId,
    ) -> teilgeber_store::Result<Option<session::Pitched>> {
        let db = view.connection();
        let found = pad::session_of(db, pad)?;
        Ok(found.map(|session| session::get(db, &session)).transpose()?.flatten())
    }

    fn change_pad(
        &self,
        session: Id,
        change: impl FnOnce(&mut Edit<'_>, &SpaceId, Origin) -> Result<()>,
    ) -> Result<()> {
        let found = self.of_session(session)?;
        if found.policy == Policy::OffTheRecord {
            return Err(Error::OffTheRecord);
        }
        let origin = Origin::Attached { parent: document_id(session), generation: 0 };
        self.write(|edit| change(edit, &found.space.id, origin))
    }

    /// Reads something of a pad's document; `None` where nobody began it.
    fn of_pad<T>(
        &self,
        session: Id,
        read: impl FnOnce(&Loaded, &DocumentId) -> teilgeber_store::Result<T>,
    ) -> Result<Option<T>> {
        let found = self.of_session(session)?;
        self.read(|view| {
            let loaded = view.document(&found.space, &found.pad)?;
            loaded.map(|loaded| read(&loaded, &found.pad)).transpose()
        })
    }

    fn of_session(&self, session: Id) -> Result<OfSession> {
        let record = self.session(session)?;
        let found = self.read(|view| {
            let space = view.space(&space_id(record.event))?;
            let db = view.connection();
            let pitched = session::get(db, &document_id(session))?;
            let policy = pitched.map(|pitched| session::policy_of(db, &pitched)).transpose()?;
            let key = space.key.as_ref();
            let pad = key.and_then(|key| pad::id_of(key, &document_id(session)));
            let pad = pad.ok_or(StoreError::Missing("the event's key"))?;
            Ok(OfSession { space, pad, policy: policy.unwrap_or(Policy::OffTheRecord) })
        })?;
        Ok(found)
    }
}

/// Where a session's pad is.
struct OfSession {
    space: Space,
    pad: DocumentId,
    policy: Policy,
}
