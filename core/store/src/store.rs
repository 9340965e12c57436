//! The store: one writer, readers beside it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::{
    AuthorId, AuthorKey, DocumentId, EntryId, Fingerprint, LetterKey, LetterPublic, Noun, PersonId,
    SpaceId,
};
use teilgeber_model::Photo;

use crate::ahead::try_ahead;
use crate::attachment::{self, Picture};
use crate::documents::{Documents, load_from_log};
use crate::edit::{Changes, Edit};
use crate::error::{Result, StoreError};
use crate::guard::Loaded;
use crate::identity::{Identity, keep, keepsake};
use crate::ingest::{self, Prepared};
use crate::known::{self, Packing};
use crate::open::{self, Opened, Options};
use crate::places::{self, Places};
use crate::published;
use crate::rebuild;
use crate::space::Space;
use crate::state;

/// Connections for reading that are kept: the screens' and a few exchanges'.
const READERS_MAX: usize = 4;

/// A home that is open. Blocking; share it behind an `Arc` and call it off the main thread.
pub struct Store {
    home: PathBuf,
    // Closed before the writer, which takes over what is still in the write-ahead log when it closes last.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Writer>,
    // Held as long as the home is open.
    _lock: File,
}

struct Writer {
    connection: Connection,
    documents: Documents,
}

impl Writer {
    fn write<T, E: From<StoreError>>(
        &mut self,
        now: u64,
        seed: &[u8; 32],
        edit: impl FnOnce(&mut Edit<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<(T, Changes, bool), E> {
        let Self { connection, documents } = self;
        let outcome = Edit::begin(connection, documents, now, seed).map_err(E::from).and_then(
            |mut transaction| {
                let value = edit(&mut transaction)?;
                let (changes, has_lost) = transaction.commit()?;
                Ok((value, changes, has_lost))
            },
        );
        if outcome.is_err() {
            documents.forget_all();
        }
        outcome
    }

    /// Writes lost words again, a document a transaction. What may not be written any more is given
    /// up; any other failure leaves the words for the next time.
    fn rewrite_lost(&mut self, now: u64, seed: &[u8; 32]) -> Result<Changes> {
        let mut changes = Changes::default();
        let (documents, _, _) = self.write(now, seed, |edit| edit.lost_documents())?;
        for (number, (space, document)) in documents.into_iter().enumerate() {
            let seed = derived_seed(seed, number);
            match self.write(now, &seed, |edit| edit.rewrite(space, document)) {
                Ok((_, changed, _)) => changes.add(changed),
                Err(StoreError::NotAllowed(_) | StoreError::Refused(_)) => {
                    self.write(now, &seed, |edit| edit.forget_lost(space, document))?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(changes)
    }
}

/// Another 32 bytes for another transaction.
fn derived_seed(seed: &[u8; 32], number: usize) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("teilgeber 0 randomness of lost words");
    hasher.update(seed).update(&(number as u64).to_be_bytes());
    *hasher.finalize().as_bytes()
}

impl Store {
    /// Opens a home, making it where there is none. A damaged database is set aside, never deleted.
    ///
    /// # Errors
    /// [`StoreError::InUse`], [`ReadOnly`](StoreError::ReadOnly), [`Full`](StoreError::Full),
    /// [`Newer`](StoreError::Newer), [`Foreign`](StoreError::Foreign), or what else the file system
    /// says.
    pub fn open(home: &Path, options: &Options) -> Result<(Self, Opened)> {
        let door = open::open(home, options)?;
        let writer = Writer { connection: door.writer, documents: Documents::default() };
        let store = Self {
            home: home.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            _lock: door.lock,
        };
        store.judge_after_upgrade()?;
        Ok((store, door.opened))
    }

    /// Judges and shows everything again after the first start of a program with a newer schema.
    fn judge_after_upgrade(&self) -> Result<()> {
        let mut writer = self.lock_writer();
        if keepsake(&writer.connection, open::UPGRADED)?.is_none() {
            return Ok(());
        }
        let Writer { connection, documents } = &mut *writer;
        // No entry is written, so there is no time to say and nothing to draw.
        rebuild::rebuild(connection, documents, 0, &[0; 32])?;
        connection.execute("DELETE FROM keepsake WHERE name = ?1", [open::UPGRADED])?;
        Ok(())
    }

    /// Runs one transaction: all of `edit`, or nothing. When this returns, it is on disk. `now` is in
    /// ms since 1970, `seed` 32 random bytes that were never used before.
    ///
    /// # Errors
    /// What `edit` fails with, or the database; then nothing was changed.
    pub fn write<T, E: From<StoreError>>(
        &self,
        now: u64,
        seed: &[u8; 32],
        edit: impl FnOnce(&mut Edit<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<(T, Changes), E> {
        let mut writer = self.lock_writer();
        let outcome = writer.write(now, seed, edit);
        let (value, mut changes, has_lost) = outcome?;
        if has_lost {
            changes.add(writer.rewrite_lost(now, seed)?);
        }
        Ok((value, changes))
    }

    /// Reads. What `read` sees is one state of the database, unaffected by writers beside it.
    ///
    /// # Errors
    /// What `read` fails with, or the database.
    pub fn read<T>(&self, read: impl FnOnce(&View<'_>) -> Result<T>) -> Result<T> {
        let pooled = self.lock_readers().pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => open::reader(&self.home)?,
        };
        let value = {
            let snapshot = connection.unchecked_transaction()?;
            read(&View { db: &snapshot })
        };
        if let Err(StoreError::Damaged) = &value {
            self.mark_damaged()?;
        }
        let mut readers = self.lock_readers();
        if readers.len() < READERS_MAX {
            readers.push(connection);
        }
        value
    }

    /// Unpacks and verifies a batch outside any transaction, ready for [`Edit::ingest`], and tries what it
    /// brings for long texts that are open.
    ///
    /// # Errors
    /// [`StoreError::Decode`] when the bytes are not a batch: the sender's fault.
    pub fn prepare(&self, space: &SpaceId, batch: &[u8], proved: bool) -> Result<Prepared> {
        self.read(|view| {
            let mut prepared = ingest::prepare(view.db, &view.space(space)?, batch, proved)?;
            try_ahead(
                view,
                &mut prepared,
                |document, noun| self.lock_writer().documents.copy_of_long(document, noun),
                |document| self.lock_writer().documents.heads_of(document),
            )?;
            Ok(prepared)
        })
    }

    /// Shows what is behind, saves snapshots, and lets nothing erased linger in the write-ahead log.
    /// For idle moments; harmless at any time.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn tidy(&self, now: u64, seed: &[u8; 32]) -> Result<Changes> {
        let (_, mut changes) = self.write(now, seed, |edit| edit.show_stale())?;
        changes.add(self.lock_writer().rewrite_lost(now, &derived_seed(seed, usize::MAX))?);
        self.checkpoint()?;
        self.shrink_if_worth_it()?;
        Ok(changes)
    }

    /// Moves the write-ahead log into the database and empties it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails. A reader that is busy only delays it.
    pub fn checkpoint(&self) -> Result<()> {
        self.lock_readers().clear();
        let writer = self.lock_writer();
        writer.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Makes every document and view again from the log and says whether they are the same. What is
    /// fading is emptied before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; then nothing was changed.
    pub fn rebuild(&self, now: u64, seed: &[u8; 32]) -> Result<rebuild::Rebuilt> {
        self.empty_faded(now)?;
        let mut writer = self.lock_writer();
        let Writer { connection, documents } = &mut *writer;
        documents.forget_all();
        rebuild::rebuild(connection, documents, now, seed)
    }

    /// Reads the whole file and checks its structure (`PRAGMA integrity_check`).
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it does not hold; then the next opening salvages.
    pub fn check(&self) -> Result<()> {
        // A connection of its own. The full-text index is checked by what a connection remembers of it,
        // and one that searched before others wrote looks for pieces that are gone since, and calls a
        // sound file damaged.
        let sound = open::reader(&self.home).and_then(|connection| {
            let answer: String =
                connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
            if answer == "ok" { Ok(()) } else { Err(StoreError::Damaged) }
        });
        if let Err(StoreError::Damaged) = &sound {
            self.mark_damaged()?;
        }
        sound
    }

    /// The writing connection, outside any transaction.
    pub(crate) fn with_writer<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        act(&self.lock_writer().connection)
    }

    fn mark_damaged(&self) -> Result<()> {
        File::create(open::marker(&self.home.join(open::DATABASE)))?;
        Ok(())
    }

    /// A panic in one edit rolled its transaction back; the connection is sound.
    fn lock_writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(|poisoned| {
            let mut writer = PoisonError::into_inner(poisoned);
            writer.documents.forget_all();
            writer
        })
    }

    fn lock_readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One state of the database, to read from. The nouns' queries take its [`connection`](Self::connection).
pub struct View<'a> {
    db: &'a Connection,
}

/// How much of a space is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Entries, those included of which only the envelope is left.
    pub entries: u64,
    /// Bytes of their payloads.
    pub payload_bytes: u64,
}

impl View<'_> {
    /// For the queries of the [nouns](crate::nouns).
    pub fn connection(&self) -> &Connection {
        self.db
    }

    /// A space.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it is not held.
    pub fn space(&self, id: &SpaceId) -> Result<Space> {
        Space::by_id(self.db, id)?.ok_or(StoreError::Missing("the space"))
    }

    /// All spaces, in the order in which they came.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn spaces(&self) -> Result<Vec<Space>> {
        Space::all(self.db)
    }

    /// Who this device speaks for; `None` before the first start is done.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn identity(&self) -> Result<Option<Identity>> {
        Identity::read(self.db)
    }

    /// A secret or setting by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn keepsake(&self, name: &str) -> Result<Option<Vec<u8>>> {
        keepsake(self.db, name)
    }

    /// The documents in which this person, and nobody else, says something in a space: see
    /// [`Edit::published`].
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn published(&self, space: &Space) -> Result<Vec<(Noun, DocumentId)>> {
        published::of_own_person(self.db, space)
    }

    /// Whether a document was here and nothing of it stands any more, because it was erased or
    /// withdrawn. Not of one that never came.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn is_gone(&self, space: &Space, id: &DocumentId) -> Result<bool> {
        published::is_gone(self.db, space, id)
    }

    /// The number of one of a person's numbered documents, such as a post, that stands: its id follows from
    /// it. `None` of any other document.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn number(&self, space: &Space, id: &DocumentId) -> Result<Option<u32>> {
        published::number(self.db, space, id)
    }

    /// This device's author in a space, if it wrote there.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn own_author(&self, space: &Space) -> Result<Option<AuthorKey>> {
        Ok(self
            .db
            .prepare_cached(include_str!("sql/own_author.sql"))?
            .query_row([space.num], |row| row.get(0).map(AuthorKey::from_bytes))
            .optional()?)
    }

    /// Whether an author of a space is an organiser whose words count.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn is_organiser(&self, space: &Space, author: &AuthorId) -> Result<bool> {
        Ok(space.founder == Some(*author)
            || self
                .db
                .prepare_cached(
                    "SELECT 1 FROM author WHERE space = ?1 AND id = ?2 AND organiser = 1",
                )?
                .exists(params![space.num, author.as_bytes()])?)
    }

    /// Whose author this is in a space, as far as its binding is known.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn person_of(&self, space: &Space, author: &AuthorId) -> Result<Option<PersonId>> {
        let person = self
            .db
            .prepare_cached("SELECT person FROM author WHERE space = ?1 AND id = ?2")?
            .query_row(params![space.num, author.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(person.flatten().map(PersonId::from_bytes))
    }

    /// How much of a space is here.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn held(&self, space: &Space) -> Result<Held> {
        let sql = "SELECT count(*), coalesce(sum(payload_len) FILTER (WHERE held = 1), 0) \
                   FROM entry WHERE space = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([space.num], |row| {
            Ok(Held { entries: row.get(0)?, payload_bytes: row.get(1)? })
        })?)
    }

    /// The secrets that letters may be sealed to: each with its public half.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn letter_keys(&self) -> Result<Vec<(LetterPublic, LetterKey)>> {
        let mut statement =
            self.db.prepare_cached("SELECT public, secret FROM letter_key ORDER BY made DESC")?;
        let rows = statement.query_map([], |row| {
            Ok((LetterPublic::from_bytes(row.get(0)?), LetterKey::from_bytes(row.get(1)?)))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The document as of all entries that count; `None` where none does.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn document(&self, space: &Space, id: &DocumentId) -> Result<Option<Loaded>> {
        let num: Option<i64> = self
            .db
            .prepare_cached("SELECT num FROM document WHERE space = ?1 AND id = ?2")?
            .query_row(params![space.num, id.as_bytes()], |row| row.get(0))
            .optional()?;
        match num {
            Some(num) => load_from_log(self.db, space, num),
            None => Ok(None),
        }
    }

    /// Where all of a document is, beside this device.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn places(&self, space: &Space, document: &DocumentId) -> Result<Places> {
        places::places(self.db, space, document)
    }

    /// Where an entry of no document is, such as a letter, beside this device; nowhere if it is not here.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn places_of_entry(&self, space: &Space, entry: &EntryId) -> Result<Places> {
        places::places_of_entry(self.db, space, entry)
    }

    /// Digests of all that is decided and shown in the given spaces, by table: equal on two devices
    /// that know the same entries. Views that are behind (see [`Store::tidy`]) are not waited for.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn digests(&self, spaces: &[Space]) -> Result<BTreeMap<String, [u8; 32]>> {
        state::digests(self.db, spaces)
    }

    /// A photo's picture, put together of its chunks; `person` is whose photo it is.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn picture(&self, space: &Space, person: &PersonId, photo: &Photo) -> Result<Picture> {
        attachment::picture(self.db, space, person, photo)
    }

    /// How many bytes of a photo's picture are here.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn picture_bytes_here(
        &self,
        space: &Space,
        person: &PersonId,
        photo: &Photo,
    ) -> Result<u32> {
        attachment::bytes_here(self.db, space, person, photo)
    }

    /// The fingerprint of all entries of a space.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn fingerprint(&self, space: &Space) -> Result<Fingerprint> {
        known::fingerprint(self.db, space)
    }

    /// Time and id of all entries of a space, sorted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn items(&self, space: &Space) -> Result<Vec<(u64, EntryId)>> {
        known::items(self.db, space)
    }

    /// The given entries, each author's chain in order and the newest chains first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn in_sending_order(&self, space: &Space, ids: &[EntryId]) -> Result<Vec<EntryId>> {
        known::in_sending_order(self.db, space, ids)
    }

    /// Which of the given entries are known here.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn holds(&self, space: &Space, ids: &[EntryId]) -> Result<Vec<EntryId>> {
        known::holds(self.db, space, ids)
    }

    /// Entries whose payload is neither here nor gone, in the order in which they are asked for: what
    /// people said first, then the chunks of attachments, those of the newest first. After `after`,
    /// at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn wanted(
        &self,
        space: &Space,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<EntryId>> {
        known::wanted(self.db, space, after, limit)
    }

    /// Packs the first of the given entries with all that is here of them, as many as fit, and says
    /// how many are done with. `opened` only for a link on which both sides proved that they hold the
    /// space's key.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn pack(
        &self,
        space: &Space,
        ids: &[EntryId],
        opened: bool,
        max_bytes: usize,
    ) -> Result<(Vec<u8>, usize)> {
        known::pack(self.db, space, ids, Packing::Whole, opened, max_bytes)
    }

    /// As [`pack`](Self::pack), of each entry only what `packing` says.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn pack_as(
        &self,
        space: &Space,
        ids: &[EntryId],
        packing: Packing,
        opened: bool,
        max_bytes: usize,
    ) -> Result<(Vec<u8>, usize)> {
        known::pack(self.db, space, ids, packing, opened, max_bytes)
    }
}

impl Edit<'_> {
    /// Keeps who this device speaks for.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn set_identity(&mut self, identity: &Identity) -> Result<()> {
        identity.write(&self.tx)?;
        self.add_letter_key(&identity.letter, None)
    }

    /// Who this device speaks for.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn identity(&self) -> Result<Option<Identity>> {
        Identity::read(&self.tx)
    }

    /// Keeps a secret or setting by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn keep(&mut self, name: &str, value: &[u8]) -> Result<()> {
        keep(&self.tx, name, value)
    }

    /// A secret or setting by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn keepsake(&self, name: &str) -> Result<Option<Vec<u8>>> {
        keepsake(&self.tx, name)
    }

    /// Forgets a secret or setting, and that there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn forget_kept(&mut self, name: &str) -> Result<()> {
        self.tx.prepare_cached("DELETE FROM keepsake WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    /// Keeps the secret half of a letter key, for good or until a time; drops those whose time is over.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn add_letter_key(&mut self, key: &LetterKey, until: Option<u64>) -> Result<()> {
        self.tx.execute("DELETE FROM letter_key WHERE until < ?1", [self.now])?;
        self.tx.execute(
            "INSERT OR IGNORE INTO letter_key (secret, public, made, until) VALUES (?1, ?2, ?3, ?4)",
            params![key.as_bytes(), key.public().as_bytes(), self.now, until],
        )?;
        Ok(())
    }
}
