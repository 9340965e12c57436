//! Erasing with a moment to undo, and `teilgeber undo`.
//!
//! A command ends at once, so what waits is kept in the home. Whichever command comes after the moment erases
//! it, and the next sync tells others.

use clap::Args;
use serde::Serialize;
use teilgeber_device::model::{Id, Millis};
use teilgeber_device::{Device, Error, Kind, Pending, PublishedThing, UNDO_MS};

use crate::failure::Failure;
use crate::home::App;
use crate::page::{Style, count};
use crate::search::kind as word;
use crate::status::Whereabouts;
use crate::{ids, note};

/// Whether there is a moment to undo.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Moment {
    /// Erase at once, without a moment to undo it
    #[arg(long)]
    now: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "JSON: {kind, id, until}")]
pub(crate) struct Undo {
    /// The id of what was erased, or its beginning [default: what was erased last]
    id: Option<String>,
}

/// What erasing answers.
#[derive(Serialize)]
struct Soon {
    id: Id,
    until: Millis,
}

/// What `event withdraw` answers where there is a moment to undo.
#[derive(Serialize)]
struct WithdrawnSoon {
    until: Millis,
    things: Vec<PublishedThing>,
}

/// What `event withdrawn` answers.
#[derive(Serialize)]
struct Confirmed {
    things: usize,
    places: Option<Whereabouts>,
}

/// Erases a thing, and says what was `done` to it.
pub(crate) fn erase(
    app: &App,
    device: &Device,
    (kind, id): (Kind, Id),
    moment: Moment,
    done: &str,
) -> Result<(), Failure> {
    if moment.now {
        device.erase(kind, id)?;
        return note::say(app, id, done);
    }
    let pending = device.erase_soon(kind, id)?;
    app.out.say(&Soon { id, until: pending.until }, |page| {
        page.line(format!("{done} {}.", ids::short(id)));
        page.styled(Style::Dim, hint());
    })
}

/// Takes back all that this person alone wrote in an event.
pub(crate) fn withdraw(
    app: &App,
    device: &Device,
    event: Id,
    moment: Moment,
) -> Result<(), Failure> {
    let name = device.event(event)?.name;
    let (pending, things) = match moment.now {
        true => (None, device.withdraw_everything(event)?),
        false => {
            let (pending, things) = device.erase_event_soon(event)?;
            (Some(pending), things)
        }
    };
    let draw = |page: &mut crate::page::Page| {
        for thing in &things {
            page.fact(word(thing.kind), ids::short(thing.id));
        }
        let number = count(things.len(), "thing", "things");
        page.line(format!("Took back {number} in {name}. Others erase it as they hear of it."));
        if pending.is_some() {
            page.styled(Style::Dim, hint());
        }
    };
    match pending {
        None => app.out.say(&things, draw),
        Some(Pending { until, .. }) => {
            app.out.say(&WithdrawnSoon { until, things: things.clone() }, draw)
        }
    }
}

/// How many devices confirmed what was taken back in an event.
pub(crate) fn withdrawn(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let withdrawn = device.withdrawn_from(event)?;
    let confirmed = Confirmed {
        things: withdrawn.map_or(0, |it| it.things),
        places: withdrawn.map(|it| it.places.into()),
    };
    app.out.say(&confirmed, |page| {
        let Some(places) = confirmed.places else {
            return page.styled(Style::Dim, "Nothing was taken back there.");
        };
        let things = count(confirmed.things, "thing", "things");
        page.line(format!("{things}, erased {}.", places.words()));
    })
}

impl Undo {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let pending = device.pending()?;
        let found = match &self.id {
            Some(given) => {
                let id = ids::find("erasure", given, pending.iter().map(|it| (it.id, "")))?;
                pending.into_iter().find(|it| it.id == id)
            }
            None => pending.into_iter().last(),
        };
        let found = found.ok_or(Error::NotHere("anything that can still be undone"))?;
        device.undo(&found)?;
        app.out.say(&found, |page| {
            page.line(format!("Had back: {} {}.", word(found.kind), ids::short(found.id)));
        })
    }
}

fn hint() -> String {
    format!("To have it back within {} seconds: teilgeber undo", UNDO_MS / 1000)
}
