//! Syncing with another device: over TCP, or over any stream of bytes.
//!
//! A link begins with an encrypted handshake ([`teilgeber_link`]); over it runs an exchange
//! ([`teilgeber_exchange`]) until both devices know the same entries of the spaces that they share;
//! then it may stay, and what becomes known on either side is sent at once. `drive` turns the
//! exchange's wheel.
//!
//! What is offered on a link is settled as it begins: an event that is joined later passes over the
//! next one. A link on which no common space is proved within [`GRACE`] is closed, so that strangers hold no
//! places. Dropping the future of a sync, or a [`Server`], ends its links; what was committed stays.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU16, NonZeroUsize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Serialize;
use teilgeber_entry::{HostId, HostKey};
use teilgeber_formats::host::{HostCode, HostCodeError};
use teilgeber_link::tcp::{Limits, Listener, dial};
use teilgeber_link::{CloseReason, Link, LinkError, LinkInfo};
use teilgeber_model::Id;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use crate::device::Device;
use crate::drive::{Drive, Driven, Said};
use crate::error::{Error, Result};

/// How long a link may go without a common space being proved: a slow radio's hello takes two
/// seconds. At worst strangers hold all places of a [`Server`] for so long.
pub const GRACE: Duration = Duration::from_secs(10);

/// Which end of a link this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Called the other, and speaks first.
    Dialled,
    /// Was called.
    Accepted,
}

/// When a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// Once both sides know the same.
    UntilSame,
    /// When the other side ends it: until then, what is new passes at once.
    UntilClosed,
}

/// How far a sync is, in one space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Each space that both devices hold.
    pub spaces: Vec<SpaceReport>,
    /// Bytes sent, before encryption.
    pub bytes_sent: u64,
    /// Bytes received, likewise.
    pub bytes_received: u64,
}

/// What a link brought in one space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Both know the same, and have it on disk.
    Same,
    /// One refuses what the other has; all else is the same.
    Unequal,
    /// The link ended before. The next one goes on from there.
    Unfinished,
}

/// Takes in those who dial, until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    host: Option<HostId>,
    links: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
    /// Ends once every link's thread has let go of its half.
    ended: mpsc::Receiver<Infallible>,
}

impl Device {
    /// Syncs with the device at `address` until both know the same.
    ///
    /// # Errors
    /// [`Error::CheckAddress`], [`Error::NothingInCommon`], [`Error::UpdateApp`],
    /// [`Error::PeerMustUpdate`], [`Error::TryAgain`] when the link ended early, or
    /// [`Error::FreeSpace`].
    pub async fn sync_with(&self, address: SocketAddr) -> Result<SyncReport> {
        self.sync_telling(address, Stay::UntilSame, |_| {}).await
    }

    /// As [`sync_with`](Self::sync_with), for as long as `stay` says, and tells how far it is. `told` is
    /// called on a worker thread and must not block.
    ///
    /// # Errors
    /// As [`sync_with`](Self::sync_with).
    pub async fn sync_telling(
        &self,
        address: SocketAddr,
        stay: Stay,
        told: impl FnMut(Progress) + Send + 'static,
    ) -> Result<SyncReport> {
        let link = dial(address, &teilgeber_link::Config::default(), LinkInfo::LAN).await?;
        self.run(link, stay, of_progress(told), None).await
    }

    /// Syncs over any stream of bytes to one other device, such as one that a phone lends or a pipe in
    /// memory.
    ///
    /// # Errors
    /// As [`sync_with`](Self::sync_with).
    pub async fn sync_over<S>(
        &self,
        stream: S,
        end: End,
        stay: Stay,
        told: impl FnMut(Progress) + Send + 'static,
    ) -> Result<SyncReport>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let config = teilgeber_link::Config::default();
        let link = match end {
            End::Dialled => teilgeber_link::initiate(stream, &config, LinkInfo::LAN).await?,
            End::Accepted => teilgeber_link::respond(stream, &config, LinkInfo::LAN).await?,
        };
        self.run(link, stay, of_progress(told), None).await
    }

    /// Takes in others at `address`, port 0 for any, eight at a time; each link stays as long as
    /// its other end wants. `told` is called as each one ends.
    ///
    /// # Errors
    /// [`Error::OtherAddress`] when this device cannot listen there.
    pub async fn serve(
        &self,
        address: SocketAddr,
        told: impl Fn(Result<SyncReport>) + Send + 'static,
    ) -> Result<Server> {
        self.listen(address, Limits::default().links, None, told).await
    }

    /// As [`serve`](Self::serve), as a hub: with so many links at a time (each takes a thread, and a
    /// megabyte where much passes), and with a key that lasts, by which those who dial its
    /// [code](Server::host_code) know it again.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_as_hub(
        &self,
        address: SocketAddr,
        links: NonZeroUsize,
        told: impl Fn(Result<SyncReport>) + Send + 'static,
    ) -> Result<Server> {
        let key = self.hub_key()?;
        self.listen(address, links, Some(key), told).await
    }

    async fn listen(
        &self,
        address: SocketAddr,
        links: NonZeroUsize,
        key: Option<HostKey>,
        told: impl Fn(Result<SyncReport>) + Send + 'static,
    ) -> Result<Server> {
        let limits = Limits { links, ..Limits::default() };
        let config = teilgeber_link::Config::default();
        let listener = Listener::bind(address, &config, LinkInfo::LAN, limits).await;
        let mut listener = listener.map_err(|error| Error::OtherAddress(error.kind()))?;
        let host = key.as_ref().map(HostKey::id);
        if let Some(key) = key {
            listener.prove_host(key);
        }
        let address =
            listener.local_address().map_err(|error| Error::OtherAddress(error.kind()))?;
        let (alive, ended) = mpsc::channel(1);
        let links = Arc::default();
        let accepting =
            tokio::spawn(accept(self.clone(), listener, Arc::clone(&links), told, alive));
        Ok(Server { address, host, links, accepting, ended })
    }

    /// The key of this device as a hub, which is made once.
    fn hub_key(&self) -> Result<HostKey> {
        let seed = self.seed()?;
        self.write(|edit| {
            let kept = edit.keepsake(HUB_KEY)?.and_then(|kept| kept.try_into().ok());
            let bytes: [u8; 32] = kept.unwrap_or(seed);
            edit.keep(HUB_KEY, &bytes)?;
            Ok(HostKey::from_bytes(bytes))
        })
    }

    /// Runs the exchange over a link until it ends. `alive` is dropped once this device is let go of.
    async fn run(
        &self,
        link: Link,
        stay: Stay,
        told: impl FnMut(Said) + Send + 'static,
        alive: Option<mpsc::Sender<Infallible>>,
    ) -> Result<SyncReport> {
        // Dropped with this future, which ends the thread that drives.
        let (_stop, stopped) = oneshot::channel();
        self.run_until(link, stay, None, told, alive, stopped).await
    }

    /// As [`run`](Self::run), or until `stopped` is told to end the link in peace; dropping the other half of it
    /// ends the link at once. `host` is whom the other end proved to be, if it was dialled by a code.
    pub(crate) async fn run_until(
        &self,
        link: Link,
        stay: Stay,
        host: Option<HostId>,
        told: impl FnMut(Said) + Send + 'static,
        alive: Option<mpsc::Sender<Infallible>>,
        stopped: oneshot::Receiver<()>,
    ) -> Result<SyncReport> {
        let (to_send, chunks) = mpsc::channel(1);
        let (hash, role) = (*link.handshake_hash(), link.role());
        let (sender, receiver) = link.split();
        let writing = tokio::spawn(write_out(sender, chunks));
        let (device, runtime) = (self.clone(), Handle::current());
        let driving = tokio::task::spawn_blocking(move || {
            let drive = Drive::new(device, role, hash, stay, host, Box::new(told));
            let driven = drive.map(|drive| drive.run(&runtime, receiver, to_send, stopped));
            drop(alive);
            driven
        });
        let driven = match driving.await {
            Ok(driven) => driven?,
            Err(error) => return Err(Error::Report(error.into())),
        };
        let Driven { report, ended, reason } = driven;
        if let Ok(Ok(sender)) = writing.await {
            // Whether the other end heard the goodbye changes nothing any more.
            let _heard = sender.close(reason).await;
        }
        ended.map(|()| report)
    }
}

impl Server {
    /// The address to which others dial.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// By which key a hub proves itself.
    pub fn host(&self) -> Option<HostId> {
        self.host
    }

    /// The code by which others reach a hub at these addresses, and know it again.
    ///
    /// # Errors
    /// [`HostCodeError::NoAddress`] when this is no hub, or `addresses` are none that others could dial.
    pub fn host_code(&self, addresses: &[IpAddr]) -> std::result::Result<HostCode, HostCodeError> {
        let port = NonZeroU16::new(self.address.port()).ok_or(HostCodeError::NoAddress)?;
        HostCode::new(self.host.ok_or(HostCodeError::NoAddress)?, port, addresses, None)
    }

    /// Links that are open now.
    pub fn links(&self) -> usize {
        self.links.load(Ordering::Relaxed)
    }

    /// Ends all links and waits until they have let go of the device, so that its home can be opened
    /// again. Dropping the server ends them as well, without waiting.
    pub async fn stop(mut self) {
        self.accepting.abort();
        // It was cancelled, or had ended: both let go of what it held.
        let _cancelled = (&mut self.accepting).await;
        let nothing = self.ended.recv().await;
        debug_assert!(nothing.is_none(), "nothing can be sent");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl fmt::Display for SyncReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, space) in self.spaces.iter().enumerate() {
            let separator = if n == 0 { "" } else { "; " };
            write!(f, "{separator}{space}")?;
        }
        Ok(())
    }
}

impl fmt::Display for SpaceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.name) {
            (SpaceKind::ContactCard, Some(name)) => write!(f, "{name}'s card: ")?,
            (_, Some(name)) => write!(f, "{name}: ")?,
            (SpaceKind::Own, None) => f.write_str("my devices: ")?,
            (SpaceKind::Card, None) => f.write_str("my card: ")?,
            (SpaceKind::ContactCard, None) => f.write_str("a contact's card: ")?,
            (SpaceKind::Event, None) => f.write_str("an event: ")?,
            (SpaceKind::Code, None) => f.write_str("a code: ")?,
            (SpaceKind::Carried, None) => f.write_str("carried for others: ")?,
        }
        match (self.sent, self.received) {
            (0, 0) if self.outcome == Outcome::Same => f.write_str("same")?,
            (0, 0) => f.write_str("nothing passed")?,
            (sent, 0) => write!(f, "sent {sent}")?,
            (0, received) => write!(f, "received {received}")?,
            (sent, received) => write!(f, "sent {sent}, received {received}")?,
        }
        match self.outcome {
            Outcome::Same => Ok(()),
            Outcome::Unequal => f.write_str(", and the two stay unequal"),
            Outcome::Unfinished => f.write_str(", not finished"),
        }
    }
}

/// Tells only how far it is.
fn of_progress(mut told: impl FnMut(Progress) + Send) -> impl FnMut(Said) + Send {
    move |said| {
        if let Said::Progress(progress) = said {
            told(progress);
        }
    }
}

/// Hands the link what is to be sent. Gives the sender back once there is no more.
async fn write_out(
    sender: teilgeber_link::Sender,
    mut chunks: mpsc::Receiver<Vec<u8>>,
) -> std::result::Result<teilgeber_link::Sender, LinkError> {
    while let Some(chunk) = chunks.recv().await {
        sender.send(chunk).await?;
    }
    Ok(sender)
}

async fn accept(
    device: Device,
    mut listener: Listener,
    open: Arc<AtomicUsize>,
    told: impl Fn(Result<SyncReport>) + Send + 'static,
    alive: mpsc::Sender<Infallible>,
) {
    let mut links = JoinSet::new();
    loop {
        open.store(links.len(), Ordering::Relaxed);
        tokio::select! {
            newcomer = listener.accept() => match newcomer {
                Ok((link, _from)) => {
                    let (device, alive) = (device.clone(), alive.clone());
                    links.spawn(async move {
                        // Dropped in reverse: the device before the word that it was.
                        let alive = alive;
                        let device = device;
                        let ended = device.run(link, Stay::UntilClosed, |_| {}, Some(alive.clone()));
                        ended.await
                    });
                }
                Err(error) => told(Err(error.into())),
            },
            Some(ended) = links.join_next() => {
                told(ended.unwrap_or_else(|error| Err(Error::Report(error.into()))));
            }
        }
    }
}

/// Under which name the key of a hub is kept.
const HUB_KEY: &str = "hub key";

/// Said to a peer that broke the rules of the exchange.
pub(crate) const BROKE_THE_RULES: CloseReason =
    CloseReason::from_code(CloseReason::FIRST_OF_APPLICATION + 1);
