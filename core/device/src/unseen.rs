//! Anonymous letters: how long they wait, and the link over which they leave unseen.
//!
//! A letter that carries no name is still told by when and from whom it first came. So it waits a random
//! while, beside the known set, where no link finds it. Once it is due, now and then a link is *unseen*: this
//! device offers the letter's event alone and shows no author, and on this link only, the letter belongs to
//! the known set. When the other side has it, it becomes an entry of the log, like all those that are
//! carried for others, and the link ends, before anything else of this device's own could follow.
//!
//! Each unseen link takes one letter, so that two that belong together do not arrive together; and none
//! begins as long as this device holds something of its own in that event that nobody else is known to
//! have, which would be news from the same hand.
//!
//! Out of scope: a letter that an event drops because it has more than it keeps. It gains no more work than
//! it was given when it was written: a key that could sign it again would prove who wrote it.

use teilgeber_entry::{EntryId, SpaceId};
use teilgeber_model::{Id, LetterReader};
use teilgeber_store::{Edit, Places};

use crate::device::{Device, person_id};
use crate::error::Result;
use crate::feedback::address;
use crate::letters::{Authorship, Message};

/// The shortest time that an anonymous letter waits, in ms: an hour, longer than the session that it may be
/// about and than the talk after it.
pub const WAITS_AT_LEAST_MS: u64 = 60 * 60 * 1000;

/// The longest time that an anonymous letter waits, in ms: six hours, so that what is written at noon can
/// still leave on the same day of a camp, while people are there to take it along.
pub const WAITS_AT_MOST_MS: u64 = 6 * 60 * 60 * 1000;

/// One of so many links is unseen while a letter is due. The others are as always, so that a letter that
/// does not get away holds up nothing else.
const ONE_OF: u8 = 2;

/// Where a letter is that I wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// It waits on this device until it can leave unseen.
    Waits,
    /// It is among what this device carries, and where else.
    Travels(Places),
    /// It came to a device of who it is for.
    Arrived,
    /// It is not here: it was taken back, or dropped because the event has more letters than it keeps.
    Gone,
}

/// A letter that may leave over a link which shows nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unseen {
    pub(crate) space: SpaceId,
    pub(crate) letter: EntryId,
}

impl Device {
    /// Where a letter is that I wrote: feedback or a conduct report.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere) when there is no such event.
    pub fn letter_state(&self, event: Id, letter: Id) -> Result<LetterState> {
        let space = self.event_space(event)?;
        let letter = EntryId::from_bytes(*letter.as_bytes());
        self.read(|view| {
            if view.is_waiting(&letter)? {
                return Ok(LetterState::Waits);
            }
            let sent = view.sent_letter(&space.id, &letter)?;
            if sent.is_some_and(|sent| sent.arrived) {
                return Ok(LetterState::Arrived);
            }
            let entry = sent.map_or(letter, |sent| sent.entry);
            let is_here =
                sent.is_some_and(|sent| sent.kept) || !view.holds(&space, &[entry])?.is_empty();
            match is_here {
                true => Ok(LetterState::Travels(view.places_of_entry(&space, &entry)?)),
                false => Ok(LetterState::Gone),
            }
        })
    }

    /// Seals the same to several readers and sends it: a signed one at once, an anonymous one after a while
    /// of its own for each reader; `also` is given their ids, in the same transaction. `remembered`: whether
    /// they show among those that wait, and signed ones are kept until they arrive.
    pub(crate) fn post_letters<T>(
        &self,
        space: &SpaceId,
        readers: &[LetterReader],
        message: &Message,
        (authorship, remembered): (Authorship, bool),
        also: impl FnOnce(&mut Edit<'_>, &[EntryId]) -> Result<T>,
    ) -> Result<T> {
        let now = self.now();
        let mut letters = Vec::new();
        for reader in readers {
            let sealed = self.seal_letter_as(space, &address(reader), message, authorship)?;
            letters.push((sealed, person_id(reader.person), now + while_of(self.seed()?)));
        }
        let ids: Vec<EntryId> = letters.iter().map(|(letter, ..)| letter.id).collect();
        self.write(|edit| {
            for (letter, reader, due) in letters {
                match authorship {
                    Authorship::Signed if remembered => {
                        let called = Some(letter.id);
                        letter.send(edit, &reader, called)?;
                    }
                    Authorship::Signed => drop(edit.ingest(letter.into_entry())?),
                    Authorship::Anonymous => {
                        edit.hold_back(letter.into_entry(), due, remembered)?;
                    }
                }
            }
            also(edit, &ids)
        })
    }

    /// The letter that leaves over the link that begins now, if this one is to be unseen.
    pub(crate) fn leaves_unseen(&self) -> Result<Option<Unseen>> {
        let now = self.now();
        let (due, has_left) = self.read(|view| Ok((view.due_letter(now)?, view.has_left()?)))?;
        if has_left {
            self.write(|edit| Ok(edit.forget_what_left()?))?;
        }
        let Some((space, letter)) = due else { return Ok(None) };
        let chance = self.seed()?[0];
        Ok(chance.is_multiple_of(ONE_OF).then_some(Unseen { space, letter }))
    }
}

/// How long a letter waits, in ms, by a seed that was never used before.
fn while_of(seed: [u8; 32]) -> u64 {
    let (number, _) = seed.split_first_chunk().unwrap_or((&[0; 8], &[]));
    let span = WAITS_AT_MOST_MS - WAITS_AT_LEAST_MS + 1;
    WAITS_AT_LEAST_MS + u64::from_be_bytes(*number) % span
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_waits_within_its_bounds_and_not_always_as_long() {
        let waits: Vec<u64> = (0..=255).map(|n| while_of([n; 32])).collect();

        assert!(waits.iter().all(|it| (WAITS_AT_LEAST_MS..=WAITS_AT_MOST_MS).contains(it)));
        let quarter = (WAITS_AT_MOST_MS - WAITS_AT_LEAST_MS) / 4;
        assert!(waits.iter().any(|it| *it < WAITS_AT_LEAST_MS + quarter));
        assert!(waits.iter().any(|it| *it > WAITS_AT_MOST_MS - quarter));
    }
}
