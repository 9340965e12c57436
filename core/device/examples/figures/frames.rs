//! What 10 kB take over a screen: how many frames are shown until they are received, and how long it
//! takes to draw and to read one.

use std::time::{Duration, Instant};

use teilgeber_device::formats::qr::{AnimatedReceiver, AnimatedSender};

use super::Result;
use super::table::{Table, ms};

/// Frames in a second.
const RATE: f64 = 10.0;

/// How often a transfer is tried, each time with other losses.
const TRANSFERS: u32 = 500;

/// Of how many frames the mean time is taken.
const DRAWN: u32 = 20;

/// Pixels of a picture for each module, as a camera that is held well would have them.
const SCALE: u8 = 5;

/// Adds the figures of a payload that looks random.
pub(crate) fn add(table: &mut Table) -> Result<()> {
    let mut payload = vec![0; 10_000];
    blake3::Hasher::new().finalize_xof().fill(&mut payload);
    let sender = AnimatedSender::new(&payload)?;
    for lost in [0, 20, 40] {
        add_loss(table, &sender, lost);
    }
    let (drawing, pictures) = timed(|number| sender.frame(number).to_png(SCALE));
    let mut receiver = AnimatedReceiver::new();
    let (reading, _) = timed(|number| receiver.take_png(&pictures[usize::from(number)]));
    for (what, time) in [("drawing a frame", drawing), ("finding and reading it", reading)] {
        table.add(
            &format!("codes on a screen: {what}"),
            ms(time),
            "–".to_owned(),
            None,
            "under 100 ms, the time that it is shown",
            time < Duration::from_millis(100),
        );
    }
    Ok(())
}

fn add_loss(table: &mut Table, sender: &AnimatedSender, lost: u8) {
    let needed = sender.needed() as f64;
    let (mut shown, mut seen, mut most) = (0_u32, 0, 0);
    for transfer in 0..TRANSFERS {
        let mut receiver = AnimatedReceiver::new();
        let numbers = (0..=u16::MAX).take_while(|number| {
            shown += 1;
            if !is_lost(transfer, *number, lost) {
                receiver.take_text(&sender.text(*number));
            }
            !receiver.progress().is_done
        });
        numbers.for_each(drop);
        let have = receiver.progress().have;
        (seen, most) = (seen + have, most.max(have));
    }
    let mean = |sum: f64| sum / f64::from(TRANSFERS);
    let seconds = mean(shown.into()) / RATE;
    let floor = needed / (1.0 - f64::from(lost) / 100.0) / RATE;
    table.add(
        &format!("10 kB as codes on a screen, {lost} % of them lost"),
        format!("{seconds:.2} s ({:.2} codes seen, at most {most})", mean(seen as f64)),
        format!("{floor:.2} s ({needed} codes seen)"),
        Some(seconds / floor),
        "2.5 to 4.5 s",
        seconds <= 4.5,
    );
}

/// Whether this frame of this transfer is lost: as good as by chance, and the same in each run.
fn is_lost(transfer: u32, number: u16, lost: u8) -> bool {
    let bytes = [&transfer.to_le_bytes()[..], &number.to_le_bytes()].concat();
    let mut dice = [0; 2];
    blake3::Hasher::new().update(&bytes).finalize_xof().fill(&mut dice);
    u16::from_le_bytes(dice) % 100 < lost.into()
}

/// What is made of the first frames, and how long one of them takes.
fn timed<T>(make: impl FnMut(u16) -> T) -> (Duration, Vec<T>) {
    let begun = Instant::now();
    let made = (0..DRAWN as u16).map(make).collect();
    (begun.elapsed() / DRAWN, made)
}
