//! Rides, beds, tips and other things that people offer around an event.
//!
//! Who gets a place is the owner's word, and the answers stand in the offer: an owner never sees more
//! places granted than there are, and all others see what the owner said last. What is past is not
//! listed; what is withdrawn is erased wherever this is heard.

use serde::Serialize;
use teilgeber_entry::{Origin, PersonId};
use teilgeber_model::{
    Answer, Day, Id, List, Millis, Name, Offer, OfferKind, Offering, Published as _,
};
use teilgeber_store::nouns::{OFFER, card, event, offer, seat_request};
use teilgeber_store::{Edit, StoreError, View};

use crate::device::{Device, document_id, model_id, moment, person_id};
use crate::error::{Error, Result};
use crate::seat_request::{SeatRecord, seats_of};

/// An offer, and what came of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Who offers it.
    pub owner: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<Name>,
    /// Whether it is mine.
    pub mine: bool,
    /// When they last said something of it, as they say.
    pub changed: Millis,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Whether its time is past.
    pub over: bool,
    /// How many places nobody has yet; `None` where there is nothing to ask for.
    pub free: Option<u32>,
    /// What is offered.
    pub offer: Offer,
    /// Who asked, the first in front.
    pub requests: Vec<SeatRecord>,
}

/// Which offers to list: those that match all that is set.
#[derive(Debug, Clone, Default)]
pub struct OfferFilter {
    /// Of this kind.
    pub kind: Option<OfferKind>,
    /// Of this person.
    pub owner: Option<Id>,
    /// With a place that nobody has yet.
    pub free: bool,
}

impl Device {
    /// Offers something in an event. Everybody there sees it, and who offers it. Returns its id.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn make_offer(&self, event: Id, new: &Offer) -> Result<Id> {
        let space = self.event_space(event)?.id;
        let new = Offer::new(new.offering().clone(), new.until()).with_text(new.text().clone());
        let id = self.write(|edit| {
            let origin = Origin::Singleton { generation: edit.fresh_number(&space, OFFER)? };
            Ok(edit.put(&space, OFFER, origin, new.encode())?)
        })?;
        Ok(model_id(id.as_bytes()))
    }

    /// Makes an offer of mine say what `new` says; the answers stay.
    ///
    /// # Errors
    /// [`Error::NoPlaceLeft`] where more places are granted than it would have,
    /// [`Error::NotAllowed`] to all but its owner, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn edit_offer(&self, id: Id, new: &Offer) -> Result<()> {
        self.write(|edit| {
            let old = own_offer(edit, id)?;
            let answers = standing_answers(edit, &old)?;
            let offer = Offer::new(new.offering().clone(), new.until())
                .with_text(new.text().clone())
                .with_answers(List::lossy(answers))
                .map_err(|_| Error::NoPlaceLeft)?;
            Ok(edit.put_again(&old.space, &old.id, offer.encode())?)
        })
    }

    /// Withdraws an offer of mine: it is erased, and who asked for a place sees that.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but its owner, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn withdraw_offer(&self, id: Id) -> Result<()> {
        self.write(|edit| {
            let offered = own_offer(edit, id)?;
            edit.erase(&offered.space, &offered.id)?;
            Ok(())
        })
    }

    /// An offer, also one that is past.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn offer(&self, id: Id) -> Result<OfferRecord> {
        let (me, now) = (self.person(), moment(self.now()));
        let found = self.read(|view| {
            let found = offer::get(view.connection(), &document_id(id))?;
            found.map(|offered| record(view, offered, &me, now)).transpose()
        })?;
        found.ok_or(Error::NotHere("that offer"))
    }

    /// The offers of an event that match and hold beyond `now`, those that end first in front.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn offers(&self, event: Id, filter: &OfferFilter, now: Millis) -> Result<Vec<OfferRecord>> {
        self.offers_since(event, filter, now, now)
    }

    /// The offers of an event that match and hold beyond `since`, as they stand at `now`.
    pub(crate) fn offers_since(
        &self,
        event: Id,
        filter: &OfferFilter,
        since: Millis,
        now: Millis,
    ) -> Result<Vec<OfferRecord>> {
        let space = self.event_space(event)?.id;
        let (me, owner) = (self.person(), filter.owner.map(person_id));
        self.read(|view| {
            let mut offers = offer::in_space(view.connection(), &space, since)?;
            offers.retain(|offered| {
                filter.kind.is_none_or(|kind| kind == offered.offer.offering().kind())
                    && owner.is_none_or(|owner| owner == offered.person)
            });
            let mut records = Vec::new();
            for offered in offers {
                let record = record(view, offered, &me, now)?;
                if !filter.free || record.free.is_some_and(|free| free > 0) {
                    records.push(record);
                }
            }
            Ok(records)
        })
    }

    /// Until when an offer holds if its owner says nothing: a ride until it leaves, a bed until its last
    /// night has begun, all else until the event's last day is over, everywhere on earth.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn offer_ends(&self, event: Id, offering: &Offering) -> Result<Millis> {
        let space = self.event_space(event)?.id;
        let last = match offering {
            Offering::Ride { when, .. } => return Ok(*when),
            Offering::Bed { nights, .. } => {
                // The night before the last morning; there is at least one.
                let last_night = nights.until().days().saturating_sub(1);
                Day::from_days(last_night).unwrap_or(nights.from())
            }
            Offering::Tip { .. } | Offering::Other { .. } => {
                let camp = self.read(|view| Ok(event::get(view.connection(), &space)?))?;
                match camp {
                    Some(camp) => camp.event.days().last(),
                    None => moment(self.now()).day().plus(DAYS_UNKNOWN),
                }
            }
        };
        Ok(moment(last.plus(1).start().get() + BEHIND_UTC_MS))
    }
}

/// How long something is offered at an event of which the days have not come yet.
const DAYS_UNKNOWN: u16 = 14;

/// By how much the last place on earth is behind UTC.
const BEHIND_UTC_MS: u64 = 12 * 60 * 60 * 1000;

/// An offer of this person's.
pub(crate) fn own_offer(edit: &Edit<'_>, id: Id) -> Result<offer::Offered> {
    let offered = offer_in(edit, id)?;
    let me = edit.identity()?.ok_or(Error::NotHere("your identity"))?.person;
    if offered.person == me { Ok(offered) } else { Err(Error::NotAllowed("whose offer it is")) }
}

pub(crate) fn offer_in(edit: &Edit<'_>, id: Id) -> Result<offer::Offered> {
    let found = offer::get(edit.connection(), &document_id(id)).map_err(StoreError::from)?;
    found.ok_or(Error::NotHere("that offer"))
}

/// The answers to requests that were not withdrawn: a withdrawn one frees its places.
pub(crate) fn standing_answers(
    edit: &mut Edit<'_>,
    offered: &offer::Offered,
) -> Result<Vec<Answer>> {
    let mut standing = Vec::new();
    for answer in offered.offer.answers() {
        if !edit.is_gone(&offered.space, &document_id(answer.request))? {
            standing.push(*answer);
        }
    }
    Ok(standing)
}

fn record(
    view: &View<'_>,
    offered: offer::Offered,
    me: &PersonId,
    now: Millis,
) -> teilgeber_store::Result<OfferRecord> {
    let db = view.connection();
    let requests = seat_request::of_offer(db, &offered.space, &offered.id)?;
    let free = match offered.offer.offering().places() {
        Some(places) => Some(u32::from(places.get()).saturating_sub(taken(view, &offered)?)),
        None => None,
    };
    Ok(OfferRecord {
        id: model_id(offered.id.as_bytes()),
        event: model_id(offered.space.as_bytes()),
        owner: model_id(offered.person.as_bytes()),
        name: card::name_in(db, &offered.space, &offered.person)?,
        mine: offered.person == *me,
        changed: offered.changed,
        hidden: offered.hidden,
        over: offered.offer.until() <= now,
        free,
        requests: seats_of(view, requests, me, now)?,
        offer: offered.offer,
    })
}

/// How many places somebody has.
fn taken(view: &View<'_>, offered: &offer::Offered) -> teilgeber_store::Result<u32> {
    let space = view.space(&offered.space)?;
    let mut taken = 0;
    for answer in offered.offer.answers() {
        if answer.granted > 0 && !view.is_gone(&space, &document_id(answer.request))? {
            taken += u32::from(answer.granted);
        }
    }
    Ok(taken)
}
