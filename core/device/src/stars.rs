//! Stars that people show to others in an event: names of people, never how many.
//!
//! Whether I share says the log itself: as long as a list of mine stands in the event, each further star
//! publishes it again, whichever of my devices gives it.

use serde::Serialize;
use teilgeber_entry::{Origin, PersonId, SpaceId};
use teilgeber_model::{Id, List, Name, Published as _, Star, Stars};
use teilgeber_store::nouns::{STARS, starred, stars};
use teilgeber_store::{Edit, StoreError};

use crate::device::{Device, document_id, model_id, space_id};
use crate::error::Result;

/// Somebody who shows that they look forward to a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fan {
    /// Who.
    pub person: Id,
    /// What they call themselves in the event, if they say.
    pub name: Option<Name>,
}

impl Device {
    /// Whether others in an event see which sessions I starred. Off until it is said; turning it off
    /// erases what was seen, and a [finished sync](Self::sync_with) asks others for the same.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere) or [`Error::FreeSpace`](crate::Error::FreeSpace).
    pub fn share_stars(&self, event: Id, share: bool) -> Result<()> {
        let space = self.event_space(event)?.id;
        let person = self.person();
        self.write(|edit| {
            let shown = stars::of_person(edit.connection(), &space, &person);
            match (shown.map_err(StoreError::from)?, share) {
                (None, true) => {
                    let mine = starred::in_event(edit.connection(), &space);
                    publish(edit, &space, &mine.map_err(StoreError::from)?)
                }
                (Some(shown), false) => Ok(edit.erase(&space, &shown.id).map(drop)?),
                _ => Ok(()),
            }
        })
    }

    /// Whether others in an event see which sessions I starred.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere).
    pub fn shares_stars(&self, event: Id) -> Result<bool> {
        let (space, person) = (self.event_space(event)?.id, self.person());
        let shown = self.read(|view| Ok(stars::of_person(view.connection(), &space, &person)?))?;
        Ok(shown.is_some())
    }

    /// Who of those that share their stars looks forward to a session, by name.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere).
    pub fn starred_by(&self, session: Id) -> Result<Vec<Fan>> {
        let event = space_id(self.session(session)?.event);
        let session = document_id(session);
        let fans = self.read(|view| Ok(stars::of_session(view.connection(), &event, &session)?))?;
        let fan = |fan: stars::Fan| Fan { person: model_id(fan.person.as_bytes()), name: fan.name };
        Ok(fans.into_iter().map(fan).collect())
    }
}

/// Shows my stars as they are now, where I show them.
pub(crate) fn follow(
    edit: &mut Edit<'_>,
    event: &SpaceId,
    person: &PersonId,
    all: &[Star],
) -> Result<()> {
    let shown = stars::of_person(edit.connection(), event, person).map_err(StoreError::from)?;
    match shown {
        Some(_) => publish(edit, event, all),
        None => Ok(()),
    }
}

pub(crate) fn publish(edit: &mut Edit<'_>, event: &SpaceId, all: &[Star]) -> Result<()> {
    let here = all.iter().filter(|star| space_id(star.event) == *event);
    let value = Stars::new(List::lossy(here.map(|star| star.session))).encode();
    let origin = Origin::Singleton { generation: edit.generation(event, STARS)? };
    edit.put(event, STARS, origin, value)?;
    Ok(())
}
