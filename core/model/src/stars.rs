//! The sessions of an event that a person looks forward to, as they show them there.
//!
//! A person's whole list is one value, put again with every star, so that one that was taken back
//! travels in no history. On the wire it is a map as `wire` describes it:
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | sessions | array of 32 bytes each |

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::list::List;
use crate::published::Published;
use crate::wire::{self, WireError};

/// The sessions that one person shows: more than anybody could go to in two weeks.
pub type StarredSessions = List<Id, 300>;

/// The stars of one person in one event.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(map)]
pub struct Stars {
    #[n(0)]
    sessions: StarredSessions,
}

impl Stars {
    /// Keys on the wire that this version knows.
    const KEYS: u32 = 1;

    /// Stars for these sessions.
    pub fn new(sessions: StarredSessions) -> Self {
        Self { sessions }
    }

    /// The sessions, in the order in which they were starred.
    pub fn sessions(&self) -> &StarredSessions {
        &self.sessions
    }
}

impl Published for Stars {
    /// At its bound it takes some 10 kB.
    const MAX_BYTES: usize = 16 * 1024;

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
    use crate::samples::id;

    fn stars() -> impl Strategy<Value = Stars> {
        prop::collection::vec(id(), 0..6).prop_map(|ids| Stars::new(List::lossy(ids)))
    }

    #[test]
    fn the_form_on_the_wire_does_not_change() {
        let stars = Stars::new(List::new(vec![Id::new([7; 32])]).unwrap());

        let golden = [&b"\xa1\x00\x81\x58\x20"[..], &[7; 32]].concat();

        assert_eq!(stars.encode(), golden);
        assert_eq!(Stars::decode(&golden), Ok(stars));
        assert_eq!(Stars::default().encode(), [0xa0]);
    }

    #[test]
    fn the_longest_list_fits() {
        let ids = (0..300_u16).map(|n| {
            let mut bytes = [0; 32];
            bytes[..2].copy_from_slice(&n.to_be_bytes());
            Id::new(bytes)
        });
        let stars = Stars::new(List::new(ids.collect()).unwrap());

        assert!(stars.encode().len() < Stars::MAX_BYTES);
        assert_eq!(Stars::decode(&stars.encode()), Ok(stars));
    }

    #[test]
    fn one_session_twice_is_refused() {
        let twice = [&b"\xa1\x00\x82\x58\x20"[..], &[7; 32], b"\x58\x20", &[7; 32]].concat();

        assert_eq!(Stars::decode(&twice), Err(WireError::Malformed));
    }

    proptest! {
        #[test]
        fn stars_read_back(stars in stars()) {
            let json = serde_json::to_string(&stars).unwrap();

            prop_assert_eq!(&Stars::decode(&stars.encode()).unwrap(), &stars);
            prop_assert_eq!(&serde_json::from_str::<Stars>(&json).unwrap(), &stars);
        }
    }
}
