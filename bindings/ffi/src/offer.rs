//! Rides, beds, tips and other things that people offer around an event.

use teilgeber_device as core;
use teilgeber_device::model::{self, Day, Id, Millis, Nights, Places};

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::seat_request::SeatRecord;
use crate::values::{line, prose, text};

pub(crate) use teilgeber_device::model::OfferKind;

/// The kinds of what is offered, to choose by.
#[uniffi::remote(Enum)]
pub enum OfferKind {
    /// Seats in a car or on a ticket.
    Ride,
    /// A bed or a couch.
    Bed,
    /// A hint.
    Tip,
    /// Anything else.
    Other,
}

/// What is offered.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Offering {
    /// Seats in a car or on a ticket.
    Ride {
        /// From where.
        from: String,
        /// To where.
        to: String,
        /// When it leaves.
        when: Millis,
        /// How many seats: 1 to 99.
        places: u8,
    },
    /// A bed or a couch.
    Bed {
        /// The first night begins on this day.
        from: Day,
        /// The last night ends on the morning of this day.
        until: Day,
        /// For how many people: 1 to 99.
        places: u8,
    },
    /// A hint, such as a good hotel: there is nothing to ask for.
    Tip {
        /// What it is about.
        title: String,
    },
    /// Anything else.
    Other {
        /// What it is.
        title: String,
        /// How many may have it, 1 to 99; none: there is nothing to ask for.
        places: Option<u8>,
    },
}

/// An offer. Its owner's answers stand with the requests.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Offer {
    /// What is offered.
    pub offering: Offering,
    /// What it says beside.
    #[uniffi(default = "")]
    pub text: String,
    /// Until when it holds; `offer_ends` knows a good moment.
    pub until: Millis,
}

/// An offer, and what came of it so far.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OfferRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Who offers it.
    pub owner: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<String>,
    /// Whether it is mine.
    pub mine: bool,
    /// When they last said something of it, as they say.
    pub changed: Millis,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Whether its time is past.
    pub over: bool,
    /// How many places nobody has yet; none where there is nothing to ask for.
    pub free: Option<u32>,
    /// What is offered.
    pub offer: Offer,
    /// Who asked, the first in front.
    pub requests: Vec<SeatRecord>,
}

/// Which offers to list: those that match all that is set.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct OfferFilter {
    /// Of this kind.
    #[uniffi(default = None)]
    pub kind: Option<OfferKind>,
    /// Of this person.
    #[uniffi(default = None)]
    pub owner: Option<Id>,
    /// With a place that nobody has yet.
    #[uniffi(default = false)]
    pub free: bool,
}

#[uniffi::export]
impl Device {
    /// Offers something in an event. Everybody there sees it, and who offers it. Returns its id.
    ///
    /// Errors: `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn make_offer(&self, event: Id, offer: Offer) -> Result<Id> {
        self.run(move |device| Ok(device.make_offer(event, &offer.try_into()?)?)).await
    }

    /// Makes an offer of mine say what `offer` says; the answers stay.
    ///
    /// Errors: `NoPlaceLeft` where more places are granted than it would have, `NotAllowed` to all but its owner,
    /// `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn edit_offer(&self, id: Id, offer: Offer) -> Result<()> {
        self.run(move |device| Ok(device.edit_offer(id, &offer.try_into()?)?)).await
    }

    /// Withdraws an offer of mine: it is erased, and who asked for a place sees that.
    ///
    /// Errors: `NotAllowed` to all but its owner, `NotHere`, `FreeSpace`.
    pub async fn withdraw_offer(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.withdraw_offer(id)?)).await
    }

    /// An offer, also one that is past.
    ///
    /// Errors: `NotHere`.
    pub async fn offer(&self, id: Id) -> Result<OfferRecord> {
        self.run(move |device| Ok(device.offer(id)?.into())).await
    }

    /// The offers of an event that match and hold beyond `now`, those that end first in front.
    ///
    /// Errors: `NotHere`.
    pub async fn offers(
        &self,
        event: Id,
        filter: OfferFilter,
        now: Millis,
    ) -> Result<Vec<OfferRecord>> {
        let OfferFilter { kind, owner, free } = filter;
        let filter = core::OfferFilter { kind, owner, free };
        self.run(move |device| Ok(records(device.offers(event, &filter, now)?))).await
    }

    /// Until when an offer holds if its owner says nothing: a ride until it leaves, a bed until its last night has
    /// begun, all else until the event's last day is over, everywhere on earth.
    ///
    /// Errors: `NotHere`, `Invalid`.
    pub async fn offer_ends(&self, event: Id, offering: Offering) -> Result<Millis> {
        self.run(move |device| Ok(device.offer_ends(event, &offering.try_into()?)?)).await
    }
}

impl TryFrom<Offer> for model::Offer {
    type Error = CoreError;

    fn try_from(offer: Offer) -> Result<Self> {
        let Offer { offering, text, until } = offer;
        Ok(Self::new(offering.try_into()?, until).with_text(prose(&text)?))
    }
}

pub(crate) fn records(offers: Vec<core::OfferRecord>) -> Vec<OfferRecord> {
    offers.into_iter().map(OfferRecord::from).collect()
}

impl TryFrom<Offering> for model::Offering {
    type Error = CoreError;

    fn try_from(offering: Offering) -> Result<Self> {
        Ok(match offering {
            Offering::Ride { from, to, when, places } => {
                let (from, to) = (line(&from)?, line(&to)?);
                Self::Ride { from, to, when, places: Places::new(places)? }
            }
            Offering::Bed { from, until, places } => {
                Self::Bed { nights: Nights::new(from, until)?, places: Places::new(places)? }
            }
            Offering::Tip { title } => Self::Tip { title: line(&title)? },
            Offering::Other { title, places } => {
                let places = places.map(Places::new).transpose()?;
                Self::Other { title: line(&title)?, places }
            }
        })
    }
}

impl From<model::Offering> for Offering {
    fn from(offering: model::Offering) -> Self {
        match offering {
            model::Offering::Ride { from, to, when, places } => Self::Ride {
                from: from.as_str().to_owned(),
                to: to.as_str().to_owned(),
                when,
                places: places.get(),
            },
            model::Offering::Bed { nights, places } => {
                Self::Bed { from: nights.from(), until: nights.until(), places: places.get() }
            }
            model::Offering::Tip { title } => Self::Tip { title: title.as_str().to_owned() },
            model::Offering::Other { title, places } => {
                Self::Other { title: title.as_str().to_owned(), places: places.map(Places::get) }
            }
        }
    }
}

impl From<core::OfferRecord> for OfferRecord {
    fn from(record: core::OfferRecord) -> Self {
        let offer = Offer {
            offering: record.offer.offering().clone().into(),
            text: record.offer.text().as_str().to_owned(),
            until: record.offer.until(),
        };
        Self {
            id: record.id,
            event: record.event,
            owner: record.owner,
            name: text(record.name),
            mine: record.mine,
            changed: record.changed,
            hidden: record.hidden,
            over: record.over,
            free: record.free,
            offer,
            requests: record.requests.into_iter().map(SeatRecord::from).collect(),
        }
    }
}
