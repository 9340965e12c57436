//! What can be read of a damaged database, taken over into a new one.
//!
//! Nothing is believed. Entries are looked up one by one, past those that cannot be read, and go in as
//! if a stranger had sent them, with every signature checked. Keys and settings are read from both ends
//! of their tables, up to the damage. The device goes on under new authors,
//! because the ends of its own chains may be among what was lost.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, params_from_iter};

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
const KEPT: &[(&str, usize)] = &[
    ("keepsake", 2),
    ("letter_key", 4),
    ("leaving", 5),
    ("waiting_letter", 5),
    ("confided", 7),
    ("sent_letter", 10),
    ("owed_arrival", 4),
];

const SPACES: (&str, usize) = ("space", 9);

const RETENTION: (&str, usize) = ("retention", 7);

/// Makes a database at `to` of what can be read of the one at `from`.
pub(crate) fn salvage(from: &Path, to: &Path, options: &Options) -> Result<Taken> {
    let mut target = create(to, options)?;
    let mut taken = Taken { entries: 0, lost: 0 };
    // Read-write, so that SQLite may play back the log beside the file; nothing is written.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(source) = Connection::open_with_flags(from, flags) else { return Ok(taken) };
    for (table, columns) in KEPT {
        let rows = readable_rows(&source, table, *columns, &mut taken);
        insert_rows(&target, table, *columns, rows, &mut taken)?;
    }
    let spaces = readable_rows(&source, SPACES.0, SPACES.1, &mut taken);
    let mut documents = Documents::default();
    let mut seed = blake3::Hasher::new_derive_key("teilgeber 0 salvage");
    seed.update(&std::process::id().to_be_bytes());
    let mut edit = Edit::begin(&mut target, &mut documents, 0, seed.finalize().as_bytes())?;
    let spaces = spaces.into_iter().map(|mut row| {
        // The fingerprint and the count of statements are made again as the entries come in.
        row[7] = Value::Blob(teilgeber_entry::LtHash::empty().to_bytes());
        row[8] = Value::Integer(0);
        row
    });
    insert_rows(&edit.tx, SPACES.0, SPACES.1, spaces.collect(), &mut taken)?;
    for space in Space::all(&edit.tx)? {
        edit.restless.insert(space.num);
        take_entries(&source, &mut edit, &space, &mut taken)?;
        edit.forget_space(space.num);
    }
    // Last, because nothing is taken into what has faded.
    let retention = readable_rows(&source, RETENTION.0, RETENTION.1, &mut taken);
    insert_rows(&edit.tx, RETENTION.0, RETENTION.1, retention, &mut taken)?;
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

/// Reads a table from both ends, up to what cannot be read. A row in between may come twice.
fn readable_rows(
    source: &Connection,
    table: &str,
    columns: usize,
    taken: &mut Taken,
) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    for direction in ["ASC", "DESC"] {
        let sql = format!("SELECT * FROM {table} ORDER BY 1 {direction}");
        match read_while_readable(source, &sql, columns, &mut found) {
            Ok(()) => return found,
            Err(_) => taken.lost += 1,
        }
    }
    found
}

fn read_while_readable(
    source: &Connection,
    sql: &str,
    columns: usize,
    found: &mut Vec<Vec<Value>>,
) -> rusqlite::Result<()> {
    let mut statement = source.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.push((0..columns).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?);
    }
    Ok(())
}

/// Takes rows over as they are. One that does not fit its table was damaged, and is lost.
fn insert_rows(
    db: &Connection,
    table: &str,
    columns: usize,
    rows: Vec<Vec<Value>>,
    taken: &mut Taken,
) -> Result<()> {
    let places = vec!["?"; columns].join(", ");
    let mut insert = db.prepare(&format!("INSERT OR IGNORE INTO {table} VALUES ({places})"))?;
    for row in rows {
        match insert.execute(params_from_iter(row)) {
            Ok(_) => {}
            Err(error) if is_of_the_row(&error) => taken.lost += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn is_of_the_row(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch)
    )
}
