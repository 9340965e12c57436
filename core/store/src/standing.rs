//! What the statements of a space say, brought into the tables: how far each author counts, who is an
//! organiser, and what was said about which document or entry.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::standing::{Chains, Limit, Spoken, Standing};
use teilgeber_entry::statement::{Statement, Target};
use teilgeber_entry::{AuthorId, EntryId};

use crate::edit::Edit;
use crate::error::Result;
use crate::row::Judged;

/// What is said about a document or an entry. The numbers are in the database: never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    Erase = 1,
    Withdraw = 2,
    Hide = 3,
    /// By an author who is no organiser: counts for their own sessions.
    Policy = 4,
    /// By an organiser.
    OrganisersPolicy = 5,
}

impl Word {
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        [Self::Erase, Self::Withdraw, Self::Hide, Self::Policy, Self::OrganisersPolicy]
            .into_iter()
            .find(|word| *word as i64 == number)
    }
}

/// A row of `said`: (target, word, author, detail).
type Saying = ([u8; 32], i64, i64, i64);

pub(crate) struct Heard {
    num: i64,
    pub(crate) id: EntryId,
    author: AuthorId,
    author_num: i64,
    seq: u32,
    pub(crate) statement: Option<Statement>,
}

impl Edit<'_> {
    /// Weighs the statements of a space again, and touches the documents for which that makes a
    /// difference.
    pub(crate) fn weigh_statements(&mut self, space: i64) -> Result<()> {
        let heard = heard(&self.tx, space)?;
        let founder = self.space_by_num(space)?.founder;
        let spoken = heard.iter().filter_map(|heard| {
            let statement = heard.statement.as_ref()?;
            Some(Spoken { author: heard.author, seq: heard.seq, statement })
        });
        let log = Log { db: &self.tx, space, failed: RefCell::new(None) };
        let standing = Standing::new(founder, spoken, &log);
        if let Some(error) = log.failed.take() {
            return Err(error.into());
        }
        self.write_authors(space, &standing, &heard)?;
        let said = said(&standing, &heard);
        self.write_said(space, said)?;
        for one in &heard {
            let verdict = match &one.statement {
                Some(_) if standing.counts(&one.author, one.seq) => Judged::Counts,
                _ => Judged::Refused,
            };
            self.set_verdict(one.num, verdict)?;
        }
        Ok(())
    }

    fn write_authors(&mut self, space: i64, standing: &Standing, heard: &[Heard]) -> Result<()> {
        let mut wanted: BTreeMap<AuthorId, (bool, Option<u32>)> = BTreeMap::new();
        let named = heard.iter().filter_map(|heard| match &heard.statement {
            Some(Statement::Revoke(author, _)) => Some(*author),
            _ => None,
        });
        let organisers = standing.organisers().map(|(author, _)| author);
        for author in named.chain(organisers).collect::<BTreeSet<_>>() {
            let cut = match standing.limit(&author) {
                Limit::All => None,
                Limit::UpTo(seq) => Some(seq),
                Limit::Nothing => Some(0),
            };
            wanted.insert(author, (standing.level(&author).is_some(), cut));
        }
        let marked: Vec<(i64, [u8; 32], bool, Option<u32>)> = self
            .tx
            .prepare_cached(
                "SELECT num, id, organiser, cut FROM author
                 WHERE space = ?1 AND (organiser = 1 OR cut IS NOT NULL)",
            )?
            .query_map([space], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (num, id, organiser, cut) in marked {
            let now = wanted.remove(&AuthorId::from_bytes(id)).unwrap_or((false, None));
            if now != (organiser, cut) {
                self.mark_author(num, now)?;
            }
        }
        for (author, marks) in wanted {
            if marks != (false, None) {
                let num = self.author_row(space, &author)?;
                self.mark_author(num, marks)?;
            }
        }
        Ok(())
    }

    fn mark_author(&mut self, author: i64, (organiser, cut): (bool, Option<u32>)) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE author SET organiser = ?2, cut = ?3 WHERE num = ?1")?
            .execute(params![author, organiser, cut])?;
        let documents: Vec<i64> = self
            .tx
            .prepare_cached(
                "SELECT DISTINCT document FROM entry
                 WHERE author = ?1 AND document IS NOT NULL",
            )?
            .query_map([author], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for document in documents {
            self.judge_anew(document)?;
        }
        Ok(())
    }

    fn write_said(&mut self, space: i64, said: BTreeSet<Saying>) -> Result<()> {
        let before: BTreeSet<Saying> = self
            .tx
            .prepare_cached("SELECT target, word, author, detail FROM said WHERE space = ?1")?
            .query_map([space], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        if before == said {
            return Ok(());
        }
        self.tx.prepare_cached("DELETE FROM said WHERE space = ?1")?.execute([space])?;
        for (target, word, author, detail) in &said {
            self.tx
                .prepare_cached(
                    "INSERT INTO said (space, target, word, author, detail)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![space, target, word, author, detail])?;
        }
        for (target, ..) in before.symmetric_difference(&said) {
            let documents: Vec<i64> = self
                .tx
                .prepare_cached(include_str!("sql/documents_of_target.sql"))?
                .query_map(params![space, target], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for document in documents {
                self.judge_anew(document)?;
            }
        }
        Ok(())
    }

    /// Touches a document whose standing entries may have changed: its cache says nothing any more.
    pub(crate) fn judge_anew(&mut self, document: i64) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE document SET clean = 0 WHERE num = ?1")?
            .execute([document])?;
        self.documents.forget(document);
        self.touched.insert(document);
        Ok(())
    }
}

/// The statements in line of a space.
pub(crate) fn heard(db: &Connection, space: i64) -> Result<Vec<Heard>> {
    let mut statement = db.prepare_cached(include_str!("sql/statements.sql"))?;
    let heard = statement.query_map([space], |row| {
        let payload: Option<Vec<u8>> = row.get(5)?;
        Ok(Heard {
            num: row.get(0)?,
            id: EntryId::from_bytes(row.get(1)?),
            author_num: row.get(2)?,
            author: AuthorId::from_bytes(row.get(3)?),
            seq: row.get(4)?,
            // One of a later version says nothing here until the update.
            statement: payload.and_then(|bytes| Statement::decode(&bytes).ok()),
        })
    })?;
    Ok(heard.collect::<rusqlite::Result<_>>()?)
}

/// What the statements that count say about documents and entries. That an erasure reaches only its
/// author's own entries, and a policy only a session of its author, is seen when the document is
/// evaluated.
fn said(standing: &Standing, heard: &[Heard]) -> BTreeSet<Saying> {
    let counting = || {
        heard.iter().filter_map(|heard| {
            let counts = standing.counts(&heard.author, heard.seq);
            Some((heard, heard.statement.as_ref().filter(|_| counts)?))
        })
    };
    let undone: BTreeSet<EntryId> = counting()
        .filter(|(heard, _)| standing.is_organisers(&heard.author, heard.seq))
        .filter_map(|(_, statement)| match statement {
            Statement::Unhide(hides) => Some(hides),
            _ => None,
        })
        .flatten()
        .copied()
        .collect();
    let bytes = |target: &Target| match target {
        Target::Document(document) => *document.as_bytes(),
        Target::Entry(entry) => *entry.as_bytes(),
    };
    counting()
        .filter_map(|(heard, statement)| {
            let organiser = standing.is_organisers(&heard.author, heard.seq);
            let (target, word, detail) = match statement {
                Statement::Erase(document) => (*document.as_bytes(), Word::Erase, 0),
                Statement::Withdraw(target) if organiser => (bytes(target), Word::Withdraw, 0),
                Statement::Hide(target) if organiser && !undone.contains(&heard.id) => {
                    (bytes(target), Word::Hide, 0)
                }
                Statement::Policy(document, strictness) => {
                    let word = if organiser { Word::OrganisersPolicy } else { Word::Policy };
                    (*document.as_bytes(), word, *strictness as i64)
                }
                _ => return None,
            };
            Some((target, word as i64, heard.author_num, detail))
        })
        .collect()
}

/// The chains of a space, as the log holds them.
struct Log<'a> {
    db: &'a Connection,
    space: i64,
    /// The first failure: a standing that was made beside one is not used.
    failed: RefCell<Option<rusqlite::Error>>,
}

impl Chains for Log<'_> {
    fn in_line(&self, author: &AuthorId, seq: u32) -> Option<EntryId> {
        self.one(
            "SELECT entry.id FROM entry JOIN author ON author.num = entry.author
             WHERE author.space = ?1 AND author.id = ?2 AND entry.seq = ?3 AND entry.in_line = 1",
            params![self.space, author.as_bytes(), seq],
        )
        .map(EntryId::from_bytes)
    }

    fn has_lost(&self, entry: &EntryId) -> bool {
        self.one::<i64>(
            "SELECT 1 FROM entry WHERE space = ?1 AND id = ?2 AND in_line = 0",
            params![self.space, entry.as_bytes()],
        )
        .is_some()
    }

    fn lowest_fork(&self, author: &AuthorId) -> Option<u32> {
        self.one::<Option<u32>>(
            "SELECT min(entry.seq) FROM entry JOIN author ON author.num = entry.author
             WHERE author.space = ?1 AND author.id = ?2 AND entry.in_line = 0",
            params![self.space, author.as_bytes()],
        )
        .flatten()
    }
}

impl Log<'_> {
    fn one<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Option<T> {
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(params, |row| row.get(0)).optional());
        found.unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            None
        })
    }
}
