//! The third step: does a document survive these changes together?

use automerge::iter::{ListRangeItem, MapRangeItem};
use automerge::{
    Automerge, AutomergeError, Change, ChangeHash, LoadOptions, ObjId, ObjType, ROOT, ReadDoc,
    TextEncoding, Value,
};
use blake3::Hasher;

use super::calmly;

/// Positions in texts are counted in Unicode scalar values, in every document and on every device.
const ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

/// A document that came through, as it is after loading, and the bytes it was loaded from.
pub(super) struct Survivor {
    pub(super) document: Automerge,
    pub(super) saved: Vec<u8>,
}

/// An empty document.
pub(super) fn blank() -> Automerge {
    Automerge::new_with_encoding(ENCODING)
}

/// Loads a saved document.
pub(super) fn load(saved: &[u8]) -> Result<Automerge, AutomergeError> {
    Automerge::load_with_options(saved, LoadOptions::new().text_encoding(ENCODING))
}

/// Applies `changes` to `document`, reads it out, saves it, loads it and reads it out again. `None`
/// where any of these fails, panics, or ends with other heads than `heads` or with other content.
pub(super) fn survive(
    mut document: Automerge,
    changes: Vec<Change>,
    heads: &[ChangeHash],
) -> Option<Survivor> {
    calmly(|| {
        document.apply_changes(changes).ok()?;
        let content = read_out(&document)?;
        let saved = document.save();
        let loaded = load(&saved).ok()?;
        let same = sorted_heads(&document) == heads
            && sorted_heads(&loaded) == heads
            && read_out(&loaded)? == content;
        same.then_some(Survivor { document: loaded, saved })
    })
    .flatten()
}

fn sorted_heads(document: &Automerge) -> Vec<ChangeHash> {
    let mut heads = document.get_heads();
    heads.sort_unstable();
    heads
}

/// A hash of all that a reader can see, conflicting values included. Its cost is bounded by the
/// operations of the document, because every visible value is one.
fn read_out(document: &Automerge) -> Option<blake3::Hash> {
    let mut hasher = Hasher::new();
    let mut open = vec![(ROOT, ObjType::Map)];
    while let Some((object, kind)) = open.pop() {
        hasher.update(&object.to_bytes());
        match kind {
            ObjType::Map | ObjType::Table => {
                for MapRangeItem { key, .. } in document.map_range(&object, ..) {
                    feed(&mut hasher, key.as_bytes());
                    let values = document.get_all(&object, key.as_ref()).ok()?;
                    take_values(values, &mut hasher, &mut open);
                }
            }
            ObjType::List => {
                for ListRangeItem { index, .. } in document.list_range(&object, ..) {
                    let values = document.get_all(&object, index).ok()?;
                    take_values(values, &mut hasher, &mut open);
                }
            }
            ObjType::Text => {
                let text = document.text(&object).ok()?;
                if text.chars().count() != document.length(&object) {
                    return None;
                }
                feed(&mut hasher, text.as_bytes());
            }
        }
    }
    Some(hasher.finalize())
}

fn take_values(
    values: Vec<(Value<'_>, ObjId)>,
    hasher: &mut Hasher,
    open: &mut Vec<(ObjId, ObjType)>,
) {
    for (value, id) in values {
        feed(hasher, &id.to_bytes());
        match value {
            Value::Object(kind) => open.push((id, kind)),
            // Two equal floats are printed alike, and so are no others.
            Value::Scalar(scalar) => feed(hasher, format!("{scalar:?}").as_bytes()),
        }
    }
}

fn feed(hasher: &mut Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
}
