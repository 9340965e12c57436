//! The side with the screen.

use raptorq::{ObjectTransmissionInformation, SourceBlockEncoder};
use thiserror::Error;

use super::super::write::{Level, Qr, Version, render_at};
use super::frame::{AROUND, Frame, PREFIX, Transfer, TransferId};
use super::{ANIMATED_MAX, SYMBOL_MAX};

/// Shows a payload as frames without end. The same payload and size give the same frames.
#[derive(Clone)]
pub struct AnimatedSender {
    transfer: Transfer,
    /// The payload, filled up with zeros to whole symbols.
    padded: Vec<u8>,
    fountain: SourceBlockEncoder,
}

/// Why a payload cannot be shown.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AnimatedError {
    /// There is nothing to show.
    #[error("there is nothing to send")]
    Empty,
    /// It is longer than [`ANIMATED_MAX`].
    #[error("this is {over} bytes too long for codes on a screen")]
    TooLong {
        /// By how many bytes.
        over: usize,
    },
    /// Codes as small as that would be too many.
    #[error("codes of this size are too small for it")]
    TooSmall,
}

impl AnimatedSender {
    /// Frames as large as a phone reads from another one's screen.
    ///
    /// # Errors
    ///
    /// [`AnimatedError::Empty`] and [`AnimatedError::TooLong`].
    pub fn new(payload: &[u8]) -> Result<Self, AnimatedError> {
        Self::within(payload, Version::ANIMATED)
    }

    /// Frames that are no larger than `largest`, for smaller screens; never larger than
    /// [`Version::ANIMATED`].
    ///
    /// # Errors
    ///
    /// Any [`AnimatedError`]. Version 5 is large enough for every payload.
    pub fn within(payload: &[u8], largest: Version) -> Result<Self, AnimatedError> {
        if payload.is_empty() {
            return Err(AnimatedError::Empty);
        }
        if payload.len() > ANIMATED_MAX {
            return Err(AnimatedError::TooLong { over: payload.len() - ANIMATED_MAX });
        }
        let room = room_in(largest.min(Version::ANIMATED)).ok_or(AnimatedError::TooSmall)?;
        // As many symbols as there must be, and all of them as small as they then can be.
        let size = payload.len().div_ceil(payload.len().div_ceil(room));
        let transfer = Transfer::new(TransferId::of(payload), payload.len(), size)
            .ok_or(AnimatedError::TooSmall)?;
        let mut padded = payload.to_owned();
        padded.resize(size * usize::from(transfer.symbols()), 0);
        let fountain = SourceBlockEncoder::new(0, &measures(&transfer), &padded);
        Ok(Self { transfer, padded, fountain })
    }

    /// By what its frames are known.
    pub fn transfer(&self) -> TransferId {
        self.transfer.id
    }

    /// How many frames a receiver needs, or a few more.
    pub fn needed(&self) -> usize {
        self.transfer.symbols().into()
    }

    /// The text of the frame with this number. The first [`needed`](Self::needed) hold the payload
    /// itself, those after them what the fountain makes of it.
    pub fn text(&self, number: u16) -> String {
        let size = usize::from(self.transfer.size);
        let symbol = match number.checked_sub(self.transfer.symbols()) {
            None => self.padded[usize::from(number) * size..][..size].to_owned(),
            Some(further) => {
                let packet = self.fountain.repair_packets(further.into(), 1).pop();
                packet.map(|packet| packet.split().1).unwrap_or_default()
            }
        };
        Frame { transfer: self.transfer, number, symbol }.text()
    }

    /// The frame with this number as a code.
    pub fn frame(&self, number: u16) -> Qr {
        render_at(Level::L, &self.text(number), Version::ANIMATED)
            .expect("a symbol is no larger than the code has room for")
    }

    /// All frames in their order, without end: after 65,536 they begin again.
    pub fn frames(&self) -> impl Iterator<Item = Qr> + '_ {
        (0..=u16::MAX).cycle().map(|number| self.frame(number))
    }
}

/// What the fountain code is told: one block, not divided further.
pub(super) fn measures(transfer: &Transfer) -> ObjectTransmissionInformation {
    let padded = u64::from(transfer.symbols()) * u64::from(transfer.size);
    ObjectTransmissionInformation::new(padded, transfer.size, 1, 1, 1)
}

/// The bytes of a symbol for which a code of this version has room.
fn room_in(version: Version) -> Option<usize> {
    let characters = version.alphanumeric(Level::L).checked_sub(PREFIX.len())?;
    let bytes = characters / 3 * 2 + usize::from(characters % 3 == 2);
    let room = bytes.checked_sub(AROUND)?.min(SYMBOL_MAX);
    (room > 0).then_some(room)
}
