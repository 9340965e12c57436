//! Keeping links with whoever is near, so that a person need not think about it.
//!
//! What is decided is decided by [`Keeper`]; here it is carried out: dials, listening, and an exchange
//! on each link that stays. Whoever runs it says who was found: a system's browser of services, or
//! the code of a host that a person scanned.

mod engine;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use teilgeber_link::LinkKind;
use teilgeber_link::keeper::{Keeper, LinkId};
use teilgeber_model::Id;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub use teilgeber_link::keeper::{HostId, Settings, Tag, Thrift};

use self::engine::Engine;
use crate::device::Device;
use crate::error::Result;
use crate::sync::{End, SyncReport};

/// How a device looks for others.
#[derive(Debug, Clone, Copy)]
pub struct NearbyConfig {
    /// Where it listens, port 0 for any; `None` to dial only.
    pub listen: Option<SocketAddr>,
    /// How many links it keeps.
    pub settings: Settings,
}

impl Default for NearbyConfig {
    fn default() -> Self {
        let listen = Some(SocketAddr::from(([0, 0, 0, 0], 0)));
        Self { listen, settings: Settings::default() }
    }
}

/// Where a device stands among those near.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// In one word.
    pub situation: Situation,
    /// The links that are open.
    pub links: Vec<NearLink>,
    /// Where others reach this device; `None` while it listens nowhere.
    pub address: Option<SocketAddr>,
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
        let tag = Tag::new(array(&self.seed()?));
        let keeper = Keeper::new(config.settings, tag, self.seed()?, Duration::ZERO);
        let shared = Arc::new(Shared::new(keeper, tag));
        let (alive, ended) = mpsc::channel(1);
        let mut engine =
            Engine::new(self.clone(), shared.clone(), config.listen, Box::new(told), alive);
        engine.listen().await?;
        shared.publish(engine.address(), &BTreeSet::new());
        let running = tokio::spawn(engine.run());
        Ok(Nearby { shared, running, ended })
    }
}

impl Nearby {
    /// Somebody announces themselves by this tag, at these addresses.
    pub fn found(&self, tag: Tag, addresses: &[SocketAddr]) {
        self.tell(|keeper, now| keeper.handle_found(tag, addresses, now));
    }

    /// Somebody no longer announces themselves.
    pub fn lost(&self, tag: Tag) {
        self.tell(|keeper, now| keeper.handle_lost(tag, now));
    }

    /// What this device announces itself by.
    pub fn tag(&self) -> Tag {
        *self.shared.tag.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This device announces itself by another tag from now on.
    pub fn set_tag(&self, tag: Tag) {
        *self.shared.tag.lock().unwrap_or_else(PoisonError::into_inner) = tag;
        self.tell(|keeper, now| keeper.set_tag(tag, now));
    }

    /// Dials whoever the person named, by a code or as a hub, until they are [given up](Self::give_up).
    pub fn add_host(&self, host: HostId, rung: Rung, addresses: &[SocketAddr]) {
        self.tell(|keeper, now| keeper.add_host(host, rung.kind(), addresses, now));
    }

    /// A host is no longer wanted.
    pub fn give_up(&self, host: HostId) {
        self.tell(|keeper, now| keeper.give_up(host, now));
    }

    /// Speaks over a stream of bytes that the phone lends, for as long as that lasts.
    pub fn lend<S>(&self, stream: S, end: End, rung: Rung)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.shared.lent().push(Lent { stream: Box::new(stream), end, kind: rung.kind() });
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
        self.tell(Keeper::handle_network);
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

/// The first bytes of a seed.
fn array<const N: usize>(seed: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|n| seed[n])
}

/// A stream that the phone lends, not taken up yet.
struct Lent {
    stream: Box<dyn Stream>,
    end: End,
    kind: LinkKind,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What the one who asks and the one who carries out have in common.
struct Shared {
    keeper: Mutex<Keeper>,
    tag: Mutex<Tag>,
    lent: Mutex<Vec<Lent>>,
    started: Instant,
    wake: Notify,
    standing: watch::Sender<Standing>,
}

impl Shared {
    fn new(keeper: Keeper, tag: Tag) -> Self {
        Self {
            keeper: Mutex::new(keeper),
            tag: Mutex::new(tag),
            lent: Mutex::default(),
            started: Instant::now(),
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

    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lent(&self) -> MutexGuard<'_, Vec<Lent>> {
        self.lent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// Says where the device stands, where that has changed.
    fn publish(&self, address: Option<SocketAddr>, links: &BTreeSet<(LinkId, Option<Id>)>) {
        let (situation, kinds) = {
            let keeper = self.keeper();
            let kinds = links.iter().filter_map(|(link, person)| {
                let (kind, same) = keeper.link(*link)?;
                Some(NearLink { rung: Rung::of(kind), same, person: *person })
            });
            let kinds: Vec<NearLink> = kinds.collect();
            (keeper.situation(self.now()), kinds)
        };
        let mut links = kinds;
        links.sort_by_key(|link| (link.rung, link.person));
        let standing = Standing { situation: situation.into(), links, address };
        self.standing.send_if_modified(|present| {
            let is_news = *present != standing;
            *present = standing;
            is_news
        });
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
