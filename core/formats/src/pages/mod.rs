//! What stays of an event as pages: a session as Markdown, HTML or plain text, and a whole event as a
//! folder of them.
//!
//! What may be told was decided by whoever made these values; here nothing is left out and nothing added.
//! All words are people's: [`html`](session_html) escapes each of them, and a long text keeps of Markdown
//! what is harmless (no HTML, links only to the web and to mail addresses). The pages need no script and no
//! network, read on a phone, in the dark and on paper.

mod board;
#[cfg(test)]
mod contrast;
mod html;
mod markdown;
mod people;
mod post;
pub(crate) mod prose;
mod session;
mod topic;

use jiff::Timestamp;
use jiff::tz;
use teilgeber_model::{Days, Millis, TimeZone};

pub use board::board_html;
pub use markdown::{session_markdown, session_text};
pub use people::people_html;
pub use post::posts_html;
pub use session::session_html;
pub use topic::topics_html;

/// What the pages of an event have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventPages {
    /// What the event is called.
    pub name: String,
    /// In which zone times are shown.
    pub zone: TimeZone,
    /// Its days.
    pub days: Option<Days>,
    /// Where it took place.
    pub place: String,
    /// Its page on the web.
    pub link: String,
    /// Its rooms, in the order of the board.
    pub rooms: Vec<String>,
    /// All its sessions.
    pub sessions: Vec<SessionPage>,
    /// Those who may be shown.
    pub people: Vec<PersonCard>,
    /// What was said about no session, the first first.
    pub posts: Vec<Saying>,
    /// What was offered and wanted, by name.
    pub topics: Vec<TopicCard>,
}

/// What is shown of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonCard {
    /// What they are called.
    pub name: String,
    /// Their hashtags, without `#`.
    pub hashtags: Vec<String>,
    /// What they say of themselves, as plain text.
    pub bio: String,
    /// Where to find them.
    pub links: Vec<String>,
}

/// A topic, and who had to do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicCard {
    /// What it is about.
    pub name: String,
    /// Who offered it, as they are shown.
    pub offered_by: Vec<String>,
    /// Who wanted it, likewise.
    pub wanted_by: Vec<String>,
}

/// How much of a session may be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// All of it, with names.
    #[default]
    All,
    /// What was said, but not by whom: the Chatham House rule.
    NoNames,
    /// Only that it took place.
    Nothing,
}

/// A session as it is told. Texts are empty, lists are empty where there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionPage {
    /// What it is known by for ever.
    pub id: String,
    /// What its file is called, without ending.
    pub file: String,
    /// What the event is called.
    pub event: String,
    /// In which zone times are shown.
    pub zone: TimeZone,
    /// What it is called.
    pub title: String,
    /// How much may be told of it.
    pub told: Told,
    /// When and where it was held.
    pub held: Vec<Held>,
    /// Who gave it.
    pub people: Vec<String>,
    /// Its tags, without `#`.
    pub tags: Vec<String>,
    /// Its language.
    pub language: String,
    /// What it was about, in Markdown.
    pub about: String,
    /// What was written down together, in Markdown.
    pub pad: String,
    /// What was asked and stays open.
    pub questions: Vec<String>,
    /// What was said about it, the first first.
    pub sayings: Vec<Saying>,
    /// Photos of it.
    pub photos: Vec<Picture>,
    /// What I mean to pick up again.
    pub anchors: Vec<String>,
    /// Where there is more.
    pub links: Vec<String>,
}

/// When and where a session was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// When it began.
    pub start: Millis,
    /// How long it took, in minutes.
    pub minutes: u32,
    /// In which room.
    pub room: String,
    /// The letter on its door.
    pub letter: Option<char>,
}

/// A short text on the wall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saying {
    /// What was said, as plain text.
    pub text: String,
    /// Who said it; empty where that is not told.
    pub by: String,
    /// When; `None` where that is not told, because it would tell who.
    pub at: Option<Millis>,
}

/// A photo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// What stands below it.
    pub caption: String,
    /// Its media type, such as `image/jpeg`.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a text leaves open: the lines that end with a question mark, and the boxes without a tick.
pub fn open_questions(pad: &str) -> Vec<String> {
    let question = |line: &str| {
        let line = line.trim();
        let bare = line.trim_start_matches(['-', '*', '+']).trim_start();
        let text = match bare.strip_prefix("[ ]") {
            Some(text) if bare.len() < line.len() => text.trim(),
            _ if line.ends_with('?') => line.trim_start_matches(['-', '*', '+', '#', '>', ' ']),
            _ => return None,
        };
        (!text.is_empty() && text != "?").then(|| text.to_owned())
    };
    pad.lines().filter_map(question).collect()
}

/// What a page's file may be called: its title in small letters, and something that is its own.
pub fn file_name(title: &str, id: &str) -> String {
    format!("{}-{id}", crate::schedule::write::slug(title))
}

/// A moment as a person in that zone says it.
fn moment(ms: u64, zone: &TimeZone, how: &str) -> String {
    let known = tz::TimeZone::get(zone.as_str()).unwrap_or(tz::TimeZone::UTC);
    let stamp = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    stamp.unwrap_or(Timestamp::MAX).to_zoned_datetime(known).strftime(how).to_string()
}

impl Held {
    fn at(&self, zone: &TimeZone, how: &str) -> String {
        moment(self.start.get(), zone, how)
    }

    /// `2026-11-21`
    fn date(&self, zone: &TimeZone) -> String {
        self.at(zone, "%Y-%m-%d")
    }

    /// `Saturday, 21 November 2026`
    fn day(&self, zone: &TimeZone) -> String {
        self.at(zone, "%A, %-d %B %Y")
    }

    /// `10:00–10:45`
    fn hours(&self, zone: &TimeZone) -> String {
        let end = self.start.get().saturating_add(u64::from(self.minutes) * 60_000);
        format!("{}–{}", self.at(zone, "%H:%M"), moment(end, zone, "%H:%M"))
    }
}

/// What stands in place of what may not be told.
fn silence(told: Told) -> &'static str {
    match told {
        Told::All => "",
        Told::NoNames => "Chatham House rule: what was said may be told, but not by whom.",
        Told::Nothing => "Off the record: it took place, and nothing more is told.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pad_leaves_its_questions_and_its_empty_boxes_open() {
        let pad = "# Why merge?\n- [ ] ask Ada\n- [x] done\n* who has the key?\nAn answer.\n?\n[ ] no list";

        assert_eq!(open_questions(pad), ["Why merge?", "ask Ada", "who has the key?"]);
    }
}
