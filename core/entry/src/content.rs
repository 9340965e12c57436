//! What is inside a sealed payload, before its meaning: which noun, how its document came to be, and
//! the bytes of the change, put or chunk.
//!
//! ```text
//! content  = noun 1 ‖ origin ‖ body
//! origin   = 0                                  a later entry of a document
//!          | 1                                  the first entry of a document that its author makes
//!          | 2 ‖ generation varint              a document that a person has once
//!          | 3 ‖ parent 32 ‖ generation varint  a document that belongs to another one
//! body     = change: the raw Automerge change
//!          | put:    count varint ‖ superseded ids 32 each ‖ value
//!          | chunk:  index varint ‖ count varint ‖ bytes
//! ```

use crate::codec::{DecodeError, Reader, Write};
use crate::header::Kind;
use crate::id::{AuthorId, DocumentId, EntryId, PersonId};
use crate::key::SpaceKey;
use crate::limits::{PAYLOAD_MAX, SUPERSEDES_MAX};
use crate::seal::OVERHEAD;

/// What a document is: a session, a profile … The numbers are the store's; an unknown one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Noun(pub u8);

/// How the entry's document came to be. Its id commits to that, so nobody can squat another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An earlier entry made the document.
    Later,
    /// This entry is the document's first, and its author the document's maker.
    Made,
    /// A person has this document once; erasing it ends a generation.
    Singleton {
        /// Which one, from 0.
        generation: u32,
    },
    /// The document belongs to another: a placement to its session. Anyone may write it first.
    Attached {
        /// The document it belongs to.
        parent: DocumentId,
        /// Which one, from 0.
        generation: u32,
    },
}

impl Origin {
    /// The id of the document with this origin: a keyed BLAKE3 hash (the space's id key), so that an
    /// outsider learns nothing from it. `None` where the origin does not tell ([`Origin::Later`], or
    /// a singleton of an author whose `person` is not known).
    pub fn document(
        &self,
        key: &SpaceKey,
        noun: Noun,
        author: &AuthorId,
        seq: u32,
        person: Option<&PersonId>,
    ) -> Option<DocumentId> {
        let mut hasher = key.id_hasher();
        match self {
            Self::Later => return None,
            Self::Made => {
                hasher.update(&[1, noun.0]).update(author.as_bytes()).update(&seq.to_be_bytes());
            }
            Self::Singleton { generation } => {
                hasher.update(&[2, noun.0]).update(person?.as_bytes());
                hasher.update(&generation.to_be_bytes());
            }
            Self::Attached { parent, generation } => {
                hasher.update(&[3, noun.0]).update(parent.as_bytes());
                hasher.update(&generation.to_be_bytes());
            }
        }
        Some(DocumentId::from_bytes(*hasher.finalize().as_bytes()))
    }

    fn encode(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Later => bytes.put_u8(0),
            Self::Made => bytes.put_u8(1),
            Self::Singleton { generation } => {
                bytes.put_u8(2);
                bytes.put_varint((*generation).into());
            }
            Self::Attached { parent, generation } => {
                bytes.put_u8(3);
                bytes.put_bytes(parent.as_bytes());
                bytes.put_varint((*generation).into());
            }
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let generation = |reader: &mut Reader<'_>| {
            reader.varint("generation", u32::MAX.into()).map(|number| number as u32)
        };
        match reader.u8("origin")? {
            0 => Ok(Self::Later),
            1 => Ok(Self::Made),
            2 => Ok(Self::Singleton { generation: generation(reader)? }),
            3 => {
                let parent = DocumentId::read(reader, "parent")?;
                Ok(Self::Attached { parent, generation: generation(reader)? })
            }
            _ => Err(DecodeError::Invalid { field: "origin" }),
        }
    }
}

/// The bytes that an entry carries, by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// One raw, uncompressed Automerge change.
    Change(Vec<u8>),
    /// A whole value.
    Put {
        /// Puts of the person's other devices that this one replaces, in rising order.
        supersedes: Vec<EntryId>,
        /// The value, canonically encoded by its noun.
        value: Vec<u8>,
    },
    /// A piece of an attachment.
    Chunk {
        /// Its place, from 0, below `count`.
        index: u32,
        /// How many there are.
        count: u32,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// What is inside a sealed payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What the document is.
    pub noun: Noun,
    /// How it came to be.
    pub origin: Origin,
    /// What this entry says.
    pub body: Body,
}

impl Content {
    /// The kind of entry that carries it.
    pub fn kind(&self) -> Kind {
        match self.body {
            Body::Change(_) => Kind::Change,
            Body::Put { .. } => Kind::Put,
            Body::Chunk { .. } => Kind::Chunk,
        }
    }

    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![self.noun.0];
        self.origin.encode(&mut bytes);
        match &self.body {
            Body::Change(change) => bytes.put_bytes(change),
            Body::Put { supersedes, value } => {
                bytes.put_varint(supersedes.len() as u64);
                supersedes.iter().for_each(|id| bytes.put_bytes(id.as_bytes()));
                bytes.put_bytes(value);
            }
            Body::Chunk { index, count, bytes: piece } => {
                bytes.put_varint((*index).into());
                bytes.put_varint((*count).into());
                bytes.put_bytes(piece);
            }
        }
        bytes
    }

    /// Reads the content of an entry of `kind`.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are not the one encoding of a content of that kind.
    pub fn decode(kind: Kind, bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() + OVERHEAD > PAYLOAD_MAX as usize {
            let max = u64::from(PAYLOAD_MAX);
            return Err(DecodeError::Beyond { field: "content", value: bytes.len() as u64, max });
        }
        let mut reader = Reader::new(bytes);
        let noun = Noun(reader.u8("noun")?);
        let origin = Origin::read(&mut reader)?;
        let body = match kind {
            Kind::Change => Body::Change(reader.rest().to_vec()),
            Kind::Put => read_put(&mut reader)?,
            Kind::Chunk => {
                let count_max = u64::from(u32::MAX);
                let index = reader.varint("chunk index", count_max)? as u32;
                let count = reader.varint("chunk count", count_max)? as u32;
                if index >= count {
                    return Err(DecodeError::Invalid { field: "chunk index" });
                }
                Body::Chunk { index, count, bytes: reader.rest().to_vec() }
            }
            Kind::Statement | Kind::Letter | Kind::Unknown(_) => {
                return Err(DecodeError::Invalid { field: "kind" });
            }
        };
        Ok(Self { noun, origin, body })
    }
}

fn read_put(reader: &mut Reader<'_>) -> Result<Body, DecodeError> {
    let count = reader.count("superseded", SUPERSEDES_MAX)?;
    let supersedes =
        (0..count).map(|_| EntryId::read(reader, "superseded")).collect::<Result<Vec<_>, _>>()?;
    if !supersedes.is_sorted_by(|a, b| a < b) {
        return Err(DecodeError::Invalid { field: "superseded" });
    }
    Ok(Body::Put { supersedes, value: reader.rest().to_vec() })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn any_content() -> impl Strategy<Value = Content> {
        let origin = prop_oneof![
            Just(Origin::Later),
            Just(Origin::Made),
            any::<u32>().prop_map(|generation| Origin::Singleton { generation }),
            any::<([u8; 32], u32)>().prop_map(|(parent, generation)| Origin::Attached {
                parent: DocumentId::from_bytes(parent),
                generation
            }),
        ];
        let bytes = prop::collection::vec(any::<u8>(), 0..200);
        let body = prop_oneof![
            bytes.clone().prop_map(Body::Change),
            (prop::collection::btree_set(any::<[u8; 32]>(), 0..4), bytes.clone()).prop_map(
                |(ids, value)| Body::Put {
                    supersedes: ids.into_iter().map(EntryId::from_bytes).collect(),
                    value
                }
            ),
            (0_u32..9, bytes).prop_map(|(index, bytes)| Body::Chunk { index, count: 9, bytes }),
        ];
        (any::<u8>(), origin, body).prop_map(|(noun, origin, body)| Content {
            noun: Noun(noun),
            origin,
            body,
        })
    }

    proptest! {
        #[test]
        fn a_content_reads_back(content in any_content()) {
            prop_assert_eq!(Content::decode(content.kind(), &content.encode()), Ok(content));
        }

        #[test]
        fn any_bytes_are_a_content_with_one_encoding_or_an_error(kind in 0_u8..7, bytes: Vec<u8>) {
            if let Ok(content) = Content::decode(Kind::from_u8(kind), &bytes) {
                prop_assert_eq!(content.encode(), bytes);
            }
        }
    }

    #[test]
    fn a_document_id_commits_to_noun_origin_and_space() {
        let author = AuthorId::from_bytes([1; 32]);
        let person = PersonId::from_bytes([2; 32]);
        let parent = DocumentId::from_bytes([3; 32]);
        let (here, there) = (SpaceKey::from_bytes([1; 32]), SpaceKey::from_bytes([2; 32]));
        let id = |key, noun, origin: Origin, seq| {
            origin.document(key, Noun(noun), &author, seq, Some(&person))
        };
        let ids = [
            id(&here, 1, Origin::Made, 1),
            id(&there, 1, Origin::Made, 1),
            id(&here, 2, Origin::Made, 1),
            id(&here, 1, Origin::Made, 2),
            id(&here, 1, Origin::Singleton { generation: 0 }, 1),
            id(&here, 1, Origin::Singleton { generation: 1 }, 1),
            id(&here, 1, Origin::Attached { parent, generation: 0 }, 1),
        ];
        let distinct: std::collections::BTreeSet<_> = ids.iter().flatten().collect();
        assert_eq!(distinct.len(), ids.len());
        assert_eq!(id(&here, 1, Origin::Later, 1), None);
    }
}
