//! QR codes are read by others and by us, even from bad pictures.

#![expect(clippy::unwrap_used, reason = "a test stops where a code is not as described")]

mod animated;

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use teilgeber_formats::qr::{
    MAX_SIDE, PictureError, Qr, QrError, Version, base45, decode_luma, decode_png, render,
};
use teilgeber_formats::wifi::Wifi;

/// A grey picture.
#[derive(Clone)]
struct Picture {
    side: usize,
    luma: Vec<u8>,
}

impl Picture {
    /// A code in the middle, `scale` pixels a module, with a margin of `margin` modules.
    fn of(qr: &Qr, scale: usize, margin: usize) -> Self {
        let side = scale * (qr.side() + 2 * margin);
        let module = |at: usize| (at / scale).wrapping_sub(margin);
        let pixels = (0..side * side)
            .map(|at| if qr.is_dark(module(at % side), module(at / side)) { 20 } else { 235 });
        Self { side, luma: pixels.collect() }
    }

    /// The same seen from elsewhere: each point of the new picture is taken from where `from` says,
    /// both counted from the middle.
    fn seen(&self, side: usize, from: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        let (middle, source) = (side as f64 / 2.0, self.side as f64 / 2.0);
        let sample = |x: f64, y: f64| {
            let (x, y) = (x.floor(), y.floor());
            let inside = |at: f64| (0.0..self.side as f64).contains(&at);
            if inside(x) && inside(y) {
                self.luma[y as usize * self.side + x as usize]
            } else {
                235
            }
        };
        let pixels = (0..side * side).map(|at| {
            let (x, y) = from((at % side) as f64 - middle, (at / side) as f64 - middle);
            // Four samples for a pixel, as a lens blurs.
            let around = [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)];
            let sum: u16 = around
                .iter()
                .map(|(dx, dy)| u16::from(sample(x + source + dx, y + source + dy)))
                .sum();
            u8::try_from(sum / 4).unwrap()
        });
        Self { side, luma: pixels.collect() }
    }

    fn each(mut self, change: impl Fn(usize, usize, u8) -> u8) -> Self {
        for at in 0..self.luma.len() {
            self.luma[at] = change(at % self.side, at / self.side, self.luma[at]);
        }
        self
    }

    fn texts(&self) -> Vec<String> {
        decode_luma(self.side, self.side, self.side, &self.luma).unwrap()
    }
}

/// Numbers that look random, the same in each run.
fn noise(x: usize, y: usize) -> u8 {
    blake3::hash(&[x.to_le_bytes(), y.to_le_bytes()].concat()).as_bytes()[0]
}

fn alphanumeric(length: usize) -> String {
    let bytes: Vec<u8> = (0..length).map(|at| noise(at, length)).collect();
    let mut text = base45::encode(&bytes);
    text.truncate(length);
    text
}

#[test]
fn zbar_reads_what_we_write() {
    let texts = [
        "https://teilgeber.example/#/join?x=1".to_owned(),
        "Grüße aus der Küche, 茶 und 🫖".to_owned(),
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nEND:VCARD\r\n".to_owned(),
        "12345678901234567890".to_owned(),
        Wifi::new("Barn; upstairs", Some(r#"so:ur\dough"#)).unwrap().text(),
        alphanumeric(311),
        alphanumeric(600),
    ];
    for (index, text) in texts.iter().enumerate() {
        let qr = render(text, Version::MAX).unwrap();

        assert_eq!(read_by_zbar(&qr, &index.to_string()), *text);
    }
}

/// What `zbarimg` reads in a picture of a code.
fn read_by_zbar(qr: &Qr, name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("zbar-{name}.png"));
    std::fs::write(&path, qr.to_png(4)).unwrap();
    let output = Command::new("zbarimg").args(["--quiet", "--raw", "-Sbinary"]).arg(&path).output();
    let output = output.expect("zbarimg is missing: apt-get install zbar-tools");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn codes_of_every_version_come_back_and_are_full_where_the_standard_says() {
    let digits = |length| "7".repeat(length);
    let bytes = |length| "x".repeat(length);
    let versions = (1..=40).map(|version| Version::new(version).unwrap());
    let mut full = [0; 3];
    for version in versions {
        let modes: [fn(usize) -> String; 3] = [digits, alphanumeric, bytes];
        for (full, text) in full.iter_mut().zip(modes) {
            let beyond = 8_000;
            let error = render(&text(beyond), version).unwrap_err();
            let QrError::TooLong { over } = error;
            *full = beyond - over;

            assert_eq!(render(&text(*full), Version::MAX).unwrap().version(), version);
            let next = render(&text(*full + 1), Version::MAX).map(|qr| qr.version().get());
            assert_eq!(next.unwrap_or(41), version.get() + 1);
        }
        let text = alphanumeric(full[1]);
        let png = render(&text, version).unwrap().to_png(3);
        assert_eq!(decode_png(&png).unwrap(), [text], "{version:?}");
    }
    // The capacities of version 40 at level M (ISO/IEC 18004, table 7).
    assert_eq!(full, [5596, 3391, 2331]);
}

#[test]
fn a_badge_holds_311_alphanumeric_characters() {
    assert_eq!(render(&alphanumeric(311), Version::BADGE).unwrap().version(), Version::BADGE);
    assert_eq!(
        render(&alphanumeric(312), Version::BADGE).unwrap_err(),
        QrError::TooLong { over: 1 }
    );
    let lower = alphanumeric(310).to_lowercase();
    assert_eq!(render(&lower, Version::BADGE).unwrap_err(), QrError::TooLong { over: 97 });
}

#[test]
fn base45_is_written_in_alphanumeric_mode() {
    let bytes: Vec<u8> = (0..200).map(|at| noise(at, 0)).collect();

    let qr = render(&base45::encode(&bytes), Version::BADGE).unwrap();

    assert_eq!(base45::decode(&decode_png(&qr.to_png(4)).unwrap()[0]).unwrap(), bytes);
    assert!(render(std::str::from_utf8(&[b'x'; 214]).unwrap(), Version::BADGE).is_err());
}

#[test]
fn a_code_is_read_from_pictures_of_many_sizes() {
    let text = alphanumeric(400);
    let qr = render(&text, Version::SCREEN).unwrap();
    for scale in [1, 2, 3, 5, 8, 13, 28, 48] {
        assert_eq!(Picture::of(&qr, scale, 4).texts(), [text.as_str()], "{scale} pixels a module");
    }
}

#[test]
fn a_code_is_read_turned_by_any_angle() {
    let qr = render("turned", Version::BADGE).unwrap();
    let straight = Picture::of(&qr, 8, 4);
    for degrees in (0..360).step_by(15) {
        let (sin, cos) = f64::from(degrees).to_radians().sin_cos();

        let turned = straight.seen(500, |x, y| (x * cos - y * sin, x * sin + y * cos));

        assert_eq!(turned.texts(), ["turned"], "{degrees} degrees");
    }
}

#[test]
fn a_code_is_read_mirrored_skewed_and_scaled() {
    let qr = render(&alphanumeric(200), Version::BADGE).unwrap();
    let picture = Picture::of(&qr, 8, 4);
    type View = fn(f64, f64) -> (f64, f64);
    let views: [(&str, View); 4] = [
        ("mirrored", |x, y| (-x, y)),
        ("from the side", |x, y| (x * (1.0 + x / 3000.0), y * (1.0 + x / 3000.0))),
        ("leaning", |x, y| (x + y * 0.2, y)),
        ("smaller", |x, y| (x * 1.7, y * 1.7)),
    ];
    for (name, view) in views {
        assert_eq!(picture.seen(600, view).texts(), [alphanumeric(200)], "{name}");
    }
}

#[test]
fn a_code_is_read_from_a_tilted_badge() {
    let text = alphanumeric(311);
    let picture = Picture::of(&render(&text, Version::BADGE).unwrap(), 8, 4);
    let side = picture.side as f64;
    for degrees in (0..360).step_by(45) {
        let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
        // Seen from one and a half sides away, tilted by 24 degrees.
        let tilt = 0.4_f64;
        let tilted = picture.seen(picture.side * 3 / 2, |x, y| {
            let near = 1.0 + x * tilt / (1.5 * side);
            let (x, y) = (x * near / (1.0 - tilt * tilt).sqrt(), y * near);
            (x * cos - y * sin, x * sin + y * cos)
        });

        assert_eq!(tilted.texts(), [text.as_str()], "{degrees} degrees");
    }
}

#[test]
fn a_code_is_read_in_bad_light() {
    let text = alphanumeric(200);
    let qr = render(&text, Version::BADGE).unwrap();
    let picture = Picture::of(&qr, 6, 4);
    let side = picture.side;
    let shade = |luma: u8, percent: usize| u8::try_from(usize::from(luma) * percent / 100).unwrap();

    let noisy =
        picture.clone().each(|x, y, luma| luma.saturating_add(noise(x, y) / 4).saturating_sub(32));
    let shadow = picture.clone().each(|x, y, luma| shade(luma, 25 + 75 * (x + y) / (2 * side)));
    let faint = picture.clone().each(|_, _, luma| 100 + luma / 6);
    let inverted = picture.clone().each(|_, _, luma| !luma);
    let damaged =
        picture.each(
            |x, y, luma| {
                if (230..260).contains(&x) && (200..230).contains(&y) { 128 } else { luma }
            },
        );

    for (name, picture) in [
        ("noisy", noisy),
        ("shadow", shadow),
        ("faint", faint),
        ("inverted", inverted),
        ("damaged", damaged),
    ] {
        assert_eq!(picture.texts(), [text.as_str()], "{name}");
    }
}

#[test]
fn several_codes_in_one_picture_are_all_read() {
    let (one, two) =
        (render("one", Version::BADGE).unwrap(), render("two", Version::BADGE).unwrap());
    let (one, two) = (Picture::of(&one, 4, 4), Picture::of(&two, 4, 4));
    let rows = one.luma.chunks(one.side).zip(two.luma.chunks(two.side));
    let luma: Vec<u8> = rows.flat_map(|(one, two)| [one, two].concat()).collect();

    let texts = decode_luma(one.side * 2, one.side, one.side * 2, &luma).unwrap();

    assert_eq!(
        texts.into_iter().collect::<HashSet<_>>(),
        HashSet::from(["one".to_owned(), "two".to_owned()])
    );
}

#[test]
fn rows_may_be_padded_as_cameras_do() {
    let picture = Picture::of(&render("padded", Version::BADGE).unwrap(), 4, 4);
    let stride = picture.side + 37;
    let mut luma: Vec<u8> =
        picture.luma.chunks(picture.side).flat_map(|row| [row, &[99; 37]].concat()).collect();
    luma.truncate(luma.len() - 37);

    assert_eq!(decode_luma(picture.side, picture.side, stride, &luma).unwrap(), ["padded"]);
}

#[test]
fn pictures_beyond_bounds_are_refused() {
    assert_eq!(decode_luma(MAX_SIDE + 1, 1, MAX_SIDE + 1, &[]), Err(PictureError::TooLarge));
    assert_eq!(decode_luma(10, 10, 10, &[0; 99]), Err(PictureError::Damaged));
    assert_eq!(decode_luma(10, 2, 9, &[0; 99]), Err(PictureError::Damaged));
    assert_eq!(decode_luma(1, 3, usize::MAX, &[0; 9]), Err(PictureError::Damaged));
    assert_eq!(decode_luma(0, 7, 0, &[]), Ok(vec![]));
    assert_eq!(decode_png(b"GIF89a"), Err(PictureError::Damaged));
    let huge = render("x", Version::BADGE).unwrap().to_png(1);
    let mut huge = huge;
    huge[16..20].copy_from_slice(&70_000u32.to_be_bytes());
    assert!(decode_png(&huge).is_err());
}

#[test]
fn a_picture_full_of_corner_patterns_is_done_with_in_seconds() {
    let started = Instant::now();
    for (gap, module) in [(9, 1), (14, 1), (14, 8), (25, 8)] {
        let side = 8 * gap * module;
        let pixels = (0..side * side).map(|at| {
            let (x, y) = (at % side / module, at / side / module);
            let (left, top) = (x % gap, y % gap);
            let dark =
                if left < 7 && top < 7 { finder_pattern(left, top) } else { noise(x, y) < 128 };
            if dark { 0 } else { 255 }
        });

        let texts = decode_luma(side, side, side, &pixels.collect::<Vec<u8>>()).unwrap();

        assert!(texts.is_empty());
    }
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[test]
fn the_largest_picture_of_nothing_is_done_with_in_seconds() {
    let started = Instant::now();
    let patterns: [fn(usize, usize) -> u8; 2] = [
        |x, y| if finder_pattern(x % 9, y % 9) { 0 } else { 255 },
        |x, y| ((x * 7919) ^ (y * 104_729) ^ ((x * y) >> 3)) as u8,
    ];
    for pattern in patterns {
        let luma: Vec<u8> =
            (0..MAX_SIDE * MAX_SIDE).map(|at| pattern(at % MAX_SIDE, at / MAX_SIDE)).collect();
        assert_eq!(decode_luma(MAX_SIDE, MAX_SIDE, MAX_SIDE, &luma), Ok(vec![]));
    }
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

fn finder_pattern(x: usize, y: usize) -> bool {
    x < 7 && y < 7 && x.abs_diff(3).max(y.abs_diff(3)) != 2
}

#[test]
fn a_drawing_shows_each_module_in_its_quiet_zone() {
    let qr = render("drawn", Version::BADGE).unwrap();
    let svg = qr.to_svg();
    let terminal = qr.to_terminal();

    let framed = qr.side() + 8;
    assert!(
        svg.starts_with("<svg ") && svg.contains(&format!("viewBox=\"0 0 {framed} {framed}\""))
    );
    let mut painted = HashSet::new();
    for run in svg.split('M').filter(|part| part.contains("v1h-")) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        let [x, y, length] = [x, y, length].map(|number| number.parse::<usize>().unwrap());
        painted.extend((x..x + length).map(|x| (x, y)));
    }
    let rows: Vec<Vec<char>> = terminal
        .lines()
        .map(|line| line.chars().filter(|c| "█▀▄ ".contains(*c)).collect())
        .collect();
    for (y, row) in (0..framed).map(|y| (y, &rows[y / 2])) {
        for (x, block) in row.iter().enumerate() {
            let dark = x >= 4 && y >= 4 && qr.is_dark(x - 4, y - 4);
            assert_eq!(painted.contains(&(x, y)), dark, "svg {x} {y}");
            let shown = matches!((block, y % 2), ('█', _) | ('▀', 0) | ('▄', 1));
            assert_eq!(shown, dark, "terminal {x} {y}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_comes_back(text in "\\PC{1,200}|[0-9A-Z $%*+./:-]{1,500}|[0-9]{1,900}") {
        let qr = render(&text, Version::MAX).unwrap();

        prop_assert_eq!(decode_png(&qr.to_png(3)).unwrap(), [text]);
    }

    #[test]
    fn any_picture_is_read_without_harm(
        (width, height) in (0..90usize, 0..90usize),
        luma in prop::collection::vec(prop_oneof![Just(0u8), Just(255u8), any::<u8>()], 8100),
    ) {
        prop_assert!(decode_luma(width, height, width, &luma).is_ok());
    }

    #[test]
    fn a_code_with_patches_gives_its_text_or_none(
        patches in prop::collection::vec((0..500usize, 0..500usize, 1..60usize, any::<u8>()), 0..20),
        shift in -3.0..3.0f64,
    ) {
        let qr = render("PATCHED", Version::BADGE).unwrap();
        let picture = Picture::of(&qr, 8, 4).seen(300, |x, y| (x + y * shift / 4.0, y - x * shift / 9.0));
        let picture = picture.each(|x, y, luma| {
            let covers = |(left, top, size, _): &&(usize, usize, usize, u8)| {
                (*left..left + size).contains(&x) && (*top..top + size).contains(&y)
            };
            patches.iter().find(covers).map_or(luma, |patch| patch.3)
        });

        for text in picture.texts() {
            prop_assert_eq!(text, "PATCHED");
        }
    }

    #[test]
    fn any_bytes_are_a_png_or_not(bytes: Vec<u8>, at: prop::sample::Index, with: u8) {
        let _ = decode_png(&bytes);
        let mut png = render("png", Version::BADGE).unwrap().to_png(2);
        let at = at.index(png.len());
        png[at] = with;
        let _ = decode_png(&png);
    }
}
