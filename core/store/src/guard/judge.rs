//! The verdict on a whole set of candidates.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

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

/// Judges all changes that would count in `document`, from nothing.
///
/// `first` is a change that every replica assumes and nobody signs, for documents that two devices may
/// create independently. It is ours and is not judged; a `first` that is no change or does not survive
/// by itself is a mistake of the program, and then nothing counts.
///
/// The same set gives the same verdicts, in whatever order and however often its members are given.
/// A search for what breaks costs about twenty trials of the document and happens at most
/// [`SEARCHES`] times; the last one cuts off everything after what it found.
pub fn judge(document: &[u8; 32], first: Option<&[u8]>, candidates: &[Candidate<'_>]) -> Judgement {
    let mut ranked = candidates.to_vec();
    ranked.sort_unstable();
    ranked.dedup();
    let Some(mut court) = Court::new(document, first, &ranked) else {
        return Judgement { document: None, verdicts: vec![Verdict::Waiting; candidates.len()] };
    };
    let document = court.settle();
    let verdict_of = |candidate| match ranked.binary_search(candidate) {
        Ok(rank) => court.verdicts[rank],
        Err(_) => Verdict::Waiting,
    };
    Judgement { document, verdicts: candidates.iter().map(verdict_of).collect() }
}

/// The candidates in the order of (author, position, entry), and what is known of each.
struct Court<'a> {
    ranked: &'a [Candidate<'a>],
    inspected: Vec<Result<Inspected, Reason>>,
    first: Option<Inspected>,
    /// What has all its dependencies here, in canonical order.
    order: Vec<usize>,
    /// What a search found, by rank.
    excluded: Vec<Option<Reason>>,
    verdicts: Vec<Verdict>,
}

impl<'a> Court<'a> {
    fn new(document: &[u8; 32], first: Option<&[u8]>, ranked: &'a [Candidate<'a>]) -> Option<Self> {
        let first = first.map(inspect_unsigned).transpose().ok()?;
        let inspect_one = |one: &Candidate<'_>| inspect(one.bytes, &one.author, document);
        let inspected: Vec<_> = ranked.iter().map(inspect_one).collect();
        let order = canonical_order(first.as_ref(), &inspected);
        Some(Self {
            ranked,
            inspected,
            first,
            order,
            excluded: vec![None; ranked.len()],
            verdicts: Vec::new(),
        })
    }

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
            // Only a first change that does not survive by itself leaves nothing to search in.
            let breaker = *admitted.get(self.search(&admitted))?;
            let author = self.ranked[breaker].author;
            let strike = strikes.entry(author).or_default();
            *strike += 1;
            let (last, twice) = (search == SEARCHES, *strike == 2);
            self.cut_off(breaker, |other| last || (twice && other.author == author));
        }
        None
    }

    /// Admits in canonical order what was not excluded, and writes down all verdicts.
    fn admit(&mut self) -> (History, Vec<usize>) {
        let mut verdicts: Vec<_> = self
            .inspected
            .iter()
            .map(|one| match one {
                Ok(_) => Verdict::Waiting,
                Err(reason) => Verdict::Refused(*reason),
            })
            .collect();
        let mut history = History::default();
        let mut admitted = Vec::new();
        if let Some(first) = &self.first
            && history.admit(first).is_err()
        {
            return (history, admitted);
        }
        for &rank in &self.order {
            let Ok(inspected) = &self.inspected[rank] else { continue };
            let complete = inspected.deps().iter().all(|dep| history.contains(dep));
            let outcome = match self.excluded[rank] {
                Some(reason) => Err(reason),
                None if history.contains(&inspected.change().hash()) => Err(Reason::Repeated),
                None if !complete => Err(Reason::LeftOut),
                None => history.admit(inspected),
            };
            verdicts[rank] = match outcome {
                Ok(()) => Verdict::Counts,
                Err(reason) => Verdict::Refused(reason),
            };
            if outcome.is_ok() {
                admitted.push(rank);
            }
        }
        self.verdicts = verdicts;
        (history, admitted)
    }

    fn attempt(&self, admitted: &[usize]) -> Option<Survivor> {
        let ours = self.first.iter();
        let theirs = admitted.iter().filter_map(|rank| self.inspected[*rank].as_ref().ok());
        let changes: Vec<_> = ours.chain(theirs).map(|one| one.change().clone()).collect();
        let heads = heads_of(&changes);
        survive(blank(), changes, &heads)
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
    let mut heads: std::collections::BTreeSet<_> = changes.iter().map(Change::hash).collect();
    for dep in changes.iter().flat_map(Change::deps) {
        heads.remove(dep);
    }
    heads.into_iter().collect()
}

/// Orders what is sound in itself after its dependencies, and what could come next by rank. What
/// misses a dependency is not in it.
fn canonical_order(
    first: Option<&Inspected>,
    inspected: &[Result<Inspected, Reason>],
) -> Vec<usize> {
    let first = first.map(|first| first.change().hash());
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
