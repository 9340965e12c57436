//! A home that is not as it should be: its own clear error or a salvage, never a panic or a deletion.

use std::fs;
use std::path::{Path, PathBuf};

use teilgeber_store::nouns::note;
use teilgeber_store::{DATABASE, Opened, Options, Store, StoreError};

use crate::world::{Folder, Phone, founded, own_space};

fn database(folder: &Folder) -> PathBuf {
    folder.0.join(DATABASE)
}

/// A home with some notes, closed.
fn home_with_notes() -> Folder {
    let mut phone = Phone::bare(1).with_identity(1);
    let own = own_space(1).space();
    for number in 0..60 {
        phone.note(&own, &format!("Note {number} {}", "words ".repeat(40)));
    }
    phone.store.checkpoint().unwrap();
    let Phone { store, folder, .. } = phone;
    drop(store);
    folder
}

fn open(folder: &Folder) -> Result<Opened, StoreError> {
    Store::open(&folder.0, &Options::default()).map(|(_, opened)| opened)
}

#[test]
fn a_second_program_is_told_that_the_home_is_in_use() {
    let phone = Phone::bare(1);
    assert!(matches!(open(&phone.folder), Err(StoreError::InUse)));
}

#[test]
fn a_database_of_a_later_version_is_left_alone() {
    let folder = home_with_notes();
    let db = rusqlite::Connection::open(database(&folder)).unwrap();
    db.pragma_update(None, "user_version", teilgeber_store::SCHEMA + 1).unwrap();
    drop(db);
    let before = fs::read(database(&folder)).unwrap();

    let refused = open(&folder);

    assert!(matches!(refused, Err(StoreError::Newer { found, known }) if found == known + 1));
    assert_eq!(fs::read(database(&folder)).unwrap(), before);
}

#[test]
fn a_foreign_file_is_left_alone() {
    let folder = Folder::new();
    fs::write(database(&folder), b"Dear diary, this is no database at all.").unwrap();
    assert!(matches!(open(&folder), Err(StoreError::Foreign(_))));

    let folder = Folder::new();
    let db = rusqlite::Connection::open(database(&folder)).unwrap();
    db.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    drop(db);
    assert!(matches!(open(&folder), Err(StoreError::Foreign(_))));
    assert!(
        rusqlite::Connection::open(database(&folder))
            .unwrap()
            .prepare("SELECT name FROM recipes")
            .is_ok()
    );
}

#[test]
fn a_truncated_database_is_set_aside_and_what_is_left_is_read() {
    let folder = home_with_notes();
    let whole = fs::read(database(&folder)).unwrap();
    for part in [10, 100, 4_096, whole.len() / 2, whole.len() - 4_096] {
        let cut = Folder::new();
        fs::write(database(&cut), &whole[..part]).unwrap();
        fs::write(cut.0.join("teilgeber.db-wal"), b"").unwrap();

        let opened = open(&cut).unwrap();

        let Opened::Salvaged { aside, .. } = opened else { panic!("{opened:?} at {part}") };
        assert_eq!(fs::read(aside).unwrap().len(), part, "the damaged file is kept");
        assert_eq!(open(&cut).unwrap(), Opened::Existing);
    }
}

#[test]
fn flipped_bits_never_panic_and_never_lose_what_can_be_read() {
    let folder = home_with_notes();
    let whole = fs::read(database(&folder)).unwrap();
    let pages = whole.len() / 4_096;
    let mut salvaged = 0;
    for page in 0..pages.min(120) {
        let hurt = Folder::new();
        let mut bytes = whole.clone();
        bytes[page * 4_096..page * 4_096 + 64].iter_mut().for_each(|byte| *byte ^= 0xa5);
        fs::write(database(&hurt), &bytes).unwrap();
        let opened = Store::open(&hurt.0, &Options::default());
        let checked = match opened {
            Ok((store, Opened::Salvaged { entries, .. })) => {
                salvaged += 1;
                let _ = entries;
                store.check()
            }
            Ok((store, _)) => store.check(),
            Err(error) => Err(error),
        };
        match checked {
            Ok(()) => {}
            // Found when it was looked at: the next opening salvages.
            Err(StoreError::Damaged) => {
                let (store, opened) = Store::open(&hurt.0, &Options::default()).unwrap();
                let Opened::Salvaged { entries, .. } = opened else { panic!("{opened:?}") };
                salvaged += usize::from(entries > 0);
                store.check().unwrap();
            }
            Err(StoreError::Foreign(_)) if page == 0 => {}
            Err(other) => panic!("page {page}: {other}"),
        }
    }
    assert!(salvaged > pages / 4, "{salvaged} of {pages}");
}

#[test]
fn a_salvage_keeps_the_identity_and_goes_on_under_new_authors() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    ada.pitch(&space, "Bees");
    let before = ada.author(&space);
    ada.store.checkpoint().unwrap();
    let Phone { store, folder, .. } = ada;
    drop(store);
    fs::write(folder.0.join("teilgeber.damaged"), b"").unwrap();

    let (store, opened) = Store::open(&folder.0, &Options::default()).unwrap();
    assert!(matches!(opened, Opened::Salvaged { lost: 0, entries: 2, .. }), "{opened:?}");
    drop(store);

    let mut ada = Phone::reopened(folder, 8);
    assert_eq!(ada.titles(&space), ["Bees"]);
    assert_ne!(ada.author(&space), before);
    assert!(ada.store.read(|view| view.identity()).unwrap().is_some());
    assert!(ada.rebuild().is_empty());
}

#[test]
fn a_full_disk_loses_nothing_that_was_saved() {
    let folder = Folder::new();
    let options = Options { max_pages: Some(260) };
    let (store, _) = Store::open(&folder.0, &options).unwrap();
    let mut phone = Phone::with_store(store, folder, 1).with_identity(1);
    let own = own_space(1).space();
    let mut saved = 0;
    let full = loop {
        let text = format!("Note {saved} {}", "and more words ".repeat(200));
        match phone.try_note(&own, &text) {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
        assert!(saved < 10_000, "the bound was never met");
    };
    assert!(matches!(full, StoreError::Full), "{full}");

    let Phone { store, folder, .. } = phone;
    drop(store);
    let phone = Phone::reopened(folder, 2);
    phone.store.check().unwrap();
    let notes = phone.store.read(|view| {
        let sql = "SELECT count(*) FROM note";
        Ok(view.connection().query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(notes.unwrap(), saved);
}

#[test]
fn a_folder_that_cannot_be_written_says_so() {
    // A file where a folder should be: not writable for anyone, whoever runs the test.
    let folder = Folder::new();
    let file = folder.0.join("file");
    fs::write(&file, b"").unwrap();
    let refused = Store::open(&file.join("home"), &Options::default());
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{:?}", refused.err());
}

#[test]
fn every_schema_opens() {
    // Each fixture was made by the program of its version, by `make_fixture`. A released one is never
    // made again.
    let fixture =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")).join("schema-1.db");
    if std::env::var_os("TEILGEBER_MAKE_FIXTURE").is_some() {
        make_fixture(&fixture);
    }
    let folder = Folder::new();
    fs::copy(fixture, database(&folder)).unwrap();

    let mut phone = Phone::reopened(folder, 2);

    let own = own_space(1).space();
    let titles = phone.store.read(|view| {
        let notes = note::list(view.connection(), &note::Filter::default(), None, 10)?;
        Ok(notes
            .iter()
            .filter_map(|note| Some(note.title.as_ref()?.to_string()))
            .collect::<Vec<_>>())
    });
    assert_eq!(titles.unwrap(), ["A note of schema 1"]);
    phone.note(&own, "A later one");
    phone.store.check().unwrap();
    assert!(phone.rebuild().is_empty());
}

fn make_fixture(path: &Path) {
    let mut phone = Phone::bare(1).with_identity(1);
    phone.note(&own_space(1).space(), "A note of schema 1");
    phone.store.checkpoint().unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::copy(database(&phone.folder), path).unwrap();
}
