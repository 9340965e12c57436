//! `teilgeber archive` and `teilgeber session document`: what leaves the device as files.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use teilgeber_device::model::Id;
use teilgeber_device::{Device, Format, Reach};

use crate::event::Which;
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Style, count};
use crate::picture::write;
use crate::session::find_anywhere;

/// Write an event down as a folder of pages, with its schedule and calendar
#[derive(Debug, Args)]
#[command(after_help = "JSON: {event, folder, files: [{path}]}")]
pub(crate) struct Archive {
    /// A folder that is new or empty
    folder: PathBuf,
    #[command(flatten)]
    which: Which,
    /// Who may get it: what was shared with the event alone is in none for everyone
    #[arg(long = "for", value_enum, default_value_t = For::Everyone)]
    reach: For,
    /// Add vCards of my contacts whom I met there: for me alone
    #[arg(long)]
    with_contacts: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Document {
    /// The session's id, its beginning, or its title
    id: String,
    /// In which form
    #[arg(long, value_enum, default_value_t = As::Md)]
    format: As,
    /// Who may get it: what was shared with the event alone is in none for everyone
    #[arg(long = "for", value_enum, default_value_t = For::Everyone)]
    reach: For,
    /// Add what of it I mean to pick up again
    #[arg(long)]
    anchors: bool,
    /// Write it to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Who may get a file.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum For {
    /// Anybody
    Everyone,
    /// Those who are in the event
    Event,
}

/// A form of a document.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum As {
    /// Markdown
    Md,
    /// One HTML page
    Html,
    /// Plain text
    Txt,
}

/// What `archive` answers.
#[derive(Serialize)]
struct Archived {
    event: Id,
    folder: PathBuf,
    files: Vec<teilgeber_device::ArchiveFile>,
}

/// What `session document` answers.
#[derive(Serialize)]
struct Documented {
    id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

impl Archive {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let event = self.which.find(&device)?;
        empty(&self.folder)?;
        let files = device.archive(event, self.reach.into(), self.with_contacts)?;
        for file in &files {
            let path = self.folder.join(&file.path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
            }
            write(&path, &file.bytes)?;
        }
        let archived = Archived { event, folder: self.folder, files };
        app.out.say(&archived, |page| {
            let files = count(archived.files.len(), "file", "files");
            page.line(format!("Wrote {files} to {}.", archived.folder.display()));
            let first = archived.folder.join("index.html");
            page.styled(Style::Dim, format!("Begin with {}.", first.display()));
        })
    }
}

impl Document {
    pub(crate) fn run(self, app: &App, device: &Device) -> Result<(), Failure> {
        let (_, id) = find_anywhere(device, &self.id)?;
        let format = match self.format {
            As::Md => Format::Markdown,
            As::Html => Format::Html,
            As::Txt => Format::Text,
        };
        let text = device.document_session(id, format, self.reach.into(), self.anchors)?;
        if let Some(file) = self.out {
            write(&file, text.as_bytes())?;
            let written = Documented { id, text: None, file: Some(file.clone()) };
            return app
                .out
                .say(&written, |page| page.line(format!("Written to {}.", file.display())));
        }
        app.out
            .say(&Documented { id, text: Some(text.clone()), file: None }, |page| page.raw(&text))
    }
}

impl From<For> for Reach {
    fn from(given: For) -> Self {
        match given {
            For::Everyone => Self::Everyone,
            For::Event => Self::Event,
        }
    }
}

/// Makes the folder, or refuses one in which something lies: an older archive's pages may hold what was
/// taken back since.
pub(crate) fn empty(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let mut inside = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    if inside.next().is_some() {
        return Err(Failure::Usage("that folder is not empty: name a new one"));
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::File { path: path.to_owned(), done: "written", kind: error.kind() }
}
