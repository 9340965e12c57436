//! Asking for a place that somebody offers: a seat in a car, a bed.
//!
//! What comes of it stands in the offer, which its owner writes. On the wire a request is a map as `wire`
//! describes it:
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | offer | 32 bytes |
//! | 1 | places | 1 to 99 |
//! | 2 | word | text |

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::offer::Places;
use crate::published::Published;
use crate::text::Prose;
use crate::wire::{self, WireError};

/// A request for places of an offer.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[cbor(map)]
pub struct SeatRequest {
    /// Of which offer.
    #[n(0)]
    pub offer: Id,
    /// How many places.
    #[n(1)]
    pub places: Places,
    /// A word to the owner, which everybody in the event can read too.
    #[n(2)]
    #[serde(default)]
    pub word: Prose<500>,
}

impl SeatRequest {
    /// Keys on the wire that this version knows.
    const KEYS: u32 = 3;
}

impl Published for SeatRequest {
    /// At its bounds it takes some 2 kB.
    const MAX_BYTES: usize = 4 * 1024;

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
    use crate::samples::seat_request;

    #[test]
    fn the_form_on_the_wire_does_not_change() {
        let request = SeatRequest {
            offer: Id::new([7; 32]),
            places: Places::new(2).unwrap(),
            word: Prose::new("Hi").unwrap(),
        };

        let golden = [&b"\xa3\x00\x58\x20"[..], &[7; 32], b"\x01\x02\x02\x62Hi"].concat();
        assert_eq!(request.encode(), golden);
        assert_eq!(SeatRequest::decode(&golden), Ok(request));
    }

    #[test]
    fn a_request_for_nothing_is_none() {
        let nothing = [&b"\xa2\x00\x58\x20"[..], &[7; 32], b"\x01\x00"].concat();

        assert_eq!(SeatRequest::decode(&nothing), Err(WireError::Malformed));
        assert_eq!(SeatRequest::decode(b"\xa1\x01\x02"), Err(WireError::Malformed));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_request_reads_back(request in seat_request()) {
            let json = serde_json::to_string(&request).unwrap();

            prop_assert_eq!(&SeatRequest::decode(&request.encode()).unwrap(), &request);
            prop_assert_eq!(&serde_json::from_str::<SeatRequest>(&json).unwrap(), &request);
        }

        #[test]
        fn any_bytes_give_a_request_in_its_one_form_or_an_error(
            request in seat_request(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = request.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = SeatRequest::decode(&bytes) {
                let again = read.encode();
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }
    }
}
