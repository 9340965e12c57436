//! `teilgeber contact`: people I met, as I remember them. They never see it.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use teilgeber_device::model::{
    Contact, Day, Id, Line, Meeting, Memo, Millis, Promise, Promises, TimeZone, Whose,
};
use teilgeber_device::{
    Clock, ContactRecord, Device, Did, Heard, Kind, MetBefore, Removed, SystemClock,
};

use crate::erasure::{Moment, erase};
use crate::event::zone_of;
use crate::failure::Failure;
use crate::home::App;
use crate::me::draw_card;
use crate::page::{Page, Style, count};
use crate::status::{Whereabouts, whereabouts};
use crate::value::{list as bounded, parse, text};
use crate::{ids, note, session, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List my contacts, by name
    #[command(after_help = "JSON: [{id, contact, follows}]")]
    List,
    /// Show a contact, and where else it is
    #[command(after_help = "JSON: {id, contact: {person, name, card, memo, meetings, promises, \
        confirmed, followed}, follows, places}")]
    Show(Who),
    /// Write down what I want to remember; `-` reads it from standard input
    #[command(after_help = "JSON: {id}")]
    Memo {
        #[command(flatten)]
        who: Who,
        /// The words that replace the old ones
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Write down what we promised each other, or that it was kept
    #[command(after_help = "JSON: {id}")]
    Promise(Promising),
    /// Follow what a contact does; they are not told
    #[command(after_help = "JSON: {id}")]
    Follow(Who),
    /// Follow a contact no more
    #[command(after_help = "JSON: {id}")]
    Unfollow(Who),
    /// What those whom I follow did, the latest first
    #[command(after_help = "JSON: [{person, name, when, what: \"card\" | {appears: {event}} | \
        {pitched: {event, session, title}} | {said: {event, post, text}}}]")]
    News {
        /// Only since this day, such as 2023-09-10
        #[arg(long, value_name = "DAY")]
        since: Option<Day>,
    },
    /// Erase what I hold of a person
    #[command(after_help = "JSON: {id, until}; with --now {id}; with --lock-out {id, card_moved, \
        told, not_reached}")]
    Rm(Removing),
}

/// Which contact is meant.
#[derive(Debug, Clone, Args)]
pub(crate) struct Who {
    /// The person's id, its beginning, or the contact's name
    #[arg(value_name = "PERSON")]
    given: String,
}

#[derive(Debug, Args)]
pub(crate) struct Removing {
    #[command(flatten)]
    who: Who,
    /// Let them see no later change of my card, at once; all others go on to follow it
    #[arg(long)]
    lock_out: bool,
    #[command(flatten)]
    moment: Moment,
}

#[derive(Debug, Args)]
pub(crate) struct Promising {
    #[command(flatten)]
    who: Who,
    /// What was promised
    #[arg(required_unless_present = "kept")]
    text: Vec<String>,
    /// Who promised
    #[arg(long, value_enum, default_value = "me")]
    by: By,
    /// The promise with this number was kept
    #[arg(long, value_name = "NUMBER", conflicts_with = "text")]
    kept: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Me,
    Them,
}

/// What `contact rm --lock-out` answers.
#[derive(Serialize)]
struct LockedOut {
    id: Id,
    #[serde(flatten)]
    removed: Removed,
}

/// What `contact show` answers.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    record: ContactRecord,
    places: Whereabouts,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::List => list(app, &device),
            Self::Show(who) => show(app, &device, who.find(&device)?),
            Self::Memo { who, text: words } => {
                let person = who.find(&device)?;
                let memo = parse("a memo", &text(&words)?, Memo::new)?;
                device.set_contact(&device.contact(person)?.contact.with_memo(memo))?;
                note::say(app, person, "Saved contact")
            }
            Self::Promise(promising) => promising.run(app, &device),
            Self::Follow(who) => {
                let person = who.find(&device)?;
                device.follow(person)?;
                note::say(app, person, "Following")
            }
            Self::Unfollow(who) => {
                let person = who.find(&device)?;
                device.unfollow(person)?;
                note::say(app, person, "No longer following")
            }
            Self::News { since } => news(app, &device, since),
            Self::Rm(removing) => removing.run(app, &device),
        }
    }
}

impl Who {
    /// The contact that is given as this.
    pub(crate) fn named(given: &str) -> Self {
        Self { given: given.to_owned() }
    }

    /// The contact that is meant.
    pub(crate) fn find(&self, device: &Device) -> Result<Id, Failure> {
        let contacts = device.contacts()?;
        let known = contacts.iter().map(|known| &known.contact);
        ids::find("contact", &self.given, known.map(|it| (it.person(), it.name().as_str())))
    }
}

impl Promising {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let person = self.who.find(device)?;
        let contact = device.contact(person)?.contact;
        let promises = self.apply(&contact, SystemClock.now())?;
        device.set_promises(person, promises)?;
        note::say(app, person, "Saved contact")
    }

    fn apply(&self, contact: &Contact, now: u64) -> Result<Promises, Failure> {
        let mut promises = contact.promises().clone().into_vec();
        if let Some(number) = self.kept {
            let promise = number.checked_sub(1).and_then(|at| promises.get_mut(at));
            let given = number.to_string();
            promise.ok_or(Failure::Unknown { noun: "promise", given })?.kept = true;
        } else {
            promises.push(Promise {
                by: if self.by == By::Me { Whose::Mine } else { Whose::Theirs },
                text: parse("a promise", &text(&self.text)?, Line::new)?,
                made: Millis::new(now).unwrap_or(Millis::MAX),
                kept: false,
            });
        }
        bounded("the promises", promises)
    }
}

impl Removing {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let id = self.who.find(device)?;
        if !self.lock_out {
            return erase(app, device, (Kind::Contact, id), self.moment, "Erased contact");
        }
        let answer = LockedOut { id, removed: device.remove_contact(id)? };
        app.out.say(&answer, |page| {
            let removed = &answer.removed;
            page.line(format!("Erased contact {}. They see no later change.", ids::short(id)));
            if removed.card_moved {
                let told = count(removed.told.len(), "person goes", "people go");
                page.line(format!("Your card moved; {told} on following it."));
            }
            for person in &removed.not_reached {
                let short = ids::short(*person);
                page.line(format!("No letter finds {short}: give them your card when you meet."));
            }
        })
    }
}

fn list(app: &App, device: &Device) -> Result<(), Failure> {
    let contacts = device.contacts()?;
    let row = |known: &ContactRecord| {
        let open = known.contact.promises().iter().filter(|promise| !promise.kept).count();
        vec![
            ids::short(known.contact.person()),
            known.contact.name().to_string(),
            confirmed(&known.contact).to_owned(),
            if open == 0 { String::new() } else { count(open, "promise open", "promises open") },
        ]
    };
    let rows: Vec<_> = contacts.iter().map(row).collect();
    app.out.say(&contacts, |page| {
        page.table(&["person", "name", "", ""], &rows);
        page.styled(Style::Dim, format!("{}.", count(contacts.len(), "contact", "contacts")));
    })
}

fn show(app: &App, device: &Device, person: Id) -> Result<(), Failure> {
    let record = device.contact(person)?;
    let places = whereabouts(device, Kind::Contact, person)?;
    let mut meetings = Vec::new();
    for meeting in record.contact.meetings() {
        meetings.push(met(device, meeting)?);
    }
    let shown = Shown { record, places };
    app.out.say(&shown, |page| {
        let contact = &shown.record.contact;
        page.styled(Style::Bold, contact.name().as_str());
        page.fact("person", ids::short(person));
        page.fact("is", confirmed(contact));
        page.fact("card", if shown.record.follows { "kept up to date by them" } else { "" });
        page.fact("followed", if contact.is_followed() { "yes" } else { "" });
        if let Some(card) = contact.card() {
            draw_card(page, card);
        }
        page.fact("met", meetings.join("\n"));
        promises(page, contact);
        page.fact("memo", contact.memo().as_str());
        page.fact("where", shown.places.words());
    })
}

fn news(app: &App, device: &Device, since: Option<Day>) -> Result<(), Failure> {
    let since = since.map(|day| when::read(&format!("{day}T00:00"), &TimeZone::default()));
    let news = device.news_of_followed(since.flatten().unwrap_or(Millis::EPOCH))?;
    let events = device.events()?;
    let at = |id: &Id| {
        let named = events.iter().find(|event| event.id == *id);
        named.map_or_else(|| ids::short(*id), |event| event.name.to_string())
    };
    let row = |heard: &Heard| {
        let (place, words) = match &heard.what {
            Did::Card => (String::new(), "changed their card".to_owned()),
            Did::Appears { event } => (at(event), "appears there".to_owned()),
            Did::Pitched { event, title, .. } => (at(event), format!("pitched {title}")),
            Did::Said { event, text, .. } => (at(event), text.to_string()),
        };
        let when = when::moment(heard.when, &TimeZone::default());
        vec![when, heard.name.to_string(), place, words]
    };
    let rows: Vec<_> = news.iter().map(row).collect();
    app.out.say(&news, |page| page.table(&["when (UTC)", "name", "event", ""], &rows))
}

/// `event met`: those who appear in an event and whom I met before.
pub(crate) fn met_before(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let before = device.met_in(event)?;
    let events = device.events()?;
    let row = |one: &MetBefore| {
        let mut places = Vec::new();
        for meeting in &*one.meetings {
            places.push(met(device, meeting)?);
        }
        let seen = events.iter().filter(|event| one.events.contains(&event.id));
        places.extend(seen.map(|event| format!("at {}", event.name)));
        let name = one.name.as_ref().map(ToString::to_string).unwrap_or_default();
        let is = if one.contact { "contact" } else { "" };
        Ok(vec![ids::short(one.person), name, is.to_owned(), places.join("; ")])
    };
    let rows = before.iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
    app.out.say(&before, |page| page.table(&["person", "name", "", "met"], &rows))
}

fn promises(page: &mut Page, contact: &Contact) {
    let line = |(at, promise): (usize, &Promise)| {
        let by = if promise.by == Whose::Mine { "I" } else { "they" };
        let kept = if promise.kept { " (kept)" } else { "" };
        format!("{}. {by}: {}{kept}", at + 1, promise.text)
    };
    let lines: Vec<String> = contact.promises().iter().enumerate().map(line).collect();
    page.fact("promises", lines.join("\n"));
}

fn met(device: &Device, meeting: &Meeting) -> Result<String, Failure> {
    let mut words = vec![when::moment(meeting.when, &zone_of(device, meeting.event)?)];
    if let Some(event) = meeting.event {
        let events = device.events()?;
        words.extend(events.iter().find(|it| it.id == event).map(|it| it.name.to_string()));
    }
    if let Some(id) = meeting.session {
        words.push(session::title(device, id)?);
    }
    words.extend(meeting.place.as_ref().map(ToString::to_string));
    Ok(words.join(", "))
}

fn confirmed(contact: &Contact) -> &'static str {
    if contact.is_confirmed() { "confirmed" } else { "not confirmed yet" }
}
