//! The names under which devices see each other in a local network: random to everyone, and
//! others after a while.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::keeper::Tag;

/// How long a device keeps a tag. Short enough that who sits by the door does not see who stayed
/// all day, long enough that a change costs nothing to speak of.
pub const KEPT_FOR: Duration = Duration::from_secs(15 * 60);

/// Turns after which a tag is no longer one's own. The longest that mDNS keeps a name which was
/// never taken back is 75 minutes.
const OWN_FOR_TURNS: u64 = 5;

/// Sixteen lowercase hexadecimal digits: a tag as it is announced.
impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text is no tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tag is sixteen hexadecimal digits")]
pub struct NotATag;

impl FromStr for Tag {
    type Err = NotATag;

    /// Letters may be in either case: names in mDNS mean the same in both.
    fn from_str(text: &str) -> Result<Self, NotATag> {
        // A sign before digits would be taken for part of a number.
        if text.len() != 16 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotATag);
        }
        let number = u64::from_str_radix(text, 16).map_err(|_| NotATag)?;
        Ok(Self::new(number.to_be_bytes()))
    }
}

/// The tags of one device in one run, as a function of a seed and the time.
///
/// Times count from any fixed start, on a clock that does not go back.
#[derive(Clone)]
pub struct Tags {
    seed: [u8; 32],
    turn: u64,
}

impl Tags {
    /// The tags of this `seed`: 32 random bytes, other ones at each start.
    pub fn new(seed: [u8; 32], now: Duration) -> Self {
        Self { seed, turn: turn_at(now) }
    }

    /// Moves on to the time `now`; whether there is another tag than before, to be announced.
    pub fn advance(&mut self, now: Duration) -> bool {
        let turn = turn_at(now).max(self.turn);
        std::mem::replace(&mut self.turn, turn) != turn
    }

    /// When the next tag comes.
    pub fn next_change(&self) -> Duration {
        KEPT_FOR.saturating_mul(u32::try_from(self.turn + 1).unwrap_or(u32::MAX))
    }

    /// What is announced now.
    pub fn current(&self) -> Tag {
        self.of_turn(self.turn)
    }

    /// Whether `tag` is this device's own: the current one, or one that others may still repeat.
    pub fn is_own(&self, tag: Tag) -> bool {
        self.own().any(|own| own == tag)
    }

    /// Whether this device is the one of the two that dials: the lower tag does. While a tag
    /// changes, both may think so, or for some seconds neither.
    pub fn dials(&self, theirs: Tag) -> bool {
        self.current() < theirs
    }

    /// The tags that are this device's own, the current one first.
    pub(crate) fn own(&self) -> impl Iterator<Item = Tag> {
        let oldest = self.turn.saturating_sub(OWN_FOR_TURNS);
        (oldest..=self.turn).rev().map(|turn| self.of_turn(turn))
    }

    fn of_turn(&self, turn: u64) -> Tag {
        let mut hasher = Sha256::new();
        hasher.update(b"teilgeber 0 tag");
        hasher.update(self.seed);
        hasher.update(turn.to_be_bytes());
        let mut tag = [0; 8];
        tag.copy_from_slice(&hasher.finalize()[..8]);
        Tag::new(tag)
    }
}

/// The seed is not shown: who has it knows all tags of this run.
impl fmt::Debug for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tags").field("current", &self.current()).finish_non_exhaustive()
    }
}

fn turn_at(now: Duration) -> u64 {
    now.as_secs() / KEPT_FOR.as_secs()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tag_is_kept_for_a_quarter_of_an_hour() {
        let mut tags = Tags::new([1; 32], Duration::ZERO);
        let first = tags.current();

        assert!(!tags.advance(KEPT_FOR - Duration::from_millis(1)));
        assert_eq!(tags.current(), first);
        assert_eq!(tags.next_change(), KEPT_FOR);
        assert!(tags.advance(KEPT_FOR));
        assert_ne!(tags.current(), first);
        assert_eq!(tags.next_change(), 2 * KEPT_FOR);
    }

    #[test]
    fn a_clock_that_goes_back_brings_no_old_tag_back() {
        let mut tags = Tags::new([1; 32], 10 * KEPT_FOR);
        let current = tags.current();

        assert!(!tags.advance(Duration::ZERO));

        assert_eq!(tags.current(), current);
    }

    #[test]
    fn one_run_has_other_tags_than_the_next() {
        let tags: BTreeSet<Tag> = (0..100_u8)
            .flat_map(|run| {
                (0..10).map(move |turn| Tags::new([run; 32], turn * KEPT_FOR).current())
            })
            .collect();

        assert_eq!(tags.len(), 1_000);
    }

    #[test]
    fn a_device_knows_its_tags_of_the_last_hour_and_no_other() {
        let mut tags = Tags::new([1; 32], 20 * KEPT_FOR);
        let first = tags.current();

        for turn in 21..=25 {
            tags.advance(turn * KEPT_FOR);
            assert!(tags.is_own(first), "turn {turn}");
        }
        tags.advance(26 * KEPT_FOR);

        assert!(!tags.is_own(first));
        assert!(!tags.is_own(Tags::new([2; 32], 26 * KEPT_FOR).current()));
    }

    #[test]
    fn the_seed_does_not_show_itself() {
        let shown = format!("{:?}", Tags::new([0xab; 32], Duration::ZERO));
        assert!(!shown.contains("171") && !shown.contains("abab"), "{shown}");
    }

    proptest! {
        #[test]
        fn of_two_devices_one_dials(one: [u8; 32], other: [u8; 32], now in 0_u64..1_000_000) {
            prop_assume!(one != other);
            let now = Duration::from_secs(now);
            let (one, other) = (Tags::new(one, now), Tags::new(other, now));

            prop_assert_ne!(one.dials(other.current()), other.dials(one.current()));
            prop_assert!(!one.dials(one.current()));
        }

        #[test]
        fn a_tag_comes_back_from_its_text(bytes: [u8; 8]) {
            let tag = Tag::new(bytes);
            prop_assert_eq!(tag.to_string().parse(), Ok(tag));
            prop_assert_eq!(tag.to_string().to_uppercase().parse(), Ok(tag));
        }

        #[test]
        fn another_text_is_no_tag(text in "[0-9a-fA-F+-]{0,20}|\\PC{0,20}") {
            let is_tag = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            prop_assert_eq!(text.parse::<Tag>().is_ok(), is_tag);
        }
    }
}
