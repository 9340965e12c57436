//! One pulse for all links of a device, so that keeping them alive wakes a phone once and not once for each.
//!
//! A ping is due when an end has said nothing for [`PING_AFTER`]: that is a promise. It may come earlier. So whenever a
//! device is awake because something passes over one of its links, those of its links that have said nothing for
//! half of that time say their ping as well. The other ends are woken by it and do the same: within a few
//! beats neighbours say and hear all their pings in the same moment, with no clock in common. A link says at most one ping in half
//! the time, whatever the other end does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::config::PING_AFTER;

/// Beats that follow each other sooner than this are one: nothing becomes due in between.
const ONE_BEAT: Duration = Duration::from_secs(1);

/// What the links of one device have in common, to be given to each by [`Config::with_pulse`](crate::Config::with_pulse).
#[derive(Debug, Default)]
pub struct Pulse {
    beats: watch::Sender<()>,
    last: Mutex<Option<Instant>>,
}

impl Pulse {
    /// Whether a link that has said nothing for so long says its ping in a moment in which its device is awake.
    pub fn is_early(quiet: Duration) -> bool {
        quiet >= PING_AFTER / 2
    }

    /// The device is awake: something came or went.
    pub(crate) fn beat(&self) {
        let now = Instant::now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| now >= last + ONE_BEAT) {
            *last = Some(now);
            self.beats.send_replace(());
        }
    }

    pub(crate) fn beats(&self) -> watch::Receiver<()> {
        self.beats.subscribe()
    }
}
