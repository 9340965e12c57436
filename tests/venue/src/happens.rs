//! What people and fate do: walk, speak, sleep, die, part.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use teilgeber_link::keeper::{Keeper, Settings};
use teilgeber_link::lan::{KEPT_FOR, PEERS_MAX, Tags};

use crate::linking::address;
use crate::log::{Judged, Number};
use crate::phone::{Process, Who};
use crate::story::Places;
use crate::venue::{Venue, What};
use crate::wire::Way;

/// A morning in November 2026, in ms.
const MORNING: u64 = 1_795_248_000_000;

/// What is announced in a network is heard within this time.
const HEARD_WITHIN: (Duration, Duration) = (Duration::from_millis(300), Duration::from_secs(3));

/// Who left without a word is believed to be there for so long: what a name lives in multicast DNS.
const BELIEVED_FOR: (Duration, Duration) = (Duration::from_secs(75), Duration::from_secs(120));

/// A device without battery comes back after some time.
const OFF_FOR: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(120));

/// How long a phone sleeps.
const ASLEEP_FOR: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10 * 60));

/// How long the venue is parted.
const PARTED_FOR: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(8 * 60));

/// How long two are together who are brought together: until the one who is not to dial would.
const MEETING: Duration = Duration::from_secs(45);

const MINUTE: Duration = Duration::from_secs(60);

impl Venue {
    /// Everybody comes within a minute, with a profile.
    pub(crate) fn open(&mut self) {
        for who in 0..self.phones.len() {
            self.phones[who].place = self.place_of(who);
            let text = format!("Phone {who} {}", self.dice.letters(60));
            self.write(who, &text, false);
            let start = self.between(Duration::ZERO, MINUTE);
            self.at(start, What::Start(who));
            if let Places::Rooms { stay, .. } = self.story.places {
                let first = self.between(MINUTE, stay);
                self.at(first, What::Walk(who));
            }
        }
        for who in 0..self.phones.len() {
            if self.is_forger(who) {
                self.forge(who);
            }
        }
        if let Places::Pairs { round } = self.story.places {
            self.at(MINUTE + round, What::Shuffle);
        }
    }

    /// From now on something happens.
    pub(crate) fn excite(&mut self) {
        let eventful = self.story.eventful;
        for _ in 0..self.story.posts {
            let when = self.now + self.between(Duration::ZERO, eventful);
            self.at(when, What::Speak);
        }
        for _ in 0..self.story.partitions {
            let when = self.now + self.between(Duration::ZERO, eventful);
            self.at(when, What::Part);
        }
        if self.story.sleeps > 0 {
            self.after(MINUTE, What::Minute);
        }
    }

    /// From now on nothing goes wrong.
    pub(crate) fn calm(&mut self) {
        self.is_calm = true;
        self.heal();
        for who in 0..self.phones.len() {
            let run = self.phones[who].run;
            self.rouse(who, run);
        }
    }

    /// Lets something happen.
    pub(crate) fn happens(&mut self, what: What) {
        match what {
            What::Timer(who, run) => self.timer(who, run),
            What::Answer { who, run, link, whom, reached } => {
                self.answer(who, run, link, whom, reached);
            }
            What::CalledOff { who, run, link } => self.called_off(who, run, link),
            What::Frame(way, bytes) => self.arrives(way, &bytes),
            What::Room(way) => self.room(way),
            What::Stall(way) => self.stalls(way),
            What::Commit(way) => self.commit(way),
            What::Acknowledge(way, window, stored) => self.acknowledge(way, window, stored),
            What::Ping(way) => self.ping(way),
            What::Pinged(way) => self.pinged(way),
            What::End(way, how) => self.end(way, how),
            What::Goodbye(way) => self.goodbye(way),
            What::Show(who) => self.show(who),
            What::Miss(who) => self.miss(who),
            What::Retag(who, run) => self.retag(who, run),
            What::Walk(who) => self.walk(who),
            What::Shuffle => self.shuffle(),
            What::Speak => self.speak(),
            What::Minute => self.minute(),
            What::Rouse(who, run) => self.rouse(who, run),
            What::Start(who) => self.start(who),
            What::Part => self.part(),
            What::Heal => self.heal(),
        }
    }

    /// Whether two phones can hear each other.
    pub(crate) fn hears(&self, one: Who, other: Who) -> bool {
        let (a, b) = (&self.phones[one], &self.phones[other]);
        let is_apart = self.parted && one % 2 != other % 2;
        a.place == b.place && !is_apart && a.is_up() && b.is_up()
    }

    /// A phone is gone without a word. What was not committed is lost.
    pub(crate) fn kill(&mut self, who: Who) {
        let Some(process) = self.phones[who].process.take() else { return };
        self.happened.kills += 1;
        let is_told = self.dice.below(2) == 0;
        for way in process.links.values() {
            self.take_end(*way, who);
            match is_told {
                // Its system lives on and says that nobody is there.
                true => {
                    let how = teilgeber_link::keeper::Ended::Unfinished;
                    self.after(self.story.delay, What::End(way.other(), how));
                }
                false => self.die(way.wire),
            }
        }
        let off = self.between(OFF_FOR.0, OFF_FOR.1);
        self.after(off, What::Start(who));
        self.after_a_while(who, BELIEVED_FOR, What::Miss);
    }

    fn start(&mut self, who: Who) {
        if self.phones[who].process.is_some() {
            return;
        }
        let tags = Tags::new(self.dice.seed(), self.tag_time(who));
        let chance = self.dice.seed();
        let keeper = Keeper::new(Settings::default(), tags.current(), chance, self.now);
        let phone = &mut self.phones[who];
        phone.run += 1;
        let run = phone.run;
        phone.process = Some(Process {
            keeper,
            links: BTreeMap::new(),
            dialling: BTreeSet::new(),
            due: None,
            shown: BTreeSet::new(),
            is_asleep: false,
            tags,
        });
        self.oracle.finds(who, self.phones[who].set.bits());
        self.await_next_tag(who, run);
        self.is_there(who);
        self.follow(who);
    }

    /// A phone is where it was not, or awake again.
    fn is_there(&mut self, who: Who) {
        let group: Vec<Who> =
            (0..self.phones.len()).filter(|other| self.hears(who, *other)).collect();
        self.oracle.together(&group, self.now);
        self.after_a_while(who, HEARD_WITHIN, What::Show);
    }

    fn after_a_while(
        &mut self,
        who: Who,
        within: (Duration, Duration),
        what: impl Fn(Who) -> What,
    ) {
        let pause = self.between(within.0, within.1);
        self.after(pause, what(who));
    }

    fn show(&mut self, who: Who) {
        for other in 0..self.phones.len() {
            if other != who && self.hears(who, other) {
                self.show_to(other, who);
                self.show_to(who, other);
            }
        }
    }

    fn show_to(&mut self, who: Who, whom: Who) {
        let Some(tag) = self.phones[whom].process.as_ref().map(|it| it.tags.current()) else {
            return;
        };
        let Some(process) = &mut self.phones[who].process else { return };
        if process.shown.len() < PEERS_MAX && process.shown.insert((whom, tag)) {
            let at = address(whom);
            self.tell(who, |keeper, now| keeper.handle_found(tag, &[at], now));
        }
    }

    fn miss(&mut self, who: Who) {
        for other in 0..self.phones.len() {
            let Some(process) = &self.phones[other].process else { continue };
            let shown: Vec<_> = match other == who {
                true => process.shown.iter().copied().collect(),
                false => process.shown.iter().filter(|(whom, _)| *whom == who).copied().collect(),
            };
            for (whom, tag) in shown {
                let is_current = |it: &Process| it.tags.current() == tag;
                let is_there = self.phones[whom].process.as_ref().is_some_and(is_current);
                if is_there && self.hears(other, whom) {
                    continue;
                }
                if let Some(process) = &mut self.phones[other].process {
                    process.shown.remove(&(whom, tag));
                }
                self.tell(other, |keeper, now| keeper.handle_lost(tag, now));
            }
        }
    }

    fn retag(&mut self, who: Who, run: u32) {
        let time = self.tag_time(who);
        let phone = &mut self.phones[who];
        let Some(process) = phone.process.as_mut().filter(|_| phone.run == run) else { return };
        if process.tags.advance(time) {
            let tag = process.tags.current();
            self.tell(who, |keeper, now| keeper.set_tag(tag, now));
            self.after_a_while(who, HEARD_WITHIN, What::Show);
            self.after_a_while(who, HEARD_WITHIN, What::Miss);
        }
        self.await_next_tag(who, run);
    }

    fn await_next_tag(&mut self, who: Who, run: u32) {
        let Some(process) = &self.phones[who].process else { return };
        let pause = process.tags.next_change().saturating_sub(self.tag_time(who));
        self.after(pause, What::Retag(who, run));
    }

    /// Each phone's quarters of an hour begin at another moment.
    fn tag_time(&self, who: Who) -> Duration {
        self.now + KEPT_FOR * u32::try_from(who % 97).unwrap_or(0) / 97
    }

    fn place_of(&mut self, who: Who) -> usize {
        match self.story.places {
            Places::Hall => 0,
            Places::Rooms { count, .. } => self.dice.below(count),
            Places::Pairs { .. } => who / 2,
            Places::Apart => who,
        }
    }

    fn walk(&mut self, who: Who) {
        let place = self.place_of(who);
        self.go(who, place);
        if let Places::Rooms { stay, .. } = self.story.places {
            let pause = self.between(stay / 2, stay * 3 / 2);
            self.after(pause, What::Walk(who));
        }
    }

    fn shuffle(&mut self) {
        let Places::Pairs { round } = self.story.places else { return };
        let mut order: Vec<Who> = (0..self.phones.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, self.dice.below(at + 1));
        }
        // Nobody is anywhere for a moment, so that nobody hears two.
        for who in &order {
            self.phones[*who].place = usize::MAX - who;
        }
        for (at, who) in order.into_iter().enumerate() {
            self.go(who, at / 2);
        }
        self.after(round, What::Shuffle);
    }

    fn go(&mut self, who: Who, place: usize) {
        self.phones[who].place = place;
        self.part_from_who_is_not_heard(who);
        if self.phones[who].is_up() {
            self.is_there(who);
            self.tell(who, |keeper, now| keeper.handle_network(now));
        }
        self.after_a_while(who, BELIEVED_FOR, What::Miss);
    }

    fn part_from_who_is_not_heard(&mut self, who: Who) {
        let Some(process) = &self.phones[who].process else { return };
        let ways: Vec<Way> = process.links.values().copied().collect();
        for way in ways {
            let other = way.other();
            let end = self.wires.get(&way.wire).and_then(|wire| wire.ends[other.end].as_ref());
            let is_heard = end.is_some_and(|end| self.hears(who, end.who));
            if !is_heard {
                self.die(way.wire);
            }
        }
    }

    fn part(&mut self) {
        self.parted = !self.is_calm;
        (0..self.phones.len()).for_each(|who| self.part_from_who_is_not_heard(who));
        for who in 0..self.phones.len() {
            self.after_a_while(who, BELIEVED_FOR, What::Miss);
        }
        let pause = self.between(PARTED_FOR.0, PARTED_FOR.1);
        self.after(pause, What::Heal);
    }

    pub(crate) fn heal(&mut self) {
        if std::mem::take(&mut self.parted) {
            (0..self.phones.len()).for_each(|who| self.is_there(who));
        }
    }

    fn minute(&mut self) {
        for who in 0..self.phones.len() {
            if self.phones[who].is_up() && self.one_in(self.story.sleeps) {
                self.doze(who);
            }
        }
        if !self.is_calm {
            self.after(MINUTE, What::Minute);
        }
    }

    fn doze(&mut self, who: Who) {
        self.happened.sleeps += 1;
        self.tell(who, |keeper, now| keeper.pause(now));
        let phone = &mut self.phones[who];
        let run = phone.run;
        if let Some(process) = &mut phone.process {
            process.is_asleep = true;
        }
        // Who goes to sleep takes its name back.
        self.after_a_while(who, HEARD_WITHIN, What::Miss);
        let asleep = self.between(ASLEEP_FOR.0, ASLEEP_FOR.1);
        self.after(asleep, What::Rouse(who, run));
    }

    fn rouse(&mut self, who: Who, run: u32) {
        let phone = &mut self.phones[who];
        let process = phone.process.as_mut().filter(|it| it.is_asleep && phone.run == run);
        let Some(process) = process else { return };
        process.is_asleep = false;
        self.tell(who, |keeper, now| keeper.resume(now));
        self.is_there(who);
    }

    fn speak(&mut self) {
        let who = self.dice.below(self.phones.len());
        if !self.phones[who].is_up() {
            // Somebody else does.
            let soon = self.between(Duration::ZERO, MINUTE);
            self.after(soon, What::Speak);
            return;
        }
        let text = format!("Phone {who}: {}", self.dice.letters(80));
        self.say(who, &text);
    }

    /// Somebody says this now.
    pub fn say(&mut self, who: usize, text: &str) {
        let number = self.write(who, text, true);
        self.is_news(who, &[number], None);
    }

    /// In a venue where everybody is [apart](Places::Apart) two are together for a while.
    pub fn meet(&mut self, one: usize, other: usize) {
        self.go(other, one);
        self.passes(MEETING);
        self.go(other, other);
        self.passes(MEETING);
    }

    /// The posts on a phone's disk.
    pub fn posts(&self, who: usize) -> BTreeSet<String> {
        self.phones[who].set.bits().iter().filter_map(|number| self.log.post(number)).collect()
    }

    /// Somebody writes, and it is saved. Those who hear it could know it at once.
    fn write(&mut self, who: Who, text: &str, is_post: bool) -> Number {
        let time = MORNING + self.millis().0;
        let phone = &mut self.phones[who];
        let number = self.log.write(&phone.author, phone.last, time, text);
        phone.last = Some(number);
        phone.set.commit(&self.log, &[Judged { number, holds: true }]);
        self.oracle.writes(who, number, is_post, self.now);
        let group: Vec<Who> =
            (0..self.phones.len()).filter(|other| self.hears(who, *other)).collect();
        group.into_iter().for_each(|other| self.oracle.could_know(other, number, self.now));
        number
    }

    fn is_forger(&self, who: Who) -> bool {
        let forgers = self.story.forgers;
        forgers > 0 && who as u64 % forgers == forgers - 1
    }

    /// Somebody has an entry on disk that says another wrote it.
    fn forge(&mut self, who: Who) {
        let victim = (who + 1) % self.phones.len();
        let Some(last) = self.phones[victim].last else { return };
        let forger = &self.phones[who].author;
        let number = self.log.forge(forger, last, MORNING, "I owe you a beer");
        self.phones[who].set.plant(&self.log, number);
        self.oracle.forges(who, number);
    }
}
