//! Pads: the shared notes of a session.
//!
//! Anyone in the event may write, offline as well, and what was written at once is merged. Who wrote which
//! words can be seen within the event. A session that is off the record has no pad.
//!
//! A deleted word stays in the history that others hold. Where it must go, the pad moves on: see
//! [`Device::move_pad`].

use std::collections::HashMap;

use serde::Serialize;
use teilgeber_entry::statement::Target;
use teilgeber_entry::{AuthorId, DocumentId, Origin, PersonId, SpaceId, Statement};
use teilgeber_model::{Id, Millis, Name, PadText, Policy};
use teilgeber_store::guard::Loaded;
use teilgeber_store::nouns::text::{Splice, SpliceError, TextUnit};
use teilgeber_store::nouns::{PAD, card, pad, session};
use teilgeber_store::{Edit, Space, StoreError, View};

use crate::device::{Device, document_id, model_id, person_id, space_id};
use crate::error::{Error, Result};

/// How much of a pad is written in one change: at four bytes each below what a change may have.
const PIECE_CHARS: usize = 50_000;

/// A pad, and who wrote in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PadRecord {
    /// Of which session.
    pub session: Id,
    /// In which event.
    pub event: Id,
    /// When it was last changed; `None` where nobody began it.
    pub updated: Option<Millis>,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What may be told of it outside.
    pub policy: Policy,
    /// What it says, in Markdown.
    pub text: PadText,
    /// Who wrote in it, the first in front.
    pub authors: Vec<PadAuthor>,
}

/// Somebody who wrote in a pad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PadAuthor {
    /// Who.
    pub person: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<Name>,
    /// When they wrote first, as they say.
    pub first: Millis,
    /// When last.
    pub last: Millis,
}

/// A piece of a pad that one person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PadSpan {
    /// Who; `None` where that is not known.
    pub person: Option<Id>,
    /// The words.
    pub text: String,
}

/// A place in a pad that stays with its character, whatever others write before it. Kept as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PadCursor(Vec<u8>);

impl Device {
    /// The pad of a session: empty as long as nobody began it.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad(&self, session: Id) -> Result<PadRecord> {
        let found = self.of_session(session)?;
        if self.read(|view| Ok(pad::is_behind(view.connection(), &found.pad)?))? {
            self.write(|edit| Ok(edit.show_stale()?))?;
        }
        self.read(|view| {
            let db = view.connection();
            let shown = pad::get(db, &found.pad)?;
            let authors = pad::hands(db, &found.pad)?.into_iter().map(|hand| {
                Ok(PadAuthor {
                    person: model_id(hand.person.as_bytes()),
                    name: card::name_in(db, &found.space.id, &hand.person)?,
                    first: hand.first,
                    last: hand.last,
                })
            });
            Ok(PadRecord {
                session,
                event: model_id(found.space.id.as_bytes()),
                updated: shown.as_ref().map(|shown| shown.updated),
                hidden: shown.as_ref().is_some_and(|shown| shown.hidden),
                policy: found.policy,
                authors: authors.collect::<teilgeber_store::Result<_>>()?,
                text: shown.map(|shown| shown.text).unwrap_or_default(),
            })
        })
    }

    /// A pad's text as it was typed and merged: what an editor shows, and in which
    /// [splices](Self::splice_pad) and cursors count.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad_text(&self, session: Id) -> Result<String> {
        self.of_pad(session, |doc, _| Ok(pad::raw_text(doc.document())))
            .map(Option::unwrap_or_default)
    }

    /// Edits a pad in place, as [`splice_note`](Self::splice_note) does a note. The first one begins it.
    ///
    /// # Errors
    /// [`Error::OffTheRecord`], [`Error::ReadAgain`] when a splice does not fit the text,
    /// [`Error::Shorten`] when it would become too long, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn splice_pad(&self, session: Id, unit: TextUnit, splices: &[Splice]) -> Result<()> {
        self.change_pad(session, |edit, space, origin| {
            let spliced =
                edit.change_named(space, PAD, origin, |tx| Ok(pad::splice(tx, unit, splices)?));
            Ok(spliced.map(drop)?)
        })
    }

    /// Makes a pad say `text`. Only what differs is written.
    ///
    /// # Errors
    /// [`Error::OffTheRecord`], [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn set_pad(&self, session: Id, text: &PadText) -> Result<()> {
        self.change_pad(session, |edit, space, origin| {
            let write = edit.change_named(space, PAD, origin, |tx| Ok(pad::write(tx, text)?));
            Ok(write.map(drop)?)
        })
    }

    /// A cursor at the position `at` of a pad's [text](Self::pad_text).
    ///
    /// # Errors
    /// [`Error::ReadAgain`] when there is no such position, or [`Error::NotHere`].
    pub fn pad_cursor(&self, session: Id, unit: TextUnit, at: usize) -> Result<PadCursor> {
        let mut refused = None;
        let found = self.of_pad(session, |doc, _| {
            Ok(pad::cursor(doc.document(), unit, at).map_err(|error| refused = Some(error)).ok())
        })?;
        match (found.flatten(), refused) {
            (Some(cursor), _) => Ok(PadCursor(cursor)),
            (None, Some(error)) => Err(error.into()),
            (None, None) => Err(SpliceError::Missing.into()),
        }
    }

    /// Where a cursor is now in a pad's text; `None` for one of another pad.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad_position(
        &self,
        session: Id,
        unit: TextUnit,
        cursor: &PadCursor,
    ) -> Result<Option<usize>> {
        let found =
            self.of_pad(session, |doc, _| Ok(pad::position(doc.document(), unit, &cursor.0)))?;
        Ok(found.flatten())
    }

    /// A pad's text in pieces, each with who wrote it.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn pad_spans(&self, session: Id) -> Result<Vec<PadSpan>> {
        let found = self.of_session(session)?;
        let writers = self.read(|view| Ok(pad::writers(view.connection(), &found.pad)?))?;
        let authors: Vec<AuthorId> = writers.iter().map(|(author, _)| *author).collect();
        let persons: HashMap<AuthorId, Option<PersonId>> = writers.into_iter().collect();
        let spans = self.of_pad(session, |doc, id| Ok(pad::spans(doc.document(), id, &authors)))?;
        let person = |author: AuthorId| persons.get(&author).copied().flatten();
        let named = spans.unwrap_or_default().into_iter().map(|span| PadSpan {
            person: span.author.and_then(person).map(|person| model_id(person.as_bytes())),
            text: span.text,
        });
        Ok(named.collect())
    }

    /// Moves a pad on: it says `text` from now on, and what it said before goes from every device that
    /// hears of it, history and all. Who wrote which words is forgotten with it. What others added
    /// meanwhile, each finds in [`missing_from_pad`](Self::missing_from_pad).
    ///
    /// Where two move it at once, the text of one of them stands, the same everywhere.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but the session's pitcher and organisers, [`Error::OffTheRecord`]
    /// where anything would remain, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn move_pad(&self, session: Id, text: &PadText) -> Result<()> {
        let found = self.of_session(session)?;
        if found.policy == Policy::OffTheRecord && !text.as_str().is_empty() {
            return Err(Error::OffTheRecord);
        }
        let record = self.session(session)?;
        let is_pitcher = record.pitcher.map(person_id) == Some(self.person());
        if !is_pitcher && !self.event(record.event)?.organiser {
            return Err(Error::NotAllowed("the person who pitched it, or an organiser,"));
        }
        let (parent, space) = (document_id(session), found.space.id);
        self.write(|edit| -> Result<()> {
            // Never 0, which is the first one.
            let generation = u32::from_be_bytes(edit.random()).max(1);
            // The text goes first in this author's chain: who knows of the move has it.
            let origin = Origin::Attached { parent, generation };
            let letters: Vec<char> = text.as_str().chars().collect();
            for (number, piece) in letters.chunks(PIECE_CHARS).enumerate() {
                let (at, insert) = (number * PIECE_CHARS, piece.iter().collect());
                let splice = Splice { at, delete: 0, insert };
                edit.change_named(&space, PAD, origin, |tx| {
                    let spliced = pad::splice(tx, TextUnit::Scalars, &[splice]);
                    spliced.map_err(|_| StoreError::Missing("that place in the text"))
                })?;
            }
            Ok(edit.change_document(&space, &parent, |tx| Ok(pad::move_on(tx, generation)?))?)
        })?;
        self.mind_pads()?;
        // Who moves it has seen what goes.
        self.write(|edit| {
            let forgotten = pad::forget_kept_words_of(edit.connection(), &found.pad);
            Ok(forgotten.map_err(StoreError::from)?)
        })
    }

    /// Lines that were written on this device and went when the pad moved on, and that the pad does
    /// not say now: to be offered to the person again. Nobody else sees them.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn missing_from_pad(&self, session: Id) -> Result<Vec<String>> {
        let text = self.pad_text(session)?;
        let kept =
            self.read(|view| Ok(pad::kept_words(view.connection(), &document_id(session))?))?;
        Ok(kept.into_iter().filter(|line| !text.contains(line)).collect())
    }

    /// Forgets what is [missing from a pad](Self::missing_from_pad).
    ///
    /// # Errors
    /// [`Error::FreeSpace`] or [`Error::Report`] when the database fails.
    pub fn forget_missing_from_pad(&self, session: Id) -> Result<()> {
        self.write(|edit| {
            let forgotten = pad::forget_kept_words(edit.connection(), &document_id(session));
            Ok(forgotten.map_err(StoreError::from)?)
        })
    }

    /// Erases what is left of pads from which their sessions have moved on: what this person wrote,
    /// and as an organiser all of it.
    pub(crate) fn mind_pads(&self) -> Result<()> {
        let words = self.read(|view| {
            let mut words = Vec::new();
            for old in pad::superseded(view.connection())? {
                let space = view.space(&old.space)?;
                let own = view.own_author(&space)?;
                let organises = match own {
                    Some(own) => view.is_organiser(&space, &own.id())?,
                    None => false,
                };
                if organises {
                    words.push((old.space, Statement::Withdraw(Target::Document(old.pad))));
                } else if old.is_mine {
                    words.push((old.space, Statement::Erase(old.pad)));
                }
            }
            Ok(words)
        })?;
        for (space, word) in words {
            self.write(|edit| -> Result<()> { Ok(edit.say(&space, &word).map(drop)?) })?;
        }
        Ok(())
    }

    /// The session whose pad a document is: to show where words were found.
    pub(crate) fn session_of_pad(
        view: &View<'_>,
        pad: &DocumentId,
    ) -> teilgeber_store::Result<Option<session::Pitched>> {
        let db = view.connection();
        let found = pad::session_of(db, pad)?;
        Ok(found.map(|session| session::get(db, &session)).transpose()?.flatten())
    }

    fn change_pad(
        &self,
        session: Id,
        change: impl FnOnce(&mut Edit<'_>, &SpaceId, Origin) -> Result<()>,
    ) -> Result<()> {
        let found = self.of_session(session)?;
        if found.policy == Policy::OffTheRecord {
            return Err(Error::OffTheRecord);
        }
        let parent = document_id(session);
        let origin = Origin::Attached { parent, generation: found.generation };
        self.write(|edit| change(edit, &found.space.id, origin))
    }

    /// Reads something of a pad's document; `None` where nobody began it.
    fn of_pad<T>(
        &self,
        session: Id,
        read: impl FnOnce(&Loaded, &DocumentId) -> teilgeber_store::Result<T>,
    ) -> Result<Option<T>> {
        let found = self.of_session(session)?;
        self.read(|view| {
            let loaded = view.document(&found.space, &found.pad)?;
            loaded.map(|loaded| read(&loaded, &found.pad)).transpose()
        })
    }

    fn of_session(&self, session: Id) -> Result<OfSession> {
        let record = self.session(session)?;
        let found = self.read(|view| {
            let space = view.space(&space_id(record.event))?;
            let db = view.connection();
            let pitched = session::get(db, &document_id(session))?;
            let policy = pitched.map(|pitched| session::policy_of(db, &pitched)).transpose()?;
            let present = pad::present(db, &document_id(session))?;
            let present = present.ok_or(StoreError::Missing("the event's key"))?;
            Ok(OfSession {
                space,
                pad: present.pad,
                generation: present.number,
                policy: policy.unwrap_or(Policy::OffTheRecord),
            })
        })?;
        Ok(found)
    }
}

/// Where a session's pad is.
struct OfSession {
    space: Space,
    pad: DocumentId,
    generation: u32,
    policy: Policy,
}
