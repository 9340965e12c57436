//! What follows from all that a keeper knows: dials and goodbyes.

use std::time::Duration;

use super::peer::{Record, Urgency};
use super::{FORGET_AFTER, Keeper, Order, QUIET_BEFORE_ROTATING, Stage, Whom};
use crate::config::LinkKind;

/// With so many links a device is well connected, and in no hurry to dial more.
const WELL_CONNECTED: usize = 3;

/// How long a well connected device waits between two dials while it has places left.
const UNHURRIED: Duration = Duration::from_secs(10);

/// The same when all places are taken. At most so many devices are met in an hour only to see that they
/// know the same: 120, for some 500 bytes each.
const CONTENT: Duration = Duration::from_secs(30);

impl Keeper {
    /// Orders what follows now.
    pub(super) fn decide(&mut self, now: Duration) {
        if self.paused {
            return;
        }
        let held = self.held();
        self.peers
            .retain(|whom, peer| held.contains(whom) || !peer.is_forgotten(FORGET_AFTER, now));
        if self.spent_until(now).is_some() {
            return self.close_where(|held| held.kind != LinkKind::Nearby);
        }
        if self.thrift.saving {
            let limit = self.quiet_limit();
            self.close_where(|held| held.quiet_since.is_some_and(|since| since + limit <= now));
        }
        while let Some(whom) = self.whom_to_dial(now) {
            if !self.has_place() && !self.free_a_place(whom, now) {
                return;
            }
            self.dial(whom, now);
        }
    }

    /// The one who is needed most, of those whose turn it is.
    fn whom_to_dial(&self, now: Duration) -> Option<Whom> {
        let dialling = self.links.values().filter(|held| held.stage == Stage::Dialling).count();
        if dialling >= self.settings.dials {
            return None;
        }
        let held = self.held();
        let due = self
            .peers
            .iter()
            .filter(|(whom, peer)| self.due(**whom, peer) <= now && !held.contains(whom));
        let first = due.min_by_key(|(whom, peer)| {
            let is_near = matches!(whom, Whom::Near(_));
            (is_near, peer.urgency(now, self.news_at), peer.met_at(), peer.place_in_line())
        });
        first.map(|(whom, _)| *whom)
    }

    /// From when on this one may be dialled.
    pub(super) fn due(&self, whom: Whom, peer: &Record) -> Duration {
        let due = peer.due(whom, self.tag, self.news_at);
        let pause = match self.links.values().filter(|held| held.stage == Stage::Open).count() {
            ..WELL_CONNECTED => Duration::ZERO,
            open if open < self.settings.links => UNHURRIED,
            _ => CONTENT,
        };
        match (whom, self.dialled_at) {
            (Whom::Near(_), Some(last)) => due.max(last + pause),
            _ => due,
        }
    }

    fn has_place(&self) -> bool {
        let most = match self.thrift.saving {
            true => self.settings.links_while_saving,
            false => self.settings.links,
        };
        self.links.values().filter(|held| held.stage != Stage::Closing).count() < most
    }

    /// Lets go of the link that has been quiet longest, if `whom` is needed more.
    fn free_a_place(&mut self, whom: Whom, now: Duration) -> bool {
        let limit = match self.peers.get(&whom).map(|peer| peer.urgency(now, self.news_at)) {
            Some(Urgency::Unknown | Urgency::News) => self.quiet_limit(),
            Some(Urgency::Long) => QUIET_BEFORE_ROTATING,
            Some(Urgency::None) | None => return false,
        };
        let quiet = self.open().filter(|(_, held)| !matches!(held.whom, Some(Whom::Host(_))));
        let quiet = quiet.filter_map(|(link, held)| Some((held.quiet_since?, *link)));
        let longest = quiet.min().filter(|(since, _)| *since + limit <= now);
        let Some((_, link)) = longest else { return false };
        self.close(link);
        true
    }

    fn dial(&mut self, whom: Whom, now: Duration) {
        let Some(peer) = self.peers.get(&whom) else { return };
        let (kind, addresses) = (peer.kind(), peer.addresses().to_vec());
        if matches!(whom, Whom::Near(_)) {
            self.dialled_at = Some(now);
        }
        let link = self.hold(Some(whom), kind, Stage::Dialling);
        self.orders.push_back(Order::Dial { link, whom, addresses });
    }
}
