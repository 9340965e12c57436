//! Conduct reports: what somebody confides to one person, by letter.
//!
//! Whoever writes one keeps nothing of it: it is sealed at once, to a reader whose key alone opens it, and
//! its words are written nowhere. What is given back is a receipt, by which its writer can ask where it is,
//! or take it back as long as it waits. The receipt is not kept either.
//!
//! Whoever reads one has it in a list of its own on this device alone, and can delete it: then the letter
//! cannot be opened here any more.
//!
//! Without a name only those take reports whom the event says to trust. Else anybody could write to anybody
//! in an event without saying who they are, which is what reports are about.

use serde::Serialize;
use teilgeber_entry::codec::{DecodeError, Reader, Write as _};
use teilgeber_entry::letter::Topic;
use teilgeber_entry::{AuthorId, EntryId, LetterPublic, PersonId, SpaceId};
use teilgeber_model::{Card, Day, Id, LetterReader, List, ReportText};
use teilgeber_store::nouns::{contact, event};
use teilgeber_store::{Role, View};

use crate::device::{Device, model_id, moment, person_id};
use crate::error::{Error, Result};
use crate::feedback::{
    Teller, appearing_in, confide, drop_confided, has_room, prose, reader, signed_by, teller,
};
use crate::letters::{Authorship, Incoming, Message};
use crate::remembered::Address;

pub(crate) const TOPIC: Topic = Topic(6);

/// The most reports that are kept of one event. What comes beyond can be read once some were deleted.
pub const REPORTS_MAX: usize = 500;

/// A report that came to me.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// On which day it was written, as its writer's clock said.
    pub day: Day,
    /// Who signed it; `None`: anonymous.
    pub by: Option<Teller>,
    /// What it says.
    pub text: ReportText,
}

impl Device {
    /// To whom an event says that conduct reports may go, signed or not.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn trusted(&self, event: Id) -> Result<Vec<LetterReader>> {
        Ok(self.camp(event)?.trusted().to_vec())
    }

    /// Names to whom conduct reports may go, as an organiser: some of those who appear in the event. Myself I
    /// may name once I show the event a name.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but organisers, [`Error::NotHere`] for who does not appear, or
    /// [`Error::Shorten`] for more than [`Trusted::MAX`](teilgeber_model::Trusted::MAX).
    pub fn set_trusted(&self, event: Id, persons: &[Id]) -> Result<()> {
        let trusted = List::new(self.appearing(event, persons)?);
        let trusted = trusted.map_err(|_| Error::Shorten)?;
        self.change_camp(event, |camp| Ok(camp.with_trusted(trusted)))
    }

    /// Reports to one person how somebody behaved: to one whom the event says to trust, or, signed, to
    /// anybody there who can be written to. A signed one leaves with the next sync, an anonymous one waits some
    /// hours and then until it can leave unseen. Returns its receipt, for
    /// [`letter_state`](Self::letter_state) and [`take_back_report`](Self::take_back_report); neither it nor
    /// a word of the report is kept.
    ///
    /// # Errors
    /// [`Error::NothingSaid`], [`Error::SignIt`] for an anonymous one to somebody else,
    /// [`Error::NotHere`] for who cannot be written to there, or [`Error::FreeSpace`].
    pub fn report(
        &self,
        event: Id,
        to: Id,
        text: &ReportText,
        authorship: Authorship,
    ) -> Result<Id> {
        if text.as_str().trim().is_empty() {
            return Err(Error::NothingSaid);
        }
        let space = self.event_space(event)?.id;
        let trusted = self.trusted(event)?.into_iter().find(|reader| reader.person == to);
        let reader = match trusted {
            Some(reader) => reader,
            None => {
                let reader = self.read(|view| reachable_in(view, &space, &person_id(to)))?;
                let reader = reader.ok_or(Error::NotHere("an address of that person there"))?;
                if authorship == Authorship::Anonymous {
                    return Err(Error::SignIt);
                }
                reader
            }
        };
        let message = Message::Report(text.clone());
        let how = (authorship, false);
        self.post_letters(&space, &[reader], &message, how, |_, letters| {
            let letter = letters.first().ok_or(Error::NotHere("the letter"))?;
            Ok(model_id(letter.as_bytes()))
        })
    }

    /// Takes a report back that still waits: it never leaves, and nothing of it stays.
    ///
    /// # Errors
    /// [`Error::NotHere`] when none waits under this receipt: it has left, or there was none.
    pub fn take_back_report(&self, receipt: Id) -> Result<()> {
        let letter = EntryId::from_bytes(*receipt.as_bytes());
        match self.write(|edit| Ok(edit.take_back_letter(&letter)?))? {
            true => Ok(self.store().checkpoint()?),
            false => Err(Error::NotHere("a report that waits under this receipt")),
        }
    }

    /// The reports that came to me, by event and day.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn reports(&self) -> Result<Vec<ReportRecord>> {
        let spaces = self.read(|view| view.spaces())?;
        let events =
            spaces.into_iter().filter(|space| space.role == Role::Event && space.key.is_some());
        let mut reports = Vec::new();
        for space in events.map(|space| space.id) {
            // What came before the event named me can be read by now.
            self.read_letters_of(&space)?;
            reports.extend(self.read(|view| {
                let letters = view.confided(TOPIC, &space)?.into_iter();
                letters
                    .map(|letter| {
                        Ok(ReportRecord {
                            id: model_id(letter.letter.as_bytes()),
                            event: model_id(space.as_bytes()),
                            day: moment(letter.day).day(),
                            by: teller(view, &letter)?,
                            text: decode(&mut Reader::new(&letter.body))?,
                        })
                    })
                    .collect::<teilgeber_store::Result<Vec<_>>>()
            })?);
        }
        Ok(reports)
    }

    /// Deletes a report that came to me, without a trace of what it said: here, and nowhere else.
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_report(&self, id: Id) -> Result<()> {
        let letter = AuthorId::from_bytes(*id.as_bytes());
        let known = self.reports()?.into_iter().find(|report| report.id == id);
        let event = known.ok_or(Error::NotHere("that report"))?.event;
        let space = self.event_space(event)?.id;
        let all = self.read(|view| view.confided(TOPIC, &space))?;
        let mut meant = all.iter().filter(|it| it.letter == letter);
        self.write(|edit| meant.try_for_each(|it| drop_confided(edit, it)))?;
        Ok(self.store().checkpoint()?)
    }
}

/// Where the letters of somebody go who can be written to in an event: they appear there, or are a
/// contact of mine of whom I know that they are there.
fn reachable_in(
    view: &View<'_>,
    space: &SpaceId,
    person: &PersonId,
) -> teilgeber_store::Result<Option<LetterReader>> {
    if let Some(appearing) = appearing_in(view, space, person)? {
        return Ok(Some(appearing));
    }
    let known = Address::of(view.keepsake(&Address::name(person))?)?;
    let Some(known) = known.filter(|known| known.event == Some(*space)) else { return Ok(None) };
    let contact = contact::of_person(view.connection(), person)?.map(|it| it.contact);
    Ok(contact.map(|contact| {
        // The key on their card is for good, that of a code for some days.
        let lasting = contact.card().and_then(Card::letter);
        let lasting = lasting.map(|letter| LetterPublic::from_bytes(*letter.as_bytes()));
        reader(person, &lasting.unwrap_or(known.reader), contact.name().clone())
    }))
}

/// Keeps a report that came: a signed one, and an anonymous one if the event says to trust me.
pub(crate) fn receive(device: &Device, incoming: &Incoming) -> Result<()> {
    if incoming.role != Role::Event {
        return Ok(());
    }
    let (me, by) = (model_id(device.person().as_bytes()), signed_by(incoming));
    let is_wanted = device.read(|view| {
        let camp = event::get(view.connection(), &incoming.space)?;
        let is_trusted =
            camp.is_some_and(|camp| camp.event.trusted().iter().any(|reader| reader.person == me));
        let is_for_me = is_trusted || by.is_some();
        Ok(is_for_me && has_room(view, incoming, by.as_ref(), REPORTS_MAX)?)
    })?;
    if is_wanted { confide(device, incoming) } else { Ok(()) }
}

pub(crate) fn encode(text: &ReportText) -> Vec<u8> {
    let mut body = Vec::new();
    body.put_sized(text.as_str().as_bytes());
    body
}

pub(crate) fn decode(reader: &mut Reader<'_>) -> std::result::Result<ReportText, DecodeError> {
    prose(reader, ReportText::MAX * 4)
}
