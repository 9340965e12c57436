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
//! 4. A turn without a question closes the pass. Then both send, see [`Exchange`](crate::Exchange).
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

/// From this many entries on a range is split into more parts, which saves a turn where they are a
/// hundred thousand.
const MANY: usize = 1024;

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
        let parts = if mine.len() > MANY { 32 } else { 8 };
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::limits::TURNS_MAX;
    use crate::range::{read_ranges, write_ranges};
    use teilgeber_entry::codec::Reader;

    const SPACE: SpaceId = SpaceId::from_bytes([1; 32]);

    /// What both sides found, and what it took.
    struct Outcome {
        first_lacks: BTreeSet<EntryId>,
        second_lacks: BTreeSet<EntryId>,
        turns: u32,
        bytes: usize,
    }

    /// Lets two sides take turns, over the wire, until one has no question.
    fn reconcile(first: &[Item], second: &[Item]) -> Outcome {
        let snapshot = |items: &[Item]| Snapshot::new(items.to_vec(), &[7; 32], &SPACE, 1);
        let sides = [snapshot(first), snapshot(second)];
        let mut lacking = [BTreeSet::new(), BTreeSet::new()];
        let mut ranges = sides[0].opening();
        let (mut turns, mut bytes) = (1, 0);
        loop {
            let mut wire = Vec::new();
            write_ranges(&ranges, &mut wire);
            assert!(wire.len() <= TURN_BYTES_MAX && turns < TURNS_MAX);
            bytes += wire.len();
            let read = read_ranges(&mut Reader::new(&wire)).unwrap();
            assert_eq!(read, ranges);
            let answer = sides[turns as usize % 2].answer(&read).unwrap();
            lacking[turns as usize % 2].extend(answer.lacking);
            if !ranges.iter().any(|range| range.matter.is_question()) {
                let [second_lacks, first_lacks] = lacking;
                return Outcome { first_lacks, second_lacks, turns, bytes };
            }
            ranges = answer.ranges;
            turns += 1;
        }
    }

    fn item(time: u64, n: u32) -> Item {
        Item { time, id: EntryId::from_bytes(*blake3::hash(&n.to_be_bytes()).as_bytes()) }
    }

    fn difference(a: &[Item], b: &[Item]) -> BTreeSet<EntryId> {
        let b: BTreeSet<EntryId> = b.iter().map(|item| item.id).collect();
        a.iter().map(|item| item.id).filter(|id| !b.contains(id)).collect()
    }

    /// Entries of a few milliseconds or many, on the first side, the second or both.
    fn two_sets() -> impl Strategy<Value = (Vec<Item>, Vec<Item>)> {
        let span = prop_oneof![Just(1_u64), Just(50), Just(1 << 20), Just(1 << 48)];
        (span, 0_u32..100).prop_flat_map(|(span, common)| {
            prop::collection::vec((0..span, 0_u32..100, any::<bool>()), 0..400).prop_map(
                move |entries| {
                    let (mut first, mut second) = (Vec::new(), Vec::new());
                    for (n, (time, chance, is_first)) in entries.into_iter().enumerate() {
                        let item = item(time, n as u32);
                        if chance < common || is_first {
                            first.push(item);
                        }
                        if chance < common || !is_first {
                            second.push(item);
                        }
                    }
                    (first, second)
                },
            )
        })
    }

    fn ranges() -> impl Strategy<Value = Vec<Range>> {
        let bound = (0_u64..1 << 21, prop_oneof![Just(0_u64), any::<u64>()]);
        let matter = prop_oneof![
            any::<u64>().prop_map(|sum| Matter::Sum(short_sum(sum))),
            prop::collection::vec(any::<u64>().prop_map(short_id), 0..50).prop_map(Matter::Ids),
            prop::collection::vec(any::<u8>(), 0..50).prop_map(Matter::Asks),
        ];
        prop::collection::vec((bound, matter), 1..20).prop_map(|mut ranges| {
            ranges.sort_by_key(|((time, key), _)| std::cmp::Reverse((*time, *key)));
            ranges.dedup_by_key(|(bound, _)| *bound);
            let ranges = ranges.into_iter().map(|((time, key), matter)| {
                let lower = Position { time, key };
                Range { lower, matter }
            });
            ranges.chain([Range { lower: Position::OLDEST, matter: Matter::Sum(1) }]).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn two_sides_find_just_the_difference_of_any_two_sets((first, second) in two_sets()) {
            let outcome = reconcile(&first, &second);

            prop_assert_eq!(outcome.first_lacks, difference(&second, &first));
            prop_assert_eq!(outcome.second_lacks, difference(&first, &second));
        }

        #[test]
        fn any_turn_is_answered_within_bounds(items in 0_u32..2000, ranges in ranges()) {
            let items = (0..items).map(|n| item(u64::from(n) << 10, n)).collect();
            let snapshot = Snapshot::new(items, &[7; 32], &SPACE, 1);

            if let Ok(answer) = snapshot.answer(&ranges) {
                let mut wire = Vec::new();
                write_ranges(&answer.ranges, &mut wire);
                prop_assert!(wire.len() <= TURN_BYTES_MAX);
                prop_assert_eq!(read_ranges(&mut Reader::new(&wire)), Ok(answer.ranges));
            }
        }
    }

    #[test]
    fn ten_thousand_entries_with_many_differences_take_few_turns() {
        let all: Vec<Item> = (0..10_000).map(|n| item(u64::from(n / 3) * 1000, n)).collect();
        let without = |k: usize| -> Vec<Item> {
            all.iter().enumerate().filter(|(n, _)| n % 10 != k).map(|(_, item)| *item).collect()
        };
        let (first, second) = (without(3), without(7));

        let outcome = reconcile(&first, &second);

        assert_eq!(outcome.first_lacks, difference(&second, &first));
        assert_eq!(outcome.second_lacks, difference(&first, &second));
        assert!(outcome.turns <= 6, "{} turns", outcome.turns);
        assert!(outcome.bytes < 10_000 * 6, "{} bytes", outcome.bytes);
    }

    #[test]
    fn ten_differences_anywhere_in_a_hundred_thousand_take_two_kilobytes() {
        let base: Vec<Item> = (0..100_000).map(|n| item(u64::from(n) * 1000, n)).collect();
        for seed in 0_u32..5 {
            let (mut first, mut second) = (base.clone(), base.clone());
            for n in 0..5 {
                let place =
                    |n: u32| u64::from((seed * 10 + n).wrapping_mul(0x9e37_79b9) % 100_000_000);
                first.push(item(place(n), 200_000 + n));
                second.push(item(place(n + 5), 300_000 + n));
            }

            let outcome = reconcile(&first, &second);

            assert_eq!(outcome.first_lacks.len() + outcome.second_lacks.len(), 10);
            assert!(outcome.turns <= 5, "{} turns", outcome.turns);
            assert!(outcome.bytes < 2500, "{} bytes", outcome.bytes);
        }
    }

    #[test]
    fn a_turn_that_would_be_too_long_leaves_the_oldest_to_the_next_pass() {
        let odd = |n: u32| item(u64::from(n) * 1000, n);
        let first: Vec<Item> = (0..60_000).map(|n| odd(2 * n)).collect();
        let second: Vec<Item> = (0..60_000).map(|n| odd(2 * n + 1)).collect();

        let outcome = reconcile(&first, &second);

        let found = outcome.first_lacks.len() + outcome.second_lacks.len();
        assert!(found > 10_000 && found < 120_000, "{found}");
        let newest = second.last().unwrap();
        assert!(outcome.first_lacks.contains(&newest.id));
    }

    #[test]
    fn an_ask_for_a_list_that_never_was_is_refused() {
        let snapshot = Snapshot::new(vec![item(1, 1)], &[7; 32], &SPACE, 1);
        let asks = Range { lower: Position::OLDEST, matter: Matter::Asks(vec![1, 1]) };

        assert_eq!(snapshot.answer(&[asks]).err(), Some(BadAsk));
    }

    #[test]
    fn another_link_and_another_pass_have_other_keys() {
        let key = |hash: u8, pass| {
            Snapshot::new(vec![item(1, 1)], &[hash; 32], &SPACE, pass).items[0].0.key
        };
        assert!(key(7, 1) != key(8, 1) && key(7, 1) != key(7, 2));
    }
}
