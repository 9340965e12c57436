//! Entries in line, as they are read from the log to be judged.

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::{AuthorId, Content, DocumentId, EntryId, Header, Kind, PersonId, seal};

use crate::error::Result;
use crate::guard::Candidate;
use crate::rules::Writer;
use crate::space::Space;

/// What was decided about an entry. The numbers are in the database: never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Something that it needs is not here, or nothing was decided yet.
    Waits = 0,
    /// It is part of the state.
    Counts = 1,
    /// It is kept and carried, and shown to nobody.
    Refused = 2,
}

impl Judged {
    pub(crate) fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Counts,
            2 => Self::Refused,
            _ => Self::Waits,
        }
    }
}

/// An entry in line, with what is known of its author.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) num: i64,
    pub(crate) id: EntryId,
    pub(crate) kind: Kind,
    pub(crate) seq: u32,
    pub(crate) prev: [u8; 32],
    pub(crate) time: u64,
    pub(crate) gone: bool,
    pub(crate) verdict: Judged,
    pub(crate) author_num: i64,
    pub(crate) author: AuthorId,
    pub(crate) writer: Writer,
    pub(crate) cut: Option<u32>,
    pub(crate) has_payload: bool,
}

impl Row {
    /// Opens the entry; `None` where there is no payload, no key, or it is none.
    pub(crate) fn content(
        &self,
        db: &Connection,
        space: &Space,
        document: &[u8; 32],
    ) -> Result<Option<Content>> {
        let Some(key) = space.key.as_ref().filter(|_| self.has_payload && !self.gone) else {
            return Ok(None);
        };
        let payload: Option<Vec<u8>> = db
            .prepare_cached("SELECT bytes FROM payload WHERE entry = ?1")?
            .query_row([self.num], |row| row.get(0))
            .optional()?;
        let context = Header {
            kind: self.kind,
            space: space.id,
            document: DocumentId::from_bytes(*document),
            author: self.author,
            seq: self.seq,
            prev: self.prev,
            time: self.time,
            payload_len: 0,
            payload_hash: [0; 32],
        }
        .context();
        let opened = payload.and_then(|payload| seal::open(key, &context, &payload).ok());
        Ok(opened.and_then(|(_, content)| Content::decode(self.kind, &content).ok()))
    }

    pub(crate) fn candidate<'a>(&self, bytes: &'a [u8]) -> Candidate<'a> {
        Candidate {
            author: *self.author.as_bytes(),
            position: self.seq.into(),
            entry: *self.id.as_bytes(),
            bytes,
        }
    }

    /// Whether it is an entry of that author at or after a number.
    pub(crate) fn is_of_branch(&self, author: i64, from_seq: u32) -> bool {
        self.author_num == author && self.seq >= from_seq
    }

    /// Its number in the chain and its author's time.
    pub(crate) fn place(&self) -> (u32, u64) {
        (self.seq, self.time)
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.cut.is_some_and(|cut| self.seq > cut)
    }
}

/// The entries in line of a document that came after entry `after`.
pub(crate) fn entries_of(db: &Connection, document: i64, after: i64) -> Result<Vec<Row>> {
    let mut statement = db.prepare_cached(include_str!("sql/entries_of_document.sql"))?;
    let rows = statement.query_map(params![document, after], |row| {
        Ok(Row {
            num: row.get(0)?,
            id: EntryId::from_bytes(row.get(1)?),
            kind: Kind::from_u8(row.get(2)?),
            seq: row.get(3)?,
            prev: row.get(4)?,
            time: row.get(5)?,
            gone: row.get(6)?,
            verdict: Judged::from_number(row.get(7)?),
            author_num: row.get(8)?,
            author: AuthorId::from_bytes(row.get(9)?),
            writer: Writer {
                person: row.get::<_, Option<[u8; 32]>>(10)?.map(PersonId::from_bytes),
                organiser: row.get(11)?,
            },
            cut: row.get(12)?,
            has_payload: row.get(13)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
