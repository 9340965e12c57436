//! Which person, session, post or message is meant, by the beginning of an id or of a name.

use teilgeber_model::{Id, Name};
use teilgeber_store::nouns::{Beginning, card, contact, message, post, session};

use crate::SessionRecord;
use crate::device::{Device, model_id, space_id};
use crate::error::Result;
use crate::session::record;

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Who.
    pub person: Id,
    /// What I call them, or they call themselves somewhere.
    pub name: Option<Name>,
}

impl Device {
    /// Those whose id or name begins with `given`: contacts, those who appear in an event, and me. At most
    /// `limit` of each kind and event, whole names before longer ones; the same person may be there more than once,
    /// by several names.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn people_called(&self, given: &str, limit: u32) -> Result<Vec<Called>> {
        let beginning = Beginning::new(given);
        let events = self.events()?;
        let mut found = self.read(|view| {
            let db = view.connection();
            let known = contact::beginning_so(db, &beginning, limit)?.into_iter();
            let mut found: Vec<Called> = known
                .map(|it| Called {
                    person: it.contact.person(),
                    name: Some(it.contact.name().clone()),
                })
                .collect();
            let mut cards = card::of_ids(db, &beginning, limit)?;
            for event in &events {
                cards.extend(card::of_names(db, &space_id(event.id), &beginning, limit)?);
            }
            found.extend(cards.into_iter().map(|it| Called {
                person: model_id(it.person.as_bytes()),
                name: it.card.name().cloned(),
            }));
            Ok(found)
        })?;
        let me = self.me()?;
        found.push(Called { person: me.person, name: me.name });
        Ok(found)
    }

    /// The sessions of all events whose id or title begins with `given`, at most `limit` by id and of each event; hidden
    /// ones are not among them.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn sessions_called(&self, given: &str, limit: u32) -> Result<Vec<SessionRecord>> {
        let beginning = Beginning::new(given);
        let events = self.events()?;
        self.read(|view| {
            let db = view.connection();
            let here =
                |it: &session::Pitched| events.iter().any(|event| space_id(event.id) == it.space);
            let mut found = session::of_ids(db, &beginning, limit)?;
            found.retain(here);
            for event in &events {
                found.extend(session::of_titles(db, &space_id(event.id), &beginning, limit)?);
            }
            Ok(found.into_iter().map(record).collect())
        })
    }

    /// The posts of all events whose id begins with `given`, at most `limit`; neither hidden ones nor those of
    /// whom I muted.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn posts_called(&self, given: &str, limit: u32) -> Result<Vec<Id>> {
        let beginning = Beginning::new(given);
        let found = self.read(|view| Ok(post::of_ids(view.connection(), &beginning, limit)?))?;
        Ok(found.iter().map(|id| model_id(id.as_bytes())).collect())
    }

    /// The messages with anybody whose id begins with `given`, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn messages_called(&self, given: &str, limit: u32) -> Result<Vec<Id>> {
        let beginning = Beginning::new(given);
        let found = self.read(|view| Ok(message::of_ids(view.connection(), &beginning, limit)?))?;
        Ok(found.iter().map(|id| model_id(id.as_bytes())).collect())
    }
}
