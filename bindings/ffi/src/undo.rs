//! A moment to undo before an erasure is sent.

use teilgeber_device::model::{Id, Millis};

use crate::device::Device;
use crate::error::Result;
use crate::observe::Kind;

pub(crate) use teilgeber_device::Pending;

/// An erasure that can still be undone.
#[uniffi::remote(Record)]
pub struct Pending {
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub id: Id,
    /// When it is erased.
    pub until: Millis,
}

#[uniffi::export]
impl Device {
    /// Erases in a moment a note, a contact, an anchor or a message, or of mine a post, an offer, a photo or a
    /// session that I pitched: it is in no list any more, and until then `undo` has it back. What is due is erased
    /// by `tidy`, before a sync, and at a start. All of mine in an event: `erase_event_soon`.
    ///
    /// Errors: as `erase`, and `NotAllowed` for other kinds.
    pub async fn erase_soon(&self, kind: Kind, id: Id) -> Result<Pending> {
        self.run(move |device| Ok(device.erase_soon(kind, id)?)).await
    }

    /// Has back what would have been erased.
    ///
    /// Errors: `NotHere` when it is erased by now.
    pub async fn undo(&self, pending: Pending) -> Result<()> {
        self.run(move |device| Ok(device.undo(&pending)?)).await
    }

    /// What will be erased and can still be undone, the next in front.
    pub async fn pending(&self) -> Result<Vec<Pending>> {
        self.run(|device| Ok(device.pending()?)).await
    }
}
