//! The working copy of what a person says about themselves, and for whom.
//!
//! It lives in the self space and never travels to others; they get the [`Card`] that
//! [`Profile::seen_by`] makes of it. Each field is stored as a register of its own, value and
//! audience together: were they apart, merging two devices' edits could show a value to an
//! audience that was never chosen for it.

use core::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::audience::{Audience, Shared};
use crate::card::{Bio, Card, Hashtags, Links, Name, PhotoConsent};
use crate::error::{Invalid, Shape};
use crate::wire::{self, WireError};

/// What a person says about themselves; each field with its own audience, at first *me*.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    name: Shared<Option<Name>>,
    hashtags: Shared<Hashtags>,
    bio: Shared<Bio>,
    links: Shared<Links>,
    photo_consent: Shared<Option<PhotoConsent>>,
}

/// Which field of a [`Profile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name.
    Name,
    /// The hashtags, with their levels.
    Hashtags,
    /// The bio.
    Bio,
    /// The links.
    Links,
    /// The photo consent.
    PhotoConsent,
}

/// A [`Field`] with its value; unset is `None` or empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// The name.
    Name(Option<Name>),
    /// The hashtags, with their levels.
    Hashtags(Hashtags),
    /// The bio.
    Bio(Bio),
    /// The links.
    Links(Links),
    /// The photo consent.
    PhotoConsent(Option<PhotoConsent>),
}

impl Profile {
    /// The card of this profile for one who stands as `reader`: a field is on it if it is set and
    /// its audience includes them. The address for letters is not the profile's to know.
    pub fn seen_by(&self, reader: Audience) -> Card {
        Card::default()
            .with_name(seen(&self.name, reader))
            .with_hashtags(seen(&self.hashtags, reader))
            .with_bio(seen(&self.bio, reader))
            .with_links(seen(&self.links, reader))
            .with_photo_consent(seen(&self.photo_consent, reader))
    }

    /// One field.
    pub fn get(&self, field: Field) -> Shared<FieldValue> {
        match field {
            Field::Name => self.name.clone().map(FieldValue::Name),
            Field::Hashtags => self.hashtags.clone().map(FieldValue::Hashtags),
            Field::Bio => self.bio.clone().map(FieldValue::Bio),
            Field::Links => self.links.clone().map(FieldValue::Links),
            Field::PhotoConsent => self.photo_consent.map(FieldValue::PhotoConsent),
        }
    }

    /// Sets the field that `edit` names.
    pub fn set(&mut self, edit: Shared<FieldValue>) {
        let Shared { audience, value } = edit;
        match value {
            FieldValue::Name(value) => self.name = Shared { audience, value },
            FieldValue::Hashtags(value) => self.hashtags = Shared { audience, value },
            FieldValue::Bio(value) => self.bio = Shared { audience, value },
            FieldValue::Links(value) => self.links = Shared { audience, value },
            FieldValue::PhotoConsent(value) => self.photo_consent = Shared { audience, value },
        }
    }

    /// The name.
    pub fn name(&self) -> &Shared<Option<Name>> {
        &self.name
    }

    /// The hashtags.
    pub fn hashtags(&self) -> &Shared<Hashtags> {
        &self.hashtags
    }

    /// The bio.
    pub fn bio(&self) -> &Shared<Bio> {
        &self.bio
    }

    /// The links.
    pub fn links(&self) -> &Shared<Links> {
        &self.links
    }

    /// The photo consent; unset counts as no.
    pub fn photo_consent(&self) -> Shared<Option<PhotoConsent>> {
        self.photo_consent
    }

    /// Sets the name.
    pub fn set_name(&mut self, name: Shared<Option<Name>>) {
        self.name = name;
    }

    /// Sets the hashtags.
    pub fn set_hashtags(&mut self, hashtags: Shared<Hashtags>) {
        self.hashtags = hashtags;
    }

    /// Sets the bio.
    pub fn set_bio(&mut self, bio: Shared<Bio>) {
        self.bio = bio;
    }

    /// Sets the links.
    pub fn set_links(&mut self, links: Shared<Links>) {
        self.links = links;
    }

    /// Sets the photo consent.
    pub fn set_photo_consent(&mut self, consent: Shared<Option<PhotoConsent>>) {
        self.photo_consent = consent;
    }
}

impl Field {
    /// All fields, in the order in which a screen shows them.
    pub const ALL: [Self; 5] =
        [Self::Name, Self::Hashtags, Self::Bio, Self::Links, Self::PhotoConsent];

    /// The name under which the field is stored. It never changes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Hashtags => "hashtags",
            Self::Bio => "bio",
            Self::Links => "links",
            Self::PhotoConsent => "photo_consent",
        }
    }
}

impl FromStr for Field {
    type Err = Invalid;

    fn from_str(name: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|field| field.as_str() == name);
        found.ok_or(Invalid::Malformed(Shape::Field))
    }
}

impl FieldValue {
    /// Which field it is a value of.
    pub fn field(&self) -> Field {
        match self {
            Self::Name(_) => Field::Name,
            Self::Hashtags(_) => Field::Hashtags,
            Self::Bio(_) => Field::Bio,
            Self::Links(_) => Field::Links,
            Self::PhotoConsent(_) => Field::PhotoConsent,
        }
    }
}

impl Shared<FieldValue> {
    /// The most bytes that a register has: the longest bio takes 4 kB.
    pub const MAX_BYTES: usize = 8 * 1024;

    /// Value and audience as the bytes of one register: `[audience, value?]` in CBOR.
    pub fn encode(&self) -> Vec<u8> {
        let audience = self.audience;
        match &self.value {
            FieldValue::Name(value) => register(audience, value),
            FieldValue::Hashtags(value) => register(audience, value),
            FieldValue::Bio(value) => register(audience, value),
            FieldValue::Links(value) => register(audience, value),
            FieldValue::PhotoConsent(value) => register(audience, value),
        }
    }

    /// Reads the register of `field`.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(field: Field, bytes: &[u8]) -> Result<Self, WireError> {
        Ok(match field {
            Field::Name => unregister(bytes)?.map(FieldValue::Name),
            Field::Hashtags => unregister(bytes)?.map(FieldValue::Hashtags),
            Field::Bio => unregister(bytes)?.map(FieldValue::Bio),
            Field::Links => unregister(bytes)?.map(FieldValue::Links),
            Field::PhotoConsent => unregister(bytes)?.map(FieldValue::PhotoConsent),
        })
    }
}

fn seen<T: Clone + Default>(shared: &Shared<T>, reader: Audience) -> T {
    shared.seen_by(reader).cloned().unwrap_or_default()
}

fn register<T: Encode<()>>(audience: Audience, value: &T) -> Vec<u8> {
    wire::encode(&Shared { audience, value })
}

fn unregister<T>(bytes: &[u8]) -> Result<Shared<T>, WireError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    wire::decode(bytes, Shared::<FieldValue>::MAX_BYTES)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{audience, profile};

    #[test]
    fn a_new_profile_shows_nothing_to_anyone() {
        for field in Field::ALL {
            assert_eq!(Profile::default().get(field).audience, Audience::Me);
        }
        assert_eq!(Profile::default().seen_by(Audience::Me), Card::default());
    }

    #[test]
    fn photo_consent_that_is_unset_or_unseen_counts_as_no() {
        let mut profile = Profile::default();
        assert_eq!(profile.seen_by(Audience::Event).photo_consent(), PhotoConsent::No);

        profile.set_photo_consent(Shared::new(Some(PhotoConsent::Yes), Audience::Contacts));
        assert_eq!(profile.seen_by(Audience::Contacts).photo_consent(), PhotoConsent::Yes);
        assert_eq!(profile.seen_by(Audience::Event).photo_consent(), PhotoConsent::No);
    }

    #[test]
    fn a_field_is_found_by_the_name_it_is_stored_under() {
        for field in Field::ALL {
            assert_eq!(field.as_str().parse(), Ok(field));
            assert_eq!(serde_json::to_string(&field).unwrap(), format!("\"{}\"", field.as_str()));
        }
        assert!("photoConsent".parse::<Field>().is_err());
    }

    #[test]
    fn the_register_of_an_unset_field_still_holds_its_audience() {
        let unset = Shared::new(FieldValue::Bio(Bio::default()), Audience::Event);

        assert_eq!(unset.encode(), [0x81, 0x02]);
        assert_eq!(Shared::decode(Field::Bio, &[0x81, 0x02]), Ok(unset));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_field_is_seen_if_and_only_if_its_audience_includes_the_reader(
            profile in profile(),
            reader in audience(),
        ) {
            let card = profile.seen_by(reader);

            let name = profile.name().seen_by(reader).cloned().flatten();
            prop_assert_eq!(card.name(), name.as_ref());
            let hashtags = profile.hashtags().seen_by(reader).cloned().unwrap_or_default();
            prop_assert_eq!(card.hashtags(), &hashtags);
            let bio = profile.bio().seen_by(reader).cloned().unwrap_or_default();
            prop_assert_eq!(card.bio(), &bio);
            let links = profile.links().seen_by(reader).cloned().unwrap_or_default();
            prop_assert_eq!(card.links(), &links);
            let consent = profile.photo_consent().seen_by(reader).copied().flatten();
            prop_assert_eq!(card.photo_consent(), consent.unwrap_or_default());
            prop_assert_eq!(card.letter(), None);
        }

        #[test]
        fn a_wider_reader_never_sees_more(profile in profile(), a in audience(), b in audience()) {
            let (near, far) = (a.min(b), a.max(b));
            let (mine, theirs) = (profile.seen_by(near), profile.seen_by(far));

            prop_assert!(theirs.name().is_none() || theirs.name() == mine.name());
            prop_assert!(theirs.hashtags().is_empty() || theirs.hashtags() == mine.hashtags());
            prop_assert!(theirs.bio().is_empty() || theirs.bio() == mine.bio());
            prop_assert!(theirs.links().is_empty() || theirs.links() == mine.links());
        }

        #[test]
        fn a_profile_is_the_sum_of_its_registers(profile in profile()) {
            let mut again = Profile::default();
            for field in Field::ALL {
                let value = profile.get(field);
                prop_assert_eq!(value.value.field(), field);
                again.set(Shared::decode(field, &value.encode()).unwrap());
            }

            prop_assert_eq!(&again, &profile);
            let json = serde_json::to_string(&profile).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Profile>(&json).unwrap(), &profile);
        }

        #[test]
        fn any_bytes_give_a_register_or_an_error(bytes: Vec<u8>) {
            for field in Field::ALL {
                if let Ok(read) = Shared::decode(field, &bytes) {
                    prop_assert_eq!(read.encode(), &bytes[..]);
                }
            }
        }
    }
}
