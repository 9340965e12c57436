//! `teilgeber message`: what one person and I write to each other.

use clap::Subcommand;
use serde::Serialize;
use teilgeber_device::model::{Id, MessageText, Name, TimeZone};
use teilgeber_device::{Device, Kind, MessageRecord, Way};

use crate::erasure::{Moment, erase};
use crate::event::Zones;
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::status::{Whereabouts, whereabouts};
use crate::value::{parse, text};
use crate::{ids, people, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write to a contact, or to somebody who appears in an event of mine
    #[command(after_help = "JSON: {id, way: {event: id} | direct_link}")]
    Write {
        /// Their name, or the beginning of their id
        who: String,
        /// The words, or `-`
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// With whom I wrote, the latest first
    #[command(after_help = "JSON: [{person, name, last: {id, arrived, message: {person, mine, \
        text, written, space, letter}}}]")]
    List,
    /// What a person and I wrote to each other, and where mine got to
    #[command(
        after_help = "A letter of mine arrived once a device of its reader said so; whether \
        they read it nobody is told.\n\nJSON: [{id, arrived, message: {person, mine, text, written, \
        space, letter}, places: {devices, hubs, others}}]"
    )]
    Show {
        /// Their name, or the beginning of their id
        who: String,
    },
    /// Erase a message here and on my other devices; the other person keeps theirs
    #[command(after_help = "JSON: {id, until}; with --now {id}")]
    Erase {
        /// The message's id, or its beginning
        id: String,
        #[command(flatten)]
        moment: Moment,
    },
}

/// One message of what `message show` answers.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    record: MessageRecord,
    places: Whereabouts,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Write { who, text: words } => {
                let person = find_person(&device, &who)?;
                let words = parse("a message", &text(&words)?, MessageText::new)?;
                let sent = device.write_message(person, &words)?;
                app.out.say(&sent, |page| {
                    page.line(format!("Wrote message {}.", ids::short(sent.id)));
                    page.styled(Style::Dim, way_words(sent.way));
                })
            }
            Self::List => list(app, &device),
            Self::Show { who } => show(app, &device, find_person(&device, &who)?),
            Self::Erase { id, moment } => {
                let id = find(&device, &id)?;
                erase(app, &device, (Kind::Message, id), moment, "Erased message")
            }
        }
    }
}

fn way_words(way: Way) -> &'static str {
    match way {
        Way::Event(_) => "Anyone in the event carries it; only they can read it.",
        Way::DirectLink => "It goes when the two of you sync: you have no event in common.",
    }
}

/// Also whoever wrote to me without appearing anywhere.
fn find_person(device: &Device, given: &str) -> Result<Id, Failure> {
    let word = given.trim().to_lowercase();
    let mut conversations = device.conversations()?.into_iter().map(|one| one.person);
    let nameless = |person: &Id| word.len() >= 4 && person.to_string().starts_with(&word);
    match people::find(device, given) {
        Err(Failure::Unknown { .. }) => conversations
            .find(nameless)
            .ok_or_else(|| Failure::Unknown { noun: "person", given: given.to_owned() }),
        found => found,
    }
}

fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let messages = device.messages_called(given, ids::CANDIDATES_MAX)?;
    ids::find("message", given, messages.into_iter().map(|id| (id, "")))
}

fn list(app: &App, device: &Device) -> Result<(), Failure> {
    let conversations = device.conversations()?;
    let zones = Zones::read(device)?;
    let mut rows = Vec::new();
    for one in &conversations {
        let name = one.name.as_ref().map(Name::to_string);
        let message = &one.last.message;
        let first = message.text.as_str().lines().next().unwrap_or_default();
        rows.push(vec![
            ids::short(one.person),
            name.unwrap_or_default(),
            when::moment(message.written, &zones.of(Some(message.space))),
            match message.mine {
                true if one.last.arrived => format!("I, arrived: {first}"),
                true => format!("I: {first}"),
                false => first.to_owned(),
            },
        ]);
    }
    app.out.say(&conversations, |page| {
        page.table(&["person", "name", "last", "words"], &rows);
        page.styled(Style::Dim, format!("{}.", count(rows.len(), "conversation", "conversations")));
    })
}

fn show(app: &App, device: &Device, person: Id) -> Result<(), Failure> {
    let zones = Zones::read(device)?;
    let mut shown = Vec::new();
    for record in device.messages(person)? {
        let places = whereabouts(device, Kind::Message, record.id)?;
        shown.push(Shown { record, places });
    }
    app.out.say(&shown, |page| {
        for one in &shown {
            draw(page, one, &zones.of(Some(one.record.message.space)));
        }
        page.styled(Style::Dim, format!("{}.", count(shown.len(), "message", "messages")));
    })
}

fn draw(page: &mut Page, shown: &Shown, zone: &TimeZone) {
    let message = &shown.record.message;
    let written = when::moment(message.written, zone);
    let about = match message.mine {
        true if shown.record.arrived => format!("I, {written}, letter arrived"),
        true => format!("I, {written}, letter {}", shown.places.words()),
        false => format!("they, {written}"),
    };
    page.styled(Style::Dim, format!("{} · {about}", ids::short(shown.record.id)));
    page.prose(2, message.text.as_str());
    page.line("");
}
