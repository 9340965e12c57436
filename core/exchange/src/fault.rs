//! Why a peer lost its link, and what else can go wrong.

use teilgeber_entry::DecodeError;

/// What a peer did that ends its link. Nothing else suffers from it: what was committed stays, and
/// the next link starts afresh.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It speaks another major version. One of the two should be updated.
    #[error("the peer speaks version {theirs} of the exchange, this is version {}", crate::VERSION)]
    Version {
        /// The version that it speaks.
        theirs: u8,
    },
    /// It sent bytes that are not a frame.
    #[error("malformed frame")]
    Malformed(#[from] DecodeError),
    /// It sent a kind of frame that is not known here and may not be skipped.
    #[error("unknown frame {kind:#04x}")]
    UnknownFrame {
        /// The kind.
        kind: u8,
    },
    /// It sent a known frame at a moment, or about a thing, that calls for none.
    #[error("{frame} out of turn")]
    OutOfTurn {
        /// The frame.
        frame: &'static str,
    },
    /// It named a space that this side did not name, or one twice.
    #[error("the peer answered to a name that was not given")]
    UnknownName,
    /// Its proof of a space's key does not hold.
    #[error("the proof of a space's key does not hold")]
    BadProof,
    /// It showed an author whose signature does not hold, or one of this device's own.
    #[error("the author shown does not hold")]
    BadAuthor,
    /// It sent more windows than may wait for their commit.
    #[error("more than {} windows unacknowledged", crate::limits::WINDOWS_MAX)]
    Flood,
    /// It does not come to an end: more turns or passes than any two sets need.
    #[error("reconciliation without end")]
    Endless,
    /// Too many of its entries failed everyone's checks.
    #[error("{count} entries refused")]
    Refused {
        /// How many failed.
        count: u32,
    },
    /// It left this side waiting.
    #[error("the peer stalls")]
    Stalled,
    /// It ended the exchange, for the fault with this code that it found on this side.
    #[error("the peer ended the exchange with code {code}")]
    Farewell {
        /// [`Fault::code`] of what it found.
        code: u8,
        /// The version that it speaks, where it ended for that and says so.
        version: Option<u8>,
    },
}

impl Fault {
    /// The number of [`Fault::Version`].
    pub(crate) const OTHER_VERSION: u8 = 1;

    /// The fault's number, as the other side is told.
    pub fn code(&self) -> u8 {
        match self {
            Self::Version { .. } => Self::OTHER_VERSION,
            Self::Malformed(_) => 2,
            Self::UnknownFrame { .. } => 3,
            Self::OutOfTurn { .. } => 4,
            Self::UnknownName => 5,
            Self::BadProof => 6,
            Self::BadAuthor => 7,
            Self::Flood => 8,
            Self::Endless => 9,
            Self::Refused { .. } => 10,
            Self::Stalled => 11,
            Self::Farewell { .. } => 12,
        }
    }
}

/// Why a call did not go through. After either, the exchange is over.
#[derive(Debug, thiserror::Error)]
pub enum Error<E> {
    /// The peer's doing: close the link.
    #[error(transparent)]
    Peer(#[from] Fault),
    /// The known set could not be read: this device's own trouble.
    #[error("the known set could not be read")]
    Set(#[source] E),
}

/// What is offered cannot be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// More than [`SPACES_MAX`](crate::limits::SPACES_MAX) spaces.
    #[error("more than {} spaces", crate::limits::SPACES_MAX)]
    TooMany,
    /// One space twice.
    #[error("one space twice")]
    Twice,
}
