//! `teilgeber offer`: rides, beds, tips and other things, and who gets a place.

use clap::{Args, Subcommand};
use teilgeber_device::model::{
    Day, Id, Line, Millis, Nights, Offer, OfferText, Offering, Places, Prose, Stop, TimeZone,
};
use teilgeber_device::{Device, Kind, OfferFilter, OfferRecord, SeatRecord, SeatState};

use crate::event::{Which, zone_of};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::status::whereabouts;
use crate::value::{Offers, Reply, parse, text};
use crate::{ids, note, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Offer seats in a car or on a ticket
    #[command(after_help = "JSON: {id}")]
    Ride(Ride),
    /// Offer a bed or a couch
    #[command(after_help = "JSON: {id}")]
    Bed(Bed),
    /// Give a tip, such as a good hotel
    #[command(after_help = "JSON: {id}")]
    Tip(Tip),
    /// Offer anything else
    #[command(after_help = "JSON: {id}")]
    Other(Other),
    /// List what is offered, what ends first in front
    #[command(
        after_help = "JSON: [{id, event, owner, name, mine, changed, hidden, over, free, offer, \
        requests: [{id, event, offer, person, name, mine, asked, places, word, \
        state: asked | yes | no | withdrawn | over, granted}]}]"
    )]
    List(List),
    /// Show an offer, and who asked
    #[command(after_help = "JSON: as one of `offer list`")]
    Show {
        /// The offer's id, its beginning, or what it is called
        id: String,
    },
    /// Change an offer of mine; what is not named stays
    #[command(after_help = "JSON: {id}")]
    Edit(Edit),
    /// Withdraw an offer or a request of mine: it is erased
    #[command(after_help = "JSON: {id}")]
    Withdraw {
        /// The offer's or the request's id, or its beginning
        id: String,
    },
    /// Ask for a place; everybody in the event sees it
    #[command(after_help = "JSON: {id}")]
    Ask(Ask),
    /// List what I asked for, and what others ask me
    #[command(
        after_help = "JSON: [{id, event, offer, person, name, mine, asked, places, word, state, \
        granted}]"
    )]
    Requests(Which),
    /// Answer somebody who asks for a place of mine
    #[command(after_help = "JSON: {id}")]
    Answer {
        /// The request's id, or its beginning
        id: String,
        /// Whether they get it
        reply: Reply,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Ride {
    /// From where
    #[arg(long)]
    from: String,
    /// To where
    #[arg(long)]
    to: String,
    /// When it leaves, in the event's time, such as 2023-09-10T14:30
    #[arg(long, value_name = "TIME")]
    at: String,
    /// How many seats
    #[arg(long, default_value_t = 1)]
    seats: u8,
    #[command(flatten)]
    words: Words,
}

#[derive(Debug, Args)]
pub(crate) struct Bed {
    /// The day of the first evening
    #[arg(long, value_name = "DAY")]
    from: Day,
    /// The day of the last morning
    #[arg(long, value_name = "DAY")]
    to: Day,
    /// For how many people
    #[arg(long, default_value_t = 1)]
    places: u8,
    #[command(flatten)]
    words: Words,
}

#[derive(Debug, Args)]
pub(crate) struct Tip {
    /// What it is
    title: String,
    #[command(flatten)]
    words: Words,
}

#[derive(Debug, Args)]
pub(crate) struct Other {
    /// What it is
    title: String,
    /// How many may have it [default: there is nothing to ask for]
    #[arg(long)]
    places: Option<u8>,
    #[command(flatten)]
    words: Words,
}

#[derive(Debug, Args)]
pub(crate) struct Words {
    /// More about it, or `-` for standard input
    #[arg(long)]
    text: Option<String>,
    /// Until when it holds, in the event's time [default: by what it is]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this kind
    #[arg(long, value_enum)]
    kind: Option<Offers>,
    /// Only with a place that nobody has yet
    #[arg(long)]
    free: bool,
    /// Only my own
    #[arg(long)]
    mine: bool,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The offer's id, its beginning, or what it is called
    id: String,
    /// More about it, or `-` for standard input
    #[arg(long)]
    text: Option<String>,
    /// How many places
    #[arg(long, visible_alias = "seats")]
    places: Option<u8>,
    /// When a ride leaves, in the event's time
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Until when it holds, in the event's time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The offer's id, its beginning, or what it is called
    id: String,
    /// How many places
    #[arg(long, visible_alias = "seats", default_value_t = 1)]
    places: u8,
    /// A word to whoever offers it
    word: Vec<String>,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let device = &device;
        match self {
            Self::Ride(ride) => ride.words.offer(app, device, |zone| {
                Ok(Offering::Ride {
                    from: parse("a place", &ride.from, Stop::new)?,
                    to: parse("a place", &ride.to, Stop::new)?,
                    when: time(&ride.at, zone)?,
                    places: places(ride.seats)?,
                })
            }),
            Self::Bed(bed) => bed.words.offer(app, device, |_| {
                let nights = parse("the last morning", &bed.to.to_string(), |_| {
                    Nights::new(bed.from, bed.to)
                })?;
                Ok(Offering::Bed { nights, places: places(bed.places)? })
            }),
            Self::Tip(tip) => tip.words.offer(app, device, |_| {
                Ok(Offering::Tip { title: parse("a title", &tip.title, Line::new)? })
            }),
            Self::Other(other) => other.words.offer(app, device, |_| {
                let title = parse("a title", &other.title, Line::new)?;
                Ok(Offering::Other { title, places: other.places.map(places).transpose()? })
            }),
            Self::List(filter) => list(app, device, &filter),
            Self::Show { id } => show(app, device, find(device, &id)?),
            Self::Edit(edit) => edit.run(app, device),
            Self::Withdraw { id } => withdraw(app, device, &id),
            Self::Ask(ask) => {
                let word = parse("a word", &text(&ask.word)?, Prose::new)?;
                let id = find(device, &ask.id)?;
                let request = device.ask_for_seat(id, places(ask.places)?, &word)?;
                note::say(app, request, "Asked")
            }
            Self::Requests(which) => requests(app, device, which.find(device)?),
            Self::Answer { id, reply } => {
                let request = find_request(device, &id, |it| !it.mine)?;
                device.answer_seat(request, reply == Reply::Yes)?;
                note::say(app, request, "Answered")
            }
        }
    }
}

impl Words {
    fn offer(
        &self,
        app: &App,
        device: &Device,
        offering: impl FnOnce(&TimeZone) -> Result<Offering, Failure>,
    ) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let zone = zone_of(device, Some(event))?;
        let offering = offering(&zone)?;
        let until = match &self.until {
            Some(until) => time(until, &zone)?,
            None => device.offer_ends(event, &offering)?,
        };
        let mut offer = Offer::new(offering, until);
        if let Some(words) = &self.text {
            offer = offer.with_text(offer_text(words)?);
        }
        note::say(app, device.make_offer(event, &offer)?, "Offered")
    }
}

impl Edit {
    fn run(self, app: &App, device: &Device) -> Result<(), Failure> {
        let id = find(device, &self.id)?;
        let old = device.offer(id)?;
        let zone = zone_of(device, Some(old.event))?;
        let mut offering = old.offer.offering().clone();
        if let Some(number) = self.places {
            let number = places(number)?;
            match &mut offering {
                Offering::Ride { places, .. } | Offering::Bed { places, .. } => *places = number,
                Offering::Other { places, .. } => *places = Some(number),
                Offering::Tip { .. } => return Err(Failure::Usage("a tip has no places")),
            }
        }
        let leaves = self.at.as_ref().map(|at| time(at, &zone)).transpose()?;
        if let Some(at) = leaves {
            match &mut offering {
                Offering::Ride { when, .. } => *when = at,
                _ => return Err(Failure::Usage("only a ride leaves at a time")),
            }
        }
        let until = match (&self.until, leaves) {
            (Some(until), _) => time(until, &zone)?,
            (None, Some(at)) => at,
            (None, None) => old.offer.until(),
        };
        let words = match &self.text {
            Some(words) => offer_text(words)?,
            None => old.offer.text().clone(),
        };
        device.edit_offer(id, &Offer::new(offering, until).with_text(words))?;
        note::say(app, id, "Saved offer")
    }
}

/// The offer that is meant, in any event, past ones too.
fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let mut offers = Vec::new();
    for event in device.events()? {
        offers.extend(device.offers(event.id, &OfferFilter::default(), Millis::EPOCH)?);
    }
    ids::find("offer", given, offers.iter().map(|it| (it.id, title(&it.offer))))
}

/// The request that is meant, among mine and those to me.
fn find_request(
    device: &Device,
    given: &str,
    which: impl Fn(&SeatRecord) -> bool,
) -> Result<Id, Failure> {
    let mut requests = Vec::new();
    for event in device.events()? {
        requests.extend(device.my_seat_requests(event.id)?);
        requests.extend(device.seat_requests_to_me(event.id)?);
    }
    ids::find("request", given, requests.iter().filter(|it| which(it)).map(|it| (it.id, "")))
}

fn withdraw(app: &App, device: &Device, given: &str) -> Result<(), Failure> {
    match find_request(device, given, |it| it.mine) {
        Ok(request) => {
            device.withdraw_seat(request)?;
            note::say(app, request, "Withdrew request")
        }
        Err(Failure::Unknown { .. }) => {
            let offer = find(device, given)?;
            device.withdraw_offer(offer)?;
            note::say(app, offer, "Withdrew offer")
        }
        Err(failure) => Err(failure),
    }
}

fn list(app: &App, device: &Device, list: &List) -> Result<(), Failure> {
    let event = list.which.find(device)?;
    let owner = if list.mine { Some(device.me()?.person) } else { None };
    let kind = list.kind.map(|Offers(kind)| kind);
    let filter = OfferFilter { kind, owner, free: list.free };
    let offers = device.offers(event, &filter, when::now())?;
    let zone = zone_of(device, Some(event))?;
    let rows: Vec<_> = offers.iter().map(|it| row(it, &zone)).collect();
    app.out.say(&offers, |page| {
        page.table(&["offer", "", "what", "by", "free", "until"], &rows);
        page.styled(Style::Dim, format!("{}.", count(offers.len(), "offer", "offers")));
    })
}

fn row(record: &OfferRecord, zone: &TimeZone) -> Vec<String> {
    vec![
        ids::short(record.id),
        Offers::word(record.offer.offering().kind()).to_owned(),
        title(&record.offer),
        by(record),
        free(record),
        when::moment(record.offer.until(), zone),
    ]
}

fn show(app: &App, device: &Device, id: Id) -> Result<(), Failure> {
    let record = device.offer(id)?;
    let zone = zone_of(device, Some(record.event))?;
    let places = whereabouts(device, Kind::Offer, id)?;
    app.out.say(&record, |page| {
        page.styled(Style::Bold, title(&record.offer));
        page.fact("offer", ids::short(record.id));
        page.fact("kind", Offers::word(record.offer.offering().kind()));
        page.fact("by", by(&record));
        if let Offering::Ride { when, .. } = record.offer.offering() {
            page.fact("leaves", when::moment(*when, &zone));
        }
        page.fact("free", free(&record));
        page.fact("until", when::moment(record.offer.until(), &zone));
        page.fact("", if record.over { "It is past." } else { "" });
        page.fact("hidden", if record.hidden { "by an organiser" } else { "" });
        page.fact("where", places.words());
        if !record.offer.text().is_empty() {
            page.line("");
            page.prose(0, record.offer.text().as_str());
        }
        draw_requests(page, &record.requests);
    })
}

fn requests(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let mut all = device.seat_requests_to_me(event)?;
    all.extend(device.my_seat_requests(event)?);
    app.out.say(&all, |page| {
        draw_requests(page, &all);
        page.styled(Style::Dim, format!("{}.", count(all.len(), "request", "requests")));
    })
}

fn draw_requests(page: &mut Page, requests: &[SeatRecord]) {
    let row = |it: &SeatRecord| {
        let name = it.name.as_ref().map_or_else(|| ids::short(it.person), ToString::to_string);
        vec![
            ids::short(it.id),
            if it.mine { "me".to_owned() } else { name },
            it.places.get().to_string(),
            state(it),
            it.word.to_string(),
        ]
    };
    let rows: Vec<_> = requests.iter().map(row).collect();
    page.table(&["request", "by", "places", "answer", "word"], &rows);
}

fn state(request: &SeatRecord) -> String {
    match request.state {
        SeatState::Asked => "asked".to_owned(),
        SeatState::Yes if request.granted != request.places.get() => {
            format!("yes, for {}", request.granted)
        }
        SeatState::Yes => "yes".to_owned(),
        SeatState::No => "no".to_owned(),
        SeatState::Withdrawn => "the offer was withdrawn".to_owned(),
        SeatState::Over => "past".to_owned(),
    }
}

/// What an offer is called.
pub(crate) fn title(offer: &Offer) -> String {
    match offer.offering() {
        Offering::Ride { from, to, .. } => format!("{from} → {to}"),
        Offering::Bed { nights, .. } => format!("{} to {}", nights.from(), nights.until()),
        Offering::Tip { title } | Offering::Other { title, .. } => title.to_string(),
    }
}

fn by(record: &OfferRecord) -> String {
    match (record.mine, &record.name) {
        (true, _) => "me".to_owned(),
        (false, Some(name)) => name.to_string(),
        (false, None) => ids::short(record.owner),
    }
}

fn free(record: &OfferRecord) -> String {
    let all = record.offer.offering().places();
    match (record.free, all) {
        (Some(free), Some(all)) => format!("{free} of {}", all.get()),
        _ => String::new(),
    }
}

fn places(number: u8) -> Result<Places, Failure> {
    parse("the number of places", &number.to_string(), |_| Places::new(number))
}

fn offer_text(words: &String) -> Result<OfferText, Failure> {
    parse("a text", &text(std::slice::from_ref(words))?, OfferText::new)
}

fn time(given: &str, zone: &TimeZone) -> Result<Millis, Failure> {
    when::read(given, zone).ok_or(Failure::Usage("a time is given as 2023-09-10T14:30"))
}
