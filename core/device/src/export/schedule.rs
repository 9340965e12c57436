//! What other programs read of an event: its schedule, and its calendar.

use std::collections::HashMap;

use teilgeber_formats::ical;
use teilgeber_formats::pages::{EventPages, Held, SessionPage, Told};
use teilgeber_formats::schedule::{Date, Day, Person, Schedule, Talk, write};
use teilgeber_model::{Event, Id, Millis};
use teilgeber_store::nouns::placement::Revision;

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

/// The calendar of an event. `revisions` say of a session, by its id, which version of it this is: functions
/// of the set of entries, so that of two files that of whoever knows more is the later.
pub(super) fn calendar(
    event: Id,
    all: &EventPages,
    schedule: &Schedule,
    revisions: &HashMap<String, Revision>,
    written: Millis,
) -> String {
    let entry = |(talk, session): (&Talk, &str)| {
        let people: Vec<&str> = talk.persons.iter().map(|it| it.name.as_str()).collect();
        let by =
            if people.is_empty() { String::new() } else { format!("{}\n\n", people.join(", ")) };
        let revision = revisions.get(session);
        ical::Entry {
            uid: talk.guid.clone().unwrap_or_default(),
            sequence: revision.map_or(0, |revision| revision.placed.saturating_sub(1)),
            // Nothing was changed later than now, whatever a clock said.
            modified: revision.map(|it| it.changed).filter(|changed| *changed <= written),
            start: moment(talk.start_ms),
            minutes: talk.minutes,
            summary: talk.title.clone(),
            location: talk.room.clone(),
            description: format!("{by}{}", talk.abstract_text).trim().to_owned(),
            url: talk.url.clone(),
            categories: (!talk.track.is_empty()).then(|| talk.track.clone()).into_iter().collect(),
        }
    };
    // In the order of the talks, which were made of these.
    let sessions = all.sessions.iter().flat_map(|page| page.held.iter().map(|_| page.id.as_str()));
    ical::write(&ical::Calendar {
        uid: write::uuid_of("event", &event.to_string()),
        name: schedule.title.clone(),
        written,
        entries: schedule.talks.iter().zip(sessions).map(entry).collect(),
    })
}
