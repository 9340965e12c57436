//! One link: two exchanges and the bytes between them.

use std::collections::VecDeque;
use std::time::Duration;

use teilgeber_entry::Fingerprint;
use teilgeber_exchange::{Exchange, Plan};
use teilgeber_link::keeper::{Ended, LinkId};

use crate::phone::Who;

/// Most bytes of a frame of the link, which is delivered whole.
pub(crate) const FRAME: usize = 16 * 1024;

/// What a frame costs beside its bytes: length, kind and seal.
pub(crate) const FRAMING: u64 = 19;

/// Bytes of the link's handshake that each side sends, about: magic, versions and Noise NN.
pub(crate) const HANDSHAKE: u64 = 65;

/// The number of a wire.
pub(crate) type WireNumber = u64;

/// One end of one wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Way {
    pub(crate) wire: WireNumber,
    pub(crate) end: usize,
}

impl Way {
    pub(crate) fn other(self) -> Self {
        Self { end: 1 - self.end, ..self }
    }
}

/// A link between two phones.
pub(crate) struct Wire {
    pub(crate) ends: [Option<End>; 2],
    pub(crate) since: Duration,
    /// Nothing passes any more, and nobody is told.
    pub(crate) is_dead: bool,
}

/// What one phone has of a link.
pub(crate) struct End {
    pub(crate) who: Who,
    pub(crate) link: LinkId,
    pub(crate) exchange: Exchange,
    /// When it said something last, a ping or more.
    pub(crate) said_at: Duration,
    /// When what it gave to the radio will have left.
    pub(crate) sent_at: Duration,
    /// When the last of it arrives.
    pub(crate) arrives_at: Duration,
    /// Whether it will be asked for more once there is room.
    pub(crate) awaits_room: bool,
    pub(crate) awaits_stall: bool,
    /// Batches that are not committed. They are lost with the process.
    pub(crate) plans: VecDeque<Plan>,
    pub(crate) is_committing: bool,
    pub(crate) met: Met,
    /// How it ends, once that is decided: what arrives from then on is passed over.
    pub(crate) ending: Option<Ended>,
}

/// How far the two are in their space, as a device's report has it.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) is_met: bool,
    pub(crate) is_unequal: bool,
    pub(crate) finished: Option<Fingerprint>,
    pub(crate) is_under_way: bool,
}

impl Met {
    /// How a link ends in peace, as the engine tells its keeper.
    pub(crate) fn ended(&self) -> Ended {
        match self {
            Self { is_met: false, .. } => Ended::Stranger,
            Self { is_unequal: true, .. } => Ended::Same,
            Self { finished: Some(_), is_under_way: false, .. } => Ended::Same,
            _ => Ended::Unfinished,
        }
    }
}
