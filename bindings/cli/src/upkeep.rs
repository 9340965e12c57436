//! `teilgeber rebuild`, `check` and `erase`.

use clap::Args;
use serde::Serialize;
use teilgeber_device::Kind;

use crate::contact::Who;
use crate::erasure::{Moment, erase};
use crate::failure::Failure;
use crate::home::App;
use crate::note;
use crate::page::{Style, count};

#[derive(Debug, Args)]
#[command(after_help = "JSON: {id, until}; with --now {id}")]
pub(crate) struct Erase {
    /// What kind of thing
    kind: Erasable,
    /// Its id, its beginning, or its name
    id: String,
    #[command(flatten)]
    moment: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Erasable {
    Note,
    Contact,
}

/// What `rebuild` answers.
#[derive(Serialize)]
struct Rebuilt<'a> {
    documents: usize,
    different: &'a [String],
}

/// What `check` answers.
#[derive(Serialize)]
struct Checked {
    whole: bool,
}

impl Erase {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let thing = match self.kind {
            Erasable::Note => (Kind::Note, note::find(&device, &self.id)?),
            Erasable::Contact => (Kind::Contact, Who::named(&self.id).find(&device)?),
        };
        erase(app, &device, thing, self.moment, "Erased")
    }
}

pub(crate) fn rebuild(app: &App) -> Result<(), Failure> {
    let device = app.open()?;
    let rebuilt = device.rebuild()?;
    let answer = Rebuilt { documents: rebuilt.documents, different: &rebuilt.different };
    app.out.say(&answer, |page| {
        let documents = count(rebuilt.documents, "document", "documents");
        page.line(format!("Made {documents} and all views again from the log."));
        if rebuilt.different.is_empty() {
            page.styled(Style::Good, "Everything is the same.");
        }
    })?;
    if rebuilt.different.is_empty() {
        return Ok(());
    }
    Err(Failure::Different(format!("these came out otherwise: {}", rebuilt.different.join(", "))))
}

pub(crate) fn check(app: &App) -> Result<(), Failure> {
    let device = app.open()?;
    device.check()?;
    app.out.say(&Checked { whole: true }, |page| {
        page.styled(Style::Good, "The database is whole.");
    })
}
