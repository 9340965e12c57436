//! What organisers do about others' things, and authors about their own.

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;
use crate::observe::Kind;

pub(crate) use teilgeber_device::HiddenThing;

/// A thing that an organiser hid.
#[uniffi::remote(Record)]
pub struct HiddenThing {
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub id: Id,
}

#[uniffi::export]
impl Device {
    /// Hides a thing of an event: nobody who hears of it finds it in a list or by searching. Of a hide and an
    /// `unhide` that did not know of each other the hide wins.
    ///
    /// Errors: `NotAllowed` to all but organisers, `NotHere`, `FreeSpace`.
    pub async fn hide(&self, kind: Kind, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.hide(kind, id)?)).await
    }

    /// Shows again what organisers hid, as far as this device knows of it.
    ///
    /// Errors: as `hide`.
    pub async fn unhide(&self, kind: Kind, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.unhide(kind, id)?)).await
    }

    /// Withdraws a thing of an event: what it holds is dropped on each device that hears of it, and a photo's
    /// picture with it. This cannot be undone.
    ///
    /// Errors: as `hide`.
    pub async fn withdraw(&self, kind: Kind, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.withdraw(kind, id)?)).await
    }

    /// What is hidden in an event, by kind.
    ///
    /// Errors: `NotHere`.
    pub async fn hidden(&self, event: Id) -> Result<Vec<HiddenThing>> {
        self.run(move |device| Ok(device.hidden(event)?)).await
    }

    /// The id of what a person shows of themselves in an event: a thing of the kind `Card`.
    ///
    /// Errors: `NotHere` when they show nothing there.
    pub async fn card_in(&self, event: Id, person: Id) -> Result<Id> {
        self.run(move |device| Ok(device.card_in(event, person)?)).await
    }

    /// Erases a thing of mine: it is gone here, and asked for elsewhere.
    ///
    /// Errors: `NotAllowed` to all but its author, and for what is not erased as one thing, such as an event;
    /// `NotHere`, `FreeSpace`.
    pub async fn erase(&self, kind: Kind, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase(kind, id)?)).await
    }
}
