//! Anchors, and what is open: what to pick up again, and what was promised to whom.

use serde::Serialize;
use teilgeber_model::{Anchor, Id, Millis, Name, Promise};
use teilgeber_store::nouns::{ANCHOR, anchor, contact};

use crate::device::{Device, document_id, model_id};
use crate::error::{Error, Result};

/// An anchor, and which one it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnchorRecord {
    /// Which one.
    pub id: Id,
    /// What it says.
    pub anchor: Anchor,
}

/// A promise that was not kept yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenPromise {
    /// The contact that it binds me to, or who is bound to me.
    pub person: Id,
    /// What I call them.
    pub name: Name,
    /// What was promised, and by whom.
    pub promise: Promise,
}

/// What is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Open {
    /// Anchors whose day has come, the oldest first.
    pub due: Vec<AnchorRecord>,
    /// All other anchors, by day, those without one last.
    pub later: Vec<AnchorRecord>,
    /// Promises, the oldest first.
    pub promises: Vec<OpenPromise>,
}

impl Device {
    /// Sets an anchor. Returns its id. It is for me alone.
    ///
    /// # Errors
    /// [`Error::FreeSpace`] when the disk is full.
    pub fn add_anchor(&self, new: &Anchor) -> Result<Id> {
        let id = self.write(|edit| {
            let own = self.own_space();
            Ok(edit.make_document(&own, ANCHOR, |tx| Ok(anchor::write(tx, None, new)?))?)
        })?;
        Ok(model_id(id.as_bytes()))
    }

    /// Makes an anchor say `new`. Only what differs is written.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn set_anchor(&self, id: Id, new: &Anchor) -> Result<()> {
        self.anchor(id)?;
        self.write(|edit| {
            Ok(edit.change_document(&self.own_space(), &document_id(id), |tx| {
                let old = anchor::read(&*tx).ok();
                Ok(anchor::write(tx, old.as_ref(), new)?)
            })?)
        })
    }

    /// Picked up: the anchor is done.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn close_anchor(&self, id: Id) -> Result<()> {
        let anchor = self.anchor(id)?.anchor;
        self.set_anchor(id, &anchor.with_done(true))
    }

    /// Erases an anchor: its words are gone here, and on each of my devices once it hears of it.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_anchor(&self, id: Id) -> Result<()> {
        self.anchor(id)?;
        self.write(|edit| Ok(edit.erase(&self.own_space(), &document_id(id)).map(drop)?))
    }

    /// An anchor.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn anchor(&self, id: Id) -> Result<AnchorRecord> {
        let found = self.read(|view| Ok(anchor::get(view.connection(), &document_id(id))?))?;
        found.map(record).ok_or(Error::NotHere("that anchor"))
    }

    /// The anchors that are open, or those that are done; by day, those without one last.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn anchors(&self, done: bool) -> Result<Vec<AnchorRecord>> {
        let found = self.read(|view| Ok(anchor::list(view.connection(), done)?))?;
        Ok(found.into_iter().map(record).collect())
    }

    /// What is open at `now`: anchors, and promises to and from the people I met.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn open_things(&self, now: Millis) -> Result<Open> {
        let today = now.day();
        let is_due = |one: &AnchorRecord| one.anchor.due().is_some_and(|day| day <= today);
        let (due, later) = self.anchors(false)?.into_iter().partition(is_due);
        let contacts = self.read(|view| Ok(contact::list(view.connection())?))?;
        let mut promises: Vec<OpenPromise> = contacts
            .iter()
            .flat_map(|known| {
                let contact = &known.contact;
                let open = contact.promises().iter().filter(|promise| !promise.kept);
                open.map(|promise| OpenPromise {
                    person: contact.person(),
                    name: contact.name().clone(),
                    promise: promise.clone(),
                })
            })
            .collect();
        promises.sort_by_key(|open| open.promise.made);
        Ok(Open { due, later, promises })
    }
}

fn record(set: anchor::Set) -> AnchorRecord {
    AnchorRecord { id: model_id(set.id.as_bytes()), anchor: set.anchor }
}
