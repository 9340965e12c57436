//! A sync that an app ends itself: in Swift, to cancel a call does not end what it waits for.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::runtime::{EndOnDrop, finished, runtime};
use crate::sync::SyncReport;

/// A sync that was begun. Dropping it ends the link.
#[derive(Debug, uniffi::Object)]
pub struct Syncing {
    running: Mutex<Option<JoinHandle<Result<SyncReport>>>>,
    ends: EndOnDrop,
}

#[uniffi::export]
impl Device {
    /// Begins a sync as `sync_with` does, and returns at once.
    ///
    /// Errors: `Shut`. All others come from `finished`.
    pub fn begin_sync(&self, address: SocketAddr) -> Result<Arc<Syncing>> {
        let device = self.inner()?;
        let running = runtime()?.spawn(async move { Ok(device.sync_with(address).await?) });
        let ends = EndOnDrop(running.abort_handle());
        Ok(Arc::new(Syncing { running: Mutex::new(Some(running)), ends }))
    }
}

#[uniffi::export]
impl Syncing {
    /// Waits until both know the same. Asked for once.
    ///
    /// Errors: as `sync_with`, and `Shut` when it was ended, or asked for before.
    pub async fn finished(&self) -> Result<SyncReport> {
        let running = self.running.lock().await.take().ok_or(CoreError::Shut)?;
        match running.await {
            Err(error) if error.is_cancelled() => Err(CoreError::Shut),
            ended => finished(ended),
        }
    }

    /// Ends the link now; what came before stays. Ending twice does no harm.
    pub fn end(&self) {
        self.ends.0.abort();
    }
}
