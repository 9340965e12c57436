//! Finding QR codes in pictures.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations};
use rqrr::{PreparedImage, SimpleGrid};
use thiserror::Error;

use super::locate;
use super::patterns::{self, Bitmap};

/// The longest side of a picture that is read, in pixels: beyond what phones' cameras give for
/// scanning. Above it, a picture is to be scaled down first.
pub const MAX_SIDE: usize = 4096;

/// The most memory that decoding a PNG takes for itself, in bytes: a picture of [`MAX_SIDE`] with
/// 16 bits in each of four channels.
const MAX_PNG_MEMORY: usize = MAX_SIDE * MAX_SIDE * 8;

/// What turns light into dark, for codes that are light on dark.
const NEGATIVE: u8 = u8::MAX;

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
/// Pixels are bytes from 0 (black) to 255 (white), row after row from the top left; a row begins
/// each `stride` bytes (at least `width`) after the one before. Codes may be turned, mirrored,
/// skewed, unevenly lit, and light on dark. Bytes that are not UTF-8 are read as Latin 1, as the
/// standard has it. A code that cannot be read is passed over, as a later picture of it may be
/// better.
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
    let pixel = |x: usize, y: usize| luma[y * stride + x];
    // The mean of a square of pixels, of which the picture's last ones are repeated outside.
    let mean = |left: usize, top: usize, side: usize| {
        let square = (0..side * side)
            .map(|at| pixel((left + at % side).min(width - 1), (top + at / side).min(height - 1)));
        let sum: usize = square.map(usize::from).sum();
        u8::try_from(sum / (side * side)).unwrap_or(u8::MAX)
    };
    let shrunk = |by: usize, flip: u8| {
        find(width.div_ceil(by), height.div_ceil(by), |x, y| flip ^ mean(by * x, by * y, by))
    };
    // What is made of a picture hangs on single pixels: where it fails, the same picture
    // without its noise often does not.
    let attempts: [&dyn Fn() -> Vec<String>; 6] = [
        &|| find(width, height, pixel),
        &|| find(width, height, |x, y| mean(x, y, 2)),
        &|| shrunk(2, 0),
        &|| shrunk(4, 0),
        &|| shrunk(1, NEGATIVE),
        &|| shrunk(4, NEGATIVE),
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
fn find(width: usize, height: usize, pixel: impl Fn(usize, usize) -> u8) -> Vec<String> {
    let bitmap = black_and_white(width, height, pixel);
    let patterns = patterns::find(&bitmap);
    let mut texts = Vec::new();
    if patterns.len() <= locate::MAX_PATTERNS {
        locate::codes(&bitmap, &patterns, |side, is_dark| {
            let found = decode(side, is_dark);
            texts.extend(found.clone());
            found.is_some()
        });
    }
    texts
}

/// Tells dark from light by what is around.
fn black_and_white(width: usize, height: usize, pixel: impl Fn(usize, usize) -> u8) -> Bitmap {
    let picture = PreparedImage::prepare_from_greyscale(width, height, pixel);
    // The library's type for a pixel has no public name, but pixels can be compared.
    let white = PreparedImage::prepare_from_bitmap(1, 1, |_, _| false).get_pixel_at(0, 0);
    let dark = (0..width * height).map(|at| picture.get_pixel_at(at % width, at / width) != white);
    Bitmap { width, height, dark: dark.collect() }
}

/// The text of a code of this side, or of what was taken for one.
fn decode(side: usize, is_dark: &dyn Fn(usize, usize) -> bool) -> Option<String> {
    let grid = rqrr::Grid::new(SimpleGrid::from_func(side, is_dark));
    let mut bytes = Vec::new();
    grid.decode_to(&mut bytes).ok().map(|_| text(bytes))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}
