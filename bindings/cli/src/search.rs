//! `teilgeber search`: over everything that has words.

use clap::Args;
use teilgeber_device::{Device, Kind, Narrow};

use crate::failure::Failure;
use crate::home::App;
use crate::page::{Style, count};
use crate::{event, ids, people, session};

#[derive(Debug, Args)]
#[command(after_help = "JSON: [{kind, space, id, title, snippet: [{text, found}]}]")]
pub(crate) struct Search {
    /// Words that all must be there; the last may be the beginning of one
    #[arg(required = true)]
    words: Vec<String>,
    /// Only things of this kind, such as note or session
    #[arg(long, value_name = "KIND", value_parser = kind_of)]
    kind: Option<Kind>,
    /// Only what is in this event, and my notes of it
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// Only what belongs to this session
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Only what is this person's, or about them
    #[arg(long, value_name = "WHO")]
    person: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    limit: u32,
}

impl Search {
    pub(crate) fn run(&self, app: &App) -> Result<(), Failure> {
        self.look(app, &app.open()?)
    }

    pub(crate) fn look(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let hits = device.search_in(&self.words.join(" "), &self.narrow(device)?, self.limit)?;
        app.out.say(&hits, |page| {
            for hit in &hits {
                let title = if hit.title.is_empty() { "(untitled)" } else { &hit.title };
                let place = format!("{} {}", kind(hit.kind), ids::short(hit.id));
                page.line(format!(
                    "{}  {}",
                    page.set(Style::Dim, &place),
                    page.set(Style::Bold, title)
                ));
                let snippet: String = hit.snippet.iter().map(|piece| piece.text.as_str()).collect();
                page.prose(2, &snippet.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            page.styled(Style::Dim, format!("{} found.", count(hits.len(), "thing", "things")));
        })
    }

    fn narrow(&self, device: &Device) -> Result<Narrow, Failure> {
        let event = self.event.as_ref().map(|given| event::find(device, given));
        let session = self.session.as_ref().map(|given| session::find_anywhere(device, given));
        let person = self.person.as_ref().map(|given| people::find(device, given));
        Ok(Narrow {
            kind: self.kind,
            event: event.transpose()?,
            session: session.transpose()?.map(|(_, session)| session),
            person: person.transpose()?,
        })
    }
}

/// The word for a kind of thing.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Profile => "profile",
        Kind::Card => "person",
        Kind::Contact => "contact",
        Kind::Note => "note",
        Kind::Event => "event",
        Kind::Session => "session",
        Kind::Placement => "placement",
        Kind::Offer => "offer",
        Kind::SeatRequest => "request",
        Kind::Topics => "topics",
        Kind::Post => "post",
        Kind::Photo => "photo",
        Kind::PhotoData => "picture",
        Kind::Stars => "stars",
        Kind::Starred => "starred",
        Kind::Anchor => "anchor",
        Kind::Pad => "pad",
        Kind::Muted => "quiet",
        Kind::Lent => "loan",
        Kind::Message => "message",
    }
}

pub(crate) fn kind_of(word: &str) -> Result<Kind, String> {
    let found = Kind::all().find(|it| kind(*it) == word);
    found.ok_or_else(|| format!("one of {}", Kind::all().map(kind).collect::<Vec<_>>().join(", ")))
}
