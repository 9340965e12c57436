//! iCalendar, as calendars of conferences really are: with times in a named zone that nothing
//! defines, with parameters of vCard 2.1, with lines that were folded in the middle of a character.

use jiff::SignedDuration;

use super::ScheduleError;
use super::assemble::{Assembler, RawConference, RawDay, RawTalk};
use super::time;

/// The most lines that belong together as one: what is longer is no calendar.
const MAX_UNFOLDED: usize = 1 << 20;

pub(super) fn read(text: &str, out: &mut Assembler) -> Result<(), ScheduleError> {
    let mut head = RawConference::default();
    let mut talks: Vec<RawTalk> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut talk = RawTalk::default();
    let mut ended = false;
    for (at, line) in text.lines().enumerate() {
        let malformed = ScheduleError::Malformed { line: at + 1 };
        if line.len() > MAX_UNFOLDED {
            return Err(malformed);
        }
        let Some(line) = Line::read(line) else { continue };
        match line.name.as_str() {
            "BEGIN" => {
                open.push(line.value.trim().to_uppercase());
                talk = if inside(&open, "VEVENT") { RawTalk::default() } else { talk };
            }
            "END" => {
                if open.pop() != Some(line.value.trim().to_uppercase()) {
                    return Err(malformed);
                }
                match line.value.trim().to_uppercase().as_str() {
                    "VEVENT" => talks.push(std::mem::take(&mut talk)),
                    "VCALENDAR" => ended = true,
                    _ => {}
                }
            }
            _ if inside(&open, "VEVENT") => line.tell(&mut talk),
            "X-WR-CALNAME" if open.len() == 1 => head.title = line.text(),
            "X-WR-TIMEZONE" if open.len() == 1 => head.time_zone = line.text(),
            _ => {}
        }
    }
    if !ended {
        return Err(ScheduleError::Malformed { line: text.lines().count().max(1) });
    }
    finish(head, talks, out)
}

/// Days are those on which something begins.
fn finish(
    mut head: RawConference,
    talks: Vec<RawTalk>,
    out: &mut Assembler,
) -> Result<(), ScheduleError> {
    if head.time_zone.is_empty() {
        let named = talks.iter().map(|talk| talk.zone.as_str()).find(|zone| !zone.is_empty());
        head.time_zone = named.unwrap_or("UTC").to_owned();
    }
    out.conference(head);
    let mut dates: Vec<String> =
        talks.iter().filter_map(|talk| talk.date.get(..10)).map(str::to_owned).collect();
    dates.sort();
    dates.dedup();
    for date in dates {
        out.day(RawDay { date, ..RawDay::default() })?;
    }
    for talk in talks.into_iter().filter(|talk| !talk.cancelled) {
        out.talk(talk, "")?;
    }
    Ok(())
}

fn inside(open: &[String], component: &str) -> bool {
    open.last().is_some_and(|last| last == component)
}

/// A file with its lines as they were before they were folded, as bytes: a fold may stand inside a character.
pub(super) fn unfold(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line {
            [b' ' | b'\t', rest @ ..] if !out.is_empty() => {
                while matches!(out.last(), Some(b'\n' | b'\r')) {
                    out.pop();
                }
                out.extend_from_slice(rest);
            }
            _ => out.extend_from_slice(line),
        }
    }
    out
}

struct Line {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

impl Line {
    /// `NAME;PARAMETER=VALUE;…:value`, where a colon or semicolon in quotes divides nothing.
    fn read(line: &str) -> Option<Self> {
        let mut quoted = false;
        let mut parts = vec![String::new()];
        let mut value = None;
        for (at, character) in line.char_indices() {
            match character {
                '"' => quoted = !quoted,
                ':' if !quoted => {
                    value = Some(line[at + 1..].to_owned());
                    break;
                }
                ';' if !quoted => parts.push(String::new()),
                other => parts.last_mut()?.push(other),
            }
        }
        let mut parts = parts.into_iter();
        let name = parts.next()?.trim().to_uppercase();
        let parameters = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_uppercase(), value.to_owned()))
        });
        Some(Self { name, parameters: parameters.collect(), value: value? })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn tell(&self, talk: &mut RawTalk) {
        match self.name.as_str() {
            "UID" => talk.guid = self.text(),
            "SUMMARY" => talk.title = self.text(),
            "LOCATION" => talk.room = self.text(),
            "DESCRIPTION" => talk.abstract_text = self.text(),
            "URL" => talk.url = self.value.clone(),
            "CATEGORIES" if talk.track.is_empty() => {
                talk.track = self.text().split(',').next().unwrap_or_default().to_owned();
            }
            "STATUS" => talk.cancelled = self.value.trim().eq_ignore_ascii_case("cancelled"),
            "DTSTART" => {
                talk.date = self.time();
                talk.zone = self.parameter("TZID").unwrap_or_default().to_owned();
            }
            "DTEND" => talk.end = self.time(),
            "DURATION" => {
                let length =
                    self.value.trim().parse::<SignedDuration>().map_or(0, |it| it.as_secs());
                talk.duration = (length / 60).to_string();
            }
            "ORGANIZER" | "ATTENDEE" => {
                let name = self.parameter("CN").unwrap_or_default().to_owned();
                talk.persons.push((String::new(), name));
            }
            _ => {}
        }
    }

    /// A time in the notation of the other schedules, with its offset where the zone is known.
    fn time(&self) -> String {
        let digits = self.value.trim();
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        let date = format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8));
        if part(8, 9) != "T" {
            return date;
        }
        let local = format!("{date}T{}:{}:{}", part(9, 11), part(11, 13), part(13, 15));
        if digits.ends_with(['Z', 'z']) {
            return format!("{local}Z");
        }
        self.parameter("TZID").and_then(|zone| time::with_offset(&local, zone)).unwrap_or(local)
    }

    /// A text with its escapes undone.
    fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut characters = self.value.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some('n' | 'N') => text.push('\n'),
                    Some(other) => text.push(other),
                    None => {}
                },
                other => text.push(other),
            }
        }
        text
    }
}
