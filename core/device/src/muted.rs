//! Quiet from somebody: for myself, at once, and never told to anyone but my own devices.
//!
//! What comes from them is kept and carried as anything else, so nobody can tell from what a device
//! sends. Only lists and search leave it out.

use teilgeber_entry::Origin;
use teilgeber_model::{Id, Muted, Quiet};
use teilgeber_store::nouns::{MUTED, muted};

use crate::device::{Device, person_id};
use crate::error::{Error, Result};

impl Device {
    /// Leaves out of lists and search what a person posts.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for myself, or [`Error::FreeSpace`].
    pub fn mute(&self, person: Id) -> Result<()> {
        self.set_quiet(person, Some(Quiet::Mute))
    }

    /// As [`mute`](Self::mute), and leaves out the person as well: among the people of an event, and
    /// their requests.
    ///
    /// # Errors
    /// As [`mute`](Self::mute).
    pub fn block(&self, person: Id) -> Result<()> {
        self.set_quiet(person, Some(Quiet::Block))
    }

    /// Ends the quiet. What came meanwhile is there.
    ///
    /// # Errors
    /// [`Error::FreeSpace`].
    pub fn unmute(&self, person: Id) -> Result<()> {
        self.set_quiet(person, None)
    }

    /// All from whom I want some quiet, by id.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn muted(&self) -> Result<Vec<Muted>> {
        self.read(|view| Ok(muted::list(view.connection())?))
    }

    /// Whether I blocked a person.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn is_blocked(&self, person: Id) -> Result<bool> {
        self.read(|view| Ok(muted::is_blocked(view.connection(), &person_id(person))?))
    }

    fn set_quiet(&self, person: Id, quiet: Option<Quiet>) -> Result<()> {
        if quiet.is_some() && person_id(person) == self.person() {
            return Err(Error::NotAllowed("somebody else"));
        }
        let now = self.muted()?.iter().find(|it| it.person == person).map(|it| it.quiet);
        if now == quiet {
            return Ok(());
        }
        let origin = Origin::Singleton { generation: 0 };
        self.write(|edit| {
            edit.change_named(&self.own_space(), MUTED, origin, |tx| {
                Ok(muted::write(tx, person, quiet)?)
            })?;
            Ok(())
        })
    }
}
