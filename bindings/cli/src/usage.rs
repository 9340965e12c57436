//! `teilgeber space`: what takes space, and clearing what comes back by sync.

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::model::Id;
use teilgeber_device::{Device, EventUsage, LetGo, Usage};

use crate::failure::Failure;
use crate::home::App;
use crate::page::{Style, count};
use crate::{event, ids};

#[derive(Debug, Args)]
#[command(after_help = "JSON: {total, events: [{event, entries, words, photos, clearable, \
    only_here}], own, cards, carried, search, lists, free, let_go: [{event, carried, bytes, \
    kept_out}]}, in bytes; kept_out counts devices")]
pub(crate) struct Space {
    #[command(subcommand)]
    clear: Option<Clear>,
}

#[derive(Debug, Subcommand)]
enum Clear {
    /// Clear what comes back by sync
    #[command(subcommand)]
    Clear(What),
}

#[derive(Debug, Subcommand)]
enum What {
    /// Pictures that others took; the small ones stay, and a picture comes back when it is asked for
    #[command(after_help = "JSON: {photos, bytes, only_here}")]
    Photos {
        /// Only of this event: its id, its beginning, or its name
        event: Option<String>,
        /// Also those that might be nowhere else: whoever took them was not met since
        #[arg(long)]
        even_if_only_here: bool,
    },
}

/// What takes space, and what does no more.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    usage: &'a Usage,
    let_go: Vec<LetGo>,
}

impl Space {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self.clear {
            None => show(app, &device),
            Some(Clear::Clear(What::Photos { event, even_if_only_here })) => {
                let event = event.map(|given| event::find(&device, &given)).transpose()?;
                clear(app, &device, event, even_if_only_here)
            }
        }
    }
}

fn show(app: &App, device: &Device) -> Result<(), Failure> {
    let usage = device.usage()?;
    let mut rows = Vec::new();
    for of_event in &usage.events {
        let name = device.event(of_event.event)?.name.to_string();
        rows.push(vec![name, megabytes(of_event.words + of_event.photos), clearable(of_event)]);
    }
    let let_go = device.let_go()?;
    let told = let_go.iter().map(|it| told(device, it)).collect::<Result<Vec<_>, _>>()?;
    let others = [
        ("notes, contacts, messages", usage.own),
        ("cards and codes", usage.cards),
        ("carried for others", usage.carried),
        ("search", usage.search),
        ("lists and indexes", usage.lists),
        ("free", usage.free),
    ];
    let others = others.into_iter().filter(|(_, bytes)| *bytes > 0);
    rows.extend(others.map(|(what, bytes)| vec![what.to_owned(), megabytes(bytes), String::new()]));
    rows.push(vec!["in all".to_owned(), megabytes(usage.total), String::new()]);
    let can_clear = usage.events.iter().any(|of_event| of_event.clearable > 0);
    app.out.say(&Shown { usage: &usage, let_go }, |page| {
        page.table(&["", "MB", ""], &rows);
        for line in &told {
            page.styled(Style::Bad, line);
        }
        if can_clear {
            page.styled(Style::Dim, "Pictures of others come back: teilgeber space clear photos");
        }
    })
}

fn clear(app: &App, device: &Device, event: Option<Id>, all: bool) -> Result<(), Failure> {
    let cleared = device.clear_photos(event, all)?;
    app.out.say(&cleared, |page| {
        let photos = count(cleared.photos as usize, "picture", "pictures");
        page.line(format!("Cleared {photos}, {} MB.", megabytes(cleared.bytes)));
        if cleared.only_here > 0 {
            page.line(format!(
                "{} MB stay, which might be nowhere else: whoever took them was not met since.",
                megabytes(cleared.only_here)
            ));
            page.line("Clear them too with --even-if-only-here.");
        }
    })
}

/// What of an event was let go of, in words.
fn told(device: &Device, let_go: &LetGo) -> Result<String, Failure> {
    let bytes = megabytes(let_go.bytes);
    if let_go.carried {
        let event = ids::short(let_go.event);
        return Ok(format!(
            "{bytes} MB of {event}, which is only carried, were let go of: too old, or no room."
        ));
    }
    let name = device.event(let_go.event)?.name;
    Ok(match usize::try_from(let_go.kept_out).unwrap_or(usize::MAX) {
        0 => format!(
            "{name}: no room for {bytes} MB that others said. The oldest was let go of, pictures first."
        ),
        kept_out => format!(
            "{name}: {bytes} MB are not here. {} of people whom you do not know, and who came last, \
             said more than there is room for. Make them contacts to let them in.",
            count(kept_out, "device", "devices")
        ),
    })
}

/// What of an event's pictures can go, in words.
fn clearable(usage: &EventUsage) -> String {
    match (usage.photos, usage.clearable) {
        (0, _) => String::new(),
        (photos, 0) => format!("{} of it pictures", megabytes(photos)),
        (photos, part) => {
            format!("{} of it pictures, {} can be cleared", megabytes(photos), megabytes(part))
        }
    }
}

/// Bytes as millions, with one digit after the point; what is anything is not nothing.
fn megabytes(bytes: u64) -> String {
    match bytes {
        0 => "0.0".to_owned(),
        bytes => {
            let tenths = bytes.div_ceil(100_000);
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_millions() {
        for (bytes, told) in [(0, "0.0"), (1, "0.1"), (100_001, "0.2"), (12_340_000, "12.4")] {
            assert_eq!(megabytes(bytes), told);
        }
    }
}
