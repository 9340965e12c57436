//! What a person waits for: the first screen, a pause while typing, a search.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use teilgeber_device::model::*;
use teilgeber_device::{Config, Device, Splice, TextUnit};
use teilgeber_store::nouns::{NOTE, note};
use teilgeber_store::{Options, Role, Store, StoreError};

use crate::Result;
use crate::crowd::a_session;
use crate::words::{Words, word};

/// Sessions of a large barcamp, two thirds of them on the board.
const SESSIONS: usize = 60;

/// Characters of the long note.
const LONG: usize = 100_000;

/// Pauses measured: enough for the slowest of a hundred to be no accident.
const PAUSES: usize = 500;

/// Measured times, sorted.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time that so many of a hundred do not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        self.0[(self.0.len() * percent / 100).min(self.0.len() - 1)]
    }
}

/// Fills the board of an event.
pub(crate) fn fill_board(home: &Path, event: Id) -> Result<()> {
    let (device, _) = Device::open(Config::new(home))?;
    let mut words = Words::new(60);
    for number in 0..SESSIONS {
        let id = device.pitch_session(event, &a_session(&mut words)?)?;
        if !number.is_multiple_of(3) {
            let start = Millis::new(1_795_248_000_000 + (number as u64 / 6) * 3_600_000)?;
            let room = Line::new(["Attic", "Kitchen", "Yard", "Barn"][number % 4])?;
            let place = Placement { room, start, minutes: Minutes::new(45)? };
            device.place_session(id, Some(&place))?;
        }
    }
    Ok(())
}

/// From nothing to the first screen: opening the home, the board, the first page of people.
pub(crate) fn first_screen(home: &Path, event: Id) -> Result<Times> {
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        let (device, _) = Device::open(Config::new(home))?;
        let board = device.board(event)?;
        let (people, _) = device.participants(event, None, 50)?;
        times.push(start.elapsed());
        if board.len() < SESSIONS || people.len() < 50 {
            return Err("the first screen is not full".into());
        }
    }
    Ok(Times::of(times))
}

/// Pauses while typing in a long note, and beside each of them the disk's own time to make one page of
/// 4 KiB durable in the same folder.
pub(crate) fn pauses(home: &Path) -> Result<(Times, Times)> {
    let (device, _) = Device::open(Config::new(home))?;
    let mut words = Words::new(100);
    let mut text = String::new();
    while text.len() < LONG {
        text.push_str(&words.text(12));
        text.push('\n');
    }
    let id = device.create_note(&Note::new(NoteText::new(text.trim_end())?))?;
    let mut probe = File::create(home.join("probe"))?;
    let (mut pauses, mut disk) = (Vec::new(), Vec::new());
    for _ in 0..PAUSES {
        let insert = words.text(4);
        let splice = Splice { at: words.below(LONG), delete: 0, insert };
        let start = Instant::now();
        device.splice_note(id, TextUnit::Scalars, &[splice])?;
        pauses.push(start.elapsed());
        let start = Instant::now();
        probe.write_all(&[7; 4096])?;
        probe.sync_data()?;
        disk.push(start.elapsed());
    }
    Ok((Times::of(pauses), Times::of(disk)))
}

/// So many notes of some forty words, and then searches of each kind that people do: a word that is
/// everywhere, rare ones, two together, the beginning of one. Gives the slowest of each kind's medians.
pub(crate) fn search(home: &Path, notes: usize) -> Result<Vec<(&'static str, Duration)>> {
    write_notes(home, notes)?;
    let (device, _) = Device::open(Config::new(home))?;
    let common = word(0);
    let kinds = [
        ("the most frequent word", common.clone()),
        ("a frequent word", word(30)),
        ("a rare word", word(5_000)),
        ("two words", format!("{} {}", word(12), word(40))),
        ("the beginning of words", word(30).chars().take(2).collect()),
    ];
    let mut found = Vec::new();
    for (kind, query) in kinds {
        let mut times = Vec::new();
        for _ in 0..9 {
            let start = Instant::now();
            let hits = device.search(&query, 20)?;
            times.push(start.elapsed());
            if hits.is_empty() {
                return Err(format!("nothing is found by {kind}").into());
            }
        }
        found.push((kind, Times::of(times).percentile(50)));
    }
    Ok(found)
}

/// Writes notes through the store, many in one transaction: what is measured comes after them.
fn write_notes(home: &Path, notes: usize) -> Result<()> {
    drop(Device::open(Config::new(home))?);
    let (store, _) = Store::open(home, &Options::default())?;
    let spaces = store.read(|view| view.spaces())?;
    let own = spaces.iter().find(|space| space.role == Role::Own).ok_or("a space of one's own")?;
    let mut words = Words::new(40);
    let mut left = notes;
    while left > 0 {
        let lot = left.min(1_000);
        let texts = (0..lot).map(|_| {
            let length = 20 + words.below(40);
            Ok(Note::new(NoteText::new(&words.text(length))?))
        });
        let texts = texts.collect::<Result<Vec<_>>>()?;
        let seed = *blake3::hash(&left.to_be_bytes()).as_bytes();
        store.write::<_, StoreError>(1_795_248_000_000 + left as u64, &seed, |edit| {
            texts.iter().try_for_each(|new| {
                edit.make_document(&own.id, NOTE, |tx| Ok(note::write(tx, None, new)?)).map(drop)
            })
        })?;
        left -= lot;
    }
    store.checkpoint()?;
    Ok(())
}
