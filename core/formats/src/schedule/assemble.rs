//! Makes a schedule of what a file says, once all of it is known.

use std::collections::{HashMap, HashSet};

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::text::{line, long};
use super::time::{self, Date, Moment};
use super::{
    Day, Excess, Flaw, Import, MAX_DAYS, MAX_GUID, MAX_ID, MAX_PERSONS, MAX_ROOMS, MAX_TALKS,
    MAX_WARNINGS, Person, Schedule, ScheduleError, Talk, Warning,
};

/// Assumed where neither the talk nor the conference says how long, in minutes: the shortest slot
/// that is usual, so that nothing later in the room is covered.
const DEFAULT_MINUTES: u32 = 30;

/// The head of a schedule as the file has it.
#[derive(Default)]
pub(super) struct RawConference {
    pub(super) title: String,
    pub(super) acronym: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) time_zone: String,
    pub(super) timeslot: String,
    pub(super) day_change: String,
}

/// A day as the file has it.
#[derive(Default)]
pub(super) struct RawDay {
    pub(super) date: String,
    pub(super) start: String,
    pub(super) end: String,
}

/// A talk as the file has it.
#[derive(Default)]
pub(super) struct RawTalk {
    pub(super) guid: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) abstract_text: String,
    pub(super) description: String,
    pub(super) track: String,
    pub(super) kind: String,
    pub(super) language: String,
    pub(super) room: String,
    pub(super) date: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) duration: String,
    pub(super) url: String,
    pub(super) opt_out: String,
    pub(super) persons: Vec<(String, String)>,
    /// The time zone in which a calendar gives its start.
    pub(super) zone: String,
    /// Whether a calendar says that it does not take place.
    pub(super) cancelled: bool,
}

/// Takes in a file piece by piece, in the order of the file, and makes the [`Import`] at the end.
#[derive(Default)]
pub(super) struct Assembler {
    conference: Option<RawConference>,
    days: Vec<RawDay>,
    rooms: Vec<String>,
    known_rooms: HashSet<String>,
    /// Each with the index of the day that it stands in.
    talks: Vec<(RawTalk, Option<usize>)>,
    warnings: Vec<Warning>,
    warning_count: usize,
}

impl Assembler {
    pub(super) fn conference(&mut self, conference: RawConference) {
        self.conference = Some(conference);
    }

    pub(super) fn day(&mut self, day: RawDay) -> Result<(), ScheduleError> {
        if self.days.len() == MAX_DAYS {
            return Err(ScheduleError::TooMany(Excess::Days));
        }
        self.days.push(day);
        Ok(())
    }

    /// A room that is declared, or in which something takes place.
    pub(super) fn room(&mut self, name: &str) -> Result<(), ScheduleError> {
        let name = line(name).text;
        if name.is_empty() || self.known_rooms.contains(&name) {
            return Ok(());
        }
        if self.rooms.len() == MAX_ROOMS {
            return Err(ScheduleError::TooMany(Excess::Rooms));
        }
        self.rooms.push(name.clone());
        self.known_rooms.insert(name);
        Ok(())
    }

    /// A talk of the latest day, which took place in `room` unless it says another one.
    pub(super) fn talk(&mut self, mut talk: RawTalk, room: &str) -> Result<(), ScheduleError> {
        if self.talks.len() == MAX_TALKS {
            return Err(ScheduleError::TooMany(Excess::Talks));
        }
        if talk.room.trim().is_empty() {
            talk.room = room.to_owned();
        }
        self.room(&talk.room)?;
        self.talks.push((talk, self.days.len().checked_sub(1)));
        Ok(())
    }

    /// Notes what is wrong with a talk, or, if that is empty, with the whole.
    pub(super) fn warn(&mut self, talk: &str, flaw: Flaw) {
        self.warning_count += 1;
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(Warning { talk: talk.to_owned(), flaw });
        }
    }

    /// An entry that is not even a set of fields.
    pub(super) fn unreadable(&mut self) {
        self.warn("", Flaw::Unreadable);
    }

    pub(super) fn finish(mut self) -> Result<Import, ScheduleError> {
        if self.conference.is_none() && self.days.is_empty() {
            return Err(ScheduleError::NotASchedule);
        }
        let conference = self.conference.take().unwrap_or_default();
        let time_zone =
            Some(line(&conference.time_zone).text).filter(|name| time::zone(name).is_some());
        let clock = Clock {
            zone: self.zone(time_zone.as_deref()),
            day_change: time::clock(&conference.day_change),
            timeslot: time::minutes(&conference.timeslot),
        };
        if time_zone.is_none() {
            self.warn("", Flaw::NoTimeZone);
        }
        let raw_days = std::mem::take(&mut self.days);
        let mut talks = Vec::with_capacity(self.talks.len());
        for (raw, day) in std::mem::take(&mut self.talks) {
            talks.extend(self.make_talk(raw, day.map(|day| &raw_days[day]), &clock));
        }
        self.part_twins(&mut talks);
        let days = self.make_days(&raw_days, &clock.zone);
        let shown = || {
            let of_talks = talks.iter().filter_map(|talk| Date::of(talk.start_ms, &clock.zone));
            days.iter().map(|day| day.date).chain(of_talks)
        };
        let schedule = Schedule {
            title: line(&conference.title).text,
            acronym: line(&conference.acronym).text,
            first_day: Date::read(&conference.start).or_else(|| shown().min()),
            last_day: Date::read(&conference.end).or_else(|| shown().max()),
            days,
            time_zone,
            rooms: self.rooms,
            talks,
        };
        Ok(Import { schedule, warnings: self.warnings, warning_count: self.warning_count })
    }

    /// Where times without offset are at home: in the named zone, else in the first offset that the
    /// file uses, else in UTC.
    fn zone(&self, name: Option<&str>) -> TimeZone {
        let offset = |text: &str| Moment::read(text).and_then(|moment| moment.offset);
        name.and_then(time::zone).unwrap_or_else(|| {
            let days = self.days.iter().find_map(|day| offset(&day.start));
            days.or_else(|| self.talks.iter().find_map(|(talk, _)| offset(&talk.date)))
                .map_or(TimeZone::UTC, TimeZone::fixed)
        })
    }

    fn make_days(&mut self, raw: &[RawDay], zone: &TimeZone) -> Vec<Day> {
        let mut days = Vec::with_capacity(raw.len());
        for day in raw {
            let (start, end) = (Moment::read(&day.start), Moment::read(&day.end));
            let date = start.map(|start| start.local_date(zone)).or_else(|| Date::read(&day.date));
            let Some(date) = date else {
                self.warn("", Flaw::NoDate);
                continue;
            };
            let epoch_ms = |moment: Option<Moment>| moment?.epoch_ms(None, zone);
            days.push(Day { date, start_ms: epoch_ms(start), end_ms: epoch_ms(end) });
        }
        days
    }

    fn make_talk(&mut self, raw: RawTalk, day: Option<&RawDay>, clock: &Clock) -> Option<Talk> {
        let mut overlong = false;
        let mut cut = |bounded: super::text::Bounded| {
            overlong |= bounded.cut;
            bounded.text
        };
        let mut talk = Talk {
            guid: identifier(&raw.guid, MAX_GUID).map(|guid| guid.to_lowercase()),
            id: identifier(&raw.id, MAX_ID),
            title: cut(line(&raw.title)),
            subtitle: cut(line(&raw.subtitle)),
            abstract_text: cut(long(&raw.abstract_text)),
            description: cut(long(&raw.description)),
            track: cut(line(&raw.track)),
            kind: cut(line(&raw.kind)),
            language: cut(line(&raw.language)),
            room: cut(line(&raw.room)),
            // What is no address, but written because a schema asks for one.
            url: cut(line(if raw.url.starts_with("urn:") { "" } else { &raw.url })),
            do_not_record: matches!(raw.opt_out.trim(), "true" | "True" | "1" | "yes"),
            ..Talk::default()
        };
        overlong |= talk.guid.is_none() && !raw.guid.trim().is_empty();
        overlong |= talk.id.is_none() && !raw.id.trim().is_empty();
        let called = [Some(&talk.title), talk.guid.as_ref(), talk.id.as_ref()];
        let called =
            called.into_iter().flatten().find(|name| !name.is_empty()).cloned().unwrap_or_default();
        if overlong {
            self.warn(&called, Flaw::Overlong);
        }
        if talk.title.is_empty() {
            self.warn(&called, Flaw::NoTitle);
            return None;
        }
        let Some(start_ms) = clock.start(&raw, day) else {
            self.warn(&called, Flaw::NoStart);
            return None;
        };
        talk.start_ms = start_ms;
        talk.minutes = clock.minutes(&raw, start_ms).unwrap_or_else(|| {
            self.warn(&called, Flaw::NoDuration);
            clock.timeslot.unwrap_or(DEFAULT_MINUTES)
        });
        if raw.persons.len() > MAX_PERSONS {
            self.warn(&called, Flaw::TooManyPersons);
        }
        talk.persons = persons(raw.persons);
        Some(talk)
    }

    /// Takes what stands there twice once, and leaves a guid that several talks share to the
    /// earliest of them, so that the order of the file decides nothing.
    fn part_twins(&mut self, talks: &mut Vec<Talk>) {
        let mut owners: HashMap<String, usize> = HashMap::new();
        let mut repeated = HashSet::new();
        for index in 0..talks.len() {
            let Some(guid) = talks[index].guid.clone() else { continue };
            let Some(&owner) = owners.get(&guid) else {
                owners.insert(guid, index);
                continue;
            };
            let title = talks[index].title.clone();
            if talks[owner] == talks[index] {
                repeated.insert(index);
                self.warn(&title, Flaw::Repeated);
                continue;
            }
            self.warn(&title, Flaw::SharedGuid);
            let rank = |talk: &Talk| (talk.start_ms, talk.room.clone(), talk.title.clone());
            if rank(&talks[index]) < rank(&talks[owner]) {
                talks[owner].guid = None;
                owners.insert(guid, index);
            } else {
                talks[index].guid = None;
            }
        }
        let mut index = 0;
        talks.retain(|_| {
            index += 1;
            !repeated.contains(&(index - 1))
        });
    }
}

/// How this conference tells the time.
struct Clock {
    zone: TimeZone,
    /// Until when the small hours belong to the day before, where the days do not say so
    /// themselves.
    day_change: Option<Time>,
    /// The length of a slot, in minutes.
    timeslot: Option<u32>,
}

impl Clock {
    /// The start of a talk: its own date with its own time, else the day's date with its time of
    /// day, which is in the small hours after if it lies before the day begins.
    fn start(&self, raw: &RawTalk, day: Option<&RawDay>) -> Option<u64> {
        let start = time::clock(&raw.start);
        if let Some(date) = Moment::read(&raw.date) {
            return date.epoch_ms(start, &self.zone);
        }
        if let Some(moment) = Moment::read(&raw.start) {
            return moment.epoch_ms(None, &self.zone);
        }
        let day_start = day.and_then(|day| Moment::read(&day.start));
        let date = match day_start {
            Some(day_start) => Moment { time: None, ..day_start },
            None => Moment::read(&day?.date)?,
        };
        let begins = day_start.and_then(|day_start| day_start.time).or(self.day_change);
        let date =
            if begins.is_some_and(|begins| start < Some(begins)) { date.next_day()? } else { date };
        date.epoch_ms(start, &self.zone)
    }

    /// The length of a talk, from its duration or its end.
    fn minutes(&self, raw: &RawTalk, start_ms: u64) -> Option<u32> {
        time::minutes(&raw.duration).or_else(|| {
            let end_ms = Moment::read(&raw.end)?.epoch_ms(None, &self.zone)?;
            let minutes = end_ms.checked_sub(start_ms)?.div_ceil(60_000);
            u32::try_from(minutes).ok().filter(|minutes| (1..=time::MAX_MINUTES).contains(minutes))
        })
    }
}

/// An identifier, if there is one and it is whole.
fn identifier(raw: &str, most: usize) -> Option<String> {
    Some(line(raw).text).filter(|id| !id.is_empty() && id.chars().nth(most).is_none())
}

fn persons(raw: Vec<(String, String)>) -> Vec<Person> {
    let mut persons: Vec<Person> = Vec::new();
    for (id, name) in raw.into_iter().take(MAX_PERSONS) {
        let (id, name) = (line(&id).text, line(&name).text);
        let person = Person { id: Some(id).filter(|id| !id.is_empty()), name };
        if !person.name.is_empty() && !persons.contains(&person) {
            persons.push(person);
        }
    }
    persons
}
