//! Letters of mine until they arrive: how long they are kept, and how much work they get.
//!
//! A space keeps the 4,096 letters with the most work. Every letter gets some when it is written, and, where
//! its space is full, as much as it takes to be kept there. If others displace it later, its writer's device
//! signs it again with more work before the next link begins, some each time, until its reader's
//! device [says that it arrived](crate::arrival) or it is given up.
//!
//! Of a conduct report nothing is kept, and of an anonymous letter no key: it would prove who wrote
//! it. Both have the work that they were given when they were written.

use teilgeber_entry::letter::{LetterError, add_work};
use teilgeber_entry::{AuthorKey, EntryId, Envelope};

use crate::device::Device;
use crate::error::Result;

/// How long a letter is kept that nobody says has arrived, in ms: 30 days, as long as a code is answered.
pub const KEPT_FOR_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// How much work a letter is given when it is written, in tries: some ten bits. Of a flood without work a
/// space must then see four million letters before this one goes.
pub(crate) const WORK_WHEN_WRITTEN: u32 = 1024;

/// The most tries beyond that for a letter that is written into a full space: some 18 bits, well below a
/// second.
pub(crate) const WORK_WHEN_FULL: u32 = 1 << 18;

/// The most tries before one link, for all letters that were displaced.
const WORK_BEFORE_A_LINK: u32 = 1 << 18;

/// The most tries for one letter in all: some 24 bits. Whoever displaces it then has computed for days.
const WORK_MAX: u64 = 1 << 24;

/// So many displaced letters are looked at before one link.
const DISPLACED_AT_ONCE: usize = 64;

/// Tries between two looks at whether they are enough.
const STEP: u32 = 4096;

impl Device {
    /// Does what is due for letters: gives those up that are too old, sends those again that were displaced,
    /// with more work, and tells others that theirs arrived.
    pub(crate) fn mind_letters(&self) -> Result<()> {
        let before = self.now().saturating_sub(KEPT_FOR_MS);
        if self.read(|view| view.has_letters_to_give_up(before))? {
            self.write(|edit| Ok(edit.give_up_letters(before)?))?;
        }
        self.send_displaced_again()?;
        self.tell_arrivals()
    }

    fn send_displaced_again(&self) -> Result<()> {
        let displaced = self.read(|view| view.displaced_letters(WORK_MAX, DISPLACED_AT_ONCE))?;
        let mut left = WORK_BEFORE_A_LINK;
        for sent in displaced {
            let bar = self.read(|view| view.letter_bar(&sent.space))?;
            let mut letter = sent.letter;
            let (envelope, tries) =
                worked(letter.envelope, &sent.key, bar.as_ref(), sent.tries, left)?;
            left = left.saturating_sub(u32::try_from(tries - sent.tries).unwrap_or(u32::MAX));
            letter.envelope = envelope;
            // What did not suffice yet goes on from here before the next link.
            self.write(|edit| Ok(edit.send_again(&sent.space, letter, tries)?))?;
        }
        Ok(())
    }
}

/// Gives a letter work until it is below the `bar` of its space, if there is one, by at most `most` tries
/// from the nonce `start` on. Says where it stopped.
pub(crate) fn worked(
    mut letter: Envelope,
    key: &AuthorKey,
    bar: Option<&EntryId>,
    start: u64,
    most: u32,
) -> std::result::Result<(Envelope, u64), LetterError> {
    let (mut at, end) = (start, start + u64::from(most));
    while at < end && bar.is_some_and(|bar| letter.id() >= *bar) {
        let some = u32::try_from(end - at).unwrap_or(STEP).min(STEP);
        if let Some(better) = add_work(&letter, key, at, some)? {
            letter = better;
        }
        at += u64::from(some);
    }
    Ok((letter, at))
}
