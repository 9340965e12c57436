//! `teilgeber topic`: what people offer and want to talk about.

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::model::{Experience, Id, Stance, TopicName};
use teilgeber_device::{Device, Emergence, TopicPerson, TopicRecord};

use crate::event::Which;
use crate::failure::Failure;
use crate::home::App;
use crate::ids;
use crate::page::{Page, Style, count};
use crate::value::{Has, parse};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Offer to say something about a topic; everybody in the event sees it
    #[command(after_help = "JSON: {event, topic, stance, level}")]
    Offer(Say),
    /// Want to hear about a topic, or say "me too"; everybody in the event sees it
    #[command(after_help = "JSON: {event, topic, stance, level}")]
    Want(Say),
    /// Take a topic back
    #[command(after_help = "JSON: {event, topic}")]
    Drop {
        /// The topic, in any spelling of upper and lower case
        topic: String,
        #[command(flatten)]
        which: Which,
    },
    /// Who offers and wants what, by name
    #[command(
        after_help = "JSON: [{topic, offered_by: [{person, name, level}], wanted_by, mine}]; \
        with --emergent also why: [wanted_by_several | offered_by_several | nobody_offers]"
    )]
    List {
        /// Only what several want or offer, and what nobody offers yet
        #[arg(long)]
        emergent: bool,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Say {
    /// What it is about
    topic: String,
    /// How much I have done with it
    #[arg(long, value_enum)]
    level: Option<Has>,
    #[command(flatten)]
    which: Which,
}

/// What `topic offer`, `want` and `drop` answer.
#[derive(Serialize)]
struct Said {
    event: Id,
    topic: TopicName,
    #[serde(skip_serializing_if = "Option::is_none")]
    stance: Option<Stance>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Experience>,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Offer(say) => say.run(app, &device, Stance::Offer),
            Self::Want(say) => say.run(app, &device, Stance::Want),
            Self::Drop { topic, which } => {
                let event = which.find(&device)?;
                let topic = parse("a topic", &topic, TopicName::new)?;
                device.drop_topic(event, &topic)?;
                let said = Said { event, topic, stance: None, level: None };
                app.out.say(&said, |page| page.line(format!("Took back {}.", said.topic)))
            }
            Self::List { emergent: false, which } => list(app, &device, which.find(&device)?),
            Self::List { emergent: true, which } => emergent(app, &device, which.find(&device)?),
        }
    }
}

impl Say {
    fn run(self, app: &App, device: &Device, stance: Stance) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let topic = parse("a topic", &self.topic, TopicName::new)?;
        let level = self.level.map(|Has(level)| level);
        let done = match stance {
            Stance::Offer => {
                device.offer_topic(event, &topic, level)?;
                "Offered"
            }
            Stance::Want => {
                device.want_topic(event, &topic, level)?;
                "Wanted"
            }
        };
        let said = Said { event, topic, stance: Some(stance), level };
        app.out.say(&said, |page| page.line(format!("{done}: {}.", said.topic)))
    }
}

fn list(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let topics = device.topics(event)?;
    app.out.say(&topics, |page| {
        topics.iter().for_each(|topic| draw(page, topic, &topic.emergence()));
        page.styled(Style::Dim, format!("{}.", count(topics.len(), "topic", "topics")));
    })
}

fn emergent(app: &App, device: &Device, event: Id) -> Result<(), Failure> {
    let topics = device.emergent_topics(event)?;
    app.out.say(&topics, |page| {
        topics.iter().for_each(|it| draw(page, &it.topic, &it.why));
        page.styled(Style::Dim, format!("{}.", count(topics.len(), "topic", "topics")));
    })
}

fn draw(page: &mut Page, topic: &TopicRecord, why: &[Emergence]) {
    let marks: Vec<&str> = why.iter().map(|why| reason(*why)).collect();
    let title = page.set(Style::Bold, topic.topic.as_str());
    let marks = page.set(Style::Dim, &marks.join(", "));
    page.line(format!("{title}  {marks}").trim_end());
    page.fact("  offered by", people(&topic.offered_by));
    page.fact("  wanted by", people(&topic.wanted_by));
}

fn reason(why: Emergence) -> &'static str {
    match why {
        Emergence::WantedBySeveral => "wanted by several",
        Emergence::OfferedBySeveral => "offered by several",
        Emergence::NobodyOffers => "nobody offers this yet",
    }
}

/// Names, with what they have done with the topic.
fn people(people: &[TopicPerson]) -> String {
    let word = |it: &TopicPerson| {
        let name = it.name.as_ref().map_or_else(|| ids::short(it.person), ToString::to_string);
        match it.level {
            Some(level) => format!("{name} ({})", Has::word(level)),
            None => name,
        }
    };
    people.iter().map(word).collect::<Vec<_>>().join(", ")
}
