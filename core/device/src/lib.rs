//! The one public door of the core.
mod card;
mod code;
mod config;
mod contact;
mod device;
mod drive;
mod error;
mod event;
mod letters;
mod note;
mod observe;
mod profile;
mod schedule;
mod session;
mod swap;
mod sync;

pub use card::{Cursor, Participant};
pub use code::{
    ADDRESSES_MAX, BadgeCode, Code, CodeError, CodeKind, FIELDS_MAX_BYTES, JoinCode,
    NAME_MAX_BYTES, PREFIX, ScreenCode, VERSION as CODE_VERSION,
};
pub use config::{Clock, Config, NoRandomness, Randomness, SystemClock, SystemRandomness};
pub use contact::ContactRecord;
pub use device::{Device, Hit, Me, Opened, Piece, Rebuilt};
pub use error::{Cut, Error, Result};
pub use event::{EventRecord, Joined};
pub use note::{NoteFilter, NoteHeadline, NoteRecord, Splice, TextUnit};
pub use observe::{Change, Filter, Kind, News, Subscription, WAITING_MAX};
pub use schedule::{Imported, Move};
pub use session::{BoardItem, Conflict, SessionRecord};
pub use swap::{
    ANSWERS_WITHIN_MS, MetAt, REQUESTS_MAX, Request, SHOWN_FOR_MS, Showing, Wants, Way,
};
pub use sync::{End, GRACE, Outcome, Progress, Server, SpaceKind, SpaceReport, Stay, SyncReport};
pub use teilgeber_formats as formats;
pub use teilgeber_model as model;
pub use teilgeber_store::Places;
