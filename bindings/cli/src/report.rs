//! `teilgeber report`: how somebody behaved, to one person alone.

use clap::Subcommand;
use teilgeber_device::model::{Id, ReportText};
use teilgeber_device::{Authorship, Device, LetterState};

use crate::event::Which;
use crate::failure::Failure;
use crate::feedback::{How, by_words, draw_readers, state_words};
use crate::home::App;
use crate::note::Named;
use crate::page::{Style, count};
use crate::value::{parse, text};
use crate::{ids, note, people};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// To whom reports may go
    #[command(after_help = "JSON: [{person, letter, name}]")]
    To(Which),
    /// Report to one person. Of its words nothing stays here
    #[command(after_help = "Signed, it goes with the next sync, to anybody in the event. \
        Anonymous, it goes to those alone whom the event trusts: it waits some hours, and then \
        until it can leave over a link that shows nobody.\n\nJSON: {id}")]
    Write {
        /// Their name, or the beginning of their id
        who: String,
        /// What happened, or `-`
        #[arg(required = true)]
        text: Vec<String>,
        #[command(flatten)]
        how: How,
        #[command(flatten)]
        which: Which,
    },
    /// Where a report is that I wrote
    #[command(after_help = "JSON: {state: \"waits\" | \"travels\" | \"gone\", devices, others}")]
    Where {
        /// Its receipt, whole
        receipt: Id,
        #[command(flatten)]
        which: Which,
    },
    /// Take a report back that still waits: it never leaves
    #[command(after_help = "JSON: {id}")]
    TakeBack {
        /// Its receipt, whole
        receipt: Id,
    },
    /// The reports that came to me
    #[command(after_help = "JSON: [{id, event, day, by: {person, name}, text}]")]
    List,
    /// Delete a report that came to me, without a trace here
    #[command(after_help = "JSON: {id}")]
    Erase {
        /// The report's id, or its beginning
        id: String,
    },
}

/// What `report where` answers.
#[derive(serde::Serialize)]
struct Where {
    state: &'static str,
    devices: u32,
    others: bool,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let device = &device;
        match self {
            Self::To(which) => {
                let trusted = device.trusted(which.find(device)?)?;
                app.out.say(&trusted, |page| match &trusted[..] {
                    [] => page.styled(Style::Dim, "The event names nobody."),
                    trusted => draw_readers(page, trusted),
                })
            }
            Self::Write { who, text: words, how, which } => {
                let event = which.find(device)?;
                let words = parse("a report", &text(&words)?, ReportText::new)?;
                let to = find_reader(device, event, &who)?;
                let id = device.report(event, to, &words, how.authorship())?;
                written(app, id, how.authorship())
            }
            Self::Where { receipt, which } => {
                let state = device.letter_state(which.find(device)?, receipt)?;
                app.out.say(&of_state(state), |page| {
                    page.line(format!("The letter {}.", words_of(state)));
                })
            }
            Self::TakeBack { receipt } => {
                device.take_back_report(receipt)?;
                app.out.say(&Named { id: receipt }, |page| page.line("It will never leave."))
            }
            Self::List => list(app, device),
            Self::Erase { id } => {
                let reports = device.reports()?;
                let id = ids::find("report", &id, reports.iter().map(|it| (it.id, "")))?;
                device.erase_report(id)?;
                note::say(app, id, "Deleted report")
            }
        }
    }
}

/// Whom the event trusts may appear nowhere else.
fn find_reader(device: &Device, event: Id, given: &str) -> Result<Id, Failure> {
    let trusted = device.trusted(event)?;
    let found = ids::find("person", given, trusted.iter().map(|it| (it.person, it.name.as_str())));
    match found {
        Err(Failure::Unknown { .. }) => people::find(device, given),
        found => found,
    }
}

fn written(app: &App, id: Id, authorship: Authorship) -> Result<(), Failure> {
    app.out.say(&Named { id }, |page| {
        page.line("Sealed. Nothing of it stays here; its receipt is:");
        page.line(id.to_string());
        page.styled(Style::Dim, match authorship {
            Authorship::Signed => "It travels with the next sync. Only they can read it.",
            Authorship::Anonymous => {
                "It waits until it can leave unseen, some hours at least. Only they can read it."
            }
        });
    })
}

fn words_of(state: LetterState) -> String {
    match state {
        LetterState::Travels(_) => format!("is {}", state_words(state)),
        LetterState::Arrived => "has arrived".to_owned(),
        LetterState::Gone => "is not here".to_owned(),
        LetterState::Waits => state_words(state),
    }
}

fn of_state(state: LetterState) -> Where {
    match state {
        LetterState::Waits => Where { state: "waits", devices: 0, others: false },
        LetterState::Travels(places) => {
            Where { state: "travels", devices: places.devices, others: places.others }
        }
        LetterState::Arrived => Where { state: "arrived", devices: 0, others: false },
        LetterState::Gone => Where { state: "gone", devices: 0, others: false },
    }
}

fn list(app: &App, device: &Device) -> Result<(), Failure> {
    let reports = device.reports()?;
    app.out.say(&reports, |page| {
        for report in &reports {
            let by = by_words(report.by.as_ref());
            let about = format!("{} · {}, {by}", ids::short(report.id), report.day);
            page.styled(Style::Dim, about);
            page.prose(2, report.text.as_str());
            page.line("");
        }
        page.styled(Style::Dim, format!("{}.", count(reports.len(), "report", "reports")));
    })
}
