//! Sessions, and the board on which they are placed.

use serde::Serialize;
use teilgeber_entry::{DocumentId, Origin, SpaceId};
use teilgeber_model::{Id, Placement, Session, Tag};
use teilgeber_store::Edit;
use teilgeber_store::nouns::text::{Splice, TextUnit};
use teilgeber_store::nouns::{PLACEMENT, SESSION, placement, session};

use crate::device::{Device, document_id, model_id, person_id, space_id};
use crate::error::{Error, Result};
use crate::starred;

/// A session, and who pitched it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// A session on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardItem {
    /// Which session.
    pub session: SessionRecord,
    /// Where it is held. One that several claims place stands there once for each of them, one that none
    /// places has none.
    pub placement: Option<Placement>,
    /// Whether I starred it.
    pub starred: bool,
    /// Whether it stands in a part of the board that organisers locked.
    pub locked: bool,
}

/// Something on the board that somebody must settle, by placing a session again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
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
        /// Which, the one that begins first in front.
        sessions: [Id; 2],
        /// Where they are, in the same order.
        placements: [Placement; 2],
    },
}

impl Device {
    /// Pitches a session. Returns its id.
    ///
    /// # Errors
    /// [`Error::NotHere`], [`Error::Shorten`] or [`Error::FreeSpace`].
    pub fn pitch_session(&self, event: Id, new: &Session) -> Result<Id> {
        let space = self.event_space(event)?.id;
        let id = self.write(|edit| pitch(edit, &space, new))?;
        Ok(model_id(id.as_bytes()))
    }

    /// Makes a session say `new`. Only what differs is written.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but its pitcher and organisers, [`Error::NotHere`],
    /// [`Error::Shorten`] or [`Error::FreeSpace`].
    pub fn edit_session(&self, id: Id, new: &Session) -> Result<()> {
        let record = self.session(id)?;
        self.write(|edit| edit_session(edit, &space_id(record.event), &document_id(id), new))
    }

    /// Edits a session's abstract in place, as [`splice_note`](Self::splice_note) does a note.
    ///
    /// # Errors
    /// [`Error::ReadAgain`], and as [`edit_session`](Self::edit_session).
    pub fn splice_abstract(&self, id: Id, unit: TextUnit, splices: &[Splice]) -> Result<()> {
        let record = self.session(id)?;
        self.write(|edit| {
            let (space, document) = (space_id(record.event), document_id(id));
            Ok(edit
                .change_document(&space, &document, |tx| Ok(session::splice(tx, unit, splices)?))?)
        })
    }

    /// Places a session on the board, or takes it off with `None`. Settles a conflict of its claims.
    /// Everybody in the event may, but for the parts that organisers [locked](Self::lock_board).
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers where the place before or after is locked,
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn place_session(&self, id: Id, place: Option<&Placement>) -> Result<()> {
        let record = self.session(id)?;
        self.may_place(&record, place)?;
        self.write(|edit| {
            put_on_board(edit, &space_id(record.event), &document_id(id), place)?;
            starred::saw(edit, &self.own_space(), id, place)
        })
    }

    /// Erases a session that I pitched: here at once, and asked for elsewhere.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but its pitcher, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_session(&self, id: Id) -> Result<()> {
        let record = self.session(id)?;
        if record.pitcher.map(person_id) != Some(self.person()) {
            return Err(Error::NotAllowed("the person who pitched it"));
        }
        self.write(|edit| Ok(edit.erase(&space_id(record.event), &document_id(id)).map(drop)?))
    }

    /// A session.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn session(&self, id: Id) -> Result<SessionRecord> {
        let found = self.read(|view| Ok(session::get(view.connection(), &document_id(id))?))?;
        found.map(record).ok_or(Error::NotHere("that session"))
    }

    /// The sessions of an event, by title.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn sessions(&self, event: Id) -> Result<Vec<SessionRecord>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| Ok(session::list(view.connection(), &space)?))?;
        Ok(found.into_iter().map(record).collect())
    }

    /// The sessions of an event with this tag, by title.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn sessions_with_tag(&self, event: Id, tag: &Tag) -> Result<Vec<SessionRecord>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| Ok(session::with_tag(view.connection(), &space, tag)?))?;
        Ok(found.into_iter().map(record).collect())
    }

    /// What must be settled on the board of an event.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn conflicts(&self, event: Id) -> Result<Vec<Conflict>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| Ok(placement::conflicts(view.connection(), &space)?))?;
        Ok(found.into_iter().map(conflict).collect())
    }
}

pub(crate) fn pitch(edit: &mut Edit<'_>, space: &SpaceId, new: &Session) -> Result<DocumentId> {
    Ok(edit.make_document(space, SESSION, |tx| Ok(session::write(tx, None, new)?))?)
}

pub(crate) fn edit_session(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    id: &DocumentId,
    new: &Session,
) -> Result<()> {
    Ok(edit.change_document(space, id, |tx| {
        let old = session::read(&*tx).ok();
        Ok(session::write(tx, old.as_ref(), new)?)
    })?)
}

pub(crate) fn put_on_board(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    id: &DocumentId,
    place: Option<&Placement>,
) -> Result<()> {
    let origin = Origin::Attached { parent: *id, generation: 0 };
    edit.change_named(space, PLACEMENT, origin, |tx| Ok(placement::write(tx, place)?))?;
    Ok(())
}

pub(crate) fn record(pitched: session::Pitched) -> SessionRecord {
    SessionRecord {
        id: model_id(pitched.id.as_bytes()),
        event: model_id(pitched.space.as_bytes()),
        pitcher: pitched.person.map(|person| model_id(person.as_bytes())),
        hidden: pitched.hidden,
        session: pitched.session,
    }
}

pub(crate) fn conflict(found: placement::Conflict) -> Conflict {
    match found {
        placement::Conflict::Claims { session, placements } => {
            Conflict::Claims { session: model_id(session.as_bytes()), placements }
        }
        placement::Conflict::Overlap { sessions, placements } => Conflict::Overlap {
            sessions: sessions.map(|session| model_id(session.as_bytes())),
            placements,
        },
    }
}
