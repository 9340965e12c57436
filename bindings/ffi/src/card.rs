//! What others see of a person.

use std::sync::Arc;

use teilgeber_device as core;
use teilgeber_device::model::{self, Id, Level, Link, PhotoConsent, Tag};

use crate::device::Device;
use crate::error::Result;

/// A hashtag of a person, and how much they know of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Interest {
    /// The hashtag.
    pub tag: Tag,
    /// How much they know.
    #[uniffi(default = None)]
    pub level: Option<Level>,
}

/// What somebody shows of themselves.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Card {
    /// What they are called.
    pub name: Option<String>,
    /// Up to three hashtags.
    pub hashtags: Vec<Interest>,
    /// What they say of themselves.
    pub bio: String,
    /// Where more of them is.
    pub links: Vec<Link>,
    /// Whether they may be photographed; no where they said nothing.
    pub photo_consent: PhotoConsent,
}

/// Somebody in an event, as they show themselves there.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Participant {
    /// Who.
    pub person: Id,
    /// Where: an event, or the space in which contacts see them.
    pub space: Id,
    /// What they show.
    pub card: Card,
    /// Whether an organiser hid it.
    pub hidden: bool,
}

/// Whom to list: those who match all that is set.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct ParticipantFilter {
    /// With this in the name; case and accents do not matter.
    #[uniffi(default = None)]
    pub name: Option<String>,
    /// With this hashtag.
    #[uniffi(default = None)]
    pub tag: Option<Tag>,
    /// With this level: of the hashtag that is asked for, else of any.
    #[uniffi(default = None)]
    pub level: Option<Level>,
    /// Only whom I met: contacts, and who appeared in an event that began before this one.
    #[uniffi(default = false)]
    pub met: bool,
}

/// A page of those who appear in an event. It remembers where the next one begins.
#[derive(Debug, uniffi::Object)]
pub struct ParticipantsPage {
    people: Vec<Participant>,
    next: Option<core::Cursor>,
}

#[uniffi::export]
impl Device {
    /// Who appears in an event, by name, at most `limit` after the page `after`.
    ///
    /// Errors: `NotHere`.
    pub async fn participants(
        &self,
        event: Id,
        after: Option<Arc<ParticipantsPage>>,
        limit: u32,
    ) -> Result<Arc<ParticipantsPage>> {
        self.run(move |device| {
            let after = after.as_ref().and_then(|page| page.next.as_ref());
            Ok(page(device.participants(event, after, limit)?))
        })
        .await
    }

    /// Who appears in an event and matches all that `filter` says, by name, at most `limit` after the page `after`.
    ///
    /// Errors: `NotHere`.
    pub async fn participants_matching(
        &self,
        event: Id,
        filter: ParticipantFilter,
        after: Option<Arc<ParticipantsPage>>,
        limit: u32,
    ) -> Result<Arc<ParticipantsPage>> {
        let ParticipantFilter { name, tag, level, met } = filter;
        let filter = core::ParticipantFilter { name, tag, level, met };
        self.run(move |device| {
            let after = after.as_ref().and_then(|page| page.next.as_ref());
            Ok(page(device.participants_matching(event, &filter, after, limit)?))
        })
        .await
    }

    /// Who appears in an event with this hashtag, by name.
    ///
    /// Errors: `NotHere`.
    pub async fn participants_with_tag(&self, event: Id, tag: Tag) -> Result<Vec<Participant>> {
        self.run(move |device| Ok(participants(device.participants_with_tag(event, &tag)?))).await
    }

    /// How many people appear in an event.
    ///
    /// Errors: `NotHere`.
    pub async fn participant_count(&self, event: Id) -> Result<u64> {
        self.run(move |device| Ok(device.participant_count(event)?)).await
    }

    /// All that a person shows to me, in events and as a contact: to know somebody again.
    pub async fn cards_of(&self, person: Id) -> Result<Vec<Participant>> {
        self.run(move |device| Ok(participants(device.cards_of(person)?))).await
    }
}

#[uniffi::export]
impl ParticipantsPage {
    /// Those on this page.
    pub fn people(&self) -> Vec<Participant> {
        self.people.clone()
    }
}

fn page((people, next): (Vec<core::Participant>, Option<core::Cursor>)) -> Arc<ParticipantsPage> {
    Arc::new(ParticipantsPage { people: participants(people), next })
}

fn participants(people: Vec<core::Participant>) -> Vec<Participant> {
    people.into_iter().map(Participant::from).collect()
}

impl From<core::Participant> for Participant {
    fn from(participant: core::Participant) -> Self {
        let core::Participant { person, space, card, hidden } = participant;
        Self { person, space, card: (&card).into(), hidden }
    }
}

impl From<&model::Card> for Card {
    fn from(card: &model::Card) -> Self {
        Self {
            name: card.name().map(|name| name.as_str().to_owned()),
            hashtags: card.hashtags().iter().cloned().map(Interest::from).collect(),
            bio: card.bio().as_str().to_owned(),
            links: card.links().to_vec(),
            photo_consent: card.photo_consent(),
        }
    }
}

impl From<model::Interest> for Interest {
    fn from(model::Interest { tag, level }: model::Interest) -> Self {
        Self { tag, level }
    }
}

impl From<Interest> for model::Interest {
    fn from(Interest { tag, level }: Interest) -> Self {
        Self { tag, level }
    }
}
