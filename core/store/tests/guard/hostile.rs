//! Changes that no honest editor writes, made from those that one did.

use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{ElementId, Key, MarkData, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Change, ChangeHash, ExpandedChange, ObjType, ScalarValue};

use crate::rng::Rng;

/// One hostile version of `honest`. `known` are changes that it may point to or be spliced with.
pub(crate) fn mutate(rng: &mut Rng, honest: &[u8], known: &[Vec<u8>]) -> Vec<u8> {
    if rng.one_in(3) {
        let mut bytes = honest.to_vec();
        for _ in 0..=rng.below(3) {
            mutate_bytes(rng, &mut bytes, known);
        }
        // Half of them with the checksum of what they now hold.
        return if rng.one_in(2) { with_checksum(bytes) } else { bytes };
    }
    let mut change = Change::try_from(honest).expect("an honest change").decode();
    let ids = known_ids(&change, known);
    for _ in 0..=rng.below(3) {
        match rng.below(4) {
            0 => mutate_header(rng, &mut change, known),
            _ => mutate_ops(rng, &mut change, &ids),
        }
    }
    encode(change).unwrap_or_else(|| honest.to_vec())
}

/// Encodes with a valid hash, where Automerge's own encoder takes it.
pub(crate) fn encode(change: ExpandedChange) -> Option<Vec<u8>> {
    catch_unwind(AssertUnwindSafe(|| Change::from(change).raw_bytes().to_vec())).ok()
}

fn mutate_bytes(rng: &mut Rng, bytes: &mut Vec<u8>, known: &[Vec<u8>]) {
    let at = rng.below(bytes.len());
    let end = (at + 1 + rng.below(12)).min(bytes.len());
    match rng.below(6) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << rng.below(8),
        1 if !bytes.is_empty() => bytes[at] = rng.next() as u8,
        2 => bytes.truncate(at),
        3 => {
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        4 => drop(bytes.drain(at..end)),
        _ => {
            let other = rng.pick(known);
            let from = rng.below(other.len());
            let part = &other[from..(from + rng.below(20)).min(other.len())];
            bytes.splice(at..end, part.iter().copied());
        }
    }
}

fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let hash = catch_unwind(|| Change::try_from(&bytes[..]).ok().map(|change| change.hash()));
    if let Ok(Some(hash)) = hash {
        bytes[4..8].copy_from_slice(&hash.0[..4]);
    }
    bytes
}

/// Ids of operations that are there, and some that are not.
fn known_ids(change: &ExpandedChange, known: &[Vec<u8>]) -> Vec<OpId> {
    let known = known.iter().filter_map(|bytes| Change::try_from(&bytes[..]).ok());
    let ops = |change: &Change| {
        let actor = change.actor_id().clone();
        (change.start_op().get()..=change.max_op()).map(move |counter| OpId(counter, actor.clone()))
    };
    let mut ids: Vec<_> = known.flat_map(|change| ops(&change).collect::<Vec<_>>()).collect();
    let own = (0..change.operations.len() as u64 + 2)
        .map(|index| OpId(change.start_op.get() + index, change.actor_id.clone()));
    ids.extend(own);
    ids.push(OpId(1, ActorId::from([0u8; 16])));
    ids.push(OpId(u64::from(u32::MAX), change.actor_id.clone()));
    ids
}

fn mutate_header(rng: &mut Rng, change: &mut ExpandedChange, known: &[Vec<u8>]) {
    let hash = |bytes: &Vec<u8>| Change::try_from(&bytes[..]).map(|change| change.hash());
    match rng.below(9) {
        0 => {
            let starts = [
                1,
                change.start_op.get().saturating_add(1),
                u64::from(u32::MAX) - 2,
                1 << 40,
                u64::MAX,
            ];
            change.start_op = NonZeroU64::new(*rng.pick(&starts)).expect("none of them is 0");
        }
        1 => {
            let seqs = [0, 1, change.seq.saturating_add(1), u64::from(u32::MAX), u64::MAX];
            change.seq = *rng.pick(&seqs);
        }
        2 => drop(change.deps.pop()),
        3 => change.deps.push(ChangeHash([rng.next() as u8; 32])),
        4 => change.deps.extend(hash(rng.pick(known))),
        5 => change.deps.extend(change.deps.first().copied()),
        6 => change.time = rng.next() as i64,
        7 => change.message = Some("x".repeat(1 + rng.below(300))),
        _ => change.extra_bytes = vec![rng.next() as u8; 1 + rng.below(9)],
    }
}

fn mutate_ops(rng: &mut Rng, change: &mut ExpandedChange, ids: &[OpId]) {
    let count = change.operations.len();
    if count == 0 {
        return;
    }
    let id = |rng: &mut Rng| rng.pick(ids).clone();
    if rng.one_in(6) {
        let op = change.operations[rng.below(count)].clone();
        match rng.below(4) {
            0 => change.operations.push(op),
            1 => drop(change.operations.remove(rng.below(count))),
            2 => change.operations.swap(0, rng.below(count)),
            _ => nest(rng, change),
        }
        return;
    }
    let op = &mut change.operations[rng.below(count)];
    match rng.below(8) {
        0 => op.obj = ObjectId::Id(id(rng)),
        1 => op.obj = ObjectId::Root,
        2 => op.key = random_key(rng, ids),
        3 => op.insert = !op.insert,
        4 => op.action = random_action(rng),
        5 => op.pred = Vec::new().into(),
        6 => op.pred = op.pred.iter().cloned().chain([id(rng)]).collect::<Vec<_>>().into(),
        _ => *op = random_op(rng, ids),
    }
}

/// Maps within maps within maps.
fn nest(rng: &mut Rng, change: &mut ExpandedChange) {
    let mut obj = ObjectId::Root;
    for _ in 0..rng.below(40) {
        let id = change.start_op.get().saturating_add(change.operations.len() as u64);
        change.operations.push(Op {
            action: OpType::Make(ObjType::Map),
            obj,
            key: Key::Map("deeper".into()),
            pred: Vec::new().into(),
            insert: false,
        });
        obj = ObjectId::Id(OpId(id, change.actor_id.clone()));
    }
}

fn random_op(rng: &mut Rng, ids: &[OpId]) -> Op {
    let id = |rng: &mut Rng| rng.pick(ids).clone();
    let preds = (0..rng.below(3)).map(|_| id(rng)).collect::<Vec<_>>();
    Op {
        action: random_action(rng),
        obj: if rng.one_in(3) { ObjectId::Root } else { ObjectId::Id(id(rng)) },
        key: random_key(rng, ids),
        pred: preds.into(),
        insert: rng.one_in(2),
    }
}

fn random_key(rng: &mut Rng, ids: &[OpId]) -> Key {
    match rng.below(5) {
        0 => Key::Map("text".into()),
        1 => Key::Map("".into()),
        2 => Key::Map("k".repeat(1 + rng.below(600)).into()),
        3 => Key::Seq(ElementId::Head),
        _ => Key::Seq(ElementId::Id(rng.pick(ids).clone())),
    }
}

fn random_action(rng: &mut Rng) -> OpType {
    let kinds = [ObjType::Map, ObjType::List, ObjType::Text, ObjType::Table];
    match rng.below(7) {
        0 => OpType::Make(*rng.pick(&kinds)),
        1 => OpType::Delete,
        2 => OpType::Increment(*rng.pick(&[1, -1, i64::MAX, i64::MIN])),
        3 => OpType::MarkBegin(MarkData {
            name: "bold".into(),
            value: random_value(rng),
            expand: rng.one_in(2),
        }),
        4 => OpType::MarkEnd(rng.one_in(2)),
        _ => OpType::Put(random_value(rng)),
    }
}

fn random_value(rng: &mut Rng) -> ScalarValue {
    match rng.below(9) {
        0 => ScalarValue::Str("".into()),
        1 => ScalarValue::Str("a".into()),
        2 => ScalarValue::Str("several".into()),
        3 => ScalarValue::F64(f64::NAN),
        4 => ScalarValue::counter(i64::MAX),
        5 => ScalarValue::Unknown { type_code: 12, bytes: vec![1; rng.below(9)] },
        6 => ScalarValue::Timestamp(i64::MIN),
        7 => ScalarValue::Bytes(vec![0; rng.below(99)]),
        _ => ScalarValue::Null,
    }
}
