//! Writing a schedule so that it satisfies the published schemas of both notations.
//!
//! What the schemas ask for and a talk lacks is made of what it has: an identifier that is no UUID
//! becomes one by its hash, and so does one that two talks share. Talks stand by day, room and start.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::text::long;
use super::time::{self, Date};
use super::{Schedule, Talk};

/// The most minutes that the schema's `99:59` can say.
const MAX_MINUTES: u32 = 99 * 60 + 59;
/// The longest day without a known end, in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// Where these files say they come from.
const GENERATOR: &str = "Teilgeber";

/// Writes `schedule.xml`. `version` names this state of the schedule, for people.
pub fn xml(schedule: &Schedule, version: &str) -> String {
    let plan = Plan::of(schedule);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schedule>\n");
    let _ = writeln!(out, "  <generator name=\"{GENERATOR}\"/>");
    element(&mut out, 2, "version", version);
    out.push_str("  <conference>\n");
    for (name, value) in plan.head() {
        element(&mut out, 4, name, &value);
    }
    out.push_str("  </conference>\n");
    for (index, day) in plan.days.iter().enumerate() {
        let (start, end) = (plan.moment(day.start_ms), plan.moment(day.end_ms));
        let index = index + 1;
        let date = day.date;
        let _ = writeln!(
            out,
            "  <day index=\"{index}\" date=\"{date}\" start=\"{start}\" end=\"{end}\">"
        );
        for room in &schedule.rooms {
            let _ = writeln!(out, "    <room name=\"{}\">", markup(room));
            for talk in day.rooms.get(room).into_iter().flatten() {
                plan.talk_xml(&mut out, talk);
            }
            out.push_str("    </room>\n");
        }
        out.push_str("  </day>\n");
    }
    out.push_str("</schedule>\n");
    out
}

/// Writes `schedule.json`, likewise.
pub fn json(schedule: &Schedule, version: &str) -> String {
    let plan = Plan::of(schedule);
    let mut conference: Map<String, Value> = plan
        .head()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    if let Some(days) = conference.remove("days") {
        let count = days.as_str().and_then(|days| days.parse::<usize>().ok());
        conference.insert("daysCount".to_owned(), json!(count));
    }
    let zone = schedule.time_zone.as_deref().filter(|zone| is_plain_zone(zone));
    if zone.is_none() {
        conference.remove("time_zone_name");
    }
    let room = |name: &String| json!({ "name": name, "guid": uuid_of("room", name) });
    conference.insert("rooms".to_owned(), schedule.rooms.iter().map(room).collect());
    let days = plan.days.iter().enumerate().map(|(index, day)| {
        let rooms: Map<String, Value> = schedule
            .rooms
            .iter()
            .map(|room| {
                let talks = day.rooms.get(room).into_iter().flatten();
                (room.clone(), talks.map(|talk| plan.talk_json(talk)).collect())
            })
            .collect();
        json!({
            "index": index + 1,
            "date": day.date.to_string(),
            "day_start": plan.moment(day.start_ms),
            "day_end": plan.moment(day.end_ms),
            "rooms": rooms,
        })
    });
    conference.insert("days".to_owned(), days.collect());
    let whole = json!({
        "generator": { "name": GENERATOR },
        "schedule": { "version": version, "conference": conference },
    });
    format!("{whole:#}\n")
}

/// A schedule laid out in days, with all identifiers that the schemas want.
struct Plan<'a> {
    schedule: &'a Schedule,
    zone: TimeZone,
    days: Vec<PlannedDay<'a>>,
}

struct PlannedDay<'a> {
    date: Date,
    start_ms: u64,
    end_ms: u64,
    rooms: BTreeMap<&'a String, Vec<Numbered<'a>>>,
}

struct Numbered<'a> {
    talk: &'a Talk,
    guid: String,
    id: u64,
}

impl<'a> Plan<'a> {
    fn of(schedule: &'a Schedule) -> Self {
        let zone = schedule.time_zone.as_deref().and_then(time::zone).unwrap_or(TimeZone::UTC);
        let mut plan = Self { schedule, zone, days: Vec::new() };
        for day in &schedule.days {
            let talks = schedule.talks.iter().filter(|talk| plan.date_of(talk) == Some(day.date));
            let first = talks.clone().map(|talk| talk.start_ms).min();
            let last = talks.map(|talk| talk.start_ms + u64::from(talk.minutes) * 60_000).max();
            let start_ms = day.start_ms.or(first).unwrap_or_else(|| day.date.start_ms(&plan.zone));
            let end_ms = day.end_ms.or(last).unwrap_or(start_ms + DAY_MS);
            plan.days.push(PlannedDay { date: day.date, start_ms, end_ms, rooms: BTreeMap::new() });
        }
        let (mut guids, mut ids) = (HashSet::new(), HashSet::new());
        let mut talks: Vec<&Talk> = schedule.talks.iter().collect();
        talks.sort_by_key(|talk| talk.start_ms);
        for talk in talks {
            let Some(date) = plan.date_of(talk) else { continue };
            let Some(day) = plan.days.iter_mut().find(|day| day.date == date) else { continue };
            let guid = unused_guid(talk, &mut guids);
            let id = unused_id(talk, &guid, &mut ids);
            day.rooms.entry(&talk.room).or_default().push(Numbered { talk, guid, id });
        }
        plan
    }

    /// The day that a talk stands in: the one whose hours it lies in, else the calendar's; a talk
    /// outside all days stands in the nearest before it, or the first.
    fn date_of(&self, talk: &Talk) -> Option<Date> {
        let days = &self.schedule.days;
        let within = days.iter().find(|day| {
            day.start_ms
                .zip(day.end_ms)
                .is_some_and(|(start, end)| (start..end).contains(&talk.start_ms))
        });
        let date = Date::of(talk.start_ms, &self.zone)?;
        let before = || days.iter().map(|day| day.date).filter(|day| *day <= date).max();
        within.map(|day| day.date).or_else(before).or_else(|| days.first().map(|day| day.date))
    }

    /// What both notations say of the conference.
    fn head(&self) -> Vec<(&'static str, String)> {
        let schedule = self.schedule;
        let mut head = vec![
            ("title", schedule.title.clone()),
            ("acronym", acronym(&schedule.acronym, &schedule.title)),
        ];
        let first = schedule.first_day.or_else(|| schedule.days.first().map(|day| day.date));
        let last = schedule.last_day.or_else(|| schedule.days.last().map(|day| day.date));
        head.extend(first.map(|day| ("start", day.to_string())));
        head.extend(last.map(|day| ("end", day.to_string())));
        head.push(("days", self.days.len().to_string()));
        head.push(("timeslot_duration", "00:15".to_owned()));
        head.extend(schedule.time_zone.clone().map(|zone| ("time_zone_name", zone)));
        head
    }

    /// A time with the offset of the conference.
    fn moment(&self, ms: u64) -> String {
        self.at(ms, "%Y-%m-%dT%H:%M:%S%:z")
    }

    fn at(&self, ms: u64, how: &str) -> String {
        let stamp = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let stamp = stamp.unwrap_or(Timestamp::MAX);
        stamp.to_zoned_datetime(self.zone.clone()).strftime(how).to_string()
    }

    fn talk_xml(&self, out: &mut String, numbered: &Numbered<'_>) {
        let Numbered { talk, guid, id } = numbered;
        let _ = writeln!(out, "      <event guid=\"{guid}\" id=\"{id}\">");
        for (name, value) in [
            ("room", talk.room.as_str()),
            ("title", &talk.title),
            ("subtitle", &talk.subtitle),
            ("type", &talk.kind),
            ("date", &self.moment(talk.start_ms)),
            ("start", &self.at(talk.start_ms, "%H:%M")),
            ("duration", &duration(talk.minutes)),
            ("abstract", &for_readers_of_html(&talk.abstract_text)),
            ("description", &for_readers_of_html(&talk.description)),
            ("track", &talk.track),
            ("language", &talk.language),
        ] {
            element(out, 8, name, value);
        }
        if is_web(&talk.url) {
            element(out, 8, "url", &talk.url);
        }
        out.push_str("        <persons>\n");
        for person in &talk.persons {
            let number = person.id.as_deref().and_then(number);
            let id = number.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
            let _ = writeln!(out, "          <person{id}>{}</person>", markup(&person.name));
        }
        out.push_str("        </persons>\n");
        let opt_out = talk.do_not_record;
        let _ = writeln!(
            out,
            "        <recording><license></license><optout>{opt_out}</optout></recording>"
        );
        out.push_str("      </event>\n");
    }

    fn talk_json(&self, numbered: &Numbered<'_>) -> Value {
        let Numbered { talk, guid, id } = numbered;
        let person = |person: &super::Person| match person.id.as_deref().and_then(number) {
            Some(id) => json!({ "id": id, "public_name": person.name }),
            None => json!({ "name": person.name }),
        };
        let url = if is_web(&talk.url) { talk.url.clone() } else { format!("urn:uuid:{guid}") };
        json!({
            "guid": guid,
            "id": id,
            "date": self.moment(talk.start_ms),
            "start": self.at(talk.start_ms, "%H:%M"),
            "duration": duration(talk.minutes),
            "room": talk.room,
            "slug": format!("{}-{id}", slug(&talk.title)),
            "url": url,
            "title": talk.title,
            "subtitle": talk.subtitle,
            "track": talk.track,
            "type": talk.kind,
            "language": talk.language,
            "abstract": for_readers_of_html(&talk.abstract_text),
            "description": for_readers_of_html(&talk.description),
            "do_not_record": talk.do_not_record,
            "persons": talk.persons.iter().map(person).collect::<Vec<_>>(),
            "links": [],
        })
    }
}

/// A name in small letters, digits and dashes: what a link or a file may be called.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == 60 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "session".to_owned() } else { slug.to_owned() }
}

/// An identifier in the form of a UUID (version 8) that says nothing but is always the same.
pub fn uuid_of(kind: &str, name: &str) -> String {
    let hash = blake3::hash(format!("{kind}\n{name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether a text is a UUID as schedules write it.
pub fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn unused_guid(talk: &Talk, used: &mut HashSet<String>) -> String {
    let own = talk.guid.as_deref().map(|guid| match is_uuid(guid) {
        true => guid.to_lowercase(),
        false => uuid_of("talk", guid),
    });
    let whole = || format!("{}\n{}\n{}", talk.title, talk.start_ms, talk.room);
    let mut guid = own.unwrap_or_else(|| uuid_of("talk", &whole()));
    while !used.insert(guid.clone()) {
        guid = uuid_of("again", &guid);
    }
    guid
}

/// The talk's own number, else one of its guid that fits into 31 bits.
fn unused_id(talk: &Talk, guid: &str, used: &mut HashSet<u64>) -> u64 {
    let own = talk.id.as_deref().and_then(number).filter(|id| *id > 0);
    let mut id = own.unwrap_or_else(|| {
        let hash = blake3::hash(guid.as_bytes());
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&hash.as_bytes()[..4]);
        u64::from(u32::from_le_bytes(bytes) >> 1).max(1)
    });
    while !used.insert(id) {
        id += 1;
    }
    id
}

/// A number as JSON and XML write it back the same.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| *number < 1 << 53 && number.to_string() == text)
}

fn acronym(given: &str, title: &str) -> String {
    let source = if given.is_empty() { title } else { given };
    let mut acronym = slug(source).replace('-', "_");
    while acronym.len() < 4 {
        acronym.push('_');
    }
    acronym
}

fn duration(minutes: u32) -> String {
    let minutes = minutes.min(MAX_MINUTES);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`[]".contains(c);
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(odd))
}

/// Whether a zone is of the kind that the schema of `schedule.json` knows.
fn is_plain_zone(zone: &str) -> bool {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|c| c.is_ascii_uppercase())
            && letters.next().is_some_and(|c| c.is_ascii_lowercase())
    };
    let area = |area: &str| word(area) && area[1..].bytes().all(|byte| byte.is_ascii_lowercase());
    zone == "UTC" || zone.split_once('/').is_some_and(|(first, rest)| area(first) && word(rest))
}

/// A long text. Readers take it for HTML or Markdown: what they would take for a tag is escaped.
fn for_readers_of_html(text: &str) -> String {
    if long(text).text == text { text.to_owned() } else { markup(text) }
}

fn element(out: &mut String, indent: usize, name: &str, value: &str) {
    let _ = writeln!(out, "{:indent$}<{name}>{}</{name}>", "", markup(value));
}

/// A text in XML, without what XML cannot say at all.
fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
