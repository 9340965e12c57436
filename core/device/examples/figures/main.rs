//! The figures to reach, each measured beside its floor or its peer, in one run that ends with a table.
//!
//! `cargo run --release -p teilgeber-device --example figures [PEOPLE [NOTES [PART]]]`, 10,000 and 100,000
//! unless told; on Linux, whose `/proc` tells CPU time and memory. The parts are `crowd`, `pad`, `frames`,
//! `typing` and `search`, all of them unless one is named.
//!
//! | file | measures |
//! |---|---|
//! | `crowd` | nothing: makes events full of people and sessions |
//! | `process` | the device that receives, in a process of its own, over TCP and Noise: its CPU time from dialling to the goodbye, and its peak memory |
//! | `floor` | what cannot be saved of that work and of those bytes |
//! | `wire` | bytes between the two, the link's handshake and encryption among them; round trips, as the time until the goodbye on a slow wire |
//! | `frames` | codes that follow one another on a screen |
//! | `screens` | the first screen, a pause while typing, a search |
//! | `board` | the board of a congress: now and next, filters, one session, a search |
//! | `pad` | a pause while typing in a pad in which fifty people write |
//!
//! Out of scope: the size of the library, the simulated venue.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "prints its measurements")]

mod board;
mod crowd;
mod floor;
mod frames;
mod pad;
mod process;
mod screens;
mod table;
mod wire;
mod words;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use teilgeber_device::{Config, Device, Server};
use teilgeber_entry::{EntryId, Parcel};
use teilgeber_store::{Options, Store};

use crowd::Founded;
use floor::Floor;
use process::{Used, receive};
use table::{Table, bytes, ms, ratio};
use wire::{Passed, Wire};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How often a first sync is measured; the median counts.
const RUNS: usize = 3;

/// One way on the slow wire: so long that all computing beside it is a small part.
const DELAY: Duration = Duration::from_millis(500);

/// What a phone may use of its memory while it syncs, in bytes.
const MEMORY_MAX: u64 = 96 << 20;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((process::RECEIVE, rest)) = arguments.split_first().map(|(a, b)| (a.as_str(), b)) {
        println!("{}", process::run_receiver(rest)?);
        return Ok(());
    }
    let number = |at: usize, otherwise: usize| {
        arguments.get(at).map_or(Ok(otherwise), |text| text.parse::<usize>())
    };
    let (people, notes) = (number(0, 10_000)?, number(1, 100_000)?);
    let part = arguments.get(2).map_or("", String::as_str);
    if !["", "crowd", "pad", "frames", "typing", "search"].contains(&part) {
        return Err(format!("no part is called {part}").into());
    }
    let wanted = |name| part.is_empty() || part == name;
    let folder = Folder::new()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut table = Table::default();
    let load = load()?;
    if wanted("crowd") {
        runtime.block_on(add_crowd(&mut table, &folder, people))?;
    }
    if wanted("pad") {
        let (typing, others) = (folder.home("typist"), folder.home("others"));
        runtime.block_on(pad::add(&mut table, &typing, &others))?;
    }
    if wanted("frames") {
        frames::add(&mut table)?;
    }
    if wanted("typing") {
        add_pauses(&mut table, &folder.home("typing"))?;
    }
    if wanted("search") {
        add_search(&mut table, &folder.home("search"), notes)?;
    }
    println!("load of the machine before: {load}, after: {}\n", self::load()?);
    print!("{}", table.text());
    Ok(())
}

/// First syncs of events, what it costs to meet again, and the screens of a full device.
async fn add_crowd(table: &mut Table, folder: &Folder, people: usize) -> Result<()> {
    let few = Met::of_profiles(folder, people / 10).await?;
    few.add_first_sync(table, "people", "at most 2", 2.0);
    let many = Met::of_profiles(folder, people).await?;
    many.add_first_sync(table, "people", "at most 2", 2.0);
    let sessions = Met::of_sessions(folder, people).await?;
    sessions.add_first_sync(table, "sessions of 200 authors", "at most 2", 2.0);
    add_memory(table, &many, &sessions);
    add_nothing_new(table, &few, &many).await?;
    add_changed(table, &many).await?;
    add_further(table, &many)?;
    add_first_screen(table, &few, &many)?;
    board::add(table, &many.full, many.founded.event, &folder.home("schedules"))
}

/// Two devices of which the empty one met the full one.
struct Met {
    founded: Founded,
    full: PathBuf,
    received: PathBuf,
    parcels: Vec<Parcel>,
    used: Used,
    floor: Floor,
    bytes: u64,
}

impl Met {
    async fn of_profiles(folder: &Folder, people: usize) -> Result<Self> {
        let full = folder.home(&format!("{people}-people"));
        let founded = crowd::found(&full)?;
        let parcels = crowd::profiles(&founded.key, people)?;
        Self::first_sync(folder, full, founded, parcels).await
    }

    async fn of_sessions(folder: &Folder, sessions: usize) -> Result<Self> {
        let full = folder.home(&format!("{sessions}-sessions"));
        let founded = crowd::found(&full)?;
        let parcels = crowd::sessions(&founded.key, sessions)?;
        Self::first_sync(folder, full, founded, parcels).await
    }

    async fn first_sync(
        folder: &Folder,
        full: PathBuf,
        founded: Founded,
        parcels: Vec<Parcel>,
    ) -> Result<Self> {
        eprintln!("{}", full.display());
        crowd::take_in(&full, &founded.key, &parcels)?;
        let host = Host::open(&full, Duration::ZERO).await?;
        let (mut used, mut floors, mut bytes) = (Vec::new(), Vec::new(), 0);
        let mut received = PathBuf::new();
        for run in 0..RUNS {
            received = folder.beside(&full, &format!("received-{run}"));
            used.push(receive(&received, &founded.code, host.wire.address(), 1)?);
            bytes = host.wire.take().bytes;
            let empty = folder.beside(&full, &format!("floor-{run}"));
            Device::open(Config::new(&empty))?.0.join(&founded.code)?;
            floors.push(floor::of(&founded.key, &parcels, &received, &empty)?);
            eprintln!("{:?}\n{:?} {:?}", used[run], floors[run].sum(), floors[run]);
        }
        host.stop().await;
        used.sort_unstable_by_key(|used| used.cpu);
        floors.sort_unstable_by_key(Floor::sum);
        let (used, floor) = (used[RUNS / 2], floors[RUNS / 2]);
        Ok(Self { founded, full, received, parcels, used, floor, bytes })
    }

    fn add_first_sync(&self, table: &mut Table, what: &str, reach: &str, most: f64) {
        let count = self.parcels.len();
        let Floor { signatures, opening, guard, rows } = self.floor;
        let steps = [("signatures", signatures), ("opening", opening), ("guard", guard)];
        let steps = steps.iter().filter(|(_, time)| *time > Duration::from_millis(2));
        let steps: String = steps.map(|(step, time)| format!("{step} {}, ", ms(*time))).collect();
        let ratio = ratio(self.used.cpu, self.floor.sum());
        table.add(
            &format!("first sync of {count} {what}: CPU of the receiver"),
            format!("{} ({} by the clock)", ms(self.used.cpu), ms(self.used.wall)),
            format!("{} ({steps}rows {})", ms(self.floor.sum()), ms(rows)),
            Some(ratio),
            reach,
            ratio <= most,
        );
        let floor = floor::bytes(&self.parcels).unwrap_or_default() as u64;
        let ratio = self.bytes as f64 / floor as f64;
        table.add(
            "the same: bytes on the wire, both ways",
            bytes(self.bytes),
            bytes(floor),
            Some(ratio),
            "at most 1.25",
            ratio <= 1.25,
        );
    }
}

/// A device that serves, behind a wire.
struct Host {
    server: Server,
    wire: Wire,
}

impl Host {
    async fn open(home: &Path, delay: Duration) -> Result<Self> {
        let (device, _) = Device::open(Config::new(home))?;
        let server = device.serve("127.0.0.1:0".parse()?, |_| {}).await?;
        let wire = Wire::to(server.local_addr(), delay).await?;
        Ok(Self { server, wire })
    }

    async fn stop(self) {
        self.server.stop().await;
    }
}

fn add_memory(table: &mut Table, people: &Met, sessions: &Met) {
    for (what, met) in [("people", people), ("sessions", sessions)] {
        let memory = met.used.memory;
        table.add(
            &format!("peak memory while receiving {} {what}", met.parcels.len()),
            format!("{:.1} MiB", memory as f64 / f64::from(1 << 20)),
            "–".to_owned(),
            None,
            "under 96 MB",
            memory < MEMORY_MAX,
        );
    }
}

async fn add_nothing_new(table: &mut Table, few: &Met, many: &Met) -> Result<()> {
    let mut costs = Vec::new();
    for met in [few, many] {
        let host = Host::open(&met.full, DELAY).await?;
        receive(&met.received, &met.founded.code, host.wire.address(), 1)?;
        let passed = host.wire.take();
        host.stop().await;
        let host = Host::open(&met.full, Duration::ZERO).await?;
        let fast = receive(&met.received, &met.founded.code, host.wire.address(), 50)?;
        host.stop().await;
        costs.push((passed.bytes, round_trips(passed), fast.cpu));
    }
    let &[(bytes_few, trips_few, cpu_few), (bytes_many, trips_many, cpu_many)] = &costs[..] else {
        return Err("two events".into());
    };
    let small = format!("at {}: ", few.parcels.len());
    let count = many.parcels.len();
    table.add(
        &format!("meeting again with nothing new, {count} people: bytes on the wire"),
        bytes(bytes_many),
        format!("{small}{}; Subduction 2.5 MB", bytes(bytes_few)),
        None,
        "at most 800 B",
        bytes_many <= 800,
    );
    table.add(
        "the same: round trips in all",
        format!("{trips_many:.1}"),
        format!("{small}{trips_few:.1}"),
        None,
        "at most 3",
        trips_many < 3.25,
    );
    table.add(
        "the same: CPU of the one that dials",
        ms(cpu_many),
        format!("{small}{}", ms(cpu_few)),
        Some(ratio(cpu_many, cpu_few)),
        "under 5 ms, independent of the size",
        cpu_many < Duration::from_millis(5),
    );
    Ok(())
}

/// Ten of all people publish their profile anew.
async fn add_changed(table: &mut Table, met: &Met) -> Result<()> {
    const CHANGED: usize = 10;
    let numbers = (0..CHANGED).map(|n| n * met.parcels.len() / CHANGED);
    let changed = numbers.map(|number| {
        let before = met.parcels[number].envelope.id();
        crowd::profile(&met.founded.key, number, 2, Some(before))
    });
    let changed = changed.collect::<Result<Vec<_>>>()?;
    crowd::take_in(&met.full, &met.founded.key, &changed)?;
    let host = Host::open(&met.full, DELAY).await?;
    receive(&met.received, &met.founded.code, host.wire.address(), 1)?;
    let passed = host.wire.take();
    host.stop().await;
    let ids: Vec<EntryId> = changed.iter().map(|parcel| parcel.envelope.id()).collect();
    let batch = packed(met, &ids)?;
    let count = met.parcels.len();
    let beyond = passed.bytes - batch;
    table.add(
        &format!("meeting again, {CHANGED} of {count} changed: bytes beyond the entries"),
        bytes(beyond),
        format!("the entries: {}", bytes(batch)),
        None,
        "under 4 kB",
        beyond < 4_000,
    );
    let trips = round_trips(passed);
    table.add(
        "the same: round trips after the link's handshake and hello",
        format!("{:.1} ({trips:.1} in all)", trips - 2.0),
        "–".to_owned(),
        None,
        "at most 3",
        trips - 2.0 < 3.25,
    );
    Ok(())
}

/// What one more entry of a known author is as a batch.
fn add_further(table: &mut Table, met: &Met) -> Result<()> {
    let before = met.parcels[1].envelope.id();
    let further = crowd::profile(&met.founded.key, 1, 2, Some(before))?;
    let further = std::slice::from_ref(&further);
    crowd::take_in(&met.full, &met.founded.key, further)?;
    let measured = packed(met, &[further[0].envelope.id()])?;
    let floor = floor::bytes(further)? as u64;
    let ratio = measured as f64 / floor as f64;
    table.add(
        "a further profile of a known author, alone",
        bytes(measured),
        bytes(floor),
        Some(ratio),
        "at most 1.25",
        ratio <= 1.25,
    );
    Ok(())
}

/// Bytes of a batch of these entries, as the full device packs them for a member.
fn packed(met: &Met, ids: &[EntryId]) -> Result<u64> {
    let (store, _) = Store::open(&met.full, &Options::default())?;
    let (batch, count) = store.read(|view| {
        let space = view.space(&met.founded.key.space())?;
        view.pack(&space, ids, true, 128 * 1024)
    })?;
    match count == ids.len() {
        true => Ok(batch.len() as u64),
        false => Err("the entries are more than one batch".into()),
    }
}

fn add_first_screen(table: &mut Table, few: &Met, many: &Met) -> Result<()> {
    let mut times = Vec::new();
    for met in [few, many] {
        screens::fill_board(&met.received, met.founded.event)?;
        times.push(screens::first_screen(&met.received, met.founded.event)?);
    }
    let (few_time, many_time) = (times[0].percentile(50), times[1].percentile(50));
    table.add(
        &format!("first screen of an event of {} people, 60 sessions", many.parcels.len()),
        format!("{} (slowest of 20: {})", ms(many_time), ms(times[1].percentile(100))),
        format!("at {}: {}", few.parcels.len(), ms(few_time)),
        Some(ratio(many_time, few_time)),
        "under 50 ms, independent of the size",
        many_time < Duration::from_millis(50),
    );
    Ok(())
}

fn add_pauses(table: &mut Table, home: &Path) -> Result<()> {
    let (pauses, disk) = screens::pauses(home)?;
    let both = |percent| (pauses.percentile(percent), disk.percentile(percent));
    for (percent, (pause, disk)) in [(50, both(50)), (99, both(99))] {
        table.add(
            &format!("a pause saved in a note of 100,000 characters, p{percent}"),
            ms(pause),
            format!("the disk's own fsync: {}", ms(disk)),
            Some(ratio(pause, disk)),
            "p99 under 10 ms beyond the disk's",
            pause.saturating_sub(disk) < Duration::from_millis(10),
        );
    }
    Ok(())
}

fn add_search(table: &mut Table, home: &Path, notes: usize) -> Result<()> {
    eprintln!("{}", home.display());
    for (kind, time) in screens::search(home, notes)? {
        table.add(
            &format!("search over {notes} notes: {kind}"),
            ms(time),
            "–".to_owned(),
            None,
            "under 20 ms",
            time < Duration::from_millis(20),
        );
    }
    Ok(())
}

/// Until the device that dialled said goodbye. It comes in halves; what is between them is computing.
fn round_trips(passed: Passed) -> f64 {
    passed.duration().as_secs_f64() / (2.0 * DELAY.as_secs_f64())
}

/// The load averages of the machine.
fn load() -> Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}

/// A folder for homes that goes at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("teilgeber-figures-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn home(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn beside(&self, home: &Path, name: &str) -> PathBuf {
        let whose = home.file_name().unwrap_or_default().to_string_lossy();
        self.home(&format!("{whose}-{name}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}
