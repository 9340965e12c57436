//! Ways as bad as those of a venue: long, lossy, narrow, and cut again and again.
//!
//! A way is a program between two devices that holds bytes back as a network would. What is lost on a
//! network below an ordered stream costs time, so a lost piece here arrives after the time in which it is
//! sent again, and all that follows waits behind it.
//!
//! `WEATHER_SECONDS` is how long the narrow way lasts before it is cut (3 unless told), and
//! `WEATHER_SESSIONS` how much there is to tell beyond a real schedule.

use std::io;
use std::time::Duration;

use teilgeber_device::model::Id;
use teilgeber_device::{Device, End, Result, Stay, SyncReport};
use teilgeber_tests::dice::Dice;
use teilgeber_tests::story::{camp, talk};
use teilgeber_tests::support::*;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

const SCHEDULE: &[u8] = include_bytes!("../data/debconf23.xml");

/// A way between two devices.
#[derive(Debug, Clone, Copy)]
struct Weather {
    /// How long a piece is under way.
    delay: Duration,
    /// Of a hundred pieces so many are lost and sent again.
    lost: usize,
    /// How long until a lost piece is there at last.
    again: Duration,
    /// Bytes that pass in a second.
    rate: f64,
    /// Bytes of a piece.
    mtu: usize,
    /// When it is cut.
    cut_after: Duration,
}

/// The other side of the world, over a bad radio: 300 ms there and back.
const FAR: Weather = Weather {
    delay: Duration::from_millis(150),
    lost: 5,
    again: Duration::from_millis(500),
    rate: 250_000.0,
    mtu: 1400,
    cut_after: Duration::from_secs(600),
};

/// As Bluetooth between two phones was measured: 18 KiB a second, 60 ms.
const NARROW: Weather = Weather {
    delay: Duration::from_millis(30),
    lost: 0,
    again: Duration::ZERO,
    rate: 18.0 * 1024.0,
    mtu: 185,
    cut_after: Duration::from_secs(600),
};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_of_an_event_comes_to_its_end_on_a_long_and_lossy_way() {
    let [ada, bob] = [Home::new(), Home::new()];
    let (ada, bob) = (ada.open(), bob.open());
    let event = full_event(&ada, &bob);

    let began = Instant::now();
    let report = cross(&bob, &ada, FAR, 1).await.unwrap();

    println!("{:.1} s, {} bytes", began.elapsed().as_secs_f64(), report.bytes_received);
    assert!(is_same(&report), "{report}");
    assert_eq!(picture(&bob, event), picture(&ada, event));
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_radio_that_is_cut_again_and_again_each_link_brings_something() {
    let [ada, bob] = [Home::new(), Home::new()];
    let (ada, bob) = (ada.open(), bob.open());
    let event = full_event(&ada, &bob);
    for n in 0..setting("WEATHER_SESSIONS", 0) {
        ada.pitch_session(event, &talk(&format!("Another talk, number {n}"))).unwrap();
    }
    let cut_after = Duration::from_secs(setting("WEATHER_SECONDS", 3));
    let weather = Weather { cut_after, ..NARROW };

    let mut brought = Vec::new();
    let mut known = 0;
    loop {
        let ended = cross(&bob, &ada, weather, brought.len() as u64).await;
        let now = bob.board(event).unwrap().len() + bob.sessions(event).unwrap().len();
        brought.push(now - known);
        known = now;
        if ended.is_ok_and(|report| is_same(&report)) {
            break;
        }
        assert!(brought.last() > Some(&0), "the last of these links brought nothing: {brought:?}");
    }

    println!("sessions and places that each link brought: {brought:?}");
    assert!(brought.len() > 1, "nothing was cut");
    assert_eq!(picture(&bob, event), picture(&ada, event));
    assert_sound(&bob);
}

/// An event with a real schedule, which the other one has joined and knows nothing of.
fn full_event(ada: &Device, bob: &Device) -> Id {
    let event = ada.create_event(&camp()).unwrap();
    ada.import_schedule(event, SCHEDULE).unwrap();
    bob.join(&ada.join_code(event, &[]).unwrap()).unwrap();
    event
}

/// Two devices meet over this way. Returns what the one that dialled found.
async fn cross(
    dialling: &Device,
    accepting: &Device,
    weather: Weather,
    seed: u64,
) -> Result<SyncReport> {
    let (near, middle) = tokio::io::duplex(4096);
    let (rest, far) = tokio::io::duplex(4096);
    let carrying = async {
        let (near_out, near_in) = tokio::io::split(middle);
        let (far_out, far_in) = tokio::io::split(rest);
        let there = pass(near_out, far_in, weather, Dice::new(seed));
        let back = pass(far_out, near_in, weather, Dice::new(seed + 1));
        let both = async { tokio::try_join!(there, back).map(drop) };
        // When it is cut both halves are dropped, and both ends see it.
        timeout(weather.cut_after, both).await
    };
    let (dialled, _accepted, _carried) = tokio::join!(
        dialling.sync_over(near, End::Dialled, Stay::UntilSame, |_| {}),
        accepting.sync_over(far, End::Accepted, Stay::UntilClosed, |_| {}),
        carrying,
    );
    dialled
}

/// Carries one direction: what comes in leaves piece by piece as the way is free, and arrives in order.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    weather: Weather,
    mut dice: Dice,
) -> io::Result<()> {
    // So much is under way at a time: what a radio buffers.
    let (sent, mut under_way) = mpsc::channel::<(Instant, Vec<u8>)>(64);
    let sending = async move {
        let (mut free, mut arrived) = (Instant::now(), Instant::now());
        let mut piece = vec![0; weather.mtu];
        loop {
            let count = from.read(&mut piece).await?;
            if count == 0 {
                return Ok::<_, io::Error>(());
            }
            free = free.max(Instant::now()) + Duration::from_secs_f64(count as f64 / weather.rate);
            sleep_until(free).await;
            let late = if dice.below(100) < weather.lost { weather.again } else { Duration::ZERO };
            arrived = arrived.max(free + weather.delay + late);
            if sent.send((arrived, piece[..count].to_vec())).await.is_err() {
                return Ok(());
            }
        }
    };
    let arriving = async move {
        while let Some((arrives, piece)) = under_way.recv().await {
            sleep_until(arrives).await;
            to.write_all(&piece).await?;
        }
        to.shutdown().await
    };
    tokio::try_join!(sending, arriving).map(drop)
}
