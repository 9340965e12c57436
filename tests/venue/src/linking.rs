//! What a phone does with its keeper and its links, as the engine of a device does it.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use teilgeber_exchange::{Config, Event, Exchange, Plan, Role, Stored, WindowId};
use teilgeber_link::keeper::{Ended, Keeper, LinkId, Order};
use teilgeber_link::{LinkKind, PING_AFTER};

use crate::log::Number;
use crate::phone::Who;
use crate::set::Disk;
use crate::venue::{Venue, What};
use crate::wire::{End, FRAME, FRAMING, HANDSHAKE, Met, Way, Wire, WireNumber};

/// How long nobody answers at an address where nobody is.
const NO_ANSWER: Duration = Duration::from_secs(4);

/// Links that a phone accepts at a time.
const ACCEPTED_MAX: usize = 8;

/// What the radio takes before it is full.
const QUEUE: Duration = Duration::from_millis(50);

/// A lost frame is sent again after this, and after twice as much the next time.
const SENT_AGAIN: Duration = Duration::from_millis(200);

/// A link on which nothing comes is given up between these, by its pings.
const SILENT: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(40));

/// A commit takes between these, and longer for more bytes.
const COMMIT: (Duration, Duration) = (Duration::from_millis(3), Duration::from_millis(15));

/// Bytes that a phone verifies and commits in a second.
const COMMITTED_A_SECOND: u64 = 2_000_000;

const PORT: u16 = 7373;

/// Where a phone listens.
pub(crate) fn address(who: Who) -> SocketAddr {
    let number = u32::try_from(who).unwrap_or(u32::MAX);
    (IpAddr::from((0x0A00_0000 | number).to_be_bytes()), PORT).into()
}

/// Whose address it is.
fn who_is_at(address: &SocketAddr) -> Option<Who> {
    match address.ip() {
        IpAddr::V4(ip) => Who::try_from(u32::from(ip) & 0x00FF_FFFF).ok(),
        IpAddr::V6(_) => None,
    }
}

/// What an exchange had to say.
enum Said {
    Busy,
    Quiet,
    Bytes(u64),
    Shown([u8; 32]),
    Finished,
}

impl Venue {
    /// Tells a phone's keeper something and does what it orders.
    pub(crate) fn tell<T>(
        &mut self,
        who: Who,
        what: impl FnOnce(&mut Keeper, Duration) -> T,
    ) -> Option<T> {
        let now = self.now;
        let process = self.phones[who].process.as_mut()?;
        let told = what(&mut process.keeper, now);
        self.follow(who);
        Some(told)
    }

    /// Does what a keeper orders, and winds its timer.
    pub(crate) fn follow(&mut self, who: Who) {
        loop {
            let Some(process) = &mut self.phones[who].process else { return };
            match process.keeper.poll_order() {
                Some(Order::Dial { link, addresses, .. }) => {
                    self.dial(who, link, &addresses);
                }
                Some(Order::Close { link }) => self.close(who, link),
                None => break,
            }
        }
        let (now, phone) = (self.now, &mut self.phones[who]);
        let Some(process) = &mut phone.process else { return };
        let due = process.keeper.poll_timeout(now);
        if due != process.due {
            process.due = due;
            let run = phone.run;
            due.into_iter().for_each(|due| self.at(due, What::Timer(who, run)));
        }
    }

    pub(crate) fn timer(&mut self, who: Who, run: u32) {
        let (now, phone) = (self.now, &mut self.phones[who]);
        let Some(process) = phone.process.as_mut().filter(|_| phone.run == run) else { return };
        // Wound anew meanwhile, it does not ring.
        if process.due == Some(now) {
            process.due = None;
            phone.tally.timers += 1;
            self.wake(who);
            self.tell(who, |keeper, now| keeper.handle_time(now));
        }
    }

    fn dial(&mut self, who: Who, link: LinkId, addresses: &[SocketAddr]) {
        let Some(whom) = addresses.first().and_then(who_is_at) else { return };
        let reached = self.hears(who, whom);
        let phone = &mut self.phones[who];
        phone.tally.dials += 1;
        let run = phone.run;
        if let Some(process) = &mut phone.process {
            process.dialling.insert(link);
        }
        let takes = if reached { self.story.delay * 4 } else { NO_ANSWER };
        self.after(takes, What::Answer { who, run, link, whom, reached });
    }

    pub(crate) fn called_off(&mut self, who: Who, run: u32, link: LinkId) {
        if self.phones[who].run == run {
            self.tell(who, |keeper, now| keeper.handle_ended(link, Ended::Unfinished, now));
        }
    }

    pub(crate) fn answer(&mut self, who: Who, run: u32, link: LinkId, whom: Who, reached: bool) {
        let hears = self.hears(who, whom);
        let phone = &mut self.phones[who];
        let process = phone.process.as_mut().filter(|_| phone.run == run);
        if !process.is_some_and(|process| process.dialling.remove(&link)) {
            return;
        }
        if !reached || !hears {
            phone.tally.unanswered += 1;
            self.tell(who, |keeper, now| keeper.handle_ended(link, Ended::Unfinished, now));
            return;
        }
        let hash = *blake3::hash(&self.dice.seed()).as_bytes();
        let accepted = self.phones[whom]
            .process
            .as_ref()
            .map_or(0, |process| process.links.values().filter(|way| way.end == 1).count());
        for end in [who, whom] {
            let tally = &mut self.phones[end].tally;
            tally.sent += HANDSHAKE;
            tally.received += HANDSHAKE;
            self.wake(end);
        }
        if accepted >= ACCEPTED_MAX {
            self.phones[who].tally.busy += 1;
            self.tell(who, |keeper, now| keeper.handle_linked(link, hash, now));
            self.tell(who, |keeper, now| keeper.handle_ended(link, Ended::Busy, now));
            return;
        }
        self.link(who, link, whom, hash);
    }

    fn link(&mut self, who: Who, link: LinkId, whom: Who, hash: [u8; 32]) {
        self.happened.links += 1;
        let number = self.next_wire;
        self.next_wire += 1;
        let now = self.now;
        let from = Some((address(who).ip(), 50_000).into());
        let Some(process) = &mut self.phones[whom].process else { return };
        let theirs = process.keeper.handle_accepted(from, LinkKind::Lan, hash, now);
        let dialled = self.new_end(who, link, Role::Initiator, hash);
        let accepted = self.new_end(whom, theirs, Role::Responder, hash);
        let ends = [Some(dialled), Some(accepted)];
        self.wires.insert(number, Wire { ends, since: now, is_dead: false });
        for (end, who, link) in [(0, who, link), (1, whom, theirs)] {
            let phone = &mut self.phones[who];
            phone.tally.links += 1;
            if let Some(process) = &mut phone.process {
                process.links.insert(link, Way { wire: number, end });
            }
        }
        self.tell(who, |keeper, now| keeper.handle_linked(link, hash, now));
        self.follow(whom);
        for end in [0, 1] {
            let way = Way { wire: number, end };
            self.after(PING_AFTER, What::Ping(way));
            self.pump(way);
        }
    }

    fn new_end(&mut self, who: Who, link: LinkId, role: Role, hash: [u8; 32]) -> End {
        let (chance, now) = (self.dice.seed(), self.millis());
        let offers = vec![self.phones[who].offer.clone()];
        let exchange = Exchange::new(role, hash, offers, Config::default(), chance, now);
        End {
            who,
            link,
            exchange: exchange.expect("one space is not too many"),
            said_at: self.now,
            sent_at: self.now,
            arrives_at: self.now,
            awaits_room: false,
            awaits_stall: false,
            plans: VecDeque::new(),
            is_committing: false,
            met: Met::default(),
            ending: None,
        }
    }

    /// The keeper wants a link closed, or a dial called off.
    fn close(&mut self, who: Who, link: LinkId) {
        let phone = &mut self.phones[who];
        let run = phone.run;
        let Some(process) = &mut phone.process else { return };
        match process.links.get(&link).copied() {
            None => {
                process.dialling.remove(&link);
                self.after(Duration::from_millis(1), What::CalledOff { who, run, link });
            }
            Some(way) => {
                let Some(end) = self.end_of(way) else { return };
                let how = end.met.ended();
                end.ending = Some(how);
                let arrives = end.arrives_at;
                self.after(Duration::from_millis(1), What::End(way, how));
                let arrives = arrives.max(self.now + self.story.delay);
                self.at(arrives, What::Goodbye(way.other()));
            }
        }
    }

    pub(crate) fn goodbye(&mut self, way: Way) {
        if self.wires.get(&way.wire).is_some_and(|wire| !wire.is_dead) {
            let how = self.end_of(way).map(|end| end.met.ended());
            how.into_iter().for_each(|how| self.end(way, how));
        }
    }

    /// A link is over for one end.
    pub(crate) fn end(&mut self, way: Way, how: Ended) {
        let Some(who) = self.end_of(way).map(|end| end.who) else { return };
        let Some(link) = self.take_end(way, who) else { return };
        self.tell(who, |keeper, now| keeper.handle_ended(link, how, now));
    }

    /// Takes a phone's end of a link away. Batches that wait there are lost.
    pub(crate) fn take_end(&mut self, way: Way, who: Who) -> Option<LinkId> {
        let wire = self.wires.get_mut(&way.wire)?;
        let end = wire.ends[way.end].take()?;
        self.happened.lost_windows += end.plans.len() as u64;
        self.phones[who].tally.link_time += self.now - wire.since.max(self.counted_from);
        if wire.ends.iter().all(Option::is_none) {
            self.wires.remove(&way.wire);
        }
        if let Some(process) = &mut self.phones[who].process {
            process.links.remove(&end.link);
        }
        Some(end.link)
    }

    /// Nothing passes over a link any more. Both ends find out by themselves.
    pub(crate) fn die(&mut self, wire: WireNumber) {
        let Some(dead) = self.wires.get_mut(&wire) else { return };
        if std::mem::replace(&mut dead.is_dead, true) {
            return;
        }
        self.happened.dead_links += 1;
        for end in [0, 1] {
            let silent = self.between(SILENT.0, SILENT.1);
            self.after(silent, What::End(Way { wire, end }, Ended::Unfinished));
        }
    }

    pub(crate) fn arrives(&mut self, way: Way, bytes: &[u8]) {
        let (now, millis) = (self.now, self.millis());
        let Some(wire) = self.wires.get_mut(&way.wire).filter(|wire| !wire.is_dead) else { return };
        let Some(end) = wire.ends[way.end].as_mut().filter(|end| end.ending.is_none()) else {
            return;
        };
        let phone = &mut self.phones[end.who];
        phone.tally.received += bytes.len() as u64 + FRAMING;
        let disk = Disk { log: &self.log, set: &phone.set };
        let taken = end.exchange.handle_bytes(bytes, &disk, millis).is_ok();
        if let Some(process) = &mut phone.process {
            process.keeper.handle_bytes(end.link, bytes.len() as u64, now);
        }
        let who = end.who;
        self.wake(who);
        self.pump(way);
        if !taken {
            self.break_off(way);
        }
    }

    pub(crate) fn room(&mut self, way: Way) {
        if let Some(end) = self.end_of(way) {
            end.awaits_room = false;
            self.pump(way);
        }
    }

    pub(crate) fn stalls(&mut self, way: Way) {
        let millis = self.millis();
        let Some(end) = self.end_of(way) else { return };
        end.awaits_stall = false;
        match end.exchange.handle_time(millis) {
            Ok(()) => self.pump(way),
            Err(_) => {
                self.pump(way);
                self.break_off(way);
            }
        }
    }

    /// The peer broke the rules, or stalls.
    fn break_off(&mut self, way: Way) {
        let Some(end) = self.end_of(way) else { return };
        end.ending = Some(Ended::Unfinished);
        let arrives = end.arrives_at;
        self.after(Duration::from_millis(1), What::End(way, Ended::Unfinished));
        let arrives = arrives.max(self.now + self.story.delay);
        self.at(arrives, What::End(way.other(), Ended::Unfinished));
    }

    /// The transaction of the first batch that waits. News go to all other links at once.
    pub(crate) fn commit(&mut self, way: Way) {
        let Some(end) = self.end_of(way) else { return };
        let Some(Plan::Store { window, batch, admission_needed, .. }) = end.plans.pop_front()
        else {
            return;
        };
        let who = end.who;
        let phone = &mut self.phones[who];
        let (stored, new) = match self.log.read(&batch, !admission_needed) {
            Ok(judged) => phone.set.commit(&self.log, &judged),
            Err(_) => (Stored { refused: 1, ..Stored::default() }, Vec::new()),
        };
        self.happened.refused += u64::from(stored.refused);
        self.oracle.commits(who, &new, self.now);
        self.after(Duration::from_millis(1), What::Acknowledge(way, window, stored));
        self.is_news(who, &new, Some(way));
    }

    pub(crate) fn acknowledge(&mut self, way: Way, window: WindowId, stored: Stored) {
        let millis = self.millis();
        let Some(wire) = self.wires.get_mut(&way.wire) else { return };
        let Some(end) = &mut wire.ends[way.end] else { return };
        end.is_committing = false;
        let disk = Disk { log: &self.log, set: &self.phones[end.who].set };
        let taken = end.exchange.handle_stored(window, stored, &disk, millis).is_ok();
        self.pump(way);
        if !taken {
            self.break_off(way);
        }
    }

    /// A phone has committed something that did not come over the link `from`.
    pub(crate) fn is_news(&mut self, who: Who, new: &[Number], from: Option<Way>) {
        if new.is_empty() {
            return;
        }
        let ids: Vec<_> = new.iter().map(|number| self.log.id(*number)).collect();
        let Some(process) = &self.phones[who].process else { return };
        let ways: Vec<Way> =
            process.links.values().copied().filter(|way| Some(*way) != from).collect();
        let space = self.log.space.space();
        for way in ways {
            if let Some(end) = self.end_of(way) {
                end.exchange.handle_news(&space, &ids);
                self.pump(way);
            }
        }
        self.tell(who, |keeper, now| keeper.handle_news(now));
    }

    /// Takes all that an exchange has to say and to do.
    fn pump(&mut self, way: Way) {
        let mut said = Vec::new();
        let Some((who, link)) = self.end_of(way).map(|end| (end.who, end.link)) else { return };
        self.read_events(way, &mut said);
        self.take_plans(way);
        let endless = self.transmit(way, &mut said);
        self.read_events(way, &mut said);
        self.await_stall(way);
        for said in said {
            self.hear(way, (who, link), said);
        }
        self.follow(who);
        if endless {
            self.break_off(way);
        }
    }

    /// Tells the keeper what an exchange said.
    fn hear(&mut self, way: Way, (who, link): (Who, LinkId), said: Said) {
        let now = self.now;
        let Some(process) = &mut self.phones[who].process else { return };
        match said {
            Said::Busy => process.keeper.handle_busy(link),
            Said::Quiet => process.keeper.handle_quiet(link, now),
            Said::Bytes(bytes) => process.keeper.handle_bytes(link, bytes, now),
            Said::Shown(author) => process.keeper.handle_shown(link, author, now),
            Said::Finished => self.check_finished(way),
        }
    }

    fn read_events(&mut self, way: Way, said: &mut Vec<Said>) {
        let Some(end) = self.end_of(way) else { return };
        while let Some(event) = end.exchange.poll_event() {
            match event {
                Event::Met { .. } => end.met.is_met = true,
                Event::Shown { author, .. } => said.push(Said::Shown(*author.as_bytes())),
                Event::Progress { sent, received, .. } => {
                    end.met.is_under_way = (sent, received) != (0, 0);
                    said.push(Said::Busy);
                }
                Event::Finished { fingerprint, .. } => {
                    end.met.is_under_way = false;
                    end.met.is_unequal = false;
                    end.met.finished = Some(fingerprint);
                    said.push(Said::Finished);
                }
                Event::Unequal { .. } => end.met.is_unequal = true,
                // The sets of the venue hold all that they know.
                Event::Lacking { .. } => {}
                Event::Quiet => said.push(Said::Quiet),
            }
        }
    }

    fn check_finished(&mut self, way: Way) {
        self.happened.finished += 1;
        let Some(wire) = self.wires.get(&way.wire) else { return };
        let ends = (&wire.ends[way.end], &wire.ends[way.other().end]);
        if let (Some(one), Some(other)) = ends
            && one.met.finished == Some(self.phones[one.who].set.fingerprint())
        {
            self.oracle.finished(one.who, other.who);
        }
    }

    fn take_plans(&mut self, way: Way) {
        let Some(end) = self.end_of(way) else { return };
        while let Some(plan) = end.exchange.poll_plan() {
            end.plans.push_back(plan);
        }
        let Some(Plan::Store { batch, .. }) = end.plans.front() else { return };
        let length = batch.len() as u64;
        if !std::mem::replace(&mut end.is_committing, true) {
            let takes = self.between(COMMIT.0, COMMIT.1);
            let takes = takes + Duration::from_micros(length * 1_000_000 / COMMITTED_A_SECOND);
            self.after(takes, What::Commit(way));
        }
    }

    /// Hands bytes to the radio until it is full. Whether the exchange has no end.
    fn transmit(&mut self, way: Way, said: &mut Vec<Said>) -> bool {
        let (now, millis) = (self.now, self.millis());
        loop {
            let Some(wire) = self.wires.get_mut(&way.wire) else { return false };
            let Some(end) = &mut wire.ends[way.end] else { return false };
            if end.sent_at > now + QUEUE {
                if !std::mem::replace(&mut end.awaits_room, true) {
                    let room_at = end.sent_at - QUEUE / 2;
                    self.at(room_at, What::Room(way));
                }
                return false;
            }
            let disk = Disk { log: &self.log, set: &self.phones[end.who].set };
            match end.exchange.poll_transmit(&disk, millis) {
                Ok(Some(chunk)) => {
                    said.push(Said::Bytes(chunk.len() as u64));
                    self.send(way, &chunk);
                }
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
    }

    fn send(&mut self, way: Way, chunk: &[u8]) {
        for piece in chunk.chunks(FRAME) {
            let length = piece.len() as u64 + FRAMING;
            let mut late = Duration::ZERO;
            while self.one_in(self.story.lost_frames) {
                self.happened.lost_frames += 1;
                late = (late * 2).max(SENT_AGAIN);
            }
            let jitter = self.between(Duration::ZERO, self.story.delay / 2);
            let (now, delay) = (self.now, self.story.delay);
            let takes = Duration::from_micros(length * 1_000_000 / self.story.bytes_a_second);
            let Some(end) = self.end_of(way) else { return };
            end.sent_at = end.sent_at.max(now) + takes;
            end.arrives_at = end.arrives_at.max(end.sent_at + delay + jitter + late);
            end.said_at = now;
            let (who, arrives) = (end.who, end.arrives_at);
            self.phones[who].tally.sent += length;
            self.wake(who);
            self.at(arrives, What::Frame(way.other(), piece.to_vec()));
            if self.one_in(self.story.dead_links) {
                self.die(way.wire);
            }
        }
    }

    fn await_stall(&mut self, way: Way) {
        let Some(end) = self.end_of(way) else { return };
        if let Some(due) = end.exchange.poll_timeout().filter(|_| !end.awaits_stall) {
            end.awaits_stall = true;
            self.at(self.now.max(Duration::from_millis(due.0)), What::Stall(way));
        }
    }

    pub(crate) fn end_of(&mut self, way: Way) -> Option<&mut End> {
        self.wires.get_mut(&way.wire)?.ends[way.end].as_mut()
    }

    /// Links that are open are counted up to now.
    pub(crate) fn count_open_links(&mut self) {
        for wire in self.wires.values() {
            for end in wire.ends.iter().flatten() {
                let open = self.now - wire.since.max(self.counted_from);
                self.phones[end.who].tally.link_time += open;
            }
        }
    }
}
