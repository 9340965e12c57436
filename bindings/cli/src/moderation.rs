//! `teilgeber organise`: what organisers do about others' things.

use clap::{Args, Subcommand};
use teilgeber_device::model::Id;
use teilgeber_device::{Device, Kind};

use crate::event::Which;
use crate::failure::Failure;
use crate::home::App;
use crate::page::Style;
use crate::search::{kind, kind_of};
use crate::{ids, note, people, post, session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Hide something: it is in no list any more, for nobody
    #[command(after_help = "JSON: {id}")]
    Hide(Thing),
    /// Show again what was hidden
    #[command(after_help = "JSON: {id}")]
    Unhide(Thing),
    /// Drop what something holds, on every device that hears of it; this cannot be undone
    #[command(after_help = "JSON: {id}")]
    Withdraw(Thing),
    /// What is hidden in an event
    #[command(after_help = "JSON: [{kind, id}]")]
    List(Which),
}

#[derive(Debug, Args)]
pub(crate) struct Thing {
    /// What kind of thing: post, session, person, offer, photo or another word that `search` shows
    #[arg(value_parser = kind_of)]
    kind: Kind,
    /// Its id or name; the beginning of the id is enough of posts, sessions, people and what is hidden
    id: String,
    #[command(flatten)]
    which: Which,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Hide(thing) => {
                let id = thing.find(&device)?;
                device.hide(thing.kind, id)?;
                note::say(app, id, "Hid")
            }
            Self::Unhide(thing) => {
                let id = thing.find(&device)?;
                device.unhide(thing.kind, id)?;
                note::say(app, id, "Shown again:")
            }
            Self::Withdraw(thing) => {
                let id = thing.find(&device)?;
                device.withdraw(thing.kind, id)?;
                note::say(app, id, "Withdrew")
            }
            Self::List(which) => list(app, &device, &which),
        }
    }
}

impl Thing {
    fn find(&self, device: &Device) -> Result<Id, Failure> {
        if let Ok(id) = self.id.parse::<Id>() {
            return Ok(id);
        }
        let mut hidden = Vec::new();
        for event in device.events()? {
            hidden.extend(device.hidden(event.id)?);
        }
        let hidden = hidden.iter().filter(|it| it.kind == self.kind).map(|it| (it.id, ""));
        match (ids::find("hidden thing", &self.id, hidden), self.kind) {
            (Err(Failure::Unknown { .. }), Kind::Post) => post::find(device, &self.id),
            (Err(Failure::Unknown { .. }), Kind::Session) => {
                session::find_anywhere(device, &self.id).map(|(_, session)| session)
            }
            (Err(Failure::Unknown { .. }), Kind::Card) => {
                let person = people::find(device, &self.id)?;
                Ok(device.card_in(self.which.find(device)?, person)?)
            }
            (found, _) => found,
        }
    }
}

fn list(app: &App, device: &Device, which: &Which) -> Result<(), Failure> {
    let hidden = device.hidden(which.find(device)?)?;
    app.out.say(&hidden, |page| {
        for thing in &hidden {
            page.line(format!("{}  {}", ids::short(thing.id), kind(thing.kind)));
        }
        if hidden.is_empty() {
            page.styled(Style::Dim, "Nothing is hidden.");
        }
    })
}
