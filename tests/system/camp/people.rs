//! The people of the camp, their phones, and how they meet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use teilgeber_device::model::*;
use teilgeber_device::{BundleOf, Clock, Config, Device, SpaceReport};
use teilgeber_tests::dice::{Dice, Seeds};
use teilgeber_tests::support::*;

use super::mine::{Confided, Mine};
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

/// Who reads feedback.
pub(crate) const READERS: [&str; 2] = ["Ada", "Bela"];

/// Somebody at the camp.
pub(crate) struct Guest {
    pub(crate) name: &'static str,
    pub(crate) device: Device,
    pub(crate) person: Id,
    pub(crate) known: Known,
    pub(crate) mine: Mine,
    confided: Confided,
    /// The photos whose pictures were cleared.
    pub(crate) cleared: BTreeSet<Id>,
    /// Whether the camp has faded here.
    pub(crate) has_faded: bool,
    home: Home,
    /// Where all of theirs lies for a new phone.
    exported: Option<Home>,
}

/// A hub that carries the camp, and what it carries.
pub(crate) struct Hub {
    pub(crate) device: Device,
    known: Known,
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
    pub(crate) fn open(seed: u64, found: impl FnOnce(&Device) -> Id, harbour: &Event) -> Self {
        let clock = Arc::new(StoryClock(AtomicU64::new(FRIDAY)));
        let mut dice = Dice::new(seed);
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

    /// Somebody else knows of what was told to the oracle last.
    pub(crate) fn knows_the_last(&mut self, name: &str) {
        let (number, last) = (self.number(name), self.oracle.last());
        self.guests[number].known.insert(last);
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
            self.look_at_letters(guest);
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
            guest.hear(&heard, &self.oracle);
        }
    }

    /// What one knows reaches another by a file, and nothing comes back.
    pub(crate) fn hand_over(&mut self, from: &str, to: &str, of: BundleOf) {
        let mut file = Vec::new();
        self.phone(from).write_bundle(of, &mut file).unwrap();
        let report = self.phone(to).read_bundle(&file[..]).unwrap();
        assert!(report.check.is_whole(), "{from} for {to}: {report:?}");
        let known = self.guest(from).known.clone();
        let to = self.number(to);
        self.hears(to, &known);
    }

    /// A hub that carries the camp by the code of whoever has this name.
    pub(crate) fn hub(&mut self, by: &str) -> Hub {
        let home = Home::new();
        let config = Config::new(home.path())
            .with_clock(self.clock.clone())
            .with_random(Arc::new(Seeds::new(self.dice.any())));
        let device = Device::open(config).unwrap().0;
        device.carry(&self.phone(by).carry_code(self.event).unwrap()).unwrap();
        Hub { device, known: Known::new(), home }
    }

    /// Somebody's phone meets a hub.
    pub(crate) async fn meet_hub(&mut self, name: &str, hub: &mut Hub) {
        let meeting = meet(self.phone(name), &hub.device, Fate::Whole);
        let report = tokio::time::timeout(PATIENCE, meeting).await.expect("a meeting ends").0;
        let report = report.unwrap();
        assert!(is_same(&report), "{name} and the hub: {report}");
        assert!(report.spaces.iter().all(|space| space.peer.is_none()), "a hub is nobody");
        let who = self.number(name);
        let of_the_camp = &self.guests[who].known & &self.oracle.audible(false);
        hub.known.extend(of_the_camp);
        self.hears(who, &hub.known);
    }

    /// A hub holds all that somebody knows of the camp, and reads no word of it.
    pub(crate) fn must_read_nothing(&self, hub: &Hub) {
        let here = all_bytes_in(hub.home.path());
        let here = String::from_utf8_lossy(&here);
        for words in self.oracle.truth(&hub.known).words_of_others(hub.device.me().unwrap().person)
        {
            assert!(!here.contains(&words), "the hub can read {words:?}");
        }
    }

    /// Two meet again and again until nothing of feedback waits on the phone of the one who gave it. What
    /// it sends then shows no author.
    pub(crate) async fn meet_until_unseen(&mut self, meets: &str, gave: &str) {
        let waiting = |camp: &Self| {
            let form = camp.phone(gave).feedback_form(camp.event).unwrap();
            form.given.expect("some was given").waiting
        };
        for _ in 0..200 {
            let before = waiting(self);
            if before == 0 {
                return;
            }
            let meeting = meet(self.phone(meets), self.phone(gave), Fate::Whole);
            let report = tokio::time::timeout(PATIENCE, meeting).await.expect("a meeting ends").0;
            let report = report.unwrap();
            let is_of_the_camp = |space: &&SpaceReport| space.space == self.event;
            let camp = report.spaces.iter().find(is_of_the_camp).expect("the camp");
            assert_eq!(camp.received, u64::from(before - waiting(self)), "{report}");
            let is_unseen = camp.received > 0;
            assert_eq!(camp.peer.is_none(), is_unseen, "{report}");
            assert!(!is_unseen || report.spaces.len() == 1, "a link of its own: {report}");
        }
        panic!("nothing left in two hundred links");
    }

    /// Somebody's phone is lost, and they go on with a new one and what they had exported.
    pub(crate) fn new_phone(&mut self, name: &str) {
        let folder = Home::new();
        self.phone(name).export_mine(folder.path(), true).unwrap();
        let home = Home::new();
        let config = Config::new(home.path())
            .with_clock(self.clock.clone())
            .with_random(Arc::new(Seeds::new(self.dice.any())));
        let device = Device::open_as_in(config, folder.path()).unwrap().0;
        let came = device.import_mine(folder.path(), false).unwrap();
        assert!(came.same_person, "{came:?}");
        let who = self.number(name);
        let guest = &mut self.guests[who];
        (guest.device, guest.home, guest.exported) = (device, home, Some(folder));
        guest.cleared.clear();
        // What is one's own alone is called otherwise there, and says the same.
        let anchors = Mine::kept_by(&guest.device, self.event).anchors;
        assert!(anchors.values().eq(guest.mine.anchors.values()), "{name}: {anchors:?}");
        guest.mine.anchors = anchors;
    }

    /// What they had written about sessions comes from the folder once these have come.
    pub(crate) fn import_again(&mut self, name: &str) {
        let who = self.number(name);
        let guest = &mut self.guests[who];
        let folder = guest.exported.take().expect("an export");
        guest.device.import_mine(folder.path(), false).unwrap();
    }

    /// Whether these words are among the bytes of somebody's home.
    pub(crate) fn holds(&self, name: &str, words: &str) -> bool {
        let here = all_bytes_in(self.guest(name).home.path());
        String::from_utf8_lossy(&here).contains(words)
    }

    fn hears(&mut self, who: usize, known: &Known) {
        let guest = &mut self.guests[who];
        let audible = &(known & &self.oracle.audible(guest.is_at_the_harbour())) | &guest.known;
        guest.hear(&audible, &self.oracle);
        self.look(who);
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
        let mut truth = self.oracle.truth(&guest.known);
        let mut mine = guest.mine.clone();
        if mine.leaving.contains(&self.event) {
            truth.vanish(guest.person);
        }
        if guest.has_faded {
            truth = truth.faded(guest.person);
            mine.stars.retain(|session| truth.sessions.contains_key(session));
        }
        let mut expected = Wall::expected(&truth, &mine, guest.person);
        expected.clear(&guest.cleared);
        let harbour = guest.is_at_the_harbour().then_some(self.harbour);
        let shown = Wall::shown_by(&guest.device, self.event, &self.oracle.sessions(), harbour);
        assert_eq!(shown, expected, "on the phone of {}", guest.name);
        let kept = Mine::kept_by(&guest.device, self.event);
        assert_eq!(kept, mine, "kept by {}", guest.name);
        if READERS.contains(&guest.name) {
            self.look_at_letters(guest);
        }
    }

    fn look_at_letters(&self, guest: &Guest) {
        let confided = Confided::to(&guest.device, self.event);
        assert_eq!(confided, guest.confided, "confided to {}", guest.name);
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
        Self {
            name,
            device,
            person,
            known: Known::new(),
            mine: Mine::default(),
            confided: Confided::default(),
            cleared: BTreeSet::new(),
            has_faded: false,
            home,
            exported: None,
        }
    }

    /// What of `heard` is new may be a letter.
    fn hear(&mut self, heard: &Known, oracle: &Oracle) {
        for fact in heard - &self.known {
            self.mine.hear(oracle.fact(fact), self.person);
            self.confided.hear(oracle.fact(fact), self.person);
        }
        self.known.clone_from(heard);
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
