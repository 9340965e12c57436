//! Keeping links with whoever is near, so that a person need not think about it.
//!
//! What is decided is decided by [`Keeper`]; here it is carried out: dials, listening, and an exchange
//! on each link that stays. Whoever runs it says who was found: a system's browser of services, or
//! the code of a host that a person scanned.

mod engine;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU16, NonZeroUsize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use teilgeber_entry::{HostId, HostKey};
use teilgeber_link::keeper::Keeper;
use teilgeber_link::{Cost, LinkInfo, LinkKind};
use teilgeber_model::Id;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub use teilgeber_formats::host::{HostCode, HostCodeError};
pub use teilgeber_formats::wifi::{Wifi, WifiError};
pub use teilgeber_link::keeper::{HostNumber, Settings, Tag, Thrift};
pub use teilgeber_link::lan::{Mdns, Tags, own_addresses};

use self::engine::Engine;
use crate::device::Device;
use crate::error::Result;
use crate::sync::{End, SyncReport};

/// How a device looks for others.
#[derive(Debug, Clone, Copy)]
pub struct NearbyConfig {
    /// Where it listens; `None` to dial only.
    pub listen: Option<Listen>,
    /// How many links it keeps.
    pub settings: Settings,
    /// How others are searched for by this program itself; `None` where the phone's system searches and what
    /// it finds is [said](Nearby::found).
    pub mdns: Option<Mdns>,
}

impl Default for NearbyConfig {
    fn default() -> Self {
        Self { listen: Some(Listen::Everywhere(0)), settings: Settings::default(), mdns: None }
    }
}

/// Where a device listens. The system chooses port 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// At this port of all addresses, those that it is yet to get included.
    Everywhere(u16),
    /// At this address.
    At(SocketAddr),
}

/// A device that the person named, by its code or its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Where it is.
    pub addresses: Vec<SocketAddr>,
    /// The way on which it is reached.
    pub rung: Rung,
    /// The key by which it proves that it is the one of the code; `None` where only its address is known.
    pub key: Option<HostId>,
}

/// Where a device stands among those near.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// In one word.
    pub situation: Situation,
    /// The links that are open.
    pub links: Vec<NearLink>,
    /// Where it listens; `None` while it listens nowhere.
    pub address: Option<SocketAddr>,
    /// Why it cannot search, where it searches itself.
    pub hindrance: Option<Hindrance>,
}

/// Why a device cannot search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// It is in no network: join one, or open a hotspot.
    NoNetwork,
    /// The system does not let this program use multicast, or another program keeps it for itself.
    NotAllowed,
    /// Somebody floods the network with names. It tries again soon.
    Flooded,
}

/// A link that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearLink {
    /// The way on which it stands.
    pub rung: Rung,
    /// Whether both sides know the same.
    pub same: bool,
    /// Whose device it is, if it showed that.
    pub person: Option<Id>,
}

/// The rungs of the ladder on which links stand, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// One network, or one on the other's hotspot.
    Network,
    /// By way of the internet, a hub included.
    Internet,
    /// A stream that the phone lent: Bluetooth, Wi-Fi Aware, Wi-Fi Direct.
    Radio,
}

/// Where a device stands, named by what its person may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// It keeps no links until it is told to go on.
    #[default]
    Paused,
    /// It has begun to look for others: wait a few seconds.
    Looking,
    /// It found nobody. The network may keep devices apart: show a host's code, open a hotspot, or hand
    /// over a file.
    Alone,
    /// Others are announced, and none of them answers: the network keeps its devices apart. Help as for
    /// [`Alone`](Self::Alone).
    Blocked,
    /// Others are here, but hold nothing together with this device: join the same event.
    Strangers,
    /// Others are here, but their app is older or newer: update one of the two.
    OtherVersion,
    /// Links are open, and something passes.
    Passing,
    /// Links are open, and all of them know the same.
    Same,
    /// No link is open, because all who are near knew the same a moment ago, or are just being called.
    Resting,
    /// What may be spent on networks that cost money is spent for now.
    Spent,
}

/// Keeps links until it is dropped.
#[derive(Debug)]
pub struct Nearby {
    shared: Arc<Shared>,
    running: JoinHandle<()>,
    /// Ends once every link's thread has let go of its half.
    ended: mpsc::Receiver<Infallible>,
}

impl Device {
    /// Keeps links with those who are [found](Nearby::found), until the returned value is dropped.
    /// `told` is called on a worker thread with what each link brought as it ends.
    ///
    /// # Errors
    /// [`Error::OtherAddress`](crate::Error::OtherAddress) when this device cannot listen where it
    /// should, or [`Error::NoRandomness`](crate::Error::NoRandomness).
    pub async fn keep_links(
        &self,
        config: NearbyConfig,
        told: impl Fn(Result<SyncReport>) + Send + 'static,
    ) -> Result<Nearby> {
        let tags = Tags::new(self.seed()?, Duration::ZERO);
        let keeper = Keeper::new(config.settings, tags.current(), self.seed()?, Duration::ZERO);
        let key = HostKey::from_bytes(self.seed()?);
        let shared = Arc::new(Shared::new(keeper, tags, key));
        let (alive, ended) = mpsc::channel(1);
        let mut engine = Engine::new(self.clone(), shared.clone(), &config, Box::new(told), alive);
        engine.listen().await?;
        engine.publish();
        let running = tokio::spawn(engine.run());
        Ok(Nearby { shared, running, ended })
    }
}

impl Nearby {
    /// The phone's system found somebody who announces themselves by this tag, at these addresses.
    pub fn found(&self, tag: Tag, addresses: &[SocketAddr]) {
        if !self.shared.tags().is_own(tag) {
            self.tell(|keeper, now| keeper.handle_found(tag, addresses, now));
        }
    }

    /// Somebody no longer announces themselves.
    pub fn lost(&self, tag: Tag) {
        self.tell(|keeper, now| keeper.handle_lost(tag, now));
    }

    /// What this device is to be announced by now. It changes each quarter of an hour: see
    /// [`watch`](Self::watch).
    pub fn tag(&self) -> Tag {
        self.shared.tags().current()
    }

    /// The code by which others reach this device where the network keeps devices apart, or on its
    /// hotspot `wifi`. It proves itself by a key of this run.
    ///
    /// # Errors
    /// [`HostCodeError::NoAddress`] when it listens nowhere, or `addresses` are none that others could dial.
    pub fn host_code(
        &self,
        addresses: &[IpAddr],
        wifi: Option<Wifi>,
    ) -> std::result::Result<HostCode, HostCodeError> {
        let port = self.standing().address.and_then(|address| NonZeroU16::new(address.port()));
        let port = port.ok_or(HostCodeError::NoAddress)?;
        HostCode::new(self.shared.key.id(), port, addresses, wifi)
    }

    /// Dials whoever the person named until they are [given up](Self::give_up).
    pub fn add_host(&self, host: Host) -> HostNumber {
        let (kind, addresses) = (host.rung.kind(), host.addresses.clone());
        let number = self.shared.name(host);
        self.tell(|keeper, now| keeper.add_host(number, kind, &addresses, now));
        number
    }

    /// A host is no longer wanted.
    pub fn give_up(&self, host: HostNumber) {
        self.shared.hosts().remove(&host);
        self.tell(|keeper, now| keeper.give_up(host, now));
    }

    /// Speaks over a stream of bytes that the phone lends, for as long as that lasts. No write to it is
    /// longer than `mtu`, where it has one.
    pub fn lend<S>(&self, stream: S, end: End, rung: Rung, mtu: Option<NonZeroUsize>)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let info = LinkInfo { kind: rung.kind(), mtu, cost: Cost::Free };
        self.shared.lent().push(Lent { stream: Box::new(stream), end, info });
        self.shared.wake.notify_one();
    }

    /// Closes all links and listens no more, until [`resume`](Self::resume): the app goes to the
    /// background.
    pub fn pause(&self) {
        self.tell(Keeper::pause);
    }

    /// Goes on. The address may be another.
    pub fn resume(&self) {
        self.tell(Keeper::resume);
    }

    /// This device is in another network or has another address.
    pub fn network_changed(&self) {
        self.shared.moved();
    }

    /// What is to be spared from now on.
    pub fn spare(&self, thrift: Thrift) {
        self.tell(|keeper, now| keeper.spare(thrift, now));
    }

    /// Where this device stands now.
    pub fn standing(&self) -> Standing {
        self.shared.standing.borrow().clone()
    }

    /// Where this device stands, each time that it changes: see [`watch::Receiver`].
    pub fn watch(&self) -> watch::Receiver<Standing> {
        self.shared.standing.subscribe()
    }

    /// Ends all links and waits until they have let go of the device, so that its home can be opened
    /// again. Dropping ends them as well, without waiting.
    pub async fn stop(mut self) {
        self.running.abort();
        // It was cancelled, or had ended: both let go of what it held.
        let _cancelled = (&mut self.running).await;
        let nothing = self.ended.recv().await;
        debug_assert!(nothing.is_none(), "nothing can be sent");
    }

    fn tell(&self, told: impl FnOnce(&mut Keeper, Duration)) {
        self.shared.tell(told);
    }
}

impl Host {
    /// The host of a code that was scanned.
    pub fn of_code(code: &HostCode) -> Self {
        Self { addresses: code.addresses(), rung: Rung::Network, key: Some(code.host()) }
    }

    /// Whoever is at this address.
    pub fn at(address: SocketAddr, rung: Rung) -> Self {
        Self { addresses: vec![address], rung, key: None }
    }
}

impl Drop for Nearby {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Rung {
    pub(crate) fn kind(self) -> LinkKind {
        match self {
            Self::Network => LinkKind::Lan,
            Self::Internet => LinkKind::Internet,
            Self::Radio => LinkKind::Nearby,
        }
    }

    fn of(kind: LinkKind) -> Self {
        match kind {
            LinkKind::Lan => Self::Network,
            LinkKind::Internet => Self::Internet,
            LinkKind::Nearby => Self::Radio,
        }
    }
}

/// A stream that the phone lends, not taken up yet.
struct Lent {
    stream: Box<dyn Stream>,
    end: End,
    info: LinkInfo,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What the one who asks and the one who carries out have in common.
struct Shared {
    keeper: Mutex<Keeper>,
    tags: Mutex<Tags>,
    /// Of this run.
    key: HostKey,
    hosts: Mutex<BTreeMap<HostNumber, Host>>,
    lent: Mutex<Vec<Lent>>,
    started: Instant,
    /// Since this was looked at, addresses may have gone.
    has_moved: AtomicBool,
    wake: Notify,
    standing: watch::Sender<Standing>,
}

impl Shared {
    fn new(keeper: Keeper, tags: Tags, key: HostKey) -> Self {
        Self {
            keeper: Mutex::new(keeper),
            tags: Mutex::new(tags),
            key,
            hosts: Mutex::default(),
            lent: Mutex::default(),
            started: Instant::now(),
            has_moved: AtomicBool::new(false),
            wake: Notify::new(),
            standing: watch::Sender::default(),
        }
    }

    /// Tells the keeper, and wakes whoever carries out what follows.
    fn tell<T>(&self, told: impl FnOnce(&mut Keeper, Duration) -> T) -> T {
        let told = told(&mut self.keeper(), self.now());
        self.wake.notify_one();
        told
    }

    /// This device is in another network or has another address.
    fn moved(&self) {
        self.has_moved.store(true, Ordering::Relaxed);
        self.tell(Keeper::handle_network);
    }

    /// Gives a host a number of its own.
    fn name(&self, host: Host) -> HostNumber {
        let mut hosts = self.hosts();
        let last = hosts.last_key_value().map_or(0, |(HostNumber(last), _)| *last);
        let number = HostNumber(last.wrapping_add(1));
        hosts.insert(number, host);
        number
    }

    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tags(&self) -> MutexGuard<'_, Tags> {
        self.tags.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hosts(&self) -> MutexGuard<'_, BTreeMap<HostNumber, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lent(&self) -> MutexGuard<'_, Vec<Lent>> {
        self.lent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl From<teilgeber_link::keeper::Situation> for Situation {
    fn from(situation: teilgeber_link::keeper::Situation) -> Self {
        use teilgeber_link::keeper::Situation as Kept;
        match situation {
            Kept::Paused => Self::Paused,
            Kept::Looking => Self::Looking,
            Kept::Alone => Self::Alone,
            Kept::Blocked { .. } => Self::Blocked,
            Kept::Strangers { .. } => Self::Strangers,
            Kept::OtherVersion { .. } => Self::OtherVersion,
            Kept::Linked { links, quiet, .. } if links == quiet => Self::Same,
            Kept::Linked { .. } => Self::Passing,
            Kept::Resting { .. } => Self::Resting,
            Kept::Spent { .. } => Self::Spent,
        }
    }
}
