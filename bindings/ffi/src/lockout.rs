//! Removing a contact: they stay behind in the card that they know.

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;

pub(crate) use teilgeber_device::Removed;

/// What became of my card when somebody was removed.
#[uniffi::remote(Record)]
pub struct Removed {
    /// Whether they had been given my card to follow, so that it moved to a new space.
    pub card_moved: bool,
    /// Those who go on following it: a letter with the new key is under way to each.
    pub told: Vec<Id>,
    /// Those to whom no letter finds its way. Give them the card again when you meet: `give_card`.
    pub not_reached: Vec<Id>,
}

#[uniffi::export]
impl Device {
    /// Erases what I hold of a person and lets them see no later change of my card. Everyone else who follows it goes
    /// on to, as the letter with the new key reaches them. They are not told why.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn remove_contact(&self, person: Id) -> Result<Removed> {
        self.run(move |device| Ok(device.remove_contact(person)?)).await
    }
}
