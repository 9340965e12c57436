//! Finding QR codes in pictures.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use png::{ColorType, Decoder, Limits, Transformations};
use rqrr::PreparedImage;
use thiserror::Error;

/// The longest side of a picture that is read, in pixels: beyond what phones' cameras give for
/// scanning. Above it, a picture is to be scaled down first.
pub const MAX_SIDE: usize = 4096;

/// The most memory that decoding a PNG takes for itself, in bytes: a picture of [`MAX_SIDE`] with
/// 16 bits in each of four channels.
const MAX_PNG_MEMORY: usize = MAX_SIDE * MAX_SIDE * 8;

/// Why a picture was not even looked at.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PictureError {
    /// A side is longer than [`MAX_SIDE`].
    #[error("the picture is larger than {MAX_SIDE} pixels a side")]
    TooLarge,
    /// The bytes are no whole PNG, or fewer than width, height and stride tell.
    #[error("the picture is damaged or of an unknown kind")]
    Damaged,
}

/// Finds all QR codes in a grey picture, such as a camera's luma plane, and returns their texts.
///
/// Pixels are bytes from 0 (black) to 255 (white), row after row from the top left; a row begins each
/// `stride` bytes (at least `width`) after the one before. Codes may be turned, mirrored, skewed,
/// unevenly lit, and light on dark. Bytes that are not UTF-8 are read as Latin 1, as the
/// standard has it. A code that cannot be read is passed over, as a later picture of it may be better.
///
/// # Errors
///
/// [`PictureError`], when the measures are beyond bounds or not those of `luma`.
pub fn decode_luma(
    width: usize,
    height: usize,
    stride: usize,
    luma: &[u8],
) -> Result<Vec<String>, PictureError> {
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(PictureError::TooLarge);
    }
    if width == 0 || height == 0 {
        return Ok(Vec::new());
    }
    let needed = stride.checked_mul(height - 1).and_then(|rows| rows.checked_add(width));
    if stride < width || needed.is_none_or(|needed| luma.len() < needed) {
        return Err(PictureError::Damaged);
    }
    let plain = |x: usize, y: usize| luma[y * stride + x];
    let mean = |x: usize, y: usize| {
        let (right, below) = ((x + 1).min(width - 1), (y + 1).min(height - 1));
        let square = [plain(x, y), plain(right, y), plain(x, below), plain(right, below)];
        u8::try_from(square.into_iter().map(u16::from).sum::<u16>() / 4).unwrap_or(u8::MAX)
    };
    // What the finder makes of a picture hangs on single pixels. Where it fails, the same picture
    // without its noise often does, and a code light on dark always needs the negative.
    let attempts: [&dyn Fn() -> Vec<String>; 4] = [
        &|| find(width, height, plain),
        &|| find(width, height, mean),
        &|| find(width.div_ceil(2), height.div_ceil(2), |x, y| mean(2 * x, 2 * y)),
        &|| find(width, height, |x, y| !mean(x, y)),
    ];
    let texts = attempts.iter().map(|attempt| attempt()).find(|texts| !texts.is_empty());
    Ok(texts.unwrap_or_default())
}

/// Finds all QR codes in a PNG, as [`decode_luma`]. Transparent is white.
///
/// # Errors
///
/// [`PictureError`], when it is too large or no PNG.
pub fn decode_png(bytes: &[u8]) -> Result<Vec<String>, PictureError> {
    let limits = Limits { bytes: MAX_PNG_MEMORY };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| PictureError::Damaged)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(PictureError::TooLarge);
    }
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(PictureError::TooLarge)?];
    let frame = reader.next_frame(&mut pixels).map_err(|_| PictureError::Damaged)?;
    let luma: Vec<u8> = match frame.color_type {
        ColorType::Grayscale | ColorType::Indexed => pixels,
        ColorType::GrayscaleAlpha => {
            pixels.as_chunks().0.iter().map(|&[grey, alpha]| over_white(grey, alpha)).collect()
        }
        ColorType::Rgb => pixels.as_chunks().0.iter().map(|&[r, g, b]| grey(r, g, b)).collect(),
        ColorType::Rgba => pixels
            .as_chunks()
            .0
            .iter()
            .map(|&[r, g, b, alpha]| over_white(grey(r, g, b), alpha))
            .collect(),
    };
    decode_luma(width, height, width, &luma)
}

/// The brightness of a colour (ITU-R BT.601), in 256ths.
fn grey(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}

fn over_white(grey: u8, alpha: u8) -> u8 {
    let (grey, alpha) = (u32::from(grey), u32::from(alpha));
    u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

/// The texts of all codes of which `pixel` gives a picture.
///
/// The finder computes with corners that a picture may put anywhere, and stops at some of them
/// with a panic. These stay here: what they spoil is one picture, of which the next comes soon.
fn find(width: usize, height: usize, pixel: impl Fn(usize, usize) -> u8) -> Vec<String> {
    let mut texts = Vec::new();
    let finder = catch_unwind(AssertUnwindSafe(|| {
        let mut picture = PreparedImage::prepare_from_greyscale(width, height, pixel);
        for grid in picture.detect_grids() {
            let mut bytes = Vec::new();
            let read = catch_unwind(AssertUnwindSafe(|| grid.decode_to(&mut bytes)));
            if matches!(read, Ok(Ok(_))) {
                texts.push(text(bytes));
            }
        }
    }));
    // What was found before the finder stopped is good.
    drop(finder);
    texts
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}
