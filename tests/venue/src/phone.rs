//! One phone: what is committed, and the process that a kill takes away.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use teilgeber_exchange::SpaceOffer;
use teilgeber_link::keeper::{Keeper, LinkId, Tag};
use teilgeber_link::lan::Tags;

use crate::log::{Author, Number};
use crate::set::Set;
use crate::wire::Way;

/// A phone, by its place among all.
pub(crate) type Who = usize;

/// A phone.
pub(crate) struct Phone {
    pub(crate) author: Author,
    pub(crate) offer: SpaceOffer,
    pub(crate) set: Set,
    /// Its author's last entry.
    pub(crate) last: Option<Number>,
    pub(crate) place: usize,
    /// How often it was started. What was under way in an earlier run comes to nothing.
    pub(crate) run: u32,
    pub(crate) process: Option<Process>,
    pub(crate) tally: Tally,
}

/// What a kill takes away.
pub(crate) struct Process {
    pub(crate) keeper: Keeper,
    pub(crate) tags: Tags,
    pub(crate) links: BTreeMap<LinkId, Way>,
    /// Dials that are under way.
    pub(crate) dialling: BTreeSet<LinkId>,
    /// When its keeper is to be woken, if nothing happens before.
    pub(crate) due: Option<Duration>,
    /// Whom discovery shows, by tag.
    pub(crate) shown: BTreeSet<(Who, Tag)>,
    pub(crate) is_asleep: bool,
}

/// What it cost one phone.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) timers: u64,
    pub(crate) wakes: u64,
    /// Pings that it said or heard.
    pub(crate) pings: u64,
    pub(crate) dials: u64,
    pub(crate) unanswered: u64,
    pub(crate) busy: u64,
    pub(crate) links: u64,
    pub(crate) link_time: Duration,
    /// When it last did something.
    pub(crate) awake_at: Duration,
}

/// Things that happen within this time are one wake-up.
const ONE_WAKE: Duration = Duration::from_secs(1);

impl Tally {
    /// A timer or a link wakes the phone.
    pub(crate) fn wake(&mut self, now: Duration) {
        if now > self.awake_at + ONE_WAKE || self.wakes == 0 {
            self.wakes += 1;
        }
        self.awake_at = now;
    }

    /// Begins to count anew, but for bytes: they stand beside all entries, those of a first sync included.
    pub(crate) fn reset(&mut self) {
        let Self { sent, received, awake_at, .. } = *self;
        *self = Self { sent, received, awake_at, ..Self::default() };
    }
}

impl Phone {
    pub(crate) fn is_up(&self) -> bool {
        self.process.as_ref().is_some_and(|process| !process.is_asleep)
    }
}
