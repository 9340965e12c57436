//! What a link is told, and what it tells about itself.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::pulse::Pulse;

/// A side that has said nothing for so long says *ping*. This is a promise to the other end, so it
/// is part of the protocol and no setting: an idle link costs one small packet each way in 10 seconds, and with a
/// [`Pulse`] those of all links go together.
pub const PING_AFTER: Duration = Duration::from_secs(10);

/// How patient a link is.
#[derive(Debug, Clone)]
pub struct Config {
    handshake_within: Duration,
    silent_after: Duration,
    stalled_after: Duration,
    pulse: Option<Arc<Pulse>>,
}

impl Config {
    /// Bounds connecting, and the handshake after it, each on its own; 10 seconds unless told.
    ///
    /// At worst a peer holds a socket and some 100 bytes for so long.
    #[must_use]
    pub fn handshake_within(self, limit: Duration) -> Self {
        Self { handshake_within: limit, ..self }
    }

    /// A link ends as silent when no whole frame has come for so long; 30 seconds unless told, and
    /// never less than twice [`PING_AFTER`], because an honest peer may be that quiet.
    ///
    /// At worst a peer that vanished keeps its place for so long. One that stays and speaks keeps
    /// it for as long as whoever holds the link allows.
    #[must_use]
    pub fn silent_after(self, limit: Duration) -> Self {
        Self { silent_after: limit.max(2 * PING_AFTER), ..self }
    }

    /// A link ends as stalled when the other end did not take one batch (64 KiB, or one MTU) for
    /// so long; 2 minutes unless told, because a phone that is busy storing takes nothing.
    ///
    /// At worst a peer keeps about half a megabyte of ours waiting for so long.
    #[must_use]
    pub fn stalled_after(self, limit: Duration) -> Self {
        Self { stalled_after: limit, ..self }
    }

    /// The link says its pings together with those of other links with this pulse; each at its own time unless told.
    #[must_use]
    pub fn with_pulse(self, pulse: Arc<Pulse>) -> Self {
        Self { pulse: Some(pulse), ..self }
    }

    pub(crate) fn pulse(&self) -> Option<&Pulse> {
        self.pulse.as_deref()
    }

    pub(crate) fn handshake_limit(&self) -> Duration {
        self.handshake_within
    }

    pub(crate) fn silence_limit(&self) -> Duration {
        self.silent_after
    }

    pub(crate) fn stall_limit(&self) -> Duration {
        self.stalled_after
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            handshake_within: Duration::from_secs(10),
            silent_after: Duration::from_secs(30),
            stalled_after: Duration::from_secs(120),
            pulse: None,
        }
    }
}

/// What whoever holds a link should know about the way below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkInfo {
    /// The rung of the ladder.
    pub kind: LinkKind,
    /// Most bytes that the way below takes in one write; `None` where it does not care.
    pub mtu: Option<NonZeroUsize>,
    /// What sending costs the person.
    pub cost: Cost,
}

impl LinkInfo {
    /// A link inside one network, which costs nothing.
    pub const LAN: Self = Self { kind: LinkKind::Lan, mtu: None, cost: Cost::Free };
}

/// The rungs of the ladder on which there are links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Two devices in one network, or one on the other's hotspot.
    Lan,
    /// By way of the internet, a hub included.
    Internet,
    /// A stream lent by the phone: Bluetooth, Wi-Fi Aware, Wi-Fi Direct.
    Nearby,
}

/// What sending costs the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cost {
    /// Nothing to speak of.
    Free,
    /// Money: attachments may wait for a better link.
    Metered,
}
