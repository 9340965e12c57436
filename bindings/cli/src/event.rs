//! `teilgeber event`: barcamps, and the board of one.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use teilgeber_device::model::{
    Day, Days, Event, Id, Line, Link, Placement, Room, RoomName, Rules, Tag, TimeZone,
};
use teilgeber_device::{Conflict, Device, EventRecord, Participant, ParticipantFilter};

use crate::board::{Board, Lock};
use crate::erasure::Moment;
use crate::failure::Failure;
use crate::home::App;
use crate::me::hashtags;
use crate::note::Named;
use crate::page::{Style, count};
use crate::picture::{Pictures, code_or_picture};
use crate::value::{Knows, list, parse};
use crate::{
    contact, erasure, feedback, ids, picture, presence, retention, schedule, session, when,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Found an event
    #[command(after_help = "JSON: {id}")]
    Create(Create),
    /// Make an event of a schedule.xml, schedule.json or .ics, or bring one up to date
    Import(schedule::Import),
    /// Join an event by its code; nothing is shared by that
    #[command(after_help = "JSON: {event, name, addresses}")]
    Join {
        /// The code, or a PNG picture of it
        code: String,
        /// Show what others would see of me, and ask once whether to be seen
        #[arg(long)]
        share: bool,
    },
    /// Exactly what others will see of me if I appear in an event, and what they see already
    #[command(after_help = "JSON: {event, appearing, card, topics, offers, seat_requests, \
        more: [{kind, id}]}")]
    Preview(Which),
    /// Show the code that lets others in: whoever has it can read everything there
    #[command(after_help = "JSON: {code}")]
    Code(Code),
    /// List my events
    #[command(after_help = "JSON: [{id, name, event, organiser, appearing, held}]")]
    List,
    /// Show an event
    #[command(after_help = "JSON: {id, name, event, organiser, appearing, held}")]
    Show(Which),
    /// Leave an event: all that I alone wrote there is erased, and nothing is seen of me any more
    #[command(after_help = "JSON: {id}")]
    Leave(Which),
    /// Take back all that I alone wrote in an event, and stay there; sessions that I pitched stay too
    #[command(after_help = "JSON: {until, things: [{kind, id}]}; with --now [{kind, id}]")]
    Withdraw {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        moment: Moment,
    },
    /// On how many devices is erased what I took back in an event
    #[command(after_help = "JSON: {things, places}")]
    Withdrawn(Which),
    /// Be seen in an event, by what my profile shows there; off at first
    #[command(after_help = "JSON: {id}")]
    Appear {
        /// Whether to be seen
        state: Switch,
        #[command(flatten)]
        which: Which,
    },
    /// Keep an event on this device, whatever its rule says; one that has faded comes back with a sync
    #[command(after_help = "JSON: {id, held: kept | {until} | {fades_on} | {faded}}")]
    Keep(retention::Keep),
    /// When an event fades from everybody's devices, as one of its organisers
    #[command(after_help = "JSON: {id, held}")]
    FadeAfter(retention::FadeAfter),
    /// Who appears in an event
    #[command(after_help = "JSON: [{person, space, card, hidden}]")]
    People(People),
    /// Whom of those who appear I met before, and where
    #[command(after_help = "JSON: [{person, name, contact, meetings, events}]")]
    Met(Which),
    /// The sessions by time and room
    #[command(after_help = "JSON: [{session, placement: {room, start, minutes}, starred, locked}]")]
    Board(Board),
    /// Lock a part of the board, or all of it: organisers alone place sessions there
    #[command(after_help = "JSON: {id}")]
    Lock(Lock),
    /// Unlock what was locked with the same words
    #[command(after_help = "JSON: {id}")]
    Unlock(Lock),
    /// What must be settled on the board, with `session place`
    #[command(after_help = "JSON: [{claims: {session, placements}} | \
        {overlap: {sessions, placements}}]")]
    Conflicts(Which),
    /// What its organisers ask those who were there
    #[command(subcommand)]
    Questions(feedback::Questions),
    /// Who reads feedback: nobody, one, or two
    #[command(after_help = "JSON: [{person, letter, name}]")]
    Readers(feedback::Name),
    /// To whom conduct reports may go: the awareness team
    #[command(after_help = "JSON: [{person, letter, name}]")]
    Trusted(feedback::Name),
    /// What this device knows of the event, as digests to compare with another device
    #[command(after_help = "JSON: {TABLE: HEX}")]
    Digest(Which),
}

/// Which event is meant.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Which {
    /// The event's id, its beginning, or its name; needed only by who is in several
    #[arg(long, value_name = "ID")]
    event: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct People {
    /// Only with this in the name
    #[arg(long, value_name = "PART")]
    name: Option<String>,
    /// Only with this hashtag
    #[arg(long, value_name = "TAG")]
    hashtag: Option<String>,
    /// Only who knows that much of it, or of anything
    #[arg(long, value_enum)]
    level: Option<Knows>,
    /// Only whom I met before
    #[arg(long)]
    met: bool,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What it is called
    name: String,
    /// Its first day, such as 2023-09-10
    #[arg(long, value_name = "DAY")]
    from: Day,
    /// Its last day [default: the first]
    #[arg(long, value_name = "DAY")]
    to: Option<Day>,
    /// The time zone in which its times are shown
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// A room
    #[arg(long = "room", value_name = "NAME")]
    rooms: Vec<String>,
    /// Where it takes place
    #[arg(long)]
    place: Option<String>,
    /// Its page
    #[arg(long)]
    link: Option<String>,
    /// When it fades from everybody's devices: so many days after the last one, or `never`
    #[arg(long, value_name = "DAYS", default_value = "400")]
    fade_after: retention::After,
}

#[derive(Debug, Args)]
pub(crate) struct Code {
    /// Where others find a device that has the event
    #[arg(long = "address", value_name = "IP:PORT")]
    addresses: Vec<SocketAddr>,
    #[command(flatten)]
    pictures: Pictures,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

/// A code in an answer.
#[derive(Serialize)]
pub(crate) struct CodeText {
    pub(crate) code: String,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let device = &device;
        match self {
            Self::Create(create) => {
                let id = device.create_event(&create.event()?)?;
                done(app, device, id, "Founded")
            }
            Self::Import(import) => import.run(app, device),
            Self::Join { code, share } => join(app, device, &code, share),
            Self::Preview(which) => {
                let preview = device.preview_in(which.find(device)?)?;
                app.out.say(&preview, |page| presence::draw(page, &preview))
            }
            Self::Code(code) => code.run(app, device),
            Self::List => events(app, device),
            Self::Show(which) => show(app, device, which.find(device)?),
            Self::Leave(which) => {
                let id = which.find(device)?;
                device.leave(id)?;
                done(app, device, id, "Left")
            }
            Self::Withdraw { which, moment } => {
                erasure::withdraw(app, device, which.find(device)?, moment)
            }
            Self::Withdrawn(which) => erasure::withdrawn(app, device, which.find(device)?),
            Self::Appear { state, which } => {
                let id = which.find(device)?;
                device.appear_in(id, state == Switch::On)?;
                let words = if state == Switch::On { "Appearing in" } else { "No longer seen in" };
                done(app, device, id, words)
            }
            Self::Keep(keep) => keep.run(app, device),
            Self::FadeAfter(rule) => rule.run(app, device),
            Self::People(who) => people(app, device, who.which.find(device)?, &who.filter()?),
            Self::Met(which) => contact::met_before(app, device, which.find(device)?),
            Self::Board(board) => board.run(app, device),
            Self::Lock(lock) => lock.run(app, device, true),
            Self::Unlock(lock) => lock.run(app, device, false),
            Self::Conflicts(which) => conflicts(app, device, which.find(device)?),
            Self::Questions(questions) => questions.run(app, device),
            Self::Readers(name) => name.readers(app, device),
            Self::Trusted(name) => name.trusted(app, device),
            Self::Digest(which) => digest(app, device, which.find(device)?),
        }
    }
}

impl Which {
    /// The event that is meant: the one that is named, else the only one.
    pub(crate) fn find(&self, device: &Device) -> Result<Id, Failure> {
        if let Some(given) = &self.event {
            return find(device, given);
        }
        match device.events()?[..] {
            [] => Err(Failure::NoEvent),
            [ref event] => Ok(event.id),
            ref several => Err(Failure::WhichEvent(several.len())),
        }
    }
}

impl People {
    fn filter(&self) -> Result<ParticipantFilter, Failure> {
        let tag = self.hashtag.as_deref().map(|tag| parse("a hashtag", tag, Tag::new));
        Ok(ParticipantFilter {
            name: self.name.clone(),
            tag: tag.transpose()?,
            level: self.level.map(|Knows(level)| level),
            met: self.met,
        })
    }
}

impl Create {
    fn event(&self) -> Result<Event, Failure> {
        let days =
            Days::new(self.from, self.to.unwrap_or(self.from)).map_err(|why| Failure::Value {
                what: "the last day",
                given: self.to.unwrap_or(self.from).to_string(),
                why,
            })?;
        let name = parse("a name", &self.name, Line::new)?;
        let room =
            |name: &String| Ok(Room { name: parse("a room", name, RoomName::new)?, letter: None });
        let rooms = self.rooms.iter().map(room).collect::<Result<_, Failure>>()?;
        let place = self.place.as_deref().map(|place| parse("a place", place, Line::new));
        let link = self.link.as_deref().map(|link| parse("a link", link, Link::new));
        Ok(Event::new(name, days, parse("a time zone", &self.zone, TimeZone::new)?)
            .with_rooms(list("the rooms", rooms)?)
            .with_rules(Rules { retention: self.fade_after.0, ..Rules::default() })
            .with_place(place.transpose()?)
            .with_link(link.transpose()?))
    }
}

impl Code {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let code = device.join_code(event, &self.addresses)?;
        let name = device.event(event)?.name;
        let title =
            format!("Scan to join {name}. Whoever has this code can read everything there.");
        self.pictures.show(app, &CodeText { code: code.clone() }, &code, &title, picture::LARGE)
    }
}

/// The event that is meant.
pub(crate) fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    ids::find("event", given, device.events()?.iter().map(|event| (event.id, event.name.as_str())))
}

/// The time zones of events.
pub(crate) struct Zones(BTreeMap<Id, TimeZone>);

impl Zones {
    /// Those of all my events.
    pub(crate) fn read(device: &Device) -> Result<Self, Failure> {
        let zone = |record: EventRecord| Some((record.id, record.event?.time_zone().clone()));
        Ok(Self(device.events()?.into_iter().filter_map(zone).collect()))
    }

    /// That of an event; UTC where it has not come, or there is none.
    pub(crate) fn of(&self, event: Option<Id>) -> TimeZone {
        event.and_then(|event| self.0.get(&event)).cloned().unwrap_or_default()
    }
}

/// The time zone of one event.
pub(crate) fn zone_of(device: &Device, event: Option<Id>) -> Result<TimeZone, Failure> {
    Ok(Zones::read(device)?.of(event))
}

/// All who appear in an event.
pub(crate) fn participants(device: &Device, event: Id) -> Result<Vec<Participant>, Failure> {
    Ok(device.participants(event, None, u32::MAX)?.0)
}

/// Where a session is, in words.
pub(crate) fn place_words(placement: &Placement, zone: &TimeZone) -> String {
    format!(
        "{}, {} min, {}",
        when::moment(placement.start, zone),
        placement.minutes.get(),
        placement.room
    )
}

fn done(app: &App, device: &Device, id: Id, done: &str) -> Result<(), Failure> {
    let name = device.event(id)?.name;
    app.out.say(&Named { id }, |page| page.line(format!("{done} {name} ({}).", ids::short(id))))
}

fn join(app: &App, device: &Device, given: &str, share: bool) -> Result<(), Failure> {
    let joined = device.join(&code_or_picture(given)?)?;
    if share {
        presence::ask(device, joined.event)?;
    }
    app.out.say(&joined, |page| {
        page.line(format!("Joined {} ({}).", joined.name, ids::short(joined.event)));
        match joined.addresses.first() {
            Some(address) => page.line(format!("It comes with: teilgeber sync {address}")),
            None => page.line("It comes with the first sync with somebody who has it."),
        }
    })
}

fn events(app: &App, device: &Device) -> Result<(), Failure> {
    let events = device.events()?;
    let row = |record: &EventRecord| {
        let days = record.event.as_ref().map(|event| days(event.days()));
        let role = if record.organiser { "organiser" } else { "" };
        let seen = if record.appearing { "yes" } else { "no" };
        vec![
            ids::short(record.id),
            record.name.to_string(),
            days.unwrap_or_else(|| "not come yet".to_owned()),
            role.to_owned(),
            seen.to_owned(),
        ]
    };
    let rows: Vec<_> = events.iter().map(row).collect();
    app.out.say(&events, |page| {
        page.table(&["id", "event", "days", "role", "seen"], &rows);
        page.styled(Style::Dim, format!("{}.", count(events.len(), "event", "events")));
    })
}

fn show(app: &App, device: &Device, id: Id) -> Result<(), Failure> {
    let record = device.event(id)?;
    let sessions = device.sessions(id)?.len();
    let people = device.participant_count(id)?;
    app.out.say(&record, |page| {
        page.styled(Style::Bold, record.name.as_str());
        page.fact("event", ids::short(record.id));
        let Some(event) = &record.event else {
            return page.line("It has not come yet: sync with somebody who has it.");
        };
        let rooms: Vec<&str> = event.rooms().iter().map(|room| room.name.as_str()).collect();
        page.fact("days", days(event.days()));
        page.fact("zone", event.time_zone().as_str());
        page.fact("place", event.place().map(Line::as_str).unwrap_or_default());
        page.fact("link", event.link().map(Link::as_str).unwrap_or_default());
        page.fact("rooms", rooms.join(", "));
        page.fact("sessions", sessions.to_string());
        page.fact("people", people.to_string());
        page.fact("held", retention::held(record.held));
        page.fact("role", if record.organiser { "organiser" } else { "participant" });
        page.fact("seen", if record.appearing { "yes" } else { "no" });
    })
}

fn people(
    app: &App,
    device: &Device,
    event: Id,
    filter: &ParticipantFilter,
) -> Result<(), Failure> {
    let people = device.participants_matching(event, filter, None, u32::MAX)?.0;
    let contacts = device.contacts()?;
    let row = |person: &Participant| {
        let met = contacts.iter().any(|known| known.contact.person() == person.person);
        vec![
            ids::short(person.person),
            person.card.name().map(ToString::to_string).unwrap_or_default(),
            if met { "met" } else { "" }.to_owned(),
            hashtags(person.card.hashtags()),
        ]
    };
    let rows: Vec<_> = people.iter().filter(|person| !person.hidden).map(row).collect();
    app.out.say(&people, |page| {
        page.table(&["person", "name", "", "hashtags"], &rows);
        page.styled(
            Style::Dim,
            format!("{}.", count(rows.len(), "person appears", "people appear")),
        );
    })
}

fn conflicts(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let conflicts = device.conflicts(event)?;
    let zone = zone_of(device, Some(event))?;
    let mut told = Vec::new();
    for conflict in &conflicts {
        match conflict {
            Conflict::Claims { session, placements } => {
                told.push((
                    format!("{} is in several places:", session::name(device, *session)?),
                    { placements.iter().map(|at| place_words(at, &zone)).collect::<Vec<_>>() },
                ));
            }
            Conflict::Overlap { sessions, placements } => {
                let line = |(id, at): (&Id, &Placement)| {
                    Ok(format!("{}: {}", place_words(at, &zone), session::name(device, *id)?))
                };
                let lines = sessions.iter().zip(placements).map(line);
                let lines = lines.collect::<Result<_, Failure>>()?;
                told.push(("Two sessions are in one room at one time:".to_owned(), lines));
            }
        }
    }
    app.out.say(&conflicts, |page| {
        for (what, lines) in &told {
            page.line(what);
            lines.iter().for_each(|line| page.prose(2, line));
        }
        page.styled(Style::Dim, format!("{}.", count(told.len(), "conflict", "conflicts")));
    })
}

fn digest(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let hexadecimal = |(table, digest)| (table, Id::new(digest).to_string());
    let digests: BTreeMap<String, String> =
        device.digests(event)?.into_iter().map(hexadecimal).collect();
    app.out.say(&digests, |page| {
        let row = |(table, digest): (&String, &String)| {
            vec![table.clone(), digest.chars().take(16).collect()]
        };
        page.table(&["table", "digest"], &digests.iter().map(row).collect::<Vec<_>>());
    })
}

fn days(days: Days) -> String {
    if days.first() == days.last() {
        return days.first().to_string();
    }
    format!("{} to {}", days.first(), days.last())
}
