//! What a bundle takes from the log: what somebody may lack, and what is most useful where little fits.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use teilgeber_entry::{EntryId, PersonId, batch};

use crate::error::Result;
use crate::known::{self, Packing};
use crate::space::Space;
use crate::store::View;

/// An entry that is worth a place where little fits. It is of use to those who know what its author
/// said before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Useful {
    /// Whether it is a letter.
    pub is_letter: bool,
    author: i64,
    seq: u32,
}

impl View<'_> {
    /// The entries of a space that a person may lack, in sending order: those that came after the last
    /// finished exchange with a device that showed itself as theirs; all where there was none. Without
    /// a person, all.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn may_lack(&self, space: &Space, person: Option<&PersonId>) -> Result<Vec<EntryId>> {
        let db = self.connection();
        let person = person.map(PersonId::as_bytes);
        let ids = ids(db, include_str!("sql/may_lack.sql"), params![space.num, person])?;
        known::in_sending_order(db, space, &ids)
    }

    /// Whether a person wrote something in a space.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn has_author_of(&self, space: &Space, person: &PersonId) -> Result<bool> {
        let sql = "SELECT 1 FROM author WHERE space = ?1 AND person = ?2";
        let given = params![space.num, person.as_bytes()];
        Ok(self.connection().prepare_cached(sql)?.exists(given)?)
    }

    /// Of these entries those that are chunks of attachments and are here, the newest first.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn chunks_among(&self, space: &Space, entries: &[EntryId]) -> Result<Vec<EntryId>> {
        let sql = "SELECT -time FROM entry WHERE id = ?1 AND space = ?2 AND kind = 3 AND held = 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut chunks: Vec<(i64, EntryId)> = Vec::new();
        for id in entries {
            let mut found = statement.query(params![id.as_bytes(), space.num])?;
            if let Some(row) = found.next()? {
                chunks.push((row.get(0)?, *id));
            }
        }
        chunks.sort_unstable();
        Ok(chunks.into_iter().map(|(_, id)| id).collect())
    }

    /// Packs the first of the given entries for a bundle, as many as fit, and says how many are done
    /// with. No batch where none of them is here. Opened where this device holds the key.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn pack_for_bundle(
        &self,
        space: &Space,
        ids: &[EntryId],
        packing: Packing,
        max_bytes: usize,
    ) -> Result<(Option<Vec<u8>>, usize)> {
        let (parcels, done) = known::parcels(self.connection(), space, ids, packing, max_bytes)?;
        if parcels.is_empty() {
            return Ok((None, ids.len()));
        }
        let (batch, count) = batch::encode_for_bundle(&parcels, space.key.as_ref(), max_bytes);
        Ok((Some(batch), done.past(count, ids.len())))
    }

    /// How many entries of a space wait for what their authors said before.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn waiting(&self, space: &Space) -> Result<u32> {
        let sql = "SELECT count(*) FROM pending WHERE space = ?1";
        Ok(self.connection().prepare_cached(sql)?.query_row([space.num], |row| row.get(0))?)
    }

    /// What is most useful in a space, at most `limit`: letters, then what says where things happen and
    /// what goes, then posts, then the rest but attachments; the newest of each first.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn most_useful(&self, space: &Space, limit: usize) -> Result<Vec<Useful>> {
        let sql = include_str!("sql/most_useful.sql");
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_map(params![space.num, limit], |row| {
            Ok(Useful { is_letter: row.get(0)?, author: row.get(1)?, seq: row.get(2)? })
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// These entries and all that their authors said after them, in sending order: with it, nothing that
    /// is taken along hangs in the air for those who know what came before.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn from_there_on(&self, space: &Space, entries: &[Useful]) -> Result<Vec<EntryId>> {
        let mut first: BTreeMap<i64, u32> = BTreeMap::new();
        for useful in entries {
            let seq = first.entry(useful.author).or_insert(useful.seq);
            *seq = useful.seq.min(*seq);
        }
        let sql = "SELECT id FROM entry WHERE author = ?1 AND seq >= ?2 AND in_line = 1";
        let mut all = Vec::new();
        for (author, seq) in first {
            all.extend(ids(self.connection(), sql, params![author, seq])?);
        }
        known::in_sending_order(self.connection(), space, &all)
    }
}

fn ids(db: &Connection, sql: &str, given: impl rusqlite::Params) -> Result<Vec<EntryId>> {
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_map(given, |row| row.get(0).map(EntryId::from_bytes))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
