//! Which links a device keeps: who is near, whom to dial and when, which link to let go.
//!
//! [`Keeper`] is a plain value without sockets, clock or system randomness. It is told what happens
//! (somebody was found, a link came about, both sides know the same, a link ended), asked for
//! [orders](Keeper::poll_order) until there are none, and woken at its [timeout](Keeper::poll_timeout).
//! Whoever runs it carries the orders out.
//!
//! ```
//! use std::time::Duration;
//! use teilgeber_link::keeper::{Keeper, Order, Settings, Situation, Tag};
//!
//! let start = Duration::ZERO;
//! let mut keeper = Keeper::new(Settings::default(), Tag::new([1; 8]), [7; 32], start);
//! assert_eq!(keeper.situation(start), Situation::Looking);
//!
//! keeper.handle_found(Tag::new([2; 8]), &["192.0.2.7:7373".parse().unwrap()], start);
//! assert!(matches!(keeper.poll_order(), Some(Order::Dial { .. })), "the lower tag dials");
//! ```
//!
//! # What it aims at
//!
//! Whatever is said on one phone reaches all of a venue, through some [`Settings::links`] links a phone.
//! A link on which both sides know the same stays, because news passes over it at once. Where more
//! devices are near than links may be kept, those that were quiet longest give way to whoever was not
//! met for longest, without hurry: links of all to some connect a crowd already. Of two devices the one with the lower tag dials; if it does not, the other does after
//! [`PATIENCE`].
//!
//! # What strangers can cost
//!
//! [`PEERS_MAX`] records of some hundred bytes, and [`Settings::dials`] dials at a time. A device that
//! fails or shares nothing is dialled less and less often ([`Settings::retry_at_most`]). Which of several
//! new ones comes first is chance, so that nobody is kept waiting by whoever announces most cleverly.

mod allowance;
mod chance;
mod decide;
mod peer;
mod situation;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use self::allowance::Allowance;
use self::chance::Chance;
use self::peer::Record;
pub use self::peer::{ADDRESSES_MAX, Ended, HostNumber, MEET_AGAIN, PATIENCE, Peer as Whom, Tag};
pub use self::situation::{ALONE_AFTER, Situation};
use crate::config::LinkKind;

/// Devices near that are remembered at a time. In a venue of more, a device hears of others as these
/// leave.
pub const PEERS_MAX: usize = 1024;

/// A link on which both sides know the same gives way to another device after so long.
pub const QUIET_BEFORE_LEAVING: Duration = Duration::from_secs(60);

/// The same where the battery is spared: nothing keeps the radio awake for news that may come.
pub const QUIET_WHILE_SAVING: Duration = Duration::from_secs(5);

/// The same in favour of a device that was met before and for which this one has no news.
pub const QUIET_BEFORE_ROTATING: Duration = Duration::from_secs(5 * 60);

/// A device that is gone is remembered for so long: discovery loses and finds again.
const FORGET_AFTER: Duration = Duration::from_secs(20 * 60);

/// How many links are kept, and how eagerly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Links at a time; 8 unless told. What others dialled counts too, but is not refused for it.
    pub links: usize,
    /// Links while the battery is [spared](Thrift::saving); 2 unless told.
    pub links_while_saving: usize,
    /// Dials under way at a time; 3 unless told.
    pub dials: usize,
    /// The pause after a first failure; 1 second unless told. It doubles each time.
    pub retry_after: Duration,
    /// The longest such pause; 5 minutes unless told.
    pub retry_at_most: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            links: 8,
            links_while_saving: 2,
            dials: 3,
            retry_after: Duration::from_secs(1),
            retry_at_most: Duration::from_secs(5 * 60),
        }
    }
}

/// What is spared. Nothing unless told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thrift {
    /// The battery: fewer links, none kept open for news.
    pub saving: bool,
    /// Bytes in an hour over networks, where they cost money. Streams that a phone lends are free.
    pub bytes_an_hour: Option<u64>,
}

/// A link or a dial, by a number of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(u64);

/// What the keeper wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Dial these addresses in turn until one answers, then say [`Keeper::handle_linked`] or
    /// [`Keeper::handle_ended`].
    Dial {
        /// What the link will be called.
        link: LinkId,
        /// Who is dialled.
        whom: Whom,
        /// The latest first.
        addresses: Vec<SocketAddr>,
    },
    /// Say goodbye on this link, or give up this dial, then say [`Keeper::handle_ended`].
    Close {
        /// Which one.
        link: LinkId,
    },
}

/// Decides which links a device keeps.
#[derive(Debug)]
pub struct Keeper {
    settings: Settings,
    thrift: Thrift,
    allowance: Option<Allowance>,
    chance: Chance,
    tag: Tag,
    peers: BTreeMap<Whom, Record>,
    links: BTreeMap<LinkId, Held>,
    orders: VecDeque<Order>,
    next: u64,
    paused: bool,
    /// When somebody who was found was last dialled.
    dialled_at: Option<Duration>,
    /// Since when nobody is linked.
    alone_since: Duration,
    /// When this device last came to know something that did not come from others.
    news_at: Option<Duration>,
}

/// A link, or a dial that may become one.
#[derive(Debug)]
struct Held {
    whom: Option<Whom>,
    kind: LinkKind,
    stage: Stage,
    /// On both ends the same, and on no other link.
    hash: Option<[u8; 32]>,
    /// Authors that the other end showed.
    shown: Vec<[u8; 32]>,
    quiet_since: Option<Duration>,
    /// This device has lost the address at which it ends.
    is_cut: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Dialling,
    Open,
    Closing,
}

impl Keeper {
    /// A keeper that knows nobody yet. `tag` is what this device announces itself by; `seed` decides
    /// what is left to chance. All times count from one start.
    pub fn new(settings: Settings, tag: Tag, seed: [u8; 32], now: Duration) -> Self {
        Self {
            settings,
            thrift: Thrift::default(),
            allowance: None,
            chance: Chance::new(seed),
            tag,
            peers: BTreeMap::new(),
            links: BTreeMap::new(),
            orders: VecDeque::new(),
            next: 0,
            paused: false,
            dialled_at: None,
            alone_since: now,
            news_at: None,
        }
    }

    /// This device announces itself by another tag from now on.
    pub fn set_tag(&mut self, tag: Tag, now: Duration) {
        self.tag = tag;
        self.decide(now);
    }

    /// Somebody is near, or has other addresses than before. At most [`ADDRESSES_MAX`] of them are kept.
    /// A new tag at the address of somebody who is linked is the next tag of that one.
    pub fn handle_found(&mut self, tag: Tag, addresses: &[SocketAddr], now: Duration) {
        self.carry_over(tag, addresses);
        self.learn(Whom::Near(tag), LinkKind::Lan, addresses, now);
    }

    /// Somebody is no longer announced. A link to them goes on as long as it can.
    pub fn handle_lost(&mut self, tag: Tag, now: Duration) {
        if let Some(peer) = self.peers.get_mut(&Whom::Near(tag)) {
            peer.leave(now);
        }
        self.decide(now);
    }

    /// The person named a device that is to be dialled until it is [given up](Self::give_up): by its
    /// code, or a hub. It comes before all others.
    pub fn add_host(
        &mut self,
        host: HostNumber,
        kind: LinkKind,
        addresses: &[SocketAddr],
        now: Duration,
    ) {
        self.learn(Whom::Host(host), kind, addresses, now);
    }

    /// A host is no longer wanted. Its link is closed.
    pub fn give_up(&mut self, host: HostNumber, now: Duration) {
        let whom = Whom::Host(host);
        self.peers.remove(&whom);
        let links: Vec<LinkId> = self.of(whom).collect();
        links.into_iter().for_each(|link| self.close(link));
        self.decide(now);
    }

    /// Somebody dialled this device from the address `from`, where that is known. Whose link it is
    /// follows from the address where only one of those near has it.
    pub fn handle_accepted(
        &mut self,
        from: Option<SocketAddr>,
        kind: LinkKind,
        hash: [u8; 32],
        now: Duration,
    ) -> LinkId {
        let whom = from.and_then(|from| self.whose(from));
        let link = self.hold(whom, kind, Stage::Open);
        self.begin(link, hash, now);
        link
    }

    /// A phone lends a stream of this kind, over which hands are shaken now, as if it had been dialled.
    pub fn handle_lent(&mut self, kind: LinkKind) -> LinkId {
        self.hold(None, kind, Stage::Dialling)
    }

    /// A dial became a link with this handshake hash.
    pub fn handle_linked(&mut self, link: LinkId, hash: [u8; 32], now: Duration) {
        self.begin(link, hash, now);
    }

    /// The other end showed one of its authors. Of several links to one device only one stays, on both
    /// ends the same.
    pub fn handle_shown(&mut self, link: LinkId, author: [u8; 32], now: Duration) {
        let Some(held) = self.links.get_mut(&link) else { return };
        if !held.shown.contains(&author) {
            held.shown.push(author);
        }
        self.keep_one_of(author);
        self.decide(now);
    }

    /// Both sides know the same, and nothing is under way on this link.
    pub fn handle_quiet(&mut self, link: LinkId, now: Duration) {
        let Some(held) = self.links.get_mut(&link) else { return };
        held.quiet_since.get_or_insert(now);
        if let Some(peer) = held.whom.and_then(|whom| self.peers.get_mut(&whom)) {
            peer.meet(now);
        }
        self.decide(now);
    }

    /// Bytes passed over a link, in either direction.
    pub fn handle_bytes(&mut self, link: LinkId, bytes: u64, now: Duration) {
        let Some(held) = self.links.get_mut(&link) else { return };
        let is_charged = held.kind != LinkKind::Nearby;
        if let Some(allowance) = self.allowance.as_mut().filter(|_| is_charged) {
            allowance.spend(bytes, now);
            self.decide(now);
        }
    }

    /// Something passes over a link that was quiet.
    pub fn handle_busy(&mut self, link: LinkId) {
        if let Some(held) = self.links.get_mut(&link) {
            held.quiet_since = None;
        }
    }

    /// This device has lost the address at which a link ends: nothing passes over it any more, which the other end
    /// would notice by its silence only. It is closed, and whoever it led to is dialled again soon.
    pub fn handle_cut(&mut self, link: LinkId, now: Duration) {
        if let Some(held) = self.links.get_mut(&link) {
            held.is_cut = true;
            self.close(link);
            self.decide(now);
        }
    }

    /// A link or a dial is over.
    pub fn handle_ended(&mut self, link: LinkId, how: Ended, now: Duration) {
        let Some(held) = self.links.remove(&link) else { return };
        // Who is turned away in favour of another was met all the same.
        let how = match (how, held.quiet_since) {
            _ if held.is_cut => Ended::Broken,
            (Ended::Unfinished, Some(_)) => Ended::Same,
            _ => how,
        };
        if let Some(peer) = held.whom.and_then(|whom| self.peers.get_mut(&whom)) {
            // A dial that was called off says nothing about whom it was to reach.
            if held.stage != Stage::Closing || held.hash.is_some() {
                peer.end(how, &self.settings, &mut self.chance, now);
            }
        }
        if held.stage != Stage::Dialling && self.open().next().is_none() {
            self.alone_since = now;
        }
        self.decide(now);
    }

    /// This device knows something new that others may lack.
    pub fn handle_news(&mut self, now: Duration) {
        self.news_at = Some(now);
        self.decide(now);
    }

    /// This device holds another space from now on: strangers may have become none.
    pub fn handle_joined(&mut self, now: Duration) {
        self.peers.values_mut().for_each(|peer| peer.try_again(now));
        self.decide(now);
    }

    /// This device is in another network, or has another address: what failed before may not now.
    pub fn handle_network(&mut self, now: Duration) {
        self.handle_joined(now);
    }

    /// Closes all links and dials nobody until [`resume`](Self::resume): the app goes to the
    /// background.
    pub fn pause(&mut self, now: Duration) {
        self.paused = true;
        let links: Vec<LinkId> = self.links.keys().copied().collect();
        links.into_iter().for_each(|link| self.close(link));
        self.decide(now);
    }

    /// Goes on, as if everything that failed before had not.
    pub fn resume(&mut self, now: Duration) {
        self.paused = false;
        self.alone_since = now;
        self.handle_network(now);
    }

    /// What is to be spared from now on.
    pub fn spare(&mut self, thrift: Thrift, now: Duration) {
        let is_same_allowance = self.thrift.bytes_an_hour == thrift.bytes_an_hour;
        self.thrift = thrift;
        if !is_same_allowance {
            self.allowance = thrift.bytes_an_hour.map(Allowance::new);
        }
        self.decide(now);
    }

    /// The timeout is reached.
    pub fn handle_time(&mut self, now: Duration) {
        self.decide(now);
    }

    /// What is to be done next.
    pub fn poll_order(&mut self) -> Option<Order> {
        self.orders.pop_front()
    }

    /// When to say [`handle_time`](Self::handle_time), if nothing happens before.
    pub fn poll_timeout(&self, now: Duration) -> Option<Duration> {
        if self.paused {
            return None;
        }
        if let Some(until) = self.spent_until(now) {
            return Some(until);
        }
        let held = self.held();
        let dials = self.peers.iter().filter(|(whom, _)| !held.contains(whom));
        let dials = dials.map(|(whom, peer)| self.due(*whom, peer));
        let quiet: Vec<_> = self.open().filter_map(|(_, held)| held.quiet_since).collect();
        let leave = quiet.into_iter().flat_map(|since| {
            [self.quiet_limit(), QUIET_BEFORE_ROTATING].map(|limit| since + limit)
        });
        let is_alone = self.peers.is_empty() && self.links.is_empty();
        let alone = is_alone.then(|| self.alone_since + ALONE_AFTER);
        dials.chain(leave).chain(alone).filter(|due| *due > now).min()
    }

    /// Where this device stands, for its person.
    pub fn situation(&self, now: Duration) -> Situation {
        situation::of(self, now)
    }

    /// The kind of a link that is open, and whether both sides know the same.
    pub fn link(&self, link: LinkId) -> Option<(LinkKind, bool)> {
        let held = self.links.get(&link).filter(|held| held.stage == Stage::Open)?;
        Some((held.kind, held.quiet_since.is_some()))
    }

    /// Whether nobody is to be dialled or taken in.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    fn learn(&mut self, whom: Whom, kind: LinkKind, addresses: &[SocketAddr], now: Duration) {
        match self.peers.get_mut(&whom) {
            Some(peer) => peer.find(addresses, now),
            None => {
                self.make_room(now);
                let place_in_line = self.chance.next();
                self.peers.insert(whom, Record::new(kind, addresses, place_in_line, now));
            }
        }
        self.decide(now);
    }

    /// Whoever is linked and found under another tag keeps the link, and what is known of them.
    fn carry_over(&mut self, tag: Tag, addresses: &[SocketAddr]) {
        let next = Whom::Near(tag);
        if tag == self.tag || self.peers.contains_key(&next) {
            return;
        }
        let is_there = |whom: &Whom| {
            let known = self.peers.get(whom).map_or(&[][..], Record::addresses);
            matches!(whom, Whom::Near(_)) && known.iter().any(|at| addresses.contains(at))
        };
        let Some(before) = self.held().into_iter().find(is_there) else { return };
        if let Some(record) = self.peers.remove(&before) {
            self.peers.insert(next, record);
        }
        let links = self.links.values_mut().filter(|held| held.whom == Some(before));
        links.for_each(|held| held.whom = Some(next));
    }

    /// Forgets whoever is needed least, where those near are too many.
    fn make_room(&mut self, now: Duration) {
        if self.peers.len() < PEERS_MAX {
            return;
        }
        let held = self.held();
        let unneeded = self
            .peers
            .iter()
            .filter(|(whom, _)| matches!(whom, Whom::Near(_)) && !held.contains(whom));
        let least = unneeded.max_by_key(|(_, peer)| {
            (peer.is_gone(), peer.urgency(now, self.news_at), peer.place_in_line())
        });
        if let Some(least) = least.map(|(whom, _)| *whom) {
            self.peers.remove(&least);
        }
    }

    fn hold(&mut self, whom: Option<Whom>, kind: LinkKind, stage: Stage) -> LinkId {
        let link = LinkId(self.next);
        self.next += 1;
        let held = Held {
            whom,
            kind,
            stage,
            hash: None,
            shown: Vec::new(),
            quiet_since: None,
            is_cut: false,
        };
        self.links.insert(link, held);
        link
    }

    fn begin(&mut self, link: LinkId, hash: [u8; 32], now: Duration) {
        let paused = self.paused;
        let Some(held) = self.links.get_mut(&link) else { return };
        held.hash = Some(hash);
        if held.stage == Stage::Dialling {
            held.stage = Stage::Open;
        }
        if let Some(peer) = held.whom.and_then(|whom| self.peers.get_mut(&whom)) {
            peer.answered();
        }
        if paused {
            self.close(link);
        }
        self.decide(now);
    }

    /// Of the links to one device the best stays, of equal ones that with the lowest hash: the other end
    /// decides the same.
    fn keep_one_of(&mut self, author: [u8; 32]) {
        let same = self.open().filter(|(_, held)| held.shown.contains(&author));
        let same = same.map(|(link, held)| (rank(held.kind), held.hash, *link, held.whom));
        let mut same: Vec<_> = same.collect();
        same.sort();
        let whom = same.iter().find_map(|(.., whom)| *whom);
        for (n, (.., link, _)) in same.into_iter().enumerate() {
            match (n, self.links.get_mut(&link)) {
                (0, Some(held)) => held.whom = held.whom.or(whom),
                _ => self.close(link),
            }
        }
    }

    fn close(&mut self, link: LinkId) {
        let Some(held) = self.links.get_mut(&link) else { return };
        if held.stage != Stage::Closing {
            held.stage = Stage::Closing;
            self.orders.push_back(Order::Close { link });
        }
    }

    fn close_where(&mut self, is_unwanted: impl Fn(&Held) -> bool) {
        let unwanted = self.links.iter().filter(|(_, held)| is_unwanted(held));
        let unwanted: Vec<LinkId> = unwanted.map(|(link, _)| *link).collect();
        unwanted.into_iter().for_each(|link| self.close(link));
    }

    fn open(&self) -> impl Iterator<Item = (&LinkId, &Held)> {
        self.links.iter().filter(|(_, held)| held.stage == Stage::Open)
    }

    fn of(&self, whom: Whom) -> impl Iterator<Item = LinkId> {
        self.links.iter().filter(move |(_, held)| held.whom == Some(whom)).map(|(link, _)| *link)
    }

    /// Those to whom there is a link or a dial.
    fn held(&self) -> BTreeSet<Whom> {
        self.links.values().filter_map(|held| held.whom).collect()
    }

    /// Who of those near has this address, if only one does.
    fn whose(&self, from: SocketAddr) -> Option<Whom> {
        let mut has = self.peers.iter().filter(|(_, peer)| peer.has(from)).map(|(whom, _)| *whom);
        has.next().filter(|_| has.next().is_none())
    }

    fn quiet_limit(&self) -> Duration {
        if self.thrift.saving { QUIET_WHILE_SAVING } else { QUIET_BEFORE_LEAVING }
    }

    /// Until when no more may be spent.
    fn spent_until(&self, now: Duration) -> Option<Duration> {
        self.allowance.as_ref().and_then(|allowance| allowance.spent_until(now))
    }
}

/// Which way is better: the lower one.
fn rank(kind: LinkKind) -> u8 {
    match kind {
        LinkKind::Lan => 0,
        LinkKind::Internet => 1,
        LinkKind::Nearby => 2,
    }
}

#[cfg(test)]
mod tests;
