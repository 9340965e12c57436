//! A moment to undo before an erasure is sent.
//!
//! For [`UNDO_MS`] what will be erased is only left out of lists. Nothing of the erasure is in the log
//! meanwhile, so no sync can carry it. What is due is erased by [`Device::tidy`], before a sync begins, and
//! at a start, so an app that was killed in between does it then.

use serde::Serialize;
use teilgeber_model::{Id, Millis};
use teilgeber_store::Leaving;

use crate::device::{Device, model_id, moment};
use crate::error::{Error, Result};
use crate::moderation::locate;
use crate::observe::Kind;

/// How long an erasure can be undone, in ms.
pub const UNDO_MS: u64 = 10_000;

/// An erasure that can still be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub id: Id,
    /// When it is erased.
    pub until: Millis,
}

impl Device {
    /// Erases a note, a contact, a post of mine or a session that I pitched, in a moment: it is in no
    /// list any more, and until then [`undo`](Self::undo) has it back.
    ///
    /// # Errors
    /// As [`erase`](Self::erase), and [`Error::NotAllowed`] for other kinds.
    pub fn erase_soon(&self, kind: Kind, id: Id) -> Result<Pending> {
        let mine = match kind {
            Kind::Note | Kind::Contact => true,
            Kind::Post => self.post(id)?.mine,
            Kind::Session => self.session(id)?.pitcher == Some(self.me()?.person),
            _ => false,
        };
        let noun = kind.noun().filter(|_| mine).ok_or(Error::NotAllowed("its author"))?;
        let found = self.read(|view| locate(view, self.own_space(), kind, id))?;
        let (space, document) = found.ok_or(Error::NotHere("that"))?;
        let until = self.now().saturating_add(UNDO_MS);
        let leaving = Leaving { noun, id: document, thing: *id.as_bytes(), until };
        self.write(|edit| Ok(edit.leave(&space, &leaving)?))?;
        Ok(Pending { kind, id, until: moment(until) })
    }

    /// Has back what would have been erased.
    ///
    /// # Errors
    /// [`Error::NotHere`] when it is erased by now.
    pub fn undo(&self, pending: &Pending) -> Result<()> {
        let gone = Error::NotHere("what was to be erased");
        let found = self.read(|view| locate(view, self.own_space(), pending.kind, pending.id))?;
        let (Some((space, document)), Some(noun)) = (found, pending.kind.noun()) else {
            return Err(gone);
        };
        match self.write(|edit| Ok(edit.stay(&space, noun, &document)?))? {
            true => Ok(()),
            false => Err(gone),
        }
    }

    /// What will be erased and can still be undone, the next in front.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn pending(&self) -> Result<Vec<Pending>> {
        let leaving = self.read(|view| view.leaving())?;
        let pending = |it: Leaving| {
            let (kind, id) = (Kind::of(it.noun)?, model_id(&it.thing));
            Some(Pending { kind, id, until: moment(it.until) })
        };
        Ok(leaving.into_iter().filter_map(pending).collect())
    }

    /// Erases what is due. A crash in between leaves it due, and what is erased already is then passed over.
    pub(crate) fn erase_what_is_due(&self) -> Result<()> {
        let now = self.now();
        for leaving in self.read(|view| view.leaving())? {
            if leaving.until > now {
                break;
            }
            if let Some(kind) = Kind::of(leaving.noun) {
                match self.erase(kind, model_id(&leaving.thing)) {
                    // It went in another way meanwhile, or is not mine to erase any more.
                    Ok(()) | Err(Error::NotHere(_) | Error::NotAllowed(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            self.write(|edit| Ok(edit.has_left(&leaving.id)?))?;
        }
        Ok(())
    }
}
