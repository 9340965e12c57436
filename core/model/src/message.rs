//! A direct message: what I wrote to one person, or they to me.
//!
//! It travels between two people as a letter; this is what each of them keeps of it in their self space. On the
//! wire it is a map as `wire` describes it:
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | person | 32 bytes |
//! | 1 | mine | a boolean |
//! | 2 | text | text |
//! | 3 | written | ms since 1970 |
//! | 4 | space | 32 bytes |
//! | 5 | letter | 32 bytes |

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::published::Published;
use crate::text::Prose;
use crate::time::Millis;
use crate::wire::{self, WireError};

/// The words of a message: what fits into the largest letter, whatever letters they are of.
pub type MessageText = Prose<4000>;

/// A message, as whoever wrote or read it keeps it.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[cbor(map)]
pub struct DirectMessage {
    /// Between me and whom.
    #[n(0)]
    pub person: Id,
    /// Whether I wrote it.
    #[n(1)]
    pub mine: bool,
    /// What it says.
    #[n(2)]
    pub text: MessageText,
    /// When it was written, as its writer says.
    #[n(3)]
    pub written: Millis,
    /// The space in which the letter lay: an event, or that of a code.
    #[n(4)]
    pub space: Id,
    /// The letter's entry there, of one that I wrote.
    #[n(5)]
    #[serde(default)]
    pub letter: Option<Id>,
}

impl DirectMessage {
    /// Keys on the wire that this version knows.
    const KEYS: u32 = 6;
}

impl Published for DirectMessage {
    /// At its bounds it takes some 16 kB.
    const MAX_BYTES: usize = 20 * 1024;

    fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode_map(bytes, Self::MAX_BYTES, Self::KEYS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::message;

    #[test]
    fn the_form_on_the_wire_does_not_change() {
        let message = DirectMessage {
            person: Id::new([7; 32]),
            mine: true,
            text: MessageText::new("Hi").unwrap(),
            written: Millis::new(5).unwrap(),
            space: Id::new([8; 32]),
            letter: None,
        };

        let golden = [
            &b"\xa5\x00\x58\x20"[..],
            &[7; 32],
            b"\x01\xf5\x02\x62Hi\x03\x05\x04\x58\x20",
            &[8; 32],
        ]
        .concat();
        assert_eq!(message.encode(), golden);
        assert_eq!(DirectMessage::decode(&golden), Ok(message));
    }

    #[test]
    fn the_longest_message_fits() {
        let message = DirectMessage {
            person: Id::new([7; 32]),
            mine: true,
            text: MessageText::new(&"🍞".repeat(MessageText::MAX)).unwrap(),
            written: Millis::MAX,
            space: Id::new([8; 32]),
            letter: Some(Id::new([9; 32])),
        };

        assert_eq!(DirectMessage::decode(&message.encode()), Ok(message));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_message_reads_back(message in message()) {
            let json = serde_json::to_string(&message).unwrap();

            prop_assert_eq!(&DirectMessage::decode(&message.encode()).unwrap(), &message);
            prop_assert_eq!(&serde_json::from_str::<DirectMessage>(&json).unwrap(), &message);
        }

        #[test]
        fn any_bytes_give_a_message_in_its_one_form_or_an_error(
            message in message(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = message.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = DirectMessage::decode(&bytes) {
                let again = read.encode();
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }
    }
}
