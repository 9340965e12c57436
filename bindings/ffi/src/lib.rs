//! The core for other languages: what `teilgeber_device` offers, in the shapes that UniFFI can carry.
//!
//! Nothing is decided here. A noun has its file under the name that it has in every room; a function has the
//! name, the meaning and the errors of the one that it calls.
//!
//! - Whatever touches the disk or the network is `async`, and runs on threads of the core: no call blocks the
//!   one who makes it. Calls that do not wait for each other may be done in any order.
//! - A call that is dropped while it writes is done all the same; a sync that is dropped ends.
//! - Listeners are called on a thread of the core, one call after the other. An app hops to its own.
//! - A panic becomes [`CoreError::Report`], and the device goes on.
//!
//! Ids are 64 hexadecimal digits, times are milliseconds since 1970 in UTC, days are written `2026-11-21`.

mod anchor;
mod board;
mod bundle;
mod called;
mod card;
mod carried;
mod code;
mod contact;
mod device;
mod error;
mod event;
mod export;
mod feedback;
mod host;
mod lent;
mod lockout;
mod message;
mod mine;
mod moderation;
mod muted;
mod native;
mod nearby;
mod note;
mod observe;
mod offer;
mod pad;
mod people;
mod photo;
mod post;
mod presence;
mod profile;
mod qr;
mod report;
mod retention;
mod runtime;
mod schedule;
mod seat_request;
mod session;
mod starred;
mod stars;
mod swap;
mod sync;
mod syncing;
#[cfg(test)]
mod tests;
mod topic;
mod undo;
mod unseen;
mod usage;
mod values;
mod wifi;

pub use anchor::{Anchor, AnchorRecord, Open, OpenPromise};
pub use board::{BoardItem, Lock, NowNext, Part};
pub use bundle::{BundleCheck, BundleReport, DamagedPart, check_bundle};
pub use called::Called;
pub use card::{Card, Interest, Participant, ParticipantFilter};
pub use code::{Code, read_code};
pub use contact::{Contact, ContactRecord, Meeting, Promise};
pub use device::{Config, Device, Me, Narrow, Opened, Rebuilt};
pub use error::{CoreError, ForeignError, Result};
pub use event::{Event, EventRecord, Joined, Room, Rules, Slot};
pub use feedback::{
    Answered, Feedback, FeedbackAnswer, FeedbackForm, FeedbackRead, GivenFeedback, LetterReader,
    Question, Said, Teller,
};
pub use host::{HostCode, own_addresses, read_host_code};
pub use lent::{LentRecord, Loan};
pub use message::{Conversation, DirectMessage, MessageRecord};
pub use mine::{Came, Exported, TakenIn};
pub use native::{LinkHandle, NativeLink};
pub use nearby::{Links, LinksConfig, LinksListener};
pub use note::{Note, NoteFilter, NoteHeadline, NoteRecord, Splice};
pub use observe::{ChangeListener, Filter, News, Subscription};
pub use offer::{Offer, OfferFilter, OfferRecord, Offering};
pub use pad::{PadAuthor, PadCursor, PadRecord};
pub use people::{Did, Heard, MetBefore};
pub use photo::{Asked, ConsentRecord, PhotoRecord};
pub use post::{NewPost, OtherRoom, PostFilter, PostRecord};
pub use presence::{Preview, Withdrawing, Withdrawn};
pub use profile::Profile;
pub use qr::{
    AnimatedProgress, AnimatedQrReceiver, AnimatedQrSender, QrModules, qr_modules, qr_read_luma,
};
pub use report::ReportRecord;
pub use schedule::{Imported, Move, Scheduled};
pub use seat_request::SeatRecord;
pub use session::{Conflict, Placement, Session, SessionRecord};
pub use starred::{Reminder, StarNews, Starred};
pub use stars::Fan;
pub use swap::{MetAt, Request};
pub use sync::{Server, SyncListener, SyncProgressListener};
pub use syncing::Syncing;
pub use topic::{EmergentTopic, Topic, TopicPerson, TopicRecord};
pub use wifi::{Wifi, read_wifi_code, wifi_code};

uniffi::setup_scaffolding!();
