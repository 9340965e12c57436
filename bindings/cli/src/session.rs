//! `teilgeber session`: what is held at an event.

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::model::{
    Abstract, Id, Language, Line, Link, Minutes, Name, Placement, RoomName, Session, Title,
};
use teilgeber_device::{Device, Fan, Kind, NoteFilter, SessionRecord};

use crate::erasure::{Moment, erase};
use crate::event::{Which, place_words, zone_of};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::status::{Whereabouts, whereabouts};
use crate::value::{Knows, Told, list as bounded, parse, tags, text};
use crate::{event, export, ids, note, starred, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the sessions of an event, by title
    #[command(after_help = "JSON: [{id, event, pitcher, hidden, session}]")]
    List(Which),
    /// Show a session, my notes of it, and where else it is
    #[command(
        after_help = "JSON: {id, event, pitcher, hidden, session, placements, starred_by, notes, places}"
    )]
    Show {
        /// The session's id, its beginning, or its title
        id: String,
    },
    /// Pitch a session
    #[command(after_help = "JSON: {id}")]
    Pitch(Pitch),
    /// Change a session that I pitched; what is not named stays
    #[command(after_help = "JSON: {id}")]
    Edit(Edit),
    /// Star a session: it moves, and I am told
    #[command(after_help = "JSON: {id}")]
    Star {
        /// The session's id, its beginning, or its title
        id: String,
    },
    /// Take a star back
    #[command(after_help = "JSON: {id}")]
    Unstar {
        /// The session's id, its beginning, or its title
        id: String,
    },
    /// Hide a session from all; for organisers
    #[command(after_help = "JSON: {id}")]
    Hide {
        /// The session's id, its beginning, or its title
        id: String,
    },
    /// Erase a session that I pitched: here at once, and asked for elsewhere
    #[command(after_help = "JSON: {id, until}; with --now {id}")]
    Erase {
        /// The session's id, its beginning, or its title
        id: String,
        #[command(flatten)]
        moment: Moment,
    },
    /// Put a session on the board, or settle where it is
    #[command(after_help = "JSON: {id}")]
    Place(Place),
    /// Write down what is told of a session
    #[command(after_help = "JSON: {id, text} or {id, file}")]
    Document(export::Document),
}

#[derive(Debug, Args)]
pub(crate) struct Pitch {
    /// What it is called
    title: String,
    #[command(flatten)]
    words: Words,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The session's id, its beginning, or its title
    id: String,
    /// What it is called
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    words: Words,
}

#[derive(Debug, Args)]
pub(crate) struct Words {
    /// What it is about, or `-` for standard input
    #[arg(long = "abstract", value_name = "TEXT")]
    about: Option<String>,
    /// A tag; all of them at once
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// How much one should know to follow it
    #[arg(long, value_enum)]
    level: Option<Knows>,
    /// What may be told of it; it is never loosened again
    #[arg(long, value_enum)]
    policy: Option<Told>,
    /// In which language, such as de
    #[arg(long)]
    language: Option<String>,
    /// Who gives it; all of them at once
    #[arg(long = "speaker", value_name = "NAME")]
    speakers: Vec<String>,
    /// Its page
    #[arg(long)]
    link: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The session's id, its beginning, or its title
    id: String,
    /// In which room
    #[arg(long, required_unless_present = "nowhere")]
    room: Option<String>,
    /// When it begins, in the event's time, such as 2023-09-10T14:30
    #[arg(long, value_name = "TIME", required_unless_present = "nowhere")]
    at: Option<String>,
    /// How long it lasts
    #[arg(long, default_value_t = 45)]
    minutes: u16,
    /// Take it off the board
    #[arg(long, conflicts_with_all = ["room", "at"])]
    nowhere: bool,
}

/// What `session show` answers.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    record: SessionRecord,
    placements: Vec<Placement>,
    starred_by: Vec<Fan>,
    notes: Vec<Id>,
    places: Whereabouts,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::List(which) => list(app, &device, which.find(&device)?),
            Self::Show { id } => show(app, &device, find_anywhere(&device, &id)?.1),
            Self::Pitch(pitch) => {
                let title = parse("a title", &pitch.title, Title::new)?;
                let session = pitch.words.apply(Session::new(title))?;
                let id = device.pitch_session(pitch.which.find(&device)?, &session)?;
                note::say(app, id, "Pitched session")
            }
            Self::Edit(edit) => {
                let (_, id) = find_anywhere(&device, &edit.id)?;
                let mut session = edit.words.apply(device.session(id)?.session)?;
                if let Some(title) = &edit.title {
                    session = session.with_title(parse("a title", title, Title::new)?);
                }
                device.edit_session(id, &session)?;
                note::say(app, id, "Saved session")
            }
            Self::Star { id } => starred::star(app, &device, &id, true),
            Self::Unstar { id } => starred::star(app, &device, &id, false),
            Self::Hide { id } => {
                let (_, id) = find_anywhere(&device, &id)?;
                device.hide(Kind::Session, id)?;
                note::say(app, id, "Hid session")
            }
            Self::Erase { id, moment } => {
                let (_, id) = find_anywhere(&device, &id)?;
                erase(app, &device, (Kind::Session, id), moment, "Erased session")
            }
            Self::Place(place) => place.run(app, &device),
            Self::Document(document) => document.run(app, &device),
        }
    }
}

impl Words {
    fn apply(&self, mut session: Session) -> Result<Session, Failure> {
        if let Some(about) = &self.about {
            let about = text(std::slice::from_ref(about))?;
            session = session.with_abstract(parse("an abstract", &about, Abstract::new)?);
        }
        if !self.tags.is_empty() {
            session = session.with_tags(tags(&self.tags)?);
        }
        if let Some(Knows(level)) = self.level {
            session = session.with_level(Some(level));
        }
        if let Some(Told(policy)) = self.policy {
            session = session.with_policy(policy);
        }
        if let Some(language) = &self.language {
            session = session.with_language(Some(parse("a language", language, Language::new)?));
        }
        if !self.speakers.is_empty() {
            let names = self.speakers.iter().map(|name| parse("a name", name, Name::new));
            session = session.with_speakers(bounded("speakers", names.collect::<Result<_, _>>()?)?);
        }
        if let Some(link) = &self.link {
            session = session.with_link(Some(parse("a link", link, Link::new)?));
        }
        Ok(session)
    }
}

impl Place {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let (event, id) = find_anywhere(device, &self.id)?;
        let (Some(room), Some(at)) = (&self.room, &self.at) else {
            device.place_session(id, None)?;
            return note::say(app, id, "Took off the board: session");
        };
        let unreadable = Failure::Usage("the time is given as 2023-09-10T14:30");
        let placement = Placement {
            room: parse("a room", room, RoomName::new)?,
            start: when::read(at, &zone_of(device, Some(event))?).ok_or(unreadable)?,
            minutes: parse("a length", &self.minutes.to_string(), |_| Minutes::new(self.minutes))?,
        };
        device.place_session(id, Some(&placement))?;
        note::say(app, id, "Placed session")
    }
}

/// The event and the session that is meant, among all events.
pub(crate) fn find_anywhere(device: &Device, given: &str) -> Result<(Id, Id), Failure> {
    let sessions = device.sessions_called(given, ids::CANDIDATES_MAX)?;
    let id = ids::find(
        "session",
        given,
        sessions.iter().map(|record| (record.id, record.session.title().as_str())),
    )?;
    let event = sessions.iter().find(|session| session.id == id).map(|session| session.event);
    Ok((event.unwrap_or(id), id))
}

/// A session's title; its id where it has not come yet.
pub(crate) fn title(device: &Device, id: Id) -> Result<String, Failure> {
    match device.session(id) {
        Ok(record) => Ok(record.session.title().to_string()),
        Err(teilgeber_device::Error::NotHere(_)) => Ok(ids::short(id)),
        Err(error) => Err(error.into()),
    }
}

/// A session's title and id.
pub(crate) fn name(device: &Device, id: Id) -> Result<String, Failure> {
    Ok(format!("{} ({})", title(device, id)?, ids::short(id)))
}

fn list(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let sessions = device.sessions(event)?;
    let rows: Vec<_> = sessions
        .iter()
        .map(|record| {
            let session = &record.session;
            vec![ids::short(record.id), session.title().to_string(), speakers(session)]
        })
        .collect();
    app.out.say(&sessions, |page| {
        page.table(&["session", "title", "by"], &rows);
        page.styled(Style::Dim, format!("{}.", count(sessions.len(), "session", "sessions")));
    })
}

fn show(app: &App, device: &Device, id: Id) -> Result<(), Failure> {
    let record = device.session(id)?;
    let here = |item: teilgeber_device::BoardItem| item.placement.filter(|_| item.session.id == id);
    let placements = device.board(record.event)?.into_iter().filter_map(here).collect();
    let filter = NoteFilter { session: Some(id), ..NoteFilter::default() };
    let notes = note::all(device, &filter)?.iter().map(|note| note.id).collect();
    let zone = zone_of(device, Some(record.event))?;
    let people = event::participants(device, record.event)?;
    let pitcher = people.iter().find(|person| Some(person.person) == record.pitcher);
    let pitcher = pitcher.and_then(|person| person.card.name()).map(ToString::to_string);
    let places = whereabouts(device, Kind::Session, id)?;
    let starred_by = device.starred_by(id)?;
    let shown = Shown { record, placements, starred_by, notes, places };
    app.out.say(&shown, |page| {
        draw(page, &shown.record, pitcher.unwrap_or_default());
        for placement in &shown.placements {
            page.fact("when", place_words(placement, &zone));
        }
        let fan = |fan: &Fan| {
            fan.name.as_ref().map_or_else(|| ids::short(fan.person), ToString::to_string)
        };
        page.fact("starred by", shown.starred_by.iter().map(fan).collect::<Vec<_>>().join(", "));
        page.fact("where", shown.places.words());
        let notes: Vec<String> = shown.notes.iter().map(|id| ids::short(*id)).collect();
        page.fact("my notes", notes.join(" "));
        page.line("");
        page.prose(0, shown.record.session.abstract_text().as_str());
    })
}

fn draw(page: &mut Page, record: &SessionRecord, pitcher: String) {
    let session = &record.session;
    let tags: Vec<String> = session.tags().iter().map(|tag| format!("#{tag}")).collect();
    page.styled(Style::Bold, session.title().as_str());
    page.fact("session", ids::short(record.id));
    page.fact("by", speakers(session));
    page.fact("pitched by", pitcher);
    page.fact("tags", tags.join(" "));
    page.fact("level", session.level().map(Knows::word).unwrap_or_default());
    page.fact("policy", Told::word(session.policy()));
    page.fact("language", session.language().map(Language::as_str).unwrap_or_default());
    page.fact("link", session.link().map(Link::as_str).unwrap_or_default());
    page.fact("hidden", if record.hidden { "by an organiser" } else { "" });
}

fn speakers(session: &Session) -> String {
    session.speakers().iter().map(Line::as_str).collect::<Vec<_>>().join(", ")
}
