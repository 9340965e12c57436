//! `teilgeber`: the core at a terminal.
//!
//! Each command opens the device in its folder, does one thing and closes it again, so that what it
//! reports is on disk when it ends. A noun has one file here, which says its commands, their words
//! and their answers; `demo` plays a barcamp with them.
//!
//! - **Answers** go to standard output: text for a person ([`page`]), or with `--json` one line, an
//!   object or an array, whose field names stay. `serve` says one line for each thing that happens.
//! - **Errors** and progress go to standard error; the exit codes stand in [`failure`].
//! - **Ids** are 64 hexadecimal digits; any prefix that is unique among things of its
//!   kind will do, and so will a name.
//!
//! Out of scope: everything that the device does.

mod anchor;
mod animated;
mod board;
mod bundle;
mod contact;
mod demo;
mod erasure;
mod event;
mod export;
mod failure;
mod feedback;
mod home;
mod hub;
mod ids;
mod lent;
mod me;
mod message;
mod mine;
mod moderation;
mod muted;
mod nearby;
mod note;
mod offer;
mod pad;
mod page;
mod people;
mod photo;
mod picture;
mod post;
mod presence;
mod report;
mod retention;
mod schedule;
mod search;
mod session;
mod starred;
mod status;
mod swap;
mod sync;
mod topic;
mod upkeep;
mod usage;
mod value;
mod when;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::{Shell, generate};

use failure::{EXIT_CODES, Exit, Failure};
use home::{App, warn};
use page::Out;

/// Notes, people and sessions of a barcamp, without network, company or account.
#[derive(Debug, Parser)]
#[command(name = "teilgeber", version, after_help = EXIT_CODES, max_term_width = 80)]
#[command(subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    /// This device's folder [default: where the platform keeps data]
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// Answer in JSON, one line
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What I say about myself, and to whom
    #[command(subcommand)]
    Me(me::Command),
    /// Notes for myself
    #[command(subcommand)]
    Note(note::Command),
    /// Barcamps: make, join, look at the board
    #[command(subcommand)]
    Event(event::Command),
    /// What runs now, what comes next, and what is mine
    Now(board::Now),
    /// Sessions of an event
    #[command(subcommand)]
    Session(session::Command),
    /// Sessions that I look forward to, and where they went
    #[command(subcommand)]
    Star(starred::Command),
    /// Shared notes of a session
    #[command(subcommand)]
    Pad(pad::Command),
    /// Short texts on the wall of an event
    #[command(subcommand)]
    Post(post::Command),
    /// Lend to another event at the same time, and borrow from it
    #[command(subcommand)]
    Bridge(lent::Command),
    /// Topics that people offer and want
    #[command(subcommand)]
    Topic(topic::Command),
    /// Rides, beds, tips and other things
    #[command(subcommand)]
    Offer(offer::Command),
    /// Photos of a session
    #[command(subcommand)]
    Photo(photo::Command),
    /// From whom I want some quiet: for myself, and told to nobody
    #[command(subcommand)]
    Person(muted::Command),
    /// Hide or withdraw what does not belong in an event, as one of its organisers
    #[command(subcommand)]
    Organise(moderation::Command),
    /// Messages to one person, whom alone they are for
    #[command(subcommand)]
    Message(message::Command),
    /// Feedback to the organisers, signed or anonymous
    #[command(subcommand)]
    Feedback(feedback::Command),
    /// How somebody behaved, to one person alone
    #[command(subcommand)]
    Report(report::Command),
    /// People I met
    #[command(subcommand)]
    Contact(contact::Command),
    /// Swap contacts by QR code
    #[command(subcommand)]
    Swap(swap::Command),
    /// Show a small file as QR codes that follow one another, for when every radio is off
    QrSend(animated::QrSend),
    /// Put a file together from pictures of what `qr-send` shows
    QrReceive(animated::QrReceive),
    /// Sync with whoever is near, or with the device at an address
    Sync(sync::Sync),
    /// Let other devices sync with this one, until it is stopped
    Serve(sync::Serve),
    /// Carry events for others on a machine that stays on
    #[command(subcommand)]
    Hub(hub::Command),
    /// What others may lack, as a file: for when no radio works
    #[command(subcommand)]
    Bundle(bundle::Command),
    /// What is on this device, and where else it is
    Status,
    /// What takes space on this device, and clearing what comes back
    Space(usage::Space),
    /// What to pick up again
    #[command(subcommand)]
    Anchor(anchor::Command),
    /// What is open: anchors, and what was promised to whom
    #[command(after_help = "JSON: {due, later, promises: [{person, name, promise}]}")]
    Open,
    /// Search notes, sessions, people and contacts
    Search(search::Search),
    /// Write an event down as a folder of pages, with its schedule and calendar
    Archive(export::Archive),
    /// Write everything of mine into a folder that is read without this program
    Export(mine::Export),
    /// Take in what `export` wrote, here or on another device
    Import(mine::Import),
    /// Make all views again from the log, and prove that they are the same
    Rebuild,
    /// Check the database for damage
    Check,
    /// Erase a note or contact: here at once, and asked for elsewhere
    Erase(upkeep::Erase),
    /// Have back what was erased, within ten seconds
    Undo(erasure::Undo),
    /// Play a small barcamp: three devices, one of them killed in the middle of a sync
    Demo(demo::Demo),
    /// Print what makes a shell complete the commands
    Completions {
        /// Which shell
        shell: Shell,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    match run(cli) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(exit)) => exit.into(),
        Err(failure) => {
            tell(&failure, json);
            failure.exit().into()
        }
    }
}

/// Does the command. `Some` when it was done, but not only good is to be told.
fn run(cli: Cli) -> Result<Option<Exit>, Failure> {
    let out = Out::new(cli.json);
    let app = App::new(cli.home, out);
    cli.command.run(&app)?;
    Ok(app.was_salvaged().then_some(Exit::Salvaged))
}

impl Command {
    fn run(self, app: &App) -> Result<(), Failure> {
        match self {
            Self::Me(command) => command.run(app),
            Self::Note(command) => command.run(app),
            Self::Event(command) => command.run(app),
            Self::Now(now) => now.run(app),
            Self::Session(command) => command.run(app),
            Self::Star(command) => command.run(app),
            Self::Pad(command) => command.run(app),
            Self::Post(command) => command.run(app),
            Self::Bridge(command) => command.run(app),
            Self::Topic(command) => command.run(app),
            Self::Offer(command) => command.run(app),
            Self::Photo(command) => command.run(app),
            Self::Person(command) => command.run(app),
            Self::Organise(command) => command.run(app),
            Self::Message(command) => command.run(app),
            Self::Feedback(command) => command.run(app),
            Self::Report(command) => command.run(app),
            Self::Contact(command) => command.run(app),
            Self::Swap(command) => command.run(app),
            Self::QrSend(command) => command.run(app),
            Self::QrReceive(command) => command.run(app),
            Self::Sync(command) => command.run(app),
            Self::Serve(command) => command.run(app),
            Self::Hub(command) => command.run(app),
            Self::Bundle(command) => command.run(app),
            Self::Status => status::run(app),
            Self::Space(space) => space.run(app),
            Self::Anchor(command) => command.run(app),
            Self::Open => anchor::open(app),
            Self::Search(command) => command.run(app),
            Self::Archive(archive) => archive.run(app),
            Self::Export(export) => export.run(app),
            Self::Import(import) => import.run(app),
            Self::Rebuild => upkeep::rebuild(app),
            Self::Check => upkeep::check(app),
            Self::Erase(command) => command.run(app),
            Self::Undo(undo) => undo.run(app),
            Self::Demo(demo) => demo.run(app.out),
            Self::Completions { shell } => completions(app.out, shell),
        }
    }
}

fn completions(out: Out, shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "teilgeber", &mut script);
    out.print(|page| page.raw(&String::from_utf8_lossy(&script)))
}

/// Says what happened, what is safe and what to do.
fn tell(failure: &Failure, json: bool) {
    match serde_json::to_string(&failure.report()) {
        Ok(line) if json => warn(&line),
        _ => {
            let what = failure.to_string();
            let mut letters = what.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            warn(&format!("{first}{}.", letters.as_str()));
            warn(&format!("{} {}", failure.safe(), failure.next()));
            if let Some(cause) = failure.cause() {
                warn(&format!("Cause, for the report: {cause}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }
}
