//! What people see, as plain values: profiles and cards, contacts, notes, events and sessions.
//!
//! Every value is valid by construction. The small types ([`Line`], [`Prose`], [`Tag`], [`Link`],
//! [`List`], [`Day`], …) hold the rules: each has one checked constructor, and reading one from
//! JSON or CBOR goes through it too, so a stored or received value cannot be wrong either. Larger
//! nouns are made of these. Where several fields must agree, that pair is a type of its own
//! ([`Days`]), so a record with public fields needs no rule of its own.
//!
//! Texts from outside (a schedule, a merged document) come in through `lossy`, which always
//! gives something valid: it drops what does not belong and cuts what is too long.
//!
//! Out of scope: storage, cryptography, clocks, randomness, and the words in which an error is
//! told to a person.
//!
//! ```
//! use teilgeber_model::{Audience, Line, Profile, Shared};
//!
//! let mut profile = Profile::default();
//! profile.set_name(Shared::new(Some(Line::new("Ada")?), Audience::Event));
//!
//! assert_eq!(profile.seen_by(Audience::Event).name().unwrap().as_str(), "Ada");
//! assert_eq!(profile.seen_by(Audience::Everyone).name(), None);
//! # Ok::<(), teilgeber_model::Invalid>(())
//! ```

#[macro_use]
mod macros;

mod anchor;
mod audience;
mod card;
mod contact;
mod error;
mod event;
mod feedback;
mod id;
mod lent;
mod link;
mod list;
mod lock;
mod message;
mod muted;
mod note;
mod offer;
mod pad;
mod photo;
mod post;
mod profile;
mod published;
mod retention;
mod seat_request;
mod session;
mod starred;
mod stars;
mod tag;
mod text;
mod time;
mod topic;
mod wire;

#[cfg(test)]
mod samples;

pub use anchor::{Anchor, Holds};
pub use audience::{Audience, Shared};
pub use card::{Bio, Card, Hashtags, Interest, Level, Links, Name, PhotoConsent};
pub use contact::{Contact, Meeting, Meetings, Memo, Promise, Promises, Whose};
pub use error::{Invalid, Shape};
pub use event::{Days, Event, Policy, Room, RoomLetter, RoomName, Rooms, Rules, Slot, Slots};
pub use feedback::{
    AnswerText, Choice, Choices, Feedback, FeedbackAnswer, FeedbackReaders, FeedbackText,
    LetterReader, Question, QuestionText, Questions, ReportText, Trusted,
};
pub use id::{Digest, Id, LetterAddress};
pub use lent::{Lent, Loan, PublicWords, Signed};
pub use link::Link;
pub use list::{Distinct, List};
pub use lock::{Lock, Locks};
pub use message::{DirectMessage, MessageText};
pub use muted::{Muted, Quiet};
pub use note::{NOTE_MAX_CHARS, Note, NoteText, NoteTitle};
pub use offer::{Answer, Answers, Offer, OfferKind, OfferText, Offering, Places, Stop};
pub use pad::{PAD_MAX_CHARS, PadText};
pub use photo::{CHUNK_BYTES, Caption, MediaType, PHOTO_MAX_BYTES, Photo, PhotoLength, Thumbnail};
pub use post::{About, ForEveryone, Mentions, Post, PostText};
pub use profile::{Field, FieldValue, Profile};
pub use published::Published;
pub use retention::{Notice, Retention};
pub use seat_request::SeatRequest;
pub use session::{Abstract, Brought, Language, Placement, Session, Source, Speakers, Title};
pub use starred::Star;
pub use stars::{StarredSessions, Stars};
pub use tag::Tag;
pub use text::{Line, Prose};
pub use time::{Day, Millis, Minutes, Nights, TimeZone};
pub use topic::{Experience, Interests, Stance, Topic, TopicName, Topics};
pub use wire::WireError;
