//! What was confided to me by letter: feedback and conduct reports, opened and kept by this device alone.
//!
//! It is of no document and in no space, so no view, search or export can come upon it. Deleting it
//! leaves nothing: the letter itself, which is an entry that others hold too, loses its payload here
//! and does not get it back.

use rusqlite::{OptionalExtension, Row, params};
use teilgeber_entry::letter::Topic;
use teilgeber_entry::{AuthorId, EntryId, PersonId, SpaceId};

use crate::edit::Edit;
use crate::error::Result;
use crate::store::View;

/// A letter that is kept opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confided {
    /// The author key that was made for it alone. Stays when work is added to the letter.
    pub letter: AuthorId,
    /// Its entry.
    pub entry: EntryId,
    /// Its space.
    pub space: SpaceId,
    /// What it is about.
    pub topic: Topic,
    /// Its day, in ms since 1970.
    pub day: u64,
    /// Who signed it.
    pub person: Option<PersonId>,
    /// What it says, as in the letter.
    pub body: Vec<u8>,
}

impl Edit<'_> {
    /// Keeps a letter opened, once.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn confide(&mut self, letter: &Confided) -> Result<()> {
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO confided (letter, entry, space, topic, day, person, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                letter.letter.as_bytes(),
                letter.entry.as_bytes(),
                letter.space.as_bytes(),
                letter.topic.0,
                letter.day,
                letter.person.as_ref().map(PersonId::as_bytes),
                letter.body
            ])?;
        Ok(())
    }

    /// Deletes a letter that was kept opened, and what of it is in the log. Gives it as it was.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn unconfide(&mut self, letter: &AuthorId) -> Result<Option<Confided>> {
        let sql = "DELETE FROM confided WHERE letter = ?1 RETURNING *";
        let gone =
            self.tx.prepare_cached(sql)?.query_row([letter.as_bytes()], confided).optional()?;
        let Some(gone) = gone else { return Ok(None) };
        let entry: Option<i64> = self
            .tx
            .prepare_cached("SELECT num FROM entry WHERE id = ?1")?
            .query_row([gone.entry.as_bytes()], |row| row.get(0))
            .optional()?;
        if let Some(entry) = entry {
            self.let_payload_go(entry)?;
        }
        Ok(Some(gone))
    }
}

impl View<'_> {
    /// What was confided to me about a topic in a space, in no order that says when it came.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn confided(&self, topic: Topic, space: &SpaceId) -> Result<Vec<Confided>> {
        let sql = "SELECT * FROM confided WHERE topic = ?1 AND space = ?2 ORDER BY day, letter";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_map(params![topic.0, space.as_bytes()], confided)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// How many are kept about a topic in a space: all, and of those the ones that `person` signed.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn number_confided(
        &self,
        topic: Topic,
        space: &SpaceId,
        person: Option<&PersonId>,
    ) -> Result<(usize, usize)> {
        let sql = "
            SELECT count(*), count(*) FILTER (WHERE person IS ?3)
            FROM confided WHERE topic = ?1 AND space = ?2";
        let person = person.map(PersonId::as_bytes);
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row(params![topic.0, space.as_bytes(), person], |row| {
            let (all, theirs): (u32, u32) = (row.get(0)?, row.get(1)?);
            Ok((all as usize, theirs as usize))
        })?)
    }
}

fn confided(row: &Row<'_>) -> rusqlite::Result<Confided> {
    Ok(Confided {
        letter: AuthorId::from_bytes(row.get("letter")?),
        entry: EntryId::from_bytes(row.get("entry")?),
        space: SpaceId::from_bytes(row.get("space")?),
        topic: Topic(row.get("topic")?),
        day: row.get("day")?,
        person: row.get::<_, Option<[u8; 32]>>("person")?.map(PersonId::from_bytes),
        body: row.get("body")?,
    })
}
