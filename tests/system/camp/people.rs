//! The people of the camp, their phones, and how they meet.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use teilgeber_device::model::*;
use teilgeber_device::{Clock, Config, Device};
use teilgeber_tests::dice::{Dice, Seeds};
use teilgeber_tests::support::*;

use super::mine::Mine;
use super::oracle::{Fact, Known, Oracle, Truth};
use super::pages;
use super::wall::Wall;
use crate::prober::all_bytes_in;
use crate::wire::{Fate, meet};

/// Far longer than any meeting takes: one that hangs fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Friday, 20 November 2026, eight in the morning in Berlin, in ms.
pub(crate) const FRIDAY: u64 = 1_795_158_000_000;

pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

/// Who comes. The first founds the camp; the last only reads.
pub(crate) const NAMES: [&str; 12] = [
    "Ada", "Bela", "Chloé", "Deniz", "Emil", "Farah", "Gül", "Hanno", "Ines", "Jürgen", "Kofi",
    "Lurker",
];

/// Who is at the camp at the harbour as well, which is at the same time. The first founded it; the second
/// lends.
pub(crate) const AT_THE_HARBOUR: [&str; 3] = ["Jürgen", "Kofi", "Ines"];

/// Somebody at the camp.
pub(crate) struct Guest {
    pub(crate) name: &'static str,
    pub(crate) device: Device,
    pub(crate) person: Id,
    pub(crate) known: Known,
    pub(crate) mine: Mine,
    home: Home,
}

/// The camp as it goes on.
pub(crate) struct Camp {
    pub(crate) clock: Arc<StoryClock>,
    pub(crate) event: Id,
    pub(crate) harbour: Id,
    pub(crate) guests: Vec<Guest>,
    pub(crate) oracle: Oracle,
    /// What was lent and still is, in the words of its originals.
    pub(crate) loans: BTreeMap<Id, String>,
    dice: Dice,
}

impl Camp {
    /// Everybody has a phone, the first one founds the camp, the others have scanned its code; and some
    /// that of the camp at the harbour.
    pub(crate) fn open(found: impl FnOnce(&Device) -> Id, harbour: &Event) -> Self {
        let clock = Arc::new(StoryClock(AtomicU64::new(FRIDAY)));
        let mut dice = Dice::new(1);
        let guests: Vec<Guest> =
            NAMES.iter().map(|name| Guest::new(name, &clock, dice.any())).collect();
        let event = found(&guests[0].device);
        let code = guests[0].device.join_code(event, &[]).unwrap();
        for guest in &guests[1..] {
            guest.device.join(&code).unwrap();
        }
        let (oracle, loans) = (Oracle::default(), BTreeMap::new());
        let mut camp = Self { clock, event, harbour: event, guests, oracle, loans, dice };
        camp.harbour = camp.phone(AT_THE_HARBOUR[0]).create_event(harbour).unwrap();
        let code = camp.phone(AT_THE_HARBOUR[0]).join_code(camp.harbour, &[]).unwrap();
        for name in &AT_THE_HARBOUR[1..] {
            camp.phone(name).join(&code).unwrap();
        }
        let ada = camp.guests[0].person;
        camp.fact(NAMES[0], Fact::Organises(ada));
        camp
    }

    /// The guest of this name.
    pub(crate) fn guest(&self, name: &str) -> &Guest {
        &self.guests[self.number(name)]
    }

    /// The phone of this name.
    pub(crate) fn phone(&self, name: &str) -> &Device {
        &self.guest(name).device
    }

    /// What the person of this name keeps for themselves.
    pub(crate) fn mine(&mut self, name: &str) -> &mut Mine {
        let number = self.number(name);
        &mut self.guests[number].mine
    }

    /// What is true for the person of this name.
    pub(crate) fn truth(&self, name: &str) -> Truth {
        self.oracle.truth(&self.guest(name).known)
    }

    /// So many bytes that look like a picture and do not compress.
    pub(crate) fn picture(&mut self, bytes: usize) -> Vec<u8> {
        let letters = self.dice.letters(bytes);
        [&[0xff, 0xd8, 0xff, 0xda, 0, 2], letters.as_bytes(), &[0xff, 0xd9]].concat()
    }

    /// Tells the oracle what somebody did.
    pub(crate) fn fact(&mut self, by: &str, fact: Fact) {
        let number = self.number(by);
        let fact = self.oracle.add(fact);
        self.guests[number].known.insert(fact);
    }

    /// Time passes.
    pub(crate) fn pass(&self, ms: u64) {
        self.clock.0.fetch_add(ms, Ordering::Relaxed);
    }

    /// Two meet, and both must show exactly what either knew.
    pub(crate) async fn meet(&mut self, one: &str, other: &str) {
        let (one, other) = (self.number(one), self.number(other));
        self.meet_numbers(one, other).await;
    }

    /// So many meetings of two who happen to stand beside each other.
    pub(crate) async fn mingle(&mut self, meetings: usize) {
        for _ in 0..meetings {
            let one = self.dice.below(self.guests.len());
            let other = (one + 1 + self.dice.below(self.guests.len() - 1)) % self.guests.len();
            self.pass(MINUTE);
            self.meet_numbers(one, other).await;
        }
    }

    /// All meet in a row, there and back: whatever anybody knew, all know.
    pub(crate) async fn gather(&mut self) {
        let last = self.guests.len() - 1;
        for n in (0..last).chain((0..last).rev()) {
            self.meet_numbers(n, n + 1).await;
        }
    }

    /// A meeting that is cut off after so many bytes one way; what has come by then, who knows.
    pub(crate) async fn meet_in_passing(&self, one: &str, other: &str, bytes: usize) {
        let (dialling, accepting) = (self.phone(one), self.phone(other));
        let meeting = meet(dialling, accepting, Fate::CutAfter(bytes));
        let (dialled, _) = tokio::time::timeout(PATIENCE, meeting).await.expect("a meeting ends");
        assert!(dialled.is_err(), "{one} and {other} were to be cut off: {dialled:?}");
    }

    /// All show the same, and what is made again from the log is the same.
    pub(crate) fn must_agree(&self) {
        for event in [self.event, self.harbour] {
            let there: Vec<&Guest> = self
                .guests
                .iter()
                .filter(|it| event == self.event || it.is_at_the_harbour())
                .collect();
            let digests = there[0].device.digests(event);
            for guest in &there[1..] {
                let theirs = guest.device.digests(event).unwrap();
                assert_eq!(theirs, *digests.as_ref().unwrap(), "{}", guest.name);
            }
        }
        for guest in &self.guests {
            let audible = self.oracle.audible(guest.is_at_the_harbour());
            assert_eq!(guest.known, audible, "{} has not heard all", guest.name);
            assert_sound(&guest.device);
        }
    }

    /// What each phone writes down as files follows from what has reached it.
    pub(crate) fn must_tell(&self) {
        for guest in &self.guests {
            let truth = self.oracle.truth(&guest.known);
            pages::must_tell(&guest.device, self.event, &truth, &guest.mine);
        }
    }

    /// Nobody's phone holds any of these words any more.
    pub(crate) fn must_be_gone(&self, words: &[String]) {
        for guest in &self.guests {
            guest.device.tidy().unwrap();
            let here = all_bytes_in(guest.home.path());
            let here = String::from_utf8_lossy(&here);
            for gone in words {
                assert!(!here.contains(gone), "{} still has {gone:?}", guest.name);
            }
        }
    }

    async fn meet_numbers(&mut self, one: usize, other: usize) {
        self.link(one, other).await;
        if self.let_loans_follow() {
            // What was lent anew may have missed this link, or not.
            self.link(one, other).await;
        }
        for who in [one, other] {
            self.look(who);
        }
    }

    async fn link(&mut self, one: usize, other: usize) {
        let (dialling, accepting) = (&self.guests[one].device, &self.guests[other].device);
        let meeting = tokio::time::timeout(PATIENCE, meet(dialling, accepting, Fate::Whole));
        let report = meeting.await.expect("a meeting ends").0.unwrap();
        assert!(is_same(&report), "{} and {}: {report}", NAMES[one], NAMES[other]);
        let both = &self.guests[one].known | &self.guests[other].known;
        for who in [one, other] {
            let guest = &mut self.guests[who];
            let heard = &both & &self.oracle.audible(guest.is_at_the_harbour());
            for fact in &heard - &guest.known {
                if let Fact::Wrote(from, to, text) = self.oracle.fact(fact)
                    && *to == guest.person
                {
                    guest.mine.hear(*from, text);
                }
            }
            guest.known = heard;
        }
    }

    /// What the lender's phone lent follows what has reached it. Whether anything changed.
    fn let_loans_follow(&mut self) -> bool {
        let truth = self.truth(AT_THE_HARBOUR[1]);
        let mut changed = false;
        for (original, said) in self.loans.clone() {
            let now = truth.to_lend(&original);
            if now.as_ref() == Some(&said) {
                continue;
            }
            match &now {
                Some(words) => drop(self.loans.insert(original, words.clone())),
                None => drop(self.loans.remove(&original)),
            }
            self.fact(AT_THE_HARBOUR[1], Fact::Lent(original, now));
            changed = true;
        }
        changed
    }

    /// A phone must show what follows from the facts that reached it, and what its person keeps.
    pub(crate) fn look(&self, who: usize) {
        let guest = &self.guests[who];
        let truth = self.oracle.truth(&guest.known);
        let expected = Wall::expected(&truth, &guest.mine, guest.person);
        let harbour = guest.is_at_the_harbour().then_some(self.harbour);
        let shown = Wall::shown_by(&guest.device, self.event, &self.oracle.sessions(), harbour);
        assert_eq!(shown, expected, "on the phone of {}", guest.name);
        let kept = Mine::kept_by(&guest.device, self.event);
        assert_eq!(kept, guest.mine, "kept by {}", guest.name);
    }

    pub(crate) fn number(&self, name: &str) -> usize {
        NAMES.iter().position(|it| *it == name).expect("somebody who is at the camp")
    }
}

impl Guest {
    fn new(name: &'static str, clock: &Arc<StoryClock>, seed: u64) -> Self {
        let home = Home::new();
        let config = Config::new(home.path())
            .with_clock(clock.clone())
            .with_random(Arc::new(Seeds::new(seed)));
        let device = Device::open(config).unwrap().0;
        let person = device.me().unwrap().person;
        Self { name, device, person, known: Known::new(), mine: Mine::default(), home }
    }

    fn is_at_the_harbour(&self) -> bool {
        AT_THE_HARBOUR.contains(&self.name)
    }
}

/// One clock for the whole camp.
pub(crate) struct StoryClock(AtomicU64);

impl Clock for StoryClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
