//! What takes space on this device, and clearing what comes back by sync.
//!
//! "Space" here is room on the disk. What can be cleared are other people's pictures: see
//! [`Device::clear_photos`].

use serde::Serialize;
use teilgeber_model::Id;
use teilgeber_store::{Role, SpaceUsage};

use crate::device::{Device, model_id};
use crate::error::Result;

/// What takes space on this device, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// The database: all of the following.
    pub total: u64,
    /// Each event that is here, also one that I left, or that has faded; the largest first.
    pub events: Vec<EventUsage>,
    /// What is mine alone: notes, contacts, messages and the like.
    pub own: u64,
    /// Cards: mine for my contacts, theirs for me, and what passes by codes.
    pub cards: u64,
    /// What is carried for others, without reading it.
    pub carried: u64,
    /// What makes words be found.
    pub search: u64,
    /// Lists for screens, indexes, and what a database needs beside.
    pub lists: u64,
    /// What is free within it, and is filled again.
    pub free: u64,
}

/// What an event takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventUsage {
    /// Which one.
    pub event: Id,
    /// How many entries of it are known.
    pub entries: u64,
    /// What people said.
    pub words: u64,
    /// Pictures.
    pub photos: u64,
    /// Of these, what can be cleared: those who took them had them when we last met.
    pub clearable: u64,
    /// Pictures of others that might be nowhere else, as far as this device knows.
    pub only_here: u64,
}

/// Pictures that were cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClearedPhotos {
    /// How many.
    pub photos: u32,
    /// How many bytes they had.
    pub bytes: u64,
    /// Bytes of other people's pictures that stay, because they might be nowhere else.
    pub only_here: u64,
}

impl Device {
    /// What takes space. Reads the whole database: some tenths of a second where it is large.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn usage(&self) -> Result<Usage> {
        let found = self.read(|view| view.usage())?;
        let bytes = |roles: &[Role]| -> u64 {
            let of_roles = found.spaces.iter().filter(|(space, _)| roles.contains(&space.role));
            of_roles.map(|(_, usage)| usage.words + usage.pictures).sum()
        };
        let events = found.spaces.iter().filter(|(space, _)| space.role == Role::Event);
        let mut events: Vec<EventUsage> = events
            .map(|(space, usage)| EventUsage {
                event: model_id(space.id.as_bytes()),
                entries: usage.entries,
                words: usage.words,
                photos: usage.pictures,
                clearable: usage.clearable,
                only_here: usage.only_here,
            })
            .collect();
        events.sort_by_key(|usage| std::cmp::Reverse(usage.words + usage.photos));
        let named: u64 = found.spaces.iter().map(|(_, usage)| usage.words + usage.pictures).sum();
        Ok(Usage {
            total: found.total,
            events,
            own: bytes(&[Role::Own]),
            cards: bytes(&[Role::Card, Role::ContactCard, Role::Code]),
            carried: bytes(&[Role::Carried]),
            search: found.search,
            lists: found.total.saturating_sub(named + found.search + found.free),
            free: found.free,
        })
    }

    /// Clears the pictures of other people's photos, of one event or of all. The small pictures and what was
    /// said of them stay, and a picture comes back once it is [asked for](Self::photo_bytes) and somebody
    /// who has it is met. Nobody's own are cleared: whoever took a photo is the one from whom it comes back.
    ///
    /// Cleared are those whose takers were met in a finished sync since, and with `even_if_only_here` all.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere), or [`Error::FreeSpace`](crate::Error::FreeSpace) where the
    /// disk is too full even for that.
    pub fn clear_photos(
        &self,
        event: Option<Id>,
        even_if_only_here: bool,
    ) -> Result<ClearedPhotos> {
        let space = event.map(|event| self.event_space(event)).transpose()?.map(|space| space.id);
        let (cleared, changes) =
            self.store().clear_pictures(self.now(), space.as_ref(), even_if_only_here)?;
        self.observers().tell(&changes, None);
        let left = self.read(|view| view.usage())?.spaces;
        let left = left.iter().filter(|(held, _)| space.is_none_or(|space| space == held.id));
        let only_here = |(_, usage): &(_, SpaceUsage)| usage.only_here;
        Ok(ClearedPhotos {
            photos: cleared.pictures,
            bytes: cleared.bytes,
            only_here: left.map(only_here).sum(),
        })
    }
}
