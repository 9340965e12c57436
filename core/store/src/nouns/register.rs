//! The fields of a document: registers and items, all in its root map.
//!
//! A **register** holds one field, as the JSON text of the model's value; a field that is not set has
//! none. Each is replaced as a whole, so edits of different fields merge, and of concurrent edits of
//! one field Automerge's winner is read, which is the same everywhere.
//!
//! An **item** is one element of a list, under the key `field/key`, as the JSON text `[rank, value]`.
//! The key follows from what makes the item itself, so two devices that add different items keep
//! both, and two that add the same one have it once. Items stand in the order of (rank, key). They are
//! kept in the root and not in a map of their own, because a map that two devices make at once
//! is two maps, of which one is not seen.
//!
//! Reading is total: what is too long, of another type, or refused by the model counts as absent.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ROOT, ReadDoc, ScalarValueRef, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use teilgeber_model::Tag;

/// The most bytes of a register that are read. The longest that is written, a bundle of links or a
/// promise, stays below 2 kB; the rest is room for what newer versions add.
const REGISTER_BYTES: usize = 16 * 1024;

/// An element of a list that two devices may change at once.
pub(super) trait Item: Serialize + DeserializeOwned + Clone {
    /// The list's name, which comes before the slash in a key.
    const FIELD: &'static str;

    /// What makes it this item and no other, at most 248 bytes, so that with its field it stays
    /// within [`KEY_BYTES`](crate::guard::limits::KEY_BYTES).
    fn key(&self) -> String;
}

/// Notes and sessions have tags.
impl Item for Tag {
    const FIELD: &'static str = "tag";

    fn key(&self) -> String {
        self.folded().to_owned()
    }
}

/// The register `key`, if it holds such a value.
pub(super) fn get<T: DeserializeOwned>(doc: &impl ReadDoc, key: &str) -> Option<T> {
    let (value, _) = doc.get(ROOT, key).ok()??;
    parse(value.as_str()?)
}

/// All values that stand in the register `key` at once: more than one after concurrent edits.
pub(super) fn get_all<T: DeserializeOwned>(doc: &impl ReadDoc, key: &str) -> Vec<T> {
    let values = doc.get_all(ROOT, key).unwrap_or_default();
    values.iter().filter_map(|(value, _)| parse(value.as_str()?)).collect()
}

/// Writes the register `key` if `new` is not `old`; `None` empties it.
pub(super) fn put<T: Serialize>(
    tx: &mut impl Transactable,
    key: &str,
    old: Option<&T>,
    new: Option<&T>,
) -> Result<(), AutomergeError> {
    let (old, new) = (old.map(json), new.map(json));
    match new {
        _ if new == old => Ok(()),
        Some(new) => tx.put(ROOT, key, new),
        None => tx.delete(ROOT, key),
    }
}

/// The items of a list, in their order.
pub(super) fn items<T: Item>(doc: &impl ReadDoc) -> Vec<T> {
    let mut items: Vec<_> = ranked::<T>(doc).into_iter().collect();
    // Stable: what has the same rank stays in the order of keys.
    items.sort_by_key(|(_, (rank, _))| *rank);
    items.into_iter().map(|(_, (_, item))| item).collect()
}

/// Makes of the list `old` the list `new`: writes the items that are new or differ, removes those that
/// are gone, and moves as few as it can. What somebody else did to other items meanwhile stays.
pub(super) fn put_items<T: Item>(
    tx: &mut impl Transactable,
    old: &[T],
    new: &[T],
) -> Result<(), AutomergeError> {
    let forms = |items: &[T]| -> Vec<_> { items.iter().map(|i| (i.key(), json(i))).collect() };
    let (before, after) = (forms(old), forms(new));
    if before == after {
        return Ok(());
    }
    let mut present = ranked::<T>(tx);
    let kept: BTreeSet<&String> = after.iter().map(|(key, _)| key).collect();
    for (key, _) in before.iter().filter(|(key, _)| !kept.contains(key)) {
        if present.remove(key).is_some() {
            tx.delete(ROOT, full_key::<T>(key))?;
        }
    }
    let before: BTreeMap<_, _> = before.iter().map(|(key, form)| (key, form)).collect();
    let mut written = Vec::new();
    for (item, (key, form)) in new.iter().zip(&after) {
        match (before.get(key) == Some(&form), present.get(key)) {
            (true, Some((rank, theirs))) => written.push((key, Some(*rank), theirs.clone())),
            (true, None) => {} // removed by somebody else
            (false, present) => {
                written.push((key, present.map(|(rank, _)| *rank), item.clone()));
            }
        }
    }
    let ranks = rising(written.iter().map(|(_, rank, _)| *rank));
    for ((key, _, item), rank) in written.iter().zip(ranks) {
        let register = json(&(rank, item));
        if present.get(*key).map(|(rank, item)| json(&(rank, item))) != Some(register.clone()) {
            tx.put(ROOT, full_key::<T>(key), register)?;
        }
    }
    Ok(())
}

/// A key of fixed length for what is too long to be one: half of its BLAKE3 hash, in hex.
pub(super) fn short_key(of: &[u8]) -> String {
    blake3::hash(of).to_hex()[..32].to_owned()
}

/// The JSON text of a value.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the model's values have text keys and no other failure")
}

fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    if text.len() > REGISTER_BYTES {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn full_key<T: Item>(key: &str) -> String {
    format!("{}/{key}", T::FIELD)
}

/// All items that are in the document, by key, with their ranks. One that stands under another
/// item's key is none: it could not be found again.
fn ranked<T: Item>(doc: &impl ReadDoc) -> BTreeMap<String, (u32, T)> {
    let from = full_key::<T>("");
    // `0` follows `/`.
    let to = format!("{}0", T::FIELD);
    let mut found = BTreeMap::new();
    for entry in doc.map_range(ROOT, from.clone()..to) {
        let ValueRef::Scalar(ScalarValueRef::Str(text)) = &entry.value else { continue };
        let Some((rank, item)) = parse::<(u32, T)>(text) else { continue };
        let key = item.key();
        if entry.key.strip_prefix(&from) == Some(&key) {
            found.insert(key, (rank, item));
        }
    }
    found
}

/// Ranks that rise strictly and are the present ones where these rise already.
fn rising(present: impl ExactSizeIterator<Item = Option<u32>>) -> Vec<u32> {
    let count = present.len() as u32;
    let mut ranks = Vec::new();
    let mut least = 0_u32;
    for rank in present {
        let rank = rank.filter(|rank| *rank >= least).unwrap_or(least);
        match rank.checked_add(1) {
            Some(next) => least = next,
            // Only a stranger's rank is as high as that: then all are numbered anew.
            None => return (0..count).collect(),
        }
        ranks.push(rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nouns::samples::{blank, edit, merged};
    use automerge::Automerge;
    use proptest::prelude::*;

    fn tags(text: &str) -> Vec<Tag> {
        text.split_whitespace().map(|tag| Tag::new(tag).unwrap()).collect()
    }

    fn with_tags(text: &str) -> Automerge {
        let mut doc = blank();
        edit(&mut doc, |tx| put_items(tx, &[], &tags(text)));
        doc
    }

    fn shown(doc: &Automerge) -> String {
        let tags: Vec<Tag> = items(doc);
        tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn two_devices_that_add_at_once_keep_both() {
        let mut one = with_tags("a b");
        let mut other = one.fork();

        edit(&mut one, |tx| put_items(tx, &tags("a b"), &tags("a b c")));
        edit(&mut other, |tx| put_items(tx, &tags("a b"), &tags("z a b")));

        assert_eq!(shown(&merged(&mut one, &mut other)), "z a b c");
    }

    #[test]
    fn what_one_removes_and_another_leaves_alone_is_gone() {
        let mut one = with_tags("a b c");
        let mut other = one.fork();

        edit(&mut one, |tx| put_items(tx, &tags("a b c"), &tags("a c")));
        edit(&mut other, |tx| put_items(tx, &tags("a b c"), &tags("a b c d")));

        assert_eq!(shown(&merged(&mut one, &mut other)), "a c d");
    }

    #[test]
    fn an_edit_upon_an_older_list_leaves_what_came_since() {
        let mut doc = with_tags("a b");
        edit(&mut doc, |tx| put_items(tx, &tags("a b"), &tags("b c")));

        edit(&mut doc, |tx| put_items(tx, &tags("a b"), &tags("a B d")));

        assert_eq!(shown(&doc), "B c d");
    }

    #[test]
    fn removing_one_touches_no_other() {
        let mut doc = with_tags("a b c d");

        let ops = edit(&mut doc, |tx| {
            put_items(tx, &tags("a b c d"), &tags("a c d"))?;
            Ok::<_, AutomergeError>(tx.pending_ops())
        });

        assert_eq!(ops, 1);
    }

    #[test]
    fn a_rank_at_its_end_is_numbered_anew() {
        let mut doc = blank();
        edit(&mut doc, |tx| tx.put(ROOT, "tag/a", format!("[{},\"a\"]", u32::MAX)));

        edit(&mut doc, |tx| put_items(tx, &tags("a"), &tags("a b")));

        assert_eq!(shown(&doc), "a b");
    }

    #[test]
    fn what_is_no_item_is_absent() {
        let mut doc = with_tags("good");
        edit(&mut doc, |tx| {
            tx.put(ROOT, "tag/a", "[0,\"b\"]")?;
            tx.put(ROOT, "tag/c", "[0,\"c d\"]")?;
            tx.put(ROOT, "tag/e", "[-1,\"e\"]")?;
            tx.put(ROOT, "tag/f", 7)?;
            tx.put(ROOT, "tag/g", format!("[0,\"g\"{}]", " ".repeat(REGISTER_BYTES)))?;
            tx.put_object(ROOT, "tag/h", automerge::ObjType::Map).map(drop)
        });

        assert_eq!(shown(&doc), "good");
    }

    #[test]
    fn emptying_what_was_never_there_is_nothing() {
        let mut doc = blank();

        let ops = edit(&mut doc, |tx| {
            put(tx, "gone", Some(&1), None)?;
            Ok::<_, AutomergeError>(tx.pending_ops())
        });

        assert_eq!(ops, 0);
        assert_eq!(get::<u8>(&doc, "gone"), None);
    }

    fn any_tags() -> impl Strategy<Value = Vec<Tag>> {
        let letters = prop::sample::subsequence(vec!["a", "b", "c", "d", "E", "F"], 0..=6);
        letters.prop_shuffle().prop_map(|letters| tags(&letters.join(" ")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn any_list_becomes_any_other(lists in prop::collection::vec(any_tags(), 1..6)) {
            let mut doc = blank();
            let mut old = Vec::new();
            for new in lists {
                edit(&mut doc, |tx| put_items(tx, &old, &new));
                prop_assert_eq!(&items::<Tag>(&doc), &new);
                old = new;
            }
        }

        #[test]
        fn what_two_add_to_one_list_is_there_afterwards(
            base in any_tags(),
            mine in any_tags(),
            theirs in any_tags(),
        ) {
            let mut one = blank();
            edit(&mut one, |tx| put_items(tx, &[], &base));
            let mut other = one.fork();

            edit(&mut one, |tx| put_items(tx, &base, &mine));
            edit(&mut other, |tx| put_items(tx, &base, &theirs));

            let both: Vec<Tag> = items(&merged(&mut one, &mut other));
            let added = mine.iter().chain(&theirs).filter(|tag| !base.contains(tag));
            for tag in added {
                prop_assert!(both.contains(tag));
            }
        }
    }
}
