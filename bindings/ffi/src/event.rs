//! Events: founding one, joining one, and who may organise.

use std::net::SocketAddr;

use teilgeber_device as core;
use teilgeber_device::model::{
    self, Day, Days, Id, Link, Millis, Minutes, Policy, RoomLetter, TimeZone,
};

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::values::{line, list, maybe_line};

pub(crate) use teilgeber_device::Held;
pub(crate) use teilgeber_device::model::Retention;

/// How long this device holds an event.
#[uniffi::remote(Enum)]
pub enum Held {
    /// For good: by the event's rule, or because this person keeps it.
    Kept,
    /// Until it fades on this day, by its rule.
    Until(Day),
    /// It fades on this day, which is near: say so.
    FadesOn(Day),
    /// It has faded, on this day.
    Faded(Day),
}

/// How long devices hold an event after its last day.
#[uniffi::remote(Enum)]
pub enum Retention {
    /// So many days after the last one.
    Days(u16),
    /// For good.
    Kept,
}

/// An event. What it has beside this (locks, questions, whom it trusts) stays as it is when it is edited.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Event {
    /// What it is called.
    pub name: String,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// The time zone in which its times are shown.
    pub time_zone: TimeZone,
    /// Its rooms.
    #[uniffi(default = [])]
    pub rooms: Vec<Room>,
    /// When sessions may begin.
    #[uniffi(default = [])]
    pub slots: Vec<Slot>,
    /// Its rules; those of a new event where none are given.
    #[uniffi(default = None)]
    pub rules: Option<Rules>,
    /// Where it is.
    #[uniffi(default = None)]
    pub place: Option<String>,
    /// Where more of it is.
    #[uniffi(default = None)]
    pub link: Option<Link>,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Room {
    /// What it is called.
    pub name: String,
    /// One letter by which a board names it.
    #[uniffi(default = None)]
    pub letter: Option<String>,
}

/// When a session may begin, and how long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Slot {
    /// When it begins.
    pub start: Millis,
    /// How long it takes.
    pub minutes: Minutes,
}

/// The rules of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Rules {
    /// How long devices hold it.
    pub retention: Retention,
    /// What may be told of its sessions outside, where they say nothing stricter.
    pub policy: Policy,
    /// Whether other events may be bridged to it.
    pub bridges: bool,
}

/// An event that I am in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EventRecord {
    /// Which one.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// The event itself; none as long as nobody gave it to this device.
    pub event: Option<Event>,
    /// Whether I may organise it.
    pub organiser: bool,
    /// Whether I am to be seen there.
    pub appearing: bool,
    /// How long this device holds it.
    pub held: Held,
}

/// What a join code led to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Joined {
    /// The event.
    pub event: Id,
    /// What it is called.
    pub name: String,
    /// Where somebody may be who has it already: to sync with first.
    pub addresses: Vec<SocketAddr>,
}

#[uniffi::export]
impl Device {
    /// Founds an event. Returns its id. Nobody else knows of it before they are given its code.
    ///
    /// Errors: `Shorten`, `FreeSpace`, `Invalid`.
    pub async fn create_event(&self, event: Event) -> Result<Id> {
        self.run(|device| {
            let days = Days::new(event.first, event.last)?;
            let new = model::Event::new(line(&event.name)?, days, event.time_zone.clone());
            Ok(device.create_event(&event.onto(new)?)?)
        })
        .await
    }

    /// Joins the event that a code is for. Needs no network; the event itself comes with the first sync with
    /// somebody who has it. Joining again does no harm.
    ///
    /// Errors: `ScanAgain`, `OtherCode`, `UpdateApp` for a code of a newer version, or `FreeSpace`.
    pub async fn join(&self, code: String) -> Result<Joined> {
        self.run(move |device| {
            let core::Joined { event, name, addresses } = device.join(&code)?;
            Ok(Joined { event, name: name.as_str().to_owned(), addresses })
        })
        .await
    }

    /// The code that lets others into an event; `addresses` where they find somebody who has it. Whoever has the
    /// code can read all of the event.
    ///
    /// Errors: `NotHere`.
    pub async fn join_code(&self, event: Id, addresses: Vec<SocketAddr>) -> Result<String> {
        self.run(move |device| Ok(device.join_code(event, &addresses)?)).await
    }

    /// The events that I am in, the latest first; last those that have not come yet.
    pub async fn events(&self) -> Result<Vec<EventRecord>> {
        self.run(|device| Ok(device.events()?.into_iter().map(EventRecord::from).collect())).await
    }

    /// An event.
    ///
    /// Errors: `NotHere`.
    pub async fn event(&self, event: Id) -> Result<EventRecord> {
        self.run(move |device| Ok(device.event(event)?.into())).await
    }

    /// Makes an event say `new`. Only what differs is written.
    ///
    /// Errors: `NotAllowed` to all but organisers, `NotHere`, `Shorten`, `FreeSpace`, `Invalid`.
    pub async fn edit_event(&self, event: Id, new: Event) -> Result<()> {
        self.run(move |device| {
            let old = device.event(event)?.event;
            let old =
                old.ok_or_else(|| CoreError::NotHere("the event has not come yet".to_owned()))?;
            Ok(device.edit_event(event, &new.onto(old)?)?)
        })
        .await
    }

    /// Makes the device that is `author` in an event an organiser. Which author somebody's device is says a sync with it,
    /// or `author_in` there.
    ///
    /// Errors: `NotAllowed` to all but organisers, `NotHere`, `FreeSpace`.
    pub async fn grant_organiser(&self, event: Id, author: Id) -> Result<()> {
        self.run(move |device| Ok(device.grant_organiser(event, author)?)).await
    }

    /// Which author this device is in an event; none as long as it wrote nothing there.
    ///
    /// Errors: `NotHere`.
    pub async fn author_in(&self, event: Id) -> Result<Option<Id>> {
        self.run(move |device| Ok(device.author_in(event)?)).await
    }

    /// Leaves an event: all that I published there is erased, and the event is listed no more.
    ///
    /// Errors: `NotHere`, `FreeSpace`.
    pub async fn leave(&self, event: Id) -> Result<()> {
        self.run(move |device| Ok(device.leave(event)?)).await
    }
}

impl Event {
    /// What is said here, on top of an event that has more.
    fn onto(self, base: model::Event) -> Result<model::Event> {
        let rooms = self.rooms.into_iter().map(model::Room::try_from).collect::<Result<_>>()?;
        let slots =
            self.slots.into_iter().map(|Slot { start, minutes }| model::Slot { start, minutes });
        let rules = self.rules.map_or(base.rules(), |rules| model::Rules {
            retention: rules.retention,
            policy: rules.policy,
            bridges: rules.bridges,
        });
        Ok(base
            .with_name(line(&self.name)?)
            .with_days(Days::new(self.first, self.last)?)
            .with_time_zone(self.time_zone)
            .with_rooms(list(rooms)?)
            .with_slots(list(slots.collect())?)
            .with_rules(rules)
            .with_place(maybe_line(self.place)?)
            .with_link(self.link))
    }
}

impl From<model::Event> for Event {
    fn from(event: model::Event) -> Self {
        let rooms = event.rooms().iter().map(|room| Room {
            name: room.name.as_str().to_owned(),
            letter: room.letter.map(|letter| letter.get().to_string()),
        });
        let slots =
            event.slots().iter().map(|slot| Slot { start: slot.start, minutes: slot.minutes });
        let rules = event.rules();
        Self {
            name: event.name().as_str().to_owned(),
            first: event.days().first(),
            last: event.days().last(),
            time_zone: event.time_zone().clone(),
            rooms: rooms.collect(),
            slots: slots.collect(),
            rules: Some(Rules {
                retention: rules.retention,
                policy: rules.policy,
                bridges: rules.bridges,
            }),
            place: event.place().map(|place| place.as_str().to_owned()),
            link: event.link().cloned(),
        }
    }
}

impl TryFrom<Room> for model::Room {
    type Error = CoreError;

    fn try_from(room: Room) -> Result<Self> {
        let letter = room.letter.map(|letter| {
            let mut letters = letter.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => Ok(RoomLetter::new(letter)?),
                _ => Err(CoreError::Invalid("a room is called by one letter".to_owned())),
            }
        });
        Ok(Self { name: line(&room.name)?, letter: letter.transpose()? })
    }
}

impl From<core::EventRecord> for EventRecord {
    fn from(record: core::EventRecord) -> Self {
        let core::EventRecord { id, name, event, organiser, appearing, held } = record;
        let event = event.map(Event::from);
        Self { id, name: name.as_str().to_owned(), event, organiser, appearing, held }
    }
}
