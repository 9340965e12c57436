//! Making and drawing QR codes.

use std::fmt::Write;

use fast_qr::{ECL, Mode, QRBuilder, QRCode};
use thiserror::Error;

/// The light margin around a code, in modules: what ISO/IEC 18004 asks for.
const QUIET_ZONE: usize = 4;

/// The most pixels that a module gets in a PNG: the largest code then has 11,840 a side.
const MAX_SCALE: u8 = 64;

/// The codewords for data at level L, for versions 1 to 40 (ISO/IEC 18004, table 7).
const DATA_CODEWORDS_L: [usize; 40] = [
    19, 34, 55, 80, 108, 136, 156, 194, 232, 274, 324, 370, 428, 461, 523, 589, 647, 721, 795, 861,
    932, 1006, 1094, 1174, 1276, 1370, 1468, 1531, 1631, 1735, 1843, 1955, 2071, 2191, 2306, 2434,
    2566, 2702, 2812, 2956,
];

/// The same at level M.
const DATA_CODEWORDS_M: [usize; 40] = [
    16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669,
    714, 782, 860, 914, 1000, 1062, 1128, 1193, 1267, 1373, 1455, 1541, 1631, 1725, 1812, 1914,
    1992, 2102, 2216, 2334,
];

/// How large a code may become: version 1 has 21 modules a side, each further one 4 more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u8);

impl Version {
    /// The largest that a phone reads from a printed badge at arm's length: 57 modules a side.
    pub const BADGE: Self = Self(10);
    /// The largest for pictures that follow one another ([`AnimatedSender`]): 73 modules a side.
    ///
    /// [`AnimatedSender`]: super::AnimatedSender
    pub const ANIMATED: Self = Self(14);
    /// The largest that a phone reads from another phone's screen without effort: 77 modules a
    /// side.
    pub const SCREEN: Self = Self(15);
    /// The largest there is: 177 modules a side.
    pub const MAX: Self = Self(40);

    /// A version from 1 to 40.
    pub fn new(version: u8) -> Option<Self> {
        (1..=Self::MAX.0).contains(&version).then_some(Self(version))
    }

    /// The largest of at most so many modules a side, without quiet zone.
    pub fn within(side: usize) -> Option<Self> {
        let number = side.checked_sub(17)? / 4;
        Self::new(u8::try_from(number).unwrap_or(u8::MAX).min(Self::MAX.0))
    }

    /// Its number, from 1 to 40.
    pub fn get(self) -> u8 {
        self.0
    }

    /// The modules on a side, without quiet zone.
    pub fn side(self) -> usize {
        17 + 4 * usize::from(self.0)
    }

    /// How many characters of alphanumeric mode fit.
    pub(super) fn alphanumeric(self, level: Level) -> usize {
        self.capacity(level, Mode::Alphanumeric)
    }

    /// How many characters of a mode fit (ISO/IEC 18004, section 7.4).
    fn capacity(self, level: Level, mode: Mode) -> usize {
        let class = match self.0 {
            ..=9 => 0,
            10..=26 => 1,
            _ => 2,
        };
        let bits = |counter: [usize; 3]| {
            const MODE_BITS: usize = 4;
            8 * level.data_codewords()[usize::from(self.0) - 1] - MODE_BITS - counter[class]
        };
        match mode {
            Mode::Numeric => {
                let bits = bits([10, 12, 14]);
                bits / 10 * 3 + if bits % 10 >= 7 { 2 } else { usize::from(bits % 10 >= 4) }
            }
            Mode::Alphanumeric => {
                let bits = bits([9, 11, 13]);
                bits / 11 * 2 + usize::from(bits % 11 >= 6)
            }
            Mode::Byte => bits([8, 16, 16]) / 8,
        }
    }
}

/// How much of a code may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// 7 %: where another picture follows at once.
    L,
    /// 15 %.
    M,
}

impl Level {
    fn data_codewords(self) -> &'static [usize; 40] {
        match self {
            Self::L => &DATA_CODEWORDS_L,
            Self::M => &DATA_CODEWORDS_M,
        }
    }

    fn ecl(self) -> ECL {
        match self {
            Self::L => ECL::L,
            Self::M => ECL::M,
        }
    }
}

/// Why there is no code for a text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum QrError {
    /// The text does not fit.
    #[error("the text is {over} characters too long for this QR code")]
    TooLong {
        /// By how much: characters if the text is alphanumeric or digits, else bytes.
        over: usize,
    },
}

/// Makes the smallest code at level M that holds `text`.
///
/// # Errors
///
/// [`QrError::TooLong`] when that would be larger than `largest`.
pub fn render(text: &str, largest: Version) -> Result<Qr, QrError> {
    render_at(Level::M, text, largest)
}

/// As [`render`], at another level.
pub(super) fn render_at(level: Level, text: &str, largest: Version) -> Result<Qr, QrError> {
    let mode = mode_of(text);
    let capacity = largest.capacity(level, mode);
    let too_long = QrError::TooLong { over: text.len().saturating_sub(capacity) };
    if text.len() > capacity {
        return Err(too_long);
    }
    // The builder knows one error besides: a wish for a version too small, which is never uttered.
    let code = QRBuilder::new(text).ecl(level.ecl()).mode(mode).build().map_err(|_| too_long)?;
    Ok(Qr { code: Box::new(code) })
}

/// The densest mode that has all the characters of a text.
fn mode_of(text: &str) -> Mode {
    let alphanumeric =
        |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z') || b" $%*+-./:".contains(&byte);
    if text.is_empty() {
        Mode::Byte
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Mode::Numeric
    } else if text.bytes().all(alphanumeric) {
        Mode::Alphanumeric
    } else {
        Mode::Byte
    }
}

/// A QR code, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Qr {
    code: Box<QRCode>,
}

impl Qr {
    /// The version that was needed.
    pub fn version(&self) -> Version {
        let number = (self.code.size - 17) / 4;
        Version::new(u8::try_from(number).unwrap_or(u8::MAX)).unwrap_or(Version::MAX)
    }

    /// The modules on a side, without quiet zone.
    pub fn side(&self) -> usize {
        self.code.size
    }

    /// Whether a module is dark. What lies outside is light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side() && y < self.side() && self.code[y][x].value()
    }

    /// A grey PNG with `scale` pixels for a module, at least 1 and at most 64.
    pub fn to_png(&self, scale: u8) -> Vec<u8> {
        let scale = usize::from(scale.clamp(1, MAX_SCALE));
        let side = scale * self.framed_side();
        let mut luma = Vec::with_capacity(side * side);
        for y in 0..side {
            luma.extend(
                (0..side).map(|x| if self.framed(x / scale, y / scale) { 0 } else { u8::MAX }),
            );
        }
        encode_png(side, &luma)
    }

    /// An SVG document, black on white, one unit for a module.
    pub fn to_svg(&self) -> String {
        let side = self.framed_side();
        let mut path = String::new();
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let run = (x..side).take_while(|&x| self.framed(x, y)).count();
                if run > 0 {
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
                }
                x += run.max(1);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
             <path d=\"{path}\"/></svg>\n"
        )
    }

    /// Lines of half blocks for a terminal, two rows of modules on each line. The colours are set
    /// with escape sequences, black on white, so that it can be read on dark and light terminals.
    pub fn to_terminal(&self) -> String {
        const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
        const RESET: &str = "\x1b[0m";
        let side = self.framed_side();
        let mut text = String::new();
        for y in (0..side).step_by(2) {
            text.push_str(BLACK_ON_WHITE);
            text.extend((0..side).map(|x| match (self.framed(x, y), self.framed(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }));
            text.push_str(RESET);
            text.push('\n');
        }
        text
    }

    fn framed_side(&self) -> usize {
        self.side() + 2 * QUIET_ZONE
    }

    /// As [`is_dark`](Self::is_dark), counted from the corner of the quiet zone.
    fn framed(&self, x: usize, y: usize) -> bool {
        x >= QUIET_ZONE && y >= QUIET_ZONE && self.is_dark(x - QUIET_ZONE, y - QUIET_ZONE)
    }
}

fn encode_png(side: usize, luma: &[u8]) -> Vec<u8> {
    const IN_MEMORY: &str = "a picture of these measures can be written to memory";
    let mut bytes = Vec::new();
    let side = u32::try_from(side).expect(IN_MEMORY);
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect(IN_MEMORY);
    writer.write_image_data(luma).expect(IN_MEMORY);
    writer.finish().expect(IN_MEMORY);
    bytes
}
