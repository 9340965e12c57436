//! What people published in a space: what this person did, and whether something is gone again.

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::{DocumentId, Kind, Noun, Origin, SpaceId};

use crate::edit::Edit;
use crate::error::{Result, StoreError};
use crate::identity::Identity;
use crate::row::{Judged, entries_of};
use crate::rules::{Writers, rule};
use crate::space::Space;

impl Edit<'_> {
    /// A number for a new document of a noun of which a person has many: drawn at random, so that
    /// their devices, which may not know of each other, do not draw the same.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn fresh_number(&mut self, space: &SpaceId, noun: Noun) -> Result<u32> {
        let space = self.space(space)?;
        loop {
            let generation = u32::from_be_bytes(self.random());
            let id = self.named(&space, noun, Origin::Singleton { generation })?;
            let sql = "SELECT 1 FROM document WHERE space = ?1 AND id = ?2";
            let params = params![space.num, id.as_bytes()];
            if !self.tx.prepare_cached(sql)?.exists(params)? {
                return Ok(generation);
            }
        }
    }

    /// Puts a whole value into a document of this person's that is here: a numbered one, whose number
    /// the put proves again, because the payload of the one before it goes.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it is not here, [`StoreError::NotAllowed`] when it is somebody
    /// else's; else as [`put`](Self::put).
    pub fn put_again(
        &mut self,
        space: &SpaceId,
        document: &DocumentId,
        value: Vec<u8>,
    ) -> Result<()> {
        self.settle()?;
        let held = self.space(space)?;
        let row = self.document_row(held.num, document)?;
        let standing = standing_origin(&self.tx, &held, row, document)?;
        let (noun, origin) = standing.ok_or(StoreError::Missing("that"))?;
        if self.named(&held, noun, origin)? != *document {
            return Err(StoreError::NotAllowed("the person who wrote it"));
        }
        self.put(space, noun, origin, value)?;
        Ok(())
    }

    /// The documents in which this person, and nobody else, says something in `space`: their card, posts,
    /// offers and the like, as long as anything of them stands. Not what others write too, such as a
    /// session. In the order in which they came.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn published(&mut self, space: &SpaceId) -> Result<Vec<(Noun, DocumentId)>> {
        self.settle()?;
        let space = self.space(space)?;
        of_own_person(&self.tx, &space)
    }

    /// Whether a document was here and nothing of it stands any more: see
    /// [`View::is_gone`](crate::View::is_gone).
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn is_gone(&mut self, space: &SpaceId, id: &DocumentId) -> Result<bool> {
        self.settle()?;
        let space = self.space(space)?;
        is_gone(&self.tx, &space, id)
    }
}

/// The noun and origin that the last standing put of a document proves.
fn standing_origin(
    db: &Connection,
    space: &Space,
    row: i64,
    document: &DocumentId,
) -> Result<Option<(Noun, Origin)>> {
    let mut standing = None;
    for row in entries_of(db, row, 0)? {
        let counts = row.kind == Kind::Put && row.verdict == Judged::Counts;
        if counts && let Some(content) = row.content(db, space, document.as_bytes())? {
            standing = Some((content.noun, content.origin));
        }
    }
    Ok(standing)
}

/// The number of a numbered document that stands; `None` of any other.
pub(crate) fn number(db: &Connection, space: &Space, document: &DocumentId) -> Result<Option<u32>> {
    let sql = "SELECT num FROM document WHERE space = ?1 AND id = ?2";
    let params = params![space.num, document.as_bytes()];
    let row = db.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
    let Some(row) = row else { return Ok(None) };
    Ok(match standing_origin(db, space, row, document)? {
        Some((_, Origin::Singleton { generation })) => Some(generation),
        _ => None,
    })
}

/// The person's documents of which anything stands, in the order in which they came.
pub(crate) fn of_own_person(db: &Connection, space: &Space) -> Result<Vec<(Noun, DocumentId)>> {
    let Some(identity) = Identity::read(db)? else { return Ok(Vec::new()) };
    let mut statement = db.prepare_cached(include_str!("sql/published.sql"))?;
    let params = params![space.num, identity.person.as_bytes()];
    let found = statement.query_map(params, |row| {
        Ok((Noun(row.get(0)?), row.get(1).map(DocumentId::from_bytes)?))
    })?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    found.retain(|(noun, _)| rule(*noun).is_some_and(|rule| rule.writers == Writers::Maker));
    Ok(found)
}

/// Whether a document was here and nothing of it stands any more. Not of one that never came.
pub(crate) fn is_gone(db: &Connection, space: &Space, id: &DocumentId) -> Result<bool> {
    let params = params![space.num, id.as_bytes()];
    Ok(db.prepare_cached(include_str!("sql/is_gone.sql"))?.exists(params)?)
}
