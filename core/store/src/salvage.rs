//! What can be read of a damaged database, taken over into a new one.
//!
//! Nothing is believed: rows are read one by one, past the places that cannot be read; entries go in
//! as if a stranger had sent them, with every signature checked. The device goes on under new authors,
//! because the ends of its own chains may be among what was lost.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::documents::Documents;
use crate::edit::Edit;
use crate::error::Result;
use crate::ingest::prepare_parcels;
use crate::known::parcel;
use crate::open::{Options, create};
use crate::space::Space;

/// What a salvage took over.
pub(crate) struct Taken {
    pub(crate) entries: usize,
    pub(crate) lost: usize,
}

/// Tables that are copied as they are, with how many columns. The log is read entry by entry.
const KEPT: &[(&str, usize)] = &[("keepsake", 2), ("letter_key", 4)];

const SPACES: (&str, usize) = ("space", 8);

/// Makes a database at `to` of what can be read of the one at `from`.
pub(crate) fn salvage(from: &Path, to: &Path, options: &Options) -> Result<Taken> {
    let mut target = create(to, options)?;
    let mut taken = Taken { entries: 0, lost: 0 };
    // Read-write, so that SQLite may play back the log beside the file; nothing is written.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(source) = Connection::open_with_flags(from, flags) else { return Ok(taken) };
    for (table, columns) in KEPT {
        let rows = readable_rows(&source, table, *columns, &mut taken);
        insert_rows(&target, table, *columns, rows)?;
    }
    let spaces = readable_rows(&source, SPACES.0, SPACES.1, &mut taken);
    let mut documents = Documents::default();
    let mut seed = blake3::Hasher::new_derive_key("teilgeber 0 salvage");
    seed.update(&std::process::id().to_be_bytes());
    let mut edit = Edit::begin(&mut target, &mut documents, 0, seed.finalize().as_bytes())?;
    for mut row in spaces {
        // The fingerprint and the count of statements are made again as the entries come in.
        row[6] = Value::Blob(teilgeber_entry::LtHash::empty().to_bytes());
        row[7] = Value::Integer(0);
        insert_row(&edit.tx, SPACES.0, SPACES.1, row)?;
    }
    for space in Space::all(&edit.tx)? {
        take_entries(&source, &mut edit, &space, &mut taken)?;
    }
    edit.commit()?;
    target.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    target.pragma_update(None, "journal_mode", "delete")?;
    Ok(taken)
}

fn take_entries(
    source: &Connection,
    edit: &mut Edit<'_>,
    space: &Space,
    taken: &mut Taken,
) -> Result<()> {
    let Ok(Some(theirs)) = Space::by_id(source, &space.id) else { return Ok(()) };
    let highest: i64 =
        source.query_row("SELECT max(num) FROM entry", [], |row| row.get(0)).unwrap_or(MOST_ROWS);
    let mut batch = Vec::new();
    for num in 1..=highest.min(MOST_ROWS) {
        let id = source.query_row(
            "SELECT id FROM entry WHERE num = ?1 AND space = ?2",
            [num, theirs.num],
            |row| row.get(0).map(teilgeber_entry::EntryId::from_bytes),
        );
        let found = match id {
            Ok(id) => parcel(source, &theirs, &id),
            Err(rusqlite::Error::QueryReturnedNoRows) => continue,
            Err(_) => {
                taken.lost += 1;
                continue;
            }
        };
        match found {
            Ok(Some(parcel)) if intact(&parcel) => batch.push(parcel),
            _ => taken.lost += 1,
        }
        if batch.len() >= teilgeber_entry::sign::BATCH {
            take_batch(edit, space, std::mem::take(&mut batch), taken)?;
        }
    }
    take_batch(edit, space, batch, taken)
}

/// Numbers beyond this are not looked for when the highest cannot be read.
const MOST_ROWS: i64 = 1_000_000;

fn intact(parcel: &teilgeber_entry::Parcel) -> bool {
    let header = parcel.envelope.header();
    parcel.payload.bytes().is_none_or(|bytes| header.names_payload(bytes))
}

fn take_batch(
    edit: &mut Edit<'_>,
    space: &Space,
    batch: Vec<teilgeber_entry::Parcel>,
    taken: &mut Taken,
) -> Result<()> {
    let count = batch.len();
    let prepared = prepare_parcels(&edit.tx, space, batch, false)?;
    let report = edit.ingest(prepared)?;
    taken.entries += report.new.len();
    taken.lost += count - report.new.len() - report.known;
    Ok(())
}

/// Reads a table by its rows, past those that cannot be read.
fn readable_rows(
    source: &Connection,
    table: &str,
    columns: usize,
    taken: &mut Taken,
) -> Vec<Vec<Value>> {
    let read = |row: &rusqlite::Row<'_>| {
        (0..columns).map(|column| row.get(column)).collect::<rusqlite::Result<Vec<Value>>>()
    };
    let mut found = Vec::new();
    let Ok(mut statement) = source.prepare(&format!("SELECT * FROM {table}")) else {
        taken.lost += 1;
        return found;
    };
    let Ok(mut rows) = statement.query([]) else { return found };
    loop {
        match rows.next() {
            Ok(Some(row)) => found.extend(read(row)),
            Ok(None) => return found,
            Err(_) => {
                taken.lost += 1;
                return found;
            }
        }
    }
}

fn insert_rows(db: &Connection, table: &str, columns: usize, rows: Vec<Vec<Value>>) -> Result<()> {
    rows.into_iter().try_for_each(|row| insert_row(db, table, columns, row))
}

fn insert_row(db: &Connection, table: &str, columns: usize, row: Vec<Value>) -> Result<()> {
    let places = vec!["?"; columns].join(", ");
    db.prepare_cached(&format!("INSERT OR IGNORE INTO {table} VALUES ({places})"))?
        .execute(params_from_iter(row))?;
    Ok(())
}
