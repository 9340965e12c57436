//! The clock and the queue: takes what is due and lets it happen.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

use teilgeber_entry::SpaceKey;
use teilgeber_exchange::{Millis, SpaceOffer, Stored, WindowId};
use teilgeber_link::keeper::{Ended, LinkId};

use crate::dice::Dice;
use crate::log::Log;
use crate::oracle::Oracle;
use crate::phone::{Phone, Tally, Who};
use crate::report::Report;
use crate::set::Set;
use crate::story::Story;
use crate::wire::{Way, Wire, WireNumber};

/// How long everybody may take to know everything once nothing goes wrong any more.
const PATIENCE: Duration = Duration::from_secs(3 * 60 * 60);

/// How often it is looked whether all know all.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// What is to happen at some moment.
#[derive(Debug)]
pub(crate) enum What {
    /// A keeper's timer.
    Timer(Who, u32),
    /// A dial comes to its end.
    Answer { who: Who, run: u32, link: LinkId, whom: Who, reached: bool },
    /// A dial that was called off is over.
    CalledOff { who: Who, run: u32, link: LinkId },
    /// Bytes arrive here.
    Frame(Way, Vec<u8>),
    /// The radio takes more.
    Room(Way),
    /// An exchange has waited for its peer.
    Stall(Way),
    /// The first batch that waits is committed.
    Commit(Way),
    /// It is reported to its exchange.
    Acknowledge(Way, WindowId, Stored),
    /// An end that has said nothing for long says a ping.
    Ping(Way),
    /// A ping comes.
    Pinged(Way),
    /// A link is over for this end.
    End(Way, Ended),
    /// The other end said goodbye.
    Goodbye(Way),
    /// Discovery shows a phone to those who hear it, and them to it.
    Show(Who),
    /// Discovery gives up those who are not heard any more.
    Miss(Who),
    /// A phone takes another tag.
    Retag(Who, u32),
    /// Somebody goes somewhere else.
    Walk(Who),
    /// Everybody goes to another one.
    Shuffle,
    /// Somebody says something.
    Speak,
    /// Phones go to sleep.
    Minute,
    /// One wakes up.
    Rouse(Who, u32),
    /// One is started again.
    Start(Who),
    /// The venue falls into two.
    Part,
    /// It is one again.
    Heal,
}

struct Due {
    at: Duration,
    number: u64,
    what: What,
}

/// A venue.
pub struct Venue {
    pub(crate) story: Story,
    pub(crate) dice: Dice,
    pub(crate) now: Duration,
    queue: BinaryHeap<Reverse<Due>>,
    next: u64,
    pub(crate) log: Log,
    pub(crate) phones: Vec<Phone>,
    pub(crate) wires: BTreeMap<WireNumber, Wire>,
    pub(crate) next_wire: WireNumber,
    pub(crate) parted: bool,
    /// Nothing goes wrong any more.
    pub(crate) is_calm: bool,
    pub(crate) oracle: Oracle,
    pub(crate) happened: Happened,
    /// From when on costs are counted.
    pub(crate) counted_from: Duration,
    digest: u64,
}

/// What happened, to see that something did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Happened {
    /// Things that came out of the queue.
    pub steps: u64,
    /// Phones killed.
    pub kills: u64,
    /// Batches that a kill or a dead link took before their commit.
    pub lost_windows: u64,
    /// Phones that went to sleep.
    pub sleeps: u64,
    /// Links that died with nobody told.
    pub dead_links: u64,
    /// Frames that were lost and sent again.
    pub lost_frames: u64,
    /// Entries refused.
    pub refused: u64,
    /// Links, from a handshake to its end.
    pub links: u64,
    /// Times that an exchange said that both know the same.
    pub finished: u64,
}

impl Venue {
    /// The venue of this story, before anything happens.
    pub fn new(story: Story) -> Self {
        let mut dice = Dice::new(story.seed);
        let log = Log::new(SpaceKey::from_bytes(dice.seed()), story.memo);
        let phones = (0..story.phones).map(|_| {
            let author = log.author(dice.seed());
            let offer = SpaceOffer::member(log.space.clone(), Some(author.key.clone()));
            Phone {
                author,
                offer,
                set: Set::default(),
                last: None,
                place: 0,
                run: 0,
                process: None,
                tally: Tally::default(),
            }
        });
        let (phones, oracle) = (phones.collect(), Oracle::new(story.phones));
        let mut venue = Self {
            dice,
            now: Duration::ZERO,
            queue: BinaryHeap::new(),
            next: 0,
            log,
            phones,
            wires: BTreeMap::new(),
            next_wire: 0,
            parted: false,
            is_calm: true,
            oracle,
            happened: Happened::default(),
            counted_from: Duration::ZERO,
            digest: 0,
            story,
        };
        venue.open();
        venue
    }

    /// Lets all of the story happen, then waits in peace until everybody knows everything.
    ///
    /// # Panics
    /// When the oracle finds something wrong, with the way to replay it.
    pub fn run(&mut self) -> Report {
        self.until(self.story.settle);
        self.phones.iter_mut().for_each(|phone| phone.tally.reset());
        self.counted_from = self.now;
        self.is_calm = false;
        self.excite();
        self.until(self.story.settle + self.story.eventful);
        self.count_open_links();
        let tallies: Vec<Tally> = self.phones.iter().map(|phone| phone.tally).collect();
        self.calm();
        let calm_at = self.now;
        while self.oracle.behind() > 0 {
            if self.now > calm_at + PATIENCE {
                let behind = self.oracle.behind();
                self.fail(&format!("{behind} phones still lack something after {PATIENCE:?}"));
            }
            self.until(self.now + LOOK_EVERY);
        }
        let took = self.now - calm_at;
        for who in 0..self.phones.len() {
            self.oracle.finds(who, self.phones[who].set.bits());
        }
        self.look();
        self.phones.iter_mut().zip(tallies).for_each(|(phone, tally)| phone.tally = tally);
        Report::of(self, took)
    }

    /// Lets time pass, and all that is due in it happen.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub fn passes(&mut self, time: Duration) {
        self.until(self.now + time);
    }

    /// What happened.
    pub fn happened(&self) -> Happened {
        self.happened
    }

    /// A number that depends on everything that happened, in its order.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// How many different entries all phones have on their disks.
    pub fn entries(&self) -> usize {
        self.oracle.written.len()
    }

    pub(crate) fn at(&mut self, at: Duration, what: What) {
        self.next += 1;
        self.queue.push(Reverse(Due { at, number: self.next, what }));
    }

    pub(crate) fn after(&mut self, pause: Duration, what: What) {
        self.at(self.now + pause, what);
    }

    /// A time from `least` to `most`.
    pub(crate) fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let span = usize::try_from((most - least).as_micros()).unwrap_or(usize::MAX);
        least + Duration::from_micros(self.dice.below(span + 1) as u64)
    }

    /// Whether what happens one in `many` times does now. Never where nothing goes wrong any more.
    pub(crate) fn one_in(&mut self, many: u64) -> bool {
        many > 0 && !self.is_calm && self.dice.any().is_multiple_of(many)
    }

    pub(crate) fn millis(&self) -> Millis {
        Millis(u64::try_from(self.now.as_millis()).unwrap_or(u64::MAX))
    }

    fn until(&mut self, end: Duration) {
        while let Some(due) = self.queue.pop() {
            if due.0.at > end {
                self.queue.push(due);
                break;
            }
            let Reverse(Due { at, number, what }) = due;
            self.now = at;
            self.happened.steps += 1;
            self.mix(at, number, &what);
            let phone = self.whose(&what).filter(|_| self.one_in(self.story.kills));
            let before = phone.filter(|_| self.dice.below(2) == 0);
            before.into_iter().for_each(|who| self.kill(who));
            self.happens(what);
            phone.filter(|_| before.is_none()).into_iter().for_each(|who| self.kill(who));
            self.look();
        }
        self.now = end;
    }

    /// Whose step it is, if it is one's.
    fn whose(&self, what: &What) -> Option<Who> {
        match what {
            What::Timer(who, _) | What::Answer { who, .. } | What::Retag(who, _) => Some(*who),
            What::Frame(way, _)
            | What::Room(way)
            | What::Commit(way)
            | What::Acknowledge(way, ..)
            | What::End(way, _) => {
                self.wires.get(&way.wire)?.ends[way.end].as_ref().map(|end| end.who)
            }
            _ => None,
        }
    }

    fn mix(&mut self, at: Duration, number: u64, what: &What) {
        let size = match what {
            What::Frame(way, bytes) => way.wire ^ ((bytes.len() as u64) << 32),
            What::Timer(who, _) | What::Show(who) | What::Miss(who) => *who as u64,
            _ => 0,
        };
        for part in [at.as_nanos() as u64, number, size] {
            self.digest = (self.digest ^ part).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
        }
    }

    /// Stops where the oracle found something wrong.
    fn look(&self) {
        if let Some(wrong) = &self.oracle.wrong {
            self.fail(wrong);
        }
    }

    fn fail(&self, what: &str) -> ! {
        let minutes = self.now.as_secs_f64() / 60.0;
        panic!("{what}, after {minutes:.1} minutes; replay: {}", self.story.replay());
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}
