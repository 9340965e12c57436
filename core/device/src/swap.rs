//! Swapping contacts: one shows a code, the other scans it and answers.
//!
//! 1. [`Device::show_code`] makes a key for this showing, to which answers are sealed.
//! 2. [`Device::scan`] makes the contact at once, with where and when. No network is needed.
//! 3. [`Device::answer`] writes a letter with one's own card. It lies in the event that both are in,
//!    where everyone carries it, and in the code's own space, for a direct link between the two.
//! 4. Who showed the code becomes the contact of whoever answered, confirmed by their signature. If the
//!    answer came over a direct link while the code was shown, the key of the card space goes back
//!    unasked; else [`Device::ask_for_card`] and [`Device::give_card`] lead there.
//!
//! What a showing and a scan need later stands in `remembered`.

use serde::Serialize;
use teilgeber_entry::letter::Sender;
use teilgeber_entry::{LetterKey, LetterPublic, PersonId, SpaceId};
use teilgeber_model::{
    Audience, Card, Contact, Field, FieldValue, Id, LetterAddress, Line, List, Meeting, Name,
    Profile, Published as _,
};
use teilgeber_store::nouns::{card, contact, profile};
use teilgeber_store::{Edit, Keys, NewSpace, Role, StoreError, View};

use crate::arrival;
use crate::code::{BadgeCode, Code, EventHint, FIELDS_MAX_BYTES, ScreenCode, space_of};
use crate::contact::change_contact;
use crate::device::{Device, model_id, moment, person_id, space_id};
use crate::error::{Error, Result};
use crate::letters::{Following, Incoming, Message, Sealed, mark_read};
use crate::lockout::{CardSpace, moves, note_given};
use crate::remembered::{
    Address, REQUESTS, Shown, Waiting, add_request, drop_requests, followed_name, hold_code,
    is_open,
};

/// How long the secret of a showing is kept, in ms: 30 days. An answer may travel for so long.
pub const ANSWERS_WITHIN_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// How long a code counts as shown, in ms, unless it is [hidden](Device::hide_code) before: an hour
/// at most, because who photographed it could come later.
pub const SHOWN_FOR_MS: u64 = 60 * 60 * 1000;

/// The most card spaces of one person that are held: each time they locked somebody out, they began
/// a new one.
const CARDS_MAX: usize = 16;

/// The most requests that wait. What comes beyond is not kept: a flood of them is no loss.
pub const REQUESTS_MAX: usize = 256;

/// A code on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Showing {
    /// The text to draw as a QR code.
    pub text: String,
    /// Names this showing, to [hide](Device::hide_code) it.
    pub id: Id,
}

/// Where a contact was met, as far as the scanner says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetAt {
    /// At which event. Where this is unset and both are in one event, it is that one.
    pub event: Option<Id>,
    /// In which session.
    pub session: Option<Id>,
    /// Where, in one's own words.
    pub place: Option<Line<80>>,
}

/// How a letter will get to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Over a direct link, or by anyone in this event.
    Event(Id),
    /// Over a direct link only: the two have no event in common.
    DirectLink,
}

/// Somebody wants something and waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Who.
    pub person: Id,
    /// What they say of themselves.
    pub card: Card,
    /// What they want.
    pub wants: Wants,
}

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// To be a contact: they scanned a badge. [Accept](Device::accept) it or not.
    Contact,
    /// To follow the card. [Give](Device::give_card) it or not.
    Card,
}

impl Device {
    /// Makes a code to show now, with the name and the chosen fields of my profile: showing it is to
    /// share them, whatever their audience. `event` is the one that both may be in.
    ///
    /// # Errors
    /// [`Error::ShowName`] without a name, [`Error::Shorten`] when the fields have more than
    /// [`FIELDS_MAX_BYTES`] bytes, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn show_code(&self, fields: &[Field], event: Option<Id>) -> Result<Showing> {
        let event = event.map(|event| self.event_space(event)).transpose()?.map(|space| space.id);
        let profile = self.profile()?;
        let name = profile.name().value.clone().ok_or(Error::ShowName)?;
        let fields = chosen(&profile, fields);
        if fields.encode().len() > FIELDS_MAX_BYTES {
            return Err(Error::Shorten);
        }
        let now = self.now();
        self.write(|edit| {
            let secret = LetterKey::from_bytes(edit.random());
            let fresh = secret.public();
            let hint = event.as_ref().map(|event| EventHint::new(event, &fresh));
            let code =
                Code::Screen(ScreenCode { person: self.person(), fresh, hint, name, fields });
            let until = now + ANSWERS_WITHIN_MS;
            hold_code(edit, &code.encode(), until)?;
            edit.add_letter_key(&secret, Some(until))?;
            let shown = Shown { at: now, visible_until: now + SHOWN_FOR_MS, until, event };
            edit.keep(&Shown::name(&fresh), &shown.encode())?;
            Ok(Showing { text: code.text(), id: model_id(fresh.as_bytes()) })
        })
    }

    /// The code is no longer on the screen. Answers still arrive; the card is no longer given unasked.
    ///
    /// # Errors
    /// [`Error::NotHere`] when there was no such showing.
    pub fn hide_code(&self, showing: Id) -> Result<()> {
        let name = Shown::name(&LetterPublic::from_bytes(*showing.as_bytes()));
        let now = self.now();
        self.write(|edit| {
            let shown = edit.keepsake(&name)?.ok_or(Error::NotHere("that showing"))?;
            let shown = Shown::decode(&shown)?;
            let visible_until = shown.visible_until.min(now.saturating_sub(1));
            Ok(edit.keep(&name, &Shown { visible_until, ..shown }.encode())?)
        })
    }

    /// The code for a badge, with name and address for letters. It is the same each time.
    ///
    /// # Errors
    /// [`Error::ShowName`] without a name.
    pub fn badge_code(&self) -> Result<String> {
        let name = self.profile()?.name().value.clone().ok_or(Error::ShowName)?;
        let identity = self.read(|view| view.identity())?.ok_or(Error::NotHere("your identity"))?;
        let letter = identity.letter.public();
        Ok(Code::Badge(BadgeCode { person: self.person(), letter, name }).text())
    }

    /// Makes a contact of a code that was scanned, at once and without any network. Scanning one code
    /// twice is the same as once. Returns the person.
    ///
    /// # Errors
    /// [`Error::ScanAgain`], [`Error::OtherCode`], [`Error::OwnCode`], [`Error::UpdateApp`] for a code of a
    /// newer version, or [`Error::FreeSpace`].
    pub fn scan(&self, code: &str, met: &MetAt) -> Result<Id> {
        let scanned = match Code::read(code)? {
            Code::Screen(screen) => self.scanned(screen, &Code::bytes_of(code)?)?,
            Code::Badge(badge) => Scanned::of_badge(badge, met.event),
            other @ (Code::Join(_) | Code::Carry(_)) => return Err(Error::OtherCode(other.kind())),
        };
        if scanned.person == self.person() {
            return Err(Error::OwnCode);
        }
        let now = self.now();
        let common = scanned.address.event.map(|event| model_id(event.as_bytes()));
        let meeting = Meeting {
            when: moment(now),
            event: met.event.or(common),
            session: met.session,
            place: met.place.clone(),
        };
        self.write(|edit| {
            if let Some(code) = &scanned.code {
                hold_code(edit, code, now + ANSWERS_WITHIN_MS)?;
            }
            let known = Address::of(edit.keepsake(&Address::name(&scanned.person))?)?;
            let is_again = known.is_some_and(|known| known.reader == scanned.address.reader);
            edit.keep(&Address::name(&scanned.person), &scanned.address.encode())?;
            let person = scanned.person;
            change_contact(self, edit, &person, |old| {
                let meeting = (!is_again || old.is_none()).then_some(meeting);
                scanned.contact(old, meeting)
            })?;
            Ok(model_id(person.as_bytes()))
        })
    }

    /// Answers whoever's code was scanned with my card, as my contacts see it. Says how the letter will
    /// get there.
    ///
    /// # Errors
    /// [`Error::ShowName`] when my contacts see no name, [`Error::NotHere`] when there is no such contact
    /// or no way to write to them, or [`Error::FreeSpace`].
    pub fn answer(&self, person: Id) -> Result<Way> {
        let card = self.card_for_contacts()?;
        card.name().ok_or(Error::ShowName)?;
        self.send_letter(&person_id(person), &Message::Answer(card), |_| Ok(()))
    }

    /// Asks a contact for their card, to follow it.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn ask_for_card(&self, person: Id) -> Result<Way> {
        let card = self.card_for_contacts()?;
        card.name().ok_or(Error::ShowName)?;
        self.send_letter(&person_id(person), &Message::CardRequest(card), |_| Ok(()))
    }

    /// Gives a contact my card to follow: they see what I show my contacts, now and later.
    ///
    /// # Errors
    /// [`Error::NotHere`] when there is no such contact or no way to write to them, or
    /// [`Error::FreeSpace`].
    pub fn give_card(&self, person: Id) -> Result<Way> {
        let following = self.card_to_follow()?;
        let person = person_id(person);
        self.send_letter(&person, &Message::CardKey(following), |edit| {
            note_given(edit, &person)?;
            drop_requests(edit, &person, Wants::Card)
        })
    }

    /// Who wants something of me, the oldest first.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn requests(&self) -> Result<Vec<Request>> {
        let kept = self.read(|view| view.keepsake(REQUESTS))?;
        let mut requests = Vec::new();
        for waiting in Waiting::all(kept)? {
            if !self.is_blocked(waiting.request.person)? {
                requests.push(waiting.request);
            }
        }
        Ok(requests)
    }

    /// Accepts who wants to be a contact: they become one, confirmed, and get my card.
    ///
    /// # Errors
    /// [`Error::NotHere`] when nobody of that name asked, and as [`answer`](Self::answer).
    pub fn accept(&self, person: Id) -> Result<Way> {
        let kept = self.read(|view| view.keepsake(REQUESTS))?;
        let mut waiting = Waiting::all(kept)?.into_iter();
        let asked = waiting
            .find(|it| it.request.person == person && it.request.wants == Wants::Contact)
            .ok_or(Error::NotHere("that request"))?;
        let name = asked.request.card.name().cloned().ok_or(Error::NotHere("their name"))?;
        let person = person_id(person);
        self.write(|edit| {
            edit.keep(&Address::name(&person), &asked.address.encode())?;
            drop_requests(edit, &person, Wants::Contact)?;
            change_contact(self, edit, &person, |old| {
                confirmed(old.unwrap_or_else(|| nobody(&person, name)), asked.request.card)
            })
        })?;
        self.answer(model_id(person.as_bytes()))
    }

    /// Forgets what somebody asked for. They are not told.
    ///
    /// # Errors
    /// [`Error::FreeSpace`].
    pub fn decline(&self, person: Id) -> Result<()> {
        let person = person_id(person);
        self.write(|edit| {
            drop_requests(edit, &person, Wants::Contact)?;
            drop_requests(edit, &person, Wants::Card)
        })
    }

    fn scanned(&self, screen: ScreenCode, code: &[u8]) -> Result<Scanned> {
        let event = self.read(|view| {
            let spaces = view.spaces()?.into_iter();
            let mut events = spaces.filter(|space| space.role == Role::Event).map(|space| space.id);
            Ok(events.find(|id| screen.hint == Some(EventHint::new(id, &screen.fresh))))
        })?;
        let address = Address { reader: screen.fresh, code: Some(space_of(code).space()), event };
        let card = screen.fields.with_name(Some(screen.name.clone()));
        let code = Some(code.to_vec());
        Ok(Scanned { person: screen.person, name: screen.name, card, code, address })
    }

    pub(crate) fn card_for_contacts(&self) -> Result<Card> {
        self.read(|view| {
            let profile = profile::mine(view.connection())?;
            let identity = view.identity()?.ok_or(StoreError::Missing("your identity"))?;
            Ok(my_card(&profile, &identity.letter.public()))
        })
    }

    fn card_to_follow(&self) -> Result<Box<Following>> {
        let card = self.card_for_contacts()?;
        let (space, moves) =
            self.read(|view| Ok((view.space(&self.card_space())?, moves(view)?)))?;
        let key = space.key.ok_or(Error::NotHere("your card space"))?;
        Ok(Box::new(Following { key, moves, card }))
    }

    /// Puts a letter to a contact into every space in which they may find it, together with `also`.
    fn send_letter(
        &self,
        person: &PersonId,
        message: &Message,
        also: impl FnOnce(&mut Edit<'_>) -> Result<()>,
    ) -> Result<Way> {
        let now = self.now();
        let (address, spaces) = self.read(|view| ways_to(view, person, now))?;
        let address = address.ok_or(Error::NotHere("an address of that contact"))?;
        if spaces.is_empty() {
            return Err(Error::NotHere("a way to that contact"));
        }
        let sealed = spaces.iter().map(|space| self.seal_letter(space, &address.reader, message));
        let sealed: Vec<Sealed> = sealed.collect::<Result<_>>()?;
        self.write(|edit| {
            for letter in sealed {
                letter.send(edit, person, None)?;
            }
            also(edit)
        })?;
        Ok(match address.event {
            Some(event) => Way::Event(model_id(event.as_bytes())),
            None => Way::DirectLink,
        })
    }
}

/// Does what a letter leads to, once.
pub(crate) fn receive(device: &Device, incoming: &Incoming) -> Result<()> {
    let Sender::Signed { person, answer_to, .. } = incoming.letter.sender else { return Ok(()) };
    if person == device.person() {
        return Ok(());
    }
    let now = device.now();
    let shown = device.read(|view| view.keepsake(&Shown::name(&incoming.letter.reader)))?;
    let shown = shown.map(|bytes| Shown::decode(&bytes)).transpose()?;
    if shown.as_ref().is_some_and(|shown| shown.until < now) {
        return Ok(());
    }
    let cards = device.read(|view| view.spaces())?;
    let cards = cards.iter().filter(|space| space.owner == Some(person)).count();
    let is_direct = incoming.role == Role::Code;
    // In a card space only its owner writes, and nothing but where it goes on.
    let is_card = incoming.role == Role::ContactCard;
    let owner = device.read(|view| view.space(&incoming.space))?.owner;
    let is_move = matches!(incoming.message, Message::CardKey(_)) && owner == Some(person);
    if is_card && !is_move {
        return Ok(());
    }
    let reply = match (&incoming.message, &shown) {
        (Message::Answer(_), Some(shown)) if is_direct && now <= shown.visible_until => {
            let following = Message::CardKey(device.card_to_follow()?);
            Some(device.seal_letter(&incoming.space, &answer_to, &following)?)
        }
        _ => None,
    };
    device.write(|edit| {
        if !mark_read(edit, incoming)? {
            return Ok(());
        }
        if let Some(reply) = reply {
            reply.send(edit, &person, None)?;
            note_given(edit, &person)?;
        }
        arrival::owe(edit, incoming)?;
        let address = Address {
            reader: answer_to,
            code: is_direct.then_some(incoming.space),
            event: (!is_direct)
                .then_some(incoming.space)
                .or(shown.as_ref().and_then(|it| it.event)),
        };
        let address = match Address::of(edit.keepsake(&Address::name(&person))?)? {
            Some(known) if is_card => Address { reader: answer_to, ..known },
            _ if is_card => Address { event: None, ..address },
            _ => address,
        };
        let known = contact::of_person(edit.connection(), &person).map_err(StoreError::from)?;
        let known = known.map(|known| known.contact);
        let from = From { person, address, known, cards };
        match incoming.message.clone() {
            Message::Answer(card) => receive_answer(device, edit, &from, card, shown.as_ref()),
            Message::CardKey(following) => receive_card_key(device, edit, &from, following),
            Message::CardRequest(card) if from.known.is_some() => {
                add_request(edit, from.address, from.request(card, Wants::Card))
            }
            Message::CardRequest(_)
            | Message::Direct(_)
            | Message::Feedback(_)
            | Message::Report(_)
            | Message::Arrived(_) => Ok(()),
        }
    })
}

/// Who wrote a letter.
struct From {
    person: PersonId,
    address: Address,
    known: Option<Contact>,
    /// How many card spaces of theirs are held.
    cards: usize,
}

impl From {
    fn request(&self, card: Card, wants: Wants) -> Request {
        Request { person: model_id(self.person.as_bytes()), card, wants }
    }
}

fn receive_answer(
    device: &Device,
    edit: &mut Edit<'_>,
    from: &From,
    card: Card,
    shown: Option<&Shown>,
) -> Result<()> {
    if shown.is_none() && from.known.is_none() {
        return add_request(edit, from.address, from.request(card, Wants::Contact));
    }
    // Without a name there is nobody to remember.
    let Some(name) = card.name().cloned() else { return Ok(()) };
    edit.keep(&Address::name(&from.person), &from.address.encode())?;
    change_contact(device, edit, &from.person, |old| {
        let contact = confirmed(old.unwrap_or_else(|| nobody(&from.person, name)), card);
        match shown {
            Some(shown) => met(contact, shown.meeting()),
            None => contact,
        }
    })
}

fn receive_card_key(
    device: &Device,
    edit: &mut Edit<'_>,
    from: &From,
    following: Box<Following>,
) -> Result<()> {
    // A stranger cannot make this device hold anything, and a contact not without end.
    let Some(known) = from.known.as_ref().filter(|_| from.cards < CARDS_MAX) else {
        return Ok(());
    };
    let space = edit.hold_space(&NewSpace {
        role: Role::ContactCard,
        keys: Keys::Member(following.key.clone()),
        founder: None,
        owner: Some(from.person),
    })?;
    let theirs = edit.space(&space)?;
    if theirs.role != Role::ContactCard || theirs.owner != Some(from.person) {
        return Ok(());
    }
    // Letters come in any order, and one in several copies.
    let name = followed_name(&from.person);
    let before = CardSpace::decode(edit.keepsake(&name)?)?;
    if before.is_none_or(|before| before.moves < following.moves) {
        edit.keep(&name, &CardSpace { space, moves: following.moves }.encode())?;
    }
    edit.keep(&Address::name(&from.person), &from.address.encode())?;
    change_contact(device, edit, &from.person, |old| {
        confirmed(old.unwrap_or_else(|| known.clone()), following.card)
    })
}

/// What a scan says.
struct Scanned {
    person: PersonId,
    name: Name,
    card: Card,
    /// The bytes of a screen code, which is a space too.
    code: Option<Vec<u8>>,
    address: Address,
}

impl Scanned {
    fn of_badge(badge: BadgeCode, event: Option<Id>) -> Self {
        let address = Address { reader: badge.letter, code: None, event: event.map(space_id) };
        let card = Card::default()
            .with_name(Some(badge.name.clone()))
            .with_letter(Some(LetterAddress::new(*badge.letter.as_bytes())));
        Self { person: badge.person, name: badge.name, card, code: None, address }
    }

    /// What is known by now. What its person signed says more than a code.
    fn contact(self, old: Option<Contact>, meeting: Option<Meeting>) -> Contact {
        let contact = old.unwrap_or_else(|| nobody(&self.person, self.name));
        let contact = match contact.is_confirmed() {
            true => contact,
            false => contact.with_card(Some(self.card)),
        };
        match meeting {
            Some(meeting) => met(contact, meeting),
            None => contact,
        }
    }
}

fn nobody(person: &PersonId, name: Name) -> Contact {
    Contact::new(model_id(person.as_bytes()), name)
}

fn confirmed(contact: Contact, card: Card) -> Contact {
    contact.with_card(Some(card)).with_confirmed(true)
}

fn met(contact: Contact, meeting: Meeting) -> Contact {
    let meetings = contact.meetings().iter().cloned().chain([meeting]);
    let meetings = List::lossy(meetings);
    contact.with_meetings(meetings)
}

fn my_card(profile: &Profile, letter: &LetterPublic) -> Card {
    profile.seen_by(Audience::Contacts).with_letter(Some(LetterAddress::new(*letter.as_bytes())))
}

/// The chosen fields, whatever their audience: choosing is sharing. The name is elsewhere in a code.
fn chosen(profile: &Profile, fields: &[Field]) -> Card {
    fields.iter().fold(Card::default(), |card, field| match profile.get(*field).value {
        FieldValue::Name(_) => card,
        FieldValue::Hashtags(hashtags) => card.with_hashtags(hashtags),
        FieldValue::Bio(bio) => card.with_bio(bio),
        FieldValue::Links(links) => card.with_links(links),
        FieldValue::PhotoConsent(consent) => card.with_photo_consent(consent),
    })
}

/// Where a person can be written to, and the spaces in which they would find it.
pub(crate) fn ways_to(
    view: &View<'_>,
    person: &PersonId,
    now: u64,
) -> teilgeber_store::Result<(Option<Address>, Vec<SpaceId>)> {
    let held = view.spaces()?.into_iter().filter(|space| !space.faded);
    let held: Vec<SpaceId> = held.map(|space| space.id).collect();
    let mut address = Address::of(view.keepsake(&Address::name(person))?)?;
    if let Some(address) = &mut address {
        address.event = address.event.filter(|event| held.contains(event));
    }
    let mut spaces = Vec::new();
    for published in card::of_person(view.connection(), person)? {
        let space = view.space(&published.space)?;
        let is_event = space.role == Role::Event && !space.faded;
        let Some(letter) = published.card.letter().filter(|_| is_event) else { continue };
        let reader = LetterPublic::from_bytes(*letter.as_bytes());
        let address = address.get_or_insert(Address { reader, code: None, event: None });
        address.event.get_or_insert(published.space);
    }
    if let Some(address) = &mut address {
        spaces.extend(address.event);
        if let Some(code) = address.code
            && is_open(view, &code, now)?
        {
            spaces.push(code);
        }
    }
    Ok((address, spaces))
}
