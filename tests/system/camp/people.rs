//! The people of the camp, their phones, and how they meet.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use teilgeber_device::model::*;
use teilgeber_device::{Clock, Config, Device};
use teilgeber_tests::dice::{Dice, Seeds};
use teilgeber_tests::support::*;

use super::oracle::{Fact, Known, Oracle, Wall};
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

/// Somebody at the camp.
pub(crate) struct Guest {
    pub(crate) name: &'static str,
    pub(crate) device: Device,
    pub(crate) person: Id,
    pub(crate) known: Known,
    _home: Home,
}

/// The camp as it goes on.
pub(crate) struct Camp {
    pub(crate) clock: Arc<StoryClock>,
    pub(crate) event: Id,
    pub(crate) guests: Vec<Guest>,
    pub(crate) oracle: Oracle,
    dice: Dice,
}

impl Camp {
    /// Everybody has a phone, the first one founds the camp, the others have scanned its code.
    pub(crate) fn open(found: impl FnOnce(&Device) -> Id) -> Self {
        let clock = Arc::new(StoryClock(AtomicU64::new(FRIDAY)));
        let mut dice = Dice::new(1);
        let guests: Vec<Guest> =
            NAMES.iter().map(|name| Guest::new(name, &clock, dice.any())).collect();
        let event = found(&guests[0].device);
        let code = guests[0].device.join_code(event, &[]).unwrap();
        for guest in &guests[1..] {
            guest.device.join(&code).unwrap();
        }
        Self { clock, event, guests, oracle: Oracle::default(), dice }
    }

    /// The guest of this name.
    pub(crate) fn guest(&self, name: &str) -> &Guest {
        &self.guests[self.number(name)]
    }

    /// The phone of this name.
    pub(crate) fn phone(&self, name: &str) -> &Device {
        &self.guest(name).device
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

    /// All show the same, and what is made again from the log is the same.
    pub(crate) fn must_agree(&self) {
        let digests = self.guests[0].device.digests(self.event).unwrap();
        for guest in &self.guests {
            assert_eq!(guest.known.len(), self.oracle.len(), "{} has not heard all", guest.name);
            assert_eq!(guest.device.digests(self.event).unwrap(), digests, "{}", guest.name);
            assert_sound(&guest.device);
        }
    }

    async fn meet_numbers(&mut self, one: usize, other: usize) {
        let (dialling, accepting) = (&self.guests[one].device, &self.guests[other].device);
        let meeting = tokio::time::timeout(PATIENCE, meet(dialling, accepting, Fate::Whole));
        let report = meeting.await.expect("a meeting ends").0.unwrap();
        assert!(is_same(&report), "{} and {}: {report}", NAMES[one], NAMES[other]);
        let both = &self.guests[one].known | &self.guests[other].known;
        for who in [one, other] {
            self.guests[who].known.clone_from(&both);
            self.look(who);
        }
    }

    /// A phone must show what follows from the facts that reached it.
    fn look(&self, who: usize) {
        let guest = &self.guests[who];
        let expected = self.oracle.wall(&guest.known);
        let shown = Wall::shown_by(&guest.device, self.event, &self.oracle.sessions());
        assert_eq!(shown, expected, "on the phone of {}", guest.name);
    }

    fn number(&self, name: &str) -> usize {
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
        Self { name, device, person, known: Known::new(), _home: home }
    }
}

/// One clock for the whole camp.
pub(crate) struct StoryClock(AtomicU64);

impl Clock for StoryClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
