//! The one public door of the core.
//!
//! A [`Device`] is a phone, tablet or laptop of a person, with everything that is on it. What the
//! `model` crate calls a noun has a file here that says what can be done with it; [`sync`] lets two
//! devices come to know the same, [`swap`] makes contacts of two people, and [`observe`] tells a screen
//! what changed.
//!
//! [`sync`]: Device::sync_with
//! [`swap`]: Device::show_code
//! [`observe`]: Device::observe
//!
//! # A small barcamp
//!
//! Ada founds an event on her laptop and says what she is called. Nothing of that is seen by
//! anyone: a field is for *me* until she says otherwise, and she is not seen in an event before she
//! says that, too. Syncing is `async`; all other calls block for as long as the disk takes and belong
//! off the main thread.
//!
//! ```
//! use teilgeber_device::model::{Audience, Days, Event, Line, Note, NoteText, Profile, Shared};
//! use teilgeber_device::model::{Session, TimeZone};
//! use teilgeber_device::{Config, Device, Filter, MetAt, NoteFilter};
//!
//! # #[tokio::main(flavor = "multi_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("teilgeber-tutorial-{}", std::process::id()));
//! let (ada, _) = Device::open(Config::new(folder.join("ada")))?;
//! let mut profile = Profile::default();
//! profile.set_name(Shared::new(Some(Line::new("Ada")?), Audience::Event));
//! ada.set_profile(&profile)?;
//!
//! let days = Days::new("2026-11-21".parse()?, "2026-11-22".parse()?)?;
//! let mill = Event::new(Line::new("Barcamp Mill")?, days, TimeZone::new("Europe/Berlin")?);
//! let event = ada.create_event(&mill)?;
//! ada.appear_in(event, true)?;
//! let session = ada.pitch_session(event, &Session::new(Line::new("Merging without meeting")?))?;
//!
//! // Bob joins by a code, which he may scan from a wall, and syncs over the network of the venue.
//! let server = ada.serve("127.0.0.1:0".parse()?, |_report| {}).await?;
//! let code = ada.join_code(event, &[server.local_addr()])?;
//!
//! let (bob, _) = Device::open(Config::new(folder.join("bob")))?;
//! let joined = bob.join(&code)?;
//! let report = bob.sync_with(joined.addresses[0]).await?;
//! assert_eq!(report.to_string(), "Barcamp Mill: received 3");
//!
//! let (people, _) = bob.participants(event, None, 10)?;
//! assert_eq!(people[0].card.name().unwrap().as_str(), "Ada");
//!
//! // Whatever he writes down is his own, and stays with the session when that moves.
//! let note = Note::new(NoteText::new("Ask about clocks.")?).with_session(Some(session));
//! let note = bob.create_note(&note)?;
//! assert_eq!(bob.notes(&NoteFilter { session: Some(session), ..NoteFilter::default() }, None, 10)?.len(), 1);
//! assert_eq!(bob.search("clock", 10)?[0].id, note);
//!
//! // They swap contacts: Ada shows a code, Bob scans it, and answers with his card.
//! profile.set_name(Shared::new(Some(Line::new("Bob")?), Audience::Contacts));
//! bob.set_profile(&profile)?;
//! let news = ada.observe(Filter::default());
//! let showing = ada.show_code(&[], Some(event))?;
//! let person = bob.scan(&showing.text, &MetAt::default())?;
//! bob.answer(person)?;
//! bob.sync_with(server.local_addr()).await?;
//!
//! assert!(news.wait(std::time::Duration::from_secs(1)).is_some());
//! assert_eq!(ada.contacts()?[0].contact.name().as_str(), "Bob");
//! assert!(ada.contacts()?[0].contact.is_confirmed() && bob.contact(person)?.contact.is_confirmed());
//! # server.stop().await;
//! # std::fs::remove_dir_all(folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//!
//! - **Saved is saved**: when an edit returns, it is on disk. Readers on screens are told after that.
//! - **Nothing is shared that the person did not share.** What others may see is published as a value
//!   without history, made from the profile for one audience at a time; what is narrowed later is
//!   published again without it.
//! - **Errors say what to do next** ([`Error`]), and name nothing that anyone wrote.
//! - Time, randomness and byte pipes can be given from outside ([`Config`], [`Device::sync_over`]), so
//!   that a whole venue can be simulated.
//!
//! Ids of things are [`model::Id`]s: an event's is its space, a contact's its person, everything
//! else's its document.
//!
//! # Out of scope
//!
//! How bytes lie in the database (`store`), what two devices say to each other (`exchange`) and how that
//! is encrypted (`link`), the outside world's files ([`formats`]), and every pixel.

mod anchor;
mod arrival;
mod board;
mod bundle;
mod called;
mod card;
mod carried;
mod code;
mod config;
mod contact;
mod device;
mod drive;
mod error;
mod event;
mod export;
mod feedback;
mod lent;
mod letters;
mod lockout;
mod message;
mod mine;
mod moderation;
mod muted;
pub mod nearby;
mod note;
mod observe;
mod offer;
mod pad;
mod people;
mod photo;
mod post;
mod presence;
mod profile;
mod remembered;
mod report;
mod retention;
mod room;
mod schedule;
mod seat_request;
mod sent;
mod session;
mod starred;
mod stars;
mod swap;
mod sync;
mod topic;
mod undo;
mod unseen;
mod usage;

pub use anchor::{AnchorRecord, Open, OpenPromise};
pub use board::{NowNext, Part};
pub use bundle::{
    BundleCheck, BundleOf, BundleReport, BundleSpace, BundleWritten, DAMAGED_PARTS_MAX,
};
pub use called::Called;
pub use card::{Cursor, Participant, ParticipantFilter};
pub use carried::Carried;
pub use code::{
    ADDRESSES_MAX, BadgeCode, CarryCode, Code, CodeError, CodeKind, FIELDS_MAX_BYTES, JoinCode,
    NAME_MAX_BYTES, PREFIX, ScreenCode, VERSION as CODE_VERSION,
};
pub use config::{
    CARRIED_BYTES, CARRIED_DAYS, Clock, Config, EVENT_BYTES, NoRandomness, Randomness, SystemClock,
    SystemRandomness,
};
pub use contact::ContactRecord;
pub use device::{Device, Hit, Me, Narrow, Opened, Piece, Rebuilt};
pub use error::{Cut, Error, Result};
pub use event::{EventRecord, Joined};
pub use export::{ArchiveFile, Format, Reach};
pub use feedback::{
    Answered, FEEDBACK_MAX, FeedbackForm, FeedbackRead, GivenFeedback, OF_ONE_PERSON_MAX, Said,
    Teller,
};
pub use lent::LentRecord;
pub use letters::Authorship;
pub use lockout::Removed;
pub use message::{Conversation, MessageRecord, OF_STRANGERS_MAX, SentMessage};
pub use mine::{Came, Exported, TakenIn};
pub use moderation::HiddenThing;
pub use note::{NoteFilter, NoteHeadline, NoteRecord, Splice, TextUnit};
pub use observe::{Change, Filter, Kind, News, Subscription, WAITING_MAX};
pub use offer::{OfferFilter, OfferRecord};
pub use pad::{PadAuthor, PadCursor, PadRecord, PadSpan};
pub use people::{Did, Heard, MetBefore};
pub use photo::{Asked, ConsentRecord, PhotoError, PhotoRecord};
pub use post::{NewPost, OtherRoom, PostFilter, PostRecord};
pub use presence::{Preview, PublishedThing, Withdrawn};
pub use report::{REPORTS_MAX, ReportRecord};
pub use retention::Held;
pub use room::LetGo;
pub use schedule::{Imported, Move};
pub use seat_request::{SeatRecord, SeatState};
pub use sent::KEPT_FOR_MS;
pub use session::{BoardItem, Conflict, SessionRecord};
pub use starred::{Reminder, StarNews, Starred};
pub use stars::Fan;
pub use swap::{
    ANSWERS_WITHIN_MS, MetAt, REQUESTS_MAX, Request, SHOWN_FOR_MS, Showing, Wants, Way,
};
pub use sync::{End, GRACE, Outcome, Progress, Server, SpaceKind, SpaceReport, Stay, SyncReport};
pub use teilgeber_formats as formats;
pub use teilgeber_model as model;
pub use teilgeber_store::Places;
pub use topic::{Emergence, EmergentTopic, TopicPerson, TopicRecord};
pub use undo::{Pending, UNDO_MS};
pub use unseen::{LetterState, WAITS_AT_LEAST_MS, WAITS_AT_MOST_MS};
pub use usage::{ClearedPhotos, EventUsage, Usage};
