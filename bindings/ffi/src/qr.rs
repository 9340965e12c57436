//! QR codes: drawn as modules, read from a camera's picture, and followed one after another.

use std::sync::{Mutex, MutexGuard, PoisonError};

use teilgeber_device::formats::qr;

use crate::error::{CoreError, Result};

pub(crate) use teilgeber_device::formats::qr::Taken;

/// A code as squares, row after row from the top left. A quiet zone of four modules belongs around it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct QrModules {
    /// How many modules are in a row, and how many rows.
    pub side: u32,
    /// One byte for each module: 1 is dark, 0 light.
    pub dark: Vec<u8>,
}

/// What became of a frame.
#[uniffi::remote(Enum)]
pub enum Taken {
    /// No code can be read in the picture. The next one may be better.
    Unreadable,
    /// It is a code of another kind.
    Foreign,
    /// It begins like a frame, and is none.
    Damaged,
    /// A newer version of the program made it: the receiver's is to be updated.
    Newer,
    /// It is a frame of another transfer than the one that is followed.
    Other,
    /// All frames were there, and do not give what was announced. The receiver begins again.
    Spoiled,
    /// It is a frame that was there already, or of what is whole.
    Known,
    /// It is a further frame.
    New,
}

/// How far a receiver is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct AnimatedProgress {
    /// How many different frames it takes, as far as is known by now. Zero before the first frame.
    pub needed: u64,
    /// How many different frames are there.
    pub have: u64,
    /// Whether the payload is whole and verified.
    pub is_done: bool,
    /// In how many pictures there was nothing to be read.
    pub unreadable: u64,
}

/// Shows bytes as codes that follow one another.
#[derive(uniffi::Object)]
pub struct AnimatedQrSender {
    sender: qr::AnimatedSender,
}

/// Follows codes until the bytes are whole.
#[derive(uniffi::Object)]
pub struct AnimatedQrReceiver {
    receiver: Mutex<qr::AnimatedReceiver>,
}

/// Draws a text as a code that is not larger than a phone reads from a screen.
///
/// Errors: `Shorten` when it does not fit.
#[uniffi::export]
pub fn qr_modules(text: String) -> Result<QrModules> {
    let drawn = qr::render(&text, qr::Version::SCREEN);
    Ok(modules(&drawn.map_err(|error| CoreError::Shorten(error.to_string()))?))
}

/// Reads all codes in a picture of brightness alone, as a camera gives it: `luma` has `height` rows of `width`
/// bytes, each row beginning `stride` bytes after the one before.
///
/// Errors: `Invalid` when the measures are not those of `luma`, or too large.
#[uniffi::export]
pub fn qr_read_luma(width: u32, height: u32, stride: u32, luma: Vec<u8>) -> Result<Vec<String>> {
    let read = qr::decode_luma(width as usize, height as usize, stride as usize, &luma);
    read.map_err(|error| CoreError::Invalid(error.to_string()))
}

#[uniffi::export]
impl AnimatedQrSender {
    /// Errors: `Shorten` when the payload is too long, `NothingSaid` when it is empty.
    #[uniffi::constructor]
    pub fn new(payload: Vec<u8>) -> Result<Self> {
        let sender = qr::AnimatedSender::new(&payload).map_err(|error| match error {
            qr::AnimatedError::Empty => CoreError::NothingSaid(error.to_string()),
            qr::AnimatedError::TooLong { .. } | qr::AnimatedError::TooSmall => {
                CoreError::Shorten(error.to_string())
            }
        })?;
        Ok(Self { sender })
    }

    /// How many frames a receiver needs at least.
    pub fn needed(&self) -> u64 {
        self.sender.needed() as u64
    }

    /// The frame with this number: show one after the other, about ten a second.
    pub fn frame(&self, number: u16) -> QrModules {
        modules(&self.sender.frame(number))
    }
}

#[uniffi::export]
impl AnimatedQrReceiver {
    /// Follows nothing yet.
    #[uniffi::constructor]
    pub fn new() -> Self {
        Self { receiver: Mutex::new(qr::AnimatedReceiver::new()) }
    }

    /// Takes a picture of a camera, as `qr_read_luma` does.
    pub fn take_luma(&self, width: u32, height: u32, stride: u32, luma: Vec<u8>) -> Taken {
        self.receiver().take_luma(width as usize, height as usize, stride as usize, &luma)
    }

    /// How far it is.
    pub fn progress(&self) -> AnimatedProgress {
        let progress = self.receiver().progress();
        AnimatedProgress {
            needed: progress.needed as u64,
            have: progress.have as u64,
            is_done: progress.is_done,
            unreadable: progress.unreadable as u64,
        }
    }

    /// What was sent, once it is whole.
    pub fn payload(&self) -> Option<Vec<u8>> {
        self.receiver().payload().map(<[u8]>::to_vec)
    }
}

impl AnimatedQrReceiver {
    fn receiver(&self) -> MutexGuard<'_, qr::AnimatedReceiver> {
        self.receiver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for AnimatedQrReceiver {
    fn default() -> Self {
        Self::new()
    }
}

fn modules(code: &qr::Qr) -> QrModules {
    let side = code.side();
    let dark = (0..side * side).map(|at| u8::from(code.is_dark(at % side, at / side)));
    QrModules { side: side as u32, dark: dark.collect() }
}
