//! The tables, and where they stand in `docs/performance.md`.

use std::fs;
use std::time::Duration;

use crate::cost::{Cost, Meetings};
use crate::documents::{CHANGED, Floors};
use crate::{Peer, RUNS, Result};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.md");

/// The tables stand between these lines.
const BEGIN: &str = "<!-- measured: begin -->\n";
const END: &str = "<!-- measured: end -->\n";

/// All that was measured on so many documents.
pub(crate) struct Event {
    pub(crate) size: usize,
    pub(crate) floors: Floors,
    pub(crate) rows: Vec<Row>,
}

/// What was measured of one peer.
pub(crate) struct Row {
    pub(crate) peer: Peer,
    pub(crate) meetings: Meetings,
}

/// The tables in Markdown, with the load of the machine before and after.
pub(crate) fn text(events: &[Event], before: &str, after: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut text = format!(
        "Measured on a machine of {cores} cores, whose load was {before} before and {after} after; medians of \
         {RUNS} runs.\n"
    );
    for event in events {
        let (size, floors) = (thousands(event.size), event.floors);
        text.push_str(&format!("\n### {size} documents\n"));
        let meetings = [
            ("an empty end meets a full one".to_owned(), Some(floors.all)),
            ("again, nothing new".to_owned(), None),
            (format!("again, {CHANGED} changed"), Some(floors.changed)),
        ];
        for (number, (what, floor)) in meetings.iter().enumerate() {
            text.push_str(&table(event, number, what, *floor));
        }
    }
    text
}

/// Puts the tables into the page.
pub(crate) fn write(text: &str) -> Result<()> {
    let page = fs::read_to_string(PAGE)?;
    let (head, rest) = page.split_once(BEGIN).ok_or("the page has no place for the tables")?;
    let (_, tail) = rest.split_once(END).ok_or("the page's place for the tables has no end")?;
    Ok(fs::write(PAGE, format!("{head}{BEGIN}\n{text}\n{END}{tail}"))?)
}

fn table(event: &Event, meeting: usize, what: &str, floor: Option<u64>) -> String {
    let mut text = format!(
        "\n| {what} | bytes | of the floor | CPU of both ends | round trips | peak memory (before) |\n\
         |---|---|---|---|---|---|\n"
    );
    if let Some(floor) = floor {
        text.push_str(&format!("| *floor* | {} | 1 | – | – | – |\n", bytes(floor)));
    }
    for row in &event.rows {
        let name = name(row.peer);
        match &row.meetings {
            Meetings::Ended(costs) => text.push_str(&line(&name, &costs[meeting], floor)),
            Meetings::Stopped { after, came } if meeting == 0 => text.push_str(&format!(
                "| {name} | stopped after {} of CPU: {} documents had come | – | – | – | – |\n",
                time(*after),
                thousands(*came)
            )),
            Meetings::Stopped { .. } => {}
        }
    }
    text
}

fn line(name: &str, cost: &Cost, floor: Option<u64>) -> String {
    let ratio =
        floor.map_or("–".to_owned(), |floor| format!("{:.2}", cost.bytes as f64 / floor as f64));
    format!(
        "| {name} | {} | {ratio} | {} | {} | {} ({}) |\n",
        bytes(cost.bytes),
        time(cost.cpu),
        cost.round_trips(),
        mib(cost.memory),
        mib(cost.memory_before),
    )
}

fn name(peer: Peer) -> String {
    match peer {
        Peer::Plain => format!("Automerge {}, its sync protocol", version("automerge")),
        Peer::Repo => format!("samod {}", version("samod")),
        Peer::Ours => "Teilgeber".to_owned(),
    }
}

/// The version of a crate that this program is built with.
fn version(name: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let entry = lock.split(&format!("name = \"{name}\"\nversion = \"")).nth(1);
    entry.and_then(|entry| entry.split('"').next()).unwrap_or_default()
}

fn bytes(count: u64) -> String {
    match count {
        1_000_000.. => format!("{:.2} MB", count as f64 / 1e6),
        10_000.. => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{count} B"),
    }
}

fn time(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    match ms {
        10_000.0.. => format!("{:.1} s", ms / 1_000.0),
        100.0.. => format!("{ms:.0} ms"),
        _ => format!("{ms:.1} ms"),
    }
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

fn thousands(count: usize) -> String {
    match count {
        1_000.. => format!("{},{:03}", count / 1_000, count % 1_000),
        _ => count.to_string(),
    }
}
