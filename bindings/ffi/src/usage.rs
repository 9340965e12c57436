//! What takes space on this device, and clearing what comes back by sync.

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;

pub(crate) use teilgeber_device::{ClearedPhotos, EventUsage, Usage};

/// What takes space on this device, in bytes.
#[uniffi::remote(Record)]
pub struct Usage {
    /// The database: all of the following.
    pub total: u64,
    /// Each event that is here, also one that I left, or that has faded; the largest first.
    pub events: Vec<EventUsage>,
    /// What is mine alone: notes, contacts, messages and the like.
    pub own: u64,
    /// Cards: mine for my contacts, theirs for me, and what passes by codes.
    pub cards: u64,
    /// What is carried for others, without reading it.
    pub carried: u64,
    /// What makes words be found.
    pub search: u64,
    /// Lists for screens, indexes, and what a database needs beside.
    pub lists: u64,
    /// What is free within it, and is filled again.
    pub free: u64,
}

/// What an event takes, in bytes.
#[uniffi::remote(Record)]
pub struct EventUsage {
    /// Which one.
    pub event: Id,
    /// How many entries of it are known.
    pub entries: u64,
    /// What people said.
    pub words: u64,
    /// Pictures.
    pub photos: u64,
    /// Of these, what can be cleared: those who took them had them when we last met.
    pub clearable: u64,
    /// Pictures of others that might be nowhere else, as far as this device knows.
    pub only_here: u64,
}

/// Pictures that were cleared.
#[uniffi::remote(Record)]
pub struct ClearedPhotos {
    /// How many.
    pub photos: u32,
    /// How many bytes they had.
    pub bytes: u64,
    /// Bytes of other people's pictures that stay, because they might be nowhere else.
    pub only_here: u64,
}

#[uniffi::export]
impl Device {
    /// What takes space. Reads the whole database: some tenths of a second where it is large.
    pub async fn usage(&self) -> Result<Usage> {
        self.run(|device| Ok(device.usage()?)).await
    }

    /// Clears the pictures of other people's photos, of one event or of all. The small pictures and what was said of
    /// them stay, and a picture comes back once it is asked for and somebody who has it is met. Nobody's own are
    /// cleared. Cleared are those whose takers were met in a finished sync since, and with `even_if_only_here` all.
    ///
    /// Errors: `NotHere`, or `FreeSpace` where the disk is too full even for that.
    pub async fn clear_photos(
        &self,
        event: Option<Id>,
        even_if_only_here: bool,
    ) -> Result<ClearedPhotos> {
        self.run(move |device| Ok(device.clear_photos(event, even_if_only_here)?)).await
    }
}
