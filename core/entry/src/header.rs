//! The header of an entry: 176 bytes, one layout, what the id is the hash of.
//!
//! ```text
//!   0  format         1   0
//!   1  kind           1   change 1, put 2, chunk 3, statement 4, letter 5
//!   2  space         32
//!  34  document      32   zero for statements and letters
//!  66  author        32
//!  98  seq            4   1, 2, 3 …, big-endian
//! 102  prev          32   id of the author's entry before; for the first the hash of its binding;
//!                         for a letter a work nonce
//! 134  time           6   the author's, ms since 1970, big-endian
//! 140  payload length 4   big-endian
//! 144  payload hash  32   BLAKE3
//! ```

use crate::FORMAT;
use crate::codec::{DecodeError, Reader, Write};
use crate::id::{AuthorId, DocumentId, EntryId, SpaceId};
use crate::limits::{PAYLOAD_MAX, SEQ_MAX};

/// Bytes of a header.
pub const HEADER_LEN: usize = 176;

/// Bytes of a header before its payload's length and hash: the associated data of the seal.
pub const CONTEXT_LEN: usize = 140;

/// Times are below this: 48 bits of milliseconds, the year 10889.
pub const TIME_END: u64 = 1 << 48;

/// How an entry travels and what may be dropped of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One Automerge change of a shared document.
    Change,
    /// A whole small value without history; supersedes its author's earlier ones.
    Put,
    /// A piece of an attachment.
    Chunk,
    /// A grant, revocation, erasure …, in the clear so that couriers obey.
    Statement,
    /// For one reader.
    Letter,
    /// A kind of a later version: kept and carried, judged after an update.
    Unknown(u8),
}

impl Kind {
    /// The kind with this number.
    pub fn from_u8(number: u8) -> Self {
        match number {
            1 => Self::Change,
            2 => Self::Put,
            3 => Self::Chunk,
            4 => Self::Statement,
            5 => Self::Letter,
            other => Self::Unknown(other),
        }
    }

    /// Its number in the header.
    pub fn as_u8(self) -> u8 {
        match self {
            Self::Change => 1,
            Self::Put => 2,
            Self::Chunk => 3,
            Self::Statement => 4,
            Self::Letter => 5,
            Self::Unknown(other) => other,
        }
    }
}

/// What an author signs about an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// How the entry travels.
    pub kind: Kind,
    /// The space it belongs to.
    pub space: SpaceId,
    /// The document it belongs to, or [`DocumentId::NONE`].
    pub document: DocumentId,
    /// Who signs.
    pub author: AuthorId,
    /// The entry's number in its author's chain, from 1.
    pub seq: u32,
    /// The id of the author's entry before; of the first, the hash of the sealed binding; of a
    /// letter, its work nonce.
    pub prev: [u8; 32],
    /// The author's word on when, in ms since 1970, below [`TIME_END`].
    pub time: u64,
    /// Bytes of the payload.
    pub payload_len: u32,
    /// BLAKE3 of the payload.
    pub payload_hash: [u8; 32],
}

impl Header {
    /// The canonical bytes.
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let mut bytes = Vec::with_capacity(HEADER_LEN);
        bytes.put_u8(FORMAT);
        bytes.put_u8(self.kind.as_u8());
        bytes.put_bytes(self.space.as_bytes());
        bytes.put_bytes(self.document.as_bytes());
        bytes.put_bytes(self.author.as_bytes());
        bytes.put_u32(self.seq);
        bytes.put_bytes(&self.prev);
        bytes.put_u48(self.time);
        bytes.put_u32(self.payload_len);
        bytes.put_bytes(&self.payload_hash);
        let mut header = [0; HEADER_LEN];
        header.copy_from_slice(&bytes);
        header
    }

    /// Reads a header and checks its bounds.
    ///
    /// # Errors
    /// [`DecodeError`] for another format, a wrong length, or a number beyond its bound.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        match reader.u8("format")? {
            FORMAT => {}
            version => return Err(DecodeError::Newer { field: "format", version }),
        }
        let header = Self {
            kind: Kind::from_u8(reader.u8("kind")?),
            space: SpaceId::read(&mut reader, "space")?,
            document: DocumentId::read(&mut reader, "document")?,
            author: AuthorId::read(&mut reader, "author")?,
            seq: reader.u32("seq")?,
            prev: reader.array("prev")?,
            time: reader.u48("time")?,
            payload_len: reader.u32("payload length")?,
            payload_hash: reader.array("payload hash")?,
        };
        reader.end("header")?;
        header.check()?;
        Ok(header)
    }

    /// The entry's id: BLAKE3 of the header.
    pub fn id(&self) -> EntryId {
        EntryId::from_bytes(*blake3::hash(&self.encode()).as_bytes())
    }

    /// What the seal is bound to: the header without the payload's length and hash.
    pub fn context(&self) -> [u8; CONTEXT_LEN] {
        let mut context = [0; CONTEXT_LEN];
        context.copy_from_slice(&self.encode()[..CONTEXT_LEN]);
        context
    }

    /// Whether `payload` is the one that this header names.
    pub fn names_payload(&self, payload: &[u8]) -> bool {
        payload.len() == self.payload_len as usize
            && blake3::hash(payload).as_bytes() == &self.payload_hash
    }

    /// Checks the bounds that every device must agree on.
    ///
    /// # Errors
    /// [`DecodeError`] naming the field that is beyond its bound.
    pub fn check(&self) -> Result<(), DecodeError> {
        let within = |field, value: u64, max: u64| match value <= max {
            true => Ok(()),
            false => Err(DecodeError::Beyond { field, value, max }),
        };
        within("seq", self.seq.into(), SEQ_MAX.into())?;
        within("payload length", self.payload_len.into(), PAYLOAD_MAX.into())?;
        within("time", self.time, TIME_END - 1)?;
        let alone = matches!(self.kind, Kind::Letter) && self.seq != 1;
        let placed = matches!(self.kind, Kind::Letter | Kind::Statement)
            && self.document != DocumentId::NONE;
        if self.seq == 0 || alone {
            return Err(DecodeError::Invalid { field: "seq" });
        }
        if placed {
            return Err(DecodeError::Invalid { field: "document" });
        }
        Ok(())
    }
}
