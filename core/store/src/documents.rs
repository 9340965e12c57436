//! Automerge documents as a cache: a few open ones in memory, snapshots on disk. The log is the truth.

use std::collections::HashMap;
use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::content::Body;
use teilgeber_entry::{AuthorId, Noun};

use crate::edit::Edit;
use crate::error::Result;
use crate::guard::{self, Candidate, First, Loaded};
use crate::nouns;
use crate::row::{Judged, Row, entries_of};
use crate::space::Space;

/// How many documents stay open: an editor, its neighbours, and what an exchange works on. A small one
/// takes some 17 kB of heap.
const OPEN_MAX: usize = 8;

/// After so many changes beyond the last snapshot a new one is worth its bytes.
const SNAPSHOT_EVERY: usize = 32;

/// The documents that are open, and this run's actor nonces.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    open: HashMap<i64, (Loaded, u64)>,
    nonces: HashMap<(i64, AuthorId), [u8; 4]>,
    clock: u64,
}

impl Documents {
    pub(crate) fn take(&mut self, document: i64) -> Option<Loaded> {
        self.open.remove(&document).map(|(loaded, _)| loaded)
    }

    pub(crate) fn peek(&self, document: i64) -> Option<&Loaded> {
        self.open.get(&document).map(|(loaded, _)| loaded)
    }

    pub(crate) fn keep(&mut self, document: i64, loaded: Loaded) {
        self.clock += 1;
        self.open.insert(document, (loaded, self.clock));
        if self.open.len() > OPEN_MAX {
            let oldest = self.open.iter().min_by_key(|(_, (_, used))| *used).map(|(num, _)| *num);
            oldest.and_then(|num| self.open.remove(&num));
        }
    }

    pub(crate) fn forget(&mut self, document: i64) {
        self.open.remove(&document);
    }

    /// After a transaction that was rolled back: what is open may be ahead of the log.
    pub(crate) fn forget_all(&mut self) {
        self.open.clear();
    }

    pub(crate) fn nonce_of(&self, document: i64, author: &AuthorId) -> Option<[u8; 4]> {
        self.nonces.get(&(document, *author)).copied()
    }

    pub(crate) fn remember_nonce(&mut self, document: i64, author: AuthorId, nonce: [u8; 4]) {
        self.nonces.insert((document, author), nonce);
    }
}

impl Edit<'_> {
    /// The document as of all entries that count; `None` where none does. The caller keeps it again.
    pub(crate) fn load(&mut self, space: &Space, document: i64) -> Result<Option<Loaded>> {
        if let Some(loaded) = self.documents.take(document) {
            return Ok(Some(loaded));
        }
        load_from_log(&self.tx, space, document)
    }

    /// Saves a document for the next start if it has grown since the last time.
    pub(crate) fn snapshot(&mut self, document: i64, loaded: &mut Loaded) -> Result<()> {
        let (beyond, upto): (usize, Option<i64>) = self
            .tx
            .prepare_cached(include_str!("sql/beyond_snapshot.sql"))?
            .query_row([document], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let Some(upto) = upto.filter(|_| beyond >= SNAPSHOT_EVERY) {
            self.tx
                .prepare_cached(
                    "INSERT OR REPLACE INTO snapshot (document, guard, upto, bytes)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![document, guard::VERSION, upto, loaded.save()])?;
        }
        Ok(())
    }

    pub(crate) fn drop_snapshot(&mut self, document: i64) -> Result<()> {
        self.tx.prepare_cached("DELETE FROM snapshot WHERE document = ?1")?.execute([document])?;
        Ok(())
    }
}

/// The document from its snapshot and the entries that came after, or from its entries alone.
pub(crate) fn load_from_log(
    db: &Connection,
    space: &Space,
    document: i64,
) -> Result<Option<Loaded>> {
    let about: Option<([u8; 32], Option<u8>)> = db
        .prepare_cached("SELECT id, noun FROM document WHERE num = ?1")?
        .query_row([document], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, Some(noun))) = about else { return Ok(None) };
    let snapshot: Option<(i64, Vec<u8>)> = db
        .prepare_cached("SELECT upto, bytes FROM snapshot WHERE document = ?1 AND guard = ?2")?
        .query_row(params![document, guard::VERSION], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let counting = |after: i64| -> Result<Vec<(Row, Vec<u8>)>> {
        let mut changes = Vec::new();
        for row in entries_of(db, document, after)? {
            if row.verdict == Judged::Counts
                && let Some(content) = row.content(db, space, &id)?
                && let Body::Change(change) = content.body
            {
                changes.push((row, change));
            }
        }
        Ok(changes)
    };
    if let Some((upto, bytes)) = snapshot
        && let Ok(mut loaded) = Loaded::open(&bytes)
    {
        let later = counting(upto)?;
        let candidates: Vec<_> = later.iter().map(|(row, bytes)| row.candidate(bytes)).collect();
        if candidates.is_empty() || loaded.extend(&id, &candidates).is_some() {
            return Ok(Some(loaded));
        }
    }
    let all = counting(0)?;
    if all.is_empty() {
        return Ok(None);
    }
    let candidates: Vec<Candidate<'_>> =
        all.iter().map(|(row, bytes)| row.candidate(bytes)).collect();
    Ok(guard::judge(&id, first_change(Noun(noun)), &candidates).document)
}

/// The change that every replica of a document of this noun assumes.
pub(crate) fn first_change(noun: Noun) -> Option<&'static First> {
    #[expect(clippy::expect_used, reason = "constants of the program, each made in a test")]
    static FIRST: LazyLock<HashMap<Noun, First>> = LazyLock::new(|| {
        let nouns = (0..=u8::MAX).map(Noun);
        let firsts = nouns.filter_map(|noun| Some((noun, nouns::first_change(noun)?)));
        firsts.map(|(noun, bytes)| (noun, First::new(bytes).expect("a first change"))).collect()
    });
    FIRST.get(&noun)
}

/// What a document of this noun is before its first signed change.
pub(crate) fn before_all(noun: Noun) -> Loaded {
    let first = first_change(noun);
    guard::judge(&[0; 32], first, &[]).document.unwrap_or_else(Loaded::empty)
}
