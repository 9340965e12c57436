//! Swapping contacts: one shows a code, the other scans it and answers.

use teilgeber_device as core;
use teilgeber_device::model::Id;

use crate::card::Card;
use crate::device::Device;
use crate::error::Result;
use crate::values::maybe_line;

pub(crate) use teilgeber_device::model::Field;
pub(crate) use teilgeber_device::{Showing, Wants, Way};

/// Which field of a profile.
#[uniffi::remote(Enum)]
pub enum Field {
    /// The name.
    Name,
    /// The hashtags, with their levels.
    Hashtags,
    /// The bio.
    Bio,
    /// The links.
    Links,
    /// The photo consent.
    PhotoConsent,
}

/// A code on the screen.
#[uniffi::remote(Record)]
pub struct Showing {
    /// The text to draw as a QR code.
    pub text: String,
    /// Names this showing, to hide it.
    pub id: Id,
}

/// How a letter will get to its reader.
#[uniffi::remote(Enum)]
pub enum Way {
    /// Over a direct link, or by anyone in this event.
    Event(Id),
    /// Over a direct link only: the two have no event in common.
    DirectLink,
}

/// What somebody wants.
#[uniffi::remote(Enum)]
pub enum Wants {
    /// To be a contact: they scanned a badge. Accept it or not.
    Contact,
    /// To follow the card. Give it or not.
    Card,
}

/// Where a contact was met, as far as the scanner says.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct MetAt {
    /// At which event. Where this is unset and both are in one event, it is that one.
    #[uniffi(default = None)]
    pub event: Option<Id>,
    /// In which session.
    #[uniffi(default = None)]
    pub session: Option<Id>,
    /// Where, in one's own words.
    #[uniffi(default = None)]
    pub place: Option<String>,
}

/// Somebody wants something and waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Request {
    /// Who.
    pub person: Id,
    /// What they say of themselves.
    pub card: Card,
    /// What they want.
    pub wants: Wants,
}

#[uniffi::export]
impl Device {
    /// Makes a code to show now, with the name and the chosen fields of my profile: showing it is to share them,
    /// whatever their audience. `event` is the one that both may be in.
    ///
    /// Errors: `ShowName` without a name, `Shorten` when the fields are too much for a code, `NotHere`, `FreeSpace`.
    pub async fn show_code(&self, fields: Vec<Field>, event: Option<Id>) -> Result<Showing> {
        self.run(move |device| Ok(device.show_code(&fields, event)?)).await
    }

    /// The code is no longer on the screen. Answers still arrive; the card is no longer given unasked.
    ///
    /// Errors: `NotHere` when there was no such showing.
    pub async fn hide_code(&self, showing: Id) -> Result<()> {
        self.run(move |device| Ok(device.hide_code(showing)?)).await
    }

    /// The code for a badge, with name and address for letters. It is the same each time.
    ///
    /// Errors: `ShowName` without a name.
    pub async fn badge_code(&self) -> Result<String> {
        self.run(|device| Ok(device.badge_code()?)).await
    }

    /// Makes a contact of a code that was scanned, at once and without any network. Scanning one code twice is the
    /// same as once. Returns the person.
    ///
    /// Errors: `ScanAgain`, `OtherCode`, `OwnCode`, `UpdateApp` for a code of a newer version, `FreeSpace`.
    pub async fn scan(&self, code: String, met: MetAt) -> Result<Id> {
        self.run(move |device| {
            let MetAt { event, session, place } = met;
            let met = core::MetAt { event, session, place: maybe_line(place)? };
            Ok(device.scan(&code, &met)?)
        })
        .await
    }

    /// Answers whoever's code was scanned with my card, as my contacts see it. Says how the letter will get there.
    ///
    /// Errors: `ShowName` when my contacts see no name, `NotHere` when there is no such contact or no way to write
    /// to them, `FreeSpace`.
    pub async fn answer(&self, person: Id) -> Result<Way> {
        self.run(move |device| Ok(device.answer(person)?)).await
    }

    /// Asks a contact for their card, to follow it.
    ///
    /// Errors: as `answer`.
    pub async fn ask_for_card(&self, person: Id) -> Result<Way> {
        self.run(move |device| Ok(device.ask_for_card(person)?)).await
    }

    /// Gives a contact my card to follow: they see what I show my contacts, now and later.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn give_card(&self, person: Id) -> Result<Way> {
        self.run(move |device| Ok(device.give_card(person)?)).await
    }

    /// Who wants something of me, the oldest first.
    pub async fn requests(&self) -> Result<Vec<Request>> {
        self.run(|device| {
            let record = |core::Request { person, card, wants }| {
                let card = (&card).into();
                Request { person, card, wants }
            };
            Ok(device.requests()?.into_iter().map(record).collect())
        })
        .await
    }

    /// Accepts who wants to be a contact: they become one, confirmed, and get my card.
    ///
    /// Errors: `NotHere` when nobody of that name asked, and as `answer`.
    pub async fn accept(&self, person: Id) -> Result<Way> {
        self.run(move |device| Ok(device.accept(person)?)).await
    }

    /// Forgets what somebody asked for. They are not told.
    ///
    /// Errors: `FreeSpace`.
    pub async fn decline(&self, person: Id) -> Result<()> {
        self.run(move |device| Ok(device.decline(person)?)).await
    }
}
