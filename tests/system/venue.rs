//! The simulated venue: phones that meet at random, with no infrastructure.
//!
//! All phones live in one process, with one clock and one queue: a story is drawn step by step from
//! a seed (edits, meetings, cut links, partitions, restarts), and a naive oracle keeps what each phone must
//! know. After every step it looks at the phones that took part, at the end all phones meet in a chain,
//! and then everything must be the same everywhere.
//!
//! A seed gives the same story, and each phone's keys are drawn from it. The handshakes' keys come
//! from the system, and a link's two ends run on threads, so a link that is cut after so many bytes may
//! have brought a little more or less the next time. What is asserted holds either way:
//! after a meeting that came to its end, both know exactly what either knew; after one that was
//! cut, each knows at least what it knew and at most that.
//!
//! `VENUE_PHONES`, `VENUE_STEPS` and `VENUE_STORIES` set how much happens, `VENUE_SEED` where to
//! begin; a failing story prints its seed and its last steps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use teilgeber_device::model::*;
use teilgeber_device::{Clock, Config, Device, Kind, Opened};
use teilgeber_tests::dice::{Dice, Seeds};
use teilgeber_tests::story::{camp, line, named, note, notes_of, talk};
use teilgeber_tests::support::*;

use crate::wire::{Fate, meet};

/// A Saturday in November 2026, in ms.
const MORNING: u64 = 1_795_248_000_000;

/// Far longer than any meeting takes: one that hangs fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Talks of a burst, each with an abstract of so many random letters: together some 290 kB, which is
/// more than two windows of an exchange.
const BURST: (usize, usize) = (100, 4_000);

/// Bytes after which a burst is cut: at least one window has come by then, and the last one has not.
const MIDDLE_OF_A_BURST: usize = 170_000;

#[tokio::test]
async fn phones_that_meet_at_random_come_to_know_the_same() {
    let (phones, steps) = (setting("VENUE_PHONES", 6), setting("VENUE_STEPS", 200));
    let (first, stories) = (setting("VENUE_SEED", 1), setting("VENUE_STORIES", 4));
    for seed in first..first + stories {
        println!("VENUE_SEED={seed} VENUE_PHONES={phones} VENUE_STEPS={steps}");
        let mut venue = Venue::open(seed, usize::try_from(phones).unwrap());
        for _ in 0..steps {
            let step = venue.draw();
            println!("{step:?}");
            venue.play(step).await;
        }
        venue.end().await;
        println!("{:?}", venue.seen);
    }
}

#[tokio::test]
async fn a_meeting_that_is_cut_in_the_middle_brings_a_part_and_the_next_one_the_rest() {
    let mut venue = Venue::open(1, 3);
    venue.play(Step::Burst(0)).await;

    venue.play(Step::Meet(1, 0, Fate::CutAfter(MIDDLE_OF_A_BURST))).await;

    assert_eq!(venue.seen.cut_with_a_part, 1, "{:?}", venue.seen);
    venue.play(Step::Restart(1)).await;
    venue.play(Step::Meet(2, 1, Fate::Whole)).await;
    venue.end().await;
}

/// What can happen. Phones are named by their number.
#[derive(Debug, Clone, Copy)]
enum Step {
    Pitch(usize),
    Burst(usize),
    Retitle(usize),
    Place(usize),
    Appear(usize),
    Note(usize),
    Restart(usize),
    /// Those whose number divided by this leaves no rest see only each other.
    Part(usize),
    Heal,
    Meet(usize, usize, Fate),
    /// The same two over two links at once.
    MeetTwice(usize, usize),
}

/// Something that a phone may know of, in versions that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Talk(Id),
    Card(Id),
}

/// Which version of each thing.
type Known = BTreeMap<Thing, u32>;

struct Venue {
    dice: Dice,
    clock: Arc<StoryClock>,
    event: Id,
    phones: Vec<Phone>,
    parted: Option<usize>,
    seen: Seen,
}

/// What happened, to see that something did.
#[derive(Debug, Default)]
struct Seen {
    finished: u32,
    cut: u32,
    cut_with_a_part: u32,
    elsewhere: u32,
}

struct Phone {
    /// `None` only while it restarts.
    device: Option<Device>,
    config: Config,
    _home: Home,
    person: Id,
    /// What it must know, by the oracle.
    known: Known,
    /// The talks that it pitched.
    pitched: Vec<Id>,
    /// What it must have noted down.
    notes: BTreeSet<String>,
}

impl Venue {
    fn open(seed: u64, phones: usize) -> Self {
        let clock = Arc::new(StoryClock(AtomicU64::new(MORNING)));
        let mut dice = Dice::new(seed);
        let phones: Vec<Phone> = (0..phones).map(|_| Phone::new(&clock, dice.any())).collect();
        let founder = phones[0].device();
        let event = founder.create_event(&camp()).unwrap();
        let code = founder.join_code(event, &[]).unwrap();
        for phone in &phones[1..] {
            phone.device().join(&code).unwrap();
        }
        Self { dice, clock, event, phones, parted: None, seen: Seen::default() }
    }

    /// The next step of the story. Throws the same dice whatever the phones did so far.
    fn draw(&mut self) -> Step {
        let dice = &mut self.dice;
        let who = dice.below(self.phones.len());
        let other = (who + 1 + dice.below(self.phones.len() - 1)) % self.phones.len();
        // Of every magnitude, from within the handshake to beyond what a meeting says.
        let magnitude = 64 << dice.below(7);
        let cut = Fate::CutAfter(1 + dice.below(magnitude));
        let modulus = 2 + dice.below(2);
        match dice.below(100) {
            0..12 => Step::Pitch(who),
            12..20 => Step::Retitle(who),
            20..28 => Step::Place(who),
            28..36 => Step::Appear(who),
            36..42 => Step::Note(who),
            42..48 => Step::Restart(who),
            48..51 => Step::Part(modulus),
            51..56 => Step::Heal,
            56..72 => Step::Meet(who, other, cut),
            72..94 => Step::Meet(who, other, Fate::Whole),
            _ => Step::MeetTwice(who, other),
        }
    }

    async fn play(&mut self, step: Step) {
        self.clock.0.fetch_add(1 + self.dice.any() % 60_000, Ordering::Relaxed);
        let event = self.event;
        match step {
            Step::Pitch(who) => self.phones[who].pitch(event, ""),
            Step::Burst(who) => {
                for _ in 0..BURST.0 {
                    let words = self.dice.letters(BURST.1);
                    self.phones[who].pitch(event, &words);
                }
            }
            Step::Retitle(who) => {
                let nth = self.dice.any();
                self.phones[who].retitle(nth);
            }
            Step::Place(who) => {
                let (nth, slot) = (self.dice.any(), self.dice.any() % 4);
                self.phones[who].place(event, nth, slot);
            }
            Step::Appear(who) => self.phones[who].appear(event),
            Step::Note(who) => {
                let text = format!("Note {} of {who}", self.dice.any());
                self.phones[who].note(text);
            }
            Step::Restart(who) => self.phones[who].restart(),
            Step::Part(modulus) => self.parted = Some(modulus),
            Step::Heal => self.parted = None,
            Step::Meet(one, other, fate) if self.can_meet(one, other) => {
                self.meet(one, other, &[fate]).await;
            }
            Step::MeetTwice(one, other) if self.can_meet(one, other) => {
                self.meet(one, other, &[Fate::Whole; 2]).await;
            }
            Step::Meet(..) | Step::MeetTwice(..) => self.seen.elsewhere += 1,
        }
    }

    fn can_meet(&self, one: usize, other: usize) -> bool {
        self.parted
            .is_none_or(|modulus| one.is_multiple_of(modulus) == other.is_multiple_of(modulus))
    }

    /// Two phones meet, over one link or two at once, and the oracle looks at both.
    async fn meet(&mut self, one: usize, other: usize, fates: &[Fate]) {
        let both = joined(&self.phones[one].known, &self.phones[other].known);
        let is_finished = {
            let (dialling, accepting) = (self.phones[one].device(), self.phones[other].device());
            let second = async {
                match fates.get(1) {
                    Some(fate) => meet(accepting, dialling, *fate).await.0.is_ok(),
                    None => false,
                }
            };
            let first = async { meet(dialling, accepting, fates[0]).await.0.is_ok() };
            let meeting = tokio::time::timeout(PATIENCE, async { tokio::join!(first, second) });
            let (first, second) = meeting.await.expect("a meeting ends");
            first || second
        };
        assert!(is_finished || fates != [Fate::Whole], "an undisturbed meeting failed");
        match is_finished {
            true => self.seen.finished += 1,
            false => self.seen.cut += 1,
        }
        for who in [one, other] {
            let found = self.phones[who].look(self.event);
            let known = &self.phones[who].known;
            if is_finished {
                assert_eq!(found, both, "phone {who} after a finished meeting");
            }
            assert!(is_within(known, &found), "phone {who} lost: {known:?} became {found:?}");
            assert!(is_within(&found, &both), "phone {who} made up: {both:?} became {found:?}");
            self.seen.cut_with_a_part += u32::from(found != *known && found != both);
            self.phones[who].known = found;
        }
        for who in [one, other] {
            self.check_places(who);
        }
    }

    /// No phone says that a talk is on more devices than have it.
    fn check_places(&self, who: usize) {
        let phone = &self.phones[who];
        for (thing, version) in &phone.known {
            let Thing::Talk(id) = thing else { continue };
            let has = |other: &Phone| other.known.get(thing) >= Some(version);
            let holders = self.phones.iter().filter(|other| has(other)).count();
            let places = phone.device().places(Kind::Session, *id).unwrap();
            let others = u32::try_from(holders - 1).unwrap();
            assert!(places.devices <= others, "{places:?}, but only {others} others have it");
            assert_eq!(places.hubs, 0);
        }
    }

    /// All meet in a chain, there and back; then nothing differs and nothing is left to say.
    async fn end(&mut self) {
        self.parted = None;
        let withdrawn = self.phones[0].person;
        self.phones[0].device().appear_in(self.event, false).unwrap();
        let mut all =
            self.phones.iter().fold(Known::new(), |all, phone| joined(&all, &phone.known));
        all.remove(&Thing::Card(withdrawn));
        let last = self.phones.len() - 1;
        for (one, other) in (0..last).map(|n| (n, n + 1)).chain((0..last).rev().map(|n| (n, n + 1)))
        {
            meet_in_peace(self.phones[one].device(), self.phones[other].device()).await;
        }
        let first = picture(self.phones[0].device(), self.event);
        for phone in &self.phones {
            assert_eq!(phone.look(self.event), all);
            assert_eq!(picture(phone.device(), self.event), first);
            let noted: BTreeSet<String> =
                notes_of(phone.device()).unwrap().into_iter().map(|(_, text)| text).collect();
            assert_eq!(noted, phone.notes, "what is for me stays with me");
            assert_sound(phone.device());
        }
        for pair in self.phones.windows(2) {
            assert!(meet_in_peace(pair[0].device(), pair[1].device()).await, "something was left");
        }
    }
}

/// A meeting that nothing disturbs. Returns whether nothing was new.
async fn meet_in_peace(one: &Device, other: &Device) -> bool {
    let meeting = tokio::time::timeout(PATIENCE, meet(one, other, Fate::Whole));
    let report = meeting.await.expect("a meeting ends").0.unwrap();
    assert!(is_same(&report), "{report}");
    is_quiet(&report)
}

impl Phone {
    fn new(clock: &Arc<StoryClock>, seed: u64) -> Self {
        let home = Home::new();
        let config = Config::new(home.path())
            .with_clock(clock.clone())
            .with_random(Arc::new(Seeds::new(seed)));
        let (device, opened) = Device::open(config.clone()).unwrap();
        assert_eq!(opened, Opened::New);
        let person = device.me().unwrap().person;
        let (known, pitched, notes) = Default::default();
        Self { device: Some(device), config, _home: home, person, known, pitched, notes }
    }

    fn device(&self) -> &Device {
        self.device.as_ref().expect("no phone restarts now")
    }

    fn pitch(&mut self, event: Id, words: &str) {
        let session = talk("Talk v1").with_abstract(Prose::new(words).unwrap());
        let id = self.device().pitch_session(event, &session).unwrap();
        self.pitched.push(id);
        self.known.insert(Thing::Talk(id), 1);
    }

    fn retitle(&mut self, nth: u64) {
        let Some(id) = pick(&self.pitched, nth) else { return };
        let version = self.known.entry(Thing::Talk(id)).or_default();
        *version += 1;
        let title = line(&format!("Talk v{version}"));
        let session = self.device().session(id).unwrap().session.with_title(title);
        self.device().edit_session(id, &session).unwrap();
    }

    /// Anyone may place any talk, so that claims collide.
    fn place(&mut self, event: Id, nth: u64, slot: u64) {
        let talks: Vec<Id> =
            self.device().sessions(event).unwrap().into_iter().map(|talk| talk.id).collect();
        let Some(id) = pick(&talks, nth) else { return };
        let placement = Placement {
            room: line(if slot < 2 { "Attic" } else { "Cellar" }),
            start: Millis::new(MORNING + slot * 1_800_000).unwrap(),
            minutes: Minutes::new(45).unwrap(),
        };
        self.device().place_session(id, Some(&placement)).unwrap();
    }

    /// Shows a name, and another one each time.
    fn appear(&mut self, event: Id) {
        let version = self.known.entry(Thing::Card(self.person)).or_default();
        *version += 1;
        let profile = named(&format!("Somebody v{version}"));
        self.device().set_profile(&profile).unwrap();
        self.device().appear_in(event, true).unwrap();
    }

    fn note(&mut self, text: String) {
        self.device().create_note(&note(&text)).unwrap();
        self.notes.insert(text);
    }

    fn restart(&mut self) {
        drop(self.device.take());
        let (device, opened) = Device::open(self.config.clone()).unwrap();
        assert_eq!(opened, Opened::Existing);
        self.device = Some(device);
    }

    /// What it really knows.
    fn look(&self, event: Id) -> Known {
        let talks = self.device().sessions(event).unwrap().into_iter();
        let talks = talks.map(|it| (Thing::Talk(it.id), version(it.session.title().as_str())));
        let people = self.device().participants(event, None, 10_000).unwrap().0.into_iter();
        let cards = people
            .map(|it| (Thing::Card(it.person), version(it.card.name().expect("a name").as_str())));
        talks.chain(cards).collect()
    }
}

/// One clock for the whole venue.
struct StoryClock(AtomicU64);

impl Clock for StoryClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

fn pick(ids: &[Id], nth: u64) -> Option<Id> {
    let count = u64::try_from(ids.len()).ok()?;
    ids.get(usize::try_from(nth.checked_rem(count)?).ok()?).copied()
}

fn version(text: &str) -> u32 {
    text.split_once(" v").expect("a version").1.parse().expect("a number")
}

/// What either knows.
fn joined(one: &Known, other: &Known) -> Known {
    let mut both = one.clone();
    for (thing, version) in other {
        let known = both.entry(*thing).or_default();
        *known = (*known).max(*version);
    }
    both
}

/// Whether `less` is nothing beyond `more`.
fn is_within(less: &Known, more: &Known) -> bool {
    less.iter().all(|(thing, version)| more.get(thing) >= Some(version))
}
