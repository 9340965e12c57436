//! Syncing with another device at an address.

use std::net::SocketAddr;

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;
use crate::runtime::while_wanted;

pub(crate) use teilgeber_device::{Outcome, SpaceKind, SpaceReport, SyncReport};

/// What a link brought.
#[uniffi::remote(Record)]
pub struct SyncReport {
    /// Each space that both devices hold.
    pub spaces: Vec<SpaceReport>,
    /// Bytes sent, before encryption.
    pub bytes_sent: u64,
    /// Bytes received, likewise.
    pub bytes_received: u64,
}

/// What a link brought in one space.
#[uniffi::remote(Record)]
pub struct SpaceReport {
    /// The space: an event's id.
    pub space: Id,
    /// What it is to this device.
    pub kind: SpaceKind,
    /// An event's name, or that of the contact whose card it is.
    pub name: Option<String>,
    /// How far it came.
    pub outcome: Outcome,
    /// Entries sent.
    pub sent: u64,
    /// Entries received that were new.
    pub received: u64,
    /// Which author the other device is there, if it showed it.
    pub peer: Option<Id>,
}

/// What a space is to this device.
#[uniffi::remote(Enum)]
pub enum SpaceKind {
    /// My devices.
    Own,
    /// What my contacts see of me.
    Card,
    /// What a contact lets me see.
    ContactCard,
    /// An event.
    Event,
    /// A code that was shown.
    Code,
    /// Carried for others.
    Carried,
}

/// How far two devices came in a space.
#[uniffi::remote(Enum)]
pub enum Outcome {
    /// Both know the same, and have it on disk.
    Same,
    /// One refuses what the other has; all else is the same.
    Unequal,
    /// The link ended before. The next one goes on from there.
    Unfinished,
}

#[uniffi::export]
impl Device {
    /// Syncs with the device at `address` until both know the same. Cancelling it ends the link; what came before
    /// stays.
    ///
    /// Errors: `CheckAddress`, `NothingInCommon`, `UpdateApp`, `PeerMustUpdate`, `TryAgain` when the link ended
    /// early, `FreeSpace`.
    pub async fn sync_with(&self, address: SocketAddr) -> Result<SyncReport> {
        let device = self.inner()?;
        while_wanted(async move { Ok(device.sync_with(address).await?) }).await
    }
}
