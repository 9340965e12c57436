//! A crowd in which each one has a keeper.

use std::net::IpAddr;

use super::*;

#[test]
fn in_a_crowd_news_reaches_everyone_and_then_it_is_quiet() {
    let mut crowd = Crowd::new(40, [5; 32]);
    crowd.passes(SECOND * 120);
    crowd.news(17);
    crowd.passes(SECOND * 20);
    assert_eq!(crowd.who_knows(), 40);

    crowd.passes(SECOND * 600);
    let before = crowd.dials;
    crowd.passes(SECOND * 600);
    let an_hour = (crowd.dials - before) * 6 / 40;
    assert!(an_hour <= 120, "{an_hour} dials in an hour by each, with nothing to say");
}

/// Many devices in one network, of which each finds all others. A link comes about in a second, and what
/// one end knows the other end knows a second later.
struct Crowd {
    keepers: Vec<Keeper>,
    knows: BTreeSet<usize>,
    /// By the ends: who, and what each calls the link.
    links: BTreeMap<u64, [(usize, LinkId); 2]>,
    /// What each is asked to do comes about a second later.
    orders: Vec<(usize, Order)>,
    now: Duration,
    dials: usize,
}

impl Crowd {
    fn new(size: usize, seed: [u8; 32]) -> Self {
        let of = |n: usize| Tag::new((n as u64 * 0x9E37_79B9 + 1).to_be_bytes());
        let mut keepers = Vec::new();
        for n in 0..size {
            let mut seed = seed;
            seed[0] = n as u8;
            let mut keeper = Keeper::new(Settings::default(), of(n), seed, Duration::ZERO);
            for other in (0..size).filter(|other| *other != n) {
                let address = ([10, 0, 1, other as u8], 7373).into();
                keeper.handle_found(of(other), &[address], Duration::ZERO);
            }
            keepers.push(keeper);
        }
        let (knows, links) = (BTreeSet::new(), BTreeMap::new());
        Self { keepers, knows, links, orders: Vec::new(), now: Duration::ZERO, dials: 0 }
    }

    fn news(&mut self, who: usize) {
        self.knows.insert(who);
        self.keepers[who].handle_news(self.now);
    }

    fn who_knows(&self) -> usize {
        self.knows.len()
    }

    fn passes(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += SECOND;
            for (who, order) in std::mem::take(&mut self.orders) {
                self.carry_out(who, order);
            }
            for [(a, _), (b, _)] in self.links.values() {
                if self.knows.contains(a) != self.knows.contains(b) {
                    self.knows.extend([*a, *b]);
                }
            }
            for (who, keeper) in self.keepers.iter_mut().enumerate() {
                keeper.handle_time(self.now);
                self.orders
                    .extend(std::iter::from_fn(|| keeper.poll_order()).map(|order| (who, order)));
            }
        }
    }

    fn carry_out(&mut self, who: usize, order: Order) {
        match order {
            Order::Dial { link, addresses, .. } => {
                self.dials += 1;
                let IpAddr::V4(address) = addresses[0].ip() else { panic!("not IPv4") };
                let whom = usize::from(address.octets()[3]);
                let accepted = self.links.values().filter(|ends| ends[1].0 == whom).count();
                if accepted >= 8 {
                    return self.keepers[who].handle_ended(link, Ended::Busy, self.now);
                }
                let name = self.dials as u64;
                let mut hash = [0; 32];
                hash[..8].copy_from_slice(&name.to_be_bytes());
                self.keepers[who].handle_linked(link, hash, self.now);
                let from = Some(([10, 0, 1, who as u8], 50_000).into());
                let theirs =
                    self.keepers[whom].handle_accepted(from, LinkKind::Lan, hash, self.now);
                self.links.insert(name, [(who, link), (whom, theirs)]);
                for (end, link, other) in [(who, link, whom), (whom, theirs, who)] {
                    self.keepers[end].handle_shown(link, [other as u8; 32], self.now);
                    self.keepers[end].handle_quiet(link, self.now);
                }
            }
            Order::Close { link } => {
                let found = self.links.iter().find(|(_, ends)| ends.contains(&(who, link)));
                let Some(name) = found.map(|(name, _)| *name) else {
                    return self.keepers[who].handle_ended(link, Ended::Unfinished, self.now);
                };
                for (end, link) in self.links.remove(&name).into_iter().flatten() {
                    self.keepers[end].handle_ended(link, Ended::Same, self.now);
                }
            }
        }
    }
}
