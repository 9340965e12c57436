//! `teilgeber anchor` and `teilgeber open`: what to pick up again, and what was promised.

use clap::{Args, Subcommand};
use teilgeber_device::model::{Anchor, Day, Holds, Id, Line, Millis, Tag, Whose};
use teilgeber_device::{AnchorRecord, Clock, Device, Kind, SystemClock};

use crate::erasure::{Moment, erase};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::value::parse;
use crate::{ids, note, people, session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set an anchor: pick this up again. For me alone
    #[command(after_help = "JSON: {id}")]
    Add(Add),
    /// List my anchors
    #[command(after_help = "JSON: [{id, anchor: {words, holds, due, done}}]")]
    List {
        /// Those that are done
        #[arg(long)]
        done: bool,
    },
    /// It is done
    #[command(after_help = "JSON: {id}")]
    Done {
        /// The anchor's id, its beginning, or its words
        id: String,
    },
    /// Erase an anchor
    #[command(after_help = "JSON: {id, until}; with --now {id}")]
    Erase {
        /// The anchor's id, its beginning, or its words
        id: String,
        #[command(flatten)]
        moment: Moment,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// What to do
    #[arg(required = true)]
    words: Vec<String>,
    /// On which day, such as 2023-09-10
    #[arg(long, value_name = "DAY")]
    due: Option<Day>,
    #[command(flatten)]
    holds: At,
}

/// To what an anchor holds.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct At {
    /// To this note
    #[arg(long, value_name = "ID")]
    note: Option<String>,
    /// To this person
    #[arg(long, value_name = "WHO")]
    person: Option<String>,
    /// To this session
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// To this topic
    #[arg(long, value_name = "TAG")]
    topic: Option<String>,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Add(add) => {
                let words = parse("an anchor", &add.words.join(" "), Line::new)?;
                let holds = add.holds.find(&device)?;
                let anchor = Anchor::new(words).with_due(add.due).with_holds(holds);
                note::say(app, device.add_anchor(&anchor)?, "Set anchor")
            }
            Self::List { done } => {
                let anchors = device.anchors(done)?;
                app.out.say(&anchors, |page| {
                    draw(page, &anchors);
                    let anchors = count(anchors.len(), "anchor", "anchors");
                    page.styled(Style::Dim, format!("{anchors}."));
                })
            }
            Self::Done { id } => {
                let id = find(&device, &id)?;
                device.close_anchor(id)?;
                note::say(app, id, "Done: anchor")
            }
            Self::Erase { id, moment } => {
                let id = find(&device, &id)?;
                erase(app, &device, (Kind::Anchor, id), moment, "Erased anchor")
            }
        }
    }
}

impl At {
    fn find(&self, device: &Device) -> Result<Option<Holds>, Failure> {
        let Self { note, person, session, topic } = self;
        Ok(match (note, person, session, topic) {
            (Some(given), ..) => Some(Holds::Note(note::find(device, given)?)),
            (_, Some(given), ..) => Some(Holds::Person(people::find(device, given)?)),
            (_, _, Some(given), _) => {
                Some(Holds::Session(session::find_anywhere(device, given)?.1))
            }
            (.., Some(given)) => Some(Holds::Topic(parse("a topic", given, Tag::new)?)),
            _ => None,
        })
    }
}

/// What is open: anchors and promises.
pub(crate) fn open(app: &App) -> Result<(), Failure> {
    let now = Millis::new(SystemClock.now()).unwrap_or(Millis::MAX);
    let open = app.open()?.open_things(now)?;
    app.out.say(&open, |page| {
        for (title, anchors) in [("Due", &open.due), ("Later", &open.later)] {
            if !anchors.is_empty() {
                page.styled(Style::Bold, title);
                draw(page, anchors);
            }
        }
        if !open.promises.is_empty() {
            page.styled(Style::Bold, "Promised");
        }
        for one in &open.promises {
            let who = match one.promise.by {
                Whose::Mine => format!("by me to {}", one.name),
                Whose::Theirs => format!("by {} to me", one.name),
            };
            page.line(format!("  {}  {}", one.promise.text, page.set(Style::Dim, &who)));
        }
        if open == Default::default() {
            page.styled(Style::Dim, "Nothing is open.");
        }
    })
}

fn draw(page: &mut Page, anchors: &[AnchorRecord]) {
    let row = |record: &AnchorRecord| {
        let due = record.anchor.due().map(|day| day.to_string()).unwrap_or_default();
        vec![ids::short(record.id), due, record.anchor.words().to_string()]
    };
    page.table(&["anchor", "day", ""], &anchors.iter().map(row).collect::<Vec<_>>());
}

fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let anchors = [device.anchors(false)?, device.anchors(true)?].concat();
    ids::find("anchor", given, anchors.iter().map(|it| (it.id, it.anchor.words().as_str())))
}
