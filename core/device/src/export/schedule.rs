//! What other programs read of an event: its schedule, and its calendar.

use teilgeber_formats::ical;
use teilgeber_formats::pages::{EventPages, Held, SessionPage, Told};
use teilgeber_formats::schedule::{Date, Day, Person, Schedule, Talk, write};
use teilgeber_model::{Event, Millis};

use crate::device::moment;

/// The schedule of pages: of what may not be told, it has nothing either.
pub(super) fn schedule_of(event: &Event, all: &EventPages) -> Schedule {
    let date = |day: teilgeber_model::Day| Date::new(day.year(), day.month(), day.day());
    let day = |day| Some(Day { date: date(day)?, start_ms: None, end_ms: None });
    let talk = |page: &SessionPage, held: &Held, again: usize| {
        // Stays when the session is called otherwise, or moves.
        let own = format!("{}-{again}", page.id);
        Talk {
            guid: Some(write::uuid_of("session", &own)),
            title: page.title.clone(),
            abstract_text: page.about.clone(),
            track: page.tags.first().cloned().unwrap_or_default(),
            language: page.language.clone(),
            room: held.room.clone(),
            start_ms: held.start.get(),
            minutes: held.minutes,
            persons: page
                .people
                .iter()
                .map(|name| Person { id: None, name: name.clone() })
                .collect(),
            url: page.links.first().cloned().unwrap_or_default(),
            do_not_record: page.told == Told::Nothing,
            ..Talk::default()
        }
    };
    let talks = all.sessions.iter().flat_map(|page| {
        page.held.iter().enumerate().map(move |(again, held)| talk(page, held, again))
    });
    Schedule {
        title: all.name.clone(),
        first_day: date(event.days().first()),
        last_day: date(event.days().last()),
        days: event.days().iter().filter_map(day).collect(),
        time_zone: Some(event.time_zone().as_str().to_owned()),
        rooms: all.rooms.clone(),
        talks: talks.collect(),
        ..Schedule::default()
    }
}

/// The calendar of a schedule.
pub(super) fn calendar(schedule: &Schedule, written: Millis) -> String {
    let entry = |talk: &Talk| {
        let people: Vec<&str> = talk.persons.iter().map(|it| it.name.as_str()).collect();
        let by =
            if people.is_empty() { String::new() } else { format!("{}\n\n", people.join(", ")) };
        ical::Entry {
            uid: talk.guid.clone().unwrap_or_default(),
            // Which version this is nobody counts; a later file has a later minute.
            sequence: u32::try_from(written.get() / 60_000).unwrap_or(u32::MAX),
            modified: None,
            start: moment(talk.start_ms),
            minutes: talk.minutes,
            summary: talk.title.clone(),
            location: talk.room.clone(),
            description: format!("{by}{}", talk.abstract_text).trim().to_owned(),
            url: talk.url.clone(),
            categories: (!talk.track.is_empty()).then(|| talk.track.clone()).into_iter().collect(),
        }
    };
    let entries = schedule.talks.iter().map(entry).collect();
    ical::write(&ical::Calendar { name: schedule.title.clone(), written, entries })
}
