//! Topics that a person offers or wants at an event.
//!
//! A person's whole list is one value, put again with every change, so that a topic that was taken
//! back travels in no history. On the wire it is a map as `wire` describes it:
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | topics | array of `[topic, 0 offer / 1 want, level?]`, the level 0 new, 1 some, 2 much |

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::list::{Distinct, List};
use crate::published::Published;
use crate::text::{Line, nfc};
use crate::time::Millis;
use crate::wire::{self, WireError};

/// What a topic is called.
pub type TopicName = Line<80>;

/// The topics of one person: more than a conversation at the coffee machine could hold.
pub type Topics = List<Topic, 32>;

/// A topic, and what its person has to do with it. A list holds each topic once, however it is written.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[cbor(array)]
pub struct Topic {
    /// What it is about.
    #[n(0)]
    pub topic: TopicName,
    /// Whether it is offered or wanted.
    #[n(1)]
    pub stance: Stance,
    /// How much the person has done with it, if they say.
    #[n(2)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Experience>,
}

/// Whether a topic is offered or wanted.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Stance {
    /// The person could say something about it.
    #[n(0)]
    Offer,
    /// The person would like to hear about it.
    #[n(1)]
    Want,
}

/// How much somebody has done with a topic.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Experience {
    /// It is new to them.
    #[n(0)]
    New,
    /// They have done some.
    #[n(1)]
    Some,
    /// They have done much.
    #[n(2)]
    Much,
}

/// What one person offers and wants.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(map)]
pub struct Interests {
    #[n(0)]
    topics: Topics,
}

impl Topic {
    /// By what topics are compared: in lower case and with one space between words, so that `Sour
    /// dough` and `sour  Dough` are one topic.
    pub fn folded(&self) -> String {
        folded(self.topic.as_str())
    }
}

impl Distinct for Topic {
    fn same(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Interests {
    /// Keys on the wire that this version knows.
    const KEYS: u32 = 1;

    /// These topics.
    pub fn new(topics: Topics) -> Self {
        Self { topics }
    }

    /// The topics, in the order in which the person named them.
    pub fn topics(&self) -> &Topics {
        &self.topics
    }

    /// The same list with this topic, in the place of what it said of it before.
    ///
    /// # Errors
    /// [`Invalid::TooMany`](crate::Invalid::TooMany) where the list is full.
    pub fn with(self, topic: Topic) -> Result<Self, crate::Invalid> {
        let mut topics = self.topics.into_vec();
        match topics.iter_mut().find(|other| other.same(&topic)) {
            Some(old) => *old = topic,
            None => topics.push(topic),
        }
        List::new(topics).map(Self::new)
    }

    /// The same list without this topic.
    pub fn without(self, topic: &TopicName) -> Self {
        let gone = folded(topic.as_str());
        let topics = self.topics.into_vec().into_iter().filter(|topic| topic.folded() != gone);
        Self::new(List::lossy(topics))
    }
}

impl Published for Interests {
    /// All topics at their bounds take some 11 kB.
    const MAX_BYTES: usize = 16 * 1024;

    fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode_map(bytes, Self::MAX_BYTES, Self::KEYS)
    }

    /// A topic stands if it is in all of them, as the latest says it: one that was taken back on one
    /// device does not come back from another.
    fn merge_concurrent(values: &[(Millis, Id, Self)]) -> Option<Self> {
        let latest = values.iter().max_by_key(|(time, id, value)| (*time, *id, value.encode()))?;
        let in_all = |topic: &&Topic| {
            let says = |value: &Self| value.topics.iter().any(|other| other.same(topic));
            values.iter().all(|(_, _, value)| says(value))
        };
        let topics = latest.2.topics.iter().filter(in_all).cloned();
        Some(Self::new(List::lossy(topics)))
    }
}

fn folded(topic: &str) -> String {
    let words: Vec<&str> = topic.split_whitespace().collect();
    nfc(words.join(" ").to_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{id, interests, millis};

    fn topic(name: &str, stance: Stance, level: Option<Experience>) -> Topic {
        Topic { topic: Line::new(name).unwrap(), stance, level }
    }

    #[test]
    fn the_form_on_the_wire_does_not_change() {
        let interests = Interests::default()
            .with(topic("Tea", Stance::Offer, Some(Experience::Much)))
            .and_then(|interests| interests.with(topic("Rust", Stance::Want, None)))
            .unwrap();

        let golden = b"\xa1\x00\x82\x83\x63Tea\x00\x02\x82\x64Rust\x01";
        assert_eq!(interests.encode(), golden);
        assert_eq!(Interests::decode(golden), Ok(interests));
        assert_eq!(Interests::decode(b"\xa0"), Ok(Interests::default()));
    }

    #[test]
    fn a_list_at_its_bounds_fits() {
        let name = |n: usize| format!("{n:02}{}", "𐐷".repeat(TopicName::MAX - 2));
        let topics = (0..Topics::MAX).map(|n| topic(&name(n), Stance::Want, Some(Experience::New)));
        let full = Interests::new(List::new(topics.collect()).unwrap());

        assert!(full.encode().len() < Interests::MAX_BYTES);
        assert_eq!(Interests::decode(&full.encode()), Ok(full));
    }

    #[test]
    fn a_topic_stands_once_however_it_is_written() {
        let one = Interests::default().with(topic("Sour dough", Stance::Want, None)).unwrap();
        let other = topic("SOUR \u{a0} Dough", Stance::Offer, Some(Experience::Some));

        let both = one.with(other.clone()).unwrap();

        assert_eq!(both.topics()[..], [other]);
        assert_eq!(both.without(&Line::new("sour dough").unwrap()), Interests::default());
        let twice = b"\xa1\x00\x82\x82\x61a\x00\x82\x61A\x01";
        assert_eq!(Interests::decode(twice), Err(WireError::Malformed));
    }

    #[test]
    fn what_one_device_took_back_another_does_not_bring_back() {
        let tea = topic("Tea", Stance::Offer, None);
        let rust = topic("Rust", Stance::Want, None);
        let both = Interests::new(List::new(vec![tea.clone(), rust]).unwrap());
        let one = Interests::new(List::new(vec![tea]).unwrap());
        let put = |time, value| (Millis::new(time).unwrap(), Id::new([0; 32]), value);

        let merged = Interests::merge_concurrent(&[put(1, one.clone()), put(2, both)]);

        assert_eq!(merged, Some(one));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn interests_read_back(interests in interests()) {
            let json = serde_json::to_string(&interests).unwrap();

            prop_assert_eq!(&Interests::decode(&interests.encode()).unwrap(), &interests);
            prop_assert_eq!(&serde_json::from_str::<Interests>(&json).unwrap(), &interests);
        }

        #[test]
        fn any_bytes_give_a_list_in_its_one_form_or_an_error(
            interests in interests(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = interests.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = Interests::decode(&bytes) {
                let again = read.encode();
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }

        #[test]
        fn merging_does_not_depend_on_the_order(
            (values, shuffled) in prop::collection::vec((millis(), id(), interests()), 1..5)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        ) {
            let merged = Interests::merge_concurrent(&values);
            prop_assert_eq!(Interests::merge_concurrent(&shuffled), merged);
        }
    }
}
