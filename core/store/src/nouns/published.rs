//! What one person publishes: how the puts of a document become one value.

use teilgeber_entry::PersonId;
use teilgeber_model::{Id, Millis, Published};

use super::view::CountedPut;

/// The value that these puts make, none of which supersedes another, and whose it is. One that is
/// not such a value does not count; `None` where none is.
pub(super) fn read<T: Published>(puts: &[CountedPut<'_>]) -> Option<(PersonId, T)> {
    latest(puts).map(|(put, value)| (put.person, value))
}

/// As [`read`], with the put that came last by its author's time: it says when the value was changed.
pub(super) fn latest<'a, T: Published>(
    puts: &'a [CountedPut<'a>],
) -> Option<(&'a CountedPut<'a>, T)> {
    let read = |put: &'a CountedPut<'a>| Some((put, T::decode(put.value).ok()?));
    let mut values: Vec<_> = puts.iter().filter_map(read).collect();
    let (last, _) = values.iter().max_by_key(|(put, _)| (put.time, put.id))?;
    let last = *last;
    if values.len() == 1 {
        return values.pop();
    }
    let timed: Vec<_> = values
        .into_iter()
        .map(|(put, value)| {
            let time = Millis::new(put.time).unwrap_or(Millis::MAX);
            (time, Id::new(*put.id.as_bytes()), value)
        })
        .collect();
    T::merge_concurrent(&timed).map(|value| (last, value))
}
