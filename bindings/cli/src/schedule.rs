//! `teilgeber event import`: a barcamp of a published schedule.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use teilgeber_device::model::{Id, TimeZone};
use teilgeber_device::{Device, Imported, Move};

use crate::event::{find, place_words, zone_of};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::picture::read;
use crate::{ids, session};

/// The most bytes of a schedule that is read.
pub(crate) const FILE_MAX: u64 = teilgeber_device::formats::schedule::MAX_BYTES as u64;

/// How many moves, and how many flaws of the file, are shown; the rest is counted.
const SHOWN: usize = 10;

#[derive(Debug, Args)]
#[command(after_help = "JSON: {id, added, changed, moved: [{session, from, to}], removed, \
    kept, unchanged, warnings}")]
pub(crate) struct Import {
    /// A schedule.xml (Pentabarf, frab, pretalx, wafer), schedule.json or .ics
    file: PathBuf,
    /// Bring this event up to date, rather than founding one
    #[arg(long, value_name = "ID")]
    event: Option<String>,
}

/// What `event import` answers.
#[derive(Serialize)]
struct Answer {
    id: Id,
    #[serde(flatten)]
    imported: Imported,
}

impl Import {
    pub(crate) fn run(self, app: &App, device: &Device) -> Result<(), Failure> {
        let bytes = read(&self.file, FILE_MAX)?;
        let (id, imported) = match &self.event {
            Some(given) => {
                let id = find(device, given)?;
                (id, device.import_schedule(id, &bytes)?)
            }
            None => device.create_event_from_schedule(&bytes)?,
        };
        let name = device.event(id)?.name;
        let zone = zone_of(device, Some(id))?;
        let mut moves = Vec::new();
        for moved in imported.moved.iter().take(SHOWN) {
            moves.push(move_words(device, moved, &zone)?);
        }
        let answer = Answer { id, imported };
        app.out.say(&answer, |page| {
            page.line(format!("{name} ({}):", ids::short(id)));
            draw(page, &answer.imported, &moves);
        })
    }
}

fn draw(page: &mut Page, imported: &Imported, moves: &[String]) {
    let sessions = |number| count(number, "session", "sessions");
    page.fact("added", sessions(imported.added.len()));
    if imported.added.is_empty() || imported.unchanged > 0 {
        page.fact("changed", sessions(imported.changed.len()));
        page.fact("moved", sessions(imported.moved.len()));
        page.fact("removed", sessions(imported.removed.len()));
        page.fact("unchanged", sessions(imported.unchanged));
    }
    if !imported.kept.is_empty() {
        page.fact("kept", format!("{} as changed by hand", sessions(imported.kept.len())));
    }
    moves.iter().for_each(|words| page.prose(2, words));
    let warnings = &imported.warnings;
    if !warnings.is_empty() {
        page.styled(Style::Dim, format!("{} in the file:", count(warnings.len(), "flaw", "flaws")));
        warnings.iter().take(SHOWN).for_each(|warning| page.prose(2, warning));
    }
}

fn move_words(device: &Device, moved: &Move, zone: &TimeZone) -> Result<String, Failure> {
    let to = moved.to.as_ref().map(|place| place_words(place, zone));
    let to = to.unwrap_or_else(|| "off the board".to_owned());
    Ok(format!("{} moved to {to}", session::title(device, moved.session)?))
}
