//! Messages between me and one person: written as letters, kept by both for themselves.

use serde::Serialize;
use teilgeber_entry::codec::{DecodeError, Reader, Write as _};
use teilgeber_entry::letter::Sender;
use teilgeber_entry::{DocumentId, EntryId, Origin, PersonId, SpaceId};
use teilgeber_model::{DirectMessage, Id, MessageText, Millis, Name, Published as _};
use teilgeber_store::nouns::{MESSAGE, card, contact, message, muted};
use teilgeber_store::{Edit, Places, Role, StoreError, View};

use crate::arrival;
use crate::device::{Device, document_id, model_id, moment, person_id, space_id};
use crate::error::{Error, Result};
use crate::letters::{Direct, Incoming, Message, mark_read};
use crate::remembered::Address;
use crate::swap::{Way, ways_to};

/// The most messages that are kept of a conversation with somebody who is no contact: a stranger
/// cannot fill this device. What comes beyond is not kept.
pub const OF_STRANGERS_MAX: usize = 100;

/// A message that is kept here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageRecord {
    /// Which one.
    pub id: Id,
    /// Whether one that I wrote came to a device of who it is for. Nobody is told whether it was read.
    pub arrived: bool,
    /// What it holds.
    pub message: DirectMessage,
}

/// What somebody and I wrote to each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// With whom.
    pub person: Id,
    /// The name that I gave them or that they show.
    pub name: Option<Name>,
    /// What was written last.
    pub last: MessageRecord,
}

/// A message that was written just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SentMessage {
    /// Which one.
    pub id: Id,
    /// How it will get there.
    pub way: Way,
}

impl Device {
    /// Writes to a contact, or to anybody in an event of mine whose card there says where. Nobody but
    /// the two can read it; both keep it. Its [`places`](Self::places) say whether the letter lies only
    /// here or travels already.
    ///
    /// # Errors
    /// [`Error::NothingSaid`], [`Error::NotHere`] when there is no way to write to them, or
    /// [`Error::FreeSpace`].
    pub fn write_message(&self, person: Id, text: &MessageText) -> Result<SentMessage> {
        if text.as_str().trim().is_empty() {
            return Err(Error::NothingSaid);
        }
        let to = person_id(person);
        let written = moment(self.now());
        let (address, spaces) = self.read(|view| ways_to(view, &to, written.get()))?;
        let address = address.ok_or(Error::NotHere("an address of that person"))?;
        let first = *spaces.first().ok_or(Error::NotHere("a way to that person"))?;
        let direct = Direct { number: self.seed()?, written, text: text.clone() };
        let said = Message::Direct(direct.clone());
        let seal = |space| self.seal_letter(space, &address.reader, &said);
        let sealed = spaces.iter().map(seal).collect::<Result<Vec<_>>>()?;
        let called = sealed.first().map(|letter| letter.id);
        let kept = DirectMessage {
            person,
            mine: true,
            text: direct.text,
            written,
            space: model_id(first.as_bytes()),
            letter: called.map(|id| model_id(id.as_bytes())),
        };
        let id = self.write(|edit| {
            for letter in sealed {
                letter.send(edit, &to, called)?;
            }
            keep(self, edit, &self.person(), &direct.number, &kept)
        })?;
        let way = address.event.map_or(Way::DirectLink, |it| Way::Event(model_id(it.as_bytes())));
        Ok(SentMessage { id: model_id(id.as_bytes()), way })
    }

    /// What a person and I wrote to each other, the oldest first.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn messages(&self, person: Id) -> Result<Vec<MessageRecord>> {
        self.read(|view| {
            let kept = message::with_person(view.connection(), &person_id(person))?;
            kept.into_iter().map(|kept| record(view, kept)).collect()
        })
    }

    /// With whom I wrote, the one with the latest message first.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn conversations(&self) -> Result<Vec<Conversation>> {
        self.read(|view| {
            let last = message::conversations(view.connection())?.into_iter();
            last.map(|kept| {
                let person = kept.message.person;
                let name = name_of(view, &person_id(person))?;
                Ok(Conversation { person, name, last: record(view, kept)? })
            })
            .collect()
        })
    }

    /// A message.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn message(&self, id: Id) -> Result<MessageRecord> {
        let found = self.read(|view| {
            let kept = message::get(view.connection(), &document_id(id))?;
            kept.map(|kept| record(view, kept)).transpose()
        })?;
        found.ok_or(Error::NotHere("that message"))
    }

    /// Erases a message: here at once, and on each of my devices as they hear of it. The other person
    /// keeps theirs; a letter that has not reached them yet goes on, and is sent again no more.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_message(&self, id: Id) -> Result<()> {
        let letter = self.message(id)?.message.letter;
        self.write(|edit| {
            edit.erase(&self.own_space(), &document_id(id))?;
            if let Some(letter) = letter {
                edit.forget_sent(&EntryId::from_bytes(*letter.as_bytes()))?;
            }
            Ok(())
        })
    }
}

/// Keeps a message that came, once.
pub(crate) fn receive(device: &Device, incoming: &Incoming, direct: &Direct) -> Result<()> {
    let Sender::Signed { person, answer_to, .. } = incoming.letter.sender else { return Ok(()) };
    if person == device.person() {
        return Ok(());
    }
    device.write(|edit| {
        if !mark_read(edit, incoming)? || !is_wanted(edit, &person)? {
            return Ok(());
        }
        let kept = DirectMessage {
            person: model_id(person.as_bytes()),
            mine: false,
            text: direct.text.clone(),
            written: direct.written,
            space: model_id(incoming.space.as_bytes()),
            letter: None,
        };
        keep(device, edit, &person, &direct.number, &kept)?;
        arrival::owe(edit, incoming)?;
        // They signed where to answer, so that is where they are written to from now on.
        let known = Address::of(edit.keepsake(&Address::name(&person))?)?;
        let came_by = |role| (incoming.role == role).then_some(incoming.space);
        let address = Address {
            reader: answer_to,
            code: came_by(Role::Code).or(known.and_then(|known| known.code)),
            event: came_by(Role::Event).or(known.and_then(|known| known.event)),
        };
        Ok(edit.keep(&Address::name(&person), &address.encode())?)
    })
}

/// Whether what this person writes to me is kept. The one place that decides it.
fn is_wanted(edit: &Edit<'_>, person: &PersonId) -> Result<bool> {
    let db = edit.connection();
    if muted::is_blocked(db, person).map_err(StoreError::from)? {
        return Ok(false);
    }
    let is_contact = contact::of_person(db, person).map_err(StoreError::from)?.is_some();
    let number = message::number_with(db, person).map_err(StoreError::from)?;
    Ok(is_contact || number < OF_STRANGERS_MAX)
}

/// Puts a message into the self space, unless it is or was there.
pub(crate) fn keep(
    device: &Device,
    edit: &mut Edit<'_>,
    writer: &PersonId,
    number: &[u8; 32],
    kept: &DirectMessage,
) -> Result<DocumentId> {
    let own = device.own_space();
    // The writer goes into the hash, so that nobody can take the place of somebody else's message.
    let mut named = Vec::new();
    named.put_bytes(writer.as_bytes());
    named.put_bytes(number);
    let parent = blake3::derive_key("teilgeber 0 name of a message", &named);
    let origin = Origin::Attached { parent: DocumentId::from_bytes(parent), generation: 0 };
    let id = edit.named_document(&own, MESSAGE, origin)?;
    // The same message may have come in by a folder of mine, under another name.
    let is_here = is_kept(edit, kept)?;
    if !is_here && !edit.is_gone(&own, &id)? {
        edit.put(&own, MESSAGE, origin, kept.encode())?;
    }
    Ok(id)
}

/// Whether a message that says just this is here.
pub(crate) fn is_kept(edit: &Edit<'_>, message: &DirectMessage) -> Result<bool> {
    let all = message::with_person(edit.connection(), &person_id(message.person));
    let said = |it: &DirectMessage| (it.mine, it.written, it.text.clone());
    let mut all = all.map_err(StoreError::from)?.into_iter();
    Ok(all.any(|kept| said(&kept.message) == said(message)))
}

/// Where a message is beside this device: the letter of one that I wrote, my copy of another.
pub(crate) fn places(
    view: &View<'_>,
    own: &SpaceId,
    id: &DocumentId,
) -> teilgeber_store::Result<Places> {
    let kept = message::get(view.connection(), id)?.ok_or(StoreError::Missing("that message"))?;
    let Some(letter) = kept.message.letter else {
        return view.places(&view.space(own)?, id);
    };
    let letter = EntryId::from_bytes(*letter.as_bytes());
    match view.space(&space_id(kept.message.space)) {
        Ok(space) => {
            // It may have been given more work since.
            let sent = view.sent_letter(&space.id, &letter)?;
            view.places_of_entry(&space, &sent.map_or(letter, |sent| sent.entry))
        }
        // Of a space that is no longer held nothing is known.
        Err(StoreError::Missing(_)) => Ok(Places::default()),
        Err(error) => Err(error),
    }
}

/// The name that I gave a person, else one that they show.
pub(crate) fn name_of(view: &View<'_>, person: &PersonId) -> teilgeber_store::Result<Option<Name>> {
    let db = view.connection();
    if let Some(known) = contact::of_person(db, person)? {
        return Ok(Some(known.contact.name().clone()));
    }
    let cards = card::of_person(db, person)?;
    Ok(cards.into_iter().find_map(|published| published.card.name().cloned()))
}

fn record(view: &View<'_>, kept: message::Kept) -> teilgeber_store::Result<MessageRecord> {
    let (id, message) = (model_id(kept.id.as_bytes()), kept.message);
    let sent = match message.letter {
        Some(letter) => {
            let letter = EntryId::from_bytes(*letter.as_bytes());
            view.sent_letter(&space_id(message.space), &letter)?
        }
        None => None,
    };
    Ok(MessageRecord { id, arrived: sent.is_some_and(|sent| sent.arrived), message })
}

impl Direct {
    pub(crate) fn encode(&self, body: &mut Vec<u8>) {
        body.put_bytes(&self.number);
        body.put_bytes(&self.written.get().to_be_bytes());
        body.put_sized(self.text.as_str().as_bytes());
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        let invalid = |field| DecodeError::Invalid { field };
        let number = reader.array("number")?;
        let written = Millis::new(u64::from_be_bytes(reader.array("time")?));
        let text = reader.sized("text", MessageText::MAX * 4)?;
        let text = std::str::from_utf8(text).map_err(|_| invalid("text"))?;
        Ok(Self {
            number,
            written: written.map_err(|_| invalid("time"))?,
            text: MessageText::new(text).map_err(|_| invalid("text"))?,
        })
    }
}
