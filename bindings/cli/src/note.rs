//! `teilgeber note` and `teilgeber search`.

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::model::{Id, Note, NoteText, Tag};
use teilgeber_device::{Device, Kind, NoteFilter, NoteHeadline};

use crate::erasure::{Moment, erase};
use crate::event::{Zones, zone_of};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::status::{Whereabouts, whereabouts};
use crate::value::{parse, tags, text};
use crate::{event, ids, search, session, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a note; `-` reads it from standard input
    #[command(after_help = "JSON: {id}")]
    Add(Add),
    /// Change a note; what is not named stays
    #[command(after_help = "JSON: {id}")]
    Edit(Edit),
    /// List notes, the last changed first
    #[command(after_help = "JSON: [{id, updated, title, tags, event, session}]")]
    List(Belonging),
    /// Show a note, and where else it is
    #[command(after_help = "JSON: {id, updated, note: {text, tags, event, session}, \
        places: {devices, hubs, others}}")]
    Show {
        /// The note's id, its beginning, or the note's first line
        id: String,
    },
    /// Erase a note: here at once, on my other devices as they hear of it
    #[command(after_help = "JSON: {id, until}; with --now {id}")]
    Rm {
        /// The note's id, its beginning, or the note's first line
        id: String,
        #[command(flatten)]
        moment: Moment,
    },
    /// Search; the same as `teilgeber search`
    Search(search::Search),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The words, or `-`
    #[arg(required = true)]
    text: Vec<String>,
    #[command(flatten)]
    belonging: Belonging,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The note's id, its beginning, or the note's first line
    id: String,
    /// The words that replace the old ones, or `-`
    text: Vec<String>,
    /// Add the words in a new paragraph, rather than replacing
    #[arg(long, requires = "text")]
    append: bool,
    #[command(flatten)]
    belonging: Belonging,
}

#[derive(Debug, Args)]
pub(crate) struct Belonging {
    /// The event that it belongs to
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// The session that it belongs to
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// A tag
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
}

/// What was made or changed.
#[derive(Serialize)]
pub(crate) struct Named {
    /// Its id.
    pub(crate) id: Id,
}

/// What `note show` answers.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    record: teilgeber_device::NoteRecord,
    places: Whereabouts,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Add(add) => {
                let note = Note::new(parse("a note", &text(&add.text)?, NoteText::new)?);
                let id = device.create_note(&add.belonging.apply(&device, note)?)?;
                say(app, id, "Saved note")
            }
            Self::Edit(edit) => {
                let id = find(&device, &edit.id)?;
                device.set_note(id, &edit.apply(&device, device.note(id)?.note)?)?;
                say(app, id, "Saved note")
            }
            Self::List(belonging) => list(app, &device, &belonging),
            Self::Show { id } => show(app, &device, find(&device, &id)?),
            Self::Rm { id, moment } => {
                let id = find(&device, &id)?;
                erase(app, &device, (Kind::Note, id), moment, "Erased note")
            }
            Self::Search(search) => search.look(app, &device),
        }
    }
}

impl Edit {
    fn apply(&self, device: &Device, note: Note) -> Result<Note, Failure> {
        let note = self.belonging.apply(device, note)?;
        if self.text.is_empty() {
            return Ok(note);
        }
        let mut words = text(&self.text)?;
        if self.append {
            words = format!("{}\n\n{words}", note.text().as_str().trim_end());
        }
        Ok(note.with_text(parse("a note", &words, NoteText::new)?))
    }
}

impl Belonging {
    fn apply(&self, device: &Device, mut note: Note) -> Result<Note, Failure> {
        if let Some(given) = &self.session {
            let (event, session) = session::find_anywhere(device, given)?;
            note = note.with_event(Some(event)).with_session(Some(session));
        }
        if let Some(given) = &self.event {
            note = note.with_event(Some(event::find(device, given)?));
        }
        if !self.tags.is_empty() {
            note = note.with_tags(tags(&self.tags)?);
        }
        Ok(note)
    }

    fn filter(&self, device: &Device) -> Result<NoteFilter, Failure> {
        let event = self.event.as_deref().map(|given| event::find(device, given)).transpose()?;
        let session = self.session.as_deref().map(|given| session::find_anywhere(device, given));
        let tag = match &self.tags[..] {
            [] => None,
            [tag] => Some(parse("a tag", tag, Tag::new)?),
            _ => return Err(Failure::Usage("notes can be listed by one tag at a time")),
        };
        Ok(NoteFilter { event, session: session.transpose()?.map(|(_, session)| session), tag })
    }
}

/// All notes that match, as headlines.
pub(crate) fn all(device: &Device, filter: &NoteFilter) -> Result<Vec<NoteHeadline>, Failure> {
    Ok(device.notes(filter, None, u32::MAX)?)
}

/// Says what was done to the thing with this id.
pub(crate) fn say(app: &App, id: Id, done: &str) -> Result<(), Failure> {
    app.out.say(&Named { id }, |page| page.line(format!("{done} {}.", ids::short(id))))
}

/// The note that is meant.
pub(crate) fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let notes = all(device, &NoteFilter::default())?;
    let title = |note: &NoteHeadline| note.title.as_ref().map(ToString::to_string);
    ids::find("note", given, notes.iter().map(|note| (note.id, title(note).unwrap_or_default())))
}

fn list(app: &App, device: &Device, belonging: &Belonging) -> Result<(), Failure> {
    let notes = all(device, &belonging.filter(device)?)?;
    let zones = Zones::read(device)?;
    let mut rows = Vec::new();
    for note in &notes {
        let title = note.title.as_ref().map(ToString::to_string).unwrap_or_default();
        let changed = when::moment(note.updated, &zones.of(note.event));
        let about = match note.session {
            Some(session) => session::title(device, session)?,
            None => String::new(),
        };
        rows.push(vec![ids::short(note.id), changed, title, about]);
    }
    app.out.say(&notes, |page| {
        page.table(&["id", "changed", "note", "session"], &rows);
        page.styled(Style::Dim, format!("{}.", count(notes.len(), "note", "notes")));
    })
}

fn show(app: &App, device: &Device, id: Id) -> Result<(), Failure> {
    let record = device.note(id)?;
    let places = whereabouts(device, Kind::Note, id)?;
    let zone = zone_of(device, record.note.event())?;
    let session =
        record.note.session().map(|session| session::title(device, session)).transpose()?;
    let shown = Shown { record, places };
    app.out.say(&shown, |page| draw(page, &shown, &zone, session.unwrap_or_default()))
}

fn draw(page: &mut Page, shown: &Shown, zone: &teilgeber_device::model::TimeZone, session: String) {
    let note = &shown.record.note;
    let tags: Vec<String> = note.tags().iter().map(|tag| format!("#{tag}")).collect();
    page.fact("note", ids::short(shown.record.id));
    page.fact("changed", when::moment(shown.record.updated, zone));
    page.fact("tags", tags.join(" "));
    page.fact("session", session);
    page.fact("where", shown.places.words());
    page.line("");
    page.prose(0, note.text().as_str());
}
