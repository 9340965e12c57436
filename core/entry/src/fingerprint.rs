//! The fingerprint of a set of entries: LtHash, a sum that can be kept up to date.
//!
//! Each id is expanded by BLAKE3 to 1,024 numbers of 16 bits, and a set's state is their sum, number
//! by number, modulo 2^16 (LtHash16 of Bellare and Micciancio, "A New Paradigm for Collision-Free
//! Hashing", with the parameters of Lewi and others, "Securing Update Propagation with Homomorphic
//! Hashing"). Adding and removing are the same cost; order does not matter. A plain sum of 32-byte
//! hashes would be shorter, but an author who picks entries could make two sets with one sum.

use crate::id::EntryId;

const LANES: usize = 1024;

/// Bytes of a stored [`LtHash`].
pub const STATE_LEN: usize = 2 * LANES;

/// The state of a set: 2 KiB, kept beside the log.
#[derive(Clone, PartialEq, Eq)]
pub struct LtHash(Box<[u16; LANES]>);

/// The state's hash, as devices compare it: equal sets have equal fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl LtHash {
    /// The state of the empty set.
    pub fn empty() -> Self {
        Self(Box::new([0; LANES]))
    }

    /// Takes a stored state; `None` if it has not [`STATE_LEN`] bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != STATE_LEN {
            return None;
        }
        let mut state = Self::empty();
        for (lane, pair) in state.0.iter_mut().zip(bytes.chunks_exact(2)) {
            *lane = u16::from_le_bytes([pair[0], pair[1]]);
        }
        Some(state)
    }

    /// The state's bytes, to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|lane| lane.to_le_bytes()).collect()
    }

    /// Adds an entry that was not in the set.
    pub fn add(&mut self, id: &EntryId) {
        self.apply(id, u16::wrapping_add);
    }

    /// Removes an entry that was in the set.
    pub fn remove(&mut self, id: &EntryId) {
        self.apply(id, u16::wrapping_sub);
    }

    /// The fingerprint of the set.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(blake3::derive_key("teilgeber 0 set fingerprint", &self.to_bytes()))
    }

    fn apply(&mut self, id: &EntryId, combine: impl Fn(u16, u16) -> u16) {
        let mut expanded = [0; STATE_LEN];
        blake3::Hasher::new_derive_key("teilgeber 0 set element")
            .update(id.as_bytes())
            .finalize_xof()
            .fill(&mut expanded);
        for (lane, pair) in self.0.iter_mut().zip(expanded.chunks_exact(2)) {
            *lane = combine(*lane, u16::from_le_bytes([pair[0], pair[1]]));
        }
    }
}

impl std::fmt::Debug for LtHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LtHash({:?})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_order_does_not_matter_and_removing_undoes_adding(
            ids in prop::collection::btree_set(any::<[u8; 32]>(), 0..20), extra: [u8; 32]
        ) {
            let mut forwards = LtHash::empty();
            ids.iter().for_each(|id| forwards.add(&EntryId::from_bytes(*id)));
            let mut backwards = LtHash::empty();
            backwards.add(&EntryId::from_bytes(extra));
            ids.iter().rev().for_each(|id| backwards.add(&EntryId::from_bytes(*id)));
            prop_assert!(forwards.fingerprint() != backwards.fingerprint());
            backwards.remove(&EntryId::from_bytes(extra));
            prop_assert_eq!(forwards.fingerprint(), backwards.fingerprint());
            prop_assert_eq!(LtHash::from_bytes(&forwards.to_bytes()), Some(forwards));
        }
    }
}
