//! Codes that follow one another give the payload back, whichever of them are seen.

use std::fs;

use proptest::prelude::*;
use teilgeber_formats::qr::{
    ANIMATED_MAX, AnimatedError, AnimatedReceiver, AnimatedSender, Progress, Taken, Version, base45,
};

use crate::{Picture, noise, read_by_zbar};

/// Numbers that look random, the same in each run.
struct Dice(blake3::OutputReader);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof())
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.fill(&mut bytes);
        bytes
    }

    fn below(&mut self, end: usize) -> usize {
        let bytes = self.bytes(8).try_into().unwrap();
        (u64::from_le_bytes(bytes) % end as u64) as usize
    }
}

fn payload(length: usize) -> Vec<u8> {
    Dice::new(length as u64).bytes(length)
}

/// A frame as `docs/wire-format.md` has it, of any measures and any symbol.
fn frame(transfer: &[u8; 16], length: u16, number: u16, symbol: &[u8]) -> String {
    let head = [&[0], &transfer[..], &length.to_be_bytes(), &number.to_be_bytes()].concat();
    let said = [&head, symbol].concat();
    let check = blake3::derive_key("teilgeber 0 check of a frame", &said);
    format!("TEILGEBER/{}", base45::encode(&[&said, &check[..4]].concat()))
}

/// What a receiver that is shown these frames comes to.
fn shown(sender: &AnimatedSender, numbers: impl IntoIterator<Item = u16>) -> AnimatedReceiver {
    let mut receiver = AnimatedReceiver::new();
    for number in numbers {
        receiver.take_text(&sender.text(number));
    }
    receiver
}

#[test]
fn who_misses_nothing_needs_as_many_frames_as_the_payload_has_symbols() {
    for (length, needed) in [(1, 1), (400, 1), (401, 2), (10_000, 25), (ANIMATED_MAX, 50)] {
        let payload = payload(length);
        let sender = AnimatedSender::new(&payload).unwrap();
        assert_eq!(sender.needed(), needed, "{length} bytes");

        let last = needed as u16 - 1;
        assert_eq!(shown(&sender, 0..last).payload(), None);
        assert_eq!(shown(&sender, 0..=last).payload(), Some(&payload[..]));
        assert_eq!(shown(&sender, (0..=last).rev()).payload(), Some(&payload[..]));
    }
}

#[test]
fn progress_tells_how_many_frames_it_takes_and_how_many_are_there() {
    let payload = payload(900);
    let sender = AnimatedSender::new(&payload).unwrap();
    let mut receiver = AnimatedReceiver::new();
    let progress = |needed, have| Progress { needed, have, is_done: false, unreadable: 0 };
    assert_eq!(receiver.progress(), progress(0, 0));

    assert_eq!(receiver.take_text(&sender.text(7)), Taken::New);
    assert_eq!(receiver.progress(), progress(3, 1));
    assert_eq!(receiver.take_text(&sender.text(7)), Taken::Known);
    assert_eq!(receiver.progress(), progress(3, 1));
    assert_eq!(receiver.take_text(&sender.text(1)), Taken::New);
    assert_eq!(receiver.take_luma(9, 9, 9, &[0; 81]), Taken::Unreadable);
    assert_eq!(receiver.take_luma(9, 9, 3, &[]), Taken::Unreadable);
    assert_eq!(receiver.take_png(b"GIF89a"), Taken::Unreadable);
    assert_eq!(receiver.take_text(&sender.text(0)), Taken::New);
    assert_eq!(receiver.progress(), Progress { needed: 3, have: 3, is_done: true, unreadable: 3 });
    assert_eq!(receiver.take_text(&sender.text(9)), Taken::Known);
    assert_eq!(receiver.payload(), Some(&payload[..]));
    assert_eq!(receiver.transfer(), Some(sender.transfer()));
}

#[test]
fn what_does_not_fit_is_refused_and_it_is_said_by_how_much() {
    let refused = |length, version| {
        AnimatedSender::within(&payload(length), Version::new(version).unwrap()).err()
    };
    assert_eq!(refused(0, 14), Some(AnimatedError::Empty));
    assert_eq!(refused(ANIMATED_MAX + 7, 14), Some(AnimatedError::TooLong { over: 7 }));
    assert_eq!(refused(ANIMATED_MAX, 4), Some(AnimatedError::TooSmall));
    assert_eq!(refused(1, 1), Some(AnimatedError::TooSmall));
    assert_eq!(refused(ANIMATED_MAX, 5), None);
}

#[test]
fn no_frame_is_larger_than_was_asked_for() {
    for length in [30, 400, ANIMATED_MAX] {
        for version in (5..=40).map(|version| Version::new(version).unwrap()) {
            let sender = AnimatedSender::within(&payload(length), version).unwrap();
            let largest = version.min(Version::ANIMATED);
            let frames = [0, sender.needed() as u16, u16::MAX].map(|number| sender.frame(number));
            assert!(frames.iter().all(|frame| frame.version() <= largest), "{version:?}");
        }
    }
    let full = AnimatedSender::new(&payload(ANIMATED_MAX)).unwrap();
    assert_eq!(full.frame(0).version(), Version::ANIMATED);
}

#[test]
fn frames_come_in_their_order_and_begin_again_after_the_last() {
    let sender = AnimatedSender::new(&payload(3)).unwrap();
    let texts: Vec<String> =
        sender.frames().take(3).map(|qr| Picture::of(&qr, 2, 4).texts().pop().unwrap()).collect();
    assert_eq!(texts, [0, 1, 2].map(|number| sender.text(number)));

    let again = AnimatedSender::new(&payload(3)).unwrap();
    assert_eq!(again.text(u16::MAX), sender.text(u16::MAX));
    assert_eq!(shown(&sender, [u16::MAX]).payload(), Some(&payload(3)[..]));
}

#[test]
fn zbar_reads_frames() {
    let sender = AnimatedSender::new(&payload(10_000)).unwrap();
    let small = AnimatedSender::within(&payload(10_000), Version::new(5).unwrap()).unwrap();
    let mut receiver = AnimatedReceiver::new();
    for number in [0, 24, 25, 4_711, u16::MAX] {
        for (sender, size) in [(&sender, "large"), (&small, "small")] {
            let read = read_by_zbar(&sender.frame(number), &format!("frame-{size}-{number}"));
            assert_eq!(read, sender.text(number), "{size} {number}");
        }
        assert_eq!(receiver.take_text(&sender.text(number)), Taken::New);
    }
}

#[test]
fn a_camera_that_turns_and_sees_noise_and_misses_every_third_frame_gets_it_all() {
    let payload = payload(3_000);
    let sender = AnimatedSender::new(&payload).unwrap();
    let mut receiver = AnimatedReceiver::new();
    let mut pictures = 0;
    for (number, qr) in sender.frames().enumerate().filter(|(number, _)| number % 3 != 1) {
        let (sin, cos) = (number as f64 * 23.0).to_radians().sin_cos();
        let straight = Picture::of(&qr, 5, 4);
        let turned = straight.seen(560, |x, y| (x * cos - y * sin, x * sin + y * cos));
        let noisy = turned
            .each(|x, y, luma| luma.saturating_add(noise(x, y + number) / 4).saturating_sub(32));

        // Rows as cameras give them, longer than the picture is wide.
        let stride = noisy.side + 16;
        let rows = noisy.luma.chunks(noisy.side);
        let luma: Vec<u8> = rows.flat_map(|row| [row, &[0; 16]].concat()).collect();
        receiver.take_luma(noisy.side, noisy.side, stride, &luma);
        pictures += 1;
        if receiver.progress().is_done || pictures > 30 {
            break;
        }
    }
    assert_eq!(receiver.payload(), Some(&payload[..]), "{:?}", receiver.progress());
}

#[test]
fn two_codes_in_one_picture_are_both_taken() {
    let payload = payload(500);
    let sender = AnimatedSender::new(&payload).unwrap();
    let [one, two] = [0, 1].map(|number| Picture::of(&sender.frame(number), 4, 4));
    let rows = one.luma.chunks(one.side).zip(two.luma.chunks(two.side));
    let luma: Vec<u8> = rows.flat_map(|(one, two)| [one, two].concat()).collect();
    let mut receiver = AnimatedReceiver::new();

    assert_eq!(receiver.take_luma(2 * one.side, one.side, 2 * one.side, &luma), Taken::New);

    assert_eq!(receiver.payload(), Some(&payload[..]));
}

#[test]
fn what_is_no_frame_of_the_transfer_is_told_apart_and_costs_nothing() {
    let payload = payload(900);
    let sender = AnimatedSender::new(&payload).unwrap();
    let other = AnimatedSender::new(b"another payload").unwrap();
    let smaller = AnimatedSender::within(&payload, Version::new(7).unwrap()).unwrap();
    let newer = base45::encode(&[1, 2, 3]);
    let whole = sender.text(1);
    let mut receiver = shown(&sender, [0]);
    let before = receiver.progress();

    for (text, taken) in [
        (other.text(0).as_str(), Taken::Other),
        (&smaller.text(0), Taken::Other),
        (&format!("TEILGEBER/{newer}"), Taken::Newer),
        (&whole[..whole.len() - 3], Taken::Damaged),
        (&whole.replacen('A', "B", 1), Taken::Damaged),
        ("TEILGEBER:BB8", Taken::Foreign),
        ("BEGIN:VCARD", Taken::Foreign),
    ] {
        assert_eq!(receiver.take_text(text), taken, "{text}");
        assert_eq!(receiver.progress(), before);
    }
    receiver.take_text(&whole);
    receiver.take_text(&sender.text(2));
    assert_eq!(receiver.payload(), Some(&payload[..]));
}

#[test]
fn a_frame_that_was_made_up_spoils_the_transfer_once_and_it_begins_again() {
    let payload = payload(900);
    let sender = AnimatedSender::new(&payload).unwrap();
    let made_up = frame(sender.transfer().as_bytes(), 900, 4, &[9; 300]);
    let mut receiver = shown(&sender, [0, 1]);

    assert_eq!(receiver.take_text(&made_up), Taken::Spoiled);
    assert_eq!((receiver.payload(), receiver.progress()), (None, Progress::default()));

    // Three suffice mostly, and five all but always.
    for number in 4..9 {
        receiver.take_text(&sender.text(number));
    }
    assert_eq!(receiver.payload(), Some(&payload[..]));
}

/// Frames whose checks hold and whose symbols, numbers and measures are made up: 400 transfers, or
/// `FRAME_CASES` of them.
#[test]
fn hostile_frames_end_in_nothing_and_are_soon_forgotten() {
    let cases = std::env::var("FRAME_CASES").map_or(400, |cases| cases.parse().unwrap());
    for seed in 0..cases {
        let mut dice = Dice::new(seed);
        let size = [1, 2, 3, 8, 63, 64, 399, 400][dice.below(8)];
        let symbols = 1 + dice.below(320.min(ANIMATED_MAX / size));
        let symbols = if dice.below(3) > 0 { symbols % 24 + 1 } else { symbols };
        let length = u16::try_from(symbols * size).unwrap();
        let transfer = dice.bytes(16).try_into().unwrap();
        // Numbers that nobody would show: in steps of any width, from anywhere.
        let most = 1 << dice.below(8);
        let (start, step) = (dice.below(1 << 16), 1 + dice.below(most));
        let same = dice.below(2) == 0;
        let mut receiver = AnimatedReceiver::new();
        for at in 0.. {
            let number = (start + at * step) as u16;
            let symbol = if same { vec![0xa5; size] } else { dice.bytes(size) };
            let taken = receiver.take_text(&frame(&transfer, length, number, &symbol));
            assert_eq!(receiver.payload(), None, "seed {seed}");
            if taken == Taken::Spoiled {
                break;
            }
            assert_eq!(taken, Taken::New, "seed {seed}");
            assert!(at < symbols + 32, "seed {seed}");
        }
        assert_eq!(receiver.progress(), Progress::default(), "seed {seed}");
    }
}

#[test]
fn frames_that_together_say_nothing_are_given_up_on() {
    let sender = AnimatedSender::new(b"one symbol").unwrap();
    let says_nothing = |number: &u16| shown(&sender, [*number]).payload().is_none();
    let numbers: Vec<u16> = (1..=u16::MAX).filter(says_nothing).take(33).collect();
    let (last, rest) = numbers.split_last().unwrap();
    let mut receiver = shown(&sender, rest.iter().copied());
    assert_eq!(receiver.progress().have, 32);

    assert_eq!(receiver.take_text(&sender.text(*last)), Taken::Spoiled);

    assert_eq!(receiver.take_text(&sender.text(0)), Taken::New);
    assert_eq!(receiver.payload(), Some(&b"one symbol"[..]));
}

#[test]
fn the_golden_frames_are_written_and_read() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/frames-0.txt");
    let vectors = fs::read_to_string(file).unwrap();
    let vector = |name: &str| {
        let line = vectors.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
        let hex = line.unwrap().as_bytes().chunks(2);
        let byte = |hex: &[u8]| u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap();
        hex.map(byte).collect::<Vec<u8>>()
    };
    let payload = vector("payload");
    let sender = AnimatedSender::within(&payload, Version::new(5).unwrap()).unwrap();
    let texts = [0, 2, 3, 4].map(|number| sender.text(number));
    let golden = [0, 2, 3, 4]
        .map(|number| String::from_utf8(vector(&format!("text of frame {number}"))).unwrap());

    assert_eq!(texts, golden);
    assert_eq!(shown(&sender, [0, 2, 3]).payload(), Some(&payload[..]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_payload_comes_back_whichever_frames_are_seen_in_any_order(
        length in prop_oneof![1..=1_000_usize, 1..=ANIMATED_MAX],
        version in prop_oneof![Just(14_u8), 5..=14_u8],
        start in prop_oneof![Just(0_usize), 0..70_000_usize],
        loss in 0..90_usize,
        seed: u64,
    ) {
        let payload = payload(length);
        let sender = AnimatedSender::within(&payload, Version::new(version).unwrap()).unwrap();
        let mut dice = Dice::new(seed);
        let mut receiver = AnimatedReceiver::new();
        // Some are late: they are shown again a little after they were, or then for the first time.
        let mut late = Vec::new();
        let mut different = std::collections::BTreeSet::new();
        for number in (start..).map(|number| number as u16) {
            let mut seen = Vec::new();
            match dice.below(100) {
                fate if fate < loss => late.push(number),
                fate if fate % 7 == 0 => seen.extend([number, number]),
                _ => seen.push(number),
            }
            if !late.is_empty() && dice.below(4) == 0 {
                seen.push(late.swap_remove(dice.below(late.len())));
            }
            for number in seen {
                let is_new = different.insert(number) && !receiver.progress().is_done;
                let expected = if is_new { Taken::New } else { Taken::Known };
                prop_assert_eq!(receiver.take_text(&sender.text(number)), expected);
            }
            if receiver.progress().is_done {
                break;
            }
        }
        prop_assert_eq!(receiver.payload(), Some(&payload[..]));
        prop_assert!(different.len() >= sender.needed());
    }

    #[test]
    fn any_text_and_any_change_of_a_frame_is_taken_without_harm(
        text in "\\PC{0,40}|TEILGEBER/[0-9A-Z $%*+./:-]{0,60}",
        at: prop::sample::Index,
        with in "[0-9A-Z $%*+./:-]",
    ) {
        let sender = AnimatedSender::new(&payload(700)).unwrap();
        let mut receiver = AnimatedReceiver::new();
        let refused = |taken| matches!(taken, Taken::Foreign | Taken::Damaged | Taken::Newer);
        prop_assert!(refused(receiver.take_text(&text)));
        let mut changed = sender.text(0);
        let at = at.index(changed.len());
        changed.replace_range(at..=at, &with);
        let same = changed == sender.text(0);
        prop_assert!(same || refused(receiver.take_text(&changed)));
    }
}
