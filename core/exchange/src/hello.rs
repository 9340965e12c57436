//! How two sides find what they have in common, and show no more.
//!
//! The initiator names its spaces blindly, among random names. The responder answers with those that
//! it holds, under names that only a holder of the same carry key can make on this link, so that
//! neither a prober's nor a responder's guess meets an answer. A member adds a proof of the space
//! key. Both names and proof depend on the handshake hash and the side: what was heard on one link,
//! or from the other side, is worth nothing. An author is shown only after the other side's proof.

use teilgeber_entry::codec::{Reader, Write};
use teilgeber_entry::key::link_claim;
use teilgeber_entry::{AuthorId, AuthorKey, CarryKey, Fingerprint, Signature, SpaceId, SpaceKey};

use crate::fault::{Fault, OfferError};
use crate::frame::flag;
use crate::limits::{NAMES_PAD, SPACES_MAX};

/// The major version of the dialogue. Two that differ cannot talk.
pub const VERSION: u8 = 0;

/// What this version can do beyond the plain dialogue: nothing yet. Each later bit is used only
/// where both sides set it.
const CAPABILITIES: u64 = 0;

/// Which side of a link this is: who dialled begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Dialled.
    Initiator,
    /// Was dialled.
    Responder,
}

impl Role {
    fn code(self) -> u8 {
        match self {
            Self::Initiator => 0,
            Self::Responder => 1,
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Initiator => Self::Responder,
            Self::Responder => Self::Initiator,
        }
    }
}

/// A space that this device holds and is willing to exchange.
#[derive(Debug, Clone)]
pub struct SpaceOffer {
    id: SpaceId,
    carry: CarryKey,
    key: Option<SpaceKey>,
    author: Option<AuthorKey>,
}

impl SpaceOffer {
    /// As a member. `author` is shown to a peer that proves the key; `None` shows nobody.
    pub fn member(key: SpaceKey, author: Option<AuthorKey>) -> Self {
        Self { id: key.space(), carry: key.carry_key(), key: Some(key), author }
    }

    /// As a courier, who cannot read it.
    pub fn courier(id: SpaceId, carry: CarryKey) -> Self {
        Self { id, carry, key: None, author: None }
    }

    /// The space.
    pub fn id(&self) -> SpaceId {
        self.id
    }
}

/// What a side says of itself in a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) proof: Option<[u8; 32]>,
    pub(crate) fingerprint: Fingerprint,
}

impl Standing {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.put_u8(self.proof.is_some().into());
        if let Some(proof) = &self.proof {
            out.put_bytes(proof);
        }
        out.put_bytes(&self.fingerprint.0);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        let proof = match flag(reader, "proven")? {
            true => Some(reader.array("proof")?),
            false => None,
        };
        Ok(Self { proof, fingerprint: Fingerprint(reader.array("fingerprint")?) })
    }
}

/// The first frame of each side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hello {
    pub(crate) names: Vec<[u8; 8]>,
}

impl Hello {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.put_u8(VERSION);
        out.put_varint(CAPABILITIES);
        out.put_varint(self.names.len() as u64);
        self.names.iter().for_each(|name| out.put_bytes(name));
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        match reader.u8("version")? {
            VERSION => {}
            theirs => return Err(Fault::Version { theirs }),
        }
        reader.varint("capabilities", u64::MAX)?;
        let count = reader.count("names", SPACES_MAX)?;
        let names = (0..count).map(|_| reader.array("name"));
        Ok(Self { names: names.collect::<Result<_, _>>()? })
    }
}

/// What is offered on one link.
pub(crate) struct Offers {
    role: Role,
    handshake_hash: [u8; 32],
    offers: Vec<SpaceOffer>,
}

impl Offers {
    pub(crate) fn new(
        role: Role,
        handshake_hash: [u8; 32],
        offers: Vec<SpaceOffer>,
    ) -> Result<Self, OfferError> {
        if offers.len() > SPACES_MAX {
            return Err(OfferError::TooMany);
        }
        let mut ids: Vec<SpaceId> = offers.iter().map(SpaceOffer::id).collect();
        ids.sort_unstable();
        match ids.is_sorted_by(|a, b| a < b) {
            true => Ok(Self { role, handshake_hash, offers }),
            false => Err(OfferError::Twice),
        }
    }

    pub(crate) fn id(&self, at: usize) -> SpaceId {
        self.offers[at].id
    }

    /// All own names among random ones, by value, so that neither their number nor their order says
    /// anything.
    pub(crate) fn names(&self, seed: &[u8; 32]) -> Vec<[u8; 8]> {
        let mut names: Vec<[u8; 8]> =
            (0..self.offers.len()).map(|at| self.name(at, self.role)).collect();
        let mut random = blake3::Hasher::new_keyed(seed).finalize_xof();
        while names.is_empty() || !names.len().is_multiple_of(NAMES_PAD) {
            let mut name = [0; 8];
            random.fill(&mut name);
            names.push(name);
        }
        names.sort_unstable();
        names
    }

    /// The own spaces among the other side's names, in the order of its names.
    pub(crate) fn matching(&self, names: &[[u8; 8]]) -> Result<Vec<usize>, Fault> {
        let mut matching = Vec::new();
        for name in names {
            if let Some(at) = self.find(name) {
                if matching.contains(&at) {
                    return Err(Fault::UnknownName);
                }
                matching.push(at);
            }
        }
        Ok(matching)
    }

    /// The own space that the other side calls so.
    pub(crate) fn find(&self, name: &[u8; 8]) -> Option<usize> {
        (0..self.offers.len()).find(|at| self.name(*at, self.role.other()) == *name)
    }

    /// How the space is called by this side.
    pub(crate) fn own_name(&self, at: usize) -> [u8; 8] {
        self.name(at, self.role)
    }

    pub(crate) fn standing(&self, at: usize, fingerprint: Fingerprint) -> Standing {
        let prove = |key: &SpaceKey| key.prove(&self.handshake_hash, self.role.code());
        Standing { proof: self.offers[at].key.as_ref().map(prove), fingerprint }
    }

    /// Whether both sides hold the key.
    pub(crate) fn check_proof(&self, at: usize, theirs: &Standing) -> Result<bool, Fault> {
        let (Some(key), Some(proof)) = (&self.offers[at].key, &theirs.proof) else {
            return Ok(false);
        };
        let expected = key.prove(&self.handshake_hash, self.role.other().code());
        match blake3::Hash::from_bytes(expected) == blake3::Hash::from_bytes(*proof) {
            true => Ok(true),
            false => Err(Fault::BadProof),
        }
    }

    /// The own author in a space, to be shown to a peer that has proven the key.
    pub(crate) fn author(&self, at: usize) -> Option<(AuthorId, Signature)> {
        let author = self.offers[at].author.as_ref()?;
        Some((author.id(), author.show_on_link(&self.handshake_hash)))
    }

    /// Checks an author that the other side showed. One of this device's own is this side's
    /// signature sent back.
    pub(crate) fn check_author(
        &self,
        author: &AuthorId,
        signature: &Signature,
    ) -> Result<(), Fault> {
        let is_own = self.offers.iter().filter_map(|offer| offer.author.as_ref());
        if is_own.map(AuthorKey::id).any(|own| own == *author) {
            return Err(Fault::BadAuthor);
        }
        let claim = link_claim(author, &self.handshake_hash, signature);
        claim.verify().map_err(|_| Fault::BadAuthor)
    }

    fn name(&self, at: usize, role: Role) -> [u8; 8] {
        self.offers[at].carry.blinded_name(&self.handshake_hash, role.code())
    }
}
