//! The one door to a home: locks it, opens or makes the database, migrates it, salvages a damaged one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError};
use crate::salvage;

/// The database's name in its home.
pub const DATABASE: &str = "teilgeber.db";

/// Marks our files among SQLite databases: "TLGB".
const APPLICATION_ID: i32 = 0x544C_4742;

/// The versions of the schema: the files that bring the version before up to each.
pub(crate) const MIGRATIONS: &[&[&str]] = &[
    &[include_str!("sql/log.sql"), include_str!("sql/views.sql")],
    // What people do at a barcamp: a file for each noun.
    &[
        include_str!("sql/search.sql"),
        include_str!("sql/post.sql"),
        include_str!("sql/offer.sql"),
        include_str!("sql/seat_request.sql"),
        include_str!("sql/topic.sql"),
        include_str!("sql/stars.sql"),
        include_str!("sql/pad.sql"),
        include_str!("sql/photo.sql"),
        include_str!("sql/photo_data.sql"),
        include_str!("sql/starred.sql"),
        include_str!("sql/anchor.sql"),
        include_str!("sql/muted.sql"),
        include_str!("sql/leaving.sql"),
        include_str!("sql/lent.sql"),
        include_str!("sql/message.sql"),
        include_str!("sql/waiting_letter.sql"),
        include_str!("sql/confided.sql"),
        include_str!("sql/sent_letter.sql"),
        include_str!("sql/retention.sql"),
        include_str!("sql/board.sql"),
        include_str!("sql/room.sql"),
    ],
];

/// The latest schema that this program knows.
pub const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Kept from an upgrade of the schema until everything was judged by the new program: what was only
/// carried may have a noun now.
pub(crate) const UPGRADED: &str = "upgraded";

/// How long a reader or writer waits for the other, in ms: longer than any transaction takes.
const BUSY_MS: u64 = 5_000;

/// A home that was just closed may still be locked for some milliseconds: a process that is being
/// started holds a copy of everything that its parent had open. So the lock is tried this often …
const LOCK_ATTEMPTS: u32 = 20;
/// … with this pause.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// How a home is opened.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Bounds the database, in pages of 4 KiB; `None`: by the disk alone.
    pub max_pages: Option<u32>,
}

/// What opening found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A new home was made.
    New,
    /// An existing one was opened.
    Existing,
    /// The database was damaged. It was set aside under this name, and what could be read was taken
    /// over; the rest comes back by sync.
    Salvaged {
        /// Where the damaged file is now.
        aside: PathBuf,
        /// Entries that were taken over.
        entries: usize,
        /// Entries or rows that could not be read or did not verify.
        lost: usize,
    },
}

/// A home that is locked, and its writing connection.
pub(crate) struct Door {
    pub(crate) writer: Connection,
    pub(crate) lock: File,
    pub(crate) opened: Opened,
}

/// Opens a home, making it where there is none.
///
/// # Errors
/// [`StoreError`] named by what to do; nothing in the home was changed then.
pub(crate) fn open(home: &Path, options: &Options) -> Result<Door> {
    fs::create_dir_all(home).map_err(|error| in_home(error, home))?;
    let lock = lock(home)?;
    let path = home.join(DATABASE);
    let opened = match Condition::of(&path, home)? {
        Condition::Absent => Opened::New,
        Condition::Foreign => return Err(StoreError::Foreign(path)),
        Condition::Plausible => match connect(&path, options).and_then(|db| ready(&db, &path)) {
            Ok(()) => Opened::Existing,
            Err(StoreError::Damaged) => salvage_home(home, &path, options)?,
            Err(error) => return Err(readable(error, home)),
        },
        Condition::Damaged => salvage_home(home, &path, options)?,
    };
    let writer = connect(&path, options)?;
    ready(&writer, &path).map_err(|error| readable(error, home))?;
    Ok(Door { writer, lock, opened })
}

/// A connection that only reads, beside the writer.
pub(crate) fn reader(home: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(home.join(DATABASE), flags)?;
    db.busy_timeout(Duration::from_millis(BUSY_MS))?;
    db.set_prepared_statement_cache_capacity(128);
    keep_plans(&db)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

/// A database with the latest schema in a file that was not there before.
pub(crate) fn create(path: &Path, options: &Options) -> Result<Connection> {
    let db = connect(path, options)?;
    ready(&db, path)?;
    Ok(db)
}

fn connect(path: &Path, options: &Options) -> Result<Connection> {
    let mut opening = OpenOptions::new();
    opening.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut opening, 0o600);
    let file = opening.open(path).map_err(|error| in_home(error, path))?;
    let is_new = file.metadata()?.len() == 0;
    drop(file);
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_millis(BUSY_MS))?;
    db.set_prepared_statement_cache_capacity(256);
    keep_plans(&db)?;
    // What is cleared is given back to the disk in steps. Only of a new file, for it writes to any.
    if is_new {
        db.pragma_update(None, "auto_vacuum", "incremental")?;
    }
    db.pragma_update(None, "journal_mode", "wal")?;
    // What was reported saved survives a power cut, not only a crash of the program.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // What is erased leaves no trace in free pages.
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "cache_size", -8_000)?;
    if let Some(pages) = options.max_pages {
        db.pragma_update(None, "max_page_count", pages)?;
    }
    Ok(db)
}

/// Lets a plan depend on its statement alone. Else SQLite plans some of them anew for each value that is
/// bound, which takes longer than what they do.
fn keep_plans(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// Checks what the file is and brings its schema up to the latest, in one transaction.
fn ready(db: &Connection, path: &Path) -> Result<()> {
    let application: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (tables > 0 || found > 0) {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    if found > SCHEMA {
        return Err(StoreError::Newer { found, known: SCHEMA });
    }
    if found < SCHEMA {
        let tx = db.unchecked_transaction()?;
        for file in MIGRATIONS[found as usize..].concat() {
            tx.execute_batch(file)?;
        }
        if found > 0 {
            tx.execute(
                "INSERT OR IGNORE INTO keepsake (name, value) VALUES (?1, x'')",
                [UPGRADED],
            )?;
        }
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", SCHEMA)?;
        tx.commit()?;
    }
    // A damaged root page of any table shows here, in time that does not grow with the tables.
    let tables = ["space", "author", "document", "entry", "payload", "keepsake", "words"];
    for table in tables {
        db.prepare(&format!("SELECT 1 FROM {table} LIMIT 1"))?.exists([])?;
    }
    Ok(())
}

/// What the file looks like before SQLite opens it, which might repair or create it.
enum Condition {
    Absent,
    Foreign,
    Damaged,
    Plausible,
}

impl Condition {
    fn of(path: &Path, home: &Path) -> Result<Self> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::Absent),
            Err(error) => return Err(in_home(error, home)),
        };
        let len = file.metadata()?.len();
        if len == 0 {
            return Ok(Self::Absent);
        }
        if marker(path).exists() {
            return Ok(Self::Damaged);
        }
        let mut header = [0; 100];
        let read = read_up_to(&mut file, &mut header)?;
        if &header[..16] != b"SQLite format 3\0" {
            // Ours with a broken header, or somebody else's file: only ours has a log beside it.
            let ours =
                aside_of(path, "db-wal").exists() || header[68..72] == APPLICATION_ID.to_be_bytes();
            return Ok(if ours { Self::Damaged } else { Self::Foreign });
        }
        let page = match u16::from_be_bytes([header[16], header[17]]) {
            1 => 65_536,
            size => u64::from(size),
        };
        let whole = page >= 512 && len.is_multiple_of(page);
        let pages = u64::from(u32::from_be_bytes([header[28], header[29], header[30], header[31]]));
        // A shorter file than its header says was cut, unless the rest is still in the log.
        let cut = pages.saturating_mul(page) > len && !aside_of(path, "db-wal").exists();
        Ok(if read < 100 || !whole || cut { Self::Damaged } else { Self::Plausible })
    }
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> Result<usize> {
    file.seek(SeekFrom::Start(0))?;
    let mut read = 0;
    while read < buffer.len() {
        match file.read(&mut buffer[read..])? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}

/// Left behind when a query meets damage while the app runs: the next opening salvages.
pub(crate) fn marker(database: &Path) -> PathBuf {
    aside_of(database, "damaged")
}

fn aside_of(path: &Path, extension: &str) -> PathBuf {
    path.with_extension(extension)
}

fn salvage_home(home: &Path, path: &Path, options: &Options) -> Result<Opened> {
    let number = (1..)
        .find(|number| !home.join(format!("teilgeber-damaged-{number}.db")).exists())
        .unwrap_or(1);
    let aside = home.join(format!("teilgeber-damaged-{number}.db"));
    for extension in ["db", "db-wal", "db-shm"] {
        let from = aside_of(path, extension);
        if from.exists() {
            fs::rename(&from, aside_of(&aside, extension)).map_err(|error| in_home(error, home))?;
        }
    }
    let making = home.join("teilgeber-salvage.db");
    for extension in ["db", "db-wal", "db-shm"] {
        match fs::remove_file(aside_of(&making, extension)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let taken = salvage::salvage(&aside, &making, options)?;
    fs::rename(&making, path).map_err(|error| in_home(error, home))?;
    match fs::remove_file(marker(path)) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(Opened::Salvaged { aside, entries: taken.entries, lost: taken.lost })
}

fn lock(home: &Path) -> Result<File> {
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(home.join("lock"))
        .map_err(|error| in_home(error, home))?;
    for attempt in 1.. {
        match lock.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if attempt < LOCK_ATTEMPTS => sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
    Ok(lock)
}

fn in_home(error: std::io::Error, home: &Path) -> StoreError {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory => {
            StoreError::ReadOnly(home.to_owned())
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Io(error),
    }
}

fn readable(error: StoreError, home: &Path) -> StoreError {
    match error {
        StoreError::ReadOnly(_) => StoreError::ReadOnly(home.to_owned()),
        other => other,
    }
}
