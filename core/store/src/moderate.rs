//! What organisers say of others' things: hide, show again, withdraw.
//!
//! Showing again undoes the hides that are known here, by name. So one that was said at the same time
//! elsewhere stands: of a hide and an unhide that did not know of each other the hide wins.

use std::collections::BTreeSet;

use rusqlite::params;
use teilgeber_entry::limits::UNHIDES_MAX;
use teilgeber_entry::statement::Target;
use teilgeber_entry::{DocumentId, EntryId, Noun, SpaceId, Statement};

use crate::edit::Edit;
use crate::error::{Result, StoreError};
use crate::standing::heard;
use crate::store::View;

impl Edit<'_> {
    /// Hides a document: it is neither listed nor found, anywhere where this is heard.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`] to all but organisers.
    pub fn hide(&mut self, space: &SpaceId, document: &DocumentId) -> Result<EntryId> {
        self.must_organise(space)?;
        self.say(space, &Statement::Hide(Target::Document(*document)))
    }

    /// Undoes every hide of a document, or of an entry of it, that is known here.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`] to all but organisers.
    pub fn unhide(&mut self, space: &SpaceId, document: &DocumentId) -> Result<()> {
        self.must_organise(space)?;
        let hides: Vec<EntryId> = self.standing_hides(space, document)?.into_iter().collect();
        for some in hides.chunks(UNHIDES_MAX) {
            self.say(space, &Statement::Unhide(some.to_vec()))?;
        }
        Ok(())
    }

    /// Withdraws a document: its payloads are dropped, anywhere where this is heard, and cannot be
    /// brought back.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`] to all but organisers.
    pub fn withdraw(&mut self, space: &SpaceId, document: &DocumentId) -> Result<EntryId> {
        self.must_organise(space)?;
        self.say(space, &Statement::Withdraw(Target::Document(*document)))
    }

    /// Looks before anything is said, so that who may not leaves no trace of having tried.
    fn must_organise(&mut self, space: &SpaceId) -> Result<()> {
        let space = self.space(space)?.num;
        let sql = "SELECT 1 FROM own_author JOIN author ON author.num = own_author.author
                   WHERE author.space = ?1 AND retired = 0 AND organiser = 1 AND cut IS NULL";
        match self.tx.prepare_cached(sql)?.exists([space])? {
            true => Ok(()),
            false => Err(StoreError::NotAllowed("an organiser")),
        }
    }

    /// The hides of a document that no unhide names yet, rising.
    fn standing_hides(
        &mut self,
        space: &SpaceId,
        document: &DocumentId,
    ) -> Result<BTreeSet<EntryId>> {
        let space = self.space(space)?.num;
        let entries: BTreeSet<EntryId> = self
            .tx
            .prepare_cached(
                "SELECT entry.id FROM document JOIN entry ON entry.document = document.num
                 WHERE document.space = ?1 AND document.id = ?2",
            )?
            .query_map(params![space, document.as_bytes()], |row| {
                row.get(0).map(EntryId::from_bytes)
            })?
            .collect::<rusqlite::Result<_>>()?;
        let heard = heard(&self.tx, space)?;
        let is_about_it = |target: &Target| match target {
            Target::Document(id) => id == document,
            Target::Entry(id) => entries.contains(id),
        };
        let hides = heard.iter().filter_map(|heard| match &heard.statement {
            Some(Statement::Hide(target)) if is_about_it(target) => Some(heard.id),
            _ => None,
        });
        Ok(hides.collect())
    }
}

impl View<'_> {
    /// What organisers have hidden in a space, by kind and id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn hidden(&self, space: &SpaceId) -> Result<Vec<(Noun, DocumentId)>> {
        let mut statement = self.connection().prepare_cached(
            "SELECT noun, id FROM document
             WHERE space = (SELECT num FROM space WHERE id = ?1) AND hidden = 1 AND noun IS NOT NULL
             ORDER BY noun, id",
        )?;
        let found = statement.query_map([space.as_bytes()], |row| {
            Ok((Noun(row.get(0)?), DocumentId::from_bytes(row.get(1)?)))
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }
}
