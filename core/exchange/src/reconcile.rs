//! Who lacks what: range-based set reconciliation over (time, keyed id).
//!
//! Both sides order their entries by time and, within a millisecond, by a key: a hash of the id
//! keyed with the link's handshake hash and the pass, so that nobody can pick ids whose sums are
//! equal. They take turns. A turn covers the whole order, newest first:
//!
//! 1. The first turn lists the newest ids and gives sums of ranges that double in size towards the
//!    old, because what is new mostly lies together at the end.
//! 2. A **sum** that is equal to one's own closes its range. One that differs by just one's own key
//!    names the entry that the other lacks. Else a short range is answered with its ids, a long
//!    one with the sums of its parts.
//! 3. **Ids** tell their reader both sides of the difference: what the other lacks, and what to ask
//!    for, a bit for each id of the list.
//! 4. A turn without a question closes the pass. Then both send, see [`transfer`](crate::transfer).
//!
//! Sums and ids are cut short on the wire. Where that hides a difference, the fingerprints still
//! differ afterwards, and the next pass uses other keys.
//!
//! The scheme is that of Meyer, "Range-Based Set Reconciliation" (2023). Different here: ranges by
//! recency instead of equal parts, single differences read from the sum, answers as bits.

use std::collections::HashSet;
use std::ops::Range as Indices;

use teilgeber_entry::{EntryId, SpaceId};

use crate::limits::{RANGES_MAX, TURN_BYTES_MAX};
use crate::range::{Matter, Position, Range, short_id, short_sum};
use crate::set::Item;

/// How many of the newest ids the first turn lists. Ten that are new on either side are found
/// without a further turn.
const NEWEST_LISTED: usize = 16;

/// The longest range that is answered with its ids: 200 bytes, where eight sums are some 70 and one
/// more turn.
const LISTED_MAX: usize = 40;

/// A set at the start of a pass, in its order.
pub(crate) struct Snapshot {
    items: Vec<(Position, EntryId)>,
    /// Before each item, and after the last: the wrapping sum of all keys so far.
    sums: Vec<u64>,
}

/// What follows from the other side's turn.
pub(crate) struct Answer {
    /// What to say in return.
    pub(crate) ranges: Vec<Range>,
    /// What the other side turned out to lack.
    pub(crate) lacking: Vec<EntryId>,
}

/// The other side asked with a list of another length than was listed, or that never was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadAsk;

impl Snapshot {
    /// Orders `items` by the keys of this link, space and pass.
    pub(crate) fn new(
        items: Vec<Item>,
        handshake_hash: &[u8; 32],
        space: &SpaceId,
        pass: u32,
    ) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("teilgeber 0 reconcile key");
        hasher.update(handshake_hash).update(space.as_bytes()).update(&pass.to_be_bytes());
        let link_key = hasher.finalize();
        let mut items: Vec<(Position, EntryId)> = items
            .into_iter()
            .map(|Item { time, id }| {
                let key = keyed(link_key.as_bytes(), &id);
                (Position { time: time.min(Position::END.time - 1), key }, id)
            })
            .collect();
        items.sort_unstable();
        let mut sums = Vec::with_capacity(items.len() + 1);
        let mut sum = 0_u64;
        sums.push(sum);
        sums.extend(items.iter().map(|(position, _)| {
            sum = sum.wrapping_add(position.key);
            sum
        }));
        Self { items, sums }
    }

    /// The first turn.
    pub(crate) fn opening(&self) -> Vec<Range> {
        let mut turn = Turn::default();
        let mut upper = self.items.len();
        let mut size = if upper <= LISTED_MAX { upper } else { NEWEST_LISTED };
        while upper > size {
            let lower =
                Position::between(self.items[upper - size - 1].0, self.items[upper - size].0);
            let from = self.first_from(lower);
            turn.push(lower, self.describe(from..upper, upper == self.items.len()));
            size = if upper == self.items.len() { size } else { size * 2 };
            upper = from;
        }
        turn.push(Position::OLDEST, self.describe(0..upper, upper == self.items.len()));
        turn.finish()
    }

    /// Answers the other side's turn.
    pub(crate) fn answer(&self, ranges: &[Range]) -> Result<Answer, BadAsk> {
        let mut turn = Turn::default();
        let mut lacking = Vec::new();
        let mut upper = Position::END;
        for Range { lower, matter } in ranges {
            let mine = self.first_from(*lower)..self.first_from(upper);
            match matter {
                Matter::Nothing => turn.push(*lower, Matter::Nothing),
                Matter::Sum(theirs) => {
                    self.answer_sum(*theirs, mine, *lower..upper, &mut turn, &mut lacking);
                }
                Matter::Ids(theirs) => {
                    turn.push(*lower, self.answer_ids(theirs, mine, &mut lacking));
                }
                Matter::Asks(bits) => {
                    lacking.extend(self.asked(bits, mine)?);
                    turn.push(*lower, Matter::Nothing);
                }
            }
            upper = *lower;
        }
        Ok(Answer { ranges: turn.finish(), lacking })
    }

    fn answer_sum(
        &self,
        theirs: u64,
        mine: Indices<usize>,
        bounds: Indices<Position>,
        turn: &mut Turn,
        lacking: &mut Vec<EntryId>,
    ) {
        let surplus = short_sum(self.sum(mine.clone()).wrapping_sub(theirs));
        if surplus == 0 {
            turn.push(bounds.start, Matter::Nothing);
        } else if theirs == 0 {
            lacking.extend(self.ids(mine));
            turn.push(bounds.start, Matter::Nothing);
        } else if let Some(one) =
            self.items[mine.clone()].iter().find(|(at, _)| short_sum(at.key) == surplus)
        {
            lacking.push(one.1);
            turn.push(bounds.start, Matter::Nothing);
        } else if mine.len() <= LISTED_MAX {
            turn.push(bounds.start, self.describe(mine, true));
        } else {
            self.split(mine, bounds, turn);
        }
    }

    /// What the other side lacks is added to `lacking`, what this side lacks is asked for.
    fn answer_ids(
        &self,
        theirs: &[u64],
        mine: Indices<usize>,
        lacking: &mut Vec<EntryId>,
    ) -> Matter {
        let listed: HashSet<u64> = theirs.iter().copied().collect();
        let mut held = HashSet::with_capacity(mine.len());
        for (position, id) in &self.items[mine] {
            let short = short_id(position.key);
            held.insert(short);
            if !listed.contains(&short) {
                lacking.push(*id);
            }
        }
        let mut bits = vec![0; theirs.len().div_ceil(8)];
        for (at, short) in theirs.iter().enumerate() {
            if !held.contains(short) {
                bits[at / 8] |= 1 << (at % 8);
            }
        }
        match bits.iter().all(|byte| *byte == 0) {
            true => Matter::Nothing,
            false => Matter::Asks(bits),
        }
    }

    fn asked(&self, bits: &[u8], mine: Indices<usize>) -> Result<Vec<EntryId>, BadAsk> {
        if bits.len() != mine.len().div_ceil(8) {
            return Err(BadAsk);
        }
        let asked = |at: &usize| bits[at / 8] >> (at % 8) & 1 == 1;
        Ok((0..mine.len()).filter(asked).map(|at| self.items[mine.start + at].1).collect())
    }

    /// Gives the sums of parts of a range, newest first.
    fn split(&self, mine: Indices<usize>, bounds: Indices<Position>, turn: &mut Turn) {
        let parts = if mine.len() > 1024 { 16 } else { 8 };
        let mut upper = mine.end;
        let mut last = bounds.end;
        for part in 1..parts {
            let cut = mine.end - part * mine.len() / parts;
            let lower = Position::between(self.items[cut - 1].0, self.items[cut].0);
            let from = self.first_from(lower);
            if bounds.start < lower && lower < last && from < upper {
                turn.push(lower, self.describe(from..upper, false));
                (upper, last) = (from, lower);
            }
        }
        turn.push(bounds.start, self.describe(mine.start..upper, false));
    }

    fn describe(&self, mine: Indices<usize>, by_ids: bool) -> Matter {
        match by_ids {
            true => Matter::Ids(self.items[mine].iter().map(|(at, _)| short_id(at.key)).collect()),
            false => Matter::Sum(short_sum(self.sum(mine))),
        }
    }

    fn sum(&self, mine: Indices<usize>) -> u64 {
        self.sums[mine.end].wrapping_sub(self.sums[mine.start])
    }

    fn ids(&self, mine: Indices<usize>) -> impl Iterator<Item = EntryId> {
        self.items[mine].iter().map(|(_, id)| *id)
    }

    fn first_from(&self, position: Position) -> usize {
        self.items.partition_point(|(at, _)| *at < position)
    }
}

/// The part of an id's keyed hash that is summed and listed.
fn keyed(link_key: &[u8; 32], id: &EntryId) -> u64 {
    let mut key = [0; 8];
    key.copy_from_slice(&blake3::keyed_hash(link_key, id.as_bytes()).as_bytes()[..8]);
    u64::from_be_bytes(key)
}

/// A turn being written. Stops, newest ranges first, at what one turn may hold.
#[derive(Default)]
struct Turn {
    ranges: Vec<Range>,
    cost: usize,
    is_full: bool,
}

impl Turn {
    fn push(&mut self, lower: Position, matter: Matter) {
        if self.is_full {
            return;
        }
        if let (Matter::Nothing, Some(Range { lower: last, matter: Matter::Nothing })) =
            (&matter, self.ranges.last_mut())
        {
            *last = lower;
            return;
        }
        // Room is kept for the range that closes the turn.
        let cost = self.cost + matter.cost();
        if cost + Matter::Nothing.cost() > TURN_BYTES_MAX || self.ranges.len() + 1 >= RANGES_MAX {
            self.is_full = true;
            return;
        }
        self.cost = cost;
        self.ranges.push(Range { lower, matter });
    }

    fn finish(mut self) -> Vec<Range> {
        match self.ranges.last_mut() {
            Some(Range { lower: Position::OLDEST, .. }) => {}
            Some(Range { lower, matter: Matter::Nothing }) => *lower = Position::OLDEST,
            _ => {
                let (lower, matter) = (Position::OLDEST, Matter::Nothing);
                self.ranges.push(Range { lower, matter });
            }
        }
        self.ranges
    }
}
