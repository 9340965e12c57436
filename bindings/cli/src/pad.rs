//! `teilgeber pad`: the shared notes of a session.

use clap::Subcommand;
use teilgeber_device::model::{Name, PadText};
use teilgeber_device::{Device, PadRecord};

use crate::event::zone_of;
use crate::failure::Failure;
use crate::home::App;
use crate::page::Style;
use crate::value::{parse, text};
use crate::{ids, note, session, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The shared notes of a session, and who wrote in them
    #[command(after_help = "JSON: {session, event, updated, hidden, policy, text, \
        authors: [{person, name, first, last}]}")]
    Show {
        /// The session's id, its beginning, or its title
        session: String,
    },
    /// Write below what is there; everybody in the event sees it
    #[command(after_help = "JSON: {id}")]
    Append {
        /// The session's id, its beginning, or its title
        session: String,
        /// The words, or `-`
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Make the notes say something else; what others write at the same time stays
    #[command(after_help = "JSON: {id}")]
    Set {
        /// The session's id, its beginning, or its title
        session: String,
        /// The words that replace the old ones, or `-`
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Make what the notes said before go from every device, history and all
    #[command(after_help = "JSON: {id}")]
    MoveOn {
        /// The session's id, its beginning, or its title
        session: String,
        /// What remains, or `-`; what the notes say now if left out
        text: Vec<String>,
    },
    /// Lines of yours that went when the notes moved on
    #[command(after_help = "JSON: [line]")]
    Missing {
        /// The session's id, its beginning, or its title
        session: String,
        /// Forget them
        #[arg(long)]
        forget: bool,
    },
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Show { session } => {
                let (_, session) = session::find_anywhere(&device, &session)?;
                show(app, &device, &device.pad(session)?)
            }
            Self::Append { session, text: words } => {
                let (_, session) = session::find_anywhere(&device, &session)?;
                let old = device.pad(session)?.text;
                // A blank line ends it, too: what two append at once stands in two paragraphs.
                let gap = if old.as_str().is_empty() { "" } else { "\n\n" };
                let longer = format!("{}{gap}{}\n\n", old.as_str().trim_end(), text(&words)?);
                let new = parse("a pad", &longer, PadText::new)?;
                device.set_pad(session, &new)?;
                note::say(app, session, "Saved the pad of session")
            }
            Self::Set { session, text: words } => {
                let (_, session) = session::find_anywhere(&device, &session)?;
                device.set_pad(session, &parse("a pad", &text(&words)?, PadText::new)?)?;
                note::say(app, session, "Saved the pad of session")
            }
            Self::MoveOn { session, text: words } => {
                let (_, session) = session::find_anywhere(&device, &session)?;
                let remaining = match words.as_slice() {
                    [] => device.pad(session)?.text,
                    words => parse("a pad", &text(words)?, PadText::new)?,
                };
                device.move_pad(session, &remaining)?;
                note::say(app, session, "Moved on the pad of session")
            }
            Self::Missing { session, forget } => {
                let (_, session) = session::find_anywhere(&device, &session)?;
                let lines = device.missing_from_pad(session)?;
                if forget {
                    device.forget_missing_from_pad(session)?;
                }
                app.out.say(&lines, |page| match lines.as_slice() {
                    [] => page.styled(Style::Dim, "Nothing of yours is missing."),
                    lines => lines.iter().for_each(|line| page.prose(0, line)),
                })
            }
        }
    }
}

fn show(app: &App, device: &Device, pad: &PadRecord) -> Result<(), Failure> {
    let zone = zone_of(device, Some(pad.event))?;
    let title = session::title(device, pad.session)?;
    app.out.say(pad, |page| {
        page.styled(Style::Bold, title);
        if let Some(updated) = pad.updated {
            page.fact("changed", when::moment(updated, &zone));
        }
        let authors = pad.authors.iter().map(|author| match &author.name {
            Some(name) => Name::to_string(name),
            None => ids::short(author.person),
        });
        page.fact("by", authors.collect::<Vec<_>>().join(", "));
        page.line("");
        match pad.text.as_str() {
            "" => page.styled(Style::Dim, "Nobody wrote anything yet."),
            text => page.prose(0, text.trim_end()),
        }
    })
}
