//! Removing a contact: they stay behind in the card space that they know.
//!
//! A space is its key, and whoever has the key reads what is in it. So a new card space is made, the
//! card is put into it, and its key goes by letter to everyone else who was given the old one. The old
//! card is withdrawn. What the one who is removed saw before, they have seen.
//!
//! | kept under | what |
//! |---|---|
//! | `card space` | the space 32 ‖ how many came before it 4, big-endian |
//! | `card given` | the persons who were given its key, end to end |

use serde::Serialize;
use teilgeber_entry::codec::{DecodeError, Reader, Write};
use teilgeber_entry::{PersonId, SpaceId, SpaceKey};
use teilgeber_model::Id;
use teilgeber_store::nouns::profile;
use teilgeber_store::{Edit, Keys, NewSpace, Role, StoreError, View};

use crate::card;
use crate::contact::erase_contact;
use crate::device::{Device, model_id, person_id};
use crate::error::Result;
use crate::letters::{Following, Message, Sealed};
use crate::remembered::{Address, drop_requests, followed_name};
use crate::swap::{Wants, ways_to};

/// What became of my card when somebody was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// Whether they had been given my card to follow, so that it moved to a new space.
    pub card_moved: bool,
    /// Those who go on following it: a letter with the new key is under way to each.
    pub told: Vec<Id>,
    /// Those to whom no letter finds its way. [Give](Device::give_card) them the card again when you meet.
    pub not_reached: Vec<Id>,
}

impl Device {
    /// Whether a person was given the key of my card.
    pub(crate) fn was_given_card(&self, person: &PersonId) -> Result<bool> {
        Ok(persons(self.read(|view| view.keepsake(GIVEN))?).contains(person))
    }

    /// Erases what I hold of a person and lets them see no later change of my card. Everyone else who
    /// follows it goes on to, as the letter with the new key reaches them. They are not told why.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere) or [`Error::FreeSpace`](crate::Error::FreeSpace).
    pub fn remove_contact(&self, person: Id) -> Result<Removed> {
        let record = self.contact(person)?;
        let removed = person_id(person);
        // A home from before it was written down who was given the card: then anyone may have been.
        let given = self.read(|view| view.keepsake(GIVEN))?;
        let was_given = given
            .as_ref()
            .map_or(record.contact.is_confirmed(), |_| persons(given.clone()).contains(&removed));
        let mut staying = persons(given);
        staying.retain(|other| *other != removed);
        let moving = was_given.then(|| self.next_card_space()).transpose()?;
        let mut outcome = Removed { card_moved: was_given, ..Removed::default() };
        let mut letters = Vec::new();
        for other in moving.iter().flat_map(|_| &staying) {
            let sealed = self.seal_new_key(other, moving.as_ref())?;
            let reached =
                if sealed.is_empty() { &mut outcome.not_reached } else { &mut outcome.told };
            reached.push(model_id(other.as_bytes()));
            letters.extend(sealed.into_iter().map(|letter| (*other, letter)));
        }
        let next = self.write(|edit| {
            erase_contact(self, edit, &removed)?;
            for name in [followed_name(&removed), Address::name(&removed)] {
                edit.keep(&name, &[])?;
            }
            for wants in [Wants::Contact, Wants::Card] {
                drop_requests(edit, &removed, wants)?;
            }
            keep_persons(edit, &staying)?;
            for (reader, letter) in letters {
                letter.send(edit, &reader, None)?;
            }
            let Some(next) = moving else { return Ok(None) };
            let old = self.card_space_in(edit)?;
            card::withdraw(edit, &old)?;
            let space = edit.hold_space(&NewSpace {
                role: Role::Card,
                keys: Keys::Member(next.key.clone()),
                founder: None,
                owner: Some(self.person()),
            })?;
            edit.keep(CARD_SPACE, &CardSpace { space, moves: next.moves }.encode())?;
            let mine = profile::mine(edit.connection()).map_err(StoreError::from)?;
            card::publish_to_contacts(edit, &space, &mine)?;
            Ok(Some(space))
        })?;
        if let Some(space) = next {
            self.set_card_space(space);
        }
        Ok(outcome)
    }

    /// The space of what my contacts see, as it stands in this transaction: a card must not be put into
    /// one that was left a moment ago.
    pub(crate) fn card_space_in(&self, edit: &Edit<'_>) -> Result<SpaceId> {
        let kept = CardSpace::decode(edit.keepsake(CARD_SPACE)?)?;
        Ok(kept.map_or_else(|| self.card_space(), |card| card.space))
    }

    /// A key for the card space after the present one.
    fn next_card_space(&self) -> Result<Following> {
        let key = SpaceKey::from_bytes(self.seed()?);
        let moves = self.read(moves)?.saturating_add(1);
        Ok(Following { key, moves, card: self.card_for_contacts()? })
    }

    /// A letter with the new key, for each space in which its reader may find it. Without an event in
    /// common it lies in the old card space, which the two share: those who are in it see that letters
    /// passed, and how many.
    fn seal_new_key(&self, person: &PersonId, key: Option<&Following>) -> Result<Vec<Sealed>> {
        let Some(key) = key else { return Ok(Vec::new()) };
        let now = self.now();
        let (address, mut spaces) = self.read(|view| ways_to(view, person, now))?;
        let Some(address) = address else { return Ok(Vec::new()) };
        if address.event.is_none() {
            spaces.push(self.card_space());
        }
        let message = Message::CardKey(Box::new(key.clone()));
        spaces.iter().map(|space| self.seal_letter(space, &address.reader, &message)).collect()
    }
}

/// The space in which my contacts see me now.
pub(crate) const CARD_SPACE: &str = "card space";

/// Who was given its key.
pub(crate) const GIVEN: &str = "card given";

/// A card space, and how many its person had before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CardSpace {
    pub(crate) space: SpaceId,
    pub(crate) moves: u32,
}

impl CardSpace {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.put_bytes(self.space.as_bytes());
        bytes.put_bytes(&self.moves.to_be_bytes());
        bytes
    }

    /// What is kept. A home from before card spaces moved says the space alone.
    pub(crate) fn decode(kept: Option<Vec<u8>>) -> std::result::Result<Option<Self>, DecodeError> {
        let Some(bytes) = kept.filter(|bytes| !bytes.is_empty()) else { return Ok(None) };
        let mut reader = Reader::new(&bytes);
        let space = SpaceId::read(&mut reader, "card space")?;
        let moves = match reader.left() {
            0 => 0,
            _ => u32::from_be_bytes(reader.array("card space")?),
        };
        reader.end("card space")?;
        Ok(Some(Self { space, moves }))
    }
}

/// How many card spaces of mine came before the present one.
pub(crate) fn moves(view: &View<'_>) -> teilgeber_store::Result<u32> {
    Ok(CardSpace::decode(view.keepsake(CARD_SPACE)?)?.map_or(0, |card| card.moves))
}

/// Writes down that a person is given the key of my card space.
pub(crate) fn note_given(edit: &mut Edit<'_>, person: &PersonId) -> Result<()> {
    let mut given = persons(edit.keepsake(GIVEN)?);
    given.retain(|other| other != person);
    given.push(*person);
    keep_persons(edit, &given)
}

pub(crate) fn keep_persons(edit: &mut Edit<'_>, persons: &[PersonId]) -> Result<()> {
    let bytes: Vec<u8> = persons.iter().flat_map(|person| *person.as_bytes()).collect();
    Ok(edit.keep(GIVEN, &bytes)?)
}

pub(crate) fn persons(kept: Option<Vec<u8>>) -> Vec<PersonId> {
    let bytes = kept.unwrap_or_default();
    bytes.as_chunks().0.iter().map(|person| PersonId::from_bytes(*person)).collect()
}
