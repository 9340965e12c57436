//! What takes space in the database, and what of it can be cleared and comes back by sync.
//!
//! Only pictures of other people can be cleared: they are most of what an event weighs, and whoever took one
//! never clears it. So the device that took it is the one of which a finished exchange says that it still
//! has it: of any other device that had it one day nobody can tell whether it cleared it meanwhile.
//!
//! A payload that was cleared is not wanted until it is asked for. Nothing else differs from one that never
//! came.

use rusqlite::{Connection, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};

use crate::edit::Edit;
use crate::error::Result;
use crate::identity::Identity;
use crate::nouns::PHOTO_DATA;
use crate::space::Space;
use crate::store::{Store, View};

/// Pictures that are cleared in one transaction.
const CLEARED_AT_ONCE: usize = 4;

/// Pages that are given back in one transaction.
const SHRUNK_AT_ONCE: usize = 512;

/// So much of the file, in parts of it, may be free before [tidying](Store::tidy) gives it back …
const FREE_PART: u64 = 4;
/// … and so many bytes: new entries fill what is free.
const FREE_BYTES: u64 = 4 * 1024 * 1024;

/// What takes space, in bytes.
#[derive(Debug, Clone)]
pub struct Usage {
    /// The database.
    pub total: u64,
    /// What is held of each space.
    pub spaces: Vec<(Space, SpaceUsage)>,
    /// The index in which words are found, and the texts as it shows them.
    pub search: u64,
    /// What is free within it.
    pub free: u64,
}

/// What of a space takes space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpaceUsage {
    /// How many entries are known.
    pub entries: u64,
    /// Bytes of what people said.
    pub words: u64,
    /// Bytes of pictures.
    pub pictures: u64,
    /// Bytes of pictures that can be cleared: those who took them have them.
    pub clearable: u64,
    /// Bytes of other people's pictures that might be nowhere else.
    pub only_here: u64,
}

/// Pictures that were cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleared {
    /// How many.
    pub pictures: u32,
    /// How many bytes they had.
    pub bytes: u64,
}

/// A picture that somebody else took.
struct OfOther {
    document: i64,
    space: i64,
    bytes: u64,
    is_with_its_maker: bool,
}

impl View<'_> {
    /// What takes space. Reads the whole file.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn usage(&self) -> Result<Usage> {
        let db = self.connection();
        let mut spaces: Vec<_> =
            Space::all(db)?.into_iter().map(|space| (space, SpaceUsage::default())).collect();
        let mut statement = db.prepare_cached(include_str!("sql/bytes_of_spaces.sql"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let num: i64 = row.get(0)?;
            if let Some((_, usage)) = spaces.iter_mut().find(|(space, _)| space.num == num) {
                *usage = SpaceUsage {
                    entries: row.get(1)?,
                    words: row.get(2)?,
                    pictures: row.get(3)?,
                    ..SpaceUsage::default()
                };
            }
        }
        for picture in pictures_of_others(db)? {
            let found = spaces.iter_mut().find(|(space, _)| space.num == picture.space);
            if let Some((_, usage)) = found {
                match picture.is_with_its_maker {
                    true => usage.clearable += picture.bytes,
                    false => usage.only_here += picture.bytes,
                }
            }
        }
        let page: u64 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages: u64 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let free: u64 = db.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
        let sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat
                   WHERE aggregate = TRUE AND (name = 'words' OR name LIKE 'search\\_%' ESCAPE '\\')";
        let search: u64 = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(Usage { total: pages * page, spaces, search, free: free * page })
    }

    /// Whether anything of a picture was cleared, or let go of to make room, and not asked for since.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn is_cleared(&self, space: &Space, data: &DocumentId) -> Result<bool> {
        let sql = "SELECT 1 FROM entry WHERE held >= 2 AND gone = 0
                   AND document = (SELECT num FROM document WHERE space = ?1 AND id = ?2)";
        let params = params![space.num, data.as_bytes()];
        Ok(self.connection().prepare_cached(sql)?.exists(params)?)
    }
}

impl Edit<'_> {
    /// Wants a picture again that was cleared, or let go of to make room. Says whether it was.
    ///
    /// # Errors
    /// [`StoreError::Missing`](crate::StoreError::Missing) when the space is not held.
    pub fn want_again(&mut self, space: &SpaceId, data: &DocumentId) -> Result<bool> {
        let space = self.space(space)?;
        let document = self.document_row(space.num, data)?;
        self.ask_for(document)
    }

    /// Clears some pictures of other people.
    fn clear_some(&mut self, only: Option<&SpaceId>, even_if_only_here: bool) -> Result<Cleared> {
        self.settle()?;
        let only = only.map(|space| self.space(space)).transpose()?;
        let mut pictures = pictures_of_others(&self.tx)?;
        pictures.retain(|picture| {
            only.as_ref().is_none_or(|space| space.num == picture.space)
                && (even_if_only_here || picture.is_with_its_maker)
        });
        pictures.truncate(CLEARED_AT_ONCE);
        let mut cleared = Cleared::default();
        for picture in pictures {
            self.tx
                .prepare_cached(
                    "DELETE FROM payload WHERE entry IN (SELECT num FROM entry WHERE document = ?1)",
                )?
                .execute([picture.document])?;
            self.tx
                .prepare_cached("UPDATE entry SET held = 2 WHERE document = ?1 AND held = 1")?
                .execute([picture.document])?;
            let sql = "DELETE FROM asked WHERE document = ?1";
            self.tx.prepare_cached(sql)?.execute([picture.document])?;
            self.judge_anew(picture.document)?;
            cleared.pictures += 1;
            cleared.bytes += picture.bytes;
        }
        Ok(cleared)
    }
}

impl Store {
    /// Clears pictures of other people, in one space or all, of which those who took them were met since, or
    /// any. What people said of them and the small pictures stay. The file gets smaller.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails; what was cleared before stays cleared.
    pub fn clear_pictures(
        &self,
        now: u64,
        only: Option<&SpaceId>,
        even_if_only_here: bool,
    ) -> Result<(Cleared, crate::Changes)> {
        let (mut all, mut changes) = (Cleared::default(), crate::Changes::default());
        loop {
            // Nothing is drawn: no entry is written.
            let clear = |edit: &mut Edit<'_>| edit.clear_some(only, even_if_only_here);
            let (cleared, changed) = self.write(now, &[0; 32], clear)?;
            changes.add(changed);
            all.pictures += cleared.pictures;
            all.bytes += cleared.bytes;
            if cleared.pictures == 0 {
                break;
            }
        }
        self.shrink()?;
        Ok((all, changes))
    }

    /// Gives what is free in the file back to the disk, some pages in a transaction.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn shrink(&self) -> Result<()> {
        loop {
            self.checkpoint()?;
            let is_left = self.with_writer(|db| {
                let mode: i64 = db.pragma_query_value(None, "auto_vacuum", |row| row.get(0))?;
                if mode == 0 {
                    // A file of an early version: once, after which it shrinks in steps.
                    db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")?;
                } else {
                    db.execute_batch(&format!("PRAGMA incremental_vacuum({SHRUNK_AT_ONCE})"))?;
                }
                let free: i64 = db.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
                Ok(free > 0)
            })?;
            if !is_left {
                return self.checkpoint();
            }
        }
    }

    /// As [`shrink`](Self::shrink), where much is free.
    pub(crate) fn shrink_if_worth_it(&self) -> Result<()> {
        let (pages, free, page): (u64, u64, u64) = self.with_writer(|db| {
            let number = |name| db.pragma_query_value(None, name, |row| row.get(0));
            Ok((number("page_count")?, number("freelist_count")?, number("page_size")?))
        })?;
        match free * page > FREE_BYTES && free * FREE_PART > pages {
            true => self.shrink(),
            false => Ok(()),
        }
    }
}

fn pictures_of_others(db: &Connection) -> Result<Vec<OfOther>> {
    let me = Identity::read(db)?.map(|identity| identity.person);
    let mut statement = db.prepare_cached(include_str!("sql/pictures_of_others.sql"))?;
    let params = params![PHOTO_DATA.0, me.as_ref().map(PersonId::as_bytes)];
    let pictures = statement.query_map(params, |row| {
        Ok(OfOther {
            document: row.get(0)?,
            space: row.get(1)?,
            bytes: row.get(2)?,
            is_with_its_maker: row.get(3)?,
        })
    })?;
    Ok(pictures.collect::<rusqlite::Result<_>>()?)
}
