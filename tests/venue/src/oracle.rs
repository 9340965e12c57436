//! What must be true, by means that are too simple to be wrong.
//!
//! - *Nobody knows what could not have reached them*: a second venue beside the first, in which whatever anybody knows is at
//!   once known to all who hear each other. What a phone commits must be known to it there. This is ideal gossip on the same contacts
//!   as well, so it also says how fast news could have been.
//! - *Nothing committed is lost*: what each phone ever committed, written down beside it.
//! - *Sync tells the truth*: when an exchange says that both know the same, the other one has committed all of it.
//! - *Nothing forged is known*.
//! - *In the end all know all.*

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::log::Number;
use crate::phone::Who;
use crate::set::Bits;

/// When so many thousandths know something.
pub(crate) const SHARES: [usize; 4] = [500, 900, 990, 1000];

/// What is written down.
pub(crate) struct Oracle {
    phones: usize,
    ideal: Vec<Bits>,
    committed: Vec<Bits>,
    forged: BTreeSet<Number>,
    /// All that was written, in order.
    pub(crate) written: Vec<Number>,
    pub(crate) spreads: Vec<Spread>,
    /// Which of the spreads is that of an entry.
    spread_of: BTreeMap<Number, usize>,
    /// What is wrong, if anything is.
    pub(crate) wrong: Option<String>,
}

/// How a post went round.
#[derive(Debug, Clone)]
pub(crate) struct Spread {
    pub(crate) said_at: Duration,
    pub(crate) known: Course,
    pub(crate) ideal: Course,
}

/// How many know it, and when each share did.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Course {
    count: usize,
    pub(crate) reached: [Option<Duration>; 4],
}

impl Course {
    fn add(&mut self, phones: usize, now: Duration) {
        self.count += 1;
        for (reached, share) in self.reached.iter_mut().zip(SHARES) {
            if self.count * 1000 >= phones * share {
                reached.get_or_insert(now);
            }
        }
    }
}

impl Oracle {
    pub(crate) fn new(phones: usize) -> Self {
        Self {
            phones,
            ideal: vec![Bits::default(); phones],
            committed: vec![Bits::default(); phones],
            forged: BTreeSet::new(),
            written: Vec::new(),
            spreads: Vec::new(),
            spread_of: BTreeMap::new(),
            wrong: None,
        }
    }

    /// Somebody writes, and saves it. `is_post` if its way is to be followed.
    pub(crate) fn writes(&mut self, who: Who, number: Number, is_post: bool, now: Duration) {
        self.written.push(number);
        if is_post {
            self.spread_of.insert(number, self.spreads.len());
            let course = Course::default();
            self.spreads.push(Spread { said_at: now, known: course, ideal: course });
        }
        self.learns_ideally(who, &[number], now);
        self.commits(who, &[number], now);
    }

    /// Somebody hears who has this.
    pub(crate) fn could_know(&mut self, who: Who, number: Number, now: Duration) {
        self.learns_ideally(who, &[number], now);
    }

    /// A phone has this on its disk from the start, and nobody else may ever have it.
    pub(crate) fn forges(&mut self, who: Who, number: Number) {
        self.forged.insert(number);
        self.committed[who].add(number);
    }

    /// These hear each other.
    pub(crate) fn together(&mut self, group: &[Who], now: Duration) {
        let mut all = Bits::default();
        for who in group {
            all.lacks(&self.ideal[*who]).into_iter().for_each(|number| {
                all.add(number);
            });
        }
        for who in group {
            let lacking = self.ideal[*who].lacks(&all);
            self.learns_ideally(*who, &lacking, now);
        }
    }

    /// A phone has committed these.
    pub(crate) fn commits(&mut self, who: Who, new: &[Number], now: Duration) {
        for number in new {
            if !self.ideal[who].has(*number) {
                self.is_wrong(format!(
                    "phone {who} knows entry {number}, which could not reach it"
                ));
            }
            if self.forged.contains(number) {
                self.is_wrong(format!("phone {who} knows entry {number}, which is forged"));
            }
            if !self.committed[who].add(*number) {
                self.is_wrong(format!("phone {who} was told twice that entry {number} is new"));
            }
            if let Some(at) = self.spread_of.get(number) {
                self.spreads[*at].known.add(self.phones, now);
            }
        }
    }

    /// What is on a phone's disk when it starts, or in the end.
    pub(crate) fn finds(&mut self, who: Who, found: &Bits) {
        if self.committed[who] != *found {
            let (lost, more) =
                (found.lacks(&self.committed[who]), self.committed[who].lacks(found));
            self.is_wrong(format!("phone {who} lost {lost:?} and has {more:?} from nowhere"));
        }
    }

    /// An exchange of `one` with `other` says that both know what `one` does.
    pub(crate) fn finished(&mut self, one: Who, other: Who) {
        let lacking = self.committed[other].lacks(&self.committed[one]);
        if !lacking.is_empty() {
            let what =
                format!("phone {one} was told that {other} knows {lacking:?}, which it does not");
            self.is_wrong(what);
        }
    }

    /// How many phones lack something.
    pub(crate) fn behind(&self) -> usize {
        let mut all = Bits::default();
        self.written.iter().for_each(|number| {
            all.add(*number);
        });
        self.committed.iter().filter(|committed| !committed.lacks(&all).is_empty()).count()
    }

    fn learns_ideally(&mut self, who: Who, new: &[Number], now: Duration) {
        for number in new {
            let is_new = self.ideal[who].add(*number);
            if let Some(at) = self.spread_of.get(number).filter(|_| is_new) {
                self.spreads[*at].ideal.add(self.phones, now);
            }
        }
    }

    fn is_wrong(&mut self, what: String) {
        self.wrong.get_or_insert(what);
    }
}
