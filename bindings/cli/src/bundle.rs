//! `teilgeber bundle`: what others may lack, as a file.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::{
    BundleCheck, BundleOf, BundleReport, BundleSpace, BundleWritten, Device, SpaceKind,
};

use crate::event::find as find_event;
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::{people, picture};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write what others may lack into a file that only those who share it can read
    Write(Write),
    /// Take in what a file holds for me
    Read(Read),
    /// Say whether a file is whole, and where it is not
    Check(Check),
}

#[derive(Debug, Args)]
#[command(after_help = "JSON: {file, entries, sections, bytes}; with --max-bytes {file, bytes}")]
pub(crate) struct Write {
    /// Where to; `.teilgeber` is what others expect
    file: PathBuf,
    /// Only this event: its id, the beginning of it, or its name
    #[arg(long, value_name = "EVENT", conflicts_with = "person")]
    event: Option<String>,
    /// Only what this person may lack, as far as finished syncs tell
    #[arg(long = "for", value_name = "PERSON")]
    person: Option<String>,
    /// Only the newest and most useful of the event that fits, for `qr-send`: at most 20,000
    #[arg(long, value_name = "N", requires = "event")]
    max_bytes: Option<usize>,
}

#[derive(Debug, Args)]
#[command(after_help = "JSON: {version, sections, missing, damaged_parts, damaged, \
    spaces: [{space, kind, name, new, payloads, known, waiting, refused, for_members, \
    no_room}], for_others}")]
pub(crate) struct Read {
    /// Which file
    file: PathBuf,
}

#[derive(Debug, Args)]
#[command(
    after_help = "JSON: {version, sections, missing, damaged_parts, damaged: [{start, end}]}"
)]
pub(crate) struct Check {
    /// Which file
    file: PathBuf,
}

/// What `bundle write` answers.
#[derive(Serialize)]
struct Written<'a> {
    file: &'a Path,
    #[serde(flatten)]
    written: BundleWritten,
}

/// What `bundle write --max-bytes` answers.
#[derive(Serialize)]
struct WrittenSmall<'a> {
    file: &'a Path,
    bytes: usize,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        match self {
            Self::Write(write) => write.run(app),
            Self::Read(read) => read.run(app),
            Self::Check(check) => check.run(app),
        }
    }
}

impl Write {
    fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let of = match (&self.event, &self.person) {
            (Some(event), _) => BundleOf::Event(find_event(&device, event)?),
            (None, Some(person)) => BundleOf::For(people::find(&device, person)?),
            (None, None) => BundleOf::Everything,
        };
        if let (BundleOf::Event(event), Some(max_bytes)) = (of, self.max_bytes) {
            return self.write_small(app, &device.small_bundle(event, max_bytes)?);
        }
        let written = write(&device, of, &self.file)?;
        app.out.say(&Written { file: &self.file, written }, |page| {
            let entries = count(written.entries as usize, "entry", "entries");
            let file = self.file.display();
            page.line(format!("Wrote {entries} to {file}: {} bytes.", written.bytes));
            page.styled(Style::Dim, "Others take it in with: teilgeber bundle read FILE");
        })
    }

    fn write_small(&self, app: &App, bytes: &[u8]) -> Result<(), Failure> {
        picture::write(&self.file, bytes)?;
        app.out.say(&WrittenSmall { file: &self.file, bytes: bytes.len() }, |page| {
            let file = self.file.display();
            page.line(format!("Wrote the newest to {file}: {} bytes.", bytes.len()));
            page.styled(Style::Dim, format!("Show it with: teilgeber qr-send {file}"));
        })
    }
}

impl Read {
    fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let report = device.read_bundle(open(&self.file)?)?;
        app.out.say(&report, |page| draw(page, &report))?;
        match report.check.is_whole() {
            true => Ok(()),
            false => Err(Failure::DamagedBundle { path: self.file }),
        }
    }
}

impl Check {
    fn run(self, app: &App) -> Result<(), Failure> {
        let check = Device::check_bundle(open(&self.file)?)?;
        app.out.say(&check, |page| {
            let sections = count(check.sections as usize, "section", "sections");
            page.line(format!("Version {}, {sections} whole.", check.version));
            draw_damage(page, &check);
        })?;
        match check.is_whole() {
            true => Ok(()),
            false => Err(Failure::DamagedBundle { path: self.file }),
        }
    }
}

/// Writes a bundle beside its place and puts it there when it is whole and on disk.
fn write(device: &Device, of: BundleOf, file: &Path) -> Result<BundleWritten, Failure> {
    let failed = |error: &io::Error| Failure::File {
        path: file.to_owned(),
        done: "written",
        kind: error.kind(),
    };
    let mut name = file.file_name().ok_or(Failure::Usage("name a file"))?.to_owned();
    name.push(".part");
    let part = file.with_file_name(name);
    let out = File::create(&part).map_err(|error| failed(&error))?;
    let done =
        device.write_bundle(of, BufWriter::new(&out)).map_err(Failure::from).and_then(|written| {
            out.sync_all().map_err(|error| failed(&error))?;
            fs::rename(&part, file).map_err(|error| failed(&error))?;
            Ok(written)
        });
    if done.is_err() {
        // What failed is told; a piece of a file that stays behind harms nobody.
        let _gone = fs::remove_file(&part);
    }
    done
}

fn open(file: &Path) -> Result<File, Failure> {
    File::open(file).map_err(|error| Failure::File {
        path: file.to_owned(),
        done: "read",
        kind: error.kind(),
    })
}

/// What came of a bundle.
pub(crate) fn draw(page: &mut Page, report: &BundleReport) {
    if report.is_for_others() {
        page.line("Nothing in here is for you.");
    } else if report.spaces.is_empty() {
        page.line("Nothing is in here.");
    }
    for space in &report.spaces {
        let style = if space.refused == 0 { Style::Plain } else { Style::Bad };
        page.styled(style, format!("{}: {}.", called(space), came(space)));
    }
    draw_damage(page, &report.check);
}

fn called(space: &BundleSpace) -> String {
    match (space.kind, &space.name) {
        (SpaceKind::ContactCard, Some(name)) => format!("{name}'s card"),
        (_, Some(name)) => name.clone(),
        (SpaceKind::Event, None) => "An event".to_owned(),
        (SpaceKind::Card, None) => "My card".to_owned(),
        (SpaceKind::ContactCard, None) => "A contact's card".to_owned(),
        (SpaceKind::Carried, None) => "Carried for others".to_owned(),
        (SpaceKind::Own | SpaceKind::Code, None) => "Mine".to_owned(),
    }
}

fn came(space: &BundleSpace) -> String {
    let mut parts = vec![format!("{} new", space.new)];
    let mut add = |number: u64, what: &str| {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    };
    add(space.payloads, "filled in");
    add(space.known, "known");
    add(space.waiting.into(), "waiting for what came before");
    add(space.refused, "refused");
    add(space.for_members.into(), "for members only");
    add(space.no_room.into(), "without room here");
    parts.join(", ")
}

fn draw_damage(page: &mut Page, check: &BundleCheck) {
    for Range { start, end } in &check.damaged {
        page.styled(Style::Bad, format!("Damaged from byte {start} to {end}."));
    }
    let more = check.damaged_parts as usize - check.damaged.len();
    if more > 0 {
        page.styled(Style::Bad, format!("Damaged in {more} more places."));
    }
    match check.missing {
        None => page.styled(Style::Bad, "The end is missing."),
        Some(0) => {}
        Some(missing) => {
            let sections = count(missing as usize, "section is", "sections are");
            page.styled(Style::Bad, format!("{sections} missing."));
        }
    }
}
