//! Carrying an event for others, without its key.

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;

pub(crate) use teilgeber_device::Carried;

/// An event that is carried.
#[uniffi::remote(Record)]
pub struct Carried {
    /// The event.
    pub event: Id,
    /// Entries that are held, those included of which only the envelope is left.
    pub entries: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
}

#[uniffi::export]
impl Device {
    /// The code that lets a hub carry an event. Whoever has it can recognise those who are in the event on a link,
    /// and hold what they say; they can read nothing of it.
    ///
    /// Errors: `NotHere`.
    pub async fn carry_code(&self, event: Id) -> Result<String> {
        self.run(move |device| Ok(device.carry_code(event)?)).await
    }

    /// Carries the event that a code is for, from the next link on. An event that this device is in already stays as
    /// it is.
    ///
    /// Errors: `ScanAgain`, `OtherCode`, `UpdateApp` for a code of a newer version, `FreeSpace`.
    pub async fn carry(&self, code: String) -> Result<Id> {
        self.run(move |device| Ok(device.carry(&code)?)).await
    }

    /// The events that this device carries and is not in.
    pub async fn carried(&self) -> Result<Vec<Carried>> {
        self.run(|device| Ok(device.carried()?)).await
    }
}
