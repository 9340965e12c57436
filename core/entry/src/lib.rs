//! Ids, keys, the signed and sealed envelope, statements, letters, and the words on the wire.
//!
//! An **entry** is the unit of storage and sync: a signed [`Envelope`] around a [payload](seal). It
//! is content-addressed and immutable. Its life:
//!
//! 1. A device that holds a [`SpaceKey`] makes an [`AuthorKey`] for that space, once, and a
//!    [`Binding`] that says which person the author is.
//! 2. [`Draft::sign`](envelope::Draft::sign) seals a [`Content`] and signs a [`Header`] that names
//!    the author's entry before it, so that each author is a hash chain.
//! 3. Entries travel in a [batch]: opened and compressed between members of the space,
//!    sealed to couriers; or, where there is no link, in a [bundle].
//! 4. The receiver checks what everyone can check ([`batch::verify`]) and, with the key, opens the
//!    content. Which entries *count* is decided from the set alone: see [`standing`] for the
//!    organisers' tree and revocations.
//!
//! Every decoder here is total: any bytes give a value or a typed error, within bounds that are
//! written beside it. Nothing here reads a clock, a socket or the system's randomness; random bytes
//! are arguments. The byte layouts are those of `docs/wire-format.md`, *format 0*.
//!
//! Out of scope: what the contents mean (`model`), where entries are kept (`store`), who is asked
//! for which entry (`exchange`).

pub mod batch;
pub mod binding;
pub mod bundle;
pub mod codec;
pub mod content;
pub mod envelope;
pub mod fingerprint;
pub mod header;
pub mod id;
pub mod key;
pub mod letter;
pub mod limits;
pub mod public;
pub mod seal;
pub mod sign;
pub mod standing;
pub mod statement;
mod xof;

pub use binding::{Binding, SealedBinding};
pub use codec::DecodeError;
pub use content::{Content, Noun, Origin};
pub use envelope::{Draft, Envelope, Introduction, Parcel, Payload};
pub use fingerprint::{Fingerprint, LtHash};
pub use header::{Header, Kind};
pub use id::{AuthorId, DeviceId, DocumentId, EntryId, HostId, PersonId, SpaceId};
pub use key::{
    AuthorKey, CarryKey, DeviceKey, HostKey, LetterKey, LetterPublic, PersonKey, SpaceKey,
};
pub use sign::{Signature, VerifyError};
pub use statement::Statement;

/// The version of everything in this crate that is hashed, signed or sent. *Format 0* may change
/// until the first release and is frozen after it.
pub const FORMAT: u8 = 0;
