//! What one change is, from its bytes alone.
//!
//! [`inspect`] lets through what our own editor could have written: one uncompressed chunk in its one
//! canonical encoding, by an actor of its author, with operations out of a small grammar:
//!
//! | in | may be |
//! |---|---|
//! | a map | put, make or delete under a key |
//! | a list | insert, put, make or delete at an element |
//! | a text | insert or delete of one character |
//!
//! Not in it, because nothing here needs them and each has broken documents: marks and blocks (notes
//! are Markdown), counters (their sum overflows), tables, values of unknown type. Whether an object
//! or a predecessor is really there is for [`history`](super::history) to say.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::Arc;

use automerge::legacy::{self, ElementId, ObjectId, OpType};
use automerge::{ActorId, ChangeHash, ObjType, ScalarValue};

use super::actor::is_actor_of;
use super::layout::{CHECKSUM, survey};
use super::limits::DOCUMENT_OPS;
use super::{Reason, calmly};

/// A change that is sound in itself.
#[derive(Clone, Debug)]
pub struct Inspected {
    change: automerge::Change,
    ops: Vec<Op>,
}

/// Judges one change by its bytes alone: who made it, how large it is, and whether it is written
/// within the grammar. Total: any bytes give a change or a reason, at a cost bounded by their number.
///
/// # Errors
///
/// [`Reason::Malformed`], [`Reason::TooLarge`], [`Reason::ForeignActor`] or [`Reason::Unsupported`].
pub fn inspect(bytes: &[u8], author: &[u8; 32], document: &[u8; 32]) -> Result<Inspected, Reason> {
    let inspected = inspect_unsigned(bytes)?;
    match is_actor_of(inspected.change.actor_id(), author, document) {
        true => Ok(inspected),
        false => Err(Reason::ForeignActor),
    }
}

/// As [`inspect`], whoever the actor is: for the first change, which every replica assumes, and for
/// what was judged before.
pub(super) fn inspect_unsigned(bytes: &[u8]) -> Result<Inspected, Reason> {
    survey(bytes)?;
    calmly(|| decode(bytes)).unwrap_or(Err(Reason::Malformed))
}

fn decode(bytes: &[u8]) -> Result<Inspected, Reason> {
    let change = automerge::Change::try_from(bytes).map_err(|_| Reason::Malformed)?;
    if change.hash().0[..4] != bytes[CHECKSUM] {
        return Err(Reason::Malformed);
    }
    if change.start_op().get() > DOCUMENT_OPS {
        return Err(Reason::DocumentFull);
    }
    let expanded = change.decode();
    let mut reading = Reading { actors: change.actors().zip(0..).collect(), keys: HashMap::new() };
    let ops = expanded.operations.iter().map(|op| reading.op(op)).collect::<Result<Vec<_>, _>>()?;
    if ops.is_empty() {
        return Err(Reason::Unsupported);
    }
    // What does not come back byte for byte when it is encoded again would have another hash after
    // a save, and the document would not load.
    match automerge::Change::from(expanded).raw_bytes() == bytes {
        true => Ok(Inspected { change, ops }),
        false => Err(Reason::Malformed),
    }
}

impl Inspected {
    /// The hash by which later changes name this one.
    pub fn hash(&self) -> [u8; 32] {
        self.change.hash().0
    }

    /// The hashes of the changes that it was made upon.
    pub fn dependencies(&self) -> impl Iterator<Item = [u8; 32]> + '_ {
        self.change.deps().iter().map(|hash| hash.0)
    }

    pub(super) fn change(&self) -> &automerge::Change {
        &self.change
    }

    pub(super) fn deps(&self) -> &[ChangeHash] {
        self.change.deps()
    }

    pub(super) fn start_op(&self) -> NonZeroU64 {
        self.change.start_op()
    }

    pub(super) fn ops(&self) -> &[Op] {
        &self.ops
    }
}

/// One operation. Its id is the change's actor with the change's `start_op` plus its place.
#[derive(Clone, Debug)]
pub(super) struct Op {
    /// The map, list or text that it changes; the root map where there is none.
    pub(super) object: Option<Ref>,
    pub(super) place: Place,
    pub(super) action: Action,
    /// What it replaces.
    pub(super) preds: Vec<Ref>,
}

/// Where in its object an operation acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Key(Arc<str>),
    /// A new element after another, or at the head.
    After(Option<Ref>),
    /// An element that is there.
    At(Ref),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Make(Kind),
    /// A value. `character` says that it is one, and so may stand in a text.
    Put {
        character: bool,
    },
    Delete,
}

/// What holds others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Map,
    List,
    Text,
}

/// The id of an operation: the actor by its number in a table, and the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ref {
    pub(super) actor: u32,
    pub(super) counter: u32,
}

/// Reads operations as Automerge tells them, with the actors by their number in the change.
struct Reading<'a> {
    actors: HashMap<&'a ActorId, u32>,
    keys: HashMap<&'a str, Arc<str>>,
}

impl<'a> Reading<'a> {
    fn op(&mut self, op: &'a legacy::Op) -> Result<Op, Reason> {
        let object = match &op.obj {
            ObjectId::Root => None,
            ObjectId::Id(id) => Some(self.reference(id)?),
        };
        let place = match (&op.key, op.insert) {
            (legacy::Key::Map(key), false) if !key.is_empty() => Place::Key(self.key(key)),
            (legacy::Key::Seq(ElementId::Head), true) => Place::After(None),
            (legacy::Key::Seq(ElementId::Id(id)), true) => Place::After(Some(self.reference(id)?)),
            (legacy::Key::Seq(ElementId::Id(id)), false) => Place::At(self.reference(id)?),
            _ => return Err(Reason::Unsupported),
        };
        let preds = op.pred.iter().map(|id| self.reference(id)).collect::<Result<_, _>>()?;
        Ok(Op { object, place, action: action(&op.action)?, preds })
    }

    fn key(&mut self, key: &'a str) -> Arc<str> {
        Arc::clone(self.keys.entry(key).or_insert_with(|| Arc::from(key)))
    }

    fn reference(&self, id: &legacy::OpId) -> Result<Ref, Reason> {
        let actor = *self.actors.get(id.actor()).ok_or(Reason::Malformed)?;
        let counter = u32::try_from(id.counter()).map_err(|_| Reason::UnknownReference)?;
        Ok(Ref { actor, counter })
    }
}

fn action(action: &OpType) -> Result<Action, Reason> {
    Ok(match action {
        OpType::Make(ObjType::Map) => Action::Make(Kind::Map),
        OpType::Make(ObjType::List) => Action::Make(Kind::List),
        OpType::Make(ObjType::Text) => Action::Make(Kind::Text),
        OpType::Delete => Action::Delete,
        OpType::Put(ScalarValue::Str(text)) => Action::Put { character: is_character(text) },
        OpType::Put(ScalarValue::F64(number)) if !number.is_finite() => {
            return Err(Reason::Unsupported);
        }
        OpType::Put(
            ScalarValue::Bytes(_)
            | ScalarValue::Int(_)
            | ScalarValue::Uint(_)
            | ScalarValue::F64(_)
            | ScalarValue::Timestamp(_)
            | ScalarValue::Boolean(_)
            | ScalarValue::Null,
        ) => Action::Put { character: false },
        _ => return Err(Reason::Unsupported),
    })
}

fn is_character(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some() && characters.next().is_none()
}
