//! How a link ends: few kinds, each with its own next step for whoever holds the link.

use std::fmt;
use std::io;

/// Why a link did not come about, or ended.
///
/// It is a small value that both halves of a link may report, so it keeps the *kind* of an I/O
/// error and nothing that would have to be looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The other end speaks another version of the link. One of the two wants an update.
    #[error(
        "the other end speaks version {theirs} of the link, this one version {}",
        crate::VERSION
    )]
    OtherVersion {
        /// The version byte of the other end.
        theirs: u8,
    },
    /// What answers there is no Teilgeber link. Dialling again is pointless.
    #[error("the other end is no Teilgeber link")]
    Foreign,
    /// What answers there is a Teilgeber link, but not of the host whose code was scanned: another
    /// device has the address now, or somebody stands in between. Scan the code again.
    #[error("the other end is not the host of this code")]
    OtherHost,
    /// The handshake was not done within [`Config::handshake_within`](crate::Config).
    #[error("the handshake took too long")]
    Late,
    /// Bytes came in that the other end never sent: altered, injected or left out on the way.
    #[error("the bytes were altered on the way")]
    Tampered,
    /// The other end itself sent what no link sends.
    #[error("the other end broke the rules of the link")]
    Malformed,
    /// Nothing was heard for [`Config::silent_after`](crate::Config), though every link speaks up
    /// each [`PING_AFTER`](crate::PING_AFTER).
    #[error("the other end has gone silent")]
    Silent,
    /// The other end is there, but took no bytes for [`Config::stalled_after`](crate::Config).
    #[error("the other end takes no more bytes")]
    Stalled,
    /// The other end said goodbye, and why.
    #[error("the other end closed the link ({0})")]
    Closed(CloseReason),
    /// The stream below broke or ended without a goodbye. Dialling again may help.
    #[error("the connection was cut ({0})")]
    Cut(io::ErrorKind),
    /// No connection came about at all.
    #[error("the address does not answer ({0})")]
    Unreachable(io::ErrorKind),
    /// The system gave no random bytes, so no safe key could be made.
    #[error("the system has no randomness to give")]
    NoRandomness,
}

impl LinkError {
    /// The stream below failed with `error`.
    pub(crate) fn cut(error: &io::Error) -> Self {
        Self::Cut(error.kind())
    }
}

/// Why a link is closed: one byte on the wire.
///
/// Codes below 16 are the link's own, those from 16 on belong to what speaks over the link. An
/// unknown code is a goodbye like any other and is handed on as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CloseReason(u8);

impl CloseReason {
    /// All is said.
    pub const DONE: Self = Self(0);
    /// All links of this device are taken. Another peer, or a later try, may have more luck.
    pub const BUSY: Self = Self(1);
    /// Another host was asked for than this one is.
    pub const OTHER_HOST: Self = Self(2);

    /// The first code that is free for what speaks over the link.
    pub const FIRST_OF_APPLICATION: u8 = 16;

    /// The reason with this code.
    pub const fn from_code(code: u8) -> Self {
        Self(code)
    }

    /// The byte on the wire.
    pub const fn code(self) -> u8 {
        self.0
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::DONE => f.write_str("done"),
            Self::BUSY => f.write_str("busy"),
            Self::OTHER_HOST => f.write_str("another host"),
            Self(code) => write!(f, "reason {code}"),
        }
    }
}
