//! Who is near, as a plain table that strangers cannot fill.
//!
//! What was seen goes in, [`Event`]s come out when somebody asks. However fast things are seen and
//! however slowly they are asked for, there are no more rows than [`PEERS_MAX`] and as many that
//! are still to be reported as lost.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

use crate::lan::vicinity::Vicinity;
use crate::lan::{ADDRESSES_MAX, Announcement, Event, PEERS_MAX, State, Tag};

/// The peers that were seen, and what was told of them.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    own: BTreeSet<Tag>,
    announcement: Option<Announcement>,
    vicinity: Vicinity,
    /// Where each peer may be, lowest address first.
    peers: BTreeMap<Tag, BTreeSet<SocketAddr>>,
    /// The tags of `peers`, those seen first in front.
    ages: VecDeque<Tag>,
    /// What the one who asks believes.
    told: BTreeMap<Tag, BTreeSet<SocketAddr>>,
    /// Tags of which `peers` and `told` may differ, those that changed first in front.
    changed: VecDeque<Tag>,
    state: State,
    told_state: State,
    /// Whether this device has moved since that was told.
    moved: bool,
}

impl Neighbours {
    pub(crate) fn new(vicinity: Vicinity) -> Self {
        Self { vicinity, ..Self::default() }
    }

    /// What is announced from now on, and which tags are this device's own.
    pub(crate) fn announce(&mut self, announcement: Option<Announcement>, own: BTreeSet<Tag>) {
        self.announcement = announcement;
        self.own = own;
        for tag in self.own.clone() {
            self.lost(tag);
        }
    }

    /// What is near has changed.
    pub(crate) fn move_to(&mut self, vicinity: Vicinity) {
        self.moved |= vicinity != self.vicinity;
        self.vicinity = vicinity;
    }

    pub(crate) fn set_state(&mut self, state: State) {
        self.state = state;
    }

    /// A peer is at these addresses and no other. One that is at none which can be dialled is lost.
    pub(crate) fn seen(&mut self, tag: Tag, addresses: impl IntoIterator<Item = SocketAddr>) {
        if self.own.contains(&tag) {
            return;
        }
        let own_port = self.announcement.map(|announcement| announcement.port);
        let near = addresses.into_iter().filter(|address| self.vicinity.admits(*address, own_port));
        let near: BTreeSet<SocketAddr> = near.take(ADDRESSES_MAX).collect();
        if near.is_empty() {
            self.lost(tag);
        } else if self.peers.insert(tag, near).is_none() {
            self.ages.push_back(tag);
        }
        self.change(tag);
        while self.ages.len() > PEERS_MAX {
            let oldest = self.ages[0];
            self.lost(oldest);
        }
    }

    /// A peer is at this address, and perhaps still at those that it was seen at before.
    pub(crate) fn seen_at(&mut self, tag: Tag, address: SocketAddr) {
        let before = self.peers.get(&tag).cloned().unwrap_or_default();
        // The new one first: of too many addresses the last ones are left out.
        self.seen(tag, std::iter::once(address).chain(before));
    }

    /// A peer has gone.
    pub(crate) fn lost(&mut self, tag: Tag) {
        if self.peers.remove(&tag).is_some() {
            self.ages.retain(|other| *other != tag);
            self.change(tag);
        }
    }

    /// All have gone.
    pub(crate) fn all_lost(&mut self) {
        while let Some(&tag) = self.ages.front() {
            self.lost(tag);
        }
    }

    /// The next thing that has changed since it was told.
    pub(crate) fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.moved) {
            return Some(Event::NetworkChanged);
        }
        if self.state != self.told_state {
            self.told_state = self.state;
            return Some(Event::State(self.state));
        }
        while let Some(tag) = self.changed.pop_front() {
            let (is, was) = (self.peers.get(&tag), self.told.get(&tag));
            match (is, was) {
                (Some(is), was) if Some(is) != was => {
                    self.told.insert(tag, is.clone());
                    return Some(Event::Found { tag, addresses: is.iter().copied().collect() });
                }
                (None, Some(_)) => {
                    self.told.remove(&tag);
                    return Some(Event::Lost { tag });
                }
                _ => {}
            }
        }
        None
    }

    fn change(&mut self, tag: Tag) {
        if self.peers.get(&tag) == self.told.get(&tag) {
            self.changed.retain(|other| *other != tag);
        } else if !self.changed.contains(&tag) {
            self.changed.push_back(tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_peer_is_found_once_and_again_where_its_addresses_change() {
        let mut neighbours = Neighbours::default();
        for _ in 0..3 {
            neighbours.seen(tag(1), [address(1)]);
        }
        assert_eq!(neighbours.next(), Some(found(1, &[1])));
        assert_eq!(neighbours.next(), None);

        neighbours.seen(tag(1), [address(1), address(2)]);
        assert_eq!(neighbours.next(), Some(found(1, &[1, 2])));

        neighbours.lost(tag(1));
        neighbours.lost(tag(1));
        assert_eq!(neighbours.next(), Some(Event::Lost { tag: tag(1) }));
        assert_eq!(neighbours.next(), None);
    }

    #[test]
    fn who_comes_and_goes_before_anybody_asked_is_not_mentioned() {
        let mut neighbours = Neighbours::default();
        neighbours.seen(tag(1), [address(1)]);
        neighbours.lost(tag(1));
        assert_eq!(neighbours.next(), None);
    }

    #[test]
    fn this_devices_own_tags_are_nobody() {
        let mut neighbours = Neighbours::default();
        neighbours.seen(tag(2), [address(1)]);
        neighbours.announce(None, BTreeSet::from([tag(1), tag(2)]));
        neighbours.seen(tag(1), [address(1)]);
        assert_eq!(neighbours.next(), None);
    }

    #[test]
    fn another_network_is_told_once_and_the_same_one_is_no_news() {
        let mut neighbours = Neighbours::default();
        let home = Vicinity { networks: vec![([10, 0, 0, 7].into(), 24)], with_loopback: false };
        let hall = Vicinity { networks: vec![([10, 9, 0, 7].into(), 16)], with_loopback: false };
        neighbours.move_to(home.clone());
        assert_eq!(neighbours.next(), Some(Event::NetworkChanged));
        neighbours.move_to(home);
        assert_eq!(neighbours.next(), None);

        neighbours.move_to(Vicinity::default());
        neighbours.move_to(hall);
        neighbours.seen(tag(1), [address(1)]);
        assert_eq!(neighbours.next(), Some(Event::NetworkChanged), "before who is found there");
        assert_eq!(neighbours.next(), Some(found(1, &[1])));
        assert_eq!(neighbours.next(), None);
    }

    #[test]
    fn of_a_flood_the_latest_are_kept_and_each_has_few_addresses() {
        let mut neighbours = Neighbours::default();
        for number in 0..2_000 {
            neighbours.seen(tag(number), (0..50).map(address));
            for port in 0..20 {
                neighbours.seen_at(tag(number), SocketAddr::from(([10, 9, 9, 9], 1 + port)));
            }
        }
        let mut told = Vec::new();
        while let Some(Event::Found { tag, addresses }) = neighbours.next() {
            assert!(addresses.len() <= ADDRESSES_MAX);
            told.push(tag);
        }
        let latest: Vec<Tag> = (2_000 - PEERS_MAX as u64..2_000).map(tag).collect();
        assert_eq!(told, latest);
    }

    #[test]
    fn who_never_asks_costs_no_more_than_two_tables() {
        let mut neighbours = Neighbours::default();
        for number in 0..5_000 {
            neighbours.seen(tag(number), [address(1)]);
            if number == 1_000 {
                while neighbours.next().is_some() {}
            }
        }
        assert!(neighbours.peers.len() <= PEERS_MAX && neighbours.told.len() <= PEERS_MAX);
        assert!(neighbours.changed.len() <= 2 * PEERS_MAX);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Seen(u64, Vec<u8>),
        SeenAt(u64, u8),
        Lost(u64),
        AllLost,
        Ask,
    }

    fn step() -> impl Strategy<Value = Step> {
        let who = 0_u64..6;
        prop_oneof![
            (who.clone(), proptest::collection::vec(0_u8..5, 0..4))
                .prop_map(|(who, at)| Step::Seen(who, at)),
            (who.clone(), 0_u8..5).prop_map(|(who, at)| Step::SeenAt(who, at)),
            who.prop_map(Step::Lost),
            Just(Step::AllLost),
            Just(Step::Ask),
        ]
    }

    proptest! {
        #[test]
        fn who_asks_to_the_end_believes_what_was_seen(steps in proptest::collection::vec(step(), 0..80)) {
            let mut neighbours = Neighbours::default();
            let mut seen: BTreeMap<Tag, BTreeSet<SocketAddr>> = BTreeMap::new();
            let mut believed = BTreeMap::new();
            for step in steps.into_iter().chain([Step::Ask]) {
                match step {
                    Step::Seen(who, at) => {
                        neighbours.seen(tag(who), at.iter().copied().map(address));
                        seen.insert(tag(who), at.into_iter().map(address).collect());
                    }
                    Step::SeenAt(who, at) => {
                        neighbours.seen_at(tag(who), address(at));
                        seen.entry(tag(who)).or_default().insert(address(at));
                    }
                    Step::Lost(who) => {
                        neighbours.lost(tag(who));
                        seen.remove(&tag(who));
                    }
                    Step::AllLost => {
                        neighbours.all_lost();
                        seen.clear();
                    }
                    Step::Ask => {
                        while let Some(event) = neighbours.next() {
                            match event {
                                Event::Found { tag, addresses } => {
                                    prop_assert_ne!(believed.insert(tag, addresses.clone()), Some(addresses));
                                }
                                Event::Lost { tag } => prop_assert!(believed.remove(&tag).is_some()),
                                Event::State(_) | Event::NetworkChanged => {
                                    prop_assert!(false, "nothing was said of the network");
                                }
                            }
                        }
                        seen.retain(|_, addresses| !addresses.is_empty());
                        let seen: BTreeMap<Tag, Vec<SocketAddr>> =
                            seen.iter().map(|(tag, at)| (*tag, at.iter().copied().collect())).collect();
                        prop_assert_eq!(&believed, &seen);
                    }
                }
            }
        }
    }

    fn tag(number: u64) -> Tag {
        Tag::new(number.to_be_bytes())
    }

    fn address(last: u8) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, last], 7373))
    }

    fn found(who: u64, at: &[u8]) -> Event {
        Event::Found { tag: tag(who), addresses: at.iter().copied().map(address).collect() }
    }
}
