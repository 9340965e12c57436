//! What I say about myself, and for whom.

use teilgeber_device::model::{self, Audience, Id, Link, PhotoConsent, Shared};

use crate::card::{Card, Interest};
use crate::device::{Device, Places};
use crate::error::{CoreError, Result};
use crate::values::{list, maybe_line, prose};

/// What a person says about themselves; each field with those for whom it is, at first for *me* alone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Profile {
    /// The name; none is unset.
    #[uniffi(default = None)]
    pub name: Option<String>,
    /// For whom the name is.
    pub name_for: Audience,
    /// Up to three hashtags.
    #[uniffi(default = [])]
    pub hashtags: Vec<Interest>,
    /// For whom the hashtags are.
    pub hashtags_for: Audience,
    /// A few sentences; empty is unset.
    #[uniffi(default = "")]
    pub bio: String,
    /// For whom the bio is.
    pub bio_for: Audience,
    /// Up to five links.
    #[uniffi(default = [])]
    pub links: Vec<Link>,
    /// For whom the links are.
    pub links_for: Audience,
    /// Whether I may be photographed; none is unset.
    #[uniffi(default = None)]
    pub photo_consent: Option<PhotoConsent>,
    /// For whom the consent is.
    pub photo_consent_for: Audience,
}

#[uniffi::export]
impl Device {
    /// My profile as it stands; all unset at first.
    pub async fn profile(&self) -> Result<Profile> {
        self.run(|device| Ok(device.profile()?.into())).await
    }

    /// Makes my profile say `profile`, and publishes to each audience what it may see: to my contacts their card,
    /// and to the events in which I appear theirs.
    ///
    /// Errors: `FreeSpace`, `Invalid`.
    pub async fn set_profile(&self, profile: Profile) -> Result<()> {
        self.run(|device| Ok(device.set_profile(&profile.try_into()?)?)).await
    }

    /// My card as one sees it who stands as `reader`.
    pub async fn card_seen_by(&self, reader: Audience) -> Result<Card> {
        self.run(move |device| Ok((&device.profile()?.seen_by(reader)).into())).await
    }

    /// Whether I am to be seen in an event, by what my profile shows there. Off until it is said; turning it off
    /// erases what was seen, and asks others for the same.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn appear_in(&self, event: Id, appear: bool) -> Result<()> {
        self.run(move |device| Ok(device.appear_in(event, appear)?)).await
    }

    /// How many devices have heard that I withdrew from an event: by how many the erasure of what was last seen of me is
    /// confirmed. None where nothing was withdrawn.
    ///
    /// Errors: `NotHere`.
    pub async fn withdrawal(&self, event: Id) -> Result<Option<Places>> {
        self.run(move |device| Ok(device.withdrawal(event)?)).await
    }

    /// Whether I am to be seen in an event.
    pub async fn appears_in(&self, event: Id) -> Result<bool> {
        self.run(move |device| Ok(device.appears_in(event)?)).await
    }
}

impl From<model::Profile> for Profile {
    fn from(profile: model::Profile) -> Self {
        let consent = profile.photo_consent();
        let hashtags = profile.hashtags().value.iter().cloned();
        Self {
            name: profile.name().value.as_ref().map(|name| name.as_str().to_owned()),
            name_for: profile.name().audience,
            hashtags: hashtags.map(Interest::from).collect(),
            hashtags_for: profile.hashtags().audience,
            bio: profile.bio().value.as_str().to_owned(),
            bio_for: profile.bio().audience,
            links: profile.links().value.to_vec(),
            links_for: profile.links().audience,
            photo_consent: consent.value,
            photo_consent_for: consent.audience,
        }
    }
}

impl TryFrom<Profile> for model::Profile {
    type Error = CoreError;

    fn try_from(profile: Profile) -> Result<Self> {
        let hashtags = profile.hashtags.into_iter().map(model::Interest::from).collect();
        let mut new = Self::default();
        new.set_name(Shared::new(maybe_line(profile.name)?, profile.name_for));
        new.set_hashtags(Shared::new(list(hashtags)?, profile.hashtags_for));
        new.set_bio(Shared::new(prose(&profile.bio)?, profile.bio_for));
        new.set_links(Shared::new(list(profile.links)?, profile.links_for));
        new.set_photo_consent(Shared::new(profile.photo_consent, profile.photo_consent_for));
        Ok(new)
    }
}
