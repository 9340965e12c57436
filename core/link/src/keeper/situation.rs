//! Where a device stands, in words that a person can act on.

use std::time::Duration;

use super::peer::Standing;
use super::{Keeper, Whom, rank};
use crate::config::LinkKind;

/// When nobody was found for so long, it is time to offer another way.
pub const ALONE_AFTER: Duration = Duration::from_secs(8);

/// Where a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    /// It keeps no links until it goes on.
    Paused,
    /// It looks for others, and has not looked for long.
    Looking,
    /// Nobody was found for [`ALONE_AFTER`]. Others may be kept apart by the network: a code to scan,
    /// a hotspot, a file.
    Alone,
    /// Others are announced and none of them answers: the network keeps its devices apart.
    Blocked {
        /// How many.
        found: usize,
    },
    /// Others answer, but hold nothing together with this device.
    Strangers {
        /// How many.
        found: usize,
    },
    /// Others answer, but speak another version.
    OtherVersion {
        /// How many.
        found: usize,
    },
    /// It is linked.
    Linked {
        /// With how many.
        links: usize,
        /// Over how many of these links both sides know the same.
        quiet: usize,
        /// The best way on which one of them stands.
        rung: LinkKind,
    },
    /// Nobody is linked, because all who are near knew the same a moment ago, or are being dialled.
    Resting {
        /// How many are near.
        found: usize,
    },
    /// What may be spent is spent.
    Spent {
        /// Until then, in the keeper's time.
        until: Duration,
    },
}

pub(super) fn of(keeper: &Keeper, now: Duration) -> Situation {
    if keeper.paused {
        return Situation::Paused;
    }
    if let Some(rung) = keeper.open().map(|(_, held)| held.kind).min_by_key(|kind| rank(*kind)) {
        let links = keeper.open().count();
        let quiet = keeper.open().filter(|(_, held)| held.quiet_since.is_some()).count();
        return Situation::Linked { links, quiet, rung };
    }
    if let Some(until) = keeper.spent_until(now) {
        return Situation::Spent { until };
    }
    let near = keeper.peers.iter().filter(|(whom, peer)| {
        !peer.is_gone() && !matches!(whom, Whom::Near(tag) if *tag == keeper.tag)
    });
    let standings: Vec<Standing> = near.map(|(_, peer)| peer.standing()).collect();
    let count = |standing| standings.iter().filter(|of| **of == standing).count();
    let found = standings.len();
    let is_early = now < keeper.alone_since + ALONE_AFTER;
    match found {
        0 if is_early => Situation::Looking,
        0 => Situation::Alone,
        _ if count(Standing::Silent) == found => Situation::Blocked { found },
        _ if count(Standing::OtherVersion) == found => Situation::OtherVersion { found },
        _ if count(Standing::Stranger) + count(Standing::OtherVersion) == found => {
            Situation::Strangers { found }
        }
        _ => Situation::Resting { found },
    }
}
