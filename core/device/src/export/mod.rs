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
//! photos, cards, topics) is in no file for everyone. What an organiser hid is in none. By a rule of the event that is not
//! open, no page names who was there.

mod names;
mod schedule;

use std::collections::HashMap;

use serde::Serialize;
use teilgeber_formats::pages::{
    self, EventPages, Held, PersonCard, Picture, Saying, SessionPage, Told, TopicCard, file_name,
    open_questions,
};
use teilgeber_formats::schedule::write;
use teilgeber_formats::vcard;
use teilgeber_model::{Card, Event, Experience, Holds, Id, Name, Policy, Title};
use teilgeber_store::nouns::placement::{self, Revision};
use teilgeber_store::nouns::session;

use names::{is_made_of, spellings, without_names};
use schedule::{calendar, schedule_of};

use crate::device::{Device, document_id, model_id, moment};
use crate::error::{Error, Result};
use crate::{BoardItem, EventRecord, PostFilter, PostRecord, SessionRecord, TopicPerson};

/// How many people, or posts, are read at once.
const PAGE: u32 = 500;

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
        if !all.topics.is_empty() {
            file("topics.html".to_owned(), pages::topics_html(&all));
        }
        if !all.posts.is_empty() {
            file("posts.html".to_owned(), pages::posts_html(&all));
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
        let revisions = self.revisions(event)?;
        let calendar = calendar(event, &all, &schedule, &revisions, moment(self.now()));
        file("schedule.ics".to_owned(), calendar);
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
            Told::NoNames | Told::Nothing => {
                spellings(whole.names.iter().chain(session.speakers()))
            }
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

    /// What may be told of a session: the strictest word on it.
    pub(crate) fn policy_of(&self, id: Id) -> Result<Policy> {
        let policy = self.read(|view| {
            let db = view.connection();
            let found = session::get(db, &document_id(id))?;
            Ok(found.map(|found| session::policy_of(db, &found)).transpose()?)
        })?;
        policy.ok_or(Error::NotHere("that session"))
    }

    /// What a session may be called in a file: under a strict policy without the names that are known.
    pub(crate) fn told_title(&self, record: &SessionRecord) -> Result<Title> {
        let title = record.session.title().clone();
        if self.policy_of(record.id)? == Policy::Open {
            return Ok(title);
        }
        let whole = self.whole(record.event)?;
        let names = spellings(whole.names.iter().chain(record.session.speakers()));
        Ok(Title::lossy(&without_names(title.as_str(), &names)).unwrap_or(title))
    }

    /// What was said about a session, as far as it goes.
    fn sayings(
        &self,
        record: &SessionRecord,
        without: &dyn Fn(&str) -> String,
        told: Told,
        reach: Reach,
    ) -> Result<Vec<Saying>> {
        let filter = PostFilter { session: Some(record.id), ..PostFilter::default() };
        let posts = self.all_posts(record.event, &filter)?;
        let mut sayings: Vec<Saying> =
            posts.iter().filter_map(|post| saying(post, reach)).collect();
        if told != Told::All {
            for saying in &mut sayings {
                *saying = Saying { text: without(&saying.text), ..Saying::default() };
            }
        }
        Ok(sayings)
    }

    /// The posts of an event that match, the first first.
    fn all_posts(&self, event: Id, filter: &PostFilter) -> Result<Vec<PostRecord>> {
        let mut posts: Vec<PostRecord> = Vec::new();
        loop {
            let earlier = self.posts(event, filter, posts.last(), PAGE)?;
            if earlier.is_empty() {
                break;
            }
            // The newest stands last in each page, and the pages go back in time.
            posts.extend(earlier.into_iter().rev());
        }
        posts.sort_by_key(|post| (post.post.said(), post.id));
        Ok(posts)
    }

    /// What was said about no session. What answers a post about one belongs there, and what answers a post
    /// that is not here might.
    fn wall(&self, event: Id, reach: Reach) -> Result<Vec<Saying>> {
        let posts = self.all_posts(event, &PostFilter::default())?;
        let by_id: HashMap<Id, &PostRecord> = posts.iter().map(|post| (post.id, post)).collect();
        let is_about_none = |post: &&PostRecord| {
            let mut at = Some(*post);
            // An answer is said after what it answers; whoever claims otherwise makes no circle of it.
            for _ in 0..=posts.len() {
                match at {
                    Some(post) if post.post.session().is_some() => return false,
                    Some(post) => match post.post.reply_to() {
                        Some(earlier) => at = by_id.get(&earlier).copied(),
                        None => return true,
                    },
                    None => return false,
                }
            }
            false
        };
        Ok(posts.iter().filter(is_about_none).filter_map(|post| saying(post, reach)).collect())
    }

    /// What was offered and wanted, with those who did.
    fn topic_cards(&self, event: Id) -> Result<Vec<TopicCard>> {
        let topics = self.topics(event)?.into_iter();
        Ok(topics
            .map(|topic| TopicCard {
                name: topic.topic.to_string(),
                offered_by: who(&topic.offered_by),
                wanted_by: who(&topic.wanted_by),
            })
            .collect())
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
        // Under the rule of the event nobody is named who was there.
        let named = whole.event.rules().policy == Policy::Open;
        let with_people = reach == Reach::Event && named;
        let shown = |card: &&Card| with_people && card.name().is_some();
        Ok(EventPages {
            name: whole.name.clone(),
            zone: whole.event.time_zone().clone(),
            days: Some(whole.event.days()),
            posts: if named { self.wall(event, reach)? } else { Vec::new() },
            topics: if with_people { self.topic_cards(event)? } else { Vec::new() },
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

    /// Which version of each session of an event this is, by their ids.
    fn revisions(&self, event: Id) -> Result<HashMap<String, Revision>> {
        let space = self.event_space(event)?.id;
        let found = self.read(|view| Ok(placement::revisions(view.connection(), &space)?))?;
        Ok(found.into_iter().map(|(id, it)| (model_id(id.as_bytes()).to_string(), it)).collect())
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

/// A post as far as it goes: for everyone only what its author marked so, under the name that they chose for it.
fn saying(post: &PostRecord, reach: Reach) -> Option<Saying> {
    let public = post.post.everyone();
    if post.hidden || (reach == Reach::Everyone && public.is_none()) {
        return None;
    }
    let by = match reach {
        Reach::Everyone => public.and_then(|public| public.by.as_ref()),
        Reach::Event => post.name.as_ref(),
    };
    Some(Saying {
        text: post.post.text().to_string(),
        by: by.map(ToString::to_string).unwrap_or_default(),
        at: Some(post.post.said()),
    })
}

/// Those who show a name, with what they have done; all others are somebody.
fn who(people: &[TopicPerson]) -> Vec<String> {
    let mut named: Vec<String> = people.iter().filter_map(name_and_level).collect();
    if named.len() < people.len() {
        named.push("somebody".to_owned());
    }
    named
}

fn name_and_level(person: &TopicPerson) -> Option<String> {
    let name = person.name.as_ref()?;
    Some(match person.level {
        Some(Experience::New) => format!("{name} (new to it)"),
        Some(Experience::Some) => format!("{name} (has done some)"),
        Some(Experience::Much) => format!("{name} (has done much)"),
        None => name.to_string(),
    })
}

fn person(card: &Card) -> PersonCard {
    PersonCard {
        name: card.name().map(ToString::to_string).unwrap_or_default(),
        hashtags: card.hashtags().iter().map(|interest| interest.tag.to_string()).collect(),
        bio: card.bio().to_string(),
        links: card.links().iter().map(ToString::to_string).collect(),
    }
}
