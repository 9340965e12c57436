//! People over the years: whom I met before, and what those whom I follow did lately.
//!
//! Whom I follow is a mark in my own contact. They are not told, and nothing is asked of anyone for it:
//! their news come as all else does.

use std::collections::BTreeMap;

use serde::Serialize;
use teilgeber_model::{Id, Line, Meetings, Millis, Name, PostText};
use teilgeber_store::nouns::{CARD, POST, SESSION, card, contact, people, post, session};
use teilgeber_store::{Role, View};

use crate::contact::{ContactRecord, change_contact};
use crate::device::{Device, model_id, person_id, space_id};
use crate::error::Result;

/// Somebody in an event whom I know from before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MetBefore {
    /// Who.
    pub person: Id,
    /// The name that I know them by, else what they are called in the event.
    pub name: Option<Name>,
    /// Whether they are a contact of mine.
    pub contact: bool,
    /// When and where we met, as I wrote it down.
    pub meetings: Meetings,
    /// The events before this one in which both of us were and they appeared, the latest first.
    pub events: Vec<Id>,
}

/// What somebody whom I follow did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// Who.
    pub person: Id,
    /// The name that I know them by.
    pub name: Name,
    /// When, by their clock.
    pub when: Millis,
    /// What.
    pub what: Did,
}

/// What a person did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// They changed the card that they show their contacts.
    Card,
    /// They appear in an event, or changed how.
    Appears {
        /// In which one.
        event: Id,
    },
    /// They pitched a session.
    Pitched {
        /// In which event.
        event: Id,
        /// Which session.
        session: Id,
        /// What it is called.
        title: Line<200>,
    },
    /// They posted something.
    Said {
        /// In which event.
        event: Id,
        /// Which post.
        post: Id,
        /// What it says.
        text: PostText,
    },
}

impl Device {
    /// Whom of those who appear in an event I know from before, by the name that they show there: my
    /// contacts, and who appeared in an event that I was in and that began before it.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere).
    pub fn met_in(&self, event: Id) -> Result<Vec<MetBefore>> {
        let space = self.event_space(event)?.id;
        let me = self.person();
        self.read(|view| {
            let db = view.connection();
            let mut seen: BTreeMap<_, Vec<Id>> = BTreeMap::new();
            for (person, earlier) in people::seen_before(db, &space)? {
                seen.entry(person).or_default().push(model_id(earlier.as_bytes()));
            }
            let filter = card::Filter { met: true, ..card::Filter::default() };
            let mut met = Vec::new();
            for here in card::matching(db, &space, &filter, None, u32::MAX)? {
                if here.person == me {
                    continue;
                }
                let known = contact::of_person(db, &here.person)?.map(|known| known.contact);
                let shown = here.card.name().cloned();
                met.push(MetBefore {
                    person: model_id(here.person.as_bytes()),
                    name: known.as_ref().map(|known| known.name().clone()).or(shown),
                    contact: known.is_some(),
                    meetings: known.map(|known| known.meetings().clone()).unwrap_or_default(),
                    events: seen.remove(&here.person).unwrap_or_default(),
                });
            }
            Ok(met)
        })
    }

    /// Follows a contact: what they publish, as it comes, is [listed](Self::news_of_followed). They are
    /// not told.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere) or [`Error::FreeSpace`](crate::Error::FreeSpace).
    pub fn follow(&self, person: Id) -> Result<()> {
        self.mark_followed(person, true)
    }

    /// Follows a contact no more.
    ///
    /// # Errors
    /// As [`follow`](Self::follow).
    pub fn unfollow(&self, person: Id) -> Result<()> {
        self.mark_followed(person, false)
    }

    /// Whom I follow, by name.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn following(&self) -> Result<Vec<ContactRecord>> {
        let mut followed = self.contacts()?;
        followed.retain(|known| known.contact.is_followed());
        Ok(followed)
    }

    /// What those whom I follow published since a time, in events and on the cards for their contacts,
    /// the latest first: as far as it came here, and by their clocks.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn news_of_followed(&self, since: Millis) -> Result<Vec<Heard>> {
        let followed = self.following()?;
        self.read(|view| {
            let mut heard = Vec::new();
            for known in followed {
                let person = known.contact.person();
                for deed in people::deeds_since(view.connection(), &person_id(person), since)? {
                    let name = known.contact.name().clone();
                    if let Some(what) = what(view, &deed)? {
                        heard.push(Heard { person, name, when: deed.when, what });
                    }
                }
            }
            heard.sort_by_key(|heard| std::cmp::Reverse(heard.when));
            Ok(heard)
        })
    }

    fn mark_followed(&self, person: Id, followed: bool) -> Result<()> {
        let known = self.contact(person)?.contact;
        self.write(|edit| {
            change_contact(self, edit, &person_id(person), |old| {
                old.unwrap_or(known).with_followed(followed)
            })
        })
    }
}

fn what(view: &View<'_>, deed: &people::Deed) -> teilgeber_store::Result<Option<Did>> {
    let db = view.connection();
    let (event, id) = (model_id(deed.space.as_bytes()), model_id(deed.id.as_bytes()));
    let is_event = view.space(&space_id(event))?.role == Role::Event;
    Ok(match deed.noun {
        CARD if is_event => Some(Did::Appears { event }),
        CARD => Some(Did::Card),
        SESSION => session::get(db, &deed.id)?.map(|found| Did::Pitched {
            event,
            session: id,
            title: found.session.title().clone(),
        }),
        POST => post::get(db, &deed.id)?.map(|found| Did::Said {
            event,
            post: id,
            text: found.post.text().clone(),
        }),
        _ => None,
    })
}
