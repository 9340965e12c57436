//! The sessions that I look forward to, where they went, and when to remind me.
//!
//! Stars are for me alone. Where a starred session was last seen is kept with the star, so what moved
//! is told on whichever of my devices I look at first, and only once.

use std::collections::BTreeMap;

use serde::Serialize;
use teilgeber_entry::{Origin, SpaceId};
use teilgeber_model::{Id, Millis, Placement, RoomName, Star, Title};
use teilgeber_store::nouns::{STARRED, board, starred};
use teilgeber_store::{Edit, StoreError};

use crate::device::{Device, document_id, model_id, moment, space_id};
use crate::error::{Error, Result};
use crate::session::{Conflict, SessionRecord, record};
use crate::stars;

/// A session that I starred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Starred {
    /// Which session.
    pub session: SessionRecord,
    /// Where it is held; several in a conflict, none while it has no place.
    pub placements: Vec<Placement>,
    /// Where I last saw it.
    pub seen: Option<Placement>,
}

/// Something about a session that I starred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StarNews {
    /// It is no longer where I last saw it.
    Moved {
        /// Which session.
        session: Id,
        /// What it is called.
        title: Title,
        /// Where I last saw it; `None`: nowhere.
        from: Option<Placement>,
        /// Where it is now; `None`: nowhere.
        to: Option<Placement>,
    },
    /// Where it is must be settled by somebody.
    Conflict {
        /// Which session.
        session: Id,
        /// What it is called.
        title: Title,
        /// What must be settled.
        conflict: Conflict,
    },
}

/// When to remind me of a session that I starred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reminder {
    /// Stays the same when the session moves, so that a phone can replace what it scheduled.
    pub id: Id,
    /// Which session.
    pub session: Id,
    /// In which event.
    pub event: Id,
    /// What it is called.
    pub title: Title,
    /// In which room.
    pub room: RoomName,
    /// When it begins.
    pub start: Millis,
    /// When to remind.
    pub at: Millis,
}

impl Device {
    /// Stars a session, or takes the star back. Where I [share my stars](Self::share_stars), others see it.
    ///
    /// # Errors
    /// [`Error::NotHere`], [`Error::Shorten`] beyond 4,096 stars, or [`Error::FreeSpace`].
    pub fn star(&self, session: Id, star: bool) -> Result<()> {
        let event = self.session(session)?.event;
        let places = self.places_of(session)?;
        let seen = if places.len() == 1 { places.into_iter().next() } else { None };
        self.write(|edit| {
            let after = change(edit, &self.own_space(), |stars| {
                match (stars.iter().position(|it| it.session == session), star) {
                    (None, true) => stars.push(Star { session, event, seen }),
                    (Some(at), false) => drop(stars.remove(at)),
                    _ => {}
                }
            })?;
            stars::follow(edit, &space_id(event), &self.person(), &after)
        })
    }

    /// The sessions of an event that I starred, by start, room and title.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn starred(&self, event: Id) -> Result<Vec<Starred>> {
        let space = self.event_space(event)?.id;
        let (stars, board) = self.read(|view| {
            let db = view.connection();
            let part = board::Part { starred: true, ..board::Part::default() };
            Ok((starred::in_event(db, &space)?, board::part(db, &space, &part)?))
        })?;
        let mut seen: BTreeMap<Id, Option<Placement>> =
            stars.into_iter().map(|star| (star.session, star.seen)).collect();
        let mut found: Vec<Starred> = Vec::new();
        for board::Pinned { pitched, placement, .. } in board {
            let session = record(pitched);
            match found.iter_mut().find(|it| it.session.id == session.id) {
                Some(known) => known.placements.extend(placement),
                None => {
                    let seen = seen.remove(&session.id).flatten();
                    found.push(Starred {
                        session,
                        placements: placement.into_iter().collect(),
                        seen,
                    });
                }
            }
        }
        Ok(found)
    }

    /// What I should know of the sessions of an event that I starred: first those that moved since I last
    /// [saw](Self::seen_move) them, then what must be settled.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn moves(&self, event: Id) -> Result<Vec<StarNews>> {
        let starred = self.starred(event)?;
        let mut news: Vec<StarNews> = starred.iter().filter_map(moved).collect();
        for conflict in self.conflicts(event)? {
            let about: &[Id] = match &conflict {
                Conflict::Claims { session, .. } => std::slice::from_ref(session),
                Conflict::Overlap { sessions, .. } => sessions,
            };
            let mine = starred.iter().find(|it| about.contains(&it.session.id));
            if let Some(Starred { session, .. }) = mine {
                let title = session.session.title().clone();
                news.push(StarNews::Conflict { session: session.id, title, conflict });
            }
        }
        Ok(news)
    }

    /// Remembers that I saw where a starred session is now, on all my devices. Not as long as several
    /// claims place it: that is told until it is settled.
    ///
    /// # Errors
    /// [`Error::NotHere`] when there is no such star, or [`Error::FreeSpace`].
    pub fn seen_move(&self, session: Id) -> Result<()> {
        let event = self.session(session)?.event;
        let starred = self.starred(event)?;
        let star = starred.into_iter().find(|it| it.session.id == session);
        let star = star.ok_or(Error::NotHere("that star"))?;
        if star.placements.len() > 1 {
            return Ok(());
        }
        let now = star.placements.first();
        self.write(|edit| saw(edit, &self.own_space(), session, now))
    }

    /// When to remind me of starred sessions, in all events that I am in, so many minutes before each
    /// begins; those due from `from` (not before now) and before `until`, by time.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn reminders(
        &self,
        from: Millis,
        until: Millis,
        minutes_before: u16,
    ) -> Result<Vec<Reminder>> {
        let due = from.max(moment(self.now()))..until;
        let mut reminders = Vec::new();
        for event in self.events()? {
            for star in self.starred(event.id)? {
                reminders.extend(reminders_of(&star, minutes_before));
            }
        }
        reminders.retain(|reminder| due.contains(&reminder.at));
        reminders.sort_by(|a, b| (a.at, &a.title, a.id).cmp(&(b.at, &b.title, b.id)));
        Ok(reminders)
    }

    /// Where a session is held: several places in a conflict.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn places_of(&self, session: Id) -> Result<Vec<Placement>> {
        self.read(|view| Ok(board::places(view.connection(), &document_id(session))?))
    }
}

/// Remembers where I saw a session, if I starred it.
pub(crate) fn saw(
    edit: &mut Edit<'_>,
    own: &SpaceId,
    session: Id,
    at: Option<&Placement>,
) -> Result<()> {
    let star = starred::of_session(edit.connection(), &document_id(session));
    if star.map_err(StoreError::from)?.is_none_or(|star| star.seen.as_ref() == at) {
        return Ok(());
    }
    change(edit, own, |stars| {
        if let Some(star) = stars.iter_mut().find(|it| it.session == session) {
            star.seen = at.cloned();
        }
    })?;
    Ok(())
}

/// Changes my stars. Returns all of them.
pub(crate) fn change(
    edit: &mut Edit<'_>,
    own: &SpaceId,
    change: impl FnOnce(&mut Vec<Star>),
) -> Result<Vec<Star>> {
    let mut after = Vec::new();
    let origin = Origin::Singleton { generation: 0 };
    edit.change_named(own, STARRED, origin, |tx| {
        let before = starred::read(&*tx);
        after.clone_from(&before);
        change(&mut after);
        Ok(starred::write(tx, &before, &after)?)
    })?;
    if after.len() > starred::STARS_MAX {
        return Err(Error::Shorten);
    }
    Ok(after)
}

fn moved(star: &Starred) -> Option<StarNews> {
    let to = match &star.placements[..] {
        [] => None,
        [one] => Some(one.clone()),
        _ => return None,
    };
    (to != star.seen).then(|| StarNews::Moved {
        session: star.session.id,
        title: star.session.session.title().clone(),
        from: star.seen.clone(),
        to,
    })
}

/// One for each claim, numbered by start: a session that is settled has one, whose id stays.
fn reminders_of(star: &Starred, minutes_before: u16) -> Vec<Reminder> {
    let session = &star.session;
    let reminder = |(number, place): (u32, &Placement)| Reminder {
        id: reminder_id(&session.id, number),
        session: session.id,
        event: session.event,
        title: session.session.title().clone(),
        room: place.room.clone(),
        start: place.start,
        at: moment(place.start.get().saturating_sub(u64::from(minutes_before) * 60_000)),
    };
    (0..).zip(&star.placements).map(reminder).collect()
}

fn reminder_id(session: &Id, number: u32) -> Id {
    let mut hasher = blake3::Hasher::new_derive_key("teilgeber reminder of a session");
    hasher.update(session.as_bytes()).update(&number.to_be_bytes());
    model_id(hasher.finalize().as_bytes())
}
