//! What one person publishes in an event: a value without history.
//!
//! A post, an offer or a card is put as a whole each time, so that what was withdrawn or deleted
//! travels in no history. All of them have a form on the wire as `wire` describes it, and all merge
//! the same way where a person's devices put without knowing of each other.

use core::cmp::Ordering;

use crate::id::Id;
use crate::time::Millis;
use crate::wire::{self, WireError};

/// A value that travels as a whole, in one form.
pub trait Published: Sized + Clone {
    /// The most bytes of its form: all known fields at their bounds, and room for those of newer
    /// versions.
    const MAX_BYTES: usize;

    /// The one form of this value on the wire, at most [`MAX_BYTES`](Self::MAX_BYTES) long.
    fn encode(&self) -> Vec<u8>;

    /// Reads a value. Fields that a newer version added are ignored.
    ///
    /// # Errors
    /// Any [`WireError`].
    fn decode(bytes: &[u8]) -> Result<Self, WireError>;

    /// One value of several that a person's devices put without knowing of each other, each with its
    /// time and the id of its entry; `None` of none.
    ///
    /// A field absent in any of them is absent, so that what was withdrawn on one device does not
    /// come back from another; else it has the value of the latest (time, id). What cannot be without
    /// a field that is absent then is the latest as it stands. The order of `values` does not matter.
    fn merge_concurrent(values: &[(Millis, Id, Self)]) -> Option<Self> {
        fields_in_all(values)
    }
}

/// Merges field by field, as [`Published::merge_concurrent`] does for whoever says nothing else.
pub(crate) fn fields_in_all<T: Published>(values: &[(Millis, Id, T)]) -> Option<T> {
    let forms: Vec<_> = values.iter().map(|(_, _, value)| value.encode()).collect();
    let by_time = |a: &usize, b: &usize| -> Ordering {
        let at = |n: &usize| (values[*n].0, values[*n].1);
        // Two entries never share an id; if a caller says so, the bytes decide.
        at(a).cmp(&at(b)).then_with(|| forms[*a].cmp(&forms[*b]))
    };
    let latest = (0..values.len()).max_by(by_time)?;
    let common = wire::fields_in_all(&forms[latest], &forms);
    let merged = common.and_then(|common| T::decode(&common).ok());
    Some(merged.unwrap_or_else(|| values[latest].2.clone()))
}
