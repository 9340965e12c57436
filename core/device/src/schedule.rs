//! A barcamp made from a published schedule, and kept up to date with it.
//!
//! What was imported is recognised again, so that a session that moved stays the same session and
//! notes stay attached to it. A field that somebody changed by hand since the last import stays as it is, and
//! so does a session that somebody placed by hand. To know that, each session says what the last import
//! brought, as digests, so that another organiser's device knows it too.
//!
//! A talk that is gone from the schedule is taken off the board; its session, and what people wrote
//! in it, stays. One that was hidden, or erased, does not come back; of the erased ones knows the device
//! that imported them (a record of talk 16 ‖ session 32 for each, beside the log).

use std::collections::BTreeMap;

use serde::Serialize;
use teilgeber_entry::{DocumentId, SpaceId};
use teilgeber_formats::schedule::reimport::{self, Known, Place, Step};
use teilgeber_formats::schedule::{self, Date, Schedule, Talk, Warning};
use teilgeber_model::{
    Abstract, Brought, Day, Days, Event, Id, Invalid, Language, Line, Link, List, Millis, Minutes,
    Name, Placement, Room, RoomName, Session, Slot, Source, Tag, TimeZone, Title,
};
use teilgeber_store::nouns::session::Pitched;
use teilgeber_store::nouns::{board, session};
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
    /// Sessions in which something that people did by hand stays against the schedule.
    pub kept: Vec<Id>,
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
            let (imported, _) = bring(edit, &space, &import.schedule)?;
            Ok((space, imported))
        })?;
        Ok((model_id(space.as_bytes()), with_warnings(imported, &import.warnings)))
    }

    /// Brings an event up to a published schedule: adds sessions, changes and moves those that are
    /// here in place, and takes off the board what the schedule has no more. What people did by hand since
    /// the last import stays. Rooms and slots of what it places are added to the event.
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
            let (imported, placed) = bring(edit, &space, &import.schedule)?;
            write_event(edit, &space, &with_grid_of(present, &[], &placed))?;
            Ok::<_, Error>(imported)
        })?;
        Ok(with_warnings(imported, &import.warnings))
    }
}

/// Does what it takes so that the event's sessions are those of the schedule, but for what people did by
/// hand. Also says where it placed what it added or moved.
fn bring(
    edit: &mut Edit<'_>,
    space: &SpaceId,
    new: &Schedule,
) -> Result<(Imported, Vec<Placement>)> {
    let here = Here::read_all(edit, space)?;
    let known: Vec<_> = here.values().map(Here::known).collect();
    let mut talks = Talks::read(edit, space)?;
    let (mut imported, mut placed) = (Imported::default(), Vec::new());
    for step in reimport::plan(&known, new) {
        match step {
            Step::Added(talk) => {
                let erased = match talks.0.get(&Talks::key(talk)) {
                    Some(id) => edit.is_gone(space, id)?,
                    None => false,
                };
                if !erased && let Some(id) = add(edit, space, talk)? {
                    talks.0.insert(Talks::key(talk), id);
                    imported.added.push(model_id(id.as_bytes()));
                    placed.extend(placement_of(talk));
                }
            }
            Step::Changed { key, talk, .. }
            | Step::Moved { key, talk, .. }
            | Step::Unchanged { key, talk } => {
                talks.0.insert(Talks::key(talk), key);
                if let Some(here) = here.get(&key) {
                    here.follow(edit, space, talk, &mut imported)?;
                }
            }
            Step::Removed(key) => {
                if let Some(here) = here.get(&key) {
                    here.take_off(edit, space, &mut imported)?;
                }
            }
        }
    }
    talks.keep(edit, space)?;
    placed.extend(imported.moved.iter().filter_map(|moved| moved.to.clone()));
    Ok((imported, placed))
}

/// Adds the session of a new talk.
fn add(edit: &mut Edit<'_>, space: &SpaceId, talk: &Talk) -> Result<Option<DocumentId>> {
    let Some(new) = session_of(talk, None) else { return Ok(None) };
    let place = placement_of(talk);
    let brought = brought(&new, place.as_slice());
    let id = pitch(edit, space, &new.with_brought(Some(brought)))?;
    if place.is_some() {
        put_on_board(edit, space, &id, place.as_ref())?;
    }
    Ok(Some(id))
}

/// A session that came from a schedule, as it is now.
struct Here {
    pitched: Pitched,
    places: Vec<Placement>,
}

impl Here {
    fn read_all(edit: &Edit<'_>, space: &SpaceId) -> Result<BTreeMap<DocumentId, Self>> {
        let db = edit.connection();
        let mut all = BTreeMap::new();
        for pitched in session::imported(db, space).map_err(StoreError::from)? {
            let places = board::places(db, &pitched.id).map_err(StoreError::from)?;
            all.insert(pitched.id, Self { pitched, places });
        }
        Ok(all)
    }

    /// What the talk is recognised by: its title as it was brought, where that is known.
    fn known(&self) -> Known<DocumentId> {
        let Pitched { id, session, .. } = &self.pitched;
        let source = session.source();
        let number = source.and_then(Source::id).map(ToString::to_string);
        let is_brought = |text: &str| {
            Title::lossy(text).is_some_and(|title| {
                session.brought().is_some_and(|brought| brought.title == mark(&title))
            })
        };
        let short = Line::<32>::lossy(session.title().as_str());
        let stands_in = number.as_deref().filter(|number| {
            is_brought(number) || short.as_ref().is_some_and(|short| short.as_str() == *number)
        });
        let title = stands_in.filter(|number| is_brought(number)).map(ToOwned::to_owned);
        let place = self.places.first();
        Known {
            key: *id,
            guid: source.and_then(Source::guid).map(ToString::to_string),
            id: number.clone().filter(|_| stands_in.is_none()),
            title: title.unwrap_or_else(|| session.title().to_string()),
            place: Place {
                start_ms: place.map_or(0, |place| place.start.get()),
                room: place.map(|place| place.room.to_string()).unwrap_or_default(),
            },
            minutes: place.map_or(0, |place| place.minutes.get().into()),
            // What a talk says is compared field by field, and recognises no talk.
            details: reimport::Details::default(),
        }
    }

    /// Takes over what the schedule says in the fields that nobody changed by hand.
    fn follow(
        &self,
        edit: &mut Edit<'_>,
        space: &SpaceId,
        talk: &Talk,
        imported: &mut Imported,
    ) -> Result<()> {
        let (id, old) = (&self.pitched.id, &self.pitched.session);
        let said = session_of(talk, Some(old)).filter(|_| !self.pitched.hidden);
        let Some(said) = said else {
            imported.unchanged += 1;
            return Ok(());
        };
        let place = placement_of(talk);
        let merged = merge(old, &said);
        let to = if self.is_placed_by_hand() { &self.places[..] } else { place.as_slice() };
        let kept = merged != said || to != place.as_slice();
        let new = merged.with_brought(Some(brought(&said, place.as_slice())));
        if new != *old {
            edit_session(edit, space, id, &new)?;
        }
        if to != self.places {
            put_on_board(edit, space, id, to.first())?;
        }
        let session = model_id(id.as_bytes());
        let spot = |places: &[Placement]| places.first().map(|it| (it.room.clone(), it.start));
        if spot(to) != spot(&self.places) {
            let from = self.places.first().cloned();
            imported.moved.push(Move { session, from, to: to.first().cloned() });
        } else if new.with_brought(old.brought()) != *old || to != self.places {
            imported.changed.push(session);
        } else {
            imported.unchanged += 1;
        }
        if kept {
            imported.kept.push(session);
        }
        Ok(())
    }

    /// Takes off the board what the schedule has no more, unless somebody placed it by hand.
    fn take_off(
        &self,
        edit: &mut Edit<'_>,
        space: &SpaceId,
        imported: &mut Imported,
    ) -> Result<()> {
        let id = &self.pitched.id;
        if self.pitched.hidden || self.places.is_empty() {
            return Ok(());
        }
        let old = &self.pitched.session;
        let Some(brought) = old.brought().filter(|_| !self.is_placed_by_hand()) else {
            imported.kept.push(model_id(id.as_bytes()));
            return Ok(());
        };
        let nowhere = Brought { place: mark(&[(); 0]), ..brought };
        edit_session(edit, space, id, &old.clone().with_brought(Some(nowhere)))?;
        put_on_board(edit, space, id, None)?;
        imported.removed.push(model_id(id.as_bytes()));
        Ok(())
    }

    fn is_placed_by_hand(&self) -> bool {
        let brought = self.pitched.session.brought();
        brought.map(|brought| brought.place) != Some(mark(&self.places))
    }
}

/// Of each field what the schedule says, unless it was changed by hand since the last import.
fn merge(old: &Session, said: &Session) -> Session {
    let brought = old.brought();
    let by_hand =
        |now: u64, brought_one: fn(&Brought) -> u64| brought.as_ref().map(brought_one) != Some(now);
    let mut new = said.clone();
    if by_hand(mark(old.title()), |it| it.title) {
        new = new.with_title(old.title().clone());
    }
    if by_hand(mark(old.abstract_text()), |it| it.about) {
        new = new.with_abstract(old.abstract_text().clone());
    }
    if by_hand(mark(old.tags()), |it| it.tags) {
        new = new.with_tags(old.tags().clone());
    }
    if by_hand(mark(old.speakers()), |it| it.speakers) {
        new = new.with_speakers(old.speakers().clone());
    }
    if by_hand(mark(&old.language()), |it| it.language) {
        new = new.with_language(old.language().cloned());
    }
    if by_hand(mark(&old.link()), |it| it.link) {
        new = new.with_link(old.link().cloned());
    }
    new
}

fn brought(said: &Session, places: &[Placement]) -> Brought {
    Brought {
        title: mark(said.title()),
        about: mark(said.abstract_text()),
        tags: mark(said.tags()),
        speakers: mark(said.speakers()),
        language: mark(&said.language()),
        link: mark(&said.link()),
        place: mark(places),
    }
}

/// A digest of a value, of 53 bits, which every reader of JSON keeps whole.
fn mark<T: Serialize + ?Sized>(value: &T) -> u64 {
    let form = serde_json::to_vec(value).unwrap_or_default();
    let hash = blake3::hash(&form);
    let first = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    u64::from_be_bytes(first) >> 11
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
    let named: Vec<_> = schedule.rooms.iter().filter_map(|room| RoomName::lossy(room)).collect();
    let placed: Vec<_> = schedule.talks.iter().filter_map(placement_of).collect();
    with_grid_of(event, &named, &placed)
}

/// The event with these rooms, and those of the placements with their slots, added.
fn with_grid_of(event: Event, named: &[RoomName], placed: &[Placement]) -> Event {
    let used = placed.iter().map(|place| &place.room);
    let rooms = named.iter().chain(used).map(|name| Room { name: name.clone(), letter: None });
    let slot = |place: &Placement| Slot { start: place.start, minutes: place.minutes };
    let mut slots: Vec<Slot> = placed.iter().map(slot).collect();
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

/// Which session each talk became, by the digest of what the talk is recognised by: so that one whose
/// session was erased since does not come back.
#[derive(Default)]
struct Talks(BTreeMap<[u8; 16], DocumentId>);

impl Talks {
    fn key(talk: &Talk) -> [u8; 16] {
        let name = match (&talk.guid, &talk.id) {
            (Some(guid), _) => ("guid", guid),
            (None, Some(id)) => ("id", id),
            (None, None) => ("title", &talk.title),
        };
        let hash = blake3::hash(&serde_json::to_vec(&name).unwrap_or_default());
        hash.as_bytes().first_chunk().copied().unwrap_or_default()
    }

    fn read(edit: &Edit<'_>, space: &SpaceId) -> Result<Self> {
        let bytes = edit.keepsake(&Self::name(space))?.unwrap_or_default();
        let records = bytes.as_chunks::<48>().0.iter();
        let record = |record: &[u8; 48]| {
            let (key, id) = record.split_first_chunk::<16>()?;
            Some((*key, DocumentId::from_bytes(id.try_into().ok()?)))
        };
        Ok(Self(records.filter_map(record).collect()))
    }

    fn keep(&self, edit: &mut Edit<'_>, space: &SpaceId) -> Result<()> {
        let bytes: Vec<u8> =
            self.0.iter().flat_map(|(key, id)| [&key[..], id.as_bytes()].concat()).collect();
        Ok(edit.keep(&Self::name(space), &bytes)?)
    }

    fn name(space: &SpaceId) -> String {
        format!("schedule/{space}")
    }
}
