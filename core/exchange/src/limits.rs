//! What a stranger's bytes may cost, in one place.
//!
//! Together they bound what one link can make a device hold beyond its own known set: some 4 MiB,
//! most of it windows that are waiting for their commit.

/// Bytes of entries asked for in one window, where the caller says nothing else. A cut link loses at
/// most the windows that were not committed, so larger ones cost a radio more; smaller ones cost
/// more commits.
pub const WINDOW_BYTES: usize = 128 * 1024;

/// Bytes of a link's first window: a second of Bluetooth's trickle, or some dozens of entries, so that a
/// link that breaks soon has brought something.
pub const WINDOW_BYTES_FIRST: usize = 8 * 1024;

/// How often the window is doubled at most: enough to reach [`WINDOW_BYTES_MAX`].
pub const WINDOW_DOUBLINGS: u32 = 5;

/// Least bytes of entries asked for in one window: below it the acknowledgements outweigh.
pub const WINDOW_BYTES_MIN: usize = 1024;

/// Most bytes of entries asked for in one window.
pub const WINDOW_BYTES_MAX: usize = 256 * 1024;

/// Most bytes of one window as it travels: one entry may be larger than the window was meant to be
/// (a payload of 256 KiB and its envelope). What a peer can make this side hold before a frame is
/// whole.
pub const WINDOW_FRAME_MAX: usize = 512 * 1024;

/// Windows that may be on their way unacknowledged, each way, over all spaces. One is being sent,
/// one is being committed, one lies between. A peer that sends more is cut off; at worst it makes
/// this side hold this many times [`WINDOW_FRAME_MAX`].
pub const WINDOWS_MAX: usize = 3;

/// Bytes of one turn of a reconciliation. What does not fit is left to the next pass. Enough for the
/// ids of 25,000 entries, and a question cannot draw a longer answer than this.
pub const TURN_BYTES_MAX: usize = 128 * 1024;

/// Ranges in one turn. A range that was read takes some 20 times its bytes in memory.
pub const RANGES_MAX: usize = 16 * 1024;

/// Turns of one pass, both sides counted. Each turn divides what is unequal by eight or more, so
/// that a million entries need nine; a peer that keeps asking is cut off here.
pub const TURNS_MAX: u32 = 24;

/// Passes in one space over a link's life. Passes are counted where something keeps arriving; a
/// peer that pretends so costs this many reconciliations: each reads and sorts the set once.
pub const PASSES_MAX: u32 = 256;

/// Passes that may end exactly as they began before the two sides agree to differ: entries that one
/// side refuses stay unequal, and asking again does not help.
pub const FRUITLESS_MAX: u32 = 2;

/// Spaces that one side offers on a link, and blinded names that a peer may send.
pub const SPACES_MAX: usize = 128;

/// The number of blinded names is a multiple of this, so that it does not say how many spaces
/// someone is in.
pub const NAMES_PAD: usize = 8;

/// Payloads asked for at once.
pub const WANTS_MAX: usize = 256;

/// News that wait for a slow link, in one space. Beyond it they are forgotten here and found by the
/// next pass.
pub const NEWS_MAX: usize = 4096;

/// Entries of a peer that may fail everyone's checks before the link is cut: more than a fault in
/// another version explains, few enough that checking them costs milliseconds.
pub const REFUSED_MAX: u32 = 256;

/// Milliseconds that a peer may leave this side waiting. Longer than a phone takes to commit a
/// window and a slow radio to deliver one; at worst a silent peer holds one of the few links for
/// so long.
pub const STALL_MS: u64 = 120_000;

/// Bytes of a large frame that count as a sign of life before it is whole. A peer that delivers
/// fewer in [`STALL_MS`] stalls.
pub const DRIP_BYTES: usize = 4096;

/// Bytes of a frame other than a window or a turn.
pub(crate) const FRAME_MAX: usize = 16 * 1024;
