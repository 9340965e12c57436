//! What one change is, beside its ancestors.
//!
//! A [`History`] is the changes admitted so far. [`History::admit`] takes one more whose dependencies
//! are all there, or says why not. It asks only what the change and its ancestors answer, and never
//! for what was admitted beside them, with two exceptions: a second change with the same actor and
//! number, and the bounds of a whole document. So as long as all are admitted, their order does not
//! matter.
//!
//! For each change is known, per actor, how many of its changes are ancestors: its *clock*. As every
//! actor's changes form a chain, that says of any operation whether it is an ancestor's. The clocks of
//! the heads are kept, others are made again by walking back.

use std::collections::HashMap;
use std::sync::Arc;

use automerge::{ActorId, ChangeHash};

use super::Reason;
use super::limits::{
    DEPTH, DOCUMENT_ACTORS, DOCUMENT_BYTES, DOCUMENT_CHANGES, DOCUMENT_OBJECTS, DOCUMENT_OPS,
};
use super::structure::{Action, Inspected, Kind, Op, Place, Ref};

/// The changes of one document that were admitted, each after its dependencies.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    changes: Vec<Admitted>,
    by_hash: HashMap<ChangeHash, u32>,
    actors: HashMap<ActorId, u32>,
    /// For each actor its changes in order.
    chains: Vec<Vec<u32>>,
    /// The changes upon which no other was made, with their clocks.
    heads: HashMap<u32, Clock>,
    totals: Totals,
}

#[derive(Clone, Debug)]
struct Admitted {
    hash: ChangeHash,
    actor: u32,
    seq: u32,
    start_op: u32,
    deps: Box<[u32]>,
    rows: Arc<[Row]>,
}

/// What later operations may need to know of one. References are in the numbers of the history.
#[derive(Clone, Debug)]
struct Row {
    object: Option<Ref>,
    place: Place,
    action: Action,
    /// How deep the object stands that it makes.
    depth: u8,
}

/// For each actor, how many of its changes are ancestors, itself included; 0 beyond the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Clock(Vec<u32>);

#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    bytes: usize,
    ops: u64,
    objects: u64,
}

impl History {
    /// Whether a change with this hash was admitted.
    pub(super) fn contains(&self, hash: &ChangeHash) -> bool {
        self.by_hash.contains_key(hash)
    }

    /// The hashes of the heads, in order: what Automerge must report for these changes.
    pub(super) fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<_> = self.heads.keys().map(|head| self.change(*head).hash).collect();
        heads.sort_unstable();
        heads
    }

    /// Takes a change whose dependencies were all admitted.
    ///
    /// # Errors
    ///
    /// Why it does not fit; the history is as before.
    pub(super) fn admit(&mut self, inspected: &Inspected) -> Result<(), Reason> {
        let deps = self.deps(inspected)?;
        let mut clock = self.clock(&deps);
        let actor = self.step(inspected, &deps, &clock)?;
        let rows = Checking { history: self, inspected, clock: &clock, own: actor }.rows()?;
        let totals = self.totals.with(inspected, &rows)?;

        if actor as usize == self.chains.len() {
            self.actors.insert(inspected.change().actor_id().clone(), actor);
            self.chains.push(Vec::new());
        }
        let index = self.changes.len() as u32;
        self.chains[actor as usize].push(index);
        let seq = self.chains[actor as usize].len() as u32;
        clock.set(actor, seq);
        for dep in &deps {
            self.heads.remove(dep);
        }
        self.heads.insert(index, clock);
        let hash = inspected.change().hash();
        self.by_hash.insert(hash, index);
        let start_op = inspected.start_op().get() as u32;
        self.changes.push(Admitted {
            hash,
            actor,
            seq,
            start_op,
            deps: deps.into(),
            rows: rows.into(),
        });
        self.totals = totals;
        Ok(())
    }

    fn deps(&self, inspected: &Inspected) -> Result<Vec<u32>, Reason> {
        if !inspected.deps().is_sorted_by(|left, right| left < right) {
            return Err(Reason::Malformed);
        }
        let known = |hash| self.by_hash.get(hash).copied().ok_or(Reason::UnknownReference);
        inspected.deps().iter().map(known).collect()
    }

    /// Checks number and first operation against the ancestors; the actor's number in the history,
    /// which is the next free one for an actor that is new.
    fn step(&self, inspected: &Inspected, deps: &[u32], clock: &Clock) -> Result<u32, Reason> {
        let change = inspected.change();
        let actor = match self.actors.get(change.actor_id()) {
            Some(actor) => *actor,
            None => self.chains.len() as u32,
        };
        let written = self.chains.get(actor as usize).map_or(0, Vec::len) as u64;
        let seen = u64::from(clock.get(actor));
        let highest = deps.iter().map(|dep| self.change(*dep).max_op()).max().unwrap_or(0);
        if change.seq() != seen + 1 || change.start_op().get() != u64::from(highest) + 1 {
            return Err(Reason::OutOfStep);
        }
        if written != seen {
            return Err(Reason::Repeated);
        }
        if self.changes.len() >= DOCUMENT_CHANGES || actor as usize >= DOCUMENT_ACTORS {
            return Err(Reason::DocumentFull);
        }
        Ok(actor)
    }

    fn clock(&self, deps: &[u32]) -> Clock {
        let mut clock = Clock::default();
        for dep in deps {
            match self.heads.get(dep) {
                Some(known) => clock.join(known),
                None => self.walk_back(*dep, &mut clock),
            }
        }
        clock
    }

    fn walk_back(&self, from: u32, clock: &mut Clock) {
        let mut open = vec![from];
        while let Some(index) = open.pop() {
            let Admitted { actor, seq, .. } = *self.change(index);
            let counted = clock.get(actor);
            if counted < seq {
                clock.set(actor, seq);
                // What the actor wrote in between is an ancestor as well, and so are its dependencies.
                let between = &self.chains[actor as usize][counted as usize..seq as usize];
                open.extend(between.iter().flat_map(|index| &self.change(*index).deps));
            }
        }
    }

    fn change(&self, index: u32) -> &Admitted {
        &self.changes[index as usize]
    }

    /// The operation, if it is of an ancestor by this clock.
    fn ancestor(&self, id: Ref, clock: &Clock) -> Option<&Row> {
        let chain = self.chains.get(id.actor as usize)?.get(..clock.get(id.actor) as usize)?;
        let after = chain.partition_point(|index| self.change(*index).start_op <= id.counter);
        let change = self.change(*chain.get(after.checked_sub(1)?)?);
        change.rows.get((id.counter - change.start_op) as usize)
    }
}

impl Admitted {
    fn max_op(&self) -> u32 {
        self.start_op + self.rows.len() as u32 - 1
    }
}

impl Clock {
    fn get(&self, actor: u32) -> u32 {
        self.0.get(actor as usize).copied().unwrap_or(0)
    }

    fn set(&mut self, actor: u32, seq: u32) {
        if self.0.len() <= actor as usize {
            self.0.resize(actor as usize + 1, 0);
        }
        self.0[actor as usize] = seq;
    }

    fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = (*mine).max(*theirs);
        }
    }
}

impl Totals {
    fn with(self, inspected: &Inspected, rows: &[Row]) -> Result<Self, Reason> {
        let made = rows.iter().filter(|row| matches!(row.action, Action::Make(_))).count();
        let sum = Self {
            bytes: self.bytes + inspected.change().raw_bytes().len(),
            ops: self.ops + rows.len() as u64,
            objects: self.objects + made as u64,
        };
        let fits = sum.bytes <= DOCUMENT_BYTES
            && sum.ops <= DOCUMENT_OPS
            && sum.objects <= DOCUMENT_OBJECTS;
        if fits { Ok(sum) } else { Err(Reason::DocumentFull) }
    }
}

/// One change while its operations are held against its ancestors and each other.
struct Checking<'a> {
    history: &'a History,
    inspected: &'a Inspected,
    clock: &'a Clock,
    own: u32,
}

impl Checking<'_> {
    fn rows(&self) -> Result<Vec<Row>, Reason> {
        let translation = self.translation();
        let mut rows = Vec::with_capacity(self.inspected.ops().len());
        for op in self.inspected.ops() {
            let row = self.row(op, &rows, &translation)?;
            rows.push(row);
        }
        Ok(rows)
    }

    /// The change's numbers for actors, in those of the history. An actor that nothing was admitted
    /// of becomes one that has no operations.
    fn translation(&self) -> Vec<u32> {
        let number = |actor| self.history.actors.get(actor).copied().unwrap_or(u32::MAX);
        let others = self.inspected.change().other_actor_ids().iter().map(number);
        std::iter::once(self.own).chain(others).collect()
    }

    fn row(&self, op: &Op, before: &[Row], translation: &[u32]) -> Result<Row, Reason> {
        let translate = |id: Ref| Ref { actor: translation[id.actor as usize], ..id };
        let place = match &op.place {
            Place::Key(key) => Place::Key(Arc::clone(key)),
            Place::After(element) => Place::After(element.map(translate)),
            Place::At(element) => Place::At(translate(*element)),
        };
        let object = op.object.map(translate);
        let (kind, depth) = self.container(object, before)?;
        let row = Row { object, place, action: op.action, depth };
        let preds: Vec<_> = op.preds.iter().copied().map(translate).collect();
        self.fits(&row, kind, &preds, before)?;
        Ok(row)
    }

    /// What an object is, and how deep one stands that is made in it.
    fn container(&self, object: Option<Ref>, before: &[Row]) -> Result<(Kind, u8), Reason> {
        let Some(id) = object else { return Ok((Kind::Map, 1)) };
        match self.find(id, before)? {
            Row { action: Action::Make(kind), depth, .. } if *depth < DEPTH => {
                Ok((*kind, depth + 1))
            }
            Row { action: Action::Make(_), .. } => Err(Reason::TooLarge),
            _ => Err(Reason::UnknownReference),
        }
    }

    fn fits(&self, row: &Row, kind: Kind, preds: &[Ref], before: &[Row]) -> Result<(), Reason> {
        let place_fits = matches!(
            (kind, &row.place),
            (Kind::Map, Place::Key(_)) | (Kind::List | Kind::Text, Place::After(_) | Place::At(_))
        );
        let replaces = !preds.is_empty();
        let action_fits = match (&row.place, row.action) {
            (Place::After(_), Action::Delete) => false,
            (Place::After(_), _) => !replaces,
            (Place::At(_), _) | (Place::Key(_), Action::Delete) => replaces,
            (Place::Key(_), _) => true,
        };
        // A character is never replaced, only deleted and another one inserted.
        let content_fits = kind != Kind::Text
            || matches!(
                (&row.place, row.action),
                (Place::After(_), Action::Put { character: true }) | (Place::At(_), Action::Delete)
            );
        if !(place_fits && action_fits && content_fits) {
            return Err(Reason::Unsupported);
        }
        if let Place::After(Some(element)) | Place::At(element) = row.place {
            let named = self.find(element, before)?;
            if named.object != row.object || !matches!(named.place, Place::After(_)) {
                return Err(Reason::UnknownReference);
            }
        }
        preds.iter().enumerate().try_for_each(|(index, pred)| {
            let named = self.find(*pred, before)?;
            let same_place = named.object == row.object && named.stands_at(*pred, &row.place);
            // They come in order, so the same one twice stands side by side.
            let once = index == 0 || preds[index - 1] != *pred;
            match same_place && once && named.action != Action::Delete {
                true => Ok(()),
                false => Err(Reason::UnknownReference),
            }
        })
    }

    /// An operation of an ancestor, or an earlier one of this change.
    fn find<'r>(&'r self, id: Ref, before: &'r [Row]) -> Result<&'r Row, Reason> {
        let start_op = self.inspected.start_op().get() as u32;
        let found = match id.actor == self.own && id.counter >= start_op {
            true => before.get((id.counter - start_op) as usize),
            false => self.history.ancestor(id, self.clock),
        };
        found.ok_or(Reason::UnknownReference)
    }
}

impl Row {
    /// Whether this operation, whose id is `id`, gave a value to `place`.
    fn stands_at(&self, id: Ref, place: &Place) -> bool {
        match (place, &self.place) {
            (Place::At(element), Place::After(_)) => *element == id,
            _ => *place == self.place,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use automerge::ROOT;
    use automerge::transaction::Transactable;
    use proptest::prelude::*;

    use super::*;
    use crate::guard::Loaded;
    use crate::guard::structure::inspect_unsigned;

    /// For each step: who writes, and how many of the changes so far they know by then.
    fn branching(steps: &[(u8, usize)]) -> Vec<Inspected> {
        let mut all: Vec<Inspected> = Vec::new();
        for (writer, known) in steps {
            let mut history = History::default();
            let mut document = crate::guard::trial::blank();
            // They know a beginning of what was said, and all of their own.
            let actor = ActorId::from([*writer; 16]);
            let mut needed: BTreeSet<_> = (0..(*known).min(all.len())).collect();
            let own = (0..all.len()).filter(|index| *all[*index].change().actor_id() == actor);
            needed.extend(own);
            let place: HashMap<_, _> =
                all.iter().enumerate().map(|(index, one)| (one.change().hash(), index)).collect();
            let mut open: Vec<_> = needed.iter().copied().collect();
            while let Some(index) = open.pop() {
                for dep in all[index].deps() {
                    if needed.insert(place[dep]) {
                        open.push(place[dep]);
                    }
                }
            }
            let known = needed.iter().map(|index| all[*index].change().clone()).collect::<Vec<_>>();
            document.apply_changes(known).expect("honest changes");
            for index in needed {
                history.admit(&all[index]).expect("honest changes");
            }
            let mut loaded = Loaded { document, history, saved: None };
            let edited = loaded.edit(&actor, |tx| tx.put(ROOT, "said", all.len() as i64));
            let bytes = edited.expect("an honest edit").change.expect("a change");
            all.push(inspect_unsigned(&bytes).expect("an honest change"));
        }
        all
    }

    /// The ancestors of the changes at `from`, and these, by walking over everything.
    fn closure(all: &[Inspected], from: &[ChangeHash]) -> BTreeSet<ChangeHash> {
        let mut open = from.to_vec();
        let mut found = BTreeSet::new();
        while let Some(hash) = open.pop() {
            if found.insert(hash) {
                let one = all.iter().find(|one| one.change().hash() == hash);
                open.extend(one.expect("a known change").deps());
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_clock_counts_exactly_the_ancestors(
            steps in proptest::collection::vec((0u8..4, 0usize..24), 1..24),
        ) {
            let all = branching(&steps);
            let mut history = History::default();
            for inspected in &all {
                let deps = history.deps(inspected).expect("known dependencies");
                let clock = history.clock(&deps);
                let counted: BTreeSet<_> = (0u32..)
                    .zip(&history.chains)
                    .flat_map(|(actor, chain)| &chain[..clock.get(actor) as usize])
                    .map(|index| history.change(*index).hash)
                    .collect();
                prop_assert_eq!(counted, closure(&all, inspected.deps()));
                prop_assert_eq!(history.admit(inspected), Ok(()));
            }
        }
    }
}
