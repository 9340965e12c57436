//! Room for what others said: bounds that the person sets, and keeping to them.
//!
//! What is let go of is decided by the store, in one order (`core/store/src/room.rs`); here is when: as soon as
//! more came than is to be held, and every hour, because what is carried gets older, and because there may be
//! room again.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use teilgeber_entry::SpaceId;
use teilgeber_model::Id;
use teilgeber_store::{Bounds, Role, Weight};

use crate::config::Config;
use crate::device::{Device, model_id};
use crate::error::Result;

/// Of a bound so much, in parts of it, is left free when room is made, so that it need not be made at once again.
const FREE_PART: u64 = 16;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const HOUR_MS: u64 = 60 * 60 * 1_000;

/// How much is held for others, and what was found when room was made last.
pub(crate) struct Room {
    for_others: u64,
    event: u64,
    days: u16,
    made: Mutex<Made>,
}

/// What was found when room was made last.
#[derive(Default)]
struct Made {
    /// When, in ms since 1970; `None`: not since the start.
    at: Option<u64>,
    /// What all weighed after it.
    all: u64,
    /// What events weighed that were over their bound.
    events: BTreeMap<SpaceId, u64>,
}

impl Room {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            for_others: config.carried_bytes(),
            event: config.event_bytes(),
            days: config.carried_days(),
            made: Mutex::default(),
        }
    }

    /// What is kept when room is made.
    fn bounds(&self, now: u64) -> Bounds {
        Bounds {
            for_others: self.for_others - self.for_others / FREE_PART,
            event: self.event - self.event / FREE_PART,
            carried_since: now.saturating_sub(u64::from(self.days) * DAY_MS),
        }
    }

    /// Whether more is held than is to be, and more came since room was made last: what is nobody else's may
    /// weigh too much for ever.
    fn is_too_little(&self, weights: &[(SpaceId, Role, Weight)]) -> bool {
        let made = self.made();
        let is_over = |expected: u64, bound: u64, found: u64| {
            expected > bound && expected > found.saturating_add(bound / FREE_PART)
        };
        let over = |(space, role, weight): &(SpaceId, Role, Weight)| {
            let found = made.events.get(space).copied().unwrap_or_default();
            *role == Role::Event && is_over(weight.expected(), self.event, found)
        };
        is_over(all(weights), self.for_others, made.all) || weights.iter().any(over)
    }

    /// Whether there may be something to do even if nothing came.
    fn may_change(&self, weights: &[(SpaceId, Role, Weight)]) -> bool {
        weights.iter().any(|(_, role, weight)| {
            weight.let_go > 0 || *role == Role::Carried && weight.expected() > 0
        })
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What others said and this device let go of, in one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LetGo {
    /// Which event.
    pub event: Id,
    /// Whether it is only carried: then it may have been too old, else there was no room.
    pub carried: bool,
    /// Bytes of payloads. They come back once there is room, from whoever has them.
    pub bytes: u64,
    /// How many devices are kept out of it: nobody here knows whose they are, they were heard of last, and what they
    /// said is more than there is room for. A contact of theirs, made here, lets them in.
    pub kept_out: u64,
}

impl Device {
    /// What was let go of, to make room or because it was too old. Only events of which something was.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn let_go(&self) -> Result<Vec<LetGo>> {
        self.read(|view| {
            let weights = view.weights()?.into_iter();
            let let_go = weights.filter(|(.., weight)| weight.let_go > 0);
            let let_go = let_go.map(|(space, role, weight)| {
                Ok(LetGo {
                    event: model_id(space.as_bytes()),
                    carried: role == Role::Carried,
                    bytes: weight.let_go,
                    kept_out: view.kept_out(&space)?,
                })
            });
            let_go.collect()
        })
    }

    /// Lets go of what others said where it is too much or, if only carried, too old, and wants again what there
    /// is room for by now. Part of [`tidy`](Self::tidy), and done whenever more came than is to be held; a device
    /// that stays on calls it every hour.
    ///
    /// # Errors
    /// [`Error::FreeSpace`](crate::Error::FreeSpace), or [`Error::Report`](crate::Error::Report) when the
    /// database fails. The next call goes on.
    pub fn make_room(&self) -> Result<()> {
        let (room, now) = (self.room(), self.now());
        let changes = self.store().make_room(now, &room.bounds(now))?;
        self.observers().tell(&changes, None);
        let weights = self.read(|view| view.weights())?;
        let events = weights.iter().filter(|(_, role, _)| *role == Role::Event);
        *room.made() = Made {
            at: Some(now),
            all: all(&weights),
            events: events.map(|(space, _, weight)| (*space, weight.expected())).collect(),
        };
        Ok(())
    }

    /// Makes room where more came than is to be held.
    pub(crate) fn mind_room(&self) -> Result<()> {
        let weights = self.read(|view| view.weights())?;
        if self.room().is_too_little(&weights) { self.make_room() } else { Ok(()) }
    }

    /// Makes room where that was not done for an hour and may change something.
    pub(crate) fn mind_room_hourly(&self) -> Result<()> {
        let (room, now) = (self.room(), self.now());
        let at = room.made().at;
        // A clock that went back says nothing.
        if at.is_some_and(|at| (at..at.saturating_add(HOUR_MS)).contains(&now)) {
            return Ok(());
        }
        if room.may_change(&self.read(|view| view.weights())?) {
            return self.make_room();
        }
        room.made().at = Some(now);
        Ok(())
    }
}

fn all(weights: &[(SpaceId, Role, Weight)]) -> u64 {
    weights.iter().map(|(.., weight)| weight.expected()).sum()
}
