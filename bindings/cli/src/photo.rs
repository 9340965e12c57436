//! `teilgeber photo`: pictures of a session, such as of its flipchart.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::model::{Caption, Id, PHOTO_MAX_BYTES, Thumbnail};
use teilgeber_device::{Asked, ConsentRecord, Device, Kind, PhotoRecord};

use crate::erasure::{Moment, erase};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::picture::{read, write};
use crate::value::parse;
use crate::{ids, session};

/// Names that are said in one line; the rest are counted.
const NAMES_MAX: usize = 12;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Who of an event does not simply want to be photographed: ask before you take a picture
    #[command(after_help = "JSON: {no: [{person, name}], ask: [{person, name}]}")]
    Consent {
        /// The session's id, its beginning, or its title
        session: String,
    },
    /// Add a picture to a session, for everybody in its event
    #[command(after_help = "JSON: {id, consent: {no, ask}}")]
    Add(Add),
    /// List the photos of a session, and how much of them is here
    #[command(
        after_help = "JSON: [{id, event, session, person, time, hidden, caption, media, bytes, \
                            here, cleared, data, hash}]"
    )]
    List {
        /// The session's id, its beginning, or its title
        session: String,
    },
    /// Write a picture into a file, once all of it has come
    #[command(after_help = "JSON: {id, file, bytes}")]
    Save {
        /// The photo's id, or its beginning
        id: String,
        /// The file [default: the beginning of its id, with the ending of its kind]
        file: Option<PathBuf>,
    },
    /// Erase a photo of mine: here at once, and asked for elsewhere
    #[command(after_help = "JSON: {id, until}; with --now {id}")]
    Erase {
        /// The photo's id, or its beginning
        id: String,
        #[command(flatten)]
        moment: Moment,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The session's id, its beginning, or its title
    session: String,
    /// A JPEG, PNG or WebP file of at most 8 MiB
    file: PathBuf,
    /// What stands below it
    #[arg(long, default_value = "")]
    caption: String,
    /// A small picture of it, of at most 8 KiB, that comes first
    #[arg(long, value_name = "FILE")]
    thumbnail: Option<PathBuf>,
}

/// What `photo add` answers.
#[derive(Serialize)]
struct Added {
    id: Id,
    consent: ConsentRecord,
}

/// What `photo save` answers.
#[derive(Serialize)]
struct Saved<'a> {
    id: Id,
    file: &'a Path,
    bytes: usize,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Consent { session } => {
                let (_, session) = session::find_anywhere(&device, &session)?;
                let consent = device.photo_consent_in(session)?;
                app.out.say(&consent, |page| draw_consent(page, &consent))
            }
            Self::Add(add) => add.run(app, &device),
            Self::List { session } => {
                list(app, &device, session::find_anywhere(&device, &session)?.1)
            }
            Self::Save { id, file } => save(app, &device, &id, file),
            Self::Erase { id, moment } => {
                let id = find(&device, &id)?.id;
                erase(app, &device, (Kind::Photo, id), moment, "Erased photo")
            }
        }
    }
}

impl Add {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let (_, session) = session::find_anywhere(device, &self.session)?;
        let caption = parse("a caption", &self.caption, Caption::new)?;
        let picture = read(&self.file, PHOTO_MAX_BYTES.into())?;
        let thumbnail = match &self.thumbnail {
            Some(file) => {
                let small = read(file, Thumbnail::MAX_BYTES as u64)?;
                let given = file.display().to_string();
                Some(parse("a thumbnail", &given, |_| Thumbnail::new(small.clone()))?)
            }
            None => None,
        };
        let id = device.add_photo(session, &picture, thumbnail, &caption)?;
        let added = Added { id, consent: device.photo_consent_in(session)? };
        app.out.say(&added, |page| {
            page.line(format!("Added photo {}.", ids::short(id)));
            draw_consent(page, &added.consent);
        })
    }
}

fn list(app: &App, device: &Device, session: Id) -> Result<(), Failure> {
    let photos = device.photos(session)?;
    let row = |photo: &PhotoRecord| {
        let caption = photo.caption.as_str().lines().next().unwrap_or_default();
        vec![
            ids::short(photo.id),
            photo.media.extension().to_owned(),
            kilobytes(photo.bytes),
            here(photo),
            caption.to_owned(),
        ]
    };
    let rows: Vec<_> = photos.iter().map(row).collect();
    app.out.say(&photos, |page| {
        page.table(&["photo", "kind", "size", "here", ""], &rows);
        page.styled(Style::Dim, format!("{}.", count(photos.len(), "photo", "photos")));
    })
}

fn save(app: &App, device: &Device, given: &str, file: Option<PathBuf>) -> Result<(), Failure> {
    let photo = find(device, given)?;
    let picture = device.photo_bytes(photo.id)?;
    let file = file.unwrap_or_else(|| {
        PathBuf::from(format!("{}.{}", ids::short(photo.id), photo.media.extension()))
    });
    write(&file, &picture)?;
    let saved = Saved { id: photo.id, file: &file, bytes: picture.len() };
    app.out.say(&saved, |page| page.line(format!("Written to {}.", file.display())))
}

/// The photo that is meant, among all events.
fn find(device: &Device, given: &str) -> Result<PhotoRecord, Failure> {
    let mut photos = Vec::new();
    for event in device.events()? {
        for session in device.sessions(event.id)? {
            photos.extend(device.photos(session.id)?);
        }
    }
    let id = ids::find("photo", given, photos.iter().map(|photo| (photo.id, "")))?;
    Ok(device.photo(id)?)
}

fn draw_consent(page: &mut Page, consent: &ConsentRecord) {
    if consent.no.is_empty() && consent.ask.is_empty() {
        page.styled(Style::Dim, "Nobody who appears here minds being photographed.");
        return;
    }
    if !consent.no.is_empty() {
        page.line(format!("Not to be photographed: {}.", names(&consent.no)));
    }
    if !consent.ask.is_empty() {
        page.line(format!("Ask before: {}.", names(&consent.ask)));
    }
}

fn names(people: &[Asked]) -> String {
    let name = |one: &Asked| match &one.name {
        Some(name) => name.to_string(),
        None => ids::short(one.person),
    };
    let said: Vec<String> = people.iter().take(NAMES_MAX).map(name).collect();
    match people.len().saturating_sub(NAMES_MAX) {
        0 => said.join(", "),
        more => format!("{} and {}", said.join(", "), count(more, "other", "others")),
    }
}

fn here(photo: &PhotoRecord) -> String {
    match photo.here {
        _ if photo.cleared => "cleared".to_owned(),
        here if here == photo.bytes => "all".to_owned(),
        0 => "not yet".to_owned(),
        here => format!("{} %", u64::from(here) * 100 / u64::from(photo.bytes)),
    }
}

fn kilobytes(bytes: u32) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}
