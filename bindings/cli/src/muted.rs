//! `teilgeber person`: from whom I want some quiet.

use clap::Subcommand;
use teilgeber_device::Device;
use teilgeber_device::model::{Id, Quiet};

use crate::failure::Failure;
use crate::home::App;
use crate::page::Style;
use crate::{ids, note, people};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Leave out what somebody posts
    #[command(after_help = "JSON: {id}")]
    Mute {
        /// The person's id, its beginning, or their name
        person: String,
    },
    /// Leave out somebody altogether: what they post, themselves, their requests
    #[command(after_help = "JSON: {id}")]
    Block {
        /// The person's id, its beginning, or their name
        person: String,
    },
    /// End the quiet
    #[command(after_help = "JSON: {id}")]
    Unmute {
        /// The person's id, its beginning, or their name
        person: String,
    },
    /// From whom I want some quiet
    #[command(after_help = "JSON: [{person, quiet}]")]
    List,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Mute { person } => {
                let person = people::find(&device, &person)?;
                device.mute(person)?;
                note::say(app, person, "Muted")
            }
            Self::Block { person } => {
                let person = people::find(&device, &person)?;
                device.block(person)?;
                note::say(app, person, "Blocked")
            }
            Self::Unmute { person } => {
                let person = find(&device, &person)?;
                device.unmute(person)?;
                note::say(app, person, "Ended the quiet from")
            }
            Self::List => list(app, &device),
        }
    }
}

/// Whom I blocked appears in no list of people any more, so the own list is looked at first.
fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let muted = device.muted()?;
    match ids::find("person", given, muted.iter().map(|it| (it.person, ""))) {
        Err(Failure::Unknown { .. }) => people::find(device, given),
        found => found,
    }
}

fn list(app: &App, device: &Device) -> Result<(), Failure> {
    let muted = device.muted()?;
    app.out.say(&muted, |page| {
        for one in &muted {
            let quiet = match one.quiet {
                Quiet::Mute => "muted",
                Quiet::Block => "blocked",
            };
            page.line(format!("{}  {quiet}", ids::short(one.person)));
        }
        if muted.is_empty() {
            page.styled(Style::Dim, "Nobody is muted.");
        }
    })
}
