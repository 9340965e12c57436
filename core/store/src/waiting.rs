//! Letters of mine that wait beside the log until they can leave unseen.
//!
//! An anonymous letter that became an entry at once would go out over a link on which this device
//! shows who it is. So it waits here: on no link but one is it part of the known set, and on that one
//! this device shows nobody. When the other side has it, it becomes an entry of the log like all those
//! that are carried for others, and nothing says any more that it began here.
//!
//! Out of scope: which link that is, and how long it waits (`core/device/src/unseen.rs`).

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::batch;
use teilgeber_entry::{EntryId, Fingerprint, LtHash, Parcel, SpaceId};

use crate::edit::Edit;
use crate::error::{Result, StoreError};
use crate::ingest::{Prepared, prepare_parcels};
use crate::space::Space;
use crate::store::View;

impl Edit<'_> {
    /// Has a letter that was just sealed wait until `due`, in ms since 1970. `counted` says whether
    /// [`View::waiting_letters`] counts it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn hold_back(&mut self, letter: Prepared, due: u64, counted: bool) -> Result<()> {
        let (space, parcels) = letter.into_parcels();
        for parcel in parcels {
            let (bytes, _) = batch::encode(std::slice::from_ref(&parcel), None, usize::MAX);
            self.tx
                .prepare_cached(
                    "INSERT INTO waiting_letter (id, space, due, counted, parcel)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    parcel.envelope.id().as_bytes(),
                    space.as_bytes(),
                    due,
                    counted,
                    bytes
                ])?;
        }
        Ok(())
    }

    /// Drops a letter that waits: it never leaves. `false` where none waits under this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn take_back_letter(&mut self, id: &EntryId) -> Result<bool> {
        let sql = "DELETE FROM waiting_letter WHERE id = ?1";
        Ok(self.tx.prepare_cached(sql)?.execute([id.as_bytes()])? > 0)
    }

    /// Drops the letters of a space that wait and are counted. Says how many.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn take_back_counted(&mut self, space: &SpaceId) -> Result<usize> {
        let sql = "DELETE FROM waiting_letter WHERE space = ?1 AND counted = 1";
        Ok(self.tx.prepare_cached(sql)?.execute([space.as_bytes()])?)
    }

    /// A letter that waited has left: from now on it is an entry of the log.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn let_go(&mut self, id: &EntryId) -> Result<()> {
        let Some((space, parcel)) = waiting(&self.tx, id)? else { return Ok(()) };
        let held = self.space(&space)?;
        let prepared = prepare_parcels(&self.tx, &held, vec![parcel], false)?;
        self.ingest(prepared)?;
        self.take_back_letter(id)?;
        Ok(())
    }

    /// Forgets that letters waited which came back as entries: they left before, and this device was
    /// stopped before it could write that down.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn forget_what_left(&mut self) -> Result<()> {
        let sql = "DELETE FROM waiting_letter WHERE id IN (SELECT id FROM entry)";
        self.tx.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}

impl View<'_> {
    /// The letter that may leave first by `now`, in ms since 1970, and its space. None in a space in
    /// which this device wrote what nobody else is known to have.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn due_letter(&self, now: u64) -> Result<Option<(SpaceId, EntryId)>> {
        let mut statement = self.connection().prepare_cached(include_str!("sql/due_letter.sql"))?;
        let found = statement.query_row([now], |row| {
            Ok((SpaceId::from_bytes(row.get(1)?), EntryId::from_bytes(row.get(0)?)))
        });
        Ok(found.optional()?)
    }

    /// Whether a letter stands here that came back as an entry: see [`Edit::forget_what_left`].
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn has_left(&self) -> Result<bool> {
        let sql = "SELECT 1 FROM waiting_letter JOIN entry USING (id)";
        Ok(self.connection().prepare_cached(sql)?.exists([])?)
    }

    /// How many letters of a space wait, of those that are counted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn waiting_letters(&self, space: &SpaceId) -> Result<u32> {
        let sql = "
            SELECT count(*) FROM waiting_letter
            WHERE space = ?1 AND counted = 1 AND id NOT IN (SELECT id FROM entry)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([space.as_bytes()], |row| row.get(0))?)
    }

    /// Whether a letter waits: it is beside the log, and not in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn is_waiting(&self, id: &EntryId) -> Result<bool> {
        let db = self.connection();
        let is_entry = "SELECT 1 FROM entry WHERE id = ?1";
        Ok(waiting(db, id)?.is_some() && !db.prepare_cached(is_entry)?.exists([id.as_bytes()])?)
    }

    /// The fingerprint of all entries of a space and of a letter that waits.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn fingerprint_with(&self, space: &Space, letter: &EntryId) -> Result<Fingerprint> {
        if !self.is_waiting(letter)? {
            return self.fingerprint(space);
        }
        let sql = "SELECT fingerprint FROM space WHERE num = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let state: Vec<u8> = statement.query_row([space.num], |row| row.get(0))?;
        let mut state = LtHash::from_bytes(&state).ok_or(StoreError::Damaged)?;
        state.add(letter);
        Ok(state.fingerprint())
    }

    /// Time and id of all entries of a space and of a letter that waits.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn items_with(&self, space: &Space, letter: &EntryId) -> Result<Vec<(u64, EntryId)>> {
        let mut items = self.items(space)?;
        if self.is_waiting(letter)?
            && let Some((_, parcel)) = waiting(self.connection(), letter)?
        {
            items.push((parcel.envelope.header().time, *letter));
        }
        items.sort_unstable();
        Ok(items)
    }

    /// Packs a letter that waits, as [`pack`](Self::pack) does entries. Empty if it does not any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn pack_waiting(&self, space: &Space, letter: &EntryId, opened: bool) -> Result<Vec<u8>> {
        let Some((_, parcel)) = waiting(self.connection(), letter)? else { return Ok(Vec::new()) };
        let key = space.key.as_ref().filter(|_| opened);
        Ok(batch::encode(&[parcel], key, usize::MAX).0)
    }
}

fn waiting(db: &Connection, id: &EntryId) -> Result<Option<(SpaceId, Parcel)>> {
    let sql = "SELECT space, parcel FROM waiting_letter WHERE id = ?1";
    let found: Option<([u8; 32], Vec<u8>)> = db
        .prepare_cached(sql)?
        .query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((space, bytes)) = found else { return Ok(None) };
    let space = SpaceId::from_bytes(space);
    let parcel = batch::decode(&bytes, &space, None)?.pop().ok_or(StoreError::Damaged)?;
    Ok(Some((space, parcel)))
}
