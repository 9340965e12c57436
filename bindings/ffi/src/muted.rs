//! Quiet from somebody: for myself, at once, and never told to anyone but my own devices.

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;

pub(crate) use teilgeber_device::model::{Muted, Quiet};

/// How much quiet.
#[uniffi::remote(Enum)]
pub enum Quiet {
    /// What they post is left out.
    Mute,
    /// They themselves as well: among the people of an event, and with their letters and requests.
    Block,
}

/// Somebody from whom I want some quiet.
#[uniffi::remote(Record)]
pub struct Muted {
    /// Whom.
    pub person: Id,
    /// How much.
    pub quiet: Quiet,
}

#[uniffi::export]
impl Device {
    /// Leaves out of lists and search what a person posts.
    ///
    /// Errors: `NotAllowed` for myself, `FreeSpace`.
    pub async fn mute(&self, person: Id) -> Result<()> {
        self.run(move |device| Ok(device.mute(person)?)).await
    }

    /// As `mute`, and leaves out the person as well: among the people of an event, and their requests.
    ///
    /// Errors: as `mute`.
    pub async fn block(&self, person: Id) -> Result<()> {
        self.run(move |device| Ok(device.block(person)?)).await
    }

    /// Ends the quiet. What came meanwhile is there.
    ///
    /// Errors: `FreeSpace`.
    pub async fn unmute(&self, person: Id) -> Result<()> {
        self.run(move |device| Ok(device.unmute(person)?)).await
    }

    /// All from whom I want some quiet, by id.
    pub async fn muted(&self) -> Result<Vec<Muted>> {
        self.run(|device| Ok(device.muted()?)).await
    }

    /// Whether I blocked a person.
    pub async fn is_blocked(&self, person: Id) -> Result<bool> {
        self.run(move |device| Ok(device.is_blocked(person)?)).await
    }
}
