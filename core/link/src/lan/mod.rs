//! Who is near: discovery in a local network.
//!
//! A [`Discovery`] *announces* a tag and a port, and *reports* the tags and addresses of others
//! ([`Event`]). It has two engines. [`Discovery::mdns`] is for desktops, hubs and tests: multicast
//! DNS on all interfaces, over IPv4 and IPv6. A phone leaves that to its system, which alone may
//! send multicast, and [feeds](Discovery::fed) in what its browser found. Both find the service
//! [`SERVICE`] under a name that is a tag and nothing else.
//!
//! Nothing here proves anything: a report says where to knock. Who dials ([`Tags::dials`]), when, and
//! whether the link is kept is decided above. That somebody is *lost* says that they are not
//! announced any more (their tag may just have changed), so no link ends by it.
//!
//! # What strangers can do
//!
//! Announcements are anybody's word, so all of it is bounded: [`PEERS_MAX`] peers, the latest, with
//! [`ADDRESSES_MAX`] addresses each, and only such addresses as can be near (`vicinity.rs`). Who
//! floods a network with names makes discovery pause ([`Blocked::Flooded`]). Who repeats what
//! others announced, or says goodbye for them, can hide and invent peers, but not be one.

mod mdns;
mod neighbours;
mod tag;
mod vicinity;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

pub use crate::keeper::Tag;
pub use mdns::Mdns;
pub use tag::{KEPT_FOR, NotATag, Tags};

use neighbours::Neighbours;
use vicinity::Vicinity;

/// The service that devices announce (RFC 6763), without its domain.
pub const SERVICE: &str = "_teilgeber._tcp";

/// The most peers that are known at a time; of more, the latest. Several times what one access
/// point carries.
pub const PEERS_MAX: usize = 512;

/// The most addresses of one peer: a laptop has a few on each of two or three interfaces.
pub const ADDRESSES_MAX: usize = 8;

/// The addresses of this machine in the networks that it is in, for the code of a host: IPv4 first, which
/// more networks let through.
pub fn own_addresses() -> Vec<IpAddr> {
    let networks = mdns::own_networks();
    let mut addresses: Vec<IpAddr> = networks.into_iter().map(|(address, _)| address).collect();
    addresses.sort_by_key(|address| (address.is_ipv6(), *address));
    addresses
}

/// What a device says of itself in the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announcement {
    /// Under which name, for now.
    pub tag: Tag,
    /// On which TCP port it [listens](crate::tcp::Listener).
    pub port: u16,
}

/// What discovery reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A peer came, or its addresses changed: these are all that it has now, at least one.
    Found {
        /// Its name, for now.
        tag: Tag,
        /// Where it can be dialled.
        addresses: Vec<SocketAddr>,
    },
    /// A peer that was found is not announced any more.
    Lost {
        /// Its name until now.
        tag: Tag,
    },
    /// Whether discovery works has changed. At first it is [`State::Searching`].
    State(State),
    /// This device is in other networks than before, or has other addresses there.
    NetworkChanged,
}

/// Whether discovery works, as far as this device can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    /// It searches. That nobody is found may still be the network's fault: many keep their
    /// devices apart, which cannot be seen from inside.
    #[default]
    Searching,
    /// It cannot search; it tries again by itself.
    Blocked(Blocked),
}

/// Why discovery does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blocked {
    /// This device is in no network.
    NoNetwork,
    /// The system does not let this program use multicast, or another program keeps it for itself.
    NotAllowed,
    /// Somebody floods the network with names. Discovery pauses, for a minute at most at a time.
    Flooded,
}

/// Announces this device and reports others. It ends, with a goodbye, when it is dropped.
#[derive(Debug)]
pub struct Discovery {
    shared: Arc<Shared>,
    engine: Option<AbortHandle>,
}

impl Discovery {
    /// Discovery by multicast DNS. Runs inside a tokio runtime with time enabled, and beside it one
    /// thread of the library that speaks to the network.
    pub fn mdns(config: Mdns) -> Self {
        let shared = Arc::<Shared>::default();
        let engine = tokio::spawn(mdns::run(shared.clone(), config)).abort_handle();
        Self { shared, engine: Some(engine) }
    }

    /// Discovery that is fed from outside, by a phone's system or by a test.
    pub fn fed() -> (Self, Feed) {
        let shared = Arc::<Shared>::default();
        (Self { shared: shared.clone(), engine: None }, Feed { shared })
    }

    /// Announces the current one of `tags` from now on, and `port`; to be called again whenever
    /// [`Tags::advance`] says so. The own tags are not reported.
    pub fn announce(&self, tags: &Tags, port: u16) {
        self.shared
            .announce(Some(Announcement { tag: tags.current(), port }), tags.own().collect());
    }

    /// Announces nothing from now on. What others announce is still reported.
    pub fn hide(&self) {
        self.shared.announce(None, BTreeSet::new());
    }

    /// The next thing that changed. Of what changes while nobody asks only the outcome is
    /// reported. A call that is given up loses nothing.
    pub async fn next(&mut self) -> Event {
        loop {
            let event = self.shared.update(Neighbours::next);
            match event {
                Some(event) => return event,
                None => self.shared.changed.notified().await,
            }
        }
    }
}

impl Drop for Discovery {
    fn drop(&mut self) {
        if let Some(engine) = &self.engine {
            engine.abort();
        }
    }
}

/// The outer end of a [`Discovery`] that is fed.
#[derive(Debug, Clone)]
pub struct Feed {
    shared: Arc<Shared>,
}

impl Feed {
    /// A peer is announced at `address`, beside those where it was found before.
    pub fn peer_found(&self, address: SocketAddr, tag: Tag) {
        self.shared.tell(|neighbours| neighbours.seen_at(tag, address));
    }

    /// A peer is not announced any more.
    pub fn peer_lost(&self, tag: Tag) {
        self.shared.tell(|neighbours| neighbours.lost(tag));
    }

    /// Nobody that was found is there any more: the device is in another network.
    pub fn all_lost(&self) {
        self.shared.tell(Neighbours::all_lost);
    }

    /// Whether the system lets this device search.
    pub fn set_state(&self, state: State) {
        self.shared.tell(|neighbours| neighbours.set_state(state));
    }

    /// What is to be announced, now and whenever it changes; `None` for nothing.
    pub fn announcement(&self) -> watch::Receiver<Option<Announcement>> {
        self.shared.announcement.subscribe()
    }
}

/// What both ends of a discovery see.
#[derive(Debug)]
struct Shared {
    neighbours: Mutex<Neighbours>,
    changed: Notify,
    announcement: watch::Sender<Option<Announcement>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            neighbours: Mutex::new(Neighbours::new(Vicinity::default())),
            changed: Notify::new(),
            announcement: watch::Sender::new(None),
        }
    }
}

impl Shared {
    fn announce(&self, announcement: Option<Announcement>, own: BTreeSet<Tag>) {
        self.tell(|neighbours| neighbours.announce(announcement, own));
        self.announcement.send_replace(announcement);
    }

    /// Changes the table, and wakes who waits for changes.
    fn tell(&self, change: impl FnOnce(&mut Neighbours)) {
        self.update(change);
        self.changed.notify_one();
    }

    fn update<T>(&self, change: impl FnOnce(&mut Neighbours) -> T) -> T {
        // The table is whole between any two of its steps, so a panic elsewhere breaks nothing.
        let mut neighbours = self.neighbours.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut neighbours)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn what_is_fed_in_is_reported_and_what_is_announced_is_told_outside() {
        let (mut discovery, feed) = Discovery::fed();
        let tags = Tags::new([1; 32], Duration::ZERO);
        let theirs = Tags::new([2; 32], Duration::ZERO).current();
        let announcement = feed.announcement();
        let address = SocketAddr::from(([192, 168, 1, 2], 7373));

        discovery.announce(&tags, 7373);
        feed.peer_found(address, tags.current());
        feed.peer_found(address, theirs);

        let expected = Announcement { tag: tags.current(), port: 7373 };
        assert_eq!(*announcement.borrow(), Some(expected));
        assert_eq!(discovery.next().await, Event::Found { tag: theirs, addresses: vec![address] });

        feed.peer_lost(theirs);
        assert_eq!(discovery.next().await, Event::Lost { tag: theirs });

        discovery.hide();
        assert_eq!(*announcement.borrow(), None);
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_what_comes_later() {
        let (mut discovery, feed) = Discovery::fed();
        let blocked = State::Blocked(Blocked::NotAllowed);

        let (event, ()) = tokio::join!(discovery.next(), async {
            tokio::task::yield_now().await;
            feed.set_state(blocked);
        });

        assert_eq!(event, Event::State(blocked));
    }
}
