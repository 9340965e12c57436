//! `teilgeber event board` and `teilgeber now`: the sessions by time and room.

use clap::Args;
use teilgeber_device::model::{Day, Id, Millis, RoomName, Tag, TimeZone};
use teilgeber_device::{BoardItem, Device, Part};

use crate::event::{Which, zone_of};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::starred::news_words;
use crate::value::{Knows, parse};
use crate::{ids, note, when};

#[derive(Debug, Args)]
pub(crate) struct Board {
    /// One day only, such as 2023-09-10
    #[arg(long)]
    day: Option<Day>,
    /// One room only
    #[arg(long)]
    room: Option<String>,
    /// Only sessions with this tag
    #[arg(long)]
    tag: Option<String>,
    /// Only sessions for this level
    #[arg(long, value_enum)]
    level: Option<Knows>,
    /// Only sessions that I starred
    #[arg(long)]
    starred: bool,
    /// Only sessions that I pitched or starred
    #[arg(long)]
    mine: bool,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
#[command(
    after_help = "JSON: {zone, now: [BOARD], next: [BOARD], mine: [BOARD]}, where BOARD is as \
    in `event board`"
)]
pub(crate) struct Now {
    /// At another time, in the event's time, such as 2023-09-10T14:30
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// One room only
    #[arg(long)]
    room: Option<String>,
    /// Only from then on, in the event's time, such as 2023-09-10T14:30
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only before then
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[command(flatten)]
    which: Which,
}

impl Lock {
    pub(crate) fn run(&self, app: &App, device: &Device, lock: bool) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let zone = zone_of(device, Some(event))?;
        let time = |given: &Option<String>| {
            let unreadable = Failure::Usage("the time is given as 2023-09-10T14:30");
            given.as_ref().map(|at| when::read(at, &zone).ok_or(unreadable)).transpose()
        };
        let room = self.room.as_ref().map(|room| parse("a room", room, RoomName::new));
        let part = teilgeber_device::model::Lock {
            room: room.transpose()?,
            from: time(&self.from)?,
            until: time(&self.until)?,
        };
        if lock {
            device.lock_board(event, &part)?;
            return note::say(app, event, "Locked on the board of event");
        }
        device.unlock_board(event, &part)?;
        note::say(app, event, "Unlocked on the board of event")
    }
}

impl Board {
    pub(crate) fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let zone = zone_of(device, Some(event))?;
        let items = device.board_part(event, &self.part()?)?;
        let on = |item: &BoardItem| item.placement.as_ref().map(|at| when::day(at.start, &zone));
        app.out.say(&items, |page| {
            for group in items.chunk_by(|a, b| on(a) == on(b)) {
                let heading = group.first().and_then(on);
                page.styled(Style::Bold, heading.as_deref().unwrap_or("Without a place"));
                draw(page, group, &zone);
            }
            page.styled(Style::Dim, format!("{}.", count(items.len(), "session", "sessions")));
        })
    }

    fn part(&self) -> Result<Part, Failure> {
        let room = self.room.as_ref().map(|room| parse("a room", room, RoomName::new));
        let tag = self.tag.as_ref().map(|tag| parse("a tag", tag, Tag::new));
        Ok(Part {
            tag: tag.transpose()?,
            level: self.level.map(|Knows(level)| level),
            room: room.transpose()?,
            day: self.day,
            starred: self.starred,
            mine: self.mine,
        })
    }
}

impl Now {
    pub(crate) fn run(&self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let event = self.which.find(&device)?;
        let shown = match self.time(&device, event)? {
            Some(time) => device.now_next(event, time)?,
            None => device.now_next_here(event)?,
        };
        let news = device.moves(event)?;
        app.out.say(&shown, |page| {
            let parts = [
                ("Now", &shown.now, "Nothing runs now."),
                ("Next", &shown.next, "Nothing comes next."),
                ("Mine", &shown.mine, "Nothing of yours is left. Star a session to see it here."),
            ];
            for (heading, items, nothing) in parts {
                page.styled(Style::Bold, heading);
                match items.as_slice() {
                    [] => page.prose(2, nothing),
                    items => draw(page, items, &shown.zone),
                }
            }
            news.iter().for_each(|one| page.line(news_words(one, &shown.zone)));
        })
    }

    fn time(&self, device: &Device, event: Id) -> Result<Option<Millis>, Failure> {
        let Some(at) = &self.at else { return Ok(None) };
        let unreadable = Failure::Usage("the time is given as 2023-09-10T14:30");
        when::read(at, &zone_of(device, Some(event))?).map(Some).ok_or(unreadable)
    }
}

fn draw(page: &mut Page, items: &[BoardItem], zone: &TimeZone) {
    let rows: Vec<_> = items.iter().map(|item| row(item, zone)).collect();
    page.table(&["session", "time", "room", "", "title"], &rows);
}

fn row(item: &BoardItem, zone: &TimeZone) -> Vec<String> {
    let place = item.placement.as_ref();
    vec![
        ids::short(item.session.id),
        place.map(|at| when::slot(at.start, zone)).unwrap_or_default(),
        place.map(|at| at.room.to_string()).unwrap_or_default(),
        [(item.starred, "*"), (item.locked, "locked")]
            .iter()
            .filter_map(|(is, word)| is.then_some(*word))
            .collect::<Vec<_>>()
            .join(" "),
        item.session.session.title().to_string(),
    ]
}
