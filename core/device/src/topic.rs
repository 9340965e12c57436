//! Topics that people offer and want at an event.
//!
//! "Me too" is the same topic in my own list. Lists stand by name, never by how many say something:
//! what several want is marked, not ranked, so that nobody wins by being counted.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Serialize;
use teilgeber_entry::{Origin, PersonId, SpaceId};
use teilgeber_model::{
    Experience, Id, Interests, Name, Published as _, Stance, Topic, TopicName, Topics,
};
use teilgeber_store::nouns::{INTERESTS, card, topic};
use teilgeber_store::{Edit, StoreError, View};

use crate::device::{Device, model_id};
use crate::error::{Error, Result};

/// A topic of an event, and who has to do with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicRecord {
    /// What it is about, in one of the ways in which people write it.
    pub topic: TopicName,
    /// Who offers it.
    pub offered_by: Vec<TopicPerson>,
    /// Who wants it.
    pub wanted_by: Vec<TopicPerson>,
    /// What I say of it, if anything.
    pub mine: Option<Stance>,
}

/// Somebody who offers or wants a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicPerson {
    /// Who.
    pub person: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<Name>,
    /// How much they have done with it, if they say.
    pub level: Option<Experience>,
}

/// A topic that asks for a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmergentTopic {
    /// Which one, and who has to do with it.
    #[serde(flatten)]
    pub topic: TopicRecord,
    /// Why: at least one reason.
    pub why: Vec<Emergence>,
}

/// Why a topic asks for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Emergence {
    /// More than one person wants it.
    WantedBySeveral,
    /// More than one person offers it.
    OfferedBySeveral,
    /// Somebody wants it, and nobody offers it yet.
    NobodyOffers,
}

impl Device {
    /// Offers a topic in an event, in the place of what I said of it before. Everybody there sees it.
    ///
    /// # Errors
    /// [`Error::Shorten`] where my list is full, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn offer_topic(
        &self,
        event: Id,
        topic: &TopicName,
        level: Option<Experience>,
    ) -> Result<()> {
        self.say_topic(event, Topic { topic: topic.clone(), stance: Stance::Offer, level })
    }

    /// Wants a topic in an event, in the place of what I said of it before: also how I say "me too".
    /// Everybody there sees it.
    ///
    /// # Errors
    /// As [`offer_topic`](Self::offer_topic).
    pub fn want_topic(
        &self,
        event: Id,
        topic: &TopicName,
        level: Option<Experience>,
    ) -> Result<()> {
        self.say_topic(event, Topic { topic: topic.clone(), stance: Stance::Want, level })
    }

    /// Takes a topic back, however it is written. It is gone wherever this is heard.
    ///
    /// # Errors
    /// [`Error::NotHere`] where I said nothing of it, or [`Error::FreeSpace`].
    pub fn drop_topic(&self, event: Id, topic: &TopicName) -> Result<()> {
        let space = self.event_space(event)?.id;
        self.write(|edit| {
            let listed = mine(edit, &space)?.ok_or(Error::NotHere("that topic in your list"))?;
            let fewer = listed.interests.clone().without(topic);
            if fewer == listed.interests {
                return Err(Error::NotHere("that topic in your list"));
            }
            if fewer.topics().is_empty() {
                edit.erase(&space, &listed.id)?;
                return Ok(());
            }
            Ok(edit.put_again(&space, &listed.id, fewer.encode())?)
        })
    }

    /// What I offer and want in an event, in the order in which I said it.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn my_topics(&self, event: Id) -> Result<Topics> {
        let space = self.event_space(event)?.id;
        let person = self.person();
        let listed = self.read(|view| Ok(topic::of_person(view.connection(), &space, &person)?))?;
        Ok(listed.map(|listed| listed.interests.topics().clone()).unwrap_or_default())
    }

    /// What people offer and want in an event, by name.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn topics(&self, event: Id) -> Result<Vec<TopicRecord>> {
        let space = self.event_space(event)?.id;
        let me = model_id(self.person().as_bytes());
        self.read(|view| topics(view, &space, me))
    }

    /// The topics that ask for a session: what several want or offer, and what somebody wants and
    /// nobody offers yet. By name.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn emergent_topics(&self, event: Id) -> Result<Vec<EmergentTopic>> {
        let emergent = |topic: TopicRecord| {
            let why = topic.emergence();
            (!why.is_empty()).then_some(EmergentTopic { topic, why })
        };
        Ok(self.topics(event)?.into_iter().filter_map(emergent).collect())
    }

    fn say_topic(&self, event: Id, topic: Topic) -> Result<()> {
        let space = self.event_space(event)?.id;
        self.write(|edit| {
            let Some(listed) = mine(edit, &space)? else {
                let list = Interests::default().with(topic).map_err(|_| Error::Shorten)?;
                let origin = Origin::Singleton { generation: edit.generation(&space, INTERESTS)? };
                edit.put(&space, INTERESTS, origin, list.encode())?;
                return Ok(());
            };
            let list = listed.interests.clone().with(topic).map_err(|_| Error::Shorten)?;
            if list != listed.interests {
                edit.put_again(&space, &listed.id, list.encode())?;
            }
            Ok(())
        })
    }
}

impl TopicRecord {
    /// Why this topic asks for a session; nothing where it does not.
    pub fn emergence(&self) -> Vec<Emergence> {
        let (offered, wanted) = (self.offered_by.len(), self.wanted_by.len());
        let reasons = [
            (wanted > 1, Emergence::WantedBySeveral),
            (offered > 1, Emergence::OfferedBySeveral),
            (wanted > 0 && offered == 0, Emergence::NobodyOffers),
        ];
        reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, why)| why).collect()
    }
}

pub(crate) fn mine(edit: &Edit<'_>, space: &SpaceId) -> Result<Option<topic::Listed>> {
    let person = edit.identity()?.ok_or(Error::NotHere("your identity"))?.person;
    let listed = topic::of_person(edit.connection(), space, &person);
    Ok(listed.map_err(StoreError::from)?)
}

fn topics(view: &View<'_>, space: &SpaceId, me: Id) -> teilgeber_store::Result<Vec<TopicRecord>> {
    let db = view.connection();
    let voices = topic::in_space(db, space)?;
    // Who has a list says several things.
    let mut names: HashMap<PersonId, Option<Name>> = HashMap::new();
    let mut records = Vec::new();
    for same in voices.chunk_by(|a, b| a.folded == b.folded) {
        let spellings = same.iter().map(|voice| &voice.topic.topic);
        let Some(topic) = spellings.min().cloned() else { continue };
        let mut record =
            TopicRecord { topic, offered_by: Vec::new(), wanted_by: Vec::new(), mine: None };
        for voice in same {
            let person = model_id(voice.person.as_bytes());
            let name = match names.entry(voice.person) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(free) => {
                    free.insert(card::name_in(db, space, &voice.person)?).clone()
                }
            };
            let somebody = TopicPerson { person, name, level: voice.topic.level };
            match voice.topic.stance {
                Stance::Offer => record.offered_by.push(somebody),
                Stance::Want => record.wanted_by.push(somebody),
            }
            if person == me {
                record.mine = Some(voice.topic.stance);
            }
        }
        records.push(record);
    }
    Ok(records)
}
