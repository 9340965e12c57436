//! A moment to undo before an erasure is sent.
//!
//! For [`UNDO_MS`] what will be erased is only left out of lists. Nothing of the erasure is in the log
//! meanwhile, so no sync can carry it. What is due is erased by [`Device::tidy`], before a sync begins, and
//! at a start, so an app that was killed in between does it then.

use std::collections::BTreeSet;

use serde::Serialize;
use teilgeber_entry::SpaceId;
use teilgeber_model::{Id, Millis};
use teilgeber_store::Leaving;

use crate::device::{Device, model_id, moment, space_id};
use crate::error::{Error, Result};
use crate::moderation::locate;
use crate::observe::Kind;
use crate::presence::withdraw;

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
    /// Erases in a moment a note, a contact, an anchor or a message, or of mine a post, an offer, a photo or
    /// a session that I pitched: it is in no list any more, and until then [`undo`](Self::undo) has it back.
    /// All of mine in an event: [`erase_event_soon`](Self::erase_event_soon).
    ///
    /// # Errors
    /// As [`erase`](Self::erase), and [`Error::NotAllowed`] for other kinds.
    pub fn erase_soon(&self, kind: Kind, id: Id) -> Result<Pending> {
        let mine = match kind {
            Kind::Note | Kind::Contact | Kind::Anchor | Kind::Message => true,
            Kind::Post => self.post(id)?.mine,
            Kind::Offer => self.offer(id)?.mine,
            Kind::Photo => self.photo(id)?.person == self.me()?.person,
            Kind::Session => self.session(id)?.pitcher == Some(self.me()?.person),
            _ => false,
        };
        let noun = kind.noun().filter(|_| mine).ok_or(Error::NotAllowed("its author"))?;
        let found = self.read(|view| locate(view, self.own_space(), kind, id))?;
        let (space, document) = found.ok_or(Error::NotHere("that"))?;
        let until = self.now().saturating_add(UNDO_MS);
        let leaving = Leaving { noun, id: document, thing: *id.as_bytes(), until, event: None };
        self.write(|edit| Ok(edit.leave(&space, &leaving)?))?;
        Ok(Pending { kind, id, until: moment(until) })
    }

    /// Has back what would have been erased.
    ///
    /// # Errors
    /// [`Error::NotHere`] when it is erased by now.
    pub fn undo(&self, pending: &Pending) -> Result<()> {
        let gone = Error::NotHere("what was to be erased");
        if pending.kind == Kind::Event {
            return self.undo_event(pending.id);
        }
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
        let mut pending: Vec<Pending> = Vec::new();
        for it in self.read(|view| view.leaving())? {
            let (kind, id) = match it.event {
                Some(event) => (Some(Kind::Event), model_id(event.as_bytes())),
                None => (Kind::of(it.noun), model_id(&it.thing)),
            };
            let Some(kind) = kind else { continue };
            if !pending.iter().any(|known| (known.kind, known.id) == (kind, id)) {
                pending.push(Pending { kind, id, until: moment(it.until) });
            }
        }
        Ok(pending)
    }

    /// Erases what is due. A crash in between leaves it due, and what is erased already is then passed over.
    pub(crate) fn erase_what_is_due(&self) -> Result<()> {
        let now = self.now();
        let mut due = self.read(|view| view.leaving())?;
        due.retain(|leaving| leaving.until <= now);
        let events: BTreeSet<SpaceId> = due.iter().filter_map(|leaving| leaving.event).collect();
        for event in events {
            self.erase_of_event(&event, &due)?;
        }
        for leaving in due.iter().filter(|leaving| leaving.event.is_none()) {
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

    /// Erases all that was mine in an event, at once: a crash leaves all of it due.
    fn erase_of_event(&self, event: &SpaceId, due: &[Leaving]) -> Result<()> {
        let of_it = due.iter().filter(|leaving| leaving.event == Some(*event));
        let documents: Vec<_> = of_it.map(|leaving| (leaving.noun, leaving.id)).collect();
        self.write(|edit| {
            withdraw(edit, event, &documents)?;
            for (_, id) in &documents {
                edit.has_left(id)?;
            }
            Ok(())
        })
    }

    fn undo_event(&self, event: Id) -> Result<()> {
        let space = space_id(event);
        let leaving = self.read(|view| view.leaving())?;
        let of_it = leaving.iter().filter(|leaving| leaving.event == Some(space));
        let stayed = self.write(|edit| {
            let mut stayed = false;
            for leaving in of_it {
                stayed |= edit.stay(&space, leaving.noun, &leaving.id)?;
            }
            Ok(stayed)
        })?;
        if stayed { Ok(()) } else { Err(Error::NotHere("what was to be erased")) }
    }
}
