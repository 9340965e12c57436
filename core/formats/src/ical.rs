//! Calendars as iCalendar (RFC 5545), for every calendar that knows nothing of this app.
//!
//! Written strictly: UTF-8, lines that end with CRLF and are folded at 75 octets, never inside a
//! character; texts escaped; times in UTC, so that no reader needs a table of time zones. Reading is
//! lenient and lives with the other schedules ([`crate::schedule::read`]).

use jiff::Timestamp;
use teilgeber_model::Millis;

/// The longest line in bytes, without its end (RFC 5545, section 3.1).
const MAX_LINE: usize = 75;

/// A calendar of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What it is known by for ever.
    pub uid: String,
    /// What it is called.
    pub name: String,
    /// When it was written: `DTSTAMP` of all that is in it.
    pub written: Millis,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// One thing in a calendar. Texts are empty where there is nothing to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is known by for ever, in every calendar.
    pub uid: String,
    /// Which plan this is: it grows whenever time or place change, and a calendar takes the higher one.
    pub sequence: u32,
    /// When it was last changed, if that is known.
    pub modified: Option<Millis>,
    /// When it begins.
    pub start: Millis,
    /// How long it lasts, in minutes.
    pub minutes: u32,
    /// Its title.
    pub summary: String,
    /// Where it is.
    pub location: String,
    /// What it is about, as plain text.
    pub description: String,
    /// Its page on the web.
    pub url: String,
    /// Its tags.
    pub categories: Vec<String>,
}

/// Writes a calendar.
pub fn write(calendar: &Calendar) -> String {
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//Teilgeber//Teilgeber//EN");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", "PUBLISH");
    // What RFC 7986 says of a calendar, and what was written before it.
    lines.text("UID", &calendar.uid);
    lines.text("NAME", &calendar.name);
    lines.text("X-WR-CALNAME", &calendar.name);
    if let Some(modified) = calendar.entries.iter().filter_map(|entry| entry.modified).max() {
        lines.raw("LAST-MODIFIED", &utc(modified.get()));
    }
    for entry in &calendar.entries {
        lines.entry(entry, calendar.written);
    }
    lines.raw("END", "VCALENDAR");
    lines.0
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn entry(&mut self, entry: &Entry, written: Millis) {
        self.raw("BEGIN", "VEVENT");
        self.text("UID", &entry.uid);
        self.raw("DTSTAMP", &utc(written.get()));
        self.raw("DTSTART", &utc(entry.start.get()));
        let length = u64::from(entry.minutes) * 60_000;
        self.raw("DTEND", &utc(entry.start.get().saturating_add(length)));
        self.raw("SEQUENCE", &entry.sequence.to_string());
        if let Some(modified) = entry.modified {
            self.raw("LAST-MODIFIED", &utc(modified.get()));
        }
        self.text("SUMMARY", &entry.summary);
        self.text("LOCATION", &entry.location);
        self.text("DESCRIPTION", &entry.description);
        if !entry.url.chars().any(|c| c.is_whitespace() || c.is_control()) {
            self.raw("URL", &entry.url);
        }
        let categories: Vec<String> = entry.categories.iter().map(|tag| escape(tag)).collect();
        self.raw("CATEGORIES", &categories.join(","));
        self.raw("END", "VEVENT");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.raw(name, &escape(value));
    }

    /// A line, unless it says nothing; broken before it gets longer than allowed.
    fn raw(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let mut length = 0;
        for character in name.chars().chain([':']).chain(value.chars()) {
            if length + character.len_utf8() > MAX_LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(character);
            length += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A time as `20260117T140000Z`.
fn utc(ms: u64) -> String {
    let stamp = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    stamp.unwrap_or(Timestamp::MAX).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Escapes a text (RFC 5545, section 3.3.11). Other control characters are not allowed at all.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' | '\r' => escaped.push_str("\\n"),
            '\\' | ',' | ';' => escaped.extend(['\\', character]),
            '\t' => escaped.push(' '),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
