//! Which person or session is meant, by the beginning of an id or of a name.

use teilgeber_device as core;
use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;
use crate::session::SessionRecord;
use crate::values::text;

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Called {
    /// Who.
    pub person: Id,
    /// What I call them, or they call themselves somewhere.
    pub name: Option<String>,
}

#[uniffi::export]
impl Device {
    /// Those whose id or name begins with `given`: contacts, those who appear in an event, and, whatever is given, me
    /// as the last. At most `limit` of each kind and event, whole names before longer ones; the same person may be there
    /// more than once, by several names.
    pub async fn people_called(&self, given: String, limit: u32) -> Result<Vec<Called>> {
        let called = |core::Called { person, name }| Called { person, name: text(name) };
        self.run(move |device| {
            Ok(device.people_called(&given, limit)?.into_iter().map(called).collect())
        })
        .await
    }

    /// The sessions of all events whose id or title begins with `given`, at most `limit` by id and of each event; hidden
    /// ones are not among them.
    pub async fn sessions_called(&self, given: String, limit: u32) -> Result<Vec<SessionRecord>> {
        self.run(move |device| {
            let found = device.sessions_called(&given, limit)?;
            Ok(found.into_iter().map(SessionRecord::from).collect())
        })
        .await
    }
}
