//! A conference's published schedule: `schedule.xml`, `schedule.json` and iCalendar.
//!
//! The first two are one format in two notations, begun by Pentabarf, extended by frab and now written by
//! pretalx, wafer and others (described at <https://c3voc.de/wiki/schedule>). Hardly any published
//! file satisfies its schema, so reading is lenient: unknown fields do no harm, what is missing is
//! derived, a talk that makes no sense is left out, and each repair comes back as a [`Warning`].
//! Only a file that is not a schedule at all, is cut short or exceeds a bound is an error, because
//! importing the half of it would look as if the rest had been cancelled.
//!
//! [`read`] collects what the file says (`xml`, `json`), then `assemble` makes talks of it, after
//! the whole file was seen: a time without offset needs the time zone, which may come last.
//! [`reimport::plan`] compares a later version of the file with what was imported before.
//!
//! [`write`](mod@write) writes both notations strictly, so that they satisfy the published schemas. Calendars are
//! read here and written by [`crate::ical`].
//!
//! Not read: links, attachments, biographies, logos; of calendars what repeats.

mod assemble;
mod entity;
mod ics;
mod json;
pub mod reimport;
mod text;
mod time;
pub mod write;
mod xml;

use std::borrow::Cow;

use assemble::Assembler;
use thiserror::Error;
pub use time::{Date, MAX_MINUTES};

/// The largest file that is read, in bytes. The largest schedules known (a Congress with all its
/// self-organised sessions) have some 5 MB.
pub const MAX_BYTES: usize = 32 << 20;
/// The most talks that one schedule may hold. FOSDEM, the largest known, has about 1,100.
pub const MAX_TALKS: usize = 20_000;
/// The most days that one schedule may hold: more than a year of them.
pub const MAX_DAYS: usize = 400;
/// The most rooms that one schedule may hold.
pub const MAX_ROOMS: usize = 2_000;
/// The most persons that one talk keeps.
pub const MAX_PERSONS: usize = 200;
/// The most warnings that are kept; later ones are only counted.
pub const MAX_WARNINGS: usize = 1_000;
/// The longest guid that counts, in characters: a UUID has 36.
pub const MAX_GUID: usize = 64;
/// The longest id that counts, in characters.
pub const MAX_ID: usize = 32;
/// The longest name, title or address that is kept, in characters.
pub const MAX_LINE: usize = 1_000;
/// The longest abstract or description that is kept, in characters.
pub const MAX_TEXT: usize = 50_000;

/// Reads a schedule in any of the notations, found out from its first characters.
///
/// # Errors
///
/// [`ScheduleError`] when the bytes are no schedule, are not well-formed to the end, or exceed a
/// bound of this module.
pub fn read(bytes: &[u8]) -> Result<Import, ScheduleError> {
    if bytes.len() > MAX_BYTES {
        return Err(ScheduleError::TooLarge { bytes: bytes.len() });
    }
    let mut assembler = Assembler::default();
    let bytes = if is_calendar(bytes) { &ics::unfold(bytes)[..] } else { bytes };
    let text = unicode(bytes);
    if matches!(text, Cow::Owned(_)) && text.contains(char::REPLACEMENT_CHARACTER) {
        assembler.warn("", Flaw::NotUnicode);
    }
    match text.trim_start().chars().next() {
        Some('<') => xml::read(&text, &mut assembler)?,
        Some('{') => json::read(&text, &mut assembler)?,
        Some('B' | 'b') if is_calendar(text.trim_start().as_bytes()) => {
            ics::read(&text, &mut assembler)?;
        }
        _ => return Err(ScheduleError::NotASchedule),
    }
    assembler.finish()
}

/// Why nothing of a file was imported.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ScheduleError {
    /// The bytes are no schedule in any of the notations.
    #[error("this file is not a conference schedule (schedule.xml, schedule.json or .ics)")]
    NotASchedule,
    /// The file breaks the rules of its notation, for example because a download was cut short.
    #[error("the schedule is damaged or incomplete at line {line}")]
    Malformed {
        /// The line where reading stopped, counted from 1.
        line: usize,
    },
    /// The file exceeds [`MAX_BYTES`].
    #[error("the schedule has {bytes} bytes, more than {MAX_BYTES}")]
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
    },
    /// The file exceeds [`MAX_TALKS`], [`MAX_DAYS`], [`MAX_ROOMS`] or the depth of nesting.
    #[error("the schedule has too many {0}")]
    TooMany(Excess),
}

/// What a file has too much of.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Excess {
    /// More than [`MAX_TALKS`].
    #[error("talks")]
    Talks,
    /// More than [`MAX_DAYS`].
    #[error("days")]
    Days,
    /// More than [`MAX_ROOMS`].
    #[error("rooms")]
    Rooms,
    /// Elements lie too deep in each other.
    #[error("levels")]
    Levels,
}

/// What came of reading a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The schedule, repaired.
    pub schedule: Schedule,
    /// What was left out or repaired, in the order of the file; at most [`MAX_WARNINGS`].
    pub warnings: Vec<Warning>,
    /// How many warnings there were in all.
    pub warning_count: usize,
}

/// A conference and its talks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The name of the conference; empty if the file has none.
    pub title: String,
    /// Its short name; empty if the file has none.
    pub acronym: String,
    /// The first day, as the file says or else as the days and talks show.
    pub first_day: Option<Date>,
    /// The last day, likewise.
    pub last_day: Option<Date>,
    /// The days, in the order of the file.
    pub days: Vec<Day>,
    /// The IANA name of the conference's time zone, if the file names a known one.
    pub time_zone: Option<String>,
    /// All rooms, declared or used, in the order of first appearance, without repetition.
    pub rooms: Vec<String>,
    /// The talks, in the order of the file.
    pub talks: Vec<Talk>,
}

/// One day of a conference, which may end in the small hours of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The calendar day.
    pub date: Date,
    /// When it begins, in milliseconds since 1970 (UTC), if the file says so.
    pub start_ms: Option<u64>,
    /// When it ends, likewise.
    pub end_ms: Option<u64>,
}

/// One entry of the schedule. Texts are empty where the file has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// The identifier that is unique among all systems, in lower case. No two talks of a schedule
    /// share one.
    pub guid: Option<String>,
    /// The number or code in the system that wrote the file. Repetitions of a talk may share it.
    pub id: Option<String>,
    /// The title; never empty.
    pub title: String,
    /// The subtitle.
    pub subtitle: String,
    /// The short text, as plain text with some Markdown.
    pub abstract_text: String,
    /// The long text, as plain text with some Markdown.
    pub description: String,
    /// The track.
    pub track: String,
    /// What kind of entry it is, in the words of the conference: `lecture`, `workshop`, …
    pub kind: String,
    /// The language, mostly as a two-letter code.
    pub language: String,
    /// The room, one of [`Schedule::rooms`], or empty.
    pub room: String,
    /// When it begins, in milliseconds since 1970 (UTC).
    pub start_ms: u64,
    /// How long it lasts, in minutes: from 1 to [`MAX_MINUTES`].
    pub minutes: u32,
    /// Who gives it, in the order of the file.
    pub persons: Vec<Person>,
    /// Its page on the web.
    pub url: String,
    /// Whether it must not be recorded.
    pub do_not_record: bool,
}

/// Somebody who gives a talk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The number, code or identifier in the system that wrote the file.
    pub id: Option<String>,
    /// The public name; never empty.
    pub name: String,
}

/// Something that was left out or repaired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The talk's title, else its guid or id; empty if this is about the whole schedule.
    pub talk: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What was wrong, and what was made of it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Flaw {
    /// Bytes that are not Unicode became replacement characters.
    #[error("characters in an unknown encoding were replaced")]
    NotUnicode,
    /// The time zone is missing or unknown; times without offset were read in the offset of the
    /// others, or in UTC.
    #[error("the time zone is missing or unknown, so times may be off")]
    NoTimeZone,
    /// A day without a date was left out.
    #[error("a day without a date was left out")]
    NoDate,
    /// A talk that is not even an object was left out.
    #[error("an entry could not be understood and was left out")]
    Unreadable,
    /// A talk without title was left out.
    #[error("an entry without a title was left out")]
    NoTitle,
    /// A talk without a readable start was left out.
    #[error("has no readable start and was left out")]
    NoStart,
    /// A talk without a readable duration got that of a timeslot, or half an hour.
    #[error("has no readable duration, a usual one was assumed")]
    NoDuration,
    /// A talk that stands twice in the file, the same in every respect, was taken once.
    #[error("stands in the file twice and was taken once")]
    Repeated,
    /// A talk has the guid of an earlier one and lost it.
    #[error("has the identifier of another entry")]
    SharedGuid,
    /// A text was cut at its bound, or an overlong identifier left out, since a part of it is none.
    #[error("has an overlong text, which was cut")]
    Overlong,
    /// Persons beyond the bound were left out.
    #[error("has too many persons, some were left out")]
    TooManyPersons,
}

fn is_calendar(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    bytes.get(..15).is_some_and(|first| first.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"))
}

/// The text of a file: UTF-8 with or without mark, or UTF-16 with one. What is neither is replaced.
fn unicode(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units = bytes[2..].as_chunks().0.iter().map(|&pair| unit(pair));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        [0xfe, 0xff, ..] => Cow::Owned(utf16(u16::from_be_bytes)),
        [0xff, 0xfe, ..] => Cow::Owned(utf16(u16::from_le_bytes)),
        _ => String::from_utf8_lossy(bytes),
    }
}
