//! `teilgeber bridge`: what an event lends to another one at the same time.

use clap::{Args, Subcommand};
use teilgeber_device::model::{Id, Loan, Rules};
use teilgeber_device::{Device, Error, LentRecord};

use crate::event::{self, Switch, Which};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Style, count};
use crate::{ids, note, post, session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lend a session's title, or a post for everyone, to another event that I am in
    #[command(after_help = "JSON: {id}")]
    Lend(Lend),
    /// What an event borrowed
    #[command(
        after_help = "JSON: [{id, event, lender, time, from, camp, loan: {session} | {words}}]"
    )]
    List(Which),
    /// Erase what I lent, there
    #[command(after_help = "JSON: {id}")]
    Back {
        /// The loan's id, or its beginning
        id: String,
    },
    /// Whether an event lends and borrows at all; for organisers, on at first
    #[command(after_help = "JSON: {id}")]
    Allow {
        /// Whether it does
        state: Switch,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Lend {
    /// The session's id, its beginning, or its title
    #[arg(long, required_unless_present = "post")]
    session: Option<String>,
    /// The post's id, or its beginning
    #[arg(long, conflicts_with = "session")]
    post: Option<String>,
    /// The event that borrows it, by its id, its beginning, or its name
    #[arg(long)]
    to: String,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Lend(lend) => {
                let to = event::find(&device, &lend.to)?;
                let loan = match (&lend.session, &lend.post) {
                    (None, Some(post)) => device.lend_post(post::find(&device, post)?, to)?,
                    (session, _) => {
                        let given = session.as_deref().unwrap_or_default();
                        device.lend_session(session::find_anywhere(&device, given)?.1, to)?
                    }
                };
                note::say(app, loan, "Lent")
            }
            Self::List(which) => list(app, &device, which.find(&device)?),
            Self::Back { id } => {
                let id = find_loan(&device, &id)?;
                device.take_back(id)?;
                note::say(app, id, "Took back")
            }
            Self::Allow { state, which } => allow(app, &device, which.find(&device)?, state),
        }
    }
}

fn list(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let lent = device.lent(event)?;
    let row = |record: &LentRecord| {
        let (what, text) = match &record.loan {
            Loan::Session(title) => ("session", title.to_string()),
            Loan::Words { words, .. } => ("words", words.text.to_string()),
        };
        vec![ids::short(record.id), record.camp.clone(), what.to_owned(), text]
    };
    let rows: Vec<_> = lent.iter().map(row).collect();
    app.out.say(&lent, |page| {
        page.table(&["loan", "from", "what", ""], &rows);
        page.styled(Style::Dim, format!("{}.", count(lent.len(), "loan", "loans")));
    })
}

fn allow(app: &App, device: &Device, event: Id, state: Switch) -> Result<(), Failure> {
    let camp =
        device.event(event)?.event.ok_or(Error::NotHere("the event, which has not come yet,"))?;
    let rules = Rules { bridges: state == Switch::On, ..camp.rules() };
    device.edit_event(event, &camp.with_rules(rules))?;
    let done = match state {
        Switch::On => "Opened the bridge of event",
        Switch::Off => "Closed the bridge of event",
    };
    note::say(app, event, done)
}

fn find_loan(device: &Device, given: &str) -> Result<Id, Failure> {
    let mut lent = Vec::new();
    for event in device.events()? {
        lent.extend(device.lent(event.id)?);
    }
    ids::find("loan", given, lent.iter().map(|record| (record.id, "")))
}
