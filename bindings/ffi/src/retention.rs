//! How long this device holds an event. What of that a screen shows is `held` of an event's record.

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;

#[uniffi::export]
impl Device {
    /// Keeps an event whatever its rule says, on this device alone; or holds it by its rule again. One that has faded
    /// comes back with the next sync with somebody who still holds it.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn keep_event(&self, event: Id, keep: bool) -> Result<()> {
        self.run(move |device| Ok(device.keep_event(event, keep)?)).await
    }

    /// Lets those events fade whose time has come, and counts the warnings of others whose time is near. For the start
    /// of the app, and part of `tidy`. Returns which events faded.
    ///
    /// Errors: `FreeSpace`. The next call goes on.
    pub async fn fade(&self) -> Result<Vec<Id>> {
        self.run(|device| Ok(device.fade()?)).await
    }
}
