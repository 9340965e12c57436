//! The signed envelope around a payload: what everyone can check, couriers too.

use crate::binding::SealedBinding;
use crate::codec::DecodeError;
use crate::content::Content;
use crate::header::{Header, Kind};
use crate::id::{AuthorId, DocumentId, EntryId, SpaceId};
use crate::key::{ADMISSION_DOMAIN, AuthorKey, SpaceKey};
use crate::limits::PAYLOAD_MAX;
use crate::seal::{BLIND_LEN, OVERHEAD, seal};
use crate::sign::{Claim, Signature};
use crate::statement::Statement;

/// Domain of an author's signature over an entry's id.
pub(crate) const ENTRY_DOMAIN: &[u8] = b"teilgeber 0 entry";

/// What an author's first entry brings along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// Who the author is, for those with the key. Empty for letters.
    pub binding: SealedBinding,
    /// The admission key's signature over the author. Left out only on a link where both sides
    /// proved that they hold the space's key.
    pub admission: Option<Signature>,
}

/// Header, id, signature and, on an author's first entry, the introduction.
///
/// A value of this type is well-formed; whether its signatures hold is said by its
/// [`claim`](Self::claim) and [`admission_claim`](Self::admission_claim).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    header: Header,
    id: EntryId,
    signature: Signature,
    introduction: Option<Introduction>,
}

impl Envelope {
    /// Puts an envelope together and checks its form: bounds, and that an author's first entry, and
    /// only that, has an introduction whose hash is its `prev`.
    ///
    /// # Errors
    /// [`DecodeError`] naming the field that does not fit.
    pub fn new(
        header: Header,
        signature: Signature,
        introduction: Option<Introduction>,
    ) -> Result<Self, DecodeError> {
        header.check()?;
        let fits = match &introduction {
            None => header.seq != 1,
            Some(Introduction { binding, .. }) if header.kind == Kind::Letter => {
                binding.as_bytes().is_empty()
            }
            Some(Introduction { binding, .. }) => header.seq == 1 && header.prev == binding.hash(),
        };
        match fits {
            true => Ok(Self { id: header.id(), header, signature, introduction }),
            false => Err(DecodeError::Invalid { field: "introduction" }),
        }
    }

    /// The signed header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The entry's id.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// The author's signature over the id.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// What the author's first entry brings along.
    pub fn introduction(&self) -> Option<&Introduction> {
        self.introduction.as_ref()
    }

    /// That the author signed this entry.
    pub fn claim(&self) -> Claim {
        let author = self.header.author.as_bytes();
        Claim::new(ENTRY_DOMAIN, author, &[self.id.as_bytes()], &self.signature)
    }

    /// That the space's admission key let the author in, where the envelope says so.
    pub fn admission_claim(&self) -> Option<Claim> {
        let admission = self.introduction.as_ref()?.admission.as_ref()?;
        Some(admission_claim(&self.header.space, &self.header.author, admission))
    }
}

/// That the admission key of `space` signed `author`.
pub fn admission_claim(space: &SpaceId, author: &AuthorId, admission: &Signature) -> Claim {
    Claim::new(ADMISSION_DOMAIN, space.as_bytes(), &[author.as_bytes()], admission)
}

/// An entry on its way: the envelope, and of the payload what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Header, signature, introduction.
    pub envelope: Envelope,
    /// What of the payload is there.
    pub payload: Payload,
}

/// What of a payload is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// Nothing: erased, superseded, or to come later.
    Absent,
    /// The bytes that the header names; not opened.
    Closed(Vec<u8>),
    /// The bytes that the header names, and the content that they were sealed from.
    Open {
        /// The sealed bytes.
        sealed: Vec<u8>,
        /// The blind and the content, plain.
        blind: [u8; BLIND_LEN],
        /// The content, plain.
        content: Vec<u8>,
    },
}

impl Payload {
    /// The bytes that the header names.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Absent => None,
            Self::Closed(bytes) | Self::Open { sealed: bytes, .. } => Some(bytes),
        }
    }
}

/// An entry that is about to be signed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The document, or [`DocumentId::NONE`] for a statement.
    pub document: DocumentId,
    /// One more than the author's last.
    pub seq: u32,
    /// The id of the author's last entry; ignored for the first.
    pub prev: [u8; 32],
    /// Now, in ms since 1970.
    pub time: u64,
    /// Needed when `seq` is 1.
    pub binding: SealedBinding,
}

impl Draft {
    /// Seals `content` with the random `blind` and signs the entry.
    ///
    /// # Errors
    /// [`DecodeError::Beyond`] when the content, the sequence or the time is beyond its bound.
    pub fn sign(
        self,
        space: &SpaceKey,
        author: &AuthorKey,
        content: &Content,
        blind: &[u8; BLIND_LEN],
    ) -> Result<Parcel, DecodeError> {
        let content_bytes = content.encode();
        let len = (content_bytes.len() + OVERHEAD) as u64;
        if len > u64::from(PAYLOAD_MAX) {
            let max = u64::from(PAYLOAD_MAX);
            return Err(DecodeError::Beyond { field: "payload length", value: len, max });
        }
        let header = self.header(content.kind(), space.space(), author.id());
        let sealed = seal(space, &header.context(), blind, &content_bytes);
        let envelope = self.finish(header, &sealed, space, author)?;
        let payload = Payload::Open { sealed, blind: *blind, content: content_bytes };
        Ok(Parcel { envelope, payload })
    }

    /// Signs a statement, which is not sealed.
    ///
    /// # Errors
    /// [`DecodeError::Beyond`] when the sequence or the time is beyond its bound.
    pub fn sign_statement(
        self,
        space: &SpaceKey,
        author: &AuthorKey,
        statement: &Statement,
    ) -> Result<Parcel, DecodeError> {
        let payload = statement.encode();
        let header = self.header(Kind::Statement, space.space(), author.id());
        let envelope = self.finish(header, &payload, space, author)?;
        Ok(Parcel { envelope, payload: Payload::Closed(payload) })
    }

    fn header(&self, kind: Kind, space: SpaceId, author: AuthorId) -> Header {
        let prev = if self.seq == 1 { self.binding.hash() } else { self.prev };
        Header {
            kind,
            space,
            document: self.document,
            author,
            seq: self.seq,
            prev,
            time: self.time,
            payload_len: 0,
            payload_hash: [0; 32],
        }
    }

    fn finish(
        self,
        mut header: Header,
        payload: &[u8],
        space: &SpaceKey,
        author: &AuthorKey,
    ) -> Result<Envelope, DecodeError> {
        header.payload_len = payload.len() as u32;
        header.payload_hash = *blake3::hash(payload).as_bytes();
        let introduction = (self.seq == 1).then(|| Introduction {
            binding: self.binding,
            admission: Some(space.admit(&author.id())),
        });
        let signature = author.sign(ENTRY_DOMAIN, &[header.id().as_bytes()]);
        Envelope::new(header, signature, introduction)
    }
}
