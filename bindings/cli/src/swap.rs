//! `teilgeber swap`: one shows a code, the other scans it and answers.

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::formats::vcard::{self, VcardError};
use teilgeber_device::model::{Field, Id, Line};
use teilgeber_device::{Device, Error, MetAt, Request, Wants, Way};

use crate::contact::Who;
use crate::event::{self, Which};
use crate::failure::Failure;
use crate::home::App;
use crate::me::hashtags;
use crate::page::{Style, count};
use crate::picture::{self, Pictures, code_or_picture};
use crate::value::parse;
use crate::{ids, session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show my code, for others to scan now
    #[command(after_help = "JSON: {text, id}")]
    Show(Show),
    /// Show my code for a printed badge; whoever scans it has to ask me
    #[command(after_help = "JSON: {code}")]
    Badge {
        #[command(flatten)]
        pictures: Pictures,
    },
    /// Scan somebody's code: they become a contact at once, without any network
    #[command(after_help = "JSON: {person, name}")]
    Scan(Scan),
    /// Answer whose code I scanned, with my card
    #[command(after_help = "JSON: {person, way: {event: ID} | \"direct_link\"}")]
    Answer(Who),
    /// Ask a contact for their card, to see what they change in it
    #[command(after_help = "JSON: as `swap answer`")]
    Ask(Who),
    /// Give a contact my card to follow
    #[command(after_help = "JSON: as `swap answer`")]
    Give(Who),
    /// Who asks for something
    #[command(after_help = "JSON: [{person, card, wants}]")]
    Requests,
    /// Accept who asks to be a contact
    #[command(after_help = "JSON: as `swap answer`")]
    Accept(Asking),
    /// Forget what somebody asks for; they are not told
    #[command(after_help = "JSON: {id}")]
    Decline(Asking),
    /// Show a contact card for people without this program, a vCard
    #[command(after_help = "JSON: {code}")]
    Vcard(Vcard),
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A field to show beside the name: hashtags, bio, links or photo_consent
    #[arg(long = "field", value_name = "FIELD")]
    fields: Vec<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    pictures: Pictures,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// The code, or a PNG picture of it
    code: String,
    /// The session in which we met
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// The event at which we met
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// Where we met, in my words
    #[arg(long)]
    place: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Vcard {
    /// Whose eyes it is made for
    #[arg(long = "as", value_enum, value_name = "AUDIENCE", default_value = "everyone")]
    reader: crate::value::Reader,
    #[command(flatten)]
    pictures: Pictures,
}

/// Who asks.
#[derive(Debug, Args)]
pub(crate) struct Asking {
    /// The person's id, its beginning, or their name
    #[arg(value_name = "PERSON")]
    given: String,
}

/// What `swap scan` answers.
#[derive(Serialize)]
struct Scanned {
    person: Id,
    name: String,
}

/// What a letter's sender is told.
#[derive(Serialize)]
struct Posted {
    person: Id,
    way: Way,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let device = &device;
        match self {
            Self::Show(show) => show.run(app, device),
            Self::Badge { pictures } => {
                let code = device.badge_code()?;
                let answer = event::CodeText { code: code.clone() };
                pictures.show(app, &answer, &code, "My badge:", picture::BADGE)
            }
            Self::Scan(scan) => scan.run(app, device),
            Self::Answer(who) => {
                let person = who.find(device)?;
                posted(app, "Answered", person, device.answer(person)?)
            }
            Self::Ask(who) => {
                let person = who.find(device)?;
                posted(app, "Asked", person, device.ask_for_card(person)?)
            }
            Self::Give(who) => {
                let person = who.find(device)?;
                posted(app, "Given to", person, device.give_card(person)?)
            }
            Self::Requests => requests(app, device),
            Self::Accept(asking) => {
                let person = asking.find(device)?;
                posted(app, "Accepted", person, device.accept(person)?)
            }
            Self::Decline(asking) => {
                let person = asking.find(device)?;
                device.decline(person)?;
                crate::note::say(app, person, "Declined")
            }
            Self::Vcard(vcard) => vcard.run(app, device),
        }
    }
}

impl Show {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let event = match self.which.find(device) {
            Ok(event) => Some(event),
            Err(Failure::NoEvent) => None,
            Err(failure) => return Err(failure),
        };
        let fields = self.fields.iter().map(|field| parse("a field", field, |name| name.parse()));
        let fields: Vec<Field> = fields.collect::<Result<_, _>>()?;
        let showing = device.show_code(&fields, event)?;
        self.pictures.show(app, &showing, &showing.text, "Let the other scan this:", picture::LARGE)
    }
}

impl Scan {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let mut met = MetAt::default();
        if let Some(given) = &self.session {
            let (event, session) = session::find_anywhere(device, given)?;
            met.event = Some(event);
            met.session = Some(session);
        }
        if let Some(given) = &self.event {
            met.event = Some(event::find(device, given)?);
        }
        met.place = self.place.as_deref().map(|it| parse("a place", it, Line::new)).transpose()?;
        let person = device.scan(&code_or_picture(&self.code)?, &met)?;
        let name = device.contact(person)?.contact.name().to_string();
        let scanned = Scanned { person, name };
        app.out.say(&scanned, |page| {
            let short = ids::short(person);
            page.line(format!("{} ({short}) is a contact now.", scanned.name));
            page.line(format!("Answer with my card: teilgeber swap answer {short}"));
        })
    }
}

impl Vcard {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let card = device.profile()?.seen_by(self.reader.0);
        let code = vcard::small(&card, picture::LARGE).map_err(vcard_failure)?;
        let answer = event::CodeText { code: code.clone() };
        self.pictures.show(app, &answer, &code, "A contact card for any phone:", picture::LARGE)
    }
}

impl Asking {
    fn find(&self, device: &Device) -> Result<Id, Failure> {
        let requests = device.requests()?;
        let name = |request: &Request| request.card.name().map(ToString::to_string);
        let asking = requests.iter().map(|it| (it.person, name(it).unwrap_or_default()));
        ids::find("request", &self.given, asking)
    }
}

fn vcard_failure(error: VcardError) -> Failure {
    match error {
        VcardError::NoName => Failure::Device(Error::ShowName),
        VcardError::TooLong(_) => Failure::TooLargeForQr,
    }
}

fn posted(app: &App, done: &str, person: Id, way: Way) -> Result<(), Failure> {
    app.out.say(&Posted { person, way }, |page| {
        page.line(format!("{done} {}.", ids::short(person)));
        page.line(match way {
            Way::Event(_) => "It travels with the next sync, with whomever of the event.",
            Way::DirectLink => "It travels with a sync between the two of you only.",
        });
    })
}

fn requests(app: &App, device: &Device) -> Result<(), Failure> {
    let requests = device.requests()?;
    let row = |request: &Request| {
        let wants = match request.wants {
            Wants::Contact => "to be a contact: swap accept",
            Wants::Card => "to follow my card: swap give",
        };
        vec![
            ids::short(request.person),
            request.card.name().map(ToString::to_string).unwrap_or_default(),
            hashtags(request.card.hashtags()),
            wants.to_owned(),
        ]
    };
    let rows: Vec<_> = requests.iter().map(row).collect();
    app.out.say(&requests, |page| {
        page.table(&["person", "name", "hashtags", "asks"], &rows);
        page.styled(Style::Dim, format!("{}.", count(requests.len(), "request", "requests")));
    })
}
