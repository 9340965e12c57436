//! Codes as pictures: shown on the terminal, written to files, read from files.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use teilgeber_device::formats::qr::{Version, decode_png, render};

use crate::failure::Failure;
use crate::home::App;
use crate::page::Style;

/// As large as a code on a screen may be.
pub(crate) const LARGE: Version = Version::SCREEN;

/// As large as a code on a badge may be.
pub(crate) const BADGE: Version = Version::BADGE;

/// Columns of the light margins on both sides of a code.
pub(crate) const QUIET_ZONES: usize = 8;

/// Pixels of a PNG for each module: a phone reads it from a screen at arm's length.
const SCALE: u8 = 8;

/// The first bytes of each PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The most bytes of a picture that is read: a photograph of 16 megapixels has fewer.
pub(crate) const PICTURE_MAX: u64 = 64 << 20;

/// Where a code is drawn, beside the terminal.
#[derive(Debug, Default, Args)]
pub(crate) struct Pictures {
    /// Write the code as a PNG picture
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Write the code as an SVG picture
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Pictures {
    /// Draws `text` as a QR code into the files that are named, else on the terminal, under `title`.
    pub(crate) fn show<T: Serialize>(
        &self,
        app: &App,
        answer: &T,
        text: &str,
        title: &str,
        largest: Version,
    ) -> Result<(), Failure> {
        let qr = render(text, largest).map_err(|_| Failure::TooLargeForQr)?;
        if let Some(path) = &self.png {
            write(path, &qr.to_png(SCALE))?;
        }
        if let Some(path) = &self.svg {
            write(path, qr.to_svg().as_bytes())?;
        }
        let files: Vec<&PathBuf> = self.png.iter().chain(&self.svg).collect();
        app.out.say(answer, |page| {
            page.prose(0, title);
            // Its colours carry what it says, so they are not a matter of taste.
            if files.is_empty() && page.can_draw(qr.side() + QUIET_ZONES) {
                page.raw(&qr.to_terminal());
            }
            for file in files {
                page.line(format!("Written to {}.", file.display()));
            }
            page.styled(Style::Dim, text);
        })
    }
}

/// The code that `given` is, or that the picture of this name shows.
pub(crate) fn code_or_picture(given: &str) -> Result<String, Failure> {
    let path = Path::new(given);
    let is_picture = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("png"));
    if !is_picture && !path.is_file() {
        return Ok(given.to_owned());
    }
    let bytes = read(path, PICTURE_MAX)?;
    if !bytes.starts_with(PNG) {
        // A file with the code as text.
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let found = decode_png(&bytes).unwrap_or_default();
    match <[String; 1]>::try_from(found) {
        Ok([code]) => Ok(code),
        Err(found) => Err(Failure::Picture { path: path.to_owned(), count: found.len() }),
    }
}

/// The bytes of a file, at most `max`.
pub(crate) fn read(path: &Path, max: u64) -> Result<Vec<u8>, Failure> {
    let failed = |kind| Failure::File { path: path.to_owned(), done: "read", kind };
    let size = fs::metadata(path).map_err(|error| failed(error.kind()))?.len();
    if size > max {
        return Err(failed(std::io::ErrorKind::FileTooLarge));
    }
    fs::read(path).map_err(|error| failed(error.kind()))
}

/// Writes a file, replacing what is there.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |kind| Failure::File { path: path.to_owned(), done: "written", kind };
    fs::write(path, bytes).map_err(|error| failed(error.kind()))
}
