//! Everything of mine: written into a folder that is read without this program, and taken in again.

use std::path::PathBuf;
use std::sync::Arc;

use teilgeber_device as core;
use teilgeber_device::model::Millis;

use crate::device::{Config, Device};
use crate::error::Result;
use crate::swap::Field;

/// What was written into a folder.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Exported {
    /// The folder.
    pub folder: String,
    /// How many files are in it.
    pub files: u64,
    /// Whether the keys are among them.
    pub keys: bool,
    /// How many notes.
    pub notes: u64,
    /// How many contacts.
    pub contacts: u64,
    /// How many messages.
    pub messages: u64,
    /// How many events.
    pub events: u64,
    /// How many photos.
    pub photos: u64,
    /// How many photos of mine are not in it, because they have not come here whole, or because who is to be
    /// seen may not be told.
    pub photos_missing: u64,
}

/// What came in, or would.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TakenIn {
    /// When the folder was written.
    pub written: Millis,
    /// Whether it is of the person for whom this device speaks.
    pub same_person: bool,
    /// The fields of my profile that were filled in.
    pub profile: Vec<Field>,
    /// To whom they are shown: to those whom the folder says, or to nobody yet.
    pub profile_shown: bool,
    /// Notes.
    pub notes: Came,
    /// Contacts.
    pub contacts: Came,
    /// Anchors.
    pub anchors: Came,
    /// Stars.
    pub stars: Came,
    /// Those from whom I want some quiet.
    pub muted: Came,
    /// Messages.
    pub messages: Came,
    /// Events, by the keys in the folder.
    pub events: Came,
    /// What I had published in events.
    pub published: Came,
}

/// What became of the things of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Came {
    /// Those that are new here.
    pub new_here: u64,
    /// Those that were here and say more now.
    pub merged: u64,
    /// Those that were here, and stay as they are.
    pub here: u64,
    /// Of these, those that say something else in the folder.
    pub differ: u64,
    /// Those that were erased here, and stay so.
    pub erased: u64,
    /// Those that stay in the folder: what was published and is not put again, or not yet.
    pub left: u64,
}

#[uniffi::export]
impl Device {
    /// Opens a home as `open` does; where it is a new one and the folder of an export holds keys, as the person
    /// whose keys they are. To be followed by `import_mine`.
    ///
    /// Errors: `Folder` when the keys cannot be read, and as `open`.
    #[uniffi::constructor]
    pub async fn open_as_in(config: Config, folder: String) -> Result<Arc<Self>> {
        Self::opening(move || core::Device::open_as_in(config.into(), &PathBuf::from(folder))).await
    }

    /// Writes everything of mine into a folder that is new or empty, readable without this program. With `keys`, a
    /// file of its own holds the keys with which a new device becomes this person: who has it is that person.
    /// Without, whoever reads the folder can be nobody and gets into no event.
    ///
    /// Errors: `Folder` when it is not empty, or an earlier export was interrupted; `CannotWrite`, `FreeSpace`. Then
    /// the folder is not there.
    pub async fn export_mine(&self, folder: String, keys: bool) -> Result<Exported> {
        self.run(move |device| Ok(device.export_mine(&PathBuf::from(folder), keys)?.into())).await
    }

    /// Takes in what `export_mine` wrote, here or elsewhere. Nothing here is overwritten, and what came in before
    /// does not come twice. What was published is put again only with `publish`, or where this device speaks for the
    /// same person and nothing of it was ever here.
    ///
    /// Errors: `Folder` for a folder that is none, damaged, too large or of a newer version, `Shorten`, `FreeSpace`.
    /// Then nothing was taken in.
    pub async fn import_mine(&self, folder: String, publish: bool) -> Result<TakenIn> {
        self.run(move |device| Ok(device.import_mine(&PathBuf::from(folder), publish)?.into()))
            .await
    }

    /// What `import_mine` would do. Nothing changes.
    ///
    /// Errors: as `import_mine`.
    pub async fn preview_import(&self, folder: String, publish: bool) -> Result<TakenIn> {
        self.run(move |device| Ok(device.preview_import(&PathBuf::from(folder), publish)?.into()))
            .await
    }
}

impl From<core::Exported> for Exported {
    fn from(exported: core::Exported) -> Self {
        Self {
            folder: exported.folder.to_string_lossy().into_owned(),
            files: exported.files as u64,
            keys: exported.keys,
            notes: exported.notes as u64,
            contacts: exported.contacts as u64,
            messages: exported.messages as u64,
            events: exported.events as u64,
            photos: exported.photos as u64,
            photos_missing: exported.photos_missing as u64,
        }
    }
}

impl From<core::TakenIn> for TakenIn {
    fn from(taken: core::TakenIn) -> Self {
        Self {
            written: taken.written,
            same_person: taken.same_person,
            profile: taken.profile,
            profile_shown: taken.profile_shown,
            notes: taken.notes.into(),
            contacts: taken.contacts.into(),
            anchors: taken.anchors.into(),
            stars: taken.stars.into(),
            muted: taken.muted.into(),
            messages: taken.messages.into(),
            events: taken.events.into(),
            published: taken.published.into(),
        }
    }
}

impl From<core::Came> for Came {
    fn from(came: core::Came) -> Self {
        let core::Came { new, merged, here, differ, erased, left } = came;
        Self {
            new_here: new as u64,
            merged: merged as u64,
            here: here as u64,
            differ: differ as u64,
            erased: erased as u64,
            left: left as u64,
        }
    }
}
