//! Asking for a place that somebody offers, and answering.

use teilgeber_device as core;
use teilgeber_device::model::{Id, Millis, Places};

use crate::device::Device;
use crate::error::Result;
use crate::values::{prose, text};

pub(crate) use teilgeber_device::SeatState;

/// What became of a request.
#[uniffi::remote(Enum)]
pub enum SeatState {
    /// Not answered yet.
    Asked,
    /// The owner said yes.
    Yes,
    /// The owner said no.
    No,
    /// The offer was withdrawn.
    Withdrawn,
    /// Not answered before the offer's time was past.
    Over,
}

/// A request for a place, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SeatRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Of which offer.
    pub offer: Id,
    /// Who asks.
    pub person: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<String>,
    /// Whether it is mine.
    pub mine: bool,
    /// When they asked, as they say.
    pub asked: Millis,
    /// For how many places.
    pub places: u8,
    /// A word to the owner.
    pub word: String,
    /// What became of it.
    pub state: SeatState,
    /// How many places it got.
    pub granted: u8,
}

#[uniffi::export]
impl Device {
    /// Asks for places of an offer, 1 to 99; everybody in the event sees that, and the word to the owner. As long
    /// as the owner has not said no, asking again changes what I asked. Returns the request's id.
    ///
    /// Errors: `NoPlaceLeft` where it never had so many places, `NotAllowed` for an offer of one's own, `NotHere`
    /// also for one that is past or has no places, `FreeSpace`, `Invalid`.
    pub async fn ask_for_seat(&self, offer: Id, places: u8, word: String) -> Result<Id> {
        self.run(move |device| {
            Ok(device.ask_for_seat(offer, Places::new(places)?, &prose(&word)?)?)
        })
        .await
    }

    /// Withdraws a request of mine: it is erased, and its places are free again.
    ///
    /// Errors: `NotAllowed` to all but who asked, `NotHere`, `FreeSpace`.
    pub async fn withdraw_seat(&self, request: Id) -> Result<()> {
        self.run(move |device| Ok(device.withdraw_seat(request)?)).await
    }

    /// Answers a request for an offer of mine: yes gives all the places that it asks for. An answer can be changed.
    ///
    /// Errors: `NoPlaceLeft` where fewer places are free, `NotAllowed` to all but the offer's owner, `NotHere`,
    /// `FreeSpace`.
    pub async fn answer_seat(&self, request: Id, yes: bool) -> Result<()> {
        self.run(move |device| Ok(device.answer_seat(request, yes)?)).await
    }

    /// The requests for my offers in an event, offer by offer, the first in front; also those that I answered.
    ///
    /// Errors: `NotHere`.
    pub async fn seat_requests_to_me(&self, event: Id) -> Result<Vec<SeatRecord>> {
        self.run(move |device| Ok(records(device.seat_requests_to_me(event)?))).await
    }

    /// My requests in an event, the first in front.
    ///
    /// Errors: `NotHere`.
    pub async fn my_seat_requests(&self, event: Id) -> Result<Vec<SeatRecord>> {
        self.run(move |device| Ok(records(device.my_seat_requests(event)?))).await
    }
}

pub(crate) fn records(requests: Vec<core::SeatRecord>) -> Vec<SeatRecord> {
    requests.into_iter().map(SeatRecord::from).collect()
}

impl From<core::SeatRecord> for SeatRecord {
    fn from(record: core::SeatRecord) -> Self {
        Self {
            id: record.id,
            event: record.event,
            offer: record.offer,
            person: record.person,
            name: text(record.name),
            mine: record.mine,
            asked: record.asked,
            places: record.places.get(),
            word: record.word.as_str().to_owned(),
            state: record.state,
            granted: record.granted,
        }
    }
}
