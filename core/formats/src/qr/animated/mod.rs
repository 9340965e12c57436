//! Bytes as QR codes that follow one another on a screen, for when every radio is off.
//!
//! The payload is cut into *symbols* of equal size, and a fountain code (RaptorQ, RFC 6330) makes as
//! many more of them as anybody wants: whoever has as many as there were at first, or a few more,
//! *whichever they are*, has the payload. So a receiver may begin at any time and miss any picture,
//! and nothing need be said back. A *frame* is one symbol with what is to be known about it, in one
//! code. The symbols of the payload itself come first, so that who misses nothing needs nothing more.
//!
//! ```text
//! frame = "TEILGEBER/" and the base45 of
//!         version 1 (0) ‖ transfer 16 ‖ length 2 ‖ number 2 ‖ symbol ‖ check 4
//! ```
//!
//! *Transfer* is a hash of the payload, by which frames of one are known and the whole is verified;
//! *length* is the payload's; *check* is a hash of what stands before it, because the fountain code
//! takes each symbol for true. The symbol's size is what is left, the same in each frame.
//!
//! Out of scope: keeping others from watching. Who sees the screen can read what it shows.

mod frame;
mod receive;
mod send;

pub use frame::TransferId;
pub use receive::{AnimatedReceiver, Progress, Taken};
pub use send::{AnimatedError, AnimatedSender};

/// The longest payload, in bytes: 50 of the largest symbols. At ten frames a second that is five
/// seconds where all are seen, and as long as anybody holds a phone still where half are.
pub const ANIMATED_MAX: usize = 20_000;

/// The largest symbol, in bytes: with it a frame is a code of version 14, which a phone reads from
/// another one's screen at arm's length.
const SYMBOL_MAX: usize = 400;

/// The most symbols of a payload. Smaller screens show smaller symbols, and the work of putting them
/// together grows faster than their number.
const SYMBOLS_MAX: usize = 320;
