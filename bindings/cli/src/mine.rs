//! `teilgeber export` and `teilgeber import`: everything of mine as a folder, and back.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use teilgeber_device::{Came, Exported, TakenIn};

use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};

#[derive(Debug, Args)]
#[command(after_help = "JSON: {folder, files, keys, notes, contacts, messages, events, photos, \
    photos_missing}")]
pub(crate) struct Export {
    /// A folder that is new or empty
    folder: PathBuf,
    /// Add a file with my keys: whoever has it can be me. A new device needs it to become mine
    #[arg(long)]
    with_keys: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "JSON: {preview, written, same_person, profile, profile_shown, and for each of \
    notes, contacts, anchors, stars, muted, messages, events, published: {new, merged, here, differ, \
    erased, left}}"
)]
pub(crate) struct Import {
    /// The folder that `export` wrote
    folder: PathBuf,
    /// Only say what would come
    #[arg(long)]
    dry_run: bool,
    /// Put again what was published there, and show the profile to whom it was shown
    #[arg(long)]
    publish: bool,
}

/// What `import` answers.
#[derive(Serialize)]
struct Answer {
    preview: bool,
    #[serde(flatten)]
    came: TakenIn,
}

impl Export {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let exported = app.open()?.export_mine(&self.folder, self.with_keys)?;
        app.out.say(&exported, |page| draw_export(page, &exported))
    }
}

impl Import {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let home = app.home()?;
        let is_new = fs::read_dir(&home).map_or(true, |mut inside| inside.next().is_none());
        let device = app.open_as_in(&self.folder)?;
        let came = match self.dry_run {
            true => device.preview_import(&self.folder, self.publish),
            false => device.import_mine(&self.folder, self.publish),
        };
        drop(device);
        // A home that was made for this only is gone again where nothing came into it.
        if is_new && (self.dry_run || came.is_err()) {
            let failed = |error: std::io::Error| Failure::File {
                path: home.clone(),
                done: "removed",
                kind: error.kind(),
            };
            fs::remove_dir_all(&home).map_err(failed)?;
        }
        let answer = Answer { preview: self.dry_run, came: came? };
        app.out.say(&answer, |page| draw_import(page, &answer, self.publish))
    }
}

fn draw_export(page: &mut Page, exported: &Exported) {
    let files = count(exported.files, "file", "files");
    page.line(format!("Wrote everything of yours, {files}, to {}.", exported.folder.display()));
    let kinds = [
        (exported.notes, "note", "notes"),
        (exported.contacts, "contact", "contacts"),
        (exported.messages, "message", "messages"),
        (exported.events, "event", "events"),
        (exported.photos, "photo", "photos"),
    ];
    let parts = kinds.into_iter().filter(|(number, ..)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, one, many)| count(number, one, many)).collect();
    page.fact("in it", parts.join(", "));
    if exported.photos_missing > 0 {
        let photos = count(exported.photos_missing, "photo", "photos");
        page.fact("not in it", format!("{photos}, not here whole or not to be told"));
    }
    if exported.keys {
        let warning = "SECRET-KEYS.json in it lets anybody be you: keep it to yourself.";
        page.styled(Style::Bold, warning);
    }
    let first = exported.folder.join("README.md");
    page.styled(Style::Dim, format!("Begin with {}.", first.display()));
}

fn draw_import(page: &mut Page, answer: &Answer, publish: bool) {
    let came = &answer.came;
    if answer.preview {
        page.styled(Style::Bold, "Nothing is taken in yet. This would come:");
    } else {
        page.styled(Style::Bold, "Taken in:");
    }
    let kinds = [
        ("notes", came.notes),
        ("contacts", came.contacts),
        ("anchors", came.anchors),
        ("stars", came.stars),
        ("quiet from", came.muted),
        ("messages", came.messages),
        ("events", came.events),
        ("published", came.published),
    ];
    if !came.profile.is_empty() {
        let fields: Vec<&str> = came.profile.iter().map(|field| field.as_str()).collect();
        let whom = if came.profile_shown { "shown as before" } else { "shown to nobody yet" };
        page.fact("profile", format!("{}, {whom}", fields.join(", ")));
    }
    for (what, came) in kinds {
        page.fact(what, words(came));
    }
    if came.published.left > 0 {
        let next = match (publish, came.same_person) {
            (false, false) => "What was published stays in the folder; --publish puts it again.",
            _ => "What stays in the folder waits for its event: sync, then import again.",
        };
        page.styled(Style::Dim, next);
    }
}

fn words(came: Came) -> String {
    let differ = match came.differ {
        0 => String::new(),
        number => format!(", {number} otherwise"),
    };
    let parts = [
        (came.new, "new", String::new()),
        (came.merged, "added to", String::new()),
        (came.here, "here before", differ),
        (came.erased, "erased here, so left out", String::new()),
        (came.left, "left in the folder", String::new()),
    ];
    let parts = parts.into_iter().filter(|(number, ..)| *number > 0);
    parts
        .map(|(number, word, more)| format!("{number} {word}{more}"))
        .collect::<Vec<_>>()
        .join(", ")
}
