//! What the exchange reads of a device's known set, and what it hands back.

use teilgeber_entry::batch::Form;
use teilgeber_entry::{AuthorId, EntryId, Fingerprint, SpaceId};

/// An entry as reconciliation orders it: every entry whose envelope is known, husks and content
/// that does not count included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// The author's time in ms.
    pub time: u64,
    /// The entry's id.
    pub id: EntryId,
}

/// What a window carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cargo {
    /// Envelopes, with their payloads where these are small.
    Entries,
    /// Payloads that were asked for, of entries that are known.
    Payloads,
}

/// Of what a device may lack payloads that others hold: it let go of them, or never wanted them. Of nothing
/// unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lacking {
    /// Of words from before this time, in ms.
    pub words: u64,
    /// Of attachments from before this time, in ms.
    pub chunks: u64,
    /// Of all entries by other authors than the one who is told this.
    pub of_others: bool,
}

/// What [`KnownSet::pack`] packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The batch. Opaque to the exchange; empty when none of the entries is here any more.
    pub batch: Vec<u8>,
    /// How many of the ids are dealt with, from the first on: packed, or passed over because there
    /// is nothing to pack. At least one.
    pub count: usize,
}

/// A device's known set, to read from. Implemented by the caller over its store.
///
/// Every method sees what is committed at that moment; the set may change between two calls.
pub trait KnownSet {
    /// Why it could not be read.
    type Error: std::error::Error;

    /// The fingerprint of the set in `space`.
    ///
    /// # Errors
    /// When the set cannot be read.
    fn fingerprint(&self, space: &SpaceId) -> Result<Fingerprint, Self::Error>;

    /// All entries of `space`, in any order. Read once a pass, when fingerprints differ.
    ///
    /// # Errors
    /// When the set cannot be read.
    fn items(&self, space: &SpaceId) -> Result<Vec<Item>, Self::Error>;

    /// `ids` in the order to send them: each author's chain in order, the newest chains first.
    ///
    /// # Errors
    /// When the set cannot be read.
    fn in_sending_order(
        &self,
        space: &SpaceId,
        ids: Vec<EntryId>,
    ) -> Result<Vec<EntryId>, Self::Error>;

    /// Packs the first of `ids`, at most `max_bytes` or, where the first alone is larger, that one;
    /// never more than [`WINDOW_FRAME_MAX`](crate::limits::WINDOW_FRAME_MAX) less 16 bytes.
    ///
    /// # Errors
    /// When the set cannot be read.
    fn pack(
        &self,
        space: &SpaceId,
        ids: &[EntryId],
        cargo: Cargo,
        form: Form,
        max_bytes: usize,
    ) -> Result<Packed, Self::Error>;

    /// Up to `limit` entries of `space` whose payload is absent here and wanted, in order of id,
    /// after `after`.
    ///
    /// # Errors
    /// When the set cannot be read.
    fn wanted(
        &self,
        space: &SpaceId,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<EntryId>, Self::Error>;

    /// Of what payloads may be absent here and not wanted, as the peer is told, which showed itself as
    /// `author` or not at all. A set that holds all it knows lacks nothing.
    ///
    /// # Errors
    /// When the set cannot be read.
    fn lacking(&self, _: &SpaceId, _author: Option<&AuthorId>) -> Result<Lacking, Self::Error> {
        Ok(Lacking::default())
    }
}

/// A batch that came in and waits for its commit, by number on its link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowId(pub(crate) u32);

/// What the caller found when it stored a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// Entries (or payloads) that were not here before.
    pub new: u32,
    /// Those that were.
    pub known: u32,
    /// Those that failed everyone's checks, and one for a batch that is none. Charged to the link.
    pub refused: u32,
}
