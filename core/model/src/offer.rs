//! What a person offers to others around an event: a ride, a bed, a tip, anything else.
//!
//! Who gets a place is the owner's word alone, so the answers to requests stand in the offer itself,
//! each with the places that it grants. An offer never grants more than it has.
//!
//! On the wire it is a map as `wire` describes it:
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | kind | 0 ride, 1 bed, 2 tip, 3 other |
//! | 1 | from where, of a ride | text |
//! | 2 | to where, of a ride | text |
//! | 3 | when, of a ride | ms since 1970 |
//! | 4 | first night, of a bed | days since 1970 |
//! | 5 | until which morning, of a bed | days since 1970 |
//! | 6 | title, of a tip or other | text |
//! | 7 | places; a tip has none | 1 to 99 |
//! | 8 | text | text |
//! | 9 | until when it holds | ms since 1970 |
//! | 10 | answers | array of `[request 32 bytes, places granted, 0 for no]` |

use core::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::error::Invalid;
use crate::id::Id;
use crate::list::{Distinct, List};
use crate::published::{self, Published};
use crate::text::{Line, Prose};
use crate::time::{Day, Millis, Nights};
use crate::wire::{self, WireError};

/// Where a ride begins or ends.
pub type Stop = Line<80>;

/// What an offer says beside what its kind asks for.
pub type OfferText = Prose<1000>;

/// The owner's answers: each request once.
pub type Answers = List<Answer, 128>;

/// Seats or beds: 1 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Places(u8);

/// What is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Offering {
    /// Seats in a car or on a ticket.
    Ride {
        /// From where.
        from: Stop,
        /// To where.
        to: Stop,
        /// When it leaves.
        when: Millis,
        /// How many seats.
        places: Places,
    },
    /// A bed or a couch.
    Bed {
        /// For which nights.
        nights: Nights,
        /// For how many people.
        places: Places,
    },
    /// A hint, such as a good hotel: there is nothing to ask for.
    Tip {
        /// What it is about.
        title: Line<120>,
    },
    /// Anything else.
    Other {
        /// What it is.
        title: Line<120>,
        /// How many may have it; `None`: there is nothing to ask for.
        #[serde(default)]
        places: Option<Places>,
    },
}

/// The kinds of what is offered, to choose by.
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
pub enum OfferKind {
    /// Seats in a car or on a ticket.
    #[n(0)]
    Ride,
    /// A bed or a couch.
    #[n(1)]
    Bed,
    /// A hint.
    #[n(2)]
    Tip,
    /// Anything else.
    #[n(3)]
    Other,
}

/// The owner's answer to a request.
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
#[cbor(array)]
pub struct Answer {
    /// Which request.
    #[n(0)]
    pub request: Id,
    /// How many places it gets; 0 is a no.
    #[n(1)]
    pub granted: u8,
}

/// An offer, with its owner's answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OfferInJson")]
pub struct Offer {
    #[serde(flatten)]
    offering: Offering,
    text: OfferText,
    until: Millis,
    answers: Answers,
}

impl Places {
    /// One.
    pub const ONE: Self = Self(1);

    /// The most places: a coach has fewer.
    pub const MAX: Self = Self(99);

    /// This many places.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] for 0 and above [`MAX`](Self::MAX).
    pub const fn new(places: u8) -> Result<Self, Invalid> {
        if places >= 1 && places <= Self::MAX.0 {
            Ok(Self(places))
        } else {
            Err(Invalid::OutOfRange)
        }
    }

    /// How many, 1 to 99.
    pub const fn get(self) -> u8 {
        self.0
    }
}

plain_traits!(Places, u8);

impl Offering {
    /// Which kind it is.
    pub fn kind(&self) -> OfferKind {
        match self {
            Self::Ride { .. } => OfferKind::Ride,
            Self::Bed { .. } => OfferKind::Bed,
            Self::Tip { .. } => OfferKind::Tip,
            Self::Other { .. } => OfferKind::Other,
        }
    }

    /// How many places there are to ask for.
    pub fn places(&self) -> Option<Places> {
        match self {
            Self::Ride { places, .. } | Self::Bed { places, .. } => Some(*places),
            Self::Tip { .. } => None,
            Self::Other { places, .. } => *places,
        }
    }
}

impl Distinct for Answer {
    fn same(&self, other: &Self) -> bool {
        self.request == other.request
    }
}

impl Offer {
    /// An offer that holds until then, which nobody has asked for yet.
    pub fn new(offering: Offering, until: Millis) -> Self {
        Self { offering, text: OfferText::default(), until, answers: Answers::default() }
    }

    /// The same offer with this text.
    pub fn with_text(self, text: OfferText) -> Self {
        Self { text, ..self }
    }

    /// The same offer until then.
    pub fn with_until(self, until: Millis) -> Self {
        Self { until, ..self }
    }

    /// The same offer of something else.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] where more places are granted than that has.
    pub fn with_offering(self, offering: Offering) -> Result<Self, Invalid> {
        Self { offering, ..self }.checked()
    }

    /// The same offer with these answers.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] where they grant more places than there are.
    pub fn with_answers(self, answers: Answers) -> Result<Self, Invalid> {
        Self { answers, ..self }.checked()
    }

    /// What is offered.
    pub fn offering(&self) -> &Offering {
        &self.offering
    }

    /// What it says beside.
    pub fn text(&self) -> &OfferText {
        &self.text
    }

    /// Until when it holds.
    pub fn until(&self) -> Millis {
        self.until
    }

    /// The owner's answers.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The answer to one request, if there is any: how many places it gets, 0 for a no.
    pub fn answer_to(&self, request: &Id) -> Option<u8> {
        self.answers.iter().find(|answer| answer.request == *request).map(|answer| answer.granted)
    }

    /// How many places are granted, at most as many as there are.
    pub fn granted(&self) -> u32 {
        self.answers.iter().map(|answer| u32::from(answer.granted)).sum()
    }

    fn checked(self) -> Result<Self, Invalid> {
        let places = self.offering.places().map_or(0, Places::get);
        if self.granted() <= u32::from(places) { Ok(self) } else { Err(Invalid::OutOfRange) }
    }
}

impl Published for Offer {
    /// At its bounds it takes some 10 kB.
    const MAX_BYTES: usize = 16 * 1024;

    fn encode(&self) -> Vec<u8> {
        wire::encode(&OfferOnTheWire::from(self))
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let read: OfferOnTheWire = wire::decode_map(bytes, Self::MAX_BYTES, OfferOnTheWire::KEYS)?;
        let offer = Self::try_from(read).map_err(|_| WireError::Malformed)?;
        // A field that its kind has not would be a second form of the same offer.
        let known = wire::encode(&OfferOnTheWire::from(&offer));
        let same_fields = bytes.get(1..).is_some_and(|body| body.starts_with(&known[1..]));
        if same_fields { Ok(offer) } else { Err(WireError::NotCanonical) }
    }

    /// Of what is offered each field counts as in every published value. Of the answers all count, of two
    /// to one request the later, as long as places are left: those of the latest value first.
    fn merge_concurrent(values: &[(Millis, Id, Self)]) -> Option<Self> {
        let offer = published::fields_in_all(values)?;
        let mut latest_first: Vec<_> = values.iter().collect();
        latest_first.sort_by_cached_key(|(time, id, value)| Reverse((*time, *id, value.encode())));
        let mut left = u32::from(offer.offering.places().map_or(0, Places::get));
        let mut answers: Vec<Answer> = Vec::new();
        for answer in latest_first.iter().flat_map(|(_, _, value)| value.answers.iter()) {
            let is_answered = answers.iter().any(|other| other.same(answer));
            if !is_answered && let Some(rest) = left.checked_sub(answer.granted.into()) {
                left = rest;
                answers.push(*answer);
            }
        }
        let answers = List::lossy(answers);
        Some(Self { answers, ..offer })
    }
}

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct OfferOnTheWire {
    #[n(0)]
    kind: OfferKind,
    #[n(1)]
    from: Option<Stop>,
    #[n(2)]
    to: Option<Stop>,
    #[n(3)]
    when: Option<Millis>,
    #[n(4)]
    night: Option<Day>,
    #[n(5)]
    morning: Option<Day>,
    #[n(6)]
    title: Option<Line<120>>,
    #[n(7)]
    places: Option<Places>,
    #[n(8)]
    text: OfferText,
    #[n(9)]
    until: Millis,
    #[n(10)]
    answers: Answers,
}

impl OfferOnTheWire {
    const KEYS: u32 = 11;
}

impl From<&Offer> for OfferOnTheWire {
    fn from(offer: &Offer) -> Self {
        let mut wire = Self {
            kind: offer.offering.kind(),
            from: None,
            to: None,
            when: None,
            night: None,
            morning: None,
            title: None,
            places: offer.offering.places(),
            text: offer.text.clone(),
            until: offer.until,
            answers: offer.answers.clone(),
        };
        match &offer.offering {
            Offering::Ride { from, to, when, .. } => {
                (wire.from, wire.to) = (Some(from.clone()), Some(to.clone()));
                wire.when = Some(*when);
            }
            Offering::Bed { nights, .. } => {
                (wire.night, wire.morning) = (Some(nights.from()), Some(nights.until()));
            }
            Offering::Tip { title } | Offering::Other { title, .. } => {
                wire.title = Some(title.clone());
            }
        }
        wire
    }
}

impl TryFrom<OfferOnTheWire> for Offer {
    type Error = Invalid;

    fn try_from(wire: OfferOnTheWire) -> Result<Self, Invalid> {
        let offering = match wire.kind {
            OfferKind::Ride => Offering::Ride {
                from: wire.from.ok_or(Invalid::Empty)?,
                to: wire.to.ok_or(Invalid::Empty)?,
                when: wire.when.ok_or(Invalid::Empty)?,
                places: wire.places.ok_or(Invalid::Empty)?,
            },
            OfferKind::Bed => Offering::Bed {
                nights: Nights::new(
                    wire.night.ok_or(Invalid::Empty)?,
                    wire.morning.ok_or(Invalid::Empty)?,
                )?,
                places: wire.places.ok_or(Invalid::Empty)?,
            },
            OfferKind::Tip => Offering::Tip { title: wire.title.ok_or(Invalid::Empty)? },
            OfferKind::Other => {
                Offering::Other { title: wire.title.ok_or(Invalid::Empty)?, places: wire.places }
            }
        };
        Self::new(offering, wire.until).with_text(wire.text).with_answers(wire.answers)
    }
}

#[derive(Deserialize)]
struct OfferInJson {
    #[serde(flatten)]
    offering: Offering,
    #[serde(default)]
    text: OfferText,
    until: Millis,
    #[serde(default)]
    answers: Answers,
}

impl TryFrom<OfferInJson> for Offer {
    type Error = Invalid;

    fn try_from(json: OfferInJson) -> Result<Self, Invalid> {
        Self::new(json.offering, json.until).with_text(json.text).with_answers(json.answers)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{id, millis, offer};

    fn line<const MAX: usize>(text: &str) -> Line<MAX> {
        Line::new(text).unwrap()
    }

    fn ride(places: u8) -> Offering {
        let when = Millis::new(5).unwrap();
        Offering::Ride {
            from: line("Ulm"),
            to: line("Mill"),
            when,
            places: Places::new(places).unwrap(),
        }
    }

    fn answers<const N: usize>(granted: [u8; N]) -> Answers {
        let answer = |(n, granted)| Answer { request: Id::new([n; 32]), granted };
        List::new((0..).zip(granted).map(answer).collect()).unwrap()
    }

    #[test]
    fn the_form_on_the_wire_does_not_change() {
        let until = Millis::new(9).unwrap();
        let day = |day: &str| day.parse().unwrap();
        let nights = Nights::new(day("1970-01-02"), day("1970-01-04")).unwrap();
        let granted = Offer::new(ride(3), until).with_answers(answers([2])).unwrap();
        let bed = Offering::Bed { nights, places: Places::ONE };
        let tip = Offering::Tip { title: line("Inn") };

        let zeros = [0; 32];
        let ride =
            b"\xa7\x00\x00\x01\x63Ulm\x02\x64Mill\x03\x05\x07\x03\x09\x09\x0a\x81\x82\x58\x20";
        let golden: [(Offer, Vec<u8>); 3] = [
            (granted, [&ride[..], &zeros, b"\x02"].concat()),
            (Offer::new(bed, until), b"\xa5\x00\x01\x04\x01\x05\x03\x07\x01\x09\x09".to_vec()),
            (
                Offer::new(tip, until).with_text(OfferText::new("Hi").unwrap()),
                b"\xa4\x00\x02\x06\x63Inn\x08\x62Hi\x09\x09".to_vec(),
            ),
        ];
        for (offer, bytes) in golden {
            assert_eq!(offer.encode(), bytes);
            assert_eq!(Offer::decode(&bytes), Ok(offer));
        }
    }

    #[test]
    fn no_more_places_are_granted_than_there_are() {
        let offer = Offer::new(ride(3), Millis::MAX);

        assert!(offer.clone().with_answers(answers([2, 0, 1])).is_ok());
        let full = offer.clone().with_answers(answers([2, 1])).unwrap();
        assert_eq!(offer.with_answers(answers([2, 2])), Err(Invalid::OutOfRange));
        assert_eq!(full.clone().with_offering(ride(2)), Err(Invalid::OutOfRange));
        assert!(full.with_offering(ride(4)).is_ok());
        let tip = Offer::new(Offering::Tip { title: line("Inn") }, Millis::MAX);
        assert_eq!(tip.with_answers(answers([1])), Err(Invalid::OutOfRange));
        let json = r#"{"kind":"tip","title":"Inn","until":9,
            "answers":[{"request":"ID","granted":1}]}"#;
        let json = json.replace("ID", &"00".repeat(32));
        assert!(serde_json::from_str::<Offer>(&json).is_err());
    }

    #[test]
    fn two_devices_that_answer_at_once_keep_both_answers_while_there_is_room() {
        let answer = |request, granted| Answer { request: Id::new([request; 32]), granted };
        let put = |time, all: &[Answer]| {
            let offer = Offer::new(ride(3), Millis::MAX);
            let offer = offer.with_answers(List::new(all.to_vec()).unwrap()).unwrap();
            (Millis::new(time).unwrap(), Id::new([0; 32]), offer)
        };
        let merged = |values: &[(Millis, Id, Offer)]| {
            Offer::merge_concurrent(values).unwrap().answers().to_vec()
        };

        let (early, late) = (put(1, &[answer(1, 2)]), put(2, &[answer(2, 1)]));
        assert_eq!(merged(&[early.clone(), late]), [answer(2, 1), answer(1, 2)]);
        // An edit without any answer takes none away.
        assert_eq!(merged(&[early.clone(), put(2, &[])]), [answer(1, 2)]);
        // The later word about one request, and the later yes where both do not fit.
        assert_eq!(merged(&[early.clone(), put(2, &[answer(1, 0)])]), [answer(1, 0)]);
        assert_eq!(merged(&[early, put(2, &[answer(2, 3)])]), [answer(2, 3)]);
    }

    #[test]
    fn a_second_form_of_an_offer_is_refused() {
        let forms: [(&str, &[u8]); 6] = [
            ("tip_with_places", b"\xa4\x00\x02\x06\x63Inn\x07\x01\x09\x09"),
            ("tip_without_title", b"\xa2\x00\x02\x09\x09"),
            ("bed_without_a_night", b"\xa5\x00\x01\x04\x01\x05\x01\x07\x01\x09\x09"),
            ("no_until", b"\xa2\x00\x02\x06\x63Inn"),
            ("kind_unknown", b"\xa3\x00\x04\x06\x63Inn\x09\x09"),
            ("no_places", b"\xa4\x00\x03\x06\x63Inn\x07\x00\x09\x09"),
        ];
        for (name, bytes) in forms {
            assert!(Offer::decode(bytes).is_err(), "{name}");
        }
        let newer = b"\xa4\x00\x02\x06\x63Inn\x09\x09\x0b\x01";
        assert!(Offer::decode(newer).is_ok());
    }

    #[test]
    fn an_offer_at_its_bounds_fits() {
        let wide = |length: usize| "𐐷".repeat(length);
        let offering = Offering::Ride {
            from: line(&wide(80)),
            to: line(&wide(80)),
            when: Millis::MAX,
            places: Places::MAX,
        };
        let all = (0..Answers::MAX as u8).map(|n| Answer { request: Id::new([n; 32]), granted: 0 });
        let full = Offer::new(offering, Millis::MAX)
            .with_text(OfferText::new(&wide(1000)).unwrap())
            .with_answers(List::new(all.collect()).unwrap())
            .unwrap();

        assert!(full.encode().len() < Offer::MAX_BYTES);
        assert_eq!(Offer::decode(&full.encode()), Ok(full));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn an_offer_reads_back(offer in offer()) {
            let json = serde_json::to_string(&offer).unwrap();

            prop_assert_eq!(&Offer::decode(&offer.encode()).unwrap(), &offer);
            prop_assert_eq!(&serde_json::from_str::<Offer>(&json).unwrap(), &offer);
        }

        #[test]
        fn any_bytes_give_an_offer_in_its_one_form_or_an_error(
            offer in offer(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = offer.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = Offer::decode(&bytes) {
                let again = read.encode();
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }

        #[test]
        fn what_two_devices_say_at_once_merges_in_any_order_and_grants_no_more_than_there_is(
            (values, shuffled) in prop::collection::vec((millis(), id(), offer()), 1..5)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        ) {
            let merged = Offer::merge_concurrent(&values).unwrap();
            let places = merged.offering().places().map_or(0, |places| places.get().into());

            prop_assert!(merged.granted() <= places);
            prop_assert_eq!(Offer::merge_concurrent(&shuffled).unwrap(), merged);
        }
    }
}
