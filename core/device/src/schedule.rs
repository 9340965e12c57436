//! A barcamp made from a published schedule, and kept up to date with it.
//!
//! What was imported is recognised again, so that a session that moved stays the same session and
//! notes stay attached to it. A digest of each talk's texts is remembered beside the log (a record
//! of session 32 ‖ digest 16 for each); on a device that does not have it, a talk counts as changed
//! once, which does no harm.
//!
//! A talk that is gone from the schedule is taken off the board; its session, and what people wrote
//! in it, stays.

use std::collections::BTreeMap;

use serde::Serialize;
use teilgeber_entry::{DocumentId, SpaceId};
use teilgeber_formats::schedule::reimport::{self, Details, Known, Place, Step};
use teilgeber_formats::schedule::{self, Date, Schedule, Talk, Warning};
use teilgeber_model::{
    Abstract, Day, Days, Event, Id, Invalid, Language, Line, Link, List, Millis, Minutes, Name,
    Placement, Room, RoomName, Session, Slot, Source, Tag, TimeZone, Title,
};
use teilgeber_store::nouns::session;
use teilgeber_store::nouns::session::{Pinned, Pitched};
use teilgeber_store::{Edit, StoreError};

use crate::device::{Device, model_id, moment};
use crate::error::{Error, Result};
use crate::event::{found, write_event};
use crate::session::{edit_session, pitch, put_on_board};

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Sessions that are new.
    pub added: Vec<Id>,
    /// Sessions that say something else now, where and when they were.
    pub changed: Vec<Id>,
    /// Sessions that are held at another time or in another room.
    pub moved: Vec<Move>,
    /// Sessions that the schedule has no more, and that were taken off the board.
    pub removed: Vec<Id>,
    /// How many sessions are as they were.
    pub unchanged: usize,
    /// What was left out or repaired in the file, for a person to read.
    pub warnings: Vec<String>,
}

/// A session that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// Which session.
    pub session: Id,
    /// Where it was to be; `None`: nowhere.
    pub from: Option<Placement>,
    /// Where it is now; `None`: nowhere.
    pub to: Option<Placement>,
}

impl Device {
    /// Founds an event with the name, days and sessions of a published schedule (`schedule.xml` or
    /// `schedule.json`). Returns its id.
    ///
    /// # Errors
    /// [`Error::OtherSchedule`] when the file is none, or names no day; [`Error::FreeSpace`].
    pub fn create_event_from_schedule(&self, file: &[u8]) -> Result<(Id, Imported)> {
        let import = schedule::read(file)?;
        let event = event_of(&import.schedule)?;
        let (space, imported) = self.write(|edit| {
            let space = found(edit, &event)?;
            let imported = bring(edit, &space, &import.schedule)?;
            Ok((space, imported))
        })?;
        Ok((model_id(space.as_bytes()), with_warnings(imported, &import.warnings)))
    }

    /// Brings an event up to a published schedule: adds sessions, changes and moves those that are
    /// here in place, and takes off the board what the schedule has no more. An organiser's import adds
    /// rooms and slots to the event as well.
    ///
    /// # Errors
    /// [`Error::OtherSchedule`] when the file is none, [`Error::NotAllowed`] to all but organisers,
    /// [`Error::NotHere`] or [`Error::FreeSpace`]; then nothing was imported.
    pub fn import_schedule(&self, event: Id, file: &[u8]) -> Result<Imported> {
        let record = self.event(event)?;
        if !record.organiser {
            return Err(Error::NotAllowed("an organiser"));
        }
        let present = record.event.ok_or(Error::NotHere("the event, which has not come yet,"))?;
        let import = schedule::read(file)?;
        let space = self.event_space(event)?.id;
        let imported = self.write(|edit| {
            write_event(edit, &space, &with_grid(present, &import.schedule))?;
            bring(edit, &space, &import.schedule)
        })?;
        Ok(with_warnings(imported, &import.warnings))
    }
}

/// Does what it takes so that the event's sessions are those of the schedule.
fn bring(edit: &mut Edit<'_>, space: &SpaceId, new: &Schedule) -> Result<Imported> {
    let board = session::board(edit.connection(), space).map_err(StoreError::from)?;
    let digests = Digests::read(edit, space)?;
    let mut here: BTreeMap<DocumentId, Pitched> = BTreeMap::new();
    let mut known = Vec::new();
    for pinned in board {
        let id = pinned.pitched.id;
        if pinned.pitched.session.source().is_some() && !here.contains_key(&id) {
            known.push(known_talk(&pinned, &digests));
            here.insert(id, pinned.pitched);
        }
    }
    let mut imported = Imported::default();
    let mut remembered = Digests::default();
    for step in reimport::plan(&known, new) {
        if let Some((id, talk)) = take(edit, space, &here, step, &mut imported)? {
            remembered.0.insert(id, reimport::details(talk));
        }
    }
    remembered.keep(edit, space)?;
    Ok(imported)
}

/// Takes one step. Returns which session a talk is.
fn take<'a>(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    here: &BTreeMap<DocumentId, Pitched>,
    step: Step<'a, DocumentId>,
    imported: &mut Imported,
) -> Result<Option<(DocumentId, &'a Talk)>> {
    let change = |edit: &mut Edit<'_>, key: &DocumentId, talk: &Talk| -> Result<()> {
        let Some(old) = here.get(key) else { return Ok(()) };
        match session_of(talk, Some(&old.session)) {
            Some(new) => edit_session(edit, space, key, &new),
            None => Ok(()),
        }
    };
    Ok(match step {
        Step::Added(talk) => {
            let Some(new) = session_of(talk, None) else { return Ok(None) };
            let id = pitch(edit, space, &new)?;
            if let Some(place) = placement_of(talk) {
                put_on_board(edit, space, &id, Some(&place))?;
            }
            imported.added.push(model_id(id.as_bytes()));
            Some((id, talk))
        }
        Step::Changed { key, talk, fields } => {
            change(edit, &key, talk)?;
            if fields.contains(&reimport::Field::Minutes) {
                put_on_board(edit, space, &key, placement_of(talk).as_ref())?;
            }
            imported.changed.push(model_id(key.as_bytes()));
            Some((key, talk))
        }
        Step::Moved { key, talk, from, fields, .. } => {
            if !fields.is_empty() {
                change(edit, &key, talk)?;
            }
            let to = placement_of(talk);
            put_on_board(edit, space, &key, to.as_ref())?;
            let from = placement(&from, talk.minutes);
            imported.moved.push(Move { session: model_id(key.as_bytes()), from, to });
            Some((key, talk))
        }
        Step::Unchanged { key, talk } => {
            imported.unchanged += 1;
            Some((key, talk))
        }
        Step::Removed(key) => {
            put_on_board(edit, space, &key, None)?;
            imported.removed.push(model_id(key.as_bytes()));
            None
        }
    })
}

fn known_talk(pinned: &Pinned, digests: &Digests) -> Known<DocumentId> {
    let Pitched { id, session, .. } = &pinned.pitched;
    let source = session.source();
    let stands_in = Line::lossy(session.title().as_str());
    let number = source.and_then(Source::id).filter(|id| stands_in.as_ref() != Some(*id));
    let place = pinned.placement.as_ref();
    Known {
        key: *id,
        guid: source.and_then(Source::guid).map(ToString::to_string),
        id: number.map(ToString::to_string),
        title: session.title().to_string(),
        place: Place {
            start_ms: place.map_or(0, |place| place.start.get()),
            room: place.map(|place| place.room.to_string()).unwrap_or_default(),
        },
        minutes: place.map_or(0, |place| place.minutes.get().into()),
        details: digests.0.get(id).copied().unwrap_or_default(),
    }
}

/// The session of a talk; what the schedule does not know stays as it was.
fn session_of(talk: &Talk, old: Option<&Session>) -> Option<Session> {
    let title = Title::lossy(&talk.title)?;
    let session = match old {
        Some(old) => old.clone().with_title(title),
        None => Session::new(title),
    };
    let text = match (talk.abstract_text.as_str(), talk.description.as_str()) {
        ("", text) | (text, "") => text.to_owned(),
        (first, then) => format!("{first}\n\n{then}"),
    };
    let guid = talk.guid.as_deref().and_then(Line::lossy);
    let id = talk.id.as_deref().and_then(Line::lossy);
    // A talk without either is found again by its title; it must still count as imported.
    let source = Source::new(guid, id).or_else(|_| Source::new(None, Line::lossy(&talk.title)));
    let speakers = talk.persons.iter().filter_map(|person| Name::lossy(&person.name));
    Some(
        session
            .with_abstract(Abstract::lossy(&text))
            .with_tags(List::lossy(Tag::new(&talk.track.replace(' ', "-"))))
            .with_speakers(List::lossy(speakers))
            .with_language(Language::new(&talk.language).ok())
            .with_source(source.ok())
            .with_link(Link::new(&talk.url).ok()),
    )
}

fn placement_of(talk: &Talk) -> Option<Placement> {
    let place = Place { start_ms: talk.start_ms, room: talk.room.clone() };
    placement(&place, talk.minutes)
}

fn placement(place: &Place, minutes: u32) -> Option<Placement> {
    Some(Placement {
        room: RoomName::lossy(&place.room)?,
        start: Millis::new(place.start_ms).ok()?,
        minutes: Minutes::new(u16::try_from(minutes).ok()?).ok()?,
    })
}

fn event_of(schedule: &Schedule) -> Result<Event> {
    let no_days = Error::OtherSchedule(schedule::ScheduleError::NotASchedule);
    let talks = schedule.talks.iter().map(|talk| moment(talk.start_ms).day());
    let first = schedule.first_day.and_then(day).or_else(|| talks.clone().min());
    let last = schedule.last_day.and_then(day).or_else(|| talks.max());
    let Some((first, last)) = first.zip(last) else { return Err(no_days) };
    let days = Days::new(first, last).map_err(|_: Invalid| no_days)?;
    let zone = schedule.time_zone.as_deref().and_then(|zone| TimeZone::new(zone).ok());
    let name = Line::lossy(&schedule.title).or_else(|| Line::lossy(&schedule.acronym));
    let name = name.or_else(|| Line::lossy(&days.first().to_string()));
    let name = name.ok_or(Error::NotHere("the event's name"))?;
    Ok(with_grid(Event::new(name, days, zone.unwrap_or_default()), schedule))
}

/// The event with the schedule's rooms and slots added.
fn with_grid(event: Event, schedule: &Schedule) -> Event {
    let named = schedule.rooms.iter().filter_map(|room| RoomName::lossy(room));
    let rooms = named.map(|name| Room { name, letter: None });
    let mut slots: Vec<Slot> = schedule
        .talks
        .iter()
        .filter_map(placement_of)
        .map(|place| Slot { start: place.start, minutes: place.minutes })
        .collect();
    slots.sort();
    let rooms = List::lossy(event.rooms().iter().cloned().chain(rooms));
    let slots = List::lossy(event.slots().iter().copied().chain(slots));
    event.with_rooms(rooms).with_slots(slots)
}

fn day(date: Date) -> Option<Day> {
    Day::new(date.year(), date.month(), date.day()).ok()
}

fn with_warnings(imported: Imported, warnings: &[Warning]) -> Imported {
    let sentence = |warning: &Warning| match warning.talk.as_str() {
        "" => warning.flaw.to_string(),
        talk => format!("“{talk}”: {}", warning.flaw),
    };
    Imported { warnings: warnings.iter().map(sentence).collect(), ..imported }
}

/// What was remembered of each session's talk.
#[derive(Default)]
struct Digests(BTreeMap<DocumentId, Details>);

impl Digests {
    fn read(edit: &Edit<'_>, space: &SpaceId) -> Result<Self> {
        let bytes = edit.keepsake(&Self::name(space))?.unwrap_or_default();
        let records = bytes.as_chunks::<48>().0.iter();
        let record = |record: &[u8; 48]| {
            let (id, digest) = record.split_first_chunk::<32>()?;
            Some((DocumentId::from_bytes(*id), digest.try_into().ok()?))
        };
        Ok(Self(records.filter_map(record).collect()))
    }

    fn keep(&self, edit: &mut Edit<'_>, space: &SpaceId) -> Result<()> {
        let record = |(id, digest): (&DocumentId, &Details)| [&id.as_bytes()[..], digest].concat();
        let bytes: Vec<u8> = self.0.iter().flat_map(record).collect();
        Ok(edit.keep(&Self::name(space), &bytes)?)
    }

    fn name(space: &SpaceId) -> String {
        format!("schedule/{space}")
    }
}
