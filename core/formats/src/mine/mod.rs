//! Everything of mine as a folder that is read without this program, and read back from it.
//!
//! | file | holds |
//! |---|---|
//! | `README.md` | what is where |
//! | `mine.json` | all of it, exact: [`Mine`], as `mine.schema.json` beside it says |
//! | `profile.md`, `contacts.md`, … | the same for people, in Markdown: [`pages`] |
//! | `contacts/*.vcf` | my contacts for an address book |
//! | `photos/*` | my photos as they are |
//! | `SECRET-KEYS.json` | only where it was asked for: [`Keys`] |
//!
//! The folder comes from anywhere when it is read: a stick, a mail, a stranger. Sizes and counts are
//! bounded, and every value passes through the model's own checks.

mod keys;
mod pages;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use teilgeber_model::{
    About, Anchor, Caption, Contact, Days, Digest, DirectMessage, Id, Line, MediaType, Mentions,
    Millis, Muted, Note, Offer, Places, Policy, PostText, Profile, Prose, Session, Star, TimeZone,
    Title, Topics,
};
use thiserror::Error;

pub use keys::{CardKey, ContactKey, EventKey, Keys, Secret};
pub use pages::pages;

/// The file with all of it.
pub const FILE: &str = "mine.json";

/// The file with the keys.
pub const KEYS_FILE: &str = "SECRET-KEYS.json";

/// The file that says what [`FILE`] looks like.
pub const SCHEMA_FILE: &str = "mine.schema.json";

/// What [`FILE`] looks like: JSON Schema, draft 2020-12.
pub const SCHEMA: &str = include_str!("mine.schema.json");

/// The version that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// The most bytes of [`FILE`]: a hundred thousand long notes.
pub const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The most bytes of [`KEYS_FILE`].
pub const KEYS_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The most of one kind of thing: what a life of barcamps brings, many times over.
pub const COUNT_MAX: usize = 200_000;

const FORMAT: &str = "teilgeber-mine";

/// Everything of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    format: String,
    version: u32,
    /// When it was written down.
    pub written: Millis,
    /// Whose it is.
    pub person: Id,
    /// What I say about myself, and to whom.
    #[serde(default)]
    pub profile: Profile,
    /// My notes.
    #[serde(default)]
    pub notes: Vec<MyNote>,
    /// The people I met; also whom I follow.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// What I want to pick up again.
    #[serde(default)]
    pub anchors: Vec<MyAnchor>,
    /// The sessions that I look forward to.
    #[serde(default)]
    pub stars: Vec<Star>,
    /// From whom I want some quiet.
    #[serde(default)]
    pub muted: Vec<Muted>,
    /// What I wrote to one person, and they to me.
    #[serde(default)]
    pub messages: Vec<DirectMessage>,
    /// The events that I am in, with what I published there.
    #[serde(default)]
    pub events: Vec<MyEvent>,
    /// The sessions of others at which things of mine point, so that they can be called by a name.
    #[serde(default)]
    pub sessions: Vec<Named>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyNote {
    /// Which one.
    pub id: Id,
    /// When it was last changed.
    pub updated: Millis,
    /// What it says.
    #[serde(flatten)]
    pub note: Note,
}

/// An anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyAnchor {
    /// Which one.
    pub id: Id,
    /// What it says.
    #[serde(flatten)]
    pub anchor: Anchor,
}

/// An event, and what I published in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyEvent {
    /// Which one.
    pub id: Id,
    /// What it is called.
    pub name: Line<120>,
    /// When it is; unknown as long as the event has not come.
    #[serde(default)]
    pub days: Option<Days>,
    /// In which zone.
    #[serde(default)]
    pub time_zone: Option<TimeZone>,
    /// Whether I may organise it.
    #[serde(default)]
    pub organiser: bool,
    /// Whether I am to be seen there.
    #[serde(default)]
    pub appearing: bool,
    /// Whether others there see which sessions I starred.
    #[serde(default)]
    pub shares_stars: bool,
    /// What I offer and want.
    #[serde(default)]
    pub topics: Topics,
    /// My rides, beds and the like.
    #[serde(default)]
    pub offers: Vec<MyOffer>,
    /// What I asked for.
    #[serde(default)]
    pub seat_requests: Vec<MySeatRequest>,
    /// What I said on the wall.
    #[serde(default)]
    pub posts: Vec<MyPost>,
    /// The sessions that I pitched.
    #[serde(default)]
    pub sessions: Vec<MySession>,
    /// My words in shared notes; those of others are not here.
    #[serde(default)]
    pub pads: Vec<MyPad>,
    /// The photos that I took.
    #[serde(default)]
    pub photos: Vec<MyPhoto>,
}

/// An offer of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyOffer {
    /// Which one.
    pub id: Id,
    /// Its number among my documents of its kind in its event: its id follows from it.
    pub number: u32,
    /// What is offered.
    #[serde(flatten)]
    pub offer: Offer,
}

/// A request of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MySeatRequest {
    /// Which one.
    pub id: Id,
    /// Its number, as an offer's.
    pub number: u32,
    /// Of which offer.
    pub offer: Id,
    /// When I asked.
    pub asked: Millis,
    /// For how many places.
    pub places: Places,
    /// A word to the owner.
    #[serde(default)]
    pub word: Prose<500>,
}

/// A post of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyPost {
    /// Which one.
    pub id: Id,
    /// Its number, as an offer's.
    pub number: u32,
    /// When it was said first.
    pub said: Millis,
    /// What it says.
    pub text: PostText,
    /// What it is about.
    #[serde(default)]
    pub about: Option<About>,
    /// The post that it answers.
    #[serde(default)]
    pub reply_to: Option<Id>,
    /// Who is named in it.
    #[serde(default)]
    pub mentions: Mentions,
    /// Whether it may leave its event.
    #[serde(default)]
    pub everyone: bool,
    /// What may be told of the session that it is about.
    #[serde(default)]
    pub policy: Policy,
}

/// A session that I pitched. Under a stricter policy than *open* without the people who give it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MySession {
    /// Which one.
    pub id: Id,
    /// What may be told of it.
    #[serde(default)]
    pub rule: Policy,
    /// What it says.
    #[serde(flatten)]
    pub session: Session,
}

/// My words in the shared notes of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyPad {
    /// Of which session.
    pub session: Id,
    /// What may be told of it.
    #[serde(default)]
    pub rule: Policy,
    /// Each piece that I wrote, in the order in which they stand.
    #[serde(default)]
    pub words: Vec<String>,
    /// Lines of mine that went when the pad moved on.
    #[serde(default)]
    pub gone: Vec<String>,
}

/// A photo of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyPhoto {
    /// Which one.
    pub id: Id,
    /// Its number, as an offer's.
    pub number: u32,
    /// Of which session.
    pub session: Id,
    /// What may be told of it.
    #[serde(default)]
    pub rule: Policy,
    /// When I last said something of it.
    pub time: Millis,
    /// What stands below it.
    #[serde(default)]
    pub caption: Caption,
    /// What kind of picture it is.
    pub media: MediaType,
    /// The BLAKE3 hash of its bytes.
    pub hash: Digest,
    /// Whether it is in the folder, as [`file`](Self::file) says. Not where its faces may not be told.
    #[serde(default)]
    pub here: bool,
}

/// A session by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// What may be told of it.
    #[serde(default)]
    pub rule: Policy,
    /// What it is called.
    pub title: Title,
}

/// Why a folder is not taken in. Nothing of it was.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MineError {
    /// There is no such file in it.
    #[error("this folder holds no finished export: there is no {FILE} in it")]
    NoExport,
    /// It is something else.
    #[error("{file} was not written by an export of this program")]
    Foreign {
        /// Which file.
        file: &'static str,
    },
    /// A newer program wrote it.
    #[error("this folder was written in version {version}; this program reads up to {VERSION}")]
    Newer {
        /// Its version.
        version: u64,
    },
    /// It is not whole, or was changed by hand.
    #[error("{file} is damaged, at line {line}")]
    Damaged {
        /// Which file.
        file: &'static str,
        /// Where; 0 where no line can be named.
        line: usize,
    },
    /// There is more in it than this program takes.
    #[error("{file} is too large")]
    TooLarge {
        /// Which file.
        file: &'static str,
    },
    /// The keys are somebody else's than the rest.
    #[error("{KEYS_FILE} belongs to another person than {FILE}")]
    OtherPerson,
    /// Where it is to be written something is already.
    #[error("that folder is not empty: name a new one")]
    NotEmpty,
    /// An earlier export was interrupted.
    #[error("there is an unfinished export beside that folder: remove {0}, then try again")]
    Unfinished(String),
}

impl Mine {
    /// All of a person who has nothing yet.
    pub fn new(person: Id, written: Millis) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            written,
            person,
            profile: Profile::default(),
            notes: Vec::new(),
            contacts: Vec::new(),
            anchors: Vec::new(),
            stars: Vec::new(),
            muted: Vec::new(),
            messages: Vec::new(),
            events: Vec::new(),
            sessions: Vec::new(),
        }
    }

    /// The bytes of [`FILE`].
    ///
    /// # Errors
    /// [`MineError::TooLarge`] when no program would read it back.
    pub fn write(&self) -> Result<Vec<u8>, MineError> {
        self.check()?;
        let text = pretty(self, FILE)?;
        let fits = text.len() as u64 <= MAX_BYTES;
        if fits { Ok(text) } else { Err(MineError::TooLarge { file: FILE }) }
    }

    /// Reads the bytes of [`FILE`], from wherever they come.
    ///
    /// # Errors
    /// Any [`MineError`] that says what to do about it.
    pub fn read(bytes: &[u8]) -> Result<Self, MineError> {
        let read: Self = parse(bytes, FILE, FORMAT, MAX_BYTES)?;
        read.check()?;
        Ok(read)
    }

    /// Whether there is no more than is taken, and each thing once.
    fn check(&self) -> Result<(), MineError> {
        each_once(self.notes.iter().map(|it| it.id))?;
        each_once(self.contacts.iter().map(Contact::person))?;
        each_once(self.anchors.iter().map(|it| it.id))?;
        each_once(self.stars.iter().map(|it| it.session))?;
        each_once(self.muted.iter().map(|it| it.person))?;
        each_once(self.sessions.iter().map(|it| it.id))?;
        each_once(self.events.iter().map(|it| it.id))?;
        if self.messages.len() > COUNT_MAX {
            return Err(MineError::TooLarge { file: FILE });
        }
        self.events.iter().try_for_each(MyEvent::check)
    }
}

impl MyEvent {
    /// An event in which I did nothing yet.
    pub fn new(id: Id, name: Line<120>) -> Self {
        Self {
            id,
            name,
            days: None,
            time_zone: None,
            organiser: false,
            appearing: false,
            shares_stars: false,
            topics: Topics::default(),
            offers: Vec::new(),
            seat_requests: Vec::new(),
            posts: Vec::new(),
            sessions: Vec::new(),
            pads: Vec::new(),
            photos: Vec::new(),
        }
    }

    fn check(&self) -> Result<(), MineError> {
        each_once(self.offers.iter().map(|it| it.id))?;
        each_once(self.seat_requests.iter().map(|it| it.id))?;
        each_once(self.posts.iter().map(|it| it.id))?;
        if self.posts.iter().any(|it| it.text.as_str().trim().is_empty()) {
            return Err(MineError::Damaged { file: FILE, line: 0 });
        }
        each_once(self.sessions.iter().map(|it| it.id))?;
        each_once(self.pads.iter().map(|it| it.session))?;
        each_once(self.photos.iter().map(|it| it.id))
    }
}

impl MyPhoto {
    /// Where its bytes lie in the folder.
    pub fn file(&self) -> String {
        let ending = match self.media {
            MediaType::Jpeg => "jpg",
            MediaType::Png => "png",
            MediaType::Webp => "webp",
        };
        format!("photos/{}.{ending}", short(&self.id))
    }
}

/// Enough of an id to tell a person's things apart in names of files.
fn short(id: &Id) -> String {
    id.to_string()[..16].to_owned()
}

fn each_once(ids: impl Iterator<Item = Id>) -> Result<(), MineError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if seen.len() == COUNT_MAX {
            return Err(MineError::TooLarge { file: FILE });
        }
        if !seen.insert(id) {
            return Err(MineError::Damaged { file: FILE, line: 0 });
        }
    }
    Ok(())
}

fn pretty<T: Serialize>(value: &T, file: &'static str) -> Result<Vec<u8>, MineError> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|error| MineError::Damaged { file, line: error.line() })?;
    text.push(b'\n');
    Ok(text)
}

/// What a file says of itself before the rest is looked at, so that a newer one is told from a damaged
/// one.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: String,
    #[serde(default)]
    version: u64,
}

fn parse<T: for<'de> Deserialize<'de>>(
    bytes: &[u8],
    file: &'static str,
    format: &str,
    max: u64,
) -> Result<T, MineError> {
    if bytes.len() as u64 > max {
        return Err(MineError::TooLarge { file });
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => MineError::Foreign { file },
        _ => MineError::Damaged { file, line: error.line() },
    })?;
    if head.format != format {
        return Err(MineError::Foreign { file });
    }
    if head.version > VERSION.into() {
        return Err(MineError::Newer { version: head.version });
    }
    serde_json::from_slice(bytes).map_err(|error| MineError::Damaged { file, line: error.line() })
}
