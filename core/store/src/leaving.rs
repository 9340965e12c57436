//! What will be erased in a moment. Lists leave it out already; nothing of it is in the log, so nobody
//! else hears of it before.

use rusqlite::params;
use teilgeber_entry::{DocumentId, Noun, SpaceId};

use crate::edit::Edit;
use crate::error::Result;
use crate::store::View;

/// Something that will be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    /// Its noun.
    pub noun: Noun,
    /// Which document.
    pub id: DocumentId,
    /// What it is called by outside: its document's id, or a contact's person.
    pub thing: [u8; 32],
    /// When, in ms since 1970 by this device's clock.
    pub until: u64,
    /// The event, where all of this person's in it goes.
    pub event: Option<SpaceId>,
}

impl Edit<'_> {
    /// Leaves a document out of lists until it is erased. Of one that leaves already the time stays.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn leave(&mut self, space: &SpaceId, leaving: &Leaving) -> Result<()> {
        let until = i64::try_from(leaving.until).unwrap_or(i64::MAX);
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO leaving (id, noun, thing, until, event)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                leaving.id.as_bytes(),
                leaving.noun.0,
                leaving.thing,
                until,
                leaving.event.as_ref().map(SpaceId::as_bytes)
            ])?;
        self.changes.documents.insert((*space, leaving.noun, leaving.id));
        Ok(())
    }

    /// Has a document in lists again. Says whether it was leaving.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn stay(&mut self, space: &SpaceId, noun: Noun, id: &DocumentId) -> Result<bool> {
        let sql = "DELETE FROM leaving WHERE id = ?1";
        let was = self.tx.prepare_cached(sql)?.execute([id.as_bytes()])? > 0;
        if was {
            self.changes.documents.insert((*space, noun, *id));
        }
        Ok(was)
    }

    /// Forgets that a document was leaving: it is erased.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn has_left(&mut self, id: &DocumentId) -> Result<()> {
        let sql = "DELETE FROM leaving WHERE id = ?1";
        self.tx.prepare_cached(sql)?.execute([id.as_bytes()])?;
        Ok(())
    }
}

impl View<'_> {
    /// What is leaving, the next in front.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn leaving(&self) -> Result<Vec<Leaving>> {
        let sql = "SELECT noun, id, thing, until, event FROM leaving ORDER BY until, id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_map([], |row| {
            let until: i64 = row.get(3)?;
            Ok(Leaving {
                noun: Noun(row.get(0)?),
                id: DocumentId::from_bytes(row.get(1)?),
                thing: row.get(2)?,
                until: until.unsigned_abs(),
                event: row.get::<_, Option<[u8; 32]>>(4)?.map(SpaceId::from_bytes),
            })
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }
}
