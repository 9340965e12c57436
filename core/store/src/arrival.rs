//! Which letters came to me whose writers are to be told so.
//!
//! Written down in the transaction that reads the letter, and gone in the one that tells: so each is told
//! once, wherever this device is stopped.

use rusqlite::params;
use teilgeber_entry::{AuthorId, LetterPublic, PersonId, SpaceId};

use crate::edit::Edit;
use crate::error::Result;
use crate::store::View;

/// A letter that arrived and whose writer is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwedArrival {
    /// The author key of the letter.
    pub letter: AuthorId,
    /// Its space, in which the answer goes back.
    pub space: SpaceId,
    /// Who wrote it.
    pub person: PersonId,
    /// Where they are answered.
    pub reader: LetterPublic,
}

impl Edit<'_> {
    /// Owes the writer of a letter the word that it arrived, unless `max` are owed already.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn owe_arrival(&mut self, owed: &OwedArrival, max: usize) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO owed_arrival (letter, space, person, reader)
                   SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM owed_arrival) < ?5";
        self.tx.prepare_cached(sql)?.execute(params![
            owed.letter.as_bytes(),
            owed.space.as_bytes(),
            owed.person.as_bytes(),
            owed.reader.as_bytes(),
            max
        ])?;
        Ok(())
    }

    /// Owes it no more.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn owe_no_more(&mut self, letter: &AuthorId) -> Result<bool> {
        let sql = "DELETE FROM owed_arrival WHERE letter = ?1";
        Ok(self.tx.prepare_cached(sql)?.execute([letter.as_bytes()])? > 0)
    }
}

impl View<'_> {
    /// The letters whose writers are to be told that they arrived: those together that one letter can tell.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn owed_arrivals(&self) -> Result<Vec<OwedArrival>> {
        let sql = "SELECT letter, space, person, reader FROM owed_arrival
                   ORDER BY space, person, reader, letter";
        let mut statement = self.connection().prepare_cached(sql)?;
        let owed = statement.query_map([], |row| {
            Ok(OwedArrival {
                letter: AuthorId::from_bytes(row.get(0)?),
                space: SpaceId::from_bytes(row.get(1)?),
                person: PersonId::from_bytes(row.get(2)?),
                reader: LetterPublic::from_bytes(row.get(3)?),
            })
        })?;
        Ok(owed.collect::<rusqlite::Result<_>>()?)
    }
}
