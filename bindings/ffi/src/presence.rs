//! What others see of me in an event: shown before it is shared, and taken back as a whole.

use teilgeber_device as core;
use teilgeber_device::model::Id;

use crate::card::Card;
use crate::device::{Device, Places};
use crate::error::Result;
use crate::observe::Kind;
use crate::offer::{self, OfferRecord};
use crate::seat_request::{self, SeatRecord};
use crate::topic::{Topic, topics};
use crate::undo::Pending;

pub(crate) use teilgeber_device::PublishedThing;

/// Something that I published.
#[uniffi::remote(Record)]
pub struct PublishedThing {
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub id: Id,
}

/// What others see of me in an event, or will see once I appear.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Preview {
    /// In which event.
    pub event: Id,
    /// Whether the card is seen already.
    pub appearing: bool,
    /// The card, as it is published when I appear.
    pub card: Card,
    /// The topics that I offer and want: seen already, whether I appear or not.
    pub topics: Vec<Topic>,
    /// My offers, past ones too: seen already.
    pub offers: Vec<OfferRecord>,
    /// My requests for places: seen already.
    pub seat_requests: Vec<SeatRecord>,
    /// All else that I alone wrote there: seen already.
    pub more: Vec<PublishedThing>,
}

/// What was withdrawn from an event, and where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Withdrawn {
    /// How many things.
    pub things: u64,
    /// The devices that heard of all of them.
    pub places: Places,
}

/// What is withdrawn from an event in a moment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Withdrawing {
    /// Until when it can be undone.
    pub pending: Pending,
    /// What it is.
    pub things: Vec<PublishedThing>,
}

#[uniffi::export]
impl Device {
    /// Exactly what others will see of me in an event if I appear there, and what they see already. Shares nothing.
    ///
    /// Errors: `NotHere`.
    pub async fn preview_in(&self, event: Id) -> Result<Preview> {
        self.run(move |device| Ok(device.preview_in(event)?.into())).await
    }

    /// Erases all that I alone wrote in an event: my card, topics, offers, requests and whatever else I published;
    /// others erase it as they hear of it. Sessions that I pitched stay, because others plan with them, and so does
    /// the event. Returns what was withdrawn.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn withdraw_everything(&self, event: Id) -> Result<Vec<PublishedThing>> {
        self.run(move |device| Ok(device.withdraw_everything(event)?)).await
    }

    /// As `withdraw_everything`, in a moment: it is in no list here any more, and until then `undo` has it all back.
    /// What is published meanwhile stays. Returns what will be withdrawn, too.
    ///
    /// Errors: `NotHere`, also where there is nothing of mine, `FreeSpace`.
    pub async fn erase_event_soon(&self, event: Id) -> Result<Withdrawing> {
        self.run(move |device| {
            let (pending, things) = device.erase_event_soon(event)?;
            Ok(Withdrawing { pending, things })
        })
        .await
    }

    /// What I withdrew from an event the last time, and how many devices heard of all of it. None where I never did.
    ///
    /// Errors: `NotHere`.
    pub async fn withdrawn_from(&self, event: Id) -> Result<Option<Withdrawn>> {
        self.run(move |device| {
            let withdrawn = device.withdrawn_from(event)?;
            Ok(withdrawn.map(|core::Withdrawn { things, places }| Withdrawn {
                things: things as u64,
                places,
            }))
        })
        .await
    }
}

impl From<core::Preview> for Preview {
    fn from(preview: core::Preview) -> Self {
        Self {
            event: preview.event,
            appearing: preview.appearing,
            card: (&preview.card).into(),
            topics: topics(preview.topics),
            offers: offer::records(preview.offers),
            seat_requests: seat_request::records(preview.seat_requests),
            more: preview.more,
        }
    }
}
