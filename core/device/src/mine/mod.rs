//! Everything of mine: written into a folder that is read without this program, and taken in again on a
//! new device or an old one.
//!
//! What leaves is decided here as well, by the rule that a folder for its owner needs: my own words, whatever
//! the policy of the session that they are about; of others only their messages to me and the cards that
//! they gave me. Beside a session that is not open the program writes nobody's name.
//!
//! What comes in is only added: what stands here wins, what was erased here stays away, and nothing is
//! put into an event unless its person says so or is the one who put it there before.

mod arrivals;
mod collect;
mod folder;
mod import;
mod keys;
mod put_again;

use std::path::{Path, PathBuf};

use serde::Serialize;
use teilgeber_formats::mine::{self, KEYS_FILE, Keys, MineError, SCHEMA, SCHEMA_FILE};

use crate::config::Config;
use crate::device::{Device, Opened};
use crate::error::{Error, Result};

use folder::Unfinished;

pub use import::{Came, TakenIn};
pub(crate) use keys::begin_as;

/// What was written into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// The folder.
    pub folder: PathBuf,
    /// How many files are in it.
    pub files: usize,
    /// Whether the keys are among them.
    pub keys: bool,
    /// How many notes.
    pub notes: usize,
    /// How many contacts.
    pub contacts: usize,
    /// How many messages.
    pub messages: usize,
    /// How many events.
    pub events: usize,
    /// How many photos.
    pub photos: usize,
    /// How many photos of mine are not in it, because they have not come here whole, or because who is
    /// to be seen may not be told.
    pub photos_missing: usize,
}

impl Device {
    /// Writes everything of mine into a folder that is new or empty, readable without this program. Until all
    /// is in it, it is called `….unfinished`. With `keys`, a file of its own holds the keys with which
    /// a new device becomes this person; without, whoever reads the folder can be nobody and gets into no
    /// event.
    ///
    /// # Errors
    /// [`MineError::NotEmpty`] or [`MineError::Unfinished`] in [`Error::Folder`], [`Error::CannotWrite`] or
    /// [`Error::FreeSpace`]; then the folder is not there.
    pub fn export_mine(&self, folder: &Path, keys: bool) -> Result<Exported> {
        // Long texts are shown as they are now, and what is due to go is gone.
        self.tidy()?;
        let mine = self.collect_mine()?;
        let keys = if keys { Some(self.my_keys()?) } else { None };
        let mut unfinished = Unfinished::begin(folder)?;
        match self.fill_folder(&mut unfinished, &mine, keys.as_ref()) {
            Ok(()) => {}
            Err(error) => {
                unfinished.discard();
                return Err(error);
            }
        }
        let photos = || mine.events.iter().flat_map(|event| &event.photos);
        let exported = Exported {
            folder: folder.to_owned(),
            files: unfinished.files(),
            keys: keys.is_some(),
            notes: mine.notes.len(),
            contacts: mine.contacts.len(),
            messages: mine.messages.len(),
            events: mine.events.len(),
            photos: photos().filter(|it| it.here).count(),
            photos_missing: photos().filter(|it| !it.here).count(),
        };
        unfinished.finish()?;
        Ok(exported)
    }

    /// Opens a home as [`open`](Self::open) does; where it is a new one and the folder of an export holds
    /// keys, as the person whose keys they are. To be followed by [`import_mine`](Self::import_mine).
    ///
    /// # Errors
    /// [`Error::Folder`] when the keys cannot be read, and as [`open`](Self::open).
    pub fn open_as_in(config: Config, folder: &Path) -> Result<(Self, Opened)> {
        Self::open_with(config, folder::keys(folder)?.as_ref())
    }

    /// All files but the keys, and last the one without which the folder is no export.
    fn fill_folder(
        &self,
        to: &mut Unfinished,
        mine: &mine::Mine,
        keys: Option<&Keys>,
    ) -> Result<()> {
        for (path, text) in mine::pages(mine, keys.is_some()) {
            to.put(&path, text.as_bytes())?;
        }
        for photo in mine.events.iter().flat_map(|event| &event.photos).filter(|it| it.here) {
            to.put(&photo.file(), &self.photo_bytes(photo.id)?)?;
        }
        if let Some(keys) = keys {
            to.put_secret(KEYS_FILE, &keys.write()?)?;
        }
        to.put(SCHEMA_FILE, SCHEMA.as_bytes())?;
        to.put(mine::FILE, &mine.write()?)
    }
}

/// The keys must be those of the person whose things they lie beside.
fn belong_together(mine: &mine::Mine, keys: &Keys) -> Result<()> {
    match mine.person == keys.person {
        true => Ok(()),
        false => Err(Error::Folder(MineError::OtherPerson)),
    }
}
