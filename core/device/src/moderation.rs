//! What organisers do about others' things, and authors about their own.
//!
//! An organiser *hides* a thing, which can be undone, or *withdraws* it, which cannot: what it holds is
//! dropped on each device that hears of it. *Erasing* is its author's.

use serde::Serialize;
use teilgeber_entry::{DocumentId, SpaceId};
use teilgeber_model::Id;
use teilgeber_store::nouns::{
    anchor, card, contact, event, lent, message, note, offer, pad, photo, post, seat_request,
    session, stars, topic,
};
use teilgeber_store::{Role, View};

use crate::device::{Device, document_id, model_id, person_id, space_id};
use crate::error::{Error, Result};
use crate::observe::Kind;

/// A thing that an organiser hid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HiddenThing {
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub id: Id,
}

impl Device {
    /// Hides a thing of an event: nobody who hears of it finds it in a list or by searching. Of a hide
    /// and an [`unhide`](Self::unhide) that did not know of each other the hide wins.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn hide(&self, kind: Kind, id: Id) -> Result<()> {
        let (space, document) = self.in_event(kind, id)?;
        self.write(|edit| Ok(edit.hide(&space, &document).map(drop)?))
    }

    /// Shows again what organisers hid, as far as this device knows of it.
    ///
    /// # Errors
    /// As [`hide`](Self::hide).
    pub fn unhide(&self, kind: Kind, id: Id) -> Result<()> {
        let (space, document) = self.in_event(kind, id)?;
        self.write(|edit| Ok(edit.unhide(&space, &document)?))
    }

    /// Withdraws a thing of an event: what it holds is dropped on each device that hears of it, and a
    /// photo's picture with it. This cannot be undone.
    ///
    /// # Errors
    /// As [`hide`](Self::hide).
    pub fn withdraw(&self, kind: Kind, id: Id) -> Result<()> {
        let (space, document) = self.in_event(kind, id)?;
        let picture = match kind {
            Kind::Photo => self.read(|view| Ok(photo::get(view.connection(), &document)?))?,
            _ => None,
        };
        self.write(|edit| {
            edit.withdraw(&space, &document)?;
            if let Some(photo) = picture {
                edit.withdraw(&space, &photo.data())?;
            }
            Ok(())
        })
    }

    /// What is hidden in an event, by kind.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn hidden(&self, event: Id) -> Result<Vec<HiddenThing>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| view.hidden(&space))?;
        let thing = |(noun, id): (_, DocumentId)| {
            Some(HiddenThing { kind: Kind::of(noun)?, id: model_id(id.as_bytes()) })
        };
        Ok(found.into_iter().filter_map(thing).collect())
    }

    /// The id of what a person shows of themselves in an event: a [`Kind::Card`].
    ///
    /// # Errors
    /// [`Error::NotHere`] when they show nothing there.
    pub fn card_in(&self, event: Id, person: Id) -> Result<Id> {
        let space = self.event_space(event)?.id;
        let cards =
            self.read(|view| Ok(card::of_person(view.connection(), &person_id(person))?))?;
        let card = cards.iter().find(|card| card.space == space);
        Ok(model_id(card.ok_or(Error::NotHere("that person"))?.id.as_bytes()))
    }

    /// Erases a thing of mine: it is gone here, and asked for elsewhere.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but its author, and for what is not erased as one thing, such as an
    /// event; [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase(&self, kind: Kind, id: Id) -> Result<()> {
        match kind {
            Kind::Note => self.erase_note(id),
            Kind::Contact => self.erase_contact(id),
            Kind::Post => self.erase_post(id),
            Kind::Offer => self.withdraw_offer(id),
            Kind::SeatRequest => self.withdraw_seat(id),
            Kind::Photo => self.erase_photo(id),
            Kind::Anchor => self.erase_anchor(id),
            Kind::Lent => self.take_back(id),
            Kind::Message => self.erase_message(id),
            Kind::Session => self.erase_session(id),
            Kind::Card => self.erase_card(id),
            _ => Err(Error::NotAllowed("its author, in its own place,")),
        }
    }

    /// My card goes by my not being seen in its event any more.
    fn erase_card(&self, id: Id) -> Result<()> {
        let card = self.read(|view| Ok(card::get(view.connection(), &document_id(id))?))?;
        let card = card.ok_or(Error::NotHere("that card"))?;
        if card.person != self.person() {
            return Err(Error::NotAllowed("its author"));
        }
        self.appear_in(model_id(card.space.as_bytes()), false)
    }

    /// The space and document of a thing that is in an event.
    fn in_event(&self, kind: Kind, id: Id) -> Result<(SpaceId, DocumentId)> {
        let own = self.own_space();
        let found = self.read(|view| {
            let found = locate(view, own, kind, id)?;
            let in_event = |(space, _): &(SpaceId, DocumentId)| {
                view.space(space).is_ok_and(|space| space.role == Role::Event)
            };
            Ok(found.filter(in_event))
        })?;
        found.ok_or(Error::NotHere("that in an event"))
    }
}

/// Where a thing is: a contact is named by its person, an event by its space, all else by its document.
pub(crate) fn locate(
    view: &View<'_>,
    own: SpaceId,
    kind: Kind,
    id: Id,
) -> teilgeber_store::Result<Option<(SpaceId, DocumentId)>> {
    let (db, document) = (view.connection(), document_id(id));
    Ok(match kind {
        Kind::Note => note::get(db, &document)?.map(|it| (own, it.id)),
        Kind::Contact => contact::of_person(db, &person_id(id))?.map(|it| (own, it.id)),
        Kind::Event => event::get(db, &space_id(id))?.map(|it| (it.space, it.id)),
        Kind::Session => session::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Card => card::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Offer => offer::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::SeatRequest => seat_request::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Topics => topic::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Post => post::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Photo => photo::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Anchor => anchor::get(db, &document)?.map(|it| (own, it.id)),
        Kind::Pad => {
            let pitched = session::get(db, &document)?;
            let present = pad::present(db, &document)?;
            pitched.zip(present).map(|(it, present)| (it.space, present.pad))
        }
        Kind::Lent => lent::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Message => message::get(db, &document)?.map(|it| (own, it.id)),
        Kind::Stars => stars::get(db, &document)?.map(|it| (it.space, it.id)),
        Kind::Profile | Kind::Placement | Kind::PhotoData | Kind::Starred | Kind::Muted => None,
    })
}
