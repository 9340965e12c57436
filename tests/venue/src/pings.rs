//! What keeping links alive costs a phone: pings, as the task behind a link says them.

use teilgeber_link::{PING_AFTER, Pulse};

use crate::phone::Who;
use crate::venue::{Venue, What};
use crate::wire::Way;

impl Venue {
    /// Something wakes a phone. Those of its links that have said nothing for a while say their pings with it.
    pub(crate) fn wake(&mut self, who: Who) {
        let (now, phone) = (self.now, &mut self.phones[who]);
        phone.tally.wake(now);
        let Some(process) = &phone.process else { return };
        let ways: Vec<Way> = process.links.values().copied().collect();
        for way in ways {
            let is_early = |said_at| Pulse::is_early(now - said_at);
            if self.end_of(way).is_some_and(|end| is_early(end.said_at)) {
                self.say_ping(way);
            }
        }
    }

    /// A ping may be due.
    pub(crate) fn ping(&mut self, way: Way) {
        let now = self.now;
        let Some(end) = self.end_of(way) else { return };
        let (who, due) = (end.who, end.said_at + PING_AFTER);
        if due <= now {
            self.say_ping(way);
            self.wake(who);
        }
        let next = if due <= now { now + PING_AFTER } else { due };
        self.at(next, What::Ping(way));
    }

    /// A ping comes.
    pub(crate) fn pinged(&mut self, way: Way) {
        let is_alive = self.wires.get(&way.wire).is_some_and(|wire| !wire.is_dead);
        if let Some(who) = self.end_of(way).filter(|_| is_alive).map(|end| end.who) {
            self.phones[who].tally.pings += 1;
            self.wake(who);
        }
    }

    fn say_ping(&mut self, way: Way) {
        let now = self.now;
        let Some(end) = self.end_of(way).filter(|end| end.ending.is_none()) else { return };
        end.said_at = now;
        let who = end.who;
        self.phones[who].tally.pings += 1;
        self.after(self.story.delay, What::Pinged(way.other()));
    }
}
