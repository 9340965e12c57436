//! What the keeper does, told as stories.

mod crowd;

use proptest::prelude::*;

use super::*;

#[test]
fn the_lower_tag_dials_and_the_other_one_waits() {
    let mut low = Story::new(1);
    let mut high = Story::new(9);

    low.finds(9);
    high.finds(1);

    assert_eq!(low.dialled(), [near(9)]);
    assert_eq!(high.dialled(), []);
}

#[test]
fn whoever_is_not_dialled_for_long_dials_itself() {
    let mut story = Story::new(9);
    story.finds(1);

    story.passes(PATIENCE - SECOND);
    assert_eq!(story.dialled(), []);
    assert_eq!(story.keeper.poll_timeout(story.now), Some(PATIENCE));

    story.passes(SECOND);
    assert_eq!(story.dialled(), [near(1)]);
}

#[test]
fn nobody_dials_themselves() {
    let mut story = Story::new(5);
    story.finds(5);
    story.passes(PATIENCE * 100);
    assert_eq!(story.dialled(), []);
}

#[test]
fn who_does_not_answer_is_dialled_less_and_less_often() {
    let mut story = Story::new(1);
    story.finds(9);
    let mut pauses = Vec::new();
    let mut failed_at = story.now;
    for _ in 0..14 {
        let link = story.dials();
        pauses.push(story.now - failed_at);
        failed_at = story.now;
        story.ends(link, Ended::Unfinished);
        story.waits_for_a_dial();
    }
    let around = |pause: Duration| pause * 3 / 4..=pause * 5 / 4;
    for (n, pause) in pauses.iter().skip(1).enumerate() {
        let doubled = SECOND * 2_u32.pow(n as u32);
        assert!(around(doubled.min(SECOND * 300)).contains(pause), "pause {n}: {pause:?}");
    }
}

#[test]
fn a_new_address_or_another_network_is_tried_at_once() {
    let mut story = Story::new(1);
    story.finds(9);
    for _ in 0..8 {
        let link = story.dials();
        story.ends(link, Ended::Unfinished);
        story.waits_for_a_dial();
    }
    let link = story.dials();
    story.ends(link, Ended::Unfinished);
    assert_eq!(story.dialled(), []);

    story.keeper.handle_found(tag(9), &["10.0.0.99:1".parse().unwrap()], story.now);
    let (link, addresses) = story.dials_where();
    assert_eq!(addresses[0], "10.0.0.99:1".parse().unwrap());
    story.ends(link, Ended::Unfinished);
    assert_eq!(story.dialled(), []);

    story.keeper.handle_network(story.now);
    assert_eq!(story.dialled(), [near(9)]);
}

#[test]
fn a_link_on_which_both_know_the_same_stays_while_there_is_room() {
    let mut story = Story::new(1);
    story.finds(9);
    story.links_and_is_quiet();

    story.passes(SECOND * 3600);

    assert_eq!(story.orders(), []);
    let linked = Situation::Linked { links: 1, quiet: 1, rung: LinkKind::Lan };
    assert_eq!(story.keeper.situation(story.now), linked);
}

#[test]
fn a_link_that_breaks_off_is_dialled_again_soon_whatever_both_knew() {
    let mut story = Story::new(1);
    story.finds(9);
    let link = story.links_and_is_quiet();
    story.passes(SECOND * 30);

    story.ends(link, Ended::Broken);
    story.passes(SECOND * 2);

    let again = story.dials();
    assert_eq!(story.whom(again), Some(near(9)), "what was said meanwhile waits there");
    story.ends(again, Ended::Unfinished);
    story.passes(SECOND * 3600);
    let dials = story.dialled().len();
    assert!(dials <= 1, "and less and less often where it has gone, {dials}");
}

#[test]
fn a_link_at_an_address_that_is_lost_is_closed_and_dialled_again_soon() {
    let mut story = Story::new(1);
    story.finds(9);
    let link = story.links_and_is_quiet();
    story.passes(SECOND * 30);

    story.keeper.handle_network(story.now);
    story.keeper.handle_cut(link, story.now);
    assert_eq!(story.orders(), [Order::Close { link }]);
    story.keeper.handle_cut(link, story.now);
    assert_eq!(story.orders(), [], "once");

    story.ends(link, Ended::Same);
    story.passes(SECOND * 2);
    let again = story.dials();
    assert_eq!(
        story.whom(again),
        Some(near(9)),
        "that both knew the same says nothing of what came since"
    );
}

#[test]
fn the_link_that_was_quiet_longest_gives_way_to_someone_new() {
    let mut story = Story::new(1);
    let first = story.crowd(2..=9);
    story.passes(SECOND * 30);

    story.finds(10);
    assert_eq!(story.orders(), [], "the quiet ones have been so for 30 seconds only");

    story.passes(SECOND * 30);
    let orders = story.orders();
    assert_eq!(orders[0], Order::Close { link: first[0] });
    assert!(matches!(&orders[1], Order::Dial { whom, .. } if *whom == near(10)));
    assert_eq!(orders.len(), 2, "one place for one device");
}

#[test]
fn a_link_over_which_something_passes_gives_way_to_nobody() {
    let mut story = Story::new(1);
    let links = story.crowd(2..=9);
    links.iter().for_each(|link| story.keeper.handle_busy(*link));
    story.finds(10);
    story.passes(SECOND * 600);
    assert_eq!(story.orders(), []);
}

#[test]
fn who_was_sent_away_is_met_again_after_all_others() {
    let mut story = Story::new(1);
    story.crowd(2..=9);
    story.passes(QUIET_BEFORE_LEAVING);
    story.finds(10);
    let Order::Close { link } = story.orders()[0] else { panic!("nobody gave way") };
    let gone = story.whom(link);
    story.ends(link, Ended::Same);

    story.passes(SECOND * 120);

    assert_eq!(story.dialled(), [], "{gone:?} has no news and is none of the most urgent");
}

#[test]
fn two_links_to_one_device_become_one_and_both_ends_keep_the_same() {
    let mut story = Story::new(1);
    story.finds(9);
    let dialled = story.dials();
    story.keeper.handle_linked(dialled, [2; 32], story.now);
    let accepted = story.keeper.handle_accepted(None, LinkKind::Lan, [1; 32], story.now);

    story.keeper.handle_shown(dialled, [7; 32], story.now);
    assert_eq!(story.orders(), []);
    story.keeper.handle_shown(accepted, [7; 32], story.now);

    assert_eq!(story.orders(), [Order::Close { link: dialled }], "the hash of the other is lower");
    story.ends(dialled, Ended::Unfinished);
    story.passes(SECOND * 600);
    assert_eq!(story.dialled(), [], "it is linked, by the other link");
}

#[test]
fn a_network_is_better_than_a_slow_radio_whatever_the_hash() {
    let mut story = Story::new(1);
    let radio = story.keeper.handle_accepted(None, LinkKind::Nearby, [1; 32], story.now);
    let network = story.keeper.handle_accepted(None, LinkKind::Lan, [2; 32], story.now);
    story.keeper.handle_shown(radio, [7; 32], story.now);
    story.keeper.handle_shown(network, [7; 32], story.now);
    assert_eq!(story.orders(), [Order::Close { link: radio }]);
}

#[test]
fn whoever_dialled_is_known_by_the_address_unless_two_have_it() {
    let mut story = Story::new(9);
    story.finds(1);
    let from = Some(SocketAddr::new(address(1).ip(), 50_000));
    story.keeper.handle_accepted(from, LinkKind::Lan, [1; 32], story.now);
    story.passes(PATIENCE * 2);
    assert_eq!(story.dialled(), [], "it is linked already");

    let mut story = Story::new(9);
    story.finds(1);
    story.keeper.handle_found(tag(2), &[address(1)], story.now);
    story.keeper.handle_accepted(from, LinkKind::Lan, [1; 32], story.now);
    story.passes(PATIENCE);
    assert_eq!(story.dialled().len(), 2, "it may be either");
}

#[test]
fn whoever_changes_the_tag_keeps_the_link_and_is_not_dialled_again() {
    for lost_first in [false, true] {
        let mut story = Story::new(1);
        story.finds(9);
        let link = story.links_and_is_quiet();

        // At a change of tag the next one is found before the last one is lost, or after it.
        if lost_first {
            story.keeper.handle_lost(tag(9), story.now);
        }
        story.keeper.handle_found(tag(8), &[address(9)], story.now);
        story.passes(SECOND);
        story.keeper.handle_lost(tag(9), story.now);
        story.passes(SECOND * 600);

        assert_eq!(story.orders(), [], "no second link");
        assert_eq!(story.whom(link), Some(near(8)));
        let linked = Situation::Linked { links: 1, quiet: 1, rung: LinkKind::Lan };
        assert_eq!(story.keeper.situation(story.now), linked);

        story.ends(link, Ended::Unfinished);
        story.passes(MEET_AGAIN * 2);
        assert_eq!(story.dialled(), [near(8)], "and what was known of it is known");
    }
}

#[test]
fn a_dial_under_way_reaches_whoever_has_another_tag_by_then() {
    let mut story = Story::new(1);
    story.finds(9);
    let link = story.dials();
    story.keeper.handle_found(tag(8), &[address(9)], story.now);
    story.keeper.handle_linked(link, [3; 32], story.now);
    story.passes(SECOND * 60);
    assert_eq!(story.orders(), []);
    assert_eq!(story.whom(link), Some(near(8)));
}

#[test]
fn who_is_found_at_another_port_of_one_address_is_another_device() {
    let mut story = Story::new(1);
    story.finds(9);
    story.links_and_is_quiet();
    let beside = SocketAddr::new(address(9).ip(), 7374);
    story.keeper.handle_found(tag(8), &[beside], story.now);
    assert_eq!(story.dialled(), [near(8)]);
}

#[test]
fn who_announces_the_addresses_of_others_takes_no_link_and_no_host_from_them() {
    let mut story = Story::new(1);
    let links = story.crowd(2..=5);
    story.keeper.add_host(HostNumber(3), LinkKind::Lan, &[address(200)], story.now);
    let host = story.links_and_is_quiet();

    let all: Vec<SocketAddr> = (2..=5).chain([200]).map(address).collect();
    for n in 100..=199 {
        story.keeper.handle_found(tag(n), &all, story.now);
        story.keeper.handle_lost(tag(n), story.now);
    }
    story.passes(SECOND * 600);

    assert!(!story.orders().iter().any(|order| matches!(order, Order::Close { .. })));
    assert!(links.iter().all(|link| story.keeper.link(*link).is_some()));
    assert_eq!(story.whom(host), Some(Whom::Host(HostNumber(3))));
}

#[test]
fn a_host_whom_the_person_named_comes_first_and_never_gives_way() {
    let mut story = Story::new(1);
    (2..=9).for_each(|n| story.finds(n));
    story.keeper.add_host(HostNumber(3), LinkKind::Lan, &[address(200)], story.now);
    let dialled = story.dialled();
    assert_eq!(dialled.len(), 3, "so many at a time");
    story.keeper.add_host(HostNumber(4), LinkKind::Lan, &[address(201)], story.now);

    let mut next = BTreeSet::new();
    for link in story.held().into_iter().take(2) {
        story.ends(link, Ended::Unfinished);
        next.extend(story.dialled());
    }
    assert_eq!(next, BTreeSet::from([Whom::Host(HostNumber(3)), Whom::Host(HostNumber(4))]));

    let mut story = Story::new(1);
    story.keeper.add_host(HostNumber(3), LinkKind::Lan, &[address(200)], story.now);
    let host = story.links_and_is_quiet();
    story.crowd(2..=8);
    story.finds(9);
    story.passes(SECOND * 3600);
    assert!(!story.orders().contains(&Order::Close { link: host }));
}

#[test]
fn strangers_are_asked_ever_more_rarely_and_at_once_when_this_device_joins_something() {
    let mut story = Story::new(1);
    story.finds(9);
    let mut pauses = Vec::new();
    for _ in 0..7 {
        let link = story.dials();
        story.keeper.handle_linked(link, [1; 32], story.now);
        story.ends(link, Ended::Stranger);
        assert_eq!(story.keeper.situation(story.now), Situation::Strangers { found: 1 });
        let ended = story.now;
        story.waits_for_a_dial();
        pauses.push((story.now - ended).as_secs());
    }
    for (pause, about) in pauses.iter().zip([30, 60, 120, 240, 480, 600, 600]) {
        assert!((about * 3 / 4..=about * 5 / 4).contains(pause), "{pauses:?}");
    }

    let link = story.dials();
    story.keeper.handle_linked(link, [1; 32], story.now);
    story.ends(link, Ended::Stranger);
    story.keeper.handle_joined(story.now);
    assert_eq!(story.dialled(), [near(9)]);
}

#[test]
fn another_version_is_left_alone_for_ten_minutes() {
    let mut story = Story::new(1);
    story.finds(9);
    let link = story.dials();
    story.keeper.handle_linked(link, [1; 32], story.now);
    story.ends(link, Ended::OtherVersion);
    story.finds(9);

    story.passes(SECOND * 440);
    assert_eq!(story.dialled(), [], "a little less than ten minutes, at the earliest");
    assert_eq!(story.keeper.situation(story.now), Situation::OtherVersion { found: 1 });
    story.passes(SECOND * 400);
    assert_eq!(story.dialled(), [near(9)], "it may have been updated");
}

#[test]
fn the_person_is_told_what_stands_in_the_way() {
    let mut story = Story::new(1);
    assert_eq!(story.keeper.situation(story.now), Situation::Looking);
    assert_eq!(story.keeper.poll_timeout(story.now), Some(ALONE_AFTER));

    story.passes(ALONE_AFTER);
    assert_eq!(story.keeper.situation(story.now), Situation::Alone);

    story.finds(9);
    let link = story.dials();
    assert_eq!(story.keeper.situation(story.now), Situation::Resting { found: 1 });
    story.ends(link, Ended::Unfinished);
    assert_eq!(story.keeper.situation(story.now), Situation::Blocked { found: 1 });

    story.keeper.handle_lost(tag(9), story.now);
    assert_eq!(story.keeper.situation(story.now), Situation::Alone);

    story.keeper.pause(story.now);
    assert_eq!(story.keeper.situation(story.now), Situation::Paused);
}

#[test]
fn in_the_background_there_are_no_links_and_coming_back_dials_at_once() {
    let mut story = Story::new(1);
    story.finds(9);
    let link = story.links_and_is_quiet();
    story.finds(8);
    let under_way = story.dials();

    story.keeper.pause(story.now);
    assert_eq!(story.orders(), [Order::Close { link }, Order::Close { link: under_way }]);
    story.ends(link, Ended::Same);
    story.ends(under_way, Ended::Unfinished);
    story.finds(7);
    story.passes(SECOND * 3600);
    assert_eq!(story.orders(), []);
    assert_eq!(story.keeper.poll_timeout(story.now), None, "nothing wakes the phone");

    story.keeper.resume(story.now);
    let dialled: BTreeSet<_> = story.dialled().into_iter().collect();
    assert_eq!(dialled, BTreeSet::from([near(7), near(8), near(9)]));
}

#[test]
fn a_link_that_comes_about_after_the_pause_is_closed() {
    let mut story = Story::new(1);
    story.keeper.pause(story.now);
    let link = story.keeper.handle_accepted(None, LinkKind::Lan, [1; 32], story.now);
    assert_eq!(story.orders(), [Order::Close { link }]);
}

#[test]
fn a_spared_battery_keeps_two_links_and_none_that_is_quiet() {
    let mut story = Story::new(1);
    story.keeper.spare(Thrift { saving: true, bytes_an_hour: None }, story.now);
    (2..=9).for_each(|n| story.finds(n));
    assert_eq!(story.dialled().len(), 2);
    let links = story.held();
    for link in &links {
        story.keeper.handle_linked(*link, [3; 32], story.now);
        story.keeper.handle_quiet(*link, story.now);
    }
    story.passes(QUIET_WHILE_SAVING);
    let orders = story.orders();
    assert!(links.iter().all(|link| orders.contains(&Order::Close { link: *link })));
}

#[test]
fn spent_bytes_close_what_costs_and_come_back_with_time() {
    let mut story = Story::new(1);
    let thrift = Thrift { saving: false, bytes_an_hour: Some(1_000_000) };
    story.keeper.spare(thrift, story.now);
    story.finds(9);
    let link = story.links_and_is_quiet();
    let radio = story.keeper.handle_accepted(None, LinkKind::Nearby, [4; 32], story.now);

    story.keeper.handle_bytes(radio, 5_000_000, story.now);
    assert_eq!(story.orders(), [], "a lent stream costs nothing");
    story.keeper.handle_bytes(link, 1_000_000, story.now);
    assert_eq!(story.orders(), [Order::Close { link }]);
    story.ends(link, Ended::Same);
    story.ends(radio, Ended::Same);
    let until = SECOND * 900;
    assert_eq!(story.keeper.situation(story.now), Situation::Spent { until });
    assert_eq!(story.keeper.poll_timeout(story.now), Some(until));

    story.passes(until);
    assert_eq!(story.dialled(), [near(9)]);
}

#[test]
fn a_flood_of_announcements_is_remembered_within_bounds_and_forgets_no_link() {
    let mut story = Story::new(1);
    let links = story.crowd(2..=5);
    for n in 0..5_000_u32 {
        let mut bytes = [0xee; 8];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        story.keeper.handle_found(Tag::new(bytes), &[address(77)], story.now);
    }
    assert!(story.keeper.peers.len() <= PEERS_MAX);
    assert!(links.iter().all(|link| story.keeper.links[link].whom.is_some()));
    for n in 2..=5 {
        assert!(story.keeper.peers.contains_key(&near(n)));
    }
}

#[test]
fn whoever_is_gone_for_long_is_forgotten() {
    let mut story = Story::new(1);
    story.finds(9);
    let link = story.dials();
    story.ends(link, Ended::Unfinished);
    story.keeper.handle_lost(tag(9), story.now);
    story.passes(FORGET_AFTER);
    assert!(story.keeper.peers.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_happens_the_bounds_hold(steps in proptest::collection::vec(any::<(u8, u8, u16)>(), 1..400)) {
        let mut story = Story::new(100);
        let mut open: BTreeSet<LinkId> = BTreeSet::new();
        let mut dialling: BTreeSet<LinkId> = BTreeSet::new();
        let mut to_close: BTreeSet<LinkId> = BTreeSet::new();
        for (what, who, time) in steps {
            story.now += Duration::from_millis(u64::from(time));
            let any_link = open.iter().chain(&dialling).nth(usize::from(who) % 9).copied();
            let keeper = &mut story.keeper;
            match (what % 12, any_link) {
                (0 | 1, _) => keeper.handle_found(tag(who), &[address(who)], story.now),
                (2, _) => keeper.handle_lost(tag(who), story.now),
                (3, Some(link)) if dialling.remove(&link) => {
                    keeper.handle_linked(link, [who; 32], story.now);
                    open.insert(link);
                }
                (4, Some(link)) if open.contains(&link) => keeper.handle_quiet(link, story.now),
                (5, Some(link)) if open.contains(&link) => keeper.handle_shown(link, [who % 4; 32], story.now),
                (6, Some(link)) => {
                    keeper.handle_ended(link, Ended::Unfinished, story.now);
                    open.remove(&link);
                    dialling.remove(&link);
                    to_close.remove(&link);
                }
                (7, _) if open.len() < 16 => {
                    open.insert(keeper.handle_accepted(None, LinkKind::Lan, [who; 32], story.now));
                }
                (8, _) => keeper.pause(story.now),
                (9, _) => keeper.resume(story.now),
                (10, Some(link)) => keeper.handle_bytes(link, 10_000, story.now),
                (11, _) => keeper.spare(
                    Thrift { saving: who & 1 == 1, bytes_an_hour: (who & 2 == 2).then_some(50_000) },
                    story.now,
                ),
                _ => keeper.handle_time(story.now),
            }
            while let Some(order) = story.keeper.poll_order() {
                match order {
                    Order::Dial { link, whom, .. } => {
                        prop_assert_ne!(whom, near(100));
                        prop_assert!(dialling.insert(link));
                    }
                    Order::Close { link } => {
                        prop_assert!(open.contains(&link) || dialling.contains(&link));
                        prop_assert!(to_close.insert(link), "told twice");
                    }
                }
            }
            let under_way = dialling.iter().filter(|link| !to_close.contains(link)).count();
            prop_assert!(under_way <= 3);
            if let Some(due) = story.keeper.poll_timeout(story.now) {
                prop_assert!(due > story.now, "a timeout that is over would spin");
            }
        }
    }
}

const SECOND: Duration = Duration::from_secs(1);

/// One keeper and what it was told.
struct Story {
    keeper: Keeper,
    now: Duration,
}

impl Story {
    fn new(mine: u8) -> Self {
        let keeper = Keeper::new(Settings::default(), tag(mine), [mine; 32], Duration::ZERO);
        Self { keeper, now: Duration::ZERO }
    }

    fn finds(&mut self, n: u8) {
        self.keeper.handle_found(tag(n), &[address(n)], self.now);
    }

    /// Links with all of these, which know the same from now on.
    fn crowd(&mut self, tags: std::ops::RangeInclusive<u8>) -> Vec<LinkId> {
        let mut links = Vec::new();
        for n in tags {
            self.finds(n);
            self.waits_for_a_dial();
            let link = self.dials();
            self.keeper.handle_linked(link, [n; 32], self.now);
            links.push(link);
        }
        links.iter().for_each(|link| self.keeper.handle_quiet(*link, self.now));
        links
    }

    fn links_and_is_quiet(&mut self) -> LinkId {
        let link = self.dials();
        let hash = [link.0 as u8; 32];
        self.keeper.handle_linked(link, hash, self.now);
        self.keeper.handle_quiet(link, self.now);
        link
    }

    fn ends(&mut self, link: LinkId, how: Ended) {
        self.keeper.handle_ended(link, how, self.now);
    }

    /// Time passes, second by second.
    fn passes(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now = (self.now + SECOND).min(end);
            self.keeper.handle_time(self.now);
        }
    }

    /// Until the next dial is due.
    fn waits_for_a_dial(&mut self) {
        while !self.keeper.orders.iter().any(|order| matches!(order, Order::Dial { .. })) {
            let due = self.keeper.poll_timeout(self.now).expect("nothing is due");
            self.now = due;
            self.keeper.handle_time(due);
        }
    }

    fn orders(&mut self) -> Vec<Order> {
        std::iter::from_fn(|| self.keeper.poll_order()).collect()
    }

    fn dialled(&mut self) -> Vec<Whom> {
        let dial = |order| match order {
            Order::Dial { whom, .. } => Some(whom),
            Order::Close { .. } => None,
        };
        self.orders().into_iter().filter_map(dial).collect()
    }

    fn dials(&mut self) -> LinkId {
        self.dials_where().0
    }

    fn dials_where(&mut self) -> (LinkId, Vec<SocketAddr>) {
        match self.keeper.poll_order() {
            Some(Order::Dial { link, addresses, .. }) => (link, addresses),
            other => panic!("no dial, but {other:?}"),
        }
    }

    fn held(&self) -> Vec<LinkId> {
        self.keeper.links.keys().copied().collect()
    }

    fn whom(&self, link: LinkId) -> Option<Whom> {
        self.keeper.links[&link].whom
    }
}

fn tag(n: u8) -> Tag {
    Tag::new([n; 8])
}

fn near(n: u8) -> Whom {
    Whom::Near(tag(n))
}

fn address(n: u8) -> SocketAddr {
    ([10, 0, 0, n], 7373).into()
}
