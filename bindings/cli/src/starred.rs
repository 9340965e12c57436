//! `teilgeber star`: the sessions that I look forward to.

use clap::{Args, Subcommand};
use teilgeber_device::model::{Millis, Placement, TimeZone};
use teilgeber_device::{Conflict, Device, StarNews};

use crate::event::{Switch, Which, Zones, place_words, zone_of};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Style, count};
use crate::{ids, note, session, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The sessions that I starred
    #[command(after_help = "JSON: [{session, placements: [{room, start, minutes}], seen}]")]
    List(Which),
    /// Whether others see which sessions I starred; off at first
    #[command(after_help = "JSON: {id}")]
    Share {
        /// Whether they do
        state: Switch,
        #[command(flatten)]
        which: Which,
    },
    /// Which starred sessions moved since I last saw them, or must be settled
    #[command(after_help = "JSON: [{moved: {session, title, from, to}} | \
        {conflict: {session, title, conflict}}]")]
    Moves(Which),
    /// I have seen where a starred session is now
    #[command(after_help = "JSON: {id}")]
    Seen {
        /// The session's id, its beginning, or its title
        id: String,
    },
    /// When to be reminded of what I starred, in all my events
    #[command(
        after_help = "JSON: [{id, session, event, title, room, start, at}], times in ms since \
        1970; an id stays when its session moves"
    )]
    Reminders(Reminders),
}

#[derive(Debug, Args)]
pub(crate) struct Reminders {
    /// How many minutes before a session begins
    #[arg(long, default_value_t = 10)]
    before: u16,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::List(which) => list(app, &device, &which),
            Self::Share { state, which } => {
                let event = which.find(&device)?;
                device.share_stars(event, state == Switch::On)?;
                let done = match state {
                    Switch::On => "Others see my stars in event",
                    Switch::Off => "Nobody else sees my stars in event",
                };
                note::say(app, event, done)
            }
            Self::Moves(which) => moves(app, &device, &which),
            Self::Seen { id } => {
                let (_, id) = session::find_anywhere(&device, &id)?;
                device.seen_move(id)?;
                note::say(app, id, "Seen: session")
            }
            Self::Reminders(reminders) => reminders.run(app, &device),
        }
    }
}

/// Stars a session, or takes the star back.
pub(crate) fn star(app: &App, device: &Device, given: &str, star: bool) -> Result<(), Failure> {
    let (_, id) = session::find_anywhere(device, given)?;
    device.star(id, star)?;
    note::say(app, id, if star { "Starred session" } else { "Took the star back of session" })
}

/// Something about a starred session, in words.
pub(crate) fn news_words(news: &StarNews, zone: &TimeZone) -> String {
    let place = |at: &Placement| place_words(at, zone);
    match news {
        StarNews::Moved { title, from, to, .. } => match (from, to) {
            (Some(from), Some(to)) => {
                format!("“{title}” moved from {} to {}.", place(from), place(to))
            }
            (None, Some(to)) => format!("“{title}” has a place now: {}.", place(to)),
            (Some(from), None) => format!("“{title}” was taken off the board: {}.", place(from)),
            (None, None) => format!("“{title}” has no place."),
        },
        StarNews::Conflict { title, conflict, .. } => match conflict {
            Conflict::Claims { placements, .. } => {
                let places: Vec<_> = placements.iter().map(place).collect();
                format!("“{title}” is in several places: {}.", places.join("; "))
            }
            Conflict::Overlap { placements, .. } => {
                format!(
                    "“{title}” shares its room with another session: {}.",
                    place(&placements[0])
                )
            }
        },
    }
}

fn list(app: &App, device: &Device, which: &Which) -> Result<(), Failure> {
    let event = which.find(device)?;
    let zone = zone_of(device, Some(event))?;
    let starred = device.starred(event)?;
    app.out.say(&starred, |page| {
        let row = |it: &teilgeber_device::Starred| {
            let places: Vec<_> = it.placements.iter().map(|at| place_words(at, &zone)).collect();
            let title = it.session.session.title().to_string();
            vec![ids::short(it.session.id), places.join("; "), title]
        };
        page.table(&["session", "when", "title"], &starred.iter().map(row).collect::<Vec<_>>());
        page.styled(Style::Dim, format!("{}.", count(starred.len(), "session", "sessions")));
    })
}

fn moves(app: &App, device: &Device, which: &Which) -> Result<(), Failure> {
    let event = which.find(device)?;
    let zone = zone_of(device, Some(event))?;
    let news = device.moves(event)?;
    app.out.say(&news, |page| match news.as_slice() {
        [] => page.line("All that you starred is where you last saw it."),
        news => news.iter().for_each(|one| page.line(news_words(one, &zone))),
    })
}

impl Reminders {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let zones = Zones::read(device)?;
        let due = device.reminders(Millis::EPOCH, Millis::MAX, self.before)?;
        app.out.say(&due, |page| {
            let row = |it: &teilgeber_device::Reminder| {
                let zone = zones.of(Some(it.event));
                vec![when::moment(it.at, &zone), it.room.to_string(), it.title.to_string()]
            };
            page.table(&["remind at", "room", "title"], &due.iter().map(row).collect::<Vec<_>>());
            page.styled(Style::Dim, format!("{}.", count(due.len(), "reminder", "reminders")));
        })
    }
}
