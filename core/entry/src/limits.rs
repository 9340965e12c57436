//! What a stranger's bytes may cost, in one place.

/// The largest payload of one entry in bytes, sealing included. An attachment travels in chunks of
/// at most this size; a change or a put is far smaller.
pub const PAYLOAD_MAX: u32 = 256 * 1024;

/// Entries one author may write in one space. Read from the envelope, so that every device agrees.
pub const SEQ_MAX: u32 = 100_000;

/// Payload bytes one author may put into one space, summed along its chain: what a single hostile
/// author can make every participant store.
pub const CHAIN_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Letters that a space keeps. A flood displaces only letters with less work than its own.
pub const LETTERS_MAX: usize = 4096;

/// Entries in one batch.
pub const BATCH_ENTRIES_MAX: usize = 4096;

/// Bytes of one batch as it travels. Also the bound of its parts after decompression, times
/// [`BATCH_EXPANSION_MAX`].
pub const BATCH_BYTES_MAX: usize = 1024 * 1024;

/// How many times larger than [`BATCH_BYTES_MAX`] a batch may become when it is unpacked: texts
/// compress about fourfold, and a bomb stops here.
pub const BATCH_EXPANSION_MAX: usize = 4;

/// Bytes of one section of a bundle: a window of an exchange, or one entry that is larger. A reader holds
/// one at a time.
pub const SECTION_BYTES_MAX: usize = 512 * 1024;

/// Entries that a put may name as superseded: one for each other device of a person, generously.
pub const SUPERSEDES_MAX: usize = 32;

/// Hides that one unhide may name.
pub const UNHIDES_MAX: usize = 64;
