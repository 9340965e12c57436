//! What cannot be saved: the least that anybody who receives these entries must do, and the least bytes
//! in which they can travel.
//!
//! CPU: the signatures checked in batches; bindings and payloads opened; Automerge changes guarded; the
//! rows of the log, the view and the search index written by plain SQL, the very rows that the receiver
//! ended with, in as many transactions as it used and through the same connection settings. Not among
//! it: the link's encryption, the dialogue, unpacking, looking anything up.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use teilgeber_entry::content::Body;
use teilgeber_entry::sign::{Claim, verify_all};
use teilgeber_entry::{Binding, Content, Parcel, Payload, SpaceKey, seal};
use teilgeber_store::guard::{Candidate, judge};
use teilgeber_store::{Edit, Options, Store, StoreError, View};

use crate::Result;
use crate::process::Stopwatch;

/// Bytes that do not compress, of an author's first entry: two keys, two signatures, a blind.
const NEW_AUTHOR: usize = 2 * 32 + 2 * 64 + 16;

/// The same of every further entry: a signature and a blind.
const FURTHER: usize = 64 + 16;

/// Entries that an exchange's window of 128 KiB holds, and the receiver commits at once.
const ENTRIES_PER_COMMIT: usize = 400;

/// The CPU time of each step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floor {
    pub(crate) signatures: Duration,
    pub(crate) opening: Duration,
    pub(crate) guard: Duration,
    pub(crate) rows: Duration,
}

impl Floor {
    pub(crate) fn sum(&self) -> Duration {
        self.signatures + self.opening + self.guard + self.rows
    }
}

/// Measures the floor of receiving `parcels`. `received` is the home of a device that did, `empty` one
/// that only joined the event.
pub(crate) fn of(
    key: &SpaceKey,
    parcels: &[Parcel],
    received: &Path,
    empty: &Path,
) -> Result<Floor> {
    let watch = Stopwatch::start()?;
    let bindings = parcels.iter().map(|parcel| binding_of(key, parcel)).collect::<Vec<_>>();
    for parcel in parcels {
        let context = parcel.envelope.header().context();
        let payload = parcel.payload.bytes().ok_or("every payload is here")?;
        black_box(seal::open(key, &context, payload)?);
    }
    let opening = watch.read()?;
    let watch = Stopwatch::start()?;
    let claims = parcels.iter().zip(&bindings).flat_map(claims_of).collect::<Vec<_>>();
    let all_hold = verify_all(&claims).iter().all(|holds| *holds);
    let signatures = watch.read()?;
    if !all_hold {
        return Err("a signature does not hold".into());
    }
    Ok(Floor { signatures, opening, guard: guard(parcels)?, rows: rows(received, empty)? })
}

/// The least bytes in which these entries can travel between members. All of the rest is compressed as
/// one piece, as no exchange with a bounded window could.
pub(crate) fn bytes(parcels: &[Parcel]) -> Result<usize> {
    let new = parcels.iter().filter(|parcel| parcel.envelope.header().seq == 1).count();
    let mut rest = Vec::new();
    for parcel in parcels {
        rest.extend_from_slice(content_of(parcel)?);
    }
    let rest = zstd::bulk::compress(&rest, 3)?.len();
    Ok(new * NEW_AUTHOR + (parcels.len() - new) * FURTHER + rest)
}

fn content_of(parcel: &Parcel) -> Result<&[u8]> {
    match &parcel.payload {
        Payload::Open { content, .. } => Ok(content),
        _ => Err("what was just written is open".into()),
    }
}

fn binding_of(key: &SpaceKey, parcel: &Parcel) -> Option<Binding> {
    let sealed = &parcel.envelope.introduction()?.binding;
    sealed.open(key, &parcel.envelope.header().author).ok().flatten()
}

fn claims_of((parcel, binding): (&Parcel, &Option<Binding>)) -> Vec<Claim> {
    let header = parcel.envelope.header();
    let bound = binding.iter().flat_map(|binding| binding.claims(&header.space, &header.author));
    [parcel.envelope.claim()].into_iter().chain(bound).collect()
}

fn guard(parcels: &[Parcel]) -> Result<Duration> {
    let mut contents = Vec::new();
    for parcel in parcels {
        let header = parcel.envelope.header();
        contents.push((parcel, Content::decode(header.kind, content_of(parcel)?)?));
    }
    let watch = Stopwatch::start()?;
    for (parcel, content) in &contents {
        let Body::Change(bytes) = &content.body else { continue };
        let header = parcel.envelope.header();
        let candidate = Candidate {
            author: *header.author.as_bytes(),
            position: header.seq.into(),
            entry: *parcel.envelope.id().as_bytes(),
            bytes,
        };
        black_box(judge(header.document.as_bytes(), None, &[candidate]));
    }
    watch.read()
}

/// Rows of one table that wait to be written again.
struct Rows {
    count: usize,
    /// The number in each row's first column.
    numbers: Vec<i64>,
    insert: Insert,
}

impl Rows {
    /// How many of its rows are about one of the first `entries` entries, whose numbers begin at 1.
    fn about(&self, entries: usize) -> usize {
        self.numbers
            .partition_point(|number| usize::try_from(*number).is_ok_and(|it| it <= entries))
    }
}

/// Reads all rows of a table, whose columns have these types, to be inserted in the same order.
macro_rules! rows_of {
    ($view:expr, $table:literal, $($column:ty),+) => {
        rows_of!($view, concat!("SELECT * FROM ", $table) => $table, $($column),+)
    };
    ($view:expr, $select:expr => $table:literal, $($column:ty),+) => {{
        let places = [$(stringify!($column)),+].map(|_| "?").join(", ");
        let insert = format!("INSERT OR IGNORE INTO {} VALUES ({places})", $table);
        let mut statement = $view.connection().prepare($select)?;
        let rows = statement.query_map([], |row| <($($column,)+)>::try_from(row))?;
        let rows = rows.collect::<std::result::Result<Vec<_>, _>>()?;
        let count = rows.len();
        // Of entries it is the space's, and not looked at.
        let numbers = rows.iter().map(|row| row.0).collect();
        let mut rows = rows.into_iter();
        let insert = move |edit: &Edit<'_>, upto: usize| {
            let mut statement = edit.connection().prepare_cached(&insert)?;
            while rows.len() > count - upto.min(count) {
                if let Some(row) = rows.next() {
                    statement.execute(row)?;
                }
            }
            Ok(())
        };
        Rows { count, numbers, insert: Box::new(insert) }
    }};
}

/// Inserts the row with this number.
type Insert = Box<dyn FnMut(&Edit<'_>, usize) -> teilgeber_store::Result<()>>;

type Blob = Vec<u8>;

/// Where some of the [`tables`] are among them.
const AUTHORS: usize = 0;
const ENTRIES: usize = 2;
const PAYLOADS: usize = 3;
const INTRODUCTIONS: usize = 4;

/// The tables of an event in an order in which each names only those before it. The triggers of the
/// last one write the search index.
fn tables(view: &View<'_>) -> teilgeber_store::Result<[Rows; 9]> {
    Ok([
        rows_of!(view, "author", i64, i64, Blob, Option<Blob>, i64, Option<i64>),
        rows_of!(view, "document", i64, i64, Blob, Option<i64>, Option<i64>, i64, i64, i64, i64),
        // Without their numbers, which come out the same: a tuple has no place for a seventeenth.
        rows_of!(
            view,
            "SELECT space, id, kind, document, author, seq, prev, time, payload_len, payload_hash,
                    signature, chain_bytes, in_line, verdict, gone, held
             FROM entry ORDER BY num" =>
            "entry (space, id, kind, document, author, seq, prev, time, payload_len, payload_hash,
                    signature, chain_bytes, in_line, verdict, gone, held)",
            i64,
            Blob,
            i64,
            Option<i64>,
            i64,
            i64,
            Blob,
            i64,
            i64,
            Blob,
            Blob,
            i64,
            i64,
            i64,
            i64,
            i64
        ),
        rows_of!(view, "payload", i64, Blob),
        rows_of!(view, "introduction", i64, Blob, Option<Blob>),
        rows_of!(view, "profile", i64, i64, Blob, i64, Blob, String, Blob),
        rows_of!(
            view,
            "session",
            i64,
            i64,
            Blob,
            i64,
            Option<Blob>,
            String,
            Option<String>,
            Option<String>,
            Option<Blob>,
            String
        ),
        rows_of!(view, "tag", i64, String),
        rows_of!(
            view,
            "words",
            i64,
            i64,
            i64,
            Blob,
            i64,
            String,
            String,
            String,
            Option<Blob>,
            Option<Blob>,
            Option<Blob>
        ),
    ])
}

fn rows(received: &Path, empty: &Path) -> Result<Duration> {
    let (source, _) = Store::open(received, &Options::default())?;
    let mut tables = source.read(tables)?;
    drop(source);
    let (store, _) = Store::open(empty, &Options::default())?;
    let commits = tables[ENTRIES].count.div_ceil(ENTRIES_PER_COMMIT);
    let watch = Stopwatch::start()?;
    for commit in 1..=commits {
        let ((), _) = store.write::<_, StoreError>(0, &[commit as u8; 32], |edit| {
            let entries = (commit * tables[ENTRIES].count).div_ceil(commits);
            for (number, table) in tables.iter_mut().enumerate() {
                let upto = match number {
                    // All authors first: whose entries come in which order is the sender's choice.
                    AUTHORS => table.count,
                    // With their entries: not every entry has one.
                    PAYLOADS | INTRODUCTIONS => table.about(entries),
                    _ => (commit * table.count).div_ceil(commits),
                };
                (table.insert)(edit, upto)?;
            }
            Ok(())
        })?;
    }
    watch.read()
}
