//! The board of an event as large as a congress, in a crowd: what a person waits for there, beside the
//! same with a hundred sessions.

use std::path::Path;
use std::time::{Duration, Instant};

use teilgeber_device::model::*;
use teilgeber_device::{Config, Device, Part, Result as Said};

use crate::Result;
use crate::screens::Times;
use crate::table::{Table, ms, ratio};

/// Sessions of the large board.
const MANY: usize = 1_351;

/// Sessions of the board beside it.
const FEW: usize = 100;

/// Schedules of real events; so often as it takes, each time in rooms of its own.
const SCHEDULES: [&str; 2] = ["debconf23.xml", "frab-camp2019.json"];

/// Fills the board of an event with a hundred sessions, then with all, and measures what people do
/// with both. Needs a scratch `folder`.
pub(crate) fn add(table: &mut Table, home: &Path, event: Id, folder: &Path) -> Result<()> {
    eprintln!("{} and {MANY} sessions", home.display());
    let real = real_sessions(folder)?;
    fill(home, event, &real, 0..FEW)?;
    let few = measure(home, event, &real)?;
    fill(home, event, &real, FEW..MANY)?;
    let many = measure(home, event, &real)?;
    for (few, many) in few.iter().zip(&many) {
        let (short, long) = (few.time, many.time);
        table.add(
            &format!("a board of {MANY} sessions: {}", many.what),
            format!("{} ({} found)", ms(long), many.found),
            format!("at {FEW}: {} ({} found)", ms(short), few.found),
            Some(ratio(long, short)),
            &format!("under {}", ms(many.most)),
            long < many.most,
        );
    }
    Ok(())
}

/// Something that people do, the median of its times, and what it gave.
struct Done {
    what: &'static str,
    time: Duration,
    found: usize,
    most: Duration,
}

/// Sessions and where they are held, as real schedules say.
fn real_sessions(folder: &Path) -> Result<Vec<(Session, Placement)>> {
    let mut all = Vec::new();
    for name in SCHEDULES {
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/");
        let bytes = std::fs::read(data.to_owned() + name)?;
        let (device, _) = Device::open(Config::new(folder.join(name)))?;
        let (event, _) = device.create_event_from_schedule(&bytes)?;
        all.extend(device.board(event)?.into_iter().filter_map(|item| {
            let (session, place) = (item.session.session, item.placement?);
            let session = Session::new(session.title().clone())
                .with_abstract(session.abstract_text().clone())
                .with_tags(session.tags().clone())
                .with_speakers(session.speakers().clone());
            Some((session, place))
        }));
    }
    Ok(all)
}

fn fill(
    home: &Path,
    event: Id,
    real: &[(Session, Placement)],
    numbers: std::ops::Range<usize>,
) -> Result<()> {
    let (device, _) = Device::open(Config::new(home))?;
    for number in numbers {
        let (session, place) = &real[number % real.len()];
        let room = Line::new(&format!("{} {}", place.room, number / real.len() + 1))?;
        let id = device.pitch_session(event, session)?;
        device.place_session(id, Some(&Placement { room, ..place.clone() }))?;
        if number.is_multiple_of(50) {
            device.star(id, true)?;
        }
    }
    device.tidy()?;
    Ok(())
}

fn measure(home: &Path, event: Id, real: &[(Session, Placement)]) -> Result<Vec<Done>> {
    let screen = Duration::from_millis(50);
    let (_, place) = &real[real.len() / 4];
    let now = Millis::new(place.start.get() + 60_000)?;
    let first = median(|| {
        let (device, _) = Device::open(Config::new(home))?;
        let now_next = device.now_next(event, now)?;
        let (people, _) = device.participants(event, None, 50)?;
        Ok(now_next.now.len() + now_next.next.len() + now_next.mine.len() + people.len())
    })?;
    let (device, _) = Device::open(Config::new(home))?;
    let part = |part: Part| Ok(device.board_part(event, &part)?.len());
    let tag = real.iter().find_map(|(session, _)| session.tags().first()).cloned();
    let day: Day = "2023-09-11".parse()?;
    let room: RoomName = Line::new(&format!("{} 1", place.room))?;
    let one = device.board(event)?[FEW / 2].session.id;
    let word = "open source";
    let done = [
        ("opening the app on now, next, mine and the first page of people", first, screen),
        ("all of it", median(|| part(Part::default()))?, screen),
        (
            "one room",
            median(|| part(Part { room: Some(room.clone()), ..Part::default() }))?,
            screen,
        ),
        ("one tag", median(|| part(Part { tag: tag.clone(), ..Part::default() }))?, screen),
        ("one day", median(|| part(Part { day: Some(day), ..Part::default() }))?, screen),
        ("what I starred", median(|| part(Part { starred: true, ..Part::default() }))?, screen),
        ("what is to be settled", median(|| Ok(device.conflicts(event)?.len()))?, screen),
        (
            "one session with its pad and who looks forward to it",
            median(|| {
                let (session, pad) = (device.session(one)?, device.pad(one)?);
                Ok(session.session.tags().len() + pad.authors.len() + device.starred_by(one)?.len())
            })?,
            screen,
        ),
        (
            "the first page of people",
            median(|| Ok(device.participants(event, None, 50)?.0.len()))?,
            screen,
        ),
        ("a search", median(|| Ok(device.search(word, 20)?.len()))?, Duration::from_millis(20)),
    ];
    let done = done.map(|(what, (time, found), most)| Done { what, time, found, most });
    Ok(done.into())
}

/// The median time of 20, and what it gave.
fn median(mut act: impl FnMut() -> Said<usize>) -> Result<(Duration, usize)> {
    let (mut times, mut found) = (Vec::new(), 0);
    for _ in 0..20 {
        let start = Instant::now();
        found = act()?;
        times.push(start.elapsed());
    }
    Ok((Times::of(times).percentile(50), found))
}
