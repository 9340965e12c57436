//! Events: founding one, joining one, and who may organise.

use std::net::SocketAddr;

use serde::Serialize;
use teilgeber_entry::{AuthorId, Origin, SpaceId, SpaceKey, Statement};
use teilgeber_model::{Event, Id, Line};
use teilgeber_store::nouns::{EVENT, event};
use teilgeber_store::{Edit, Keys, NewSpace, Role, Space, StoreError, View};

use crate::card::{APPEARING, ids};
use crate::code::{Code, JoinCode};
use crate::device::{Device, model_id, space_id};
use crate::error::{Error, Result};
use crate::retention::{Held, held};

/// An event that I am in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventRecord {
    /// Which one.
    pub id: Id,
    /// What it is called.
    pub name: Line<120>,
    /// The event itself; `None` as long as nobody gave it to this device.
    pub event: Option<Event>,
    /// Whether I may organise it.
    pub organiser: bool,
    /// Whether I am to be seen there.
    pub appearing: bool,
    /// How long this device holds it.
    pub held: Held,
}

/// What a join code led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Joined {
    /// The event.
    pub event: Id,
    /// What it is called.
    pub name: Line<120>,
    /// Where somebody may be who has it already: to [sync with](Device::sync_with) first.
    pub addresses: Vec<SocketAddr>,
}

impl Device {
    /// Founds an event. Returns its id. Nobody else knows of it before they are given its
    /// [code](Self::join_code).
    ///
    /// # Errors
    /// [`Error::Shorten`] or [`Error::FreeSpace`].
    pub fn create_event(&self, new: &Event) -> Result<Id> {
        let space = self.write(|edit| found(edit, new))?;
        Ok(model_id(space.as_bytes()))
    }

    /// Joins the event that a code is for. Needs no network; the event itself comes with the first
    /// sync with somebody who has it. Joining again does no harm; an event that has faded
    /// is [kept](Self::keep_event) from then on.
    ///
    /// # Errors
    /// [`Error::ScanAgain`], [`Error::OtherCode`], [`Error::UpdateApp`] for a code of a newer version, or
    /// [`Error::FreeSpace`].
    pub fn join(&self, code: &str) -> Result<Joined> {
        let code = match Code::read(code)? {
            Code::Join(code) => code,
            other => return Err(Error::OtherCode(other.kind())),
        };
        let space = self.write(|edit| enter(edit, &code))?;
        let event = model_id(space.as_bytes());
        Ok(Joined { event, name: code.name, addresses: code.addresses })
    }

    /// The code that lets others into an event; `addresses` where they find somebody who has it, at
    /// most [`ADDRESSES_MAX`](crate::ADDRESSES_MAX). Whoever has the code can read all of the event.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn join_code(&self, event: Id, addresses: &[SocketAddr]) -> Result<String> {
        let name = self.event(event)?.name;
        let space = self.event_space(event)?;
        let member = space.key.zip(space.founder).ok_or(Error::NotHere("the event's key"))?;
        let addresses = addresses.iter().take(crate::ADDRESSES_MAX).copied().collect();
        let code = JoinCode { key: member.0, founder: member.1, name, addresses };
        Ok(Code::Join(Box::new(code)).text())
    }

    /// The events that I am in, the latest first; last those that have not come yet.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn events(&self) -> Result<Vec<EventRecord>> {
        self.read(|view| {
            let left = ids(view.keepsake(LEFT)?);
            let here = event::list(view.connection())?.into_iter().map(|camp| camp.space);
            let mut spaces: Vec<SpaceId> = here.collect();
            for space in view.spaces()? {
                if space.role == Role::Event && !spaces.contains(&space.id) {
                    spaces.push(space.id);
                }
            }
            spaces.retain(|space| !left.contains(space));
            spaces.iter().map(|id| record(view, &view.space(id)?)).collect()
        })
    }

    /// An event.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn event(&self, event: Id) -> Result<EventRecord> {
        let space = self.event_space(event)?;
        self.read(|view| record(view, &space))
    }

    /// Makes an event say `new`. Only what differs is written.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, [`Error::NotHere`], [`Error::Shorten`] or
    /// [`Error::FreeSpace`].
    pub fn edit_event(&self, event: Id, new: &Event) -> Result<()> {
        let space = self.event_space(event)?.id;
        self.write(|edit| write_event(edit, &space, new))
    }

    /// Makes the device that is `author` in an event an organiser. Which author somebody's device is
    /// says a [sync with it](crate::SpaceReport::peer), or [`author_in`](Self::author_in) there.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, or [`Error::NotHere`].
    pub fn grant_organiser(&self, event: Id, author: Id) -> Result<()> {
        if !self.event(event)?.organiser {
            return Err(Error::NotAllowed("an organiser"));
        }
        self.write(|edit| {
            let author = AuthorId::from_bytes(*author.as_bytes());
            edit.say(&space_id(event), &Statement::Grant(author))?;
            Ok(())
        })
    }

    /// Which author this device is in an event; `None` as long as it wrote nothing there.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn author_in(&self, event: Id) -> Result<Option<Id>> {
        let space = self.event_space(event)?;
        let author = self.read(|view| view.own_author(&space))?;
        Ok(author.map(|author| model_id(author.id().as_bytes())))
    }

    /// Leaves an event: all that I published there [is erased](Self::withdraw_everything), and the event
    /// is listed no more. Its entries stay
    /// and are carried on, so that others hear of the erasure; [joining](Self::join) again lists it again.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn leave(&self, event: Id) -> Result<()> {
        self.withdraw_everything(event)?;
        self.write(|edit| {
            let mut left = ids(edit.keepsake(LEFT)?);
            left.retain(|other| *other != space_id(event));
            left.push(space_id(event));
            keep_ids(edit, LEFT, &left)
        })
    }
}

/// Holds the space of the event that a code is for.
pub(crate) fn enter(edit: &mut Edit<'_>, code: &JoinCode) -> Result<SpaceId> {
    let space = edit.hold_space(&NewSpace {
        role: Role::Event,
        keys: Keys::Member(code.key.clone()),
        founder: Some(code.founder),
        owner: None,
    })?;
    edit.keep(&called(&space), code.name.as_str().as_bytes())?;
    let mut left = ids(edit.keepsake(LEFT)?);
    left.retain(|other| *other != space);
    keep_ids(edit, LEFT, &left)?;
    if edit.space(&space)?.faded {
        edit.keep_space(&space, true)?;
    }
    Ok(space)
}

/// Makes an event's space and the event in it.
pub(crate) fn found(edit: &mut Edit<'_>, new: &Event) -> Result<SpaceId> {
    let key = SpaceKey::from_bytes(edit.random());
    let space = key.space();
    edit.found_event(key)?;
    edit.change_named(&space, EVENT, Origin::Singleton { generation: 0 }, |tx| {
        Ok(event::write(tx, None, new)?)
    })?;
    Ok(space)
}

pub(crate) fn write_event(edit: &mut Edit<'_>, space: &SpaceId, new: &Event) -> Result<()> {
    let camp = event::get(edit.connection(), space).map_err(StoreError::from)?;
    let camp = camp.ok_or(Error::NotHere("the event, which has not come yet,"))?;
    Ok(edit.change_document(space, &camp.id, |tx| {
        let old = event::read(&*tx).ok();
        Ok(event::write(tx, old.as_ref(), new)?)
    })?)
}

/// The events that I left.
pub(crate) const LEFT: &str = "left";

fn keep_ids(edit: &mut Edit<'_>, name: &str, spaces: &[SpaceId]) -> Result<()> {
    let bytes: Vec<u8> = spaces.iter().flat_map(|space| *space.as_bytes()).collect();
    Ok(edit.keep(name, &bytes)?)
}

/// Under which name an event's name is kept until the event comes.
fn called(space: &SpaceId) -> String {
    format!("called/{space}")
}

fn record(view: &View<'_>, space: &Space) -> teilgeber_store::Result<EventRecord> {
    let event = event::get(view.connection(), &space.id)?.map(|camp| camp.event);
    let kept = view.keepsake(&called(&space.id))?.unwrap_or_default();
    let kept = Line::lossy(&String::from_utf8_lossy(&kept));
    let own = view.own_author(space)?;
    Ok(EventRecord {
        id: model_id(space.id.as_bytes()),
        held: held(view, &space.id, event.as_ref())?,
        name: event.as_ref().map(|event| event.name().clone()).or(kept).unwrap_or_else(unnamed),
        event,
        organiser: match own {
            Some(own) => view.is_organiser(space, &own.id())?,
            None => false,
        },
        appearing: ids(view.keepsake(APPEARING)?).contains(&space.id),
    })
}

#[expect(clippy::expect_used, reason = "a constant of the program")]
fn unnamed() -> Line<120> {
    Line::new("…").expect("a line")
}
