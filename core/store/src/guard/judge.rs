//! The verdict on a whole set of candidates.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use automerge::{Change, ChangeHash};

use super::history::History;
use super::limits::SEARCHES;
use super::loaded::Loaded;
use super::structure::{Inspected, inspect, inspect_unsigned};
use super::trial::{Survivor, blank, survive};
use super::{Candidate, Reason, Verdict};

/// What [`judge`] found.
#[derive(Debug)]
pub struct Judgement {
    /// The document of exactly the changes that count, and the first one. `None` where nothing counts
    /// and no first change was given.
    pub document: Option<Loaded>,
    /// For each candidate, in the order in which they were given.
    pub verdicts: Vec<Verdict>,
}

/// A change that every replica assumes and nobody signs, for documents that two devices may create
/// independently: so that both make the same lists and texts.
#[derive(Clone, Debug)]
pub struct First {
    inspected: Inspected,
    history: History,
}

impl First {
    /// Takes the bytes of a change that the program holds as a constant, under whatever actor.
    ///
    /// # Errors
    ///
    /// Why it could not count in any document.
    pub fn new(bytes: &[u8]) -> Result<Self, Reason> {
        let inspected = inspect_unsigned(bytes)?;
        let mut history = History::default();
        history.admit(&inspected)?;
        let change = inspected.change().clone();
        survive(blank(), vec![change], &history.heads()).ok_or(Reason::Breaks)?;
        Ok(Self { inspected, history })
    }
}

/// Judges all changes that would count in `document`, from nothing but the first change, if every
/// replica assumes one.
///
/// The same set gives the same verdicts, in whatever order and however often its members are given.
/// A search for what breaks costs about twenty trials of the document and happens at most
/// [`SEARCHES`] times; the last one cuts off everything after what it found.
pub fn judge(
    document: &[u8; 32],
    first: Option<&First>,
    candidates: &[Candidate<'_>],
) -> Judgement {
    judge_by(document, first, candidates, survive_from_nothing)
}

fn survive_from_nothing(changes: Vec<Change>) -> Option<Survivor> {
    let heads = heads_of(&changes);
    survive(blank(), changes, &heads)
}

/// Whether a document survives these changes together.
type Trial = fn(Vec<Change>) -> Option<Survivor>;

fn judge_by(
    document: &[u8; 32],
    first: Option<&First>,
    candidates: &[Candidate<'_>],
    trial: Trial,
) -> Judgement {
    let mut ranked = candidates.to_vec();
    ranked.sort_unstable();
    ranked.dedup();
    let inspect_one = |one: &Candidate<'_>| inspect(one.bytes, &one.author, document);
    let inspected: Vec<_> = ranked.iter().map(inspect_one).collect();
    let mut court = Court {
        order: canonical_order(first, &inspected),
        excluded: vec![None; ranked.len()],
        verdicts: Vec::new(),
        ranked,
        inspected,
        first,
        trial,
    };
    let document = court.settle();
    let verdict_of = |candidate| match court.ranked.binary_search(candidate) {
        Ok(rank) => court.verdicts[rank],
        Err(_) => Verdict::Waiting,
    };
    Judgement { document, verdicts: candidates.iter().map(verdict_of).collect() }
}

/// The candidates in the order of (author, position, entry), and what is known of each.
struct Court<'a> {
    ranked: Vec<Candidate<'a>>,
    inspected: Vec<Result<Inspected, Reason>>,
    first: Option<&'a First>,
    /// What has all its dependencies here, in canonical order.
    order: Vec<usize>,
    /// What a search found, by rank.
    excluded: Vec<Option<Reason>>,
    verdicts: Vec<Verdict>,
    trial: Trial,
}

impl Court<'_> {
    /// Admits and tries until the document survives.
    fn settle(&mut self) -> Option<Loaded> {
        let mut strikes: HashMap<[u8; 32], usize> = HashMap::new();
        for search in 1.. {
            let (history, admitted) = self.admit();
            if admitted.is_empty() && self.first.is_none() {
                return None;
            }
            if let Some(survivor) = self.attempt(&admitted) {
                return Some(Loaded::new(survivor, history));
            }
            let breaker = *admitted.get(self.search(&admitted))?;
            let author = self.ranked[breaker].author;
            let strike = strikes.entry(author).or_default();
            *strike += 1;
            let (last, twice) = (search >= SEARCHES, *strike == 2);
            self.cut_off(breaker, |other| last || (twice && other.author == author));
        }
        None
    }

    /// Admits in canonical order what was not excluded, and writes down all verdicts.
    fn admit(&mut self) -> (History, Vec<usize>) {
        let in_itself = |one: &Result<_, Reason>| match one {
            Ok(_) => Verdict::Waiting,
            Err(reason) => Verdict::Refused(*reason),
        };
        self.verdicts = self.inspected.iter().map(in_itself).collect();
        let mut history = self.first.map(|first| first.history.clone()).unwrap_or_default();
        let mut admitted = Vec::new();
        for &rank in &self.order {
            let Ok(inspected) = &self.inspected[rank] else { continue };
            let complete = inspected.deps().iter().all(|dep| history.contains(dep));
            let outcome = match self.excluded[rank] {
                Some(reason) => Err(reason),
                None if history.contains(&inspected.change().hash()) => Err(Reason::Repeated),
                None if !complete => Err(Reason::LeftOut),
                None => history.admit(inspected),
            };
            self.verdicts[rank] = match outcome {
                Ok(()) => Verdict::Counts,
                Err(reason) => Verdict::Refused(reason),
            };
            if outcome.is_ok() {
                admitted.push(rank);
            }
        }
        (history, admitted)
    }

    fn attempt(&self, admitted: &[usize]) -> Option<Survivor> {
        let ours = self.first.iter().map(|first| &first.inspected);
        let theirs = admitted.iter().filter_map(|rank| self.inspected[*rank].as_ref().ok());
        (self.trial)(ours.chain(theirs).map(|one| one.change().clone()).collect())
    }

    /// Halves between the longest prefix known to survive, at first the empty one, and the shortest
    /// known not to: the place of the first that breaks.
    fn search(&self, admitted: &[usize]) -> usize {
        let (mut survives, mut breaks) = (0, admitted.len());
        while breaks - survives > 1 {
            let middle = survives.midpoint(breaks);
            match self.attempt(&admitted[..middle]) {
                Some(_) => survives = middle,
                None => breaks = middle,
            }
        }
        survives
    }

    /// Excludes the one that broke, and those after it in canonical order that `falls` names.
    fn cut_off(&mut self, breaker: usize, falls: impl Fn(&Candidate<'_>) -> bool) {
        self.excluded[breaker] = Some(Reason::Breaks);
        let after = self.order.iter().skip_while(|rank| **rank != breaker).skip(1);
        for &rank in after.filter(|rank| falls(&self.ranked[**rank])) {
            self.excluded[rank].get_or_insert(Reason::CutOff);
        }
    }
}

/// The changes upon which no other was made, in order.
fn heads_of(changes: &[Change]) -> Vec<ChangeHash> {
    let mut heads: BTreeSet<_> = changes.iter().map(Change::hash).collect();
    for dep in changes.iter().flat_map(Change::deps) {
        heads.remove(dep);
    }
    heads.into_iter().collect()
}

/// Orders what is sound in itself after its dependencies, and what could come next by rank. What
/// misses a dependency is not in it.
fn canonical_order(first: Option<&First>, inspected: &[Result<Inspected, Reason>]) -> Vec<usize> {
    let first = first.map(|first| first.inspected.change().hash());
    let mut rank_of: HashMap<ChangeHash, usize> = HashMap::new();
    let sound =
        || inspected.iter().enumerate().filter_map(|(rank, one)| Some((rank, one.as_ref().ok()?)));
    for (rank, one) in sound() {
        rank_of.entry(one.change().hash()).or_insert(rank);
    }
    let mut missing = vec![0usize; inspected.len()];
    let mut dependents: HashMap<usize, Vec<usize>> = HashMap::new();
    for (rank, one) in sound() {
        for dep in one.deps().iter().filter(|dep| Some(**dep) != first) {
            missing[rank] += 1;
            if let Some(dep) = rank_of.get(dep) {
                dependents.entry(*dep).or_default().push(rank);
            }
        }
    }
    let mut ready: BinaryHeap<_> =
        sound().map(|(rank, _)| rank).filter(|rank| missing[*rank] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(inspected.len());
    while let Some(Reverse(rank)) = ready.pop() {
        order.push(rank);
        for dependent in dependents.remove(&rank).unwrap_or_default() {
            missing[dependent] -= 1;
            if missing[dependent] == 0 {
                ready.push(Reverse(dependent));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use automerge::ROOT;
    use automerge::transaction::Transactable;

    use super::*;
    use crate::guard::actor_id;

    const DOCUMENT: [u8; 32] = [9; 32];

    /// One author who made a change on their own, and then others upon it.
    fn chain(author: u8, values: &[&str]) -> Vec<([u8; 32], Vec<u8>)> {
        let mut loaded = Loaded::empty();
        let actor = actor_id(&[author; 32], &DOCUMENT, [0; 4]);
        let mut make = |value: &&str| {
            let edited = loaded.edit(&actor, |tx| tx.put(ROOT, "said", *value));
            ([author; 32], edited.expect("an honest edit").change.expect("a change"))
        };
        values.iter().map(&mut make).collect()
    }

    fn verdicts(posts: &[([u8; 32], Vec<u8>)], trial: Trial) -> Vec<Verdict> {
        let candidates: Vec<_> = (0u64..)
            .zip(posts)
            .map(|(position, (author, bytes))| {
                let entry = *blake3::hash(bytes).as_bytes();
                Candidate { author: *author, position, entry, bytes }
            })
            .collect();
        let judged = judge_by(&DOCUMENT, None, &candidates, trial);
        let mut backwards: Vec<_> = candidates.iter().rev().copied().collect();
        backwards.extend(candidates);
        let again = judge_by(&DOCUMENT, None, &backwards, trial).verdicts;
        assert!(again[..posts.len()].iter().rev().eq(&judged.verdicts));
        judged.verdicts
    }

    fn says(change: &Change, word: &str) -> bool {
        change.raw_bytes().windows(word.len()).any(|window| window == word.as_bytes())
    }

    /// A document that breaks as soon as anybody says `break`.
    fn fragile(changes: Vec<Change>) -> Option<Survivor> {
        let broken = changes.iter().any(|change| says(change, "break"));
        if broken { None } else { survive_from_nothing(changes) }
    }

    /// A document that breaks when two of its changes are there together.
    fn torn(changes: Vec<Change>) -> Option<Survivor> {
        let said = |word| changes.iter().any(|change| says(change, word));
        if said("tear") && said("apart") { None } else { survive_from_nothing(changes) }
    }

    const COUNTS: Verdict = Verdict::Counts;
    const BREAKS: Verdict = Verdict::Refused(Reason::Breaks);
    const LEFT_OUT: Verdict = Verdict::Refused(Reason::LeftOut);
    const CUT_OFF: Verdict = Verdict::Refused(Reason::CutOff);

    #[test]
    fn what_breaks_the_document_is_left_out_with_what_depends_on_it() {
        let posts = [chain(1, &["a", "b"]), chain(2, &["c", "break", "d"]), chain(3, &["e"])];
        let verdicts = verdicts(&posts.concat(), fragile);
        assert_eq!(verdicts, [COUNTS, COUNTS, COUNTS, BREAKS, LEFT_OUT, COUNTS]);
    }

    #[test]
    fn of_two_that_break_together_the_later_in_canonical_order_goes() {
        let posts = [chain(2, &["tear", "a"]), chain(1, &["apart", "b"])];
        let verdicts = verdicts(&posts.concat(), torn);
        assert_eq!(verdicts, [BREAKS, LEFT_OUT, COUNTS, COUNTS]);
    }

    #[test]
    fn who_breaks_a_document_twice_is_cut_off_there() {
        let mut posts = chain(1, &["before"]);
        // Changes of one author that do not depend on each other need actors of their own.
        for (nonce, word) in [(1, "break"), (2, "kept"), (3, "break"), (4, "late"), (5, "later")] {
            let mut loaded = Loaded::empty();
            let actor = actor_id(&[2; 32], &DOCUMENT, [nonce; 4]);
            let edited = loaded.edit(&actor, |tx| tx.put(ROOT, "said", word));
            posts.push(([2; 32], edited.expect("an honest edit").change.expect("a change")));
        }
        posts.extend(chain(3, &["after"]));
        let verdicts = verdicts(&posts, fragile);
        assert_eq!(verdicts, [COUNTS, BREAKS, COUNTS, BREAKS, CUT_OFF, CUT_OFF, COUNTS]);
    }

    #[test]
    fn the_last_search_cuts_off_all_that_comes_after() {
        let breakers = 10..10 + SEARCHES as u8 + 5;
        let mut posts: Vec<_> = breakers.flat_map(|author| chain(author, &["break"])).collect();
        posts.extend(chain(1, &["first"]));
        posts.extend(chain(200, &["last"]));
        let verdicts = verdicts(&posts, fragile);
        assert_eq!(verdicts[..SEARCHES], [BREAKS; SEARCHES]);
        assert_eq!(
            verdicts[SEARCHES..],
            [CUT_OFF, CUT_OFF, CUT_OFF, CUT_OFF, CUT_OFF, COUNTS, CUT_OFF]
        );
    }
}
