//! What others see of me in an event: shown before it is shared, and taken back as a whole.

use serde::Serialize;
use teilgeber_model::{Audience, Card, Id, Millis, Published as _, Topics};
use teilgeber_store::nouns::{CARD, INTERESTS, OFFER, SEAT_REQUEST, profile};

use crate::card;
use crate::device::{Device, model_id, moment, space_id};
use crate::error::{Error, Result};
use crate::observe::Kind;
use crate::offer::{OfferFilter, OfferRecord};
use crate::seat_request::SeatRecord;

/// What others see of me in an event, or will see once I appear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// In which event.
    pub event: Id,
    /// Whether the card is seen already.
    pub appearing: bool,
    /// The card, to the byte as it is published when I appear.
    pub card: Card,
    /// The topics that I offer and want: seen already, whether I appear or not.
    pub topics: Topics,
    /// My offers, past ones too: seen already.
    pub offers: Vec<OfferRecord>,
    /// My requests for places: seen already.
    pub seat_requests: Vec<SeatRecord>,
    /// All else that I alone wrote there: seen already.
    pub more: Vec<PublishedThing>,
}

/// Something that I published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PublishedThing {
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub id: Id,
}

impl Device {
    /// Exactly what others will see of me in an event if I [appear](Self::appear_in) there, and what they
    /// see already. Shares nothing.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn preview_in(&self, event: Id) -> Result<Preview> {
        let space = self.event_space(event)?;
        let (mine, identity, published) = self.read(|view| {
            let mine = profile::mine(view.connection())?;
            Ok((mine, view.identity()?, view.published(&space)?))
        })?;
        let identity = identity.ok_or(Error::NotHere("your identity"))?;
        let form = card::addressed(&identity, mine.seen_by(Audience::Event)).encode();
        let own =
            OfferFilter { owner: Some(model_id(self.person().as_bytes())), ..Default::default() };
        let shown = [CARD, INTERESTS, OFFER, SEAT_REQUEST];
        let more = published.into_iter().filter(|(noun, _)| !shown.contains(noun));
        Ok(Preview {
            event,
            appearing: self.appears_in(event)?,
            card: Card::decode(&form).map_err(|error| Error::Report(error.into()))?,
            topics: self.my_topics(event)?,
            offers: self.offers_since(event, &own, Millis::EPOCH, moment(self.now()))?,
            seat_requests: self.my_seat_requests(event)?,
            more: more
                .filter_map(|(noun, id)| {
                    Some(PublishedThing { kind: Kind::of(noun)?, id: model_id(id.as_bytes()) })
                })
                .collect(),
        })
    }

    /// Erases all that I alone wrote in an event: my card, topics, offers, requests and whatever else I
    /// published; others erase it as they hear of it. Sessions that I pitched stay, because others
    /// plan with them, and so does the event. Returns what was withdrawn.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn withdraw_everything(&self, event: Id) -> Result<Vec<PublishedThing>> {
        self.event_space(event)?;
        let space = space_id(event);
        self.write(|edit| {
            let published = edit.published(&space)?;
            card::set_appearing(edit, &space, false)?;
            card::withdraw(edit, &space)?;
            for (_, id) in edit.published(&space)? {
                edit.erase(&space, &id)?;
            }
            let thing = |(noun, id): (_, teilgeber_entry::DocumentId)| {
                Some(PublishedThing { kind: Kind::of(noun)?, id: model_id(id.as_bytes()) })
            };
            Ok(published.into_iter().filter_map(thing).collect())
        })
    }
}
