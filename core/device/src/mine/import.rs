//! Taking in a folder: everything is read and judged, then one transaction adds all of it or nothing.
//!
//! A preview is the same transaction, not committed: what it tells is what would happen.

use std::convert::Infallible;
use std::path::Path;

use serde::Serialize;
use teilgeber_entry::PersonId;
use teilgeber_formats::mine::{Keys, Mine, MyAnchor, MyNote};
use teilgeber_model::{
    Audience, Contact, DirectMessage, Field, List, Memo, Millis, Muted, Profile, Shared, Star,
};
use teilgeber_store::nouns::{ANCHOR, MUTED, NOTE, anchor, contact, muted, note, profile, starred};
use teilgeber_store::{Edit, StoreError};

use super::arrivals::Arrivals;
use super::collect::pointing;
use super::put_again::put_again;
use super::{folder, keys};
use crate::contact::{change_contact, was_erased};
use crate::device::{Device, document_id, model_id, person_id};
use crate::error::{Error, Result};
use crate::{message, profile as said, starred as stars};

/// What came in, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakenIn {
    /// When the folder was written.
    pub written: Millis,
    /// Whether it is of the person for whom this device speaks.
    pub same_person: bool,
    /// The fields of my profile that were filled in.
    pub profile: Vec<Field>,
    /// To whom they are shown: to those whom the folder says, or to nobody yet.
    pub profile_shown: bool,
    /// Notes.
    pub notes: Came,
    /// Contacts.
    pub contacts: Came,
    /// Anchors.
    pub anchors: Came,
    /// Stars.
    pub stars: Came,
    /// Those from whom I want some quiet.
    pub muted: Came,
    /// Messages.
    pub messages: Came,
    /// Events, by the keys in the folder.
    pub events: Came,
    /// What I had published in events.
    pub published: Came,
}

/// What became of the things of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Came {
    /// Those that are new here.
    pub new: usize,
    /// Those that were here and say more now.
    pub merged: usize,
    /// Those that were here, and stay as they are.
    pub here: usize,
    /// Of these, those that say something else in the folder.
    pub differ: usize,
    /// Those that were erased here, and stay so.
    pub erased: usize,
    /// Those that stay in the folder: what was published and is not put again, or not yet.
    pub left: usize,
}

/// What a folder holds, and how it is to be taken in.
pub(super) struct Found {
    pub(super) mine: Mine,
    pub(super) keys: Option<Keys>,
    pub(super) publish: bool,
}

/// Why a transaction ends without a commit.
enum Stop {
    /// It was to be seen only.
    Preview(Box<TakenIn>),
    Failed(Error),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl Device {
    /// Takes in what [`export_mine`](Self::export_mine) wrote, here or elsewhere. Nothing here is
    /// overwritten, and what came in before does not come twice. What was published is put again only with
    /// `publish`, or where this device speaks for the same person and nothing of it was ever here; else it
    /// stays in the folder, and the profile is filled in for myself alone. Sessions and shared notes belong
    /// to their events and come with them.
    ///
    /// # Errors
    /// [`Error::Folder`] for a folder that is none, damaged, too large or of a newer version,
    /// [`Error::Shorten`] beyond what fits, or [`Error::FreeSpace`]. Then nothing was taken in.
    pub fn import_mine(&self, folder: &Path, publish: bool) -> Result<TakenIn> {
        let found = found(folder, publish)?;
        self.write(|edit| self.add_all(edit, folder, &found))
    }

    /// What [`import_mine`](Self::import_mine) would do. Nothing changes.
    ///
    /// # Errors
    /// As [`import_mine`](Self::import_mine).
    pub fn preview_import(&self, folder: &Path, publish: bool) -> Result<TakenIn> {
        let found = found(folder, publish)?;
        let (now, seed) = (self.now(), self.seed()?);
        let outcome =
            self.store().write(now, &seed, |edit| -> std::result::Result<Infallible, Stop> {
                let seen = self.add_all(edit, folder, &found).map_err(Stop::Failed)?;
                Err(Stop::Preview(Box::new(seen)))
            });
        match outcome {
            Err(Stop::Preview(seen)) => Ok(*seen),
            Err(Stop::Failed(error)) => Err(error),
            Ok((never, _)) => match never {},
        }
    }

    fn add_all(&self, edit: &mut Edit<'_>, folder: &Path, found: &Found) -> Result<TakenIn> {
        let (mine, now) = (&found.mine, edit.now());
        let mut arrivals = Arrivals::read(edit.keepsake(Arrivals::kept_under())?);
        let mut came = TakenIn {
            written: mine.written,
            same_person: person_id(mine.person) == self.person(),
            profile: Vec::new(),
            profile_shown: false,
            notes: Came::default(),
            contacts: Came::default(),
            anchors: Came::default(),
            stars: Came::default(),
            muted: Came::default(),
            messages: Came::default(),
            events: Came::default(),
            published: Came::default(),
        };
        if let Some(keys) = &found.keys {
            (came.events.new, came.events.here) = keys::take_up(edit, keys)?;
        }
        for it in &mine.notes {
            self.take_note(edit, it, &mut arrivals)?.count(&mut came.notes);
        }
        edit.set_now(now);
        for it in &mine.anchors {
            self.take_anchor(edit, it, &mut arrivals)?.count(&mut came.anchors);
        }
        arrivals.keep(edit)?;
        for it in &mine.contacts {
            self.take_contact(edit, it)?.count(&mut came.contacts);
        }
        self.take_stars(edit, &mine.stars, &mut came.stars)?;
        self.take_muted(edit, &mine.muted, &mut came.muted)?;
        for it in &mine.messages {
            self.take_message(edit, it)?.count(&mut came.messages);
        }
        edit.set_now(now);
        self.take_profile(edit, found, &mut came)?;
        put_again(self, edit, folder, found, &mut came.published)?;
        edit.set_now(now);
        Ok(came)
    }

    fn take_note(&self, edit: &mut Edit<'_>, it: &MyNote, arrivals: &mut Arrivals) -> Result<Fate> {
        let id = arrivals.document(it.id);
        let known = note::get(edit.connection(), &id).map_err(StoreError::from)?;
        if let Some(known) = known {
            return Ok(if known.note == it.note { Fate::Here } else { Fate::Differs });
        }
        let own = self.own_space();
        if arrivals.came(it.id) || edit.is_gone(&own, &id)? {
            return Ok(Fate::Erased);
        }
        edit.set_now(it.updated.get());
        let made = edit.make_document(&own, NOTE, |tx| Ok(note::write(tx, None, &it.note)?))?;
        arrivals.add(it.id, model_id(made.as_bytes()));
        Ok(Fate::New)
    }

    fn take_anchor(
        &self,
        edit: &mut Edit<'_>,
        it: &MyAnchor,
        arrivals: &mut Arrivals,
    ) -> Result<Fate> {
        let id = arrivals.document(it.id);
        let new = pointing(it.anchor.clone(), |note| arrivals.id_here(note));
        let known = anchor::get(edit.connection(), &id).map_err(StoreError::from)?;
        if let Some(known) = known {
            return Ok(if known.anchor == new { Fate::Here } else { Fate::Differs });
        }
        let own = self.own_space();
        if arrivals.came(it.id) || edit.is_gone(&own, &id)? {
            return Ok(Fate::Erased);
        }
        let made = edit.make_document(&own, ANCHOR, |tx| Ok(anchor::write(tx, None, &new)?))?;
        arrivals.add(it.id, model_id(made.as_bytes()));
        Ok(Fate::New)
    }

    fn take_contact(&self, edit: &mut Edit<'_>, it: &Contact) -> Result<Fate> {
        let person = person_id(it.person());
        if person == self.person() {
            return Ok(Fate::Here);
        }
        let known = contact::of_person(edit.connection(), &person).map_err(StoreError::from)?;
        let Some(known) = known else {
            if was_erased(edit, &person)? {
                return Ok(Fate::Erased);
            }
            change_contact(self, edit, &person, |_| it.clone())?;
            return Ok(Fate::New);
        };
        let (merged, all_fits) = merged(&known.contact, it);
        if merged == known.contact {
            return Ok(if all_fits { Fate::Here } else { Fate::Differs });
        }
        change_contact(self, edit, &person, |_| merged)?;
        Ok(Fate::Merged)
    }

    fn take_stars(&self, edit: &mut Edit<'_>, all: &[Star], came: &mut Came) -> Result<()> {
        let mut new = Vec::new();
        for star in all {
            let known = starred::of_session(edit.connection(), &document_id(star.session));
            match known.map_err(StoreError::from)? {
                Some(_) => came.here += 1,
                None => new.push(star.clone()),
            }
        }
        came.new = new.len();
        if !new.is_empty() {
            stars::change(edit, &self.own_space(), |stars| stars.extend(new))?;
        }
        Ok(())
    }

    fn take_muted(&self, edit: &mut Edit<'_>, all: &[Muted], came: &mut Came) -> Result<()> {
        let known = muted::list(edit.connection()).map_err(StoreError::from)?;
        for it in all.iter().filter(|it| person_id(it.person) != self.person()) {
            if let Some(here) = known.iter().find(|here| here.person == it.person) {
                let fate = if here.quiet == it.quiet { Fate::Here } else { Fate::Differs };
                fate.count(came);
                continue;
            }
            let origin = teilgeber_entry::Origin::Singleton { generation: 0 };
            edit.change_named(&self.own_space(), MUTED, origin, |tx| {
                Ok(muted::write(tx, it.person, Some(it.quiet))?)
            })?;
            Fate::New.count(came);
        }
        Ok(())
    }

    fn take_message(&self, edit: &mut Edit<'_>, it: &DirectMessage) -> Result<Fate> {
        if message::is_kept(edit, it)? {
            return Ok(Fate::Here);
        }
        edit.set_now(it.written.get());
        let writer = if it.mine { self.person() } else { person_id(it.person) };
        // Its number stayed in the letter; this one follows from the message, so that it comes in once.
        let number = message_number(&writer, it);
        let id = message::keep(self, edit, &writer, &number, it)?;
        Ok(if edit.is_gone(&self.own_space(), &id)? { Fate::Erased } else { Fate::New })
    }

    /// Fills in what my profile here does not say.
    fn take_profile(&self, edit: &mut Edit<'_>, found: &Found, came: &mut TakenIn) -> Result<()> {
        let here = profile::mine(edit.connection()).map_err(StoreError::from)?;
        let nothing = Profile::default();
        let shown = found.publish || (came.same_person && here == nothing);
        let mut filled = here.clone();
        for field in Field::ALL {
            let (theirs, mine) = (found.mine.profile.get(field), here.get(field));
            let unset = nothing.get(field).value;
            if mine.value != unset || theirs.value == unset {
                continue;
            }
            let audience = if shown { theirs.audience } else { Audience::Me };
            filled.set(Shared::new(theirs.value, audience));
            came.profile.push(field);
        }
        if filled != here {
            said::say(self, edit, &filled)?;
        }
        came.profile_shown = shown && !came.profile.is_empty();
        Ok(())
    }
}

/// What became of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    New,
    Merged,
    Here,
    Differs,
    Erased,
    Left,
}

impl Fate {
    pub(super) fn count(self, came: &mut Came) {
        match self {
            Self::New => came.new += 1,
            Self::Merged => came.merged += 1,
            Self::Here => came.here += 1,
            Self::Differs => {
                came.here += 1;
                came.differ += 1;
            }
            Self::Erased => came.erased += 1,
            Self::Left => came.left += 1,
        }
    }
}

fn found(folder: &Path, publish: bool) -> Result<Found> {
    let (mine, keys) = folder::read(folder)?;
    Ok(Found { mine, keys, publish })
}

/// What is here with what a folder adds to it, and whether all of that found room. The name, the card and
/// the marks here stay.
fn merged(here: &Contact, there: &Contact) -> (Contact, bool) {
    let mut meetings = here.meetings().to_vec();
    let new = there.meetings().iter().filter(|met| {
        // The same one, also where a folder does not say in which session it was.
        !here.meetings().iter().any(|known| (known.when, known.event) == (met.when, met.event))
    });
    meetings.extend(new.cloned());
    let mut promises = here.promises().to_vec();
    for promise in there.promises() {
        let is_it = |it: &&mut teilgeber_model::Promise| {
            (it.by, &it.text, it.made) == (promise.by, &promise.text, promise.made)
        };
        match promises.iter_mut().find(is_it) {
            Some(known) => known.kept |= promise.kept,
            None => promises.push(promise.clone()),
        }
    }
    let (meetings, promises) = (List::new(meetings), List::new(promises));
    let memo = joined(here.memo(), there.memo());
    let all_fits = meetings.is_ok() && promises.is_ok() && memo.is_some();
    let merged = here
        .clone()
        .with_meetings(meetings.unwrap_or_else(|_| here.meetings().clone()))
        .with_promises(promises.unwrap_or_else(|_| here.promises().clone()))
        .with_memo(memo.unwrap_or_else(|| here.memo().clone()))
        .with_card(here.card().or(there.card()).cloned());
    (merged, all_fits)
}

/// Both memos: one that holds the other stands for both. `None` where there is no room.
fn joined(here: &Memo, there: &Memo) -> Option<Memo> {
    let (one, other) = (here.as_str(), there.as_str());
    if one.contains(other) {
        return Some(here.clone());
    }
    if other.contains(one) {
        return Some(there.clone());
    }
    Memo::new(&format!("{}\n\n{other}", one.trim_end())).ok()
}

fn message_number(writer: &PersonId, it: &DirectMessage) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("teilgeber number of a message from a folder");
    hasher.update(writer.as_bytes()).update(it.person.as_bytes());
    hasher.update(&it.written.get().to_be_bytes()).update(it.text.as_str().as_bytes());
    *hasher.finalize().as_bytes()
}
