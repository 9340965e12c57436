//! What comes from another device: checked outside the transaction, then put into the log within it.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::batch::{self, Checked};
use teilgeber_entry::{AuthorId, EntryId, Kind, Parcel, Payload, SpaceId};

use crate::ahead::Ahead;
use crate::edit::Edit;
use crate::error::Result;
use crate::space::Space;

/// A batch that was unpacked and verified, ready for the transaction.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) space: SpaceId,
    /// Each with what was found; `None` for an entry that was known, which is not checked again.
    pub(crate) parcels: Vec<(Parcel, Option<Checked>)>,
    /// By document, what was tried already.
    pub(crate) ahead: HashMap<i64, Ahead>,
}

impl Prepared {
    /// What was unpacked.
    pub(crate) fn parcels(&self) -> impl Iterator<Item = &Parcel> {
        self.parcels.iter().map(|(parcel, _)| parcel)
    }

    /// What was unpacked, and the space that it is for.
    pub(crate) fn into_parcels(self) -> (SpaceId, impl Iterator<Item = Parcel>) {
        (self.space, self.parcels.into_iter().map(|(parcel, _)| parcel))
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries that are new in the log.
    pub new: Vec<EntryId>,
    /// Payloads that came for entries that were known without.
    pub payloads: usize,
    /// Entries that were known.
    pub known: usize,
    /// Entries that wait for their predecessor, lost a fork, or are beyond a bound.
    pub kept_out: usize,
    /// Entries whose envelope does not hold: the sender's fault.
    pub refused: usize,
}

/// Unpacks a batch for `space` and verifies what is not known yet.
///
/// `proved` says that the link's other side proved that it holds the space's key: then authors need
/// not bring their admissions.
pub(crate) fn prepare(
    db: &Connection,
    space: &Space,
    bytes: &[u8],
    proved: bool,
) -> Result<Prepared> {
    let parcels = batch::decode(bytes, &space.id, space.key.as_ref())?;
    prepare_parcels(db, space, parcels, proved)
}

pub(crate) fn prepare_parcels(
    db: &Connection,
    space: &Space,
    parcels: Vec<Parcel>,
    proved: bool,
) -> Result<Prepared> {
    let known = known_of(db, &parcels)?;
    let (known, unknown): (Vec<_>, Vec<_>) =
        parcels.into_iter().partition(|parcel| known.contains(&parcel.envelope.id()));
    let mut authors = HashSet::new();
    for parcel in &unknown {
        let author = parcel.envelope.header().author;
        if !proved && is_author(db, space, &author)? {
            authors.insert(author);
        }
    }
    let checks =
        batch::verify(&unknown, space.key.as_ref(), |author| proved || authors.contains(author));
    let known = known.into_iter().map(|parcel| (parcel, None));
    let unknown = unknown.into_iter().zip(checks.into_iter().map(Some));
    let parcels = known.chain(unknown).collect();
    Ok(Prepared { space: space.id, parcels, ahead: HashMap::new() })
}

/// What the log holds of an entry.
struct Known {
    num: i64,
    document: Option<i64>,
    in_line: bool,
    gone: bool,
    has_payload: bool,
}

impl Edit<'_> {
    /// Puts a prepared batch into the log; nothing of it where the space has faded.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails; then nothing of the batch is in the log.
    pub fn ingest(&mut self, prepared: Prepared) -> Result<Report> {
        let space = self.space(&prepared.space)?;
        let mut report = Report::default();
        if space.faded {
            return Ok(Report { kept_out: prepared.parcels.len(), ..report });
        }
        self.ahead.extend(prepared.ahead);
        for (parcel, checked) in prepared.parcels {
            let id = parcel.envelope.id();
            if checked.is_some_and(|checked| !checked.envelope) {
                report.refused += 1;
            } else if let Some(known) = self.known_entry(&id)? {
                report.known += 1;
                if self.lacks(&space, &known) {
                    report.payloads += usize::from(self.fill(&space, &known, parcel)?);
                }
            } else if let Some(checked) = checked {
                self.retire_if_own(&space, &parcel)?;
                match self.insert(&space, parcel, checked.person)? {
                    Some(_) => report.new.push(id),
                    None => report.kept_out += 1,
                }
            } else {
                // Known when it was prepared, and removed since: nobody has checked this one.
                report.kept_out += 1;
            }
        }
        if space.statements > 0 {
            self.restless.insert(space.num);
        }
        // An entry that was put in and lost its place again within the batch is not new.
        report.new.retain(|id| !self.removed.contains(id));
        Ok(report)
    }

    fn known_entry(&self, id: &EntryId) -> Result<Option<Known>> {
        Ok(self
            .tx
            .prepare_cached("SELECT num, document, in_line, gone, held FROM entry WHERE id = ?1")?
            .query_row([id.as_bytes()], |row| {
                Ok(Known {
                    num: row.get(0)?,
                    document: row.get(1)?,
                    in_line: row.get(2)?,
                    gone: row.get(3)?,
                    has_payload: row.get(4)?,
                })
            })
            .optional()?)
    }

    /// Whether a payload that comes now is wanted. What is gone may be wanted again by what came
    /// before it in this transaction; if it is not, the evaluation drops it again.
    fn lacks(&self, space: &Space, known: &Known) -> bool {
        let unsettled = self.restless.contains(&space.num)
            || known.document.is_some_and(|document| self.touched.contains(&document));
        known.in_line && !known.has_payload && (!known.gone || unsettled)
    }

    /// Takes the payload of an entry that was known without. The entry's id names its hash.
    fn fill(&mut self, space: &Space, known: &Known, parcel: Parcel) -> Result<bool> {
        let header = parcel.envelope.header();
        let Some(bytes) = parcel.payload.bytes().filter(|bytes| header.names_payload(bytes)) else {
            return Ok(false);
        };
        self.fill_payload(known.num, bytes)?;
        self.changes.payloads.insert(space.id);
        if header.kind == Kind::Statement {
            self.restless.insert(space.num);
        }
        if let Payload::Open { content, .. } = &parcel.payload {
            self.fresh.insert(known.num, content.clone());
        }
        match known.document {
            // A chunk says nothing of the others: those that were judged need not be opened again.
            Some(document) if header.kind == Kind::Chunk => {
                self.touched.insert(document);
            }
            Some(document) => self.judge_anew(document)?,
            None => {}
        }
        Ok(true)
    }

    /// An entry of our own author that we do not know: this device is a restored backup. It goes on
    /// under a new author, so that it never signs a second entry with one number.
    fn retire_if_own(&mut self, space: &Space, parcel: &Parcel) -> Result<()> {
        let author = parcel.envelope.header().author;
        let own: bool = self
            .tx
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM own_author JOIN author ON author.num = own_author.author
                 WHERE author.space = ?1 AND author.id = ?2 AND retired = 0)",
            )?
            .query_row(params![space.num, author.as_bytes()], |row| row.get(0))?;
        if own {
            self.retire_authors(space.num)?;
        }
        Ok(())
    }
}

fn known_of(db: &Connection, parcels: &[Parcel]) -> Result<HashSet<EntryId>> {
    let mut statement = db.prepare_cached("SELECT 1 FROM entry WHERE id = ?1")?;
    let mut known = HashSet::new();
    for parcel in parcels {
        let id = parcel.envelope.id();
        if statement.exists([id.as_bytes()])? {
            known.insert(id);
        }
    }
    Ok(known)
}

fn is_author(db: &Connection, space: &Space, author: &AuthorId) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT 1 FROM entry JOIN author ON author.num = entry.author
                           WHERE author.space = ?1 AND author.id = ?2",
    )?;
    Ok(statement.exists(params![space.num, author.as_bytes()])?)
}
