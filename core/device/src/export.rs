//! What leaves the device as files: the documentation of a session, and the archive of an event.
//!
//! Whatever is written passes through [`Device::session_page`], the one place that decides what may be told.
//! It goes by the strictest word on the session (its own, an organiser's, the event's):
//!
//! | | open | Chatham House | off the record |
//! |---|---|---|---|
//! | title, time and room | told | told, without names that are known | likewise |
//! | speakers, names, the link | told | – | – |
//! | abstract, tags, posts | told | told, without names that are known | – |
//! | the shared notes | told | told, without names that are known | – |
//! | photos | told | – | – |
//! | my anchors, where I ask for them | told | told, without names that are known | – |
//!
//! And by how far the file goes ([`Reach`]): what was shared with the event alone (posts, shared notes,
//! photos, cards)
//! is in no file for everyone. What an organiser hid is in none.

use serde::Serialize;
use teilgeber_formats::pages::{
    self, EventPages, Held, PersonCard, Picture, SessionPage, Told, file_name, open_questions,
};
use teilgeber_formats::schedule::{self, write};
use teilgeber_formats::{ical, vcard};
use teilgeber_model::{Card, Event, Holds, Id, Name, Policy};
use teilgeber_store::nouns::session;

use crate::device::{Device, document_id, moment};
use crate::error::{Error, Result};
use crate::{BoardItem, EventRecord, PostFilter, PostRecord, SessionRecord};

/// The most posts of one session that its documentation takes.
const POSTS_MAX: u32 = 500;

/// How many people are read at once.
const PAGE: u32 = 500;

/// The shortest part of a name that is taken out of a text, in characters: two letters are too many words. A
/// whole name is taken out however short it is.
const PART_MIN: usize = 3;

/// How far a file goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It may be passed on to anybody.
    #[default]
    Everyone,
    /// It stays among those who are in the event.
    Event,
}

/// In which form a session is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown.
    Markdown,
    /// One HTML page with everything in it.
    Html,
    /// Plain text.
    Text,
}

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveFile {
    /// Where it lies in the archive's folder, with `/` between.
    pub path: String,
    /// What is in it.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl Device {
    /// The documentation of a session, as one file. With `anchors`, what of it I mean to pick up again: those
    /// are mine, so whoever asks for them decides that.
    ///
    /// # Errors
    /// [`Error::NotHere`], also where an organiser hid the session.
    pub fn document_session(
        &self,
        id: Id,
        format: Format,
        reach: Reach,
        anchors: bool,
    ) -> Result<String> {
        let record = self.session(id)?;
        if record.hidden {
            return Err(Error::NotHere("that session, which an organiser hid,"));
        }
        let place = self.board(record.event)?.into_iter().filter(|item| item.session.id == id);
        let whole = self.whole(record.event)?;
        let place = place.collect::<Vec<_>>();
        let page = self.session_page(&whole, &record, &place, reach, anchors)?;
        Ok(match format {
            Format::Markdown => pages::session_markdown(&page),
            Format::Html => pages::session_html(&page, None),
            Format::Text => pages::session_text(&page),
        })
    }

    /// The archive of an event: its board and sessions as pages, and the files that other programs read.
    /// With `contacts`, a folder of vCards of my contacts whom I met there, which is for me alone.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn archive(&self, event: Id, reach: Reach, contacts: bool) -> Result<Vec<ArchiveFile>> {
        let whole = self.whole(event)?;
        let all = self.event_pages(&whole, event, reach)?;
        let mut files = Vec::new();
        let mut file = |path: String, text: String| {
            files.push(ArchiveFile { path, bytes: text.into_bytes() });
        };
        file("index.html".to_owned(), pages::board_html(&all));
        if !all.people.is_empty() {
            file("people.html".to_owned(), pages::people_html(&all));
        }
        for page in &all.sessions {
            let path = format!("sessions/{}", page.file);
            file(format!("{path}.html"), pages::session_html(page, Some(&all.rooms)));
            file(format!("{path}.md"), pages::session_markdown(page));
        }
        let schedule = schedule_of(&whole.event, &all);
        let version = moment(self.now()).day().to_string();
        file("schedule.xml".to_owned(), write::xml(&schedule, &version));
        file("schedule.json".to_owned(), write::json(&schedule, &version));
        file("schedule.ics".to_owned(), self.calendar(&all, &schedule));
        if contacts {
            for (path, text) in self.vcards(event)? {
                file(path, text);
            }
        }
        Ok(files)
    }

    /// The one place that decides what of a session may be told.
    fn session_page(
        &self,
        whole: &Whole,
        record: &SessionRecord,
        places: &[BoardItem],
        reach: Reach,
        anchors: bool,
    ) -> Result<SessionPage> {
        let session = &record.session;
        let told = match self.policy_of(record.id)? {
            Policy::Open => Told::All,
            Policy::ChathamHouse => Told::NoNames,
            Policy::OffTheRecord => Told::Nothing,
        };
        let names = match told {
            Told::NoNames | Told::Nothing => whole.names_with(session.speakers()),
            Told::All => Vec::new(),
        };
        let without = |text: &str| without_names(text, &names);
        let mut page = SessionPage {
            id: record.id.to_string(),
            file: file_name(&without(session.title().as_str()), &record.id.to_string()[..8]),
            event: whole.name.clone(),
            zone: whole.event.time_zone().clone(),
            title: without(session.title().as_str()),
            told,
            held: places.iter().filter_map(|item| whole.held(item)).collect(),
            ..SessionPage::default()
        };
        if told == Told::Nothing {
            return Ok(page);
        }
        page.about = without(session.abstract_text().as_str());
        let tags = session.tags().iter().filter(|tag| !is_made_of(tag.as_str(), &names));
        page.tags = tags.map(ToString::to_string).collect();
        page.language = session.language().map(ToString::to_string).unwrap_or_default();
        if reach == Reach::Event {
            let pad = self.pad(record.id)?;
            page.pad = if pad.hidden { String::new() } else { without(pad.text.as_str()) };
        }
        page.sayings = self.sayings(record, &without, told, reach)?;
        let posts = page.sayings.iter().map(|saying| &saying.text);
        for text in [&page.about, &page.pad].into_iter().chain(posts) {
            page.questions.extend(open_questions(text));
        }
        if anchors {
            let open = self.anchors(false)?.into_iter().map(|record| record.anchor);
            let here = open.filter(|it| it.holds() == Some(&Holds::Session(record.id)));
            page.anchors = here.map(|it| without(it.words().as_str())).collect();
        }
        if told == Told::All {
            page.people = session.speakers().iter().map(ToString::to_string).collect();
            page.links = session.link().map(ToString::to_string).into_iter().collect();
            if reach == Reach::Event {
                page.photos = self.pictures(record)?;
            }
        }
        Ok(page)
    }

    fn policy_of(&self, id: Id) -> Result<Policy> {
        let policy = self.read(|view| {
            let db = view.connection();
            let found = session::get(db, &document_id(id))?;
            Ok(found.map(|found| session::policy_of(db, &found)).transpose()?)
        })?;
        policy.ok_or(Error::NotHere("that session"))
    }

    /// What was said about a session, as far as it goes: for everyone only what its author marked so.
    fn sayings(
        &self,
        record: &SessionRecord,
        without: &dyn Fn(&str) -> String,
        told: Told,
        reach: Reach,
    ) -> Result<Vec<pages::Saying>> {
        let filter = PostFilter { session: Some(record.id), ..PostFilter::default() };
        let mut posts = self.posts(record.event, &filter, None, POSTS_MAX)?;
        posts.sort_by_key(|post| (post.post.said(), post.id));
        let one = |post: &PostRecord| {
            let public = post.post.everyone();
            if post.hidden || (reach == Reach::Everyone && public.is_none()) {
                return None;
            }
            let name = match reach {
                Reach::Everyone => public.and_then(|public| public.by.as_ref()),
                Reach::Event => post.name.as_ref(),
            };
            let by = name.filter(|_| told == Told::All).map(ToString::to_string);
            let text = without(post.post.text().as_str());
            Some(pages::Saying { text, by: by.unwrap_or_default() })
        };
        Ok(posts.iter().filter_map(one).collect())
    }

    /// The photos of a session that are here whole.
    fn pictures(&self, record: &SessionRecord) -> Result<Vec<Picture>> {
        let mut pictures = Vec::new();
        for photo in self.photos(record.id)? {
            if photo.hidden || photo.here < photo.bytes {
                continue;
            }
            pictures.push(Picture {
                caption: photo.caption.to_string(),
                media: photo.media.as_str(),
                bytes: self.photo_bytes(photo.id)?,
            });
        }
        Ok(pictures)
    }

    fn event_pages(&self, whole: &Whole, event: Id, reach: Reach) -> Result<EventPages> {
        let board = self.board(event)?;
        let mut sessions = Vec::new();
        for record in self.sessions(event)?.iter().filter(|record| !record.hidden) {
            let here = |item: &&BoardItem| item.session.id == record.id;
            let places: Vec<BoardItem> = board.iter().filter(here).cloned().collect();
            sessions.push(self.session_page(whole, record, &places, reach, false)?);
        }
        let mut rooms: Vec<String> =
            whole.event.rooms().iter().map(|room| room.name.to_string()).collect();
        for held in sessions.iter().flat_map(|page| &page.held) {
            if !rooms.contains(&held.room) {
                rooms.push(held.room.clone());
            }
        }
        let shown = |card: &&Card| reach == Reach::Event && card.name().is_some();
        Ok(EventPages {
            name: whole.name.clone(),
            place: whole.event.place().map(ToString::to_string).unwrap_or_default(),
            link: whole.event.link().map(ToString::to_string).unwrap_or_default(),
            rooms,
            sessions,
            people: whole.cards.iter().filter(shown).map(person).collect(),
        })
    }

    /// All that is needed of an event to write down any part of it.
    fn whole(&self, id: Id) -> Result<Whole> {
        let EventRecord { name, event, .. } = self.event(id)?;
        let event = event.ok_or(Error::NotHere("the event, which has not come yet,"))?;
        let (mut cards, mut after) = (Vec::new(), None);
        loop {
            let (page, next) = self.participants(id, after.as_ref(), PAGE)?;
            cards.extend(page.into_iter().filter(|it| !it.hidden).map(|it| it.card));
            let Some(next) = next else { break };
            after = Some(next);
        }
        let contacts = self.contacts()?.into_iter().map(|it| it.contact.name().clone());
        let mut names: Vec<Name> = cards.iter().filter_map(|card| card.name().cloned()).collect();
        names.extend(contacts);
        for record in self.sessions(id)? {
            names.extend(record.session.speakers().iter().cloned());
        }
        Ok(Whole { name: name.to_string(), event, cards, names })
    }

    fn calendar(&self, all: &EventPages, schedule: &schedule::Schedule) -> String {
        let written = moment(self.now());
        let entry = |talk: &schedule::Talk| {
            let people: Vec<&str> = talk.persons.iter().map(|it| it.name.as_str()).collect();
            let by = if people.is_empty() {
                String::new()
            } else {
                format!("{}\n\n", people.join(", "))
            };
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
                categories: (!talk.track.is_empty())
                    .then(|| talk.track.clone())
                    .into_iter()
                    .collect(),
            }
        };
        let entries = schedule.talks.iter().map(entry).collect();
        ical::write(&ical::Calendar { name: all.name.clone(), written, entries })
    }

    /// My contacts whom I met at an event, each as a vCard.
    fn vcards(&self, event: Id) -> Result<Vec<(String, String)>> {
        let mut files = Vec::new();
        for record in self.contacts()? {
            let contact = &record.contact;
            if !contact.meetings().iter().any(|meeting| meeting.event == Some(event)) {
                continue;
            }
            let card = contact.card().cloned().unwrap_or_default();
            let named = card.with_name(Some(contact.name().clone()));
            // A vCard lacks nothing but a name, and this card has one.
            let Ok(text) = vcard::write(&named, vcard::Version::V4) else { continue };
            let id = contact.person().to_string();
            files.push((
                format!("contacts/{}.vcf", file_name(contact.name().as_str(), &id[..8])),
                text,
            ));
        }
        Ok(files)
    }
}

/// An event with what all its pages need.
struct Whole {
    name: String,
    event: Event,
    cards: Vec<Card>,
    /// All names that are known there, of people who appear, speakers and my contacts.
    names: Vec<Name>,
}

impl Whole {
    fn names_with(&self, speakers: &[Name]) -> Vec<String> {
        let mut names = Vec::new();
        for name in self.names.iter().chain(speakers) {
            let words: Vec<&str> = name.as_str().split_whitespace().collect();
            let parts = words.iter().filter(|part| part.chars().count() >= PART_MIN);
            names.extend(parts.map(|part| (*part).to_owned()));
            // As a hashtag or an address writes it.
            names.push(words.concat());
            names.push(name.to_string());
        }
        let mut names: Vec<String> = names
            .iter()
            .map(|name| name.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
        // The longest first, so that of a full name no part is left.
        names.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then(a.cmp(b)));
        names.dedup();
        names
    }

    fn held(&self, item: &BoardItem) -> Option<Held> {
        let placement = item.placement.as_ref()?;
        let room = self.event.rooms().iter().find(|room| room.name == placement.room);
        Some(Held {
            start: placement.start,
            minutes: placement.minutes.get().into(),
            room: placement.room.to_string(),
            letter: room.and_then(|room| room.letter).map(|letter| letter.get()),
        })
    }
}

/// A text in which each of these names, in small letters, is `somebody`.
fn without_names(text: &str, names: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(next) = rest.chars().next() {
        let begins = !before.is_some_and(joins);
        let found = names.iter().filter(|_| begins).find_map(|name| length_of(rest, name));
        let length = match found {
            Some(length) => {
                out.push_str("somebody");
                length
            }
            None => {
                out.push(next);
                next.len_utf8()
            }
        };
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    out
}

/// Whether a word goes on with this: where letters are neither large nor small, words may stand without
/// spaces, and a name is taken out wherever it stands.
fn joins(character: char) -> bool {
    character.is_lowercase() || character.is_uppercase() || character.is_numeric()
}

/// Whether a hashtag, which is written without spaces, has one of these names in it.
fn is_made_of(tag: &str, names: &[String]) -> bool {
    let tag = tag.to_lowercase();
    let long = |name: &&String| name.chars().count() >= PART_MIN;
    names.contains(&tag) || names.iter().filter(long).any(|it| tag.contains(it))
}

/// How many bytes at the beginning of a text are this name, if a whole word ends there.
fn length_of(text: &str, name: &str) -> Option<usize> {
    let mut wanted = name.chars().peekable();
    let mut length = 0;
    for character in text.chars() {
        if wanted.peek().is_none() {
            return (!joins(character)).then_some(length);
        }
        for small in character.to_lowercase() {
            if wanted.next() != Some(small) {
                return None;
            }
        }
        length += character.len_utf8();
    }
    wanted.peek().is_none().then_some(length)
}

fn person(card: &Card) -> PersonCard {
    PersonCard {
        name: card.name().map(ToString::to_string).unwrap_or_default(),
        hashtags: card.hashtags().iter().map(|interest| interest.tag.to_string()).collect(),
        bio: card.bio().to_string(),
        links: card.links().iter().map(ToString::to_string).collect(),
    }
}

/// The schedule of pages: of what may not be told, it has nothing either.
fn schedule_of(event: &Event, all: &EventPages) -> schedule::Schedule {
    let date = |day: teilgeber_model::Day| schedule::Date::new(day.year(), day.month(), day.day());
    let day = |day| Some(schedule::Day { date: date(day)?, start_ms: None, end_ms: None });
    let talk = |page: &SessionPage, held: &Held, again: usize| {
        // Stays when the session is called otherwise, or moves.
        let own = format!("{}-{again}", page.id);
        schedule::Talk {
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
                .map(|name| schedule::Person { id: None, name: name.clone() })
                .collect(),
            url: page.links.first().cloned().unwrap_or_default(),
            do_not_record: page.told == Told::Nothing,
            ..schedule::Talk::default()
        }
    };
    let talks = all.sessions.iter().flat_map(|page| {
        page.held.iter().enumerate().map(move |(again, held)| talk(page, held, again))
    });
    schedule::Schedule {
        title: all.name.clone(),
        first_day: date(event.days().first()),
        last_day: date(event.days().last()),
        days: event.days().iter().filter_map(day).collect(),
        time_zone: Some(event.time_zone().as_str().to_owned()),
        rooms: all.rooms.clone(),
        talks: talks.collect(),
        ..schedule::Schedule::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_out_as_whole_words_in_any_case() {
        let names = ["ada lovelace".to_owned(), "ada".to_owned()];

        assert_eq!(
            without_names("Ada LOVELACE and ada's adage, by Ada", &names),
            "somebody and somebody's adage, by somebody"
        );
        assert_eq!(
            without_names("昨日山田さんが話した", &["山田".to_owned()]),
            "昨日somebodyさんが話した"
        );
    }
}
