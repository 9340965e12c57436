//! What others see of me in an event: shown before it is shared, and taken back as a whole.

use serde::Serialize;
use teilgeber_entry::{DocumentId, Noun, SpaceId};
use teilgeber_model::{Audience, Card, Id, Millis, Published as _, Topics};
use teilgeber_store::nouns::{CARD, INTERESTS, OFFER, SEAT_REQUEST, profile};
use teilgeber_store::{Edit, Leaving, Places};

use crate::card;
use crate::device::{Device, model_id, moment, space_id};
use crate::error::{Error, Result};
use crate::observe::Kind;
use crate::offer::{OfferFilter, OfferRecord};
use crate::seat_request::SeatRecord;
use crate::undo::{Pending, UNDO_MS};

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

/// What was withdrawn from an event, and where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawn {
    /// How many things.
    pub things: usize,
    /// The devices that heard of all of them.
    pub places: Places,
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
            // It may have been seen before, and nothing of it stands any more.
            card::set_appearing(edit, &space, false)?;
            card::withdraw(edit, &space)?;
            withdraw(edit, &space, &published)?;
            Ok(things(published))
        })
    }

    /// As [`withdraw_everything`](Self::withdraw_everything), in a moment: it is in no list here any more,
    /// and until then [`undo`](Self::undo) has it all back. What is published meanwhile stays. Returns
    /// what will be withdrawn, too.
    ///
    /// # Errors
    /// [`Error::NotHere`], also where there is nothing of mine, or [`Error::FreeSpace`].
    pub fn erase_event_soon(&self, event: Id) -> Result<(Pending, Vec<PublishedThing>)> {
        self.event_space(event)?;
        let space = space_id(event);
        let until = self.now().saturating_add(UNDO_MS);
        let published = self.write(|edit| {
            let published = edit.published(&space)?;
            for (noun, id) in &published {
                let thing = *id.as_bytes();
                let leaving = Leaving { noun: *noun, id: *id, thing, until, event: Some(space) };
                edit.leave(&space, &leaving)?;
            }
            Ok(published)
        })?;
        if published.is_empty() {
            return Err(Error::NotHere("anything of yours in that event"));
        }
        // Where it was asked for before, the first moment counts.
        let mut pending = self.pending()?.into_iter();
        let first = pending.find(|it| (it.kind, it.id) == (Kind::Event, event));
        let pending = Pending { kind: Kind::Event, id: event, until: moment(until) };
        Ok((first.unwrap_or(pending), things(published)))
    }

    /// What I withdrew from an event the last time, and how many devices heard of all of it. `None` where I
    /// never did.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn withdrawn_from(&self, event: Id) -> Result<Option<Withdrawn>> {
        let space = self.event_space(event)?;
        self.read(|view| {
            let Some(kept) = view.keepsake(&withdrawn_name(&space.id))? else { return Ok(None) };
            let mut withdrawn = Withdrawn { things: 0, places: Places::default() };
            for id in kept.as_chunks().0 {
                let one = view.places(&space, &DocumentId::from_bytes(*id))?;
                let first = withdrawn.things == 0;
                withdrawn.things += 1;
                withdrawn.places = if first { one } else { fewest(withdrawn.places, one) };
            }
            Ok(Some(withdrawn))
        })
    }
}

/// Erases these documents of this person's, and keeps which they were: others confirm them one by one.
pub(crate) fn withdraw(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    documents: &[(Noun, DocumentId)],
) -> Result<()> {
    if documents.iter().any(|(noun, _)| *noun == CARD) {
        card::set_appearing(edit, space, false)?;
        card::withdraw(edit, space)?;
    }
    let standing = edit.published(space)?;
    for document in documents.iter().filter(|it| standing.contains(it)) {
        edit.erase(space, &document.1)?;
    }
    if documents.is_empty() {
        return Ok(());
    }
    let ids: Vec<u8> = documents.iter().flat_map(|(_, id)| *id.as_bytes()).collect();
    Ok(edit.keep(&withdrawn_name(space), &ids)?)
}

/// Under which name the documents that were withdrawn last are kept.
fn withdrawn_name(space: &SpaceId) -> String {
    format!("withdrawn/{space}")
}

/// Where both are.
fn fewest(one: Places, other: Places) -> Places {
    Places {
        devices: one.devices.min(other.devices),
        hubs: one.hubs.min(other.hubs),
        others: one.others && other.others,
    }
}

fn things(published: Vec<(Noun, DocumentId)>) -> Vec<PublishedThing> {
    let thing = |(noun, id): (Noun, DocumentId)| {
        Some(PublishedThing { kind: Kind::of(noun)?, id: model_id(id.as_bytes()) })
    };
    published.into_iter().filter_map(thing).collect()
}
