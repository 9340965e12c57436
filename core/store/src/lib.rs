//! The log, the Automerge documents, the views and search, in SQLite.
//!
//! This is the only crate that names rusqlite or automerge. [`Store::open`] is the one door: it locks
//! the home, migrates the schema, and salvages what is damaged. Then there are two ways:
//!
//! - [`Store::write`] runs one transaction. An edit appends the change to the document, the sealed
//!   entry to the log and the rows to the views; what comes from others goes through
//!   [`Store::prepare`] (unpack, verify; no transaction) and [`Edit::ingest`] into the same
//!   transaction. [`Changes`] are handed out after the commit.
//! - [`Store::read`] sees one state of the database beside the writer.
//!
//! **The log is the truth.** Whether an entry counts and every row of every view is a function of the
//! set of entries, never of their order, of a clock or of chance; [`Store::rebuild`] proves it.
//!
//! | room | what it keeps |
//! |---|---|
//! | `log`, `ingest`, `lost` | envelopes in chains; what waits, what lost a fork |
//! | `standing`, `rules`, `gone`, `evaluate` | what counts |
//! | [`guard`] | which Automerge changes are harmless |
//! | [`nouns`] | how each noun is written, shown and asked for |
//! | `documents`, `rebuild`, `salvage` | caches, and how they are made again |
//! | `attachment` | what lies in chunks |
//! | `ahead` | long texts, tried before their transaction begins |
//! | `usage`, `room`, `retention` | what takes room, and what is let go of |
//! | `sent`, `arrival`, `waiting`, `confided` | letters, beside the log |
//! | `known`, `places`, `bundle` | what an exchange and a bundle ask, and what is where |
//!
//! Calls block: the caller keeps them off its main thread. Out of scope: links, the dialogue of an
//! exchange, the outside world's files.

mod ahead;
mod arrival;
mod attachment;
mod bundle;
mod confided;
mod documents;
mod edit;
mod error;
mod evaluate;
mod gone;
pub mod guard;
mod identity;
mod ingest;
mod kept;
mod known;
mod leaving;
mod log;
mod lost;
mod moderate;
pub mod nouns;
mod open;
mod places;
mod published;
mod rebuild;
mod retention;
mod room;
mod row;
mod rules;
mod salvage;
mod sent;
mod space;
mod standing;
mod state;
mod store;
mod usage;
mod waiting;

pub use arrival::OwedArrival;
pub use attachment::Picture;
pub use bundle::Useful;
pub use confided::Confided;
pub use edit::{Changes, Edit};
pub use error::{Result, StoreError};
pub use identity::{Identity, Voice};
pub use ingest::{Prepared, Report};
pub use known::Packing;
pub use leaving::Leaving;
pub use open::{DATABASE, Opened, Options, SCHEMA};
pub use places::Places;
pub use rebuild::Rebuilt;
pub use retention::{Holding, OwnWords};
pub use room::{Bounds, Lacking, Weight};
pub use sent::{Displaced, Sending, SentLetter};
pub use space::{Keys, NewSpace, Role, Space};
pub use store::{Held, Store, View};
pub use usage::{Cleared, SpaceUsage, Usage};
