//! Letters of mine that travel, kept until their reader's device says that they arrived.
//!
//! A space keeps only so many letters, those with the most work. So the sealed letter and the author key
//! that was made for it stay here: one that its space dropped can be signed again with more work. Both go
//! when it has arrived, or when it is given up. What stays of a letter that its writer may ask for is
//! whether it arrived.
//!
//! A letter is called by its author key, which stays when its work and with that its entry changes.
//!
//! Out of scope: which letters are sent this way, how much work and how long (`core/device/src/sent.rs`).

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::limits::LETTERS_MAX;
use teilgeber_entry::{AuthorId, AuthorKey, EntryId, Parcel, PersonId, SpaceId, batch};

use crate::edit::Edit;
use crate::error::{Result, StoreError};
use crate::ingest::{Prepared, prepare_parcels};
use crate::store::View;

/// What is to be known of a letter that is sent.
#[derive(Debug)]
pub struct Sending<'a> {
    /// The author key that was made for it; `None` if it is to get no more work.
    pub key: Option<&'a AuthorKey>,
    /// Who may say that it arrived.
    pub reader: &'a PersonId,
    /// What [`View::sent_letter`] asks for it by: all copies of one letter by the same. `None` where nobody
    /// will ask.
    pub called: Option<EntryId>,
    /// How many tries went into its work.
    pub tries: u64,
}

/// A letter of mine that travels, or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentLetter {
    /// The entry that it is by now.
    pub entry: EntryId,
    /// Whether its reader's device said that it arrived, over whichever way.
    pub arrived: bool,
    /// Whether it is kept here, so that it can be sent again.
    pub kept: bool,
}

/// A letter of mine that its space dropped.
#[derive(Debug)]
pub struct Displaced {
    /// Its author key.
    pub key: AuthorKey,
    /// Its space.
    pub space: SpaceId,
    /// The letter as it stands.
    pub letter: Parcel,
    /// How many tries went into its work.
    pub tries: u64,
}

impl Edit<'_> {
    /// Puts a letter that was just sealed into the log, and remembers it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn send_letter(&mut self, letter: Prepared, sending: &Sending<'_>) -> Result<()> {
        let sql = "
            INSERT INTO sent_letter (author, letter, space, reader, entry, sent, tries, secret, parcel)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        for parcel in letter.parcels() {
            let bytes = sending.key.map(|_| packed(parcel));
            self.tx.prepare_cached(sql)?.execute(params![
                parcel.envelope.header().author.as_bytes(),
                sending.called.as_ref().map(EntryId::as_bytes),
                parcel.envelope.header().space.as_bytes(),
                sending.reader.as_bytes(),
                parcel.envelope.id().as_bytes(),
                self.now,
                sending.tries,
                sending.key.map(AuthorKey::as_bytes),
                bytes
            ])?;
        }
        self.ingest(letter)?;
        Ok(())
    }

    /// Writes down that letters of mine arrived, on the word of `reader`: of those alone that were sent to
    /// them, all others are passed over. Says of how many that is news.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn have_arrived(&mut self, reader: &PersonId, letters: &[AuthorId]) -> Result<usize> {
        let mut news = 0;
        for letter in letters {
            let params = params![letter.as_bytes(), reader.as_bytes()];
            news += self
                .tx
                .prepare_cached(
                    "UPDATE sent_letter SET arrived = 1, secret = NULL, parcel = NULL
                     WHERE author = ?1 AND reader = ?2 AND arrived = 0",
                )?
                .execute(params)?;
            self.tx
                .prepare_cached(
                    "DELETE FROM sent_letter WHERE author = ?1 AND reader = ?2 AND letter IS NULL",
                )?
                .execute(params)?;
        }
        Ok(news)
    }

    /// Sends a letter again that its space dropped, under the envelope that it has now, and writes down how
    /// many tries went into that. Nothing where it arrived meanwhile or was forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn send_again(&mut self, space: &SpaceId, letter: Parcel, tries: u64) -> Result<()> {
        let author = letter.envelope.header().author;
        let sql = "UPDATE sent_letter SET entry = ?2, parcel = ?3, tries = ?4
                   WHERE author = ?1 AND secret IS NOT NULL";
        let is_sent = self.tx.prepare_cached(sql)?.execute(params![
            author.as_bytes(),
            letter.envelope.id().as_bytes(),
            packed(&letter),
            tries
        ])?;
        if is_sent > 0 {
            let held = self.space(space)?;
            let prepared = prepare_parcels(&self.tx, &held, vec![letter], false)?;
            self.ingest(prepared)?;
        }
        Ok(())
    }

    /// Forgets what was kept of a letter, in all its copies. What travels of it goes on.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn forget_sent(&mut self, called: &EntryId) -> Result<()> {
        let sql = "DELETE FROM sent_letter WHERE letter = ?1";
        self.tx.prepare_cached(sql)?.execute([called.as_bytes()])?;
        Ok(())
    }

    /// Gives letters up that were sent before a time, in ms since 1970: they are sent no more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn give_up_letters(&mut self, before: u64) -> Result<()> {
        self.tx.execute("DELETE FROM sent_letter WHERE letter IS NULL AND sent < ?1", [before])?;
        self.tx.execute(
            "UPDATE sent_letter SET secret = NULL, parcel = NULL
             WHERE sent < ?1 AND secret IS NOT NULL",
            [before],
        )?;
        Ok(())
    }
}

impl View<'_> {
    /// What became of a letter of mine, by what it was [called](Sending::called): its copy in a space.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn sent_letter(&self, space: &SpaceId, called: &EntryId) -> Result<Option<SentLetter>> {
        let sql = "SELECT entry, arrived, secret IS NOT NULL FROM sent_letter
                   WHERE letter = ?1 ORDER BY space = ?2 DESC, author";
        let mut statement = self.connection().prepare_cached(sql)?;
        let params = [called.as_bytes(), space.as_bytes()];
        let copies = statement.query_map(params, |row| {
            Ok(SentLetter {
                entry: EntryId::from_bytes(row.get(0)?),
                arrived: row.get(1)?,
                kept: row.get(2)?,
            })
        })?;
        let copies = copies.collect::<rusqlite::Result<Vec<_>>>()?;
        let arrived = copies.iter().any(|copy| copy.arrived);
        Ok(copies.first().map(|first| SentLetter { arrived, ..*first }))
    }

    /// Whether a letter among these was sent to `reader` and is not known to have arrived.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn awaits_any(&self, reader: &PersonId, letters: &[AuthorId]) -> Result<bool> {
        let sql = "SELECT 1 FROM sent_letter WHERE author = ?1 AND reader = ?2 AND arrived = 0";
        let mut statement = self.connection().prepare_cached(sql)?;
        for letter in letters {
            if statement.exists(params![letter.as_bytes(), reader.as_bytes()])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The letters of mine that their spaces dropped and that got fewer than `tries_max` tries, those with the
    /// fewest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn displaced_letters(&self, tries_max: u64, limit: usize) -> Result<Vec<Displaced>> {
        let sql = include_str!("sql/displaced_letters.sql");
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![tries_max, limit], |row| {
            let space = SpaceId::from_bytes(row.get(1)?);
            Ok((row.get(0)?, space, row.get::<_, Vec<u8>>(2)?, row.get(3)?))
        })?;
        let mut displaced = Vec::new();
        for row in rows {
            let (secret, space, bytes, tries) = row?;
            let letter = batch::decode(&bytes, &space, None)?.pop().ok_or(StoreError::Damaged)?;
            displaced.push(Displaced { key: AuthorKey::from_bytes(secret), space, letter, tries });
        }
        Ok(displaced)
    }

    /// Whether a letter is still kept that was sent before a time, in ms since 1970.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn has_letters_to_give_up(&self, before: u64) -> Result<bool> {
        let sql = "SELECT 1 FROM sent_letter
                   WHERE sent < ?1 AND (letter IS NULL OR secret IS NOT NULL)";
        Ok(self.connection().prepare_cached(sql)?.exists([before])?)
    }

    /// Below which id a letter must be to be kept by a space, if it has as many as it keeps.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn letter_bar(&self, space: &SpaceId) -> Result<Option<EntryId>> {
        letter_bar(self.connection(), self.space(space)?.num)
    }
}

/// The highest id among the letters of a space, if it has as many as it keeps.
pub(crate) fn letter_bar(db: &Connection, space: i64) -> Result<Option<EntryId>> {
    let sql = "SELECT count(*) FROM entry WHERE space = ?1 AND kind = 5";
    let kept: usize = db.prepare_cached(sql)?.query_row([space], |row| row.get(0))?;
    if kept < LETTERS_MAX {
        return Ok(None);
    }
    // The most leading zero bits, and of those the lower: that is the lowest ids.
    let sql = "SELECT id FROM entry WHERE space = ?1 AND kind = 5 ORDER BY id DESC LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row([space], |row| row.get(0).map(EntryId::from_bytes)).optional()?)
}

fn packed(letter: &Parcel) -> Vec<u8> {
    batch::encode(std::slice::from_ref(letter), None, usize::MAX).0
}
