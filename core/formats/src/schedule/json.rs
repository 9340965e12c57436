//! `schedule.json`: the same fields as members of objects.
//!
//! The shape is `schedule > conference > days[] > rooms{name: events[]}`; without the outer
//! `schedule` it is read as well. The text is checked once as a whole and then walked piece by
//! piece, so that it never becomes a tree in memory, which would take some twenty times its size.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::ScheduleError;
use super::assemble::{Assembler, RawConference, RawDay, RawTalk};

pub(super) fn read(text: &str, out: &mut Assembler) -> Result<(), ScheduleError> {
    let root: &RawValue = serde_json::from_str(text).map_err(malformed)?;
    let schedule = member(root, "schedule")?.unwrap_or(root);
    let conference = member(schedule, "conference")?.ok_or(ScheduleError::NotASchedule)?;
    let mut head = RawConference::default();
    let mut days = None;
    each(conference, |key, value| {
        let field = match key {
            "title" => &mut head.title,
            "acronym" => &mut head.acronym,
            "start" => &mut head.start,
            "end" => &mut head.end,
            "time_zone_name" | "timezone" => &mut head.time_zone,
            "timeslot_duration" => &mut head.timeslot,
            "rooms" => {
                return each(value, |_, room| {
                    out.room(&member(room, "name")?.map_or(Ok(String::new()), string)?)
                });
            }
            "days" => {
                days = Some(value);
                return Ok(());
            }
            _ => return Ok(()),
        };
        *field = string(value)?;
        Ok(())
    })?;
    out.conference(head);
    days.map_or(Ok(()), |days| each(days, |_, value| day(value, out)))
}

fn day(value: &RawValue, out: &mut Assembler) -> Result<(), ScheduleError> {
    let mut day = RawDay::default();
    let mut rooms = None;
    each(value, |key, value| {
        match key {
            "date" => day.date = string(value)?,
            "day_start" => day.start = string(value)?,
            "day_end" => day.end = string(value)?,
            "rooms" => rooms = Some(value),
            _ => {}
        }
        Ok(())
    })?;
    out.day(day)?;
    let Some(rooms) = rooms else { return Ok(()) };
    each(rooms, |room, events| {
        out.room(room)?;
        each(events, |_, event| {
            if is_object(event) {
                return out.talk(talk(event)?, room);
            }
            out.unreadable();
            Ok(())
        })
    })
}

fn talk(value: &RawValue) -> Result<RawTalk, ScheduleError> {
    let mut talk = RawTalk::default();
    let mut code = String::new();
    each(value, |key, value| {
        let field = match key {
            "guid" => &mut talk.guid,
            "id" => &mut talk.id,
            "code" => &mut code,
            "title" => &mut talk.title,
            "subtitle" => &mut talk.subtitle,
            "abstract" => &mut talk.abstract_text,
            "description" => &mut talk.description,
            "track" => &mut talk.track,
            "type" => &mut talk.kind,
            "language" => &mut talk.language,
            "room" => &mut talk.room,
            "date" => &mut talk.date,
            "start" => &mut talk.start,
            "end" => &mut talk.end,
            "duration" => &mut talk.duration,
            "url" => &mut talk.url,
            "do_not_record" => &mut talk.opt_out,
            "persons" => {
                return each(value, |_, value| {
                    talk.persons.push(person(value)?);
                    Ok(())
                });
            }
            _ => return Ok(()),
        };
        *field = string(value)?;
        Ok(())
    })?;
    if talk.id.is_empty() {
        talk.id = code;
    }
    Ok(talk)
}

/// The id and name of a person, who may also be a mere name.
fn person(value: &RawValue) -> Result<(String, String), ScheduleError> {
    if !is_object(value) {
        return Ok((String::new(), string(value)?));
    }
    let first = |keys: [&str; 3]| {
        for key in keys {
            let found = member(value, key)?.map_or(Ok(String::new()), string)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(String::new())
    };
    Ok((first(["id", "code", "guid"])?, first(["public_name", "name", "full_public_name"])?))
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// A value as text: a number or truth value as written, of translations the English or else the
/// first, of anything else nothing.
fn string(value: &RawValue) -> Result<String, ScheduleError> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => Ok(serde_json::from_str::<Lossy>(text).map_err(malformed)?.0),
        Some(b'{') => {
            let mut chosen = None;
            each(value, |language, translation| {
                if translation.get().starts_with('"') && (chosen.is_none() || language == "en") {
                    chosen = Some(translation);
                }
                Ok(())
            })?;
            chosen.map_or(Ok(String::new()), string)
        }
        Some(b'n' | b'[') | None => Ok(String::new()),
        Some(_) => Ok(text.to_owned()),
    }
}

/// A member of an object: the last of that name.
fn member<'a>(value: &'a RawValue, name: &str) -> Result<Option<&'a RawValue>, ScheduleError> {
    let mut found = None;
    each(value, |key, value| {
        if key == name {
            found = Some(value);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Hands out the members of an object with their names, or the items of an array without; of
/// anything else there is nothing to hand out.
fn each<'a>(
    value: &'a RawValue,
    act: impl FnMut(&str, &'a RawValue) -> Result<(), ScheduleError>,
) -> Result<(), ScheduleError> {
    if !value.get().starts_with(['{', '[']) {
        return Ok(());
    }
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    deserializer.deserialize_any(Each(act)).map_err(malformed)?
}

fn malformed(error: serde_json::Error) -> ScheduleError {
    ScheduleError::Malformed { line: error.line().max(1) }
}

/// Walks through an object or array. After a failure it reads on without acting, because a visitor
/// must come to the end.
struct Each<F>(F);

impl<'a, F: FnMut(&str, &'a RawValue) -> Result<(), ScheduleError>> Visitor<'a> for Each<F> {
    type Value = Result<(), ScheduleError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or array")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut outcome = Ok(());
        while let Some((Lossy(key), value)) = map.next_entry()? {
            outcome = outcome.and_then(|()| (self.0)(&key, value));
        }
        Ok(outcome)
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut outcome = Ok(());
        while let Some(value) = items.next_element()? {
            outcome = outcome.and_then(|()| (self.0)("", value));
        }
        Ok(outcome)
    }
}

/// A string in which halves of surrogate pairs, left by systems that cut texts in the middle of a
/// character, become replacement characters.
struct Lossy(String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Lossy;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Lossy, E> {
                Ok(Lossy(text.to_owned()))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Lossy, E> {
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
