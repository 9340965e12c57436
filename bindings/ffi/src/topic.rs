//! Topics that people offer and want at an event.

use teilgeber_device as core;
use teilgeber_device::model::{self, Id};

use crate::device::Device;
use crate::error::Result;
use crate::values::{line, text};

pub(crate) use teilgeber_device::Emergence;
pub(crate) use teilgeber_device::model::{Experience, Stance};

/// Whether a topic is offered or wanted.
#[uniffi::remote(Enum)]
pub enum Stance {
    /// The person could say something about it.
    Offer,
    /// The person would like to hear about it.
    Want,
}

/// How much somebody has done with a topic.
#[uniffi::remote(Enum)]
pub enum Experience {
    /// It is new to them.
    New,
    /// They have done some.
    Some,
    /// They have done much.
    Much,
}

/// Why a topic asks for a session.
#[uniffi::remote(Enum)]
pub enum Emergence {
    /// More than one person wants it.
    WantedBySeveral,
    /// More than one person offers it.
    OfferedBySeveral,
    /// Somebody wants it, and nobody offers it yet.
    NobodyOffers,
}

/// A topic, and what its person has to do with it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Topic {
    /// What it is about.
    pub topic: String,
    /// Whether it is offered or wanted.
    pub stance: Stance,
    /// How much the person has done with it, if they say.
    pub level: Option<Experience>,
}

/// A topic of an event, and who has to do with it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TopicRecord {
    /// What it is about, in one of the ways in which people write it.
    pub topic: String,
    /// Who offers it.
    pub offered_by: Vec<TopicPerson>,
    /// Who wants it.
    pub wanted_by: Vec<TopicPerson>,
    /// What I say of it, if anything.
    pub mine: Option<Stance>,
}

/// Somebody who offers or wants a topic.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TopicPerson {
    /// Who.
    pub person: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<String>,
    /// How much they have done with it, if they say.
    pub level: Option<Experience>,
}

/// A topic that asks for a session.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EmergentTopic {
    /// Which one, and who has to do with it.
    pub topic: TopicRecord,
    /// Why: at least one reason.
    pub why: Vec<Emergence>,
}

#[uniffi::export]
impl Device {
    /// Offers a topic in an event, in the place of what I said of it before. Everybody there sees it.
    ///
    /// Errors: `Shorten` where my list is full, `NotHere`, `FreeSpace`, `Invalid`.
    #[uniffi::method(default(level = None))]
    pub async fn offer_topic(
        &self,
        event: Id,
        topic: String,
        level: Option<Experience>,
    ) -> Result<()> {
        self.run(move |device| Ok(device.offer_topic(event, &line(&topic)?, level)?)).await
    }

    /// Wants a topic in an event, in the place of what I said of it before: also how I say "me too". Everybody
    /// there sees it.
    ///
    /// Errors: as `offer_topic`.
    #[uniffi::method(default(level = None))]
    pub async fn want_topic(
        &self,
        event: Id,
        topic: String,
        level: Option<Experience>,
    ) -> Result<()> {
        self.run(move |device| Ok(device.want_topic(event, &line(&topic)?, level)?)).await
    }

    /// Takes a topic back, however it is written. It is gone wherever this is heard.
    ///
    /// Errors: `NotHere` where I said nothing of it, `FreeSpace`, `Invalid`.
    pub async fn drop_topic(&self, event: Id, topic: String) -> Result<()> {
        self.run(move |device| Ok(device.drop_topic(event, &line(&topic)?)?)).await
    }

    /// What I offer and want in an event, in the order in which I said it.
    ///
    /// Errors: `NotHere`.
    pub async fn my_topics(&self, event: Id) -> Result<Vec<Topic>> {
        self.run(move |device| Ok(topics(device.my_topics(event)?))).await
    }

    /// What people offer and want in an event, by name.
    ///
    /// Errors: `NotHere`.
    pub async fn topics(&self, event: Id) -> Result<Vec<TopicRecord>> {
        self.run(move |device| {
            Ok(device.topics(event)?.into_iter().map(TopicRecord::from).collect())
        })
        .await
    }

    /// The topics that ask for a session: what several want or offer, and what somebody wants and nobody offers
    /// yet. By name.
    ///
    /// Errors: `NotHere`.
    pub async fn emergent_topics(&self, event: Id) -> Result<Vec<EmergentTopic>> {
        let emergent =
            |core::EmergentTopic { topic, why }| EmergentTopic { topic: topic.into(), why };
        self.run(move |device| {
            Ok(device.emergent_topics(event)?.into_iter().map(emergent).collect())
        })
        .await
    }
}

pub(crate) fn topics(topics: model::Topics) -> Vec<Topic> {
    let topics = topics.into_vec().into_iter();
    topics
        .map(|model::Topic { topic, stance, level }| Topic {
            topic: topic.as_str().to_owned(),
            stance,
            level,
        })
        .collect()
}

impl From<core::TopicRecord> for TopicRecord {
    fn from(record: core::TopicRecord) -> Self {
        let core::TopicRecord { topic, offered_by, wanted_by, mine } = record;
        Self {
            topic: topic.as_str().to_owned(),
            offered_by: offered_by.into_iter().map(TopicPerson::from).collect(),
            wanted_by: wanted_by.into_iter().map(TopicPerson::from).collect(),
            mine,
        }
    }
}

impl From<core::TopicPerson> for TopicPerson {
    fn from(core::TopicPerson { person, name, level }: core::TopicPerson) -> Self {
        Self { person, name: text(name), level }
    }
}
