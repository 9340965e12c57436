//! The keys of this person, written down and taken up.

use teilgeber_entry::{LetterKey, LetterPublic, PersonKey, SpaceKey};
use teilgeber_formats::mine::{CardKey, ContactKey, EventKey, KEYS_FILE, Keys, MineError, Secret};
use teilgeber_model::{Id, LetterAddress};
use teilgeber_store::{Edit, Identity, NewSpace, Role, StoreError, View, Voice};

use crate::code::Code;
use crate::device::{Device, model_id, person_id, space_id};
use crate::error::{Error, Result};
use crate::event::{LEFT, enter};
use crate::lockout::{CARD_SPACE, CardSpace, GIVEN, keep_persons, persons};
use crate::remembered::{Address, followed_name};

impl Device {
    /// All keys with which a new device becomes this person.
    pub(super) fn my_keys(&self) -> Result<Keys> {
        let mut events = Vec::new();
        for event in self.events()? {
            match self.join_code(event.id, &[]) {
                Ok(code) => events.push(EventKey { event: event.id, name: event.name, code }),
                // One that is only carried.
                Err(Error::NotHere(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let contacts = self.contacts()?.into_iter().map(|it| it.contact.person());
        let mut people: Vec<Id> = contacts.collect();
        people.extend(self.conversations()?.into_iter().map(|it| it.person));
        people.sort_unstable();
        people.dedup();
        self.read(|view| {
            let identity = view.identity()?.ok_or(StoreError::Missing("your identity"))?;
            let person_key = match &identity.voice {
                Voice::Person(key) => Some(Secret::new(*key.as_bytes())),
                Voice::Device(..) => None,
            };
            let letter_key = Secret::new(*identity.letter.as_bytes());
            let person = model_id(identity.person.as_bytes());
            let mut keys = Keys::new(person, person_key, letter_key);
            keys.card = card_key(view, CARD_SPACE, Some(self.card_space()))?;
            let given = persons(view.keepsake(GIVEN)?);
            keys.card_given = given.iter().map(|it| model_id(it.as_bytes())).collect();
            keys.events = events;
            for person in people {
                let known = contact_key(view, person)?;
                keys.contacts.extend(known);
            }
            Ok(keys)
        })
    }
}

/// Makes this device that of the person whose keys these are.
pub(crate) fn begin_as(edit: &mut Edit<'_>, keys: &Keys) -> Result<Identity> {
    let damaged = || Error::Folder(MineError::Damaged { file: KEYS_FILE, line: 0 });
    let key = keys.person_key.as_ref().ok_or_else(damaged)?;
    let letter = LetterKey::from_bytes(*keys.letter_key.as_bytes());
    let identity = Identity::of_person(PersonKey::from_bytes(*key.as_bytes()), letter);
    if identity.person != person_id(keys.person) {
        return Err(damaged());
    }
    edit.set_identity(&identity)?;
    if let Some(card) = &keys.card {
        let space = edit.hold_space(&NewSpace {
            role: Role::Card,
            keys: member(card),
            founder: None,
            owner: Some(identity.person),
        })?;
        edit.keep(CARD_SPACE, &CardSpace { space, moves: card.moves }.encode())?;
        let given: Vec<_> = keys.card_given.iter().map(|it| person_id(*it)).collect();
        keep_persons(edit, &given)?;
    }
    Ok(identity)
}

/// Takes up what the keys open beside the person: events and the cards of contacts. Returns how many events
/// are new here and how many were here.
pub(super) fn take_up(edit: &mut Edit<'_>, keys: &Keys) -> Result<(usize, usize)> {
    let (mut new, mut here) = (0, 0);
    let left = crate::card::ids(edit.keepsake(LEFT)?);
    for event in &keys.events {
        let damaged = || Error::Folder(MineError::Damaged { file: KEYS_FILE, line: 0 });
        let code = match Code::read(&event.code) {
            Ok(Code::Join(code)) => code,
            Ok(_) | Err(_) => return Err(damaged()),
        };
        let space = space_id(event.event);
        if code.key.space() != space {
            return Err(damaged());
        }
        let is_held = edit.space(&space).is_ok_and(|space| space.key.is_some());
        if is_held || left.contains(&space) {
            here += 1;
        } else {
            enter(edit, &code)?;
            new += 1;
        }
    }
    for contact in &keys.contacts {
        take_up_contact(edit, contact)?;
    }
    Ok((new, here))
}

fn take_up_contact(edit: &mut Edit<'_>, contact: &ContactKey) -> Result<()> {
    let person = person_id(contact.person);
    let is_kept = |edit: &Edit<'_>, name: &str| -> Result<bool> {
        Ok(edit.keepsake(name)?.is_some_and(|kept| !kept.is_empty()))
    };
    if let Some(card) = &contact.card
        && !is_kept(edit, &followed_name(&person))?
    {
        let space = edit.hold_space(&NewSpace {
            role: Role::ContactCard,
            keys: member(card),
            founder: None,
            owner: Some(person),
        })?;
        let kept = CardSpace { space, moves: card.moves };
        edit.keep(&followed_name(&person), &kept.encode())?;
    }
    if let Some(letters) = &contact.letters
        && !is_kept(edit, &Address::name(&person))?
    {
        let reader = LetterPublic::from_bytes(*letters.as_bytes());
        let address = Address { reader, code: None, event: contact.event.map(space_id) };
        edit.keep(&Address::name(&person), &address.encode())?;
    }
    Ok(())
}

fn member(card: &CardKey) -> teilgeber_store::Keys {
    teilgeber_store::Keys::Member(SpaceKey::from_bytes(*card.key.as_bytes()))
}

/// The key of the card space that is kept under a name, else of the one given.
fn card_key(
    view: &View<'_>,
    name: &str,
    or: Option<teilgeber_entry::SpaceId>,
) -> teilgeber_store::Result<Option<CardKey>> {
    let kept = CardSpace::decode(view.keepsake(name)?)?;
    let Some(kept) = kept.or(or.map(|space| CardSpace { space, moves: 0 })) else {
        return Ok(None);
    };
    let key = match view.space(&kept.space) {
        Ok(space) => space.key,
        Err(StoreError::Missing(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(key.map(|key| CardKey { key: Secret::new(*key.as_bytes()), moves: kept.moves }))
}

fn contact_key(view: &View<'_>, person: Id) -> teilgeber_store::Result<Option<ContactKey>> {
    let id = person_id(person);
    let card = card_key(view, &followed_name(&id), None)?;
    let address = Address::of(view.keepsake(&Address::name(&id))?)?;
    if card.is_none() && address.is_none() {
        return Ok(None);
    }
    Ok(Some(ContactKey {
        person,
        card,
        letters: address.map(|it| LetterAddress::new(*it.reader.as_bytes())),
        event: address.and_then(|it| it.event).map(|it| model_id(it.as_bytes())),
    }))
}
