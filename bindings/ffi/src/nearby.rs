//! Keeping links with whoever is near, so that a person need not think about it.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use teilgeber_device::model::Id;
use teilgeber_device::nearby::{Host, HostNumber, Mdns, Nearby, NearbyConfig, Tag, Thrift};

use crate::device::Device;
use crate::error::{CoreError, ForeignError, Result};
use crate::observe::Subscription;
use crate::runtime::{EndOnDrop, runtime, while_wanted};

pub(crate) use teilgeber_device::nearby::{Hindrance, Listen, NearLink, Rung, Situation, Standing};

/// How a device looks for others.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct LinksConfig {
    /// Where it listens; none to dial only. A phone listens everywhere, at port 0.
    #[uniffi(default = None)]
    pub listen: Option<Listen>,
    /// Whether others are searched for by this program itself, by multicast DNS: on a laptop or a hub. Not on a
    /// phone, where the system searches and what it finds is said with `found`.
    #[uniffi(default = false)]
    pub search: bool,
}

/// Where a device listens. The system chooses port 0.
#[uniffi::remote(Enum)]
pub enum Listen {
    /// At this port of all addresses, those that it is yet to get included.
    Everywhere(u16),
    /// At this address.
    At(SocketAddr),
}

/// Where a device stands among those near.
#[uniffi::remote(Record)]
pub struct Standing {
    /// In one word.
    pub situation: Situation,
    /// The links that are open.
    pub links: Vec<NearLink>,
    /// Where it listens; none while it listens nowhere.
    pub address: Option<SocketAddr>,
    /// Why it cannot search, where it searches itself.
    pub hindrance: Option<Hindrance>,
}

/// Why a device cannot search.
#[uniffi::remote(Enum)]
pub enum Hindrance {
    /// It is in no network: join one, or open a hotspot.
    NoNetwork,
    /// The system does not let this program use multicast, or another program keeps it for itself.
    NotAllowed,
    /// Somebody floods the network with names. It tries again soon.
    Flooded,
}

/// A link that is open.
#[uniffi::remote(Record)]
pub struct NearLink {
    /// The way on which it stands.
    pub rung: Rung,
    /// Whether both sides know the same.
    pub same: bool,
    /// Whose device it is, if it showed that.
    pub person: Option<Id>,
}

/// The rungs of the ladder on which links stand, the best first.
#[uniffi::remote(Enum)]
pub enum Rung {
    /// One network, or one on the other's hotspot.
    Network,
    /// By way of the internet, a hub included.
    Internet,
    /// A stream that the phone lent: Bluetooth, Wi-Fi Aware, Wi-Fi Direct.
    Radio,
}

/// Where a device stands, named by what its person may do.
#[uniffi::remote(Enum)]
pub enum Situation {
    /// It keeps no links until it is told to go on.
    Paused,
    /// It has begun to look for others: wait a few seconds.
    Looking,
    /// It found nobody. The network may keep devices apart: show a host's code, open a hotspot, or hand over a file.
    Alone,
    /// Others are announced, and none of them answers: the network keeps its devices apart. Help as for *alone*.
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

/// Is told where the device stands, on a thread of the core, one call after the other.
#[uniffi::export(foreign)]
pub trait LinksListener: Send + Sync {
    /// Where it stands now: at first at once, then each time that it changed.
    fn stands(&self, standing: Standing) -> std::result::Result<(), ForeignError>;
}

/// Keeps links until it is stopped or dropped.
#[derive(Debug, uniffi::Object)]
pub struct Links {
    nearby: RwLock<Option<Nearby>>,
}

#[uniffi::export]
impl Device {
    /// Keeps links with those who are found, until the returned object is stopped or dropped.
    ///
    /// Errors: `OtherAddress` when this device cannot listen where it should, `NoRandomness`, or `Shut`.
    pub async fn keep_links(&self, config: LinksConfig) -> Result<Arc<Links>> {
        let device = self.inner()?;
        let LinksConfig { listen, search } = config;
        let mdns = search.then(Mdns::default);
        let config = NearbyConfig { listen, mdns, ..NearbyConfig::default() };
        while_wanted(async move {
            // What a link brought shows on the screens that observe, and where it stands in `standing`.
            let nearby = device.keep_links(config, |_brought| {}).await?;
            Ok(Arc::new(Links { nearby: RwLock::new(Some(nearby)) }))
        })
        .await
    }
}

#[uniffi::export]
impl Links {
    /// The phone's system found somebody who announces themselves by this tag, at these addresses.
    ///
    /// Errors: `Invalid` when the tag is none, `Shut`.
    pub fn found(&self, tag: String, addresses: Vec<SocketAddr>) -> Result<()> {
        let tag = read(&tag)?;
        self.with(|nearby| nearby.found(tag, &addresses))
    }

    /// Somebody no longer announces themselves.
    ///
    /// Errors: `Invalid` when the tag is none, `Shut`.
    pub fn lost(&self, tag: String) -> Result<()> {
        let tag = read(&tag)?;
        self.with(|nearby| nearby.lost(tag))
    }

    /// What this device is to be announced by now. It changes each quarter of an hour.
    ///
    /// Errors: `Shut`.
    pub fn tag(&self) -> Result<String> {
        self.with(|nearby| nearby.tag().to_string())
    }

    /// Dials whoever is at one of these addresses, a hub for one, until they are given up. Returns the number by
    /// which they are.
    ///
    /// Errors: `Invalid` without an address, `Shut`.
    pub fn add_host(&self, addresses: Vec<SocketAddr>, rung: Rung) -> Result<u32> {
        if addresses.is_empty() {
            return Err(CoreError::Invalid("a host has at least one address".to_owned()));
        }
        self.with(|nearby| nearby.add_host(Host { addresses, rung, key: None }).0)
    }

    /// A host is no longer wanted.
    ///
    /// Errors: `Shut`.
    pub fn give_up(&self, host: u32) -> Result<()> {
        self.with(|nearby| nearby.give_up(HostNumber(host)))
    }

    /// Closes all links and listens no more, until `resume`: the app goes to the background.
    ///
    /// Errors: `Shut`.
    pub fn pause(&self) -> Result<()> {
        self.with(Nearby::pause)
    }

    /// Goes on. The address may be another.
    ///
    /// Errors: `Shut`.
    pub fn resume(&self) -> Result<()> {
        self.with(Nearby::resume)
    }

    /// This device is in another network or has another address.
    ///
    /// Errors: `Shut`.
    pub fn network_changed(&self) -> Result<()> {
        self.with(Nearby::network_changed)
    }

    /// What is to be spared from now on: the battery, and, where that costs money, bytes in an hour.
    ///
    /// Errors: `Shut`.
    pub fn spare(&self, saving: bool, bytes_an_hour: Option<u64>) -> Result<()> {
        self.with(|nearby| nearby.spare(Thrift { saving, bytes_an_hour }))
    }

    /// Where this device stands now.
    ///
    /// Errors: `Shut`.
    pub fn standing(&self) -> Result<Standing> {
        self.with(Nearby::standing)
    }

    /// Tells where this device stands: now, and each time that it changes.
    ///
    /// Errors: `Shut`.
    pub fn watch(&self, listener: Arc<dyn LinksListener>) -> Result<Arc<Subscription>> {
        let mut standing = self.with(Nearby::watch)?;
        standing.mark_changed();
        let telling = runtime()?.spawn(async move {
            while standing.changed().await.is_ok() {
                let now = standing.borrow_and_update().clone();
                let listener = listener.clone();
                // What a listener throws is its app's to know of; it is told the next change all the same.
                let _thrown = tokio::task::spawn_blocking(move || listener.stands(now)).await;
            }
        });
        Ok(Subscription::of(EndOnDrop(telling.abort_handle())))
    }

    /// Ends all links and waits until they have let go of the device. Stopping twice does no harm.
    pub async fn stop(&self) -> Result<()> {
        let nearby = self.nearby.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(nearby) = nearby else { return Ok(()) };
        while_wanted(async move {
            nearby.stop().await;
            Ok(())
        })
        .await
    }
}

impl Links {
    /// Does something with the links, on the runtime that carries them.
    pub(crate) fn with<T>(&self, with: impl FnOnce(&Nearby) -> T) -> Result<T> {
        let _on = runtime()?.enter();
        let nearby = self.nearby.read().unwrap_or_else(PoisonError::into_inner);
        nearby.as_ref().map(with).ok_or(CoreError::Shut)
    }
}

fn read(tag: &str) -> Result<Tag> {
    tag.parse().map_err(|_| CoreError::Invalid("a tag is sixteen hexadecimal digits".to_owned()))
}
