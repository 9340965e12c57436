//! One symbol and what is to be known about it, as text.

use super::super::base45;
use super::{ANIMATED_MAX, SYMBOL_MAX, SYMBOLS_MAX};

/// The version of the frames that are written here, and the latest that is read.
const VERSION: u8 = 0;

/// What every frame begins with.
pub(super) const PREFIX: &str = "TEILGEBER/";

/// Bytes before the symbol.
const HEAD: usize = 1 + 16 + 2 + 2;

/// Bytes after it.
const CHECK: usize = 4;

/// The bytes of a frame beside its symbol.
pub(super) const AROUND: usize = HEAD + CHECK;

/// The most characters of a text that is looked at: those of a frame with the largest symbol, which
/// are three for each two bytes.
const TEXT_MAX: usize = PREFIX.len() + (AROUND + SYMBOL_MAX).div_ceil(2) * 3;

/// By what the frames of one transfer are known: a hash of its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransferId([u8; 16]);

impl TransferId {
    /// That of a payload.
    pub(super) fn of(payload: &[u8]) -> Self {
        Self(derived("teilgeber 0 transfer in frames", payload))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// What the frames of one transfer have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transfer {
    pub(super) id: TransferId,
    /// Of the payload, in bytes: 1 to [`ANIMATED_MAX`].
    pub(super) length: u16,
    /// Of a symbol, in bytes: 1 to [`SYMBOL_MAX`], so that there are at most [`SYMBOLS_MAX`].
    pub(super) size: u16,
}

impl Transfer {
    /// One of these measures; nothing where they are beyond bounds.
    pub(super) fn new(id: TransferId, length: usize, size: usize) -> Option<Self> {
        let holds = (1..=ANIMATED_MAX).contains(&length)
            && (1..=SYMBOL_MAX).contains(&size)
            && length.div_ceil(size) <= SYMBOLS_MAX;
        let (length, size) = (u16::try_from(length).ok()?, u16::try_from(size).ok()?);
        holds.then_some(Self { id, length, size })
    }

    /// How many symbols the payload is cut into.
    pub(super) fn symbols(&self) -> u16 {
        self.length.div_ceil(self.size)
    }
}

/// One symbol of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) transfer: Transfer,
    /// Which symbol: the payload's own come first, what the fountain adds after them.
    pub(super) number: u16,
    /// As long as the transfer says.
    pub(super) symbol: Vec<u8>,
}

/// Why a text is no frame that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is something else.
    Foreign,
    /// A newer version of the program made it.
    Newer,
    /// It begins like a frame, and is none.
    Damaged,
}

impl Frame {
    /// The text to draw.
    pub(super) fn text(&self) -> String {
        let mut bytes = Vec::with_capacity(AROUND + self.symbol.len());
        bytes.push(VERSION);
        bytes.extend(self.transfer.id.0);
        bytes.extend(self.transfer.length.to_be_bytes());
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(&self.symbol);
        bytes.extend(check(&bytes));
        format!("{PREFIX}{}", base45::encode(&bytes))
    }

    /// Reads a text.
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        let body = text.strip_prefix(PREFIX).ok_or(Refused::Foreign)?;
        if text.len() > TEXT_MAX {
            return Err(Refused::Damaged);
        }
        let bytes = base45::decode(body).map_err(|_| Refused::Damaged)?;
        if bytes.first().is_some_and(|version| *version > VERSION) {
            return Err(Refused::Newer);
        }
        Self::from_bytes(&bytes).ok_or(Refused::Damaged)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (said, sum) = bytes.split_last_chunk::<CHECK>()?;
        let (_version, rest) = said.split_first()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (number, symbol) = rest.split_first_chunk()?;
        let length = u16::from_be_bytes(*length);
        let transfer = Transfer::new(TransferId(*id), length.into(), symbol.len())?;
        let number = u16::from_be_bytes(*number);
        (*sum == check(said)).then(|| Self { transfer, number, symbol: symbol.to_owned() })
    }
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    derived("teilgeber 0 check of a frame", bytes)
}

/// The first bytes of a hash in a context.
fn derived<const N: usize>(context: &str, bytes: &[u8]) -> [u8; N] {
    let mut derived = [0; N];
    blake3::Hasher::new_derive_key(context).update(bytes).finalize_xof().fill(&mut derived);
    derived
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(length: usize, symbol: &[u8]) -> Frame {
        let transfer = Transfer::new(TransferId([7; 16]), length, symbol.len()).unwrap();
        Frame { transfer, number: 513, symbol: symbol.to_owned() }
    }

    /// The text of these bytes with a check that holds.
    fn checked(mut bytes: Vec<u8>) -> String {
        bytes.extend(check(&bytes));
        format!("{PREFIX}{}", base45::encode(&bytes))
    }

    /// The bytes of a frame before its check.
    fn said(frame: &Frame) -> Vec<u8> {
        let mut bytes = base45::decode(&frame.text()[PREFIX.len()..]).unwrap();
        bytes.truncate(bytes.len() - CHECK);
        bytes
    }

    #[test]
    fn measures_beyond_bounds_are_refused_before_anything_is_made_of_them() {
        let id = TransferId([7; 16]);
        for (length, size) in [(0, 1), (1, 0), (ANIMATED_MAX + 1, 400), (20_000, 401), (641, 2)] {
            assert_eq!(Transfer::new(id, length, size), None, "{length} of {size}");
        }
        assert_eq!(Transfer::new(id, 640, 2).unwrap().symbols(), 320);
        let mut long = said(&frame(20_000, &[1; 400]));
        long[17..19].copy_from_slice(&20_001_u16.to_be_bytes());
        assert_eq!(Frame::read(&checked(long)), Err(Refused::Damaged));
        let larger = [said(&frame(20_000, &[1; 400])), vec![1]].concat();
        assert_eq!(Frame::read(&checked(larger)), Err(Refused::Damaged));
    }

    #[test]
    fn what_is_no_frame_is_told_apart() {
        let whole = frame(5, b"hello");
        let mut newer = said(&whole);
        newer[0] = VERSION + 1;

        assert_eq!(Frame::read(&whole.text()), Ok(whole.clone()));
        assert_eq!(Frame::read(&checked(newer)), Err(Refused::Newer));
        for damaged in ["TEILGEBER/", "TEILGEBER/A", "TEILGEBER/:::", &whole.text()[..40]] {
            assert_eq!(Frame::read(damaged), Err(Refused::Damaged), "{damaged}");
        }
        for foreign in ["", "TEILGEBER:BB8", "https://example.org", "teilgeber/"] {
            assert_eq!(Frame::read(foreign), Err(Refused::Foreign), "{foreign}");
        }
        let endless = format!("{PREFIX}{}", "0".repeat(1 << 20));
        assert_eq!(Frame::read(&endless), Err(Refused::Damaged));
    }

    proptest! {
        #[test]
        fn a_frame_comes_back(
            number: u16,
            symbol in prop::collection::vec(any::<u8>(), 1..=SYMBOL_MAX),
            symbols in 1..=50_usize,
        ) {
            let frame = Frame { number, ..frame(symbols * symbol.len(), &symbol) };

            prop_assert_eq!(Frame::read(&frame.text()), Ok(frame));
        }

        #[test]
        fn no_change_of_a_byte_gives_another_frame(
            at: prop::sample::Index,
            by in 1..=255_u8,
            symbol in prop::collection::vec(any::<u8>(), 1..60),
        ) {
            let mut bytes = base45::decode(&frame(60, &symbol).text()[PREFIX.len()..]).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= by;
            let text = format!("{PREFIX}{}", base45::encode(&bytes));

            let expected = if at == 0 { Refused::Newer } else { Refused::Damaged };
            prop_assert_eq!(Frame::read(&text), Err(expected));
        }
    }
}
