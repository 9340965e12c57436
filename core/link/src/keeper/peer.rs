//! What is known of one device nearby, or of one that the person named.

use std::net::SocketAddr;
use std::time::Duration;

use super::Settings;
use super::chance::Chance;
use crate::config::LinkKind;

/// Addresses that are kept of one device: two interfaces of two families each, and as many to spare.
pub const ADDRESSES_MAX: usize = 8;

/// How long the device with the higher tag waits to be dialled before it dials itself.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// How long after two devices knew the same they are linked again, if nothing happened since.
pub const MEET_AGAIN: Duration = Duration::from_secs(5 * 60);

/// The same if this device has news.
const MEET_WITH_NEWS: Duration = Duration::from_secs(30);

/// How long a device that shares nothing with this one is left alone at first. It may be about to join:
/// two who stand together begin as strangers. After that twice as long each time.
const LEAVE_STRANGER: Duration = Duration::from_secs(30);

/// How long such a device is left alone at most, and one of another version.
const LEAVE_ALONE: Duration = Duration::from_secs(10 * 60);

/// What a device announces itself by. It rotates and reveals nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag([u8; 8]);

impl Tag {
    /// The tag of these bytes.
    pub const fn new(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// A device that the person named, by whatever number its caller gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostNumber(pub u32);

/// Whom a link is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// One whom the person named.
    Host(HostNumber),
    /// One who was found.
    Near(Tag),
}

/// How a link or a dial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Both sides know the same.
    Same,
    /// It ended before both knew the same, or the address does not answer.
    Unfinished,
    /// It broke off without a goodbye. What both knew says nothing about what was to come over it.
    Broken,
    /// The other one has no place left.
    Busy,
    /// The two hold no space together.
    Stranger,
    /// The two do not speak the same version.
    OtherVersion,
}

/// How much another device is needed, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// Nobody knows what it has: it was not met, or not to the end.
    Unknown,
    /// This device has news for it.
    News,
    /// It was met long ago.
    Long,
    /// Both knew the same a moment ago, or it is not worth a link.
    None,
}

#[derive(Debug)]
pub(super) struct Record {
    kind: LinkKind,
    addresses: Vec<SocketAddr>,
    place_in_line: u64,
    found_at: Duration,
    gone_since: Option<Duration>,
    standing: Standing,
    met_at: Option<Duration>,
    failures: u32,
    not_before: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Was not reached yet.
    New,
    /// Does not answer.
    Silent,
    /// Answered, and was not met to the end.
    Unfinished,
    /// Both knew the same.
    Same,
    Stranger,
    OtherVersion,
}

impl Record {
    pub(super) fn new(
        kind: LinkKind,
        addresses: &[SocketAddr],
        place_in_line: u64,
        now: Duration,
    ) -> Self {
        let mut record = Self {
            kind,
            addresses: Vec::new(),
            place_in_line,
            found_at: now,
            gone_since: None,
            standing: Standing::New,
            met_at: None,
            failures: 0,
            not_before: now,
        };
        record.add(addresses);
        record
    }

    /// It was found again. At a new address it may answer where it did not, or have come back with news.
    pub(super) fn find(&mut self, addresses: &[SocketAddr], now: Duration) {
        if self.gone_since.take().is_some() {
            self.found_at = now;
        }
        if self.add(addresses) && self.standing != Standing::Stranger {
            self.try_again(now);
        }
    }

    pub(super) fn leave(&mut self, now: Duration) {
        self.gone_since.get_or_insert(now);
    }

    pub(super) fn answered(&mut self) {
        if matches!(self.standing, Standing::New | Standing::Silent) {
            self.standing = Standing::Unfinished;
        }
    }

    pub(super) fn meet(&mut self, now: Duration) {
        self.standing = Standing::Same;
        self.met_at = Some(now);
        self.failures = 0;
    }

    pub(super) fn end(
        &mut self,
        how: Ended,
        settings: &Settings,
        chance: &mut Chance,
        now: Duration,
    ) {
        let pause = match how {
            Ended::Same => {
                self.meet(now);
                settings.retry_after
            }
            Ended::Stranger => {
                self.standing = Standing::Stranger;
                self.doubled(LEAVE_STRANGER).min(LEAVE_ALONE)
            }
            Ended::OtherVersion => {
                self.standing = Standing::OtherVersion;
                LEAVE_ALONE
            }
            Ended::Unfinished | Ended::Broken | Ended::Busy => {
                self.standing = match (self.standing, how) {
                    (Standing::New, Ended::Unfinished | Ended::Broken) => Standing::Silent,
                    (Standing::Same, Ended::Broken) => Standing::Unfinished,
                    (standing, _) => standing,
                };
                self.doubled(settings.retry_after).min(settings.retry_at_most)
            }
        };
        self.not_before = now + chance.around(pause);
    }

    /// Twice as long as the last time, if that failed too.
    fn doubled(&mut self, first: Duration) -> Duration {
        let times = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        self.failures = self.failures.saturating_add(1);
        first.saturating_mul(times)
    }

    /// What failed before may not fail now.
    pub(super) fn try_again(&mut self, now: Duration) {
        self.failures = 0;
        self.not_before = self.not_before.min(now);
        if matches!(self.standing, Standing::Stranger | Standing::Silent) {
            self.standing = Standing::New;
        }
        if self.standing == Standing::Same {
            self.standing = Standing::Unfinished;
        }
    }

    /// From when on it may be dialled by the device with the tag `mine`.
    pub(super) fn due(&self, whom: Peer, mine: Tag, news_at: Option<Duration>) -> Duration {
        const NEVER: Duration = Duration::MAX;
        if self.gone_since.is_some() || self.addresses.is_empty() {
            return NEVER;
        }
        let turn = match whom {
            Peer::Near(tag) if tag == mine => NEVER,
            Peer::Near(tag) if tag < mine => self.found_at + PATIENCE,
            Peer::Near(_) | Peer::Host(_) => self.found_at,
        };
        let needed = match (self.standing, self.met_at) {
            (Standing::Same, Some(met)) => match news_at {
                Some(news) if news > met => met + MEET_WITH_NEWS,
                _ => met + MEET_AGAIN,
            },
            _ => Duration::ZERO,
        };
        turn.max(needed).max(self.not_before)
    }

    pub(super) fn urgency(&self, now: Duration, news_at: Option<Duration>) -> Urgency {
        match (self.standing, self.met_at) {
            (Standing::Stranger | Standing::OtherVersion, _) => Urgency::None,
            (Standing::Same, Some(met)) if news_at > Some(met) => Urgency::News,
            (Standing::Same, Some(met)) if met + MEET_AGAIN <= now => Urgency::Long,
            (Standing::Same, _) => Urgency::None,
            (Standing::New | Standing::Silent | Standing::Unfinished, _) => Urgency::Unknown,
        }
    }

    pub(super) fn has(&self, from: SocketAddr) -> bool {
        self.gone_since.is_none() && self.addresses.iter().any(|known| known.ip() == from.ip())
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone_since.is_some()
    }

    pub(super) fn is_forgotten(&self, after: Duration, now: Duration) -> bool {
        self.gone_since.is_some_and(|since| since + after <= now)
    }

    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    pub(super) fn met_at(&self) -> Option<Duration> {
        self.met_at
    }

    pub(super) fn place_in_line(&self) -> u64 {
        self.place_in_line
    }

    pub(super) fn kind(&self) -> LinkKind {
        self.kind
    }

    pub(super) fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Puts these addresses first; whether one of them is new.
    fn add(&mut self, addresses: &[SocketAddr]) -> bool {
        let has_new = addresses.iter().any(|address| !self.addresses.contains(address));
        for address in addresses.iter().rev() {
            self.addresses.retain(|known| known != address);
            self.addresses.insert(0, *address);
        }
        self.addresses.truncate(ADDRESSES_MAX);
        has_new
    }
}
