//! Lists that cannot grow beyond their bound nor hold a thing twice.

use core::ops::Deref;

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Invalid;
use crate::id::Id;

/// An ordered list of at most `MAX` items, of which no two are the [same](Distinct::same).
///
/// Reads like a slice. In CBOR an empty list counts as absent and a map leaves it out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct List<T, const MAX: usize>(Vec<T>);

/// What makes two items of one list the same.
pub trait Distinct {
    /// Whether the two may not stand in one list.
    fn same(&self, other: &Self) -> bool;
}

impl Distinct for Id {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl<T: Distinct, const MAX: usize> List<T, MAX> {
    /// The most items that a list of this type holds.
    pub const MAX: usize = MAX;

    /// Takes the items as they are.
    ///
    /// # Errors
    /// [`Invalid::TooMany`] beyond `MAX`, [`Invalid::Duplicate`] if two are the same.
    pub fn new(items: Vec<T>) -> Result<Self, Invalid> {
        // The bound comes first: finding duplicates is quadratic.
        if items.len() > MAX {
            return Err(Invalid::TooMany { max: MAX });
        }
        let twice = items.iter().enumerate().any(|(n, item)| contains(&items[..n], item));
        if twice { Err(Invalid::Duplicate) } else { Ok(Self(items)) }
    }

    /// Takes what fits: later duplicates and what exceeds the bound are dropped.
    pub fn lossy(items: impl IntoIterator<Item = T>) -> Self {
        let mut kept = Vec::new();
        for item in items {
            if kept.len() == MAX {
                break;
            }
            if !contains(&kept, &item) {
                kept.push(item);
            }
        }
        Self(kept)
    }

    /// The items, to change them and make a list of them again.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T, const MAX: usize> IntoIterator for &'a List<T, MAX> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Distinct, const MAX: usize> TryFrom<Vec<T>> for List<T, MAX> {
    type Error = Invalid;

    fn try_from(items: Vec<T>) -> Result<Self, Invalid> {
        Self::new(items)
    }
}

impl<'de, T: Distinct + Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

impl<Ctx, T: Encode<Ctx>, const MAX: usize> Encode<Ctx> for List<T, MAX> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut Ctx,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.0.encode(e, ctx)
    }

    fn is_nil(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'b, Ctx, T: Distinct + Decode<'b, Ctx>, const MAX: usize> Decode<'b, Ctx> for List<T, MAX> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut Ctx) -> Result<Self, minicbor::decode::Error> {
        let mut items = Vec::new();
        for item in d.array_iter_with(ctx)? {
            // Stops a stranger's endless list at the first item too many.
            if items.len() == MAX {
                let error = Invalid::TooMany { max: MAX };
                return Err(minicbor::decode::Error::message(error));
            }
            items.push(item?);
        }
        Self::new(items).map_err(minicbor::decode::Error::message)
    }

    fn nil() -> Option<Self> {
        Some(Self::default())
    }
}

fn contains<T: Distinct>(items: &[T], item: &T) -> bool {
    items.iter().any(|other| other.same(item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::Tag;

    fn tags<const N: usize>(names: [&str; N]) -> Vec<Tag> {
        names.map(|name| Tag::new(name).unwrap()).into()
    }

    #[test]
    fn a_list_holds_its_bound_and_not_one_more() {
        assert!(List::<Tag, 2>::new(tags(["a", "b"])).is_ok());
        assert_eq!(List::<Tag, 2>::new(tags(["a", "b", "c"])), Err(Invalid::TooMany { max: 2 }));
    }

    #[test]
    fn the_same_thing_does_not_stand_twice() {
        assert_eq!(List::<Tag, 2>::new(tags(["rust", "RUST"])), Err(Invalid::Duplicate));
    }

    #[test]
    fn what_comes_in_lossily_keeps_the_first_of_each() {
        let list = List::<Tag, 2>::lossy(tags(["Rust", "rust", "b", "c"]));

        let shown: Vec<_> = list.iter().map(Tag::as_str).collect();
        assert_eq!(shown, ["Rust", "b"]);
    }

    #[test]
    fn reading_a_list_checks_it_too() {
        assert!(serde_json::from_str::<List<Tag, 2>>(r#"["a","a"]"#).is_err());
        assert!(minicbor::decode::<List<Tag, 2>>(&crate::wire::encode(&tags(["a", "a"]))).is_err());
        assert!(minicbor::decode::<List<Tag, 1>>(&crate::wire::encode(&tags(["a", "b"]))).is_err());
        // An array that claims 2^63 items and holds none must not reserve room for them.
        let huge = [0x9b, 0x80, 0, 0, 0, 0, 0, 0, 0];
        assert!(minicbor::decode::<List<Tag, 2>>(&huge).is_err());
    }
}
