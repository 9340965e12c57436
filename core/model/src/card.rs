//! What others see of a person.
//!
//! A card is a value without history: the put of a profile in an event, and the put in the card
//! space for one's contacts. It is made from the [`Profile`](crate::Profile), which knows the
//! audiences; a card no longer does, because it holds only what its readers may see.
//!
//! Its form on the wire is a map as `wire` describes it:
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | name | text |
//! | 1 | hashtags | array of `[tag, level?]` |
//! | 2 | bio | text |
//! | 3 | links | array of text |
//! | 4 | photo consent | 0 yes, 1 ask, 2 no |
//! | 5 | letter address | 32 bytes |

use serde::{Deserialize, Serialize};

use crate::id::LetterAddress;
use crate::link::Link;
use crate::list::{Distinct, List};
use crate::published::Published;
use crate::tag::Tag;
use crate::text::{Line, Prose};
use crate::wire::{self, WireError};

/// A person's name: room for titles and several given names.
pub type Name = Line<80>;

/// What a person says about themselves.
pub type Bio = Prose<1000>;

/// The hashtags by which one person recognises another: three, as on a barcamp's first round.
pub type Hashtags = List<Interest, 3>;

/// Where else to find or reach a person.
pub type Links = List<Link, 5>;

/// A hashtag and how much its person knows of it. A list holds each tag once, at any level.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[cbor(array)]
pub struct Interest {
    /// What it is about.
    #[n(0)]
    pub tag: Tag,
    /// How much the person knows of it, if they say.
    #[n(1)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

impl Distinct for Interest {
    fn same(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

/// How much somebody knows of a topic, or should know to follow a session.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Level {
    /// Wants to hear of it.
    #[n(0)]
    Curious,
    /// Has begun.
    #[n(1)]
    Beginner,
    /// Does it regularly.
    #[n(2)]
    Practised,
    /// Can teach it.
    #[n(3)]
    Expert,
}

/// Whether a person may be photographed.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum PhotoConsent {
    /// Yes.
    #[n(0)]
    Yes,
    /// Ask before.
    #[n(1)]
    Ask,
    /// No; also what counts as long as nothing was said.
    #[default]
    #[n(2)]
    No,
}

/// What others see of a person. Every field may be absent.
///
/// To read one that a stranger wrote, use [`decode`](Published::decode), which accepts one form only.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(default)]
#[cbor(map)]
pub struct Card {
    #[n(0)]
    name: Option<Name>,
    #[n(1)]
    hashtags: Hashtags,
    #[n(2)]
    bio: Bio,
    #[n(3)]
    links: Links,
    #[n(4)]
    photo_consent: Option<PhotoConsent>,
    #[n(5)]
    letter: Option<LetterAddress>,
}

impl Card {
    /// Keys on the wire that this version knows: 0 up to, not including, this one.
    const KEYS: u32 = 6;

    /// The same card with this name.
    pub fn with_name(self, name: Option<Name>) -> Self {
        Self { name, ..self }
    }

    /// The same card with these hashtags.
    pub fn with_hashtags(self, hashtags: Hashtags) -> Self {
        Self { hashtags, ..self }
    }

    /// The same card with this bio.
    pub fn with_bio(self, bio: Bio) -> Self {
        Self { bio, ..self }
    }

    /// The same card with these links.
    pub fn with_links(self, links: Links) -> Self {
        Self { links, ..self }
    }

    /// The same card with this photo consent.
    pub fn with_photo_consent(self, photo_consent: Option<PhotoConsent>) -> Self {
        Self { photo_consent, ..self }
    }

    /// The same card with this address for letters.
    pub fn with_letter(self, letter: Option<LetterAddress>) -> Self {
        Self { letter, ..self }
    }

    /// The name.
    pub fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    /// The hashtags; empty when absent.
    pub fn hashtags(&self) -> &Hashtags {
        &self.hashtags
    }

    /// The bio; empty when absent.
    pub fn bio(&self) -> &Bio {
        &self.bio
    }

    /// The links; empty when absent.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Whether the person may be photographed: what they said, or no.
    pub fn photo_consent(&self) -> PhotoConsent {
        self.photo_consent.unwrap_or_default()
    }

    /// Where the person's letters go.
    pub fn letter(&self) -> Option<LetterAddress> {
        self.letter
    }
}

impl Published for Card {
    /// All known fields at their bounds take some 6 kB.
    const MAX_BYTES: usize = 16 * 1024;

    fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode_map(bytes, Self::MAX_BYTES, Self::KEYS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::Id;
    use crate::samples::{card, id, largest_card, millis};
    use crate::time::Millis;

    fn puts() -> impl Strategy<Value = Vec<(Millis, Id, Card)>> {
        prop::collection::vec((millis(), id(), card()), 1..5)
    }

    #[test]
    fn an_empty_card_is_one_byte() {
        assert_eq!(Card::default().encode(), [0xa0]);
        assert_eq!(Card::decode(&[0xa0]), Ok(Card::default()));
    }

    #[test]
    fn the_form_on_the_wire_does_not_change() {
        let card = Card::default()
            .with_name(Some(Name::new("Ada").unwrap()))
            .with_hashtags(
                List::new(vec![
                    Interest { tag: Tag::new("rust").unwrap(), level: Some(Level::Expert) },
                    Interest { tag: Tag::new("tea").unwrap(), level: None },
                ])
                .unwrap(),
            )
            .with_bio(Bio::new("Hi").unwrap())
            .with_links(List::new(vec![Link::new("xmpp:a@b").unwrap()]).unwrap())
            .with_photo_consent(Some(PhotoConsent::Ask));

        let bytes = card.encode();

        let golden = b"\xa5\x00\x63Ada\x01\x82\x82\x64rust\x03\x81\x63tea\x02\x62Hi\
            \x03\x81\x68xmpp:a@b\x04\x01";
        assert_eq!(bytes, golden);
        assert_eq!(Card::decode(golden), Ok(card));
    }

    #[test]
    fn the_largest_card_fits() {
        let bytes = largest_card().encode();

        assert!(bytes.len() < Card::MAX_BYTES / 2, "{}", bytes.len());
        assert_eq!(Card::decode(&bytes), Ok(largest_card()));
    }

    #[test]
    fn what_a_newer_version_added_is_ignored() {
        let newer = b"\xa3\x00\x63Ada\x06\x82\x01\xa1\x02\x03\x18\x40\xf6";

        let card = Card::decode(newer).unwrap();

        assert_eq!(card.name().unwrap().as_str(), "Ada");
    }

    #[test]
    fn every_second_form_is_refused() {
        let forms: [(&str, &[u8]); 12] = [
            ("descending_keys", b"\xa2\x02\x62Hi\x00\x63Ada"),
            ("same_key_twice", b"\xa2\x00\x63Ada\x00\x63Ada"),
            ("indefinite_map", b"\xbf\x00\x63Ada\xff"),
            ("long_head", b"\xb8\x01\x00\x63Ada"),
            ("long_key", b"\xa1\x18\x00\x63Ada"),
            ("long_length", b"\xa1\x00\x78\x03Ada"),
            ("indefinite_text", b"\xa1\x00\x7f\x63Ada\xff"),
            ("null_field", b"\xa1\x00\xf6"),
            ("empty_list", b"\xa1\x01\x80"),
            ("name_with_space", b"\xa1\x00\x64Ada "),
            ("bytes_after_it", b"\xa1\x00\x63Ada\x00"),
            ("newer_keys_descending", b"\xa2\x09\x00\x08\x00"),
        ];
        for (name, bytes) in forms {
            assert!(Card::decode(bytes).is_err(), "{name}");
        }
    }

    #[test]
    fn what_breaks_a_rule_is_refused() {
        let broken: [(&str, &[u8]); 6] = [
            ("not_a_map", b"\x80"),
            ("name_empty", b"\xa1\x00\x60"),
            ("four_hashtags", b"\xa1\x01\x84\x81\x61a\x81\x61b\x81\x61c\x81\x61d"),
            ("same_hashtag_twice", b"\xa1\x01\x82\x81\x61a\x82\x61A\x01"),
            ("level_unknown", b"\xa1\x01\x81\x82\x61a\x04"),
            ("script_link", b"\xa1\x03\x81\x6cjavascript:1"),
        ];
        for (name, bytes) in broken {
            assert_eq!(Card::decode(bytes), Err(WireError::Malformed), "{name}");
        }
        let long = vec![0; Card::MAX_BYTES + 1];
        assert_eq!(Card::decode(&long), Err(WireError::TooLarge { max: Card::MAX_BYTES }));
    }

    #[test]
    fn what_one_device_withdrew_another_does_not_bring_back() {
        let full = largest_card();
        let withdrawn = full.clone().with_bio(Bio::default()).with_letter(None);
        let put = |time, card| (Millis::new(time).unwrap(), Id::new([0; 32]), card);

        let merged = Card::merge_concurrent(&[put(1, withdrawn.clone()), put(2, full)]).unwrap();

        assert_eq!(merged, withdrawn);
    }

    #[test]
    fn of_what_two_devices_both_say_the_later_word_holds() {
        let named = |name| Card::default().with_name(Some(Name::new(name).unwrap()));
        let put = |time, id, card| (Millis::new(time).unwrap(), Id::new([id; 32]), card);

        let later =
            Card::merge_concurrent(&[put(2, 0, named("new")), put(1, 9, named("old"))]).unwrap();
        let higher =
            Card::merge_concurrent(&[put(1, 1, named("low")), put(1, 2, named("high"))]).unwrap();

        assert_eq!(later, named("new"));
        assert_eq!(higher, named("high"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_card_reads_back(card in card()) {
            let json = serde_json::to_string(&card).unwrap();

            prop_assert_eq!(&Card::decode(&card.encode()).unwrap(), &card);
            prop_assert_eq!(&serde_json::from_str::<Card>(&json).unwrap(), &card);
        }

        #[test]
        fn any_bytes_give_a_card_in_its_one_form_or_an_error(
            card in card(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = card.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = Card::decode(&bytes) {
                let again = read.encode();
                // Either all of it is known, or the rest is a newer version's.
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }

        #[test]
        fn one_changed_byte_never_gives_the_same_card(
            card in card(),
            at: prop::sample::Index,
            with: u8,
        ) {
            let mut bytes = card.encode();
            let at = at.index(bytes.len());
            prop_assume!(bytes[at] != with);
            bytes[at] = with;

            // Tags are equal in any case, so compare forms.
            let read = Card::decode(&bytes).map(|card| card.encode());
            prop_assert_ne!(read, Ok(card.encode()));
        }

        #[test]
        fn merging_does_not_depend_on_the_order(
            (values, shuffled) in puts().prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        ) {
            let merged = Card::merge_concurrent(&values).unwrap().encode();

            prop_assert_eq!(Card::merge_concurrent(&shuffled).unwrap().encode(), merged);
        }

        #[test]
        fn a_field_is_in_the_merged_card_if_and_only_if_it_is_in_all(values in puts()) {
            let merged = Card::merge_concurrent(&values).unwrap();
            let in_all = |has: fn(&Card) -> bool| values.iter().all(|(_, _, card)| has(card));

            prop_assert_eq!(merged.name.is_some(), in_all(|card| card.name.is_some()));
            prop_assert_eq!(!merged.hashtags.is_empty(), in_all(|card| !card.hashtags.is_empty()));
            prop_assert_eq!(!merged.bio.is_empty(), in_all(|card| !card.bio.is_empty()));
            prop_assert_eq!(!merged.links.is_empty(), in_all(|card| !card.links.is_empty()));
            let consent = in_all(|card| card.photo_consent.is_some());
            prop_assert_eq!(merged.photo_consent.is_some(), consent);
            prop_assert_eq!(merged.letter.is_some(), in_all(|card| card.letter.is_some()));
        }

        #[test]
        fn merging_the_same_again_changes_nothing(
            values in puts(),
        ) {
            let merged = Card::merge_concurrent(&values).unwrap();
            let mut again = values.clone();
            again.extend(values.clone());
            let (time, id, _) = values[0];

            prop_assert_eq!(&Card::merge_concurrent(&again).unwrap(), &merged);
            prop_assert_eq!(&Card::merge_concurrent(&[(time, id, merged.clone())]).unwrap(), &merged);
        }
    }
}
