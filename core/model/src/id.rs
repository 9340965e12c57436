//! Opaque names of 32 bytes: who or what a thing is, where a letter goes, and what some bytes are.
//!
//! The bytes mean something to the `entry` crate only (a public key, a keyed hash). Here they are
//! compared, sorted and shown; a person is never asked to type them.

use core::fmt;
use core::str::FromStr;

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};

use crate::error::{Invalid, Shape};

macro_rules! opaque {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; 32]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = 32;

            /// Takes any 32 bytes.
            pub const fn new(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// The first 8 hexadecimal digits: enough to tell things apart in a log or a list,
            /// too few to name one.
            pub fn short(&self) -> String {
                hex(&self.0[..4])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            /// Reads 64 hexadecimal digits of either case.
            fn from_str(text: &str) -> Result<Self, Invalid> {
                unhex(text).map(Self).ok_or(Invalid::Malformed(Shape::Hex))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl From<[u8; 32]> for $name {
            fn from(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }
        }

        impl<Ctx> Encode<Ctx> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut Ctx,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, Ctx> Decode<'b, Ctx> for $name {
            fn decode(
                d: &mut Decoder<'b>,
                _: &mut Ctx,
            ) -> Result<Self, minicbor::decode::Error> {
                let bytes = <[u8; 32]>::try_from(d.bytes()?);
                bytes.map(Self).map_err(minicbor::decode::Error::message)
            }
        }
    };
}

opaque! {
    /// Which person, space or document.
    Id
}

opaque! {
    /// Where a person's letters go: the public X25519 half of their letter key.
    LetterAddress
}

opaque! {
    /// The BLAKE3 hash of some bytes, by which they are known when they have come.
    Digest
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::id;
    use crate::wire;

    #[test]
    fn the_short_form_is_the_beginning_of_the_long_one() {
        let id = Id::new([0xab; 32]);

        assert_eq!(id.short(), "abababab");
        assert_eq!(id.to_string(), "ab".repeat(32));
        assert_eq!(format!("{id:?}"), id.to_string());
    }

    #[test]
    fn anything_but_64_hexadecimal_digits_is_refused() {
        for text in
            ["", "ab", &"ab".repeat(31), &"ab".repeat(33), &"+f".repeat(32), &"é".repeat(32)]
        {
            assert_eq!(text.parse::<Id>(), Err(Invalid::Malformed(Shape::Hex)), "{text}");
        }
    }

    #[test]
    fn an_id_of_another_length_does_not_decode() {
        assert!(minicbor::decode::<Id>(&[0x42, 1, 2]).is_err());
    }

    proptest! {
        #[test]
        fn an_id_reads_back_from_text_json_and_cbor(id in id()) {
            let json = serde_json::to_string(&id).unwrap();

            prop_assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
            prop_assert_eq!(serde_json::from_str::<Id>(&json).unwrap(), id);
            prop_assert_eq!(minicbor::decode::<Id>(&wire::encode(&id)).unwrap(), id);
        }
    }
}
