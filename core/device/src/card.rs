//! What others see of a person: my own, as it is published, and theirs, as it came.
//!
//! What this device published in a space it remembers beside the log, so that nothing is published
//! twice. After a withdrawal the next card begins a new generation, because the old one stays erased.

use serde::Serialize;
use teilgeber_entry::codec::{DecodeError, Reader, Write};
use teilgeber_entry::{AuthorId, DocumentId, Origin, SpaceId};
use teilgeber_model::{Audience, Card, Id, LetterAddress, Profile, Published as _, Tag};
use teilgeber_store::nouns::{CARD, card};
use teilgeber_store::{Edit, Identity, Space, View};

use crate::device::{Device, model_id, person_id};
use crate::error::{Error, Result};

pub use teilgeber_store::nouns::card::{Cursor, Filter as ParticipantFilter};

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

    /// Who appears in an event and matches all that `filter` says, by name, at most `limit` after `after`;
    /// with the place where the next page begins.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn participants_matching(
        &self,
        event: Id,
        filter: &ParticipantFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<(Vec<Participant>, Option<Cursor>)> {
        let space = self.event_space(event)?.id;
        let page =
            self.read(|view| Ok(card::matching(view.connection(), &space, filter, after, limit)?))?;
        let next = page.last().map(card::Published::cursor);
        // Nobody meets themselves.
        let is_asked = |one: &card::Published| !filter.met || one.person != self.person();
        Ok((page.into_iter().filter(is_asked).map(participant).collect(), next))
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
    if card == Card::default() && nothing_published(edit, space)? {
        return Ok(());
    }
    publish(edit, space, card)
}

fn nothing_published(edit: &Edit<'_>, space: &SpaceId) -> Result<bool> {
    let publication = Publication::decode(edit.keepsake(&Publication::name(space))?)?;
    Ok(publication.last.is_none())
}

/// Whether this device never showed a card in a space, nor took one back.
pub(crate) fn was_never_shown(edit: &Edit<'_>, space: &SpaceId) -> Result<bool> {
    let publication = Publication::decode(edit.keepsake(&Publication::name(space))?)?;
    Ok(publication.last.is_none() && publication.withdrawn.is_none())
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
    let publication = Publication::decode(edit.keepsake(&Publication::name(space))?)?;
    if publication.last.is_none() {
        return Ok(());
    }
    let person = edit.identity()?.ok_or(Error::NotHere("your identity"))?.person;
    let origin = Origin::Singleton { generation: edit.generation(space, CARD)? };
    let held = edit.space(space)?;
    let key = held.key.as_ref().ok_or(Error::NotHere("the event's key"))?;
    // A singleton's id is the same for whichever device writes it.
    let anyone = AuthorId::from_bytes([0; 32]);
    let card = origin.document(key, CARD, &anyone, 0, Some(&person));
    edit.erase(space, &card.ok_or(Error::NotHere("your card"))?)?;
    Publication { last: None, withdrawn: card }.keep(edit, space)
}

/// The card of mine that was withdrawn last from a space.
pub(crate) fn last_withdrawn(
    view: &View<'_>,
    space: &Space,
) -> teilgeber_store::Result<Option<DocumentId>> {
    let publication = Publication::decode(view.keepsake(&Publication::name(&space.id))?)?;
    Ok(publication.withdrawn)
}

/// The card as it goes out: with my address for letters.
pub(crate) fn with_address(edit: &Edit<'_>, card: Card) -> Result<Card> {
    let identity = edit.identity()?.ok_or(Error::NotHere("your identity"))?;
    Ok(addressed(&identity, card))
}

/// The card as it goes out from this person.
pub(crate) fn addressed(identity: &Identity, card: Card) -> Card {
    card.with_letter(Some(LetterAddress::new(*identity.letter.public().as_bytes())))
}

fn publish(edit: &mut Edit<'_>, space: &SpaceId, card: Card) -> Result<()> {
    let value = with_address(edit, card)?.encode();
    let last = Some(*blake3::hash(&value).as_bytes());
    let publication = Publication::decode(edit.keepsake(&Publication::name(space))?)?;
    if publication.last == last {
        return Ok(());
    }
    let origin = Origin::Singleton { generation: edit.generation(space, CARD)? };
    edit.put(space, CARD, origin, value)?;
    Publication { last, ..publication }.keep(edit, space)
}

/// What this device published in one space: the hash of the last card, and the card that was
/// withdrawn before; each 0 or 1 ‖ 32.
#[derive(Debug, Default)]
struct Publication {
    last: Option<[u8; 32]>,
    withdrawn: Option<DocumentId>,
}

impl Publication {
    fn name(space: &SpaceId) -> String {
        format!("published/{space}")
    }

    fn decode(kept: Option<Vec<u8>>) -> std::result::Result<Self, DecodeError> {
        let Some(bytes) = kept else { return Ok(Self::default()) };
        let mut reader = Reader::new(&bytes);
        let mut next = || match reader.u8("publication")? {
            0 => Ok(None),
            _ => reader.array("publication").map(Some),
        };
        let (last, withdrawn) = (next()?, next()?);
        reader.end("publication")?;
        Ok(Self { last, withdrawn: withdrawn.map(DocumentId::from_bytes) })
    }

    fn keep(&self, edit: &mut Edit<'_>, space: &SpaceId) -> Result<()> {
        let mut bytes = Vec::new();
        for part in [self.last.as_ref(), self.withdrawn.as_ref().map(DocumentId::as_bytes)] {
            bytes.put_u8(part.is_some().into());
            part.iter().for_each(|part| bytes.put_bytes(*part));
        }
        Ok(edit.keep(&Self::name(space), &bytes)?)
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
