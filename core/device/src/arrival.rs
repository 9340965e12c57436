//! That a letter arrived, told to who wrote it.
//!
//! A device that reads a signed letter owes its writer the word that it came: that it is on a device of
//! its reader, not that anybody read it. The word goes back as a letter, before the next link begins, so that one
//! tells of all that came over a link before. Each letter is told once.
//!
//! Nobody is told of an anonymous letter, for there is nowhere to answer; of a conduct report, because an answer that
//! lies on its writer's phone would show that there was one; and of such a letter itself. Who is
//! blocked is told nothing.

use teilgeber_entry::AuthorId;
use teilgeber_entry::codec::{DecodeError, Reader, Write as _};
use teilgeber_entry::letter::{Sender, Topic};
use teilgeber_store::nouns::muted;
use teilgeber_store::{Edit, OwedArrival, Role, StoreError};

use crate::device::Device;
use crate::error::Result;
use crate::letters::{Incoming, Message};

pub(crate) const TOPIC: Topic = Topic(7);

/// So many letters are told of in one: it has the middle size then.
pub(crate) const IN_ONE_MAX: usize = 100;

/// The most letters that are owed at once: as many as a space keeps. Who wrote beyond is told nothing.
const OWED_MAX: usize = 4096;

/// Owes who wrote a letter the word that it arrived, in the transaction that keeps what it says.
pub(crate) fn owe(edit: &mut Edit<'_>, incoming: &Incoming) -> Result<()> {
    let Sender::Signed { person, answer_to, .. } = incoming.letter.sender else { return Ok(()) };
    // In somebody's card space only they write.
    if incoming.role == Role::ContactCard || is_blocked(edit, &person)? {
        return Ok(());
    }
    let owed =
        OwedArrival { letter: incoming.author, space: incoming.space, person, reader: answer_to };
    Ok(edit.owe_arrival(&owed, OWED_MAX)?)
}

/// Writes down that letters of mine arrived. What it says of others leaves nothing here.
pub(crate) fn receive(device: &Device, incoming: &Incoming, letters: &[AuthorId]) -> Result<()> {
    let Sender::Signed { person, .. } = incoming.letter.sender else { return Ok(()) };
    if device.read(|view| view.awaits_any(&person, letters))? {
        device.write(|edit| Ok(edit.have_arrived(&person, letters)?))?;
    }
    Ok(())
}

impl Device {
    /// Tells those whose letters arrived here.
    pub(crate) fn tell_arrivals(&self) -> Result<()> {
        let owed = self.read(|view| view.owed_arrivals())?;
        let together = |one: &OwedArrival, other: &OwedArrival| {
            (one.space, one.person, one.reader) == (other.space, other.person, other.reader)
        };
        for letters in owed.chunk_by(together).flat_map(|same| same.chunks(IN_ONE_MAX)) {
            self.tell_arrival(letters)?;
        }
        Ok(())
    }

    /// One letter about some by one writer in one space.
    fn tell_arrival(&self, letters: &[OwedArrival]) -> Result<()> {
        let Some(first) = letters.first() else { return Ok(()) };
        let may_be_told = self.read(|view| {
            let space = view.space(&first.space);
            let is_held = space.is_ok_and(|space| space.key.is_some() && !space.faded);
            Ok(is_held && !muted::is_blocked(view.connection(), &first.person)?)
        })?;
        let said = Message::Arrived(letters.iter().map(|owed| owed.letter).collect());
        let sealed = match may_be_told {
            true => Some(self.seal_letter(&first.space, &first.reader, &said)?),
            false => None,
        };
        self.write(|edit| {
            let mut is_owed = false;
            for owed in letters {
                is_owed |= edit.owe_no_more(&owed.letter)?;
            }
            // Else another link told them meanwhile.
            match sealed.filter(|_| is_owed) {
                Some(sealed) => sealed.send_once(edit, &first.person),
                None => Ok(()),
            }
        })
    }
}

fn is_blocked(edit: &Edit<'_>, person: &teilgeber_entry::PersonId) -> Result<bool> {
    Ok(muted::is_blocked(edit.connection(), person).map_err(StoreError::from)?)
}

pub(crate) fn encode(letters: &[AuthorId]) -> Vec<u8> {
    let mut body = Vec::new();
    letters.iter().for_each(|letter| body.put_bytes(letter.as_bytes()));
    body
}

pub(crate) fn decode(reader: &mut Reader<'_>) -> std::result::Result<Vec<AuthorId>, DecodeError> {
    let mut letters = Vec::new();
    while reader.left() > 0 {
        if letters.len() == IN_ONE_MAX {
            return Err(DecodeError::Invalid { field: "letters that arrived" });
        }
        letters.push(AuthorId::from_bytes(reader.array("letter that arrived")?));
    }
    match letters.is_empty() {
        true => Err(DecodeError::Invalid { field: "letters that arrived" }),
        false => Ok(letters),
    }
}
