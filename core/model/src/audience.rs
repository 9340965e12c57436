//! Who may read a thing.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Who may read a thing, from narrow to wide. Each includes those before it.
///
/// What was never chosen is for *me* alone.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Encode,
    Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Audience {
    /// My devices.
    #[default]
    #[n(0)]
    Me,
    /// Those who hold my card.
    #[n(1)]
    Contacts,
    /// Everyone in the event, my contacts too.
    #[n(2)]
    Event,
    /// The whole world: a hub may publish it.
    #[n(3)]
    Everyone,
}

impl Audience {
    /// All of them, from narrow to wide.
    pub const ALL: [Self; 4] = [Self::Me, Self::Contacts, Self::Event, Self::Everyone];

    /// Whether what is for `self` may be read by one who stands as `reader`.
    pub fn includes(self, reader: Self) -> bool {
        reader <= self
    }
}

/// A value together with who may read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(array)]
pub struct Shared<T> {
    /// Who may read it.
    #[n(0)]
    pub audience: Audience,
    /// What they read.
    #[n(1)]
    pub value: T,
}

impl<T> Shared<T> {
    /// `value`, for `audience`.
    pub fn new(value: T, audience: Audience) -> Self {
        Self { audience, value }
    }

    /// The value, if `reader` may read it.
    pub fn seen_by(&self, reader: Audience) -> Option<&T> {
        self.audience.includes(reader).then_some(&self.value)
    }

    /// The same audience, with the value changed by `f`.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Shared<U> {
        Shared { audience: self.audience, value: f(self.value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shared_unless_somebody_chose_to() {
        assert_eq!(Audience::default(), Audience::Me);
        assert_eq!(Shared::<u8>::default().seen_by(Audience::Contacts), None);
    }

    #[test]
    fn a_wider_audience_includes_all_narrower_ones_and_no_wider_one() {
        for (width, audience) in Audience::ALL.into_iter().enumerate() {
            for (place, reader) in Audience::ALL.into_iter().enumerate() {
                assert_eq!(audience.includes(reader), place <= width);
            }
        }
    }
}
