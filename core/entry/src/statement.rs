//! Statements: what an author says about roles, documents and entries, in the clear, so that a
//! courier without the key obeys too. One codec.
//!
//! ```text
//! grant      1 ‖ author 32
//! revoke     2 ‖ author 32 ‖ 0                        nothing of theirs counts
//!                          | 1 ‖ seq varint ‖ entry 32  it and what came before it counts
//! successor  3 ‖ author 32
//! erase      4 ‖ document 32
//! withdraw   5 ‖ target
//! hide       6 ‖ target
//! unhide     7 ‖ count varint ‖ entry 32 each, rising
//! policy     8 ‖ document 32 ‖ strictness 1           0 open, 1 Chatham House, 2 off the record
//! target     = 0 ‖ document 32 | 1 ‖ entry 32
//! ```
//!
//! Whether a statement counts, and what follows from those that do, is [`standing`](crate::standing)'s
//! and the store's; here are only the words.

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{AuthorId, DocumentId, EntryId};
use crate::limits::{SEQ_MAX, UNHIDES_MAX};

/// The last entry of a revoked author that still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cut {
    /// Its number in the author's chain.
    pub seq: u32,
    /// Its id.
    pub entry: EntryId,
}

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A whole document.
    Document(DocumentId),
    /// One entry.
    Entry(EntryId),
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// The author is an organiser.
    Grant(AuthorId),
    /// Of this author only what came up to the cut counts; nothing, if there is none.
    Revoke(AuthorId, Option<Cut>),
    /// The founder names who stands beside them.
    Successor(AuthorId),
    /// All entries of the document, present or late, lose their payloads. The right of their author.
    Erase(DocumentId),
    /// The target's payloads are dropped. The right of organisers.
    Withdraw(Target),
    /// The target is not shown. The right of organisers; a concurrent unhide does not undo it.
    Hide(Target),
    /// Undoes the hides that it names.
    Unhide(Vec<EntryId>),
    /// A session's words may travel at most this far. The strictest counts.
    Policy(DocumentId, Strictness),
}

/// How strict a session's policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strictness {
    /// Words and names may go out.
    Open,
    /// Words may go out, names may not.
    ChathamHouse,
    /// Nothing goes out.
    OffTheRecord,
}

impl Statement {
    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(80);
        match self {
            Self::Grant(author) => put(&mut bytes, 1, author.as_bytes()),
            Self::Revoke(author, cut) => {
                put(&mut bytes, 2, author.as_bytes());
                bytes.put_u8(cut.is_some().into());
                if let Some(Cut { seq, entry }) = cut {
                    bytes.put_varint((*seq).into());
                    bytes.put_bytes(entry.as_bytes());
                }
            }
            Self::Successor(author) => put(&mut bytes, 3, author.as_bytes()),
            Self::Erase(document) => put(&mut bytes, 4, document.as_bytes()),
            Self::Withdraw(target) => put_target(&mut bytes, 5, target),
            Self::Hide(target) => put_target(&mut bytes, 6, target),
            Self::Unhide(hides) => {
                bytes.put_u8(7);
                bytes.put_varint(hides.len() as u64);
                hides.iter().for_each(|hide| bytes.put_bytes(hide.as_bytes()));
            }
            Self::Policy(document, strictness) => {
                put(&mut bytes, 8, document.as_bytes());
                bytes.put_u8(*strictness as u8);
            }
        }
        bytes
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are not the one encoding of a statement; one of a later
    /// version is [`DecodeError::Newer`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let statement = match reader.u8("statement")? {
            1 => Self::Grant(AuthorId::read(&mut reader, "author")?),
            2 => Self::Revoke(AuthorId::read(&mut reader, "author")?, read_cut(&mut reader)?),
            3 => Self::Successor(AuthorId::read(&mut reader, "author")?),
            4 => Self::Erase(DocumentId::read(&mut reader, "document")?),
            5 => Self::Withdraw(read_target(&mut reader)?),
            6 => Self::Hide(read_target(&mut reader)?),
            7 => Self::Unhide(read_hides(&mut reader)?),
            8 => {
                let document = DocumentId::read(&mut reader, "document")?;
                Self::Policy(document, read_strictness(&mut reader)?)
            }
            version => return Err(DecodeError::Newer { field: "statement", version }),
        };
        reader.end("statement")?;
        Ok(statement)
    }
}

fn put(bytes: &mut Vec<u8>, number: u8, id: &[u8; 32]) {
    bytes.put_u8(number);
    bytes.put_bytes(id);
}

fn put_target(bytes: &mut Vec<u8>, number: u8, target: &Target) {
    bytes.put_u8(number);
    match target {
        Target::Document(document) => put(bytes, 0, document.as_bytes()),
        Target::Entry(entry) => put(bytes, 1, entry.as_bytes()),
    }
}

fn read_cut(reader: &mut Reader<'_>) -> Result<Option<Cut>, DecodeError> {
    match reader.u8("cut")? {
        0 => Ok(None),
        1 => {
            let seq = reader.varint("cut seq", SEQ_MAX.into())? as u32;
            if seq == 0 {
                return Err(DecodeError::Invalid { field: "cut seq" });
            }
            Ok(Some(Cut { seq, entry: EntryId::read(reader, "cut entry")? }))
        }
        _ => Err(DecodeError::Invalid { field: "cut" }),
    }
}

fn read_target(reader: &mut Reader<'_>) -> Result<Target, DecodeError> {
    match reader.u8("target")? {
        0 => DocumentId::read(reader, "target").map(Target::Document),
        1 => EntryId::read(reader, "target").map(Target::Entry),
        _ => Err(DecodeError::Invalid { field: "target" }),
    }
}

fn read_hides(reader: &mut Reader<'_>) -> Result<Vec<EntryId>, DecodeError> {
    let count = reader.count("hides", UNHIDES_MAX)?;
    let hides =
        (0..count).map(|_| EntryId::read(reader, "hides")).collect::<Result<Vec<_>, _>>()?;
    match hides.is_sorted_by(|a, b| a < b) && !hides.is_empty() {
        true => Ok(hides),
        false => Err(DecodeError::Invalid { field: "hides" }),
    }
}

fn read_strictness(reader: &mut Reader<'_>) -> Result<Strictness, DecodeError> {
    match reader.u8("policy")? {
        0 => Ok(Strictness::Open),
        1 => Ok(Strictness::ChathamHouse),
        2 => Ok(Strictness::OffTheRecord),
        _ => Err(DecodeError::Invalid { field: "policy" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_statement() -> impl Strategy<Value = Statement> {
        let target = any::<(bool, [u8; 32])>().prop_map(|(whole, id)| match whole {
            true => Target::Document(DocumentId::from_bytes(id)),
            false => Target::Entry(EntryId::from_bytes(id)),
        });
        let author = any::<[u8; 32]>().prop_map(AuthorId::from_bytes);
        let document = any::<[u8; 32]>().prop_map(DocumentId::from_bytes);
        let cut = prop::option::of((1..=SEQ_MAX, any::<[u8; 32]>()))
            .prop_map(|cut| cut.map(|(seq, entry)| Cut { seq, entry: EntryId::from_bytes(entry) }));
        prop_oneof![
            author.clone().prop_map(Statement::Grant),
            (author.clone(), cut).prop_map(|(author, cut)| Statement::Revoke(author, cut)),
            author.prop_map(Statement::Successor),
            document.clone().prop_map(Statement::Erase),
            target.clone().prop_map(Statement::Withdraw),
            target.prop_map(Statement::Hide),
            prop::collection::btree_set(any::<[u8; 32]>(), 1..5).prop_map(|ids| {
                Statement::Unhide(ids.into_iter().map(EntryId::from_bytes).collect())
            }),
            document.prop_map(|d| Statement::Policy(d, Strictness::ChathamHouse)),
        ]
    }

    proptest! {
        #[test]
        fn a_statement_reads_back(statement in any_statement()) {
            prop_assert_eq!(Statement::decode(&statement.encode()), Ok(statement));
        }

        #[test]
        fn any_bytes_are_a_statement_with_one_encoding_or_an_error(
            number in 0_u8..10, rest in prop::collection::vec(any::<u8>(), 0..80)
        ) {
            let bytes = [vec![number], rest].concat();
            if let Ok(statement) = Statement::decode(&bytes) {
                prop_assert_eq!(statement.encode(), bytes);
            }
        }
    }
}
