//! What is where (rule 2): counted from finished exchanges with devices that showed who they are.

use rusqlite::{Connection, params};
use teilgeber_entry::{AuthorId, DocumentId, EntryId, Fingerprint, SpaceId};

use crate::edit::Edit;
use crate::error::Result;
use crate::known;
use crate::room::Lacking;
use crate::space::Space;

/// Where all of a document is, beside this device. Never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    /// Devices that showed themselves and hold all of it.
    pub devices: u32,
    /// How many of these are hubs.
    pub hubs: u32,
    /// Devices that did not show themselves hold it too: "and others".
    pub others: bool,
}

impl Edit<'_> {
    /// Writes down that a peer knows the same entries of a space, if `fingerprint` is still the one
    /// of what is here, and that it may lack payloads of some. Returns whether it is.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn met(
        &mut self,
        space: &SpaceId,
        peer: Option<&AuthorId>,
        is_hub: bool,
        lacking: &Lacking,
        fingerprint: &Fingerprint,
    ) -> Result<bool> {
        let space = self.space(space)?;
        if known::fingerprint(&self.tx, &space)? != *fingerprint {
            return Ok(false);
        }
        let peer: &[u8] = peer.map_or(&[], |author| author.as_bytes());
        self.tx.prepare_cached(include_str!("sql/met.sql"))?.execute(params![
            space.num,
            peer,
            is_hub,
            i64::try_from(lacking.words).unwrap_or(i64::MAX),
            i64::try_from(lacking.chunks).unwrap_or(i64::MAX),
            lacking.of_others
        ])?;
        Ok(true)
    }
}

/// Where a document is.
pub(crate) fn places(db: &Connection, space: &Space, document: &DocumentId) -> Result<Places> {
    let mut statement = db.prepare_cached(include_str!("sql/places.sql"))?;
    Ok(statement.query_row(params![space.num, document.as_bytes()], |row| {
        Ok(Places { devices: row.get(0)?, hubs: row.get(1)?, others: row.get(2)? })
    })?)
}

/// Where one entry is.
pub(crate) fn places_of_entry(db: &Connection, space: &Space, entry: &EntryId) -> Result<Places> {
    let mut statement = db.prepare_cached(include_str!("sql/places_of_entry.sql"))?;
    Ok(statement.query_row(params![space.num, entry.as_bytes()], |row| {
        Ok(Places { devices: row.get(0)?, hubs: row.get(1)?, others: row.get(2)? })
    })?)
}
