//! Where the letters are that I wrote.

use teilgeber_device::model::Id;

use crate::device::{Device, Places};
use crate::error::Result;

pub(crate) use teilgeber_device::LetterState;

/// Where a letter is that I wrote.
#[uniffi::remote(Enum)]
pub enum LetterState {
    /// It waits on this device until it can leave unseen.
    Waits,
    /// It is among what this device carries, and where else.
    Travels(Places),
    /// It came to a device of who it is for.
    Arrived,
    /// It is not here: it was taken back, or dropped because the event has more letters than it keeps.
    Gone,
}

#[uniffi::export]
impl Device {
    /// Where a letter is that I wrote: feedback or a conduct report.
    ///
    /// Errors: `NotHere` when there is no such event.
    pub async fn letter_state(&self, event: Id, letter: Id) -> Result<LetterState> {
        self.run(move |device| Ok(device.letter_state(event, letter)?)).await
    }
}
