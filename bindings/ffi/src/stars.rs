//! Stars that people show to others in an event: names of people, never how many.

use teilgeber_device as core;
use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;
use crate::values::text;

/// Somebody who shows that they look forward to a session.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Fan {
    /// Who.
    pub person: Id,
    /// What they call themselves in the event, if they say.
    pub name: Option<String>,
}

#[uniffi::export]
impl Device {
    /// Whether others in an event see which sessions I starred. Off until it is said; turning it off erases what
    /// was seen, and a finished sync asks others for the same.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn share_stars(&self, event: Id, share: bool) -> Result<()> {
        self.run(move |device| Ok(device.share_stars(event, share)?)).await
    }

    /// Whether others in an event see which sessions I starred.
    ///
    /// Errors: `NotHere`.
    pub async fn shares_stars(&self, event: Id) -> Result<bool> {
        self.run(move |device| Ok(device.shares_stars(event)?)).await
    }

    /// Who of those that share their stars looks forward to a session, by name.
    ///
    /// Errors: `NotHere`.
    pub async fn starred_by(&self, session: Id) -> Result<Vec<Fan>> {
        let fan = |core::Fan { person, name }| Fan { person, name: text(name) };
        self.run(move |device| Ok(device.starred_by(session)?.into_iter().map(fan).collect())).await
    }
}
