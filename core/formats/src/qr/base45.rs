//! Base45 (RFC 9285): bytes in the characters of a QR code's alphanumeric mode.
//!
//! Two bytes become three characters and one that is left becomes two, so that a byte costs 8.25
//! bits in a QR code. Every text has at most one meaning; what is no base45 is an error.

use thiserror::Error;

/// The 45 characters by their values, in the order that QR codes number them (RFC 9285, table 1).
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Writes bytes as text: three characters for each two bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / 2 * 3 + 2);
    let mut put = |value: usize| text.push(char::from(ALPHABET[value % 45]));
    for group in bytes.chunks(2) {
        let value = group.iter().fold(0, |value, &byte| value * 256 + usize::from(byte));
        put(value);
        put(value / 45);
        if group.len() == 2 {
            put(value / 45 / 45);
        }
    }
    text
}

/// Reads bytes from text.
///
/// # Errors
///
/// [`NotBase45`] when a character is not of the alphabet, one is left over, or a group means more
/// than its bytes can hold.
pub fn decode(text: &str) -> Result<Vec<u8>, NotBase45> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut value = 0;
        for character in group.iter().rev() {
            let digit = ALPHABET.iter().position(|known| known == character).ok_or(NotBase45)?;
            value = value * 45 + digit;
        }
        match group.len() {
            3 => bytes.extend(u16::try_from(value).map_err(|_| NotBase45)?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).map_err(|_| NotBase45)?),
            _ => return Err(NotBase45),
        }
    }
    Ok(bytes)
}

/// A text that is no base45.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("this text is not base45")]
pub struct NotBase45;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_standard_hold() {
        for (bytes, text) in [
            (&b"AB"[..], "BB8"),
            (b"Hello!!", "%69 VD92EX0"),
            (b"base-45", "UJCLQE7W581"),
            (b"ietf!", "QED8WEX0"),
            (b"\xff\xff", "FGW"),
            (b"", ""),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Ok(bytes));
        }
    }

    #[test]
    fn what_is_no_base45_is_refused() {
        for text in ["GGW", "::", "A", "ABCD", "ab8", "BB8\n", "Ü0", ":::"] {
            assert_eq!(decode(text), Err(NotBase45), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn a_text_is_refused_or_comes_back(text in "[0-9A-Z $%*+./:-]{0,40}|\\PC{0,10}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
