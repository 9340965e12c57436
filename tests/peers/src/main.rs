//! What a sync costs here and with peers: the same documents, in one run, on one machine.
//!
//! `tests/run peers`, or here `cargo run --release`, measures everything and writes the tables into
//! `docs/performance.md`. With sizes as arguments (`-- 500 10000`) it only prints the tables.
//!
//! | file | holds |
//! |---|---|
//! | `documents` | the documents that all sync, made once and written to files |
//! | `cost` | what is measured of a process: CPU time, memory, whether it is idle |
//! | `wire` | the pipe in memory between two ends: counts bytes, and how often it was waited for the other end |
//! | `plain` | Automerge's sync protocol, one dialogue for each document |
//! | `repo` | samod, the automerge-repo for Rust |
//! | `ours` | two devices of this project |
//! | `page` | the tables |
//!
//! Each measurement is a process of its own, so that no peak of memory hides another.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "prints what it measures")]

mod cost;
#[expect(dead_code, reason = "of its crowds only the sessions sync here")]
#[path = "../../../core/device/examples/figures/crowd.rs"]
mod crowd;
mod documents;
mod ours;
mod page;
mod plain;
mod repo;
mod wire;
#[path = "../../../core/device/examples/figures/words.rs"]
mod words;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cost::{Cost, Meetings};
use documents::Documents;
use page::Row;
use wire::Pace;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Documents of each event that is synced, unless told.
const SIZES: [usize; 1] = [1_000];

/// How often CPU time and memory are measured; the median counts.
const RUNS: usize = 3;

/// The first argument of a process that measures.
const MEASURE: &str = "measure";

/// Whose sync is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Plain,
    Repo,
    Ours,
}

impl Peer {
    const ALL: [(&str, Self); 3] =
        [("plain", Self::Plain), ("repo", Self::Repo), ("ours", Self::Ours)];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, peer)| *peer == self).map_or("", |(name, _)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, peer)| *peer)
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((MEASURE, rest)) = arguments.split_first().map(|(a, b)| (a.as_str(), b)) {
        println!("{}", measure(rest)?.to_line());
        return Ok(());
    }
    let sizes =
        arguments.iter().map(|text| text.parse()).collect::<std::result::Result<Vec<_>, _>>()?;
    let folder = Folder::new()?;
    let before = cost::load()?;
    let mut events = Vec::new();
    for size in if sizes.is_empty() { SIZES.to_vec() } else { sizes.clone() } {
        events.push(of_size(&folder.0, size)?);
    }
    let text = page::text(&events, &before, &cost::load()?);
    println!("{text}");
    match sizes.is_empty() {
        true => page::write(&text),
        false => Ok(()),
    }
}

/// Measures everybody on so many documents.
fn of_size(folder: &Path, size: usize) -> Result<page::Event> {
    let folder = folder.join(size.to_string());
    fs::create_dir(&folder)?;
    let floors = Documents::make(&folder, size)?;
    let mut rows = Vec::new();
    for (name, peer) in Peer::ALL {
        let first = apart(&folder, peer, Pace::Fast)?;
        let meetings = match first {
            Meetings::Stopped { .. } => first,
            Meetings::Ended(_) => {
                let mut runs = vec![first];
                for _ in 1..RUNS {
                    runs.push(apart(&folder, peer, Pace::Fast)?);
                }
                Cost::median(&runs)?.waiting_as(&apart(&folder, peer, Pace::InTurns)?)?
            }
        };
        eprintln!("{size} {name}: {meetings:?}");
        rows.push(Row { peer, meetings });
    }
    Ok(page::Event { size, floors, rows })
}

/// Measures in a process of its own.
fn apart(folder: &Path, peer: Peer, pace: Pace) -> Result<Meetings> {
    let output = Command::new(std::env::current_exe()?)
        .args([MEASURE, peer.name(), pace.name()])
        .arg(folder)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Meetings::from_line(&String::from_utf8(output.stdout)?)
}

/// The process that measures.
fn measure(arguments: &[String]) -> Result<Meetings> {
    let [peer, pace, folder] = arguments else { return Err("measure PEER PACE FOLDER".into()) };
    let folder = PathBuf::from(folder);
    let (peer, pace) = (Peer::named(peer), Pace::named(pace));
    let (peer, pace) = peer.zip(pace).ok_or("which peer, at which pace?")?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let meetings = match peer {
        Peer::Plain => plain::measure(&Documents::read(&folder)?),
        Peer::Repo => runtime.block_on(repo::measure(&Documents::read(&folder)?, pace)),
        Peer::Ours => runtime.block_on(ours::measure(&folder, pace)),
    };
    // What a peer left running has nothing more to say.
    runtime.shutdown_background();
    meetings
}

/// A folder that is gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("teilgeber-peers-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{}: {error}", self.0.display());
        }
    }
}
