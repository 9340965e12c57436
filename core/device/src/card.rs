//! What others see of a person: my own, as it is published, and theirs, as it came.
//!
//! What this device published in a space it remembers beside the log: in which generation, and a hash
//! of the last card. So nothing is published twice, and after a withdrawal the next card begins a new
//! generation, because the old one stays erased.

use serde::Serialize;
use teilgeber_entry::codec::{DecodeError, Reader, Write};
use teilgeber_entry::{AuthorId, DocumentId, Origin, PersonId, SpaceId};
use teilgeber_model::{Audience, Card, Id, LetterAddress, Profile, Tag};
use teilgeber_store::nouns::{CARD, card};
use teilgeber_store::{Edit, Space, StoreError, View};

use crate::device::{Device, model_id, person_id};
use crate::error::{Error, Result};

pub use teilgeber_store::nouns::card::Cursor;

/// Somebody in an event, as they show themselves there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

impl Device {
    /// Who appears in an event, by name, at most `limit` after `after`; with the place where the next
    /// page begins.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn participants(
        &self,
        event: Id,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<(Vec<Participant>, Option<Cursor>)> {
        let space = self.event_space(event)?.id;
        let page =
            self.read(|view| Ok(card::in_space(view.connection(), &space, after, limit)?))?;
        let next = page.last().map(card::Published::cursor);
        Ok((page.into_iter().map(participant).collect(), next))
    }

    /// Who appears in an event with this hashtag, by name.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn participants_with_tag(&self, event: Id, tag: &Tag) -> Result<Vec<Participant>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| Ok(card::with_tag(view.connection(), &space, tag)?))?;
        Ok(found.into_iter().map(participant).collect())
    }

    /// How many people appear in an event.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn participant_count(&self, event: Id) -> Result<u64> {
        let space = self.event_space(event)?.id;
        self.read(|view| Ok(card::count(view.connection(), &space)?))
    }

    /// All that a person shows to me, in events and as a contact: to know somebody again.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn cards_of(&self, person: Id) -> Result<Vec<Participant>> {
        let found =
            self.read(|view| Ok(card::of_person(view.connection(), &person_id(person))?))?;
        Ok(found.into_iter().map(participant).collect())
    }
}

/// The events in which I appear.
pub(crate) const APPEARING: &str = "appearing";

/// Space ids, end to end.
pub(crate) fn ids(bytes: Option<Vec<u8>>) -> Vec<SpaceId> {
    let bytes = bytes.unwrap_or_default();
    bytes.as_chunks().0.iter().map(|id| SpaceId::from_bytes(*id)).collect()
}

pub(crate) fn appearing(edit: &Edit<'_>) -> Result<Vec<SpaceId>> {
    Ok(ids(edit.keepsake(APPEARING)?))
}

pub(crate) fn set_appearing(edit: &mut Edit<'_>, event: &SpaceId, appear: bool) -> Result<()> {
    let mut events = appearing(edit)?;
    events.retain(|other| other != event);
    events.extend(appear.then_some(*event));
    let bytes: Vec<u8> = events.iter().flat_map(|event| *event.as_bytes()).collect();
    Ok(edit.keep(APPEARING, &bytes)?)
}

/// Puts the card of my contacts. Nothing, as long as nothing was ever shown to them.
pub(crate) fn publish_to_contacts(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    profile: &Profile,
) -> Result<()> {
    let card = profile.seen_by(Audience::Contacts);
    if card == Card::default() && Publication::read(edit, space)?.last.is_none() {
        return Ok(());
    }
    publish(edit, space, card)
}

/// Puts what is seen of me in an event in which I appear.
pub(crate) fn publish_in_event(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    profile: &Profile,
) -> Result<()> {
    publish(edit, space, profile.seen_by(Audience::Event))
}

/// Erases what is seen of me in a space.
pub(crate) fn withdraw(edit: &mut Edit<'_>, space: &SpaceId) -> Result<()> {
    let Publication { generation, last } = Publication::read(edit, space)?;
    if last.is_none() {
        return Ok(());
    }
    let identity = edit.identity()?.ok_or(Error::NotHere("your identity"))?;
    let document = document(&*edit.space(space)?, &identity.person, generation);
    edit.erase(space, &document.ok_or(Error::NotHere("your card"))?)?;
    Publication { generation: generation + 1, last: None }.write(edit, space)
}

/// The card of mine that was withdrawn last from a space.
pub(crate) fn last_withdrawn(
    view: &View<'_>,
    space: &Space,
) -> teilgeber_store::Result<Option<DocumentId>> {
    let identity = view.identity()?.ok_or(StoreError::Missing("your identity"))?;
    let publication = Publication::decode(view.keepsake(&Publication::name(&space.id))?)?;
    let generation = publication.generation.checked_sub(1);
    Ok(generation.and_then(|generation| document(space, &identity.person, generation)))
}

/// The document of a person's card in a space.
fn document(space: &Space, person: &PersonId, generation: u32) -> Option<DocumentId> {
    // A singleton's id is the same for whichever device writes first.
    let anyone = AuthorId::from_bytes([0; 32]);
    let origin = Origin::Singleton { generation };
    origin.document(space.key.as_ref()?, CARD, &anyone, 0, Some(person))
}

/// The card as it goes out: with my address for letters.
pub(crate) fn with_address(edit: &Edit<'_>, card: Card) -> Result<Card> {
    let identity = edit.identity()?.ok_or(Error::NotHere("your identity"))?;
    Ok(card.with_letter(Some(LetterAddress::new(*identity.letter.public().as_bytes()))))
}

fn publish(edit: &mut Edit<'_>, space: &SpaceId, card: Card) -> Result<()> {
    let value = with_address(edit, card)?.encode();
    let hash = *blake3::hash(&value).as_bytes();
    let publication = Publication::read(edit, space)?;
    if publication.last == Some(hash) {
        return Ok(());
    }
    let origin = Origin::Singleton { generation: publication.generation };
    edit.put(space, CARD, origin, value)?;
    Publication { last: Some(hash), ..publication }.write(edit, space)
}

/// What this device published in one space: generation 4 ‖ hash of the last card 32, if there is one.
#[derive(Debug, Default)]
struct Publication {
    generation: u32,
    last: Option<[u8; 32]>,
}

impl Publication {
    fn read(edit: &Edit<'_>, space: &SpaceId) -> Result<Self> {
        Ok(Self::decode(edit.keepsake(&Self::name(space))?)?)
    }

    fn decode(kept: Option<Vec<u8>>) -> std::result::Result<Self, DecodeError> {
        let Some(bytes) = kept else { return Ok(Self::default()) };
        let mut reader = Reader::new(&bytes);
        let generation = reader.u32("generation")?;
        let last = match reader.left() {
            0 => None,
            _ => Some(reader.array("hash")?),
        };
        reader.end("publication")?;
        Ok(Self { generation, last })
    }

    fn write(&self, edit: &mut Edit<'_>, space: &SpaceId) -> Result<()> {
        let mut bytes = Vec::new();
        bytes.put_u32(self.generation);
        self.last.iter().for_each(|hash| bytes.put_bytes(hash));
        Ok(edit.keep(&Self::name(space), &bytes)?)
    }

    fn name(space: &SpaceId) -> String {
        format!("published/{space}")
    }
}

fn participant(found: card::Published) -> Participant {
    Participant {
        person: model_id(found.person.as_bytes()),
        space: model_id(found.space.as_bytes()),
        card: found.card,
        hidden: found.hidden,
    }
}
