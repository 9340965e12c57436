//! QR codes: shown, printed and read back.
//!
//! [`render`] makes a [`Qr`] of a text, always at error correction level M (15 %), as small as it
//! can be and never beyond the version that its medium can carry. The mode is the densest that
//! holds the whole text: digits, alphanumeric (so use [`base45`] for bytes), or bytes in UTF-8. A
//! [`Qr`] is drawn as PNG, SVG or terminal blocks, each with the quiet zone that the standard
//! (ISO/IEC 18004) asks for.
//!
//! [`decode_luma`] and [`decode_png`] find codes in a camera's or screen's picture, whoever wrote
//! it. What is too much for one code is shown by an [`AnimatedSender`] as codes that follow one
//! another, and put together by an [`AnimatedReceiver`] from any that it sees.
//!
//! Not written: kanji mode, structured append, ECI. Bytes without ECI should be Latin 1 by the
//! letter of the standard, but every reader in use takes UTF-8.

mod animated;
pub mod base45;
mod locate;
mod patterns;
mod read;
mod write;

pub use animated::{
    ANIMATED_MAX, AnimatedError, AnimatedReceiver, AnimatedSender, Progress, Taken, TransferId,
};
pub use read::{MAX_SIDE, PictureError, decode_luma, decode_png};
pub use write::{Qr, QrError, Version, render};
