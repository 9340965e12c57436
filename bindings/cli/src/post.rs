//! `teilgeber post`: short texts on the wall of an event.

use clap::{Args, Subcommand};
use teilgeber_device::model::{About, Id, List, Millis, Name, Post, PostText, Tag, TimeZone};
use teilgeber_device::{Clock, Device, Kind, NewPost, PostFilter, PostRecord, SystemClock};

use crate::erasure::{Moment, erase};
use crate::event::{Which, zone_of};
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::value::{list as bounded, parse, text};
use crate::{ids, note, people, session, when};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Post a few sentences, for everybody in an event
    #[command(after_help = "JSON: {id}")]
    Write(Write),
    /// The posts of an event, the newest last
    #[command(after_help = JSON)]
    List(Listing),
    /// A post and what answers it
    #[command(after_help = JSON)]
    Show {
        /// The post's id, or its beginning
        id: String,
    },
    /// Make a post of mine say something else; what it said before is dropped everywhere
    #[command(after_help = "JSON: {id}")]
    Edit {
        /// The post's id, or its beginning
        id: String,
        /// The words that replace the old ones, or `-`
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Erase a post of mine: here at once, and asked for elsewhere
    #[command(after_help = "JSON: {id, until}; with --now {id}")]
    Erase {
        /// The post's id, or its beginning
        id: String,
        #[command(flatten)]
        moment: Moment,
    },
    /// What is said in the other rooms, now
    #[command(after_help = "JSON: [{room, session, title, posts}]")]
    Others(Others),
}

const JSON: &str = "JSON: [{id, event, author, name, mine, edited, hidden, policy, post: \
    {text, said, about, reply_to, mentions, everyone}}]";

#[derive(Debug, Args)]
pub(crate) struct Write {
    /// The words, or `-`
    #[arg(required = true)]
    text: Vec<String>,
    #[command(flatten)]
    topic: Topic,
    /// The post that it answers
    #[arg(long, value_name = "ID")]
    reply: Option<String>,
    /// Somebody who shall be told of it
    #[arg(long = "mention", value_name = "WHO")]
    mentions: Vec<String>,
    /// It may leave the event, over a bridge or on a page
    #[arg(long)]
    everyone: bool,
    #[command(flatten)]
    which: Which,
}

/// What posts are about.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Topic {
    /// About this session
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// About this topic
    #[arg(long, value_name = "TAG")]
    topic: Option<String>,
    /// About this person
    #[arg(long, value_name = "WHO")]
    person: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Listing {
    /// About this session
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// About this topic
    #[arg(long, value_name = "TAG")]
    topic: Option<String>,
    /// Said by this person
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// In which I am named
    #[arg(long)]
    to_me: bool,
    /// How many at most
    #[arg(long, default_value_t = 50)]
    limit: u32,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Others {
    /// The session in which I am
    #[arg(long, value_name = "ID")]
    here: Option<String>,
    /// At this time, in the event's zone, such as 2023-09-10T14:30 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// How many of each room at most
    #[arg(long, default_value_t = 10)]
    limit: u32,
    #[command(flatten)]
    which: Which,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        match self {
            Self::Write(write) => write.run(app, &device),
            Self::List(list) => list.run(app, &device),
            Self::Show { id } => {
                let id = find(&device, &id)?;
                say(app, &device, &device.thread(id)?)
            }
            Self::Edit { id, text: words } => {
                let id = find(&device, &id)?;
                let old = device.post(id)?.post;
                device.edit_post(id, &again(&old, words_of(&words)?))?;
                note::say(app, id, "Saved post")
            }
            Self::Erase { id, moment } => {
                let id = find(&device, &id)?;
                erase(app, &device, (Kind::Post, id), moment, "Erased post")
            }
            Self::Others(others) => others.run(app, &device),
        }
    }
}

impl Write {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let reply_to = self.reply.as_ref().map(|given| find(device, given)).transpose()?;
        let named = self.mentions.iter().map(|given| people::find(device, given));
        let mentions = bounded("mentions", named.collect::<Result<_, _>>()?)?;
        let (event, about) = self.topic.find(device)?;
        let event = match (event, reply_to) {
            (Some(event), _) => event,
            (None, Some(reply)) => device.post(reply)?.event,
            (None, None) => self.which.find(device)?,
        };
        let post = NewPost {
            about,
            reply_to,
            mentions,
            everyone: self.everyone,
            ..NewPost::new(words_of(&self.text)?)
        };
        note::say(app, device.write_post(event, &post)?, "Posted")
    }
}

impl Topic {
    /// The event in which it is, where that follows from it, and what it is.
    fn find(&self, device: &Device) -> Result<(Option<Id>, Option<About>), Failure> {
        if let Some(given) = &self.session {
            let (event, session) = session::find_anywhere(device, given)?;
            return Ok((Some(event), Some(About::Session(session))));
        }
        if let Some(given) = &self.person {
            return Ok((None, Some(About::Person(people::find(device, given)?))));
        }
        let topic = self.topic.as_ref().map(|given| parse("a topic", given, Tag::new));
        Ok((None, topic.transpose()?.map(About::Topic)))
    }
}

impl Listing {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let session = self.session.as_ref().map(|given| session::find_anywhere(device, given));
        let session = session.transpose()?;
        let event = match session {
            Some((event, _)) => event,
            None => self.which.find(device)?,
        };
        let topic = self.topic.as_ref().map(|given| parse("a topic", given, Tag::new));
        let author = self.by.as_ref().map(|given| people::find(device, given));
        let filter = PostFilter {
            session: session.map(|(_, session)| session),
            topic: topic.transpose()?,
            author: author.transpose()?,
            mentioning: self.to_me.then(|| device.me()).transpose()?.map(|me| me.person),
        };
        say(app, device, &device.posts(event, &filter, None, self.limit)?)
    }
}

impl Others {
    fn run(&self, app: &App, device: &Device) -> Result<(), Failure> {
        let here = self.here.as_ref().map(|given| session::find_anywhere(device, given));
        let here = here.transpose()?;
        let event = match here {
            Some((event, _)) => event,
            None => self.which.find(device)?,
        };
        let zone = zone_of(device, Some(event))?;
        let now = match &self.at {
            Some(at) => when::read(at, &zone)
                .ok_or(Failure::Usage("the time is given as 2023-09-10T14:30"))?,
            None => Millis::new(SystemClock.now()).unwrap_or(Millis::MAX),
        };
        let here = here.map(|(_, session)| session);
        let rooms = device.other_rooms(event, here, now, self.limit)?;
        app.out.say(&rooms, |page| {
            for room in &rooms {
                page.styled(Style::Bold, format!("{}: {}", room.room, room.title));
                room.posts.iter().for_each(|post| draw(page, post, &zone));
            }
            if rooms.is_empty() {
                page.styled(Style::Dim, "Nothing else runs now.");
            }
        })
    }
}

/// The post that is meant, among all events.
pub(crate) fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let posts = device.posts_called(given, ids::CANDIDATES_MAX)?;
    ids::find("post", given, posts.into_iter().map(|id| (id, "")))
}

fn words_of(words: &[String]) -> Result<PostText, Failure> {
    parse("a post", &text(words)?, PostText::new)
}

/// The post with other words.
fn again(old: &Post, text: PostText) -> NewPost {
    NewPost {
        text,
        about: old.about().cloned(),
        reply_to: old.reply_to(),
        mentions: List::lossy(old.mentions().iter().copied()),
        everyone: old.everyone().is_some(),
    }
}

fn say(app: &App, device: &Device, posts: &[PostRecord]) -> Result<(), Failure> {
    let zone = zone_of(device, posts.first().map(|post| post.event))?;
    app.out.say(&posts, |page| {
        posts.iter().for_each(|post| draw(page, post, &zone));
        page.styled(Style::Dim, format!("{}.", count(posts.len(), "post", "posts")));
    })
}

fn draw(page: &mut Page, record: &PostRecord, zone: &TimeZone) {
    let who = match &record.name {
        Some(name) => Name::to_string(name),
        None => ids::short(record.author),
    };
    let mut about = vec![ids::short(record.id), when::moment(record.post.said(), zone), who];
    about.extend(record.edited.then(|| "edited".to_owned()));
    about.extend(record.post.everyone().map(|_| "for everyone".to_owned()));
    page.styled(Style::Dim, about.join("  "));
    page.prose(2, record.post.text().as_str());
}
