//! How long this device holds an event: the warning, the fading, and keeping it after all.
//!
//! An event fades once its organisers' rule says so and the person was warned; what a warning takes is in
//! [`Notice`]. What others wrote is dropped here, and the event is neither offered to other devices nor
//! taken from them any more. What this person wrote stays: their posts, sessions, photos and the like as
//! they are, and their part of what several wrote as notes of their own. Notes, contacts and anchors are no
//! part of the event and stay in any case.
//!
//! Nobody else is told: how long a device holds an event is its own affair.

use serde::Serialize;
use teilgeber_entry::SpaceId;
use teilgeber_model::{Day, Event, Id, Note, NoteText, Notice};
use teilgeber_store::nouns::{NOTE, PAD, event, note};
use teilgeber_store::{Edit, OwnWords, Role, Space, StoreError, View};

use crate::device::{Device, model_id, moment};
use crate::error::{Error, Result};

/// How long this device holds an event. Days are in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// For good: by the event's rule, or because this person keeps it.
    Kept,
    /// Until it fades on this day, by its rule.
    Until(Day),
    /// It fades on this day, which is near: say so.
    FadesOn(Day),
    /// It has faded, on this day.
    Faded(Day),
}

/// Words that are put aside in one transaction come from so many documents.
const PUT_ASIDE_AT_ONCE: usize = 16;

/// So much of what somebody wrote goes into one note: at four bytes each below what a change may have.
const PIECE_CHARS: usize = 50_000;

impl Device {
    /// Keeps an event whatever its rule says, on this device alone; or holds it by its rule again. One that
    /// has faded comes back with the next sync with somebody who still holds it.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn keep_event(&self, event: Id, keep: bool) -> Result<()> {
        let space = self.event_space(event)?.id;
        self.write(|edit| Ok(edit.keep_space(&space, keep)?))?;
        // Where its day is near or past, the warning begins.
        if keep { Ok(()) } else { self.fade().map(drop) }
    }

    /// Lets those events fade whose time has come, and counts the warnings of others whose time is near. For
    /// the start of the program, and part of [`tidy`](Self::tidy); does little on most days. Returns which
    /// events faded.
    ///
    /// # Errors
    /// [`Error::FreeSpace`], or [`Error::Report`] when the database fails. The next call goes on.
    pub fn fade(&self) -> Result<Vec<Id>> {
        let today = moment(self.now()).day();
        let mut faded = Vec::new();
        for (space, camp) in self.read(held_events)? {
            let holding = self.read(|view| view.holding(&space))?;
            let due = camp.fades_on().filter(|_| !holding.keep);
            let notice = due.and_then(|due| Notice::on(today, due, holding.notice));
            if notice != holding.notice {
                self.write(|edit| Ok(edit.set_notice(&space, notice)?))?;
            }
            let is_over = notice.zip(due).is_some_and(|(notice, due)| notice.is_over(due));
            if is_over && self.put_aside_and_fade(&space, &camp)? {
                faded.push(model_id(space.as_bytes()));
            }
        }
        let changes = self.store().empty_faded(self.now())?;
        if !changes.is_empty() {
            self.observers().tell(&changes, None);
            self.store().shrink()?;
        }
        Ok(faded)
    }

    /// The space of an event that has not faded.
    pub(crate) fn held_event(&self, event: Id) -> Result<Space> {
        let space = self.event_space(event)?;
        if space.faded { Err(Error::Faded) } else { Ok(space) }
    }

    /// Puts aside what this person wrote together with others, and lets the event fade once nothing of
    /// that is left. A crash in between leaves notes that are there already.
    fn put_aside_and_fade(&self, space: &SpaceId, camp: &Event) -> Result<bool> {
        self.catch_up_with_letters()?;
        loop {
            let done = self.write(|edit| {
                let words = edit.own_words(space, PUT_ASIDE_AT_ONCE)?;
                if words.is_empty() {
                    return Ok(Some(edit.fade(space)?));
                }
                for words in &words {
                    put_aside(edit, &self.own_space(), &notes_of(space, camp, words))?;
                    edit.are_put_aside(words)?;
                }
                Ok(None)
            })?;
            if let Some(faded) = done {
                return Ok(faded);
            }
        }
    }
}

/// How long an event is held.
pub(crate) fn held(
    view: &View<'_>,
    space: &SpaceId,
    event: Option<&Event>,
) -> teilgeber_store::Result<Held> {
    let holding = view.holding(space)?;
    if let Some(faded) = holding.faded {
        return Ok(Held::Faded(moment(faded).day()));
    }
    let due = event.and_then(Event::fades_on).filter(|_| !holding.keep);
    Ok(match (due, holding.notice) {
        (None, _) => Held::Kept,
        (Some(due), None) => Held::Until(due),
        (Some(due), Some(notice)) => Held::FadesOn(notice.fades_on(due)),
    })
}

/// The events that are here and have not faded.
fn held_events(view: &View<'_>) -> teilgeber_store::Result<Vec<(SpaceId, Event)>> {
    let mut held = Vec::new();
    for space in view.spaces()? {
        if space.role == Role::Event
            && !space.faded
            && let Some(camp) = event::get(view.connection(), &space.id)?
        {
            held.push((space.id, camp.event));
        }
    }
    Ok(held)
}

/// The notes that hold a person's words of one document: more than one where they are many.
fn notes_of(space: &SpaceId, camp: &Event, words: &OwnWords) -> Vec<Note> {
    let what = if words.noun == PAD { "Pad" } else { "Session" };
    let title = words.title.as_ref().map_or(String::new(), |title| format!(": {title}"));
    let letters: Vec<char> = words.text.trim().chars().collect();
    let pieces = letters.chunks(PIECE_CHARS).map(String::from_iter);
    let note = |text: String| {
        let text = format!("# {what}{title} ({})\n\n{text}", camp.name());
        Note::new(NoteText::lossy(&text))
            .with_event(Some(model_id(space.as_bytes())))
            .with_session(words.session.map(|session| model_id(session.as_bytes())))
    };
    pieces.map(note).collect()
}

/// Writes notes that are not there yet: this device was interrupted, or another of the person's did it.
fn put_aside(edit: &mut Edit<'_>, own: &SpaceId, notes: &[Note]) -> Result<()> {
    for new in notes {
        let filter = note::Filter { event: new.event(), ..note::Filter::default() };
        let db = edit.connection();
        let there = note::list(db, &filter, None, u32::MAX).map_err(StoreError::from)?;
        let mut is_there = false;
        for it in there.iter().filter(|it| it.title == new.title()) {
            let found = note::get(db, &it.id).map_err(StoreError::from)?;
            is_there |= found.is_some_and(|found| found.note.text() == new.text());
        }
        if !is_there {
            edit.make_document(own, NOTE, |tx| Ok(note::write(tx, None, new)?))?;
        }
    }
    Ok(())
}
