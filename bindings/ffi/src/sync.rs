//! Syncing with another device at an address, and being the one that others dial.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError, RwLock};

use teilgeber_device as core;
use teilgeber_device::model::Id;
use tokio::sync::{mpsc, watch};

use crate::device::Device;
use crate::error::{CoreError, ForeignError, Result};
use crate::host::{HostCode, unusable};
use crate::runtime::{EndOnDrop, while_wanted};

pub(crate) use teilgeber_device::{Outcome, Progress, SpaceKind, SpaceReport, Stay, SyncReport};

/// So many ended links wait to be told of. What a slow listener misses beyond them shows on the screens that
/// observe all the same.
const UNTOLD_MAX: usize = 1024;

/// When a link ends.
#[uniffi::remote(Enum)]
pub enum Stay {
    /// Once both sides know the same.
    UntilSame,
    /// When the other side ends it: until then, what is new passes at once.
    UntilClosed,
}

/// How far a sync is, in one space.
#[uniffi::remote(Record)]
pub struct Progress {
    /// The space: an event's id.
    pub space: Id,
    /// Entries sent.
    pub sent: u64,
    /// Entries that wait to be sent.
    pub waiting: u64,
    /// Entries received that were new.
    pub received: u64,
}

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

/// Is told how far a sync is, on a thread of the core, one call after the other.
#[uniffi::export(foreign)]
pub trait SyncProgressListener: Send + Sync {
    /// How far it is in each space, since the last call at the latest.
    fn progress(&self, spaces: Vec<Progress>) -> std::result::Result<(), ForeignError>;
}

/// Is told of links as they end, on a thread of the core, one call after the other.
#[uniffi::export(foreign)]
pub trait SyncListener: Send + Sync {
    /// A link has ended in peace, and this is what it brought.
    fn ended(&self, report: SyncReport) -> std::result::Result<(), ForeignError>;
    /// A link broke, or came to nothing; `why` is for the log. What had come is kept.
    fn failed(&self, why: String) -> std::result::Result<(), ForeignError>;
}

/// Takes in those who dial, until it is stopped or dropped.
#[derive(Debug, uniffi::Object)]
pub struct Server {
    address: SocketAddr,
    held: RwLock<Option<core::Server>>,
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

    /// As `sync_with`, for as long as `stay` says, and tells how far it is. All is told before this returns.
    ///
    /// Errors: as `sync_with`.
    pub async fn sync_telling(
        &self,
        address: SocketAddr,
        stay: Stay,
        listener: Arc<dyn SyncProgressListener>,
    ) -> Result<SyncReport> {
        let device = self.inner()?;
        while_wanted(async move {
            let (told, progress) = watch::channel(BTreeMap::new());
            let mut telling = tokio::spawn(tell_progress(progress, listener));
            let _ends = EndOnDrop(telling.abort_handle());
            let synced = device.sync_telling(address, stay, move |now| {
                told.send_modify(|spaces| {
                    spaces.insert(now.space, now);
                });
            });
            let report = synced.await;
            // What a listener throws is its app's to know of.
            let _thrown = (&mut telling).await;
            Ok(report?)
        })
        .await
    }

    /// Takes in others at `address`, port 0 for any, eight at a time, until the returned object is stopped or
    /// dropped; each link stays as long as its other end wants.
    ///
    /// Errors: `OtherAddress` when this device cannot listen there, or `Shut`.
    pub async fn serve(
        &self,
        address: SocketAddr,
        listener: Option<Arc<dyn SyncListener>>,
    ) -> Result<Arc<Server>> {
        let device = self.inner()?;
        while_wanted(async move { Server::of(device.serve(address, told(listener)).await?) }).await
    }

    /// As `serve`, as a hub: with so many links at a time (each takes a thread, and a megabyte where much
    /// passes), and with a key that lasts, by which those who dial its code know it again.
    ///
    /// Errors: as `serve`, and `Invalid` for no links at all.
    pub async fn serve_as_hub(
        &self,
        address: SocketAddr,
        links: u32,
        listener: Option<Arc<dyn SyncListener>>,
    ) -> Result<Arc<Server>> {
        let device = self.inner()?;
        let links = NonZeroUsize::new(links as usize)
            .ok_or_else(|| CoreError::Invalid("a hub takes at least one link".to_owned()))?;
        while_wanted(async move {
            Server::of(device.serve_as_hub(address, links, told(listener)).await?)
        })
        .await
    }
}

#[uniffi::export]
impl Server {
    /// The address to which others dial.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Links that are open now.
    ///
    /// Errors: `Shut`.
    pub fn links(&self) -> Result<u64> {
        self.with(|server| server.links() as u64)
    }

    /// The code by which others reach a hub at these addresses, and know it again.
    ///
    /// Errors: `OtherAddress` when this is no hub, or `addresses` are none that others could dial; `Shut`.
    pub fn host_code(&self, addresses: Vec<IpAddr>) -> Result<HostCode> {
        Ok(self.with(|server| server.host_code(&addresses))?.map_err(unusable)?.into())
    }

    /// Ends all links and waits until they have let go of the device. Stopping twice does no harm.
    pub async fn stop(&self) -> Result<()> {
        let server = self.held.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(server) = server else { return Ok(()) };
        while_wanted(async move {
            server.stop().await;
            Ok(())
        })
        .await
    }
}

impl Server {
    fn of(server: core::Server) -> Result<Arc<Self>> {
        Ok(Arc::new(Self { address: server.local_addr(), held: RwLock::new(Some(server)) }))
    }

    fn with<T>(&self, with: impl FnOnce(&core::Server) -> T) -> Result<T> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(with).ok_or(CoreError::Shut)
    }
}

/// Tells each state once, the last one in any case.
async fn tell_progress(
    mut progress: watch::Receiver<BTreeMap<Id, Progress>>,
    listener: Arc<dyn SyncProgressListener>,
) {
    while progress.changed().await.is_ok() {
        let spaces = progress.borrow_and_update().values().copied().collect();
        let listener = listener.clone();
        let _thrown = tokio::task::spawn_blocking(move || listener.progress(spaces)).await;
    }
}

/// Hands on how links ended, without holding up the one who says so.
fn told(listener: Option<Arc<dyn SyncListener>>) -> impl Fn(core::Result<SyncReport>) + Send {
    let (tell, mut untold) = mpsc::channel::<core::Result<SyncReport>>(UNTOLD_MAX);
    if let Some(listener) = listener {
        // Ends with the server, which holds the other half.
        tokio::spawn(async move {
            while let Some(ended) = untold.recv().await {
                let listener = listener.clone();
                let telling = move || match ended {
                    Ok(report) => listener.ended(report),
                    Err(error) => listener.failed(CoreError::from(error).to_string()),
                };
                let _thrown = tokio::task::spawn_blocking(telling).await;
            }
        });
    }
    move |ended| {
        // With nobody to tell, or too many untold, it is dropped.
        let _missed = tell.try_send(ended);
    }
}
