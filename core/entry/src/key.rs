//! Secrets, and what is derived from them. All are zeroed when dropped, and none shows itself.

use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, Serializable};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::binding::DEVICE_DOMAIN;
use crate::id::{AuthorId, DeviceId, HostId, PersonId, SpaceId};
use crate::sign::{Claim, Signature, domained};

/// Domain of an admission: the admission key's signature over an author key.
pub(crate) const ADMISSION_DOMAIN: &[u8] = b"teilgeber 0 admission";

/// Domain of an author's signature over a link's handshake hash: "this author is on this link".
pub(crate) const LINK_DOMAIN: &[u8] = b"teilgeber 0 author on link";

/// Domain of a host's signature over a link's handshake hash: "this host answered this link".
pub(crate) const HOST_DOMAIN: &[u8] = b"teilgeber 0 host on link";

macro_rules! hides_itself {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    };
}

/// The key of a space. Whoever holds it is a member: reads everything in it, and can admit others.
///
/// From its 32 bytes everything else is derived (BLAKE3 derive-key, one context string each), and it
/// never changes: who must be locked out stays behind in the old space.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SpaceKey {
    bytes: [u8; 32],
    sealing: [u8; 32],
    nonce: [u8; 32],
    ids: [u8; 32],
    proof: [u8; 32],
    #[zeroize(skip)]
    admission: SigningKey,
    #[zeroize(skip)]
    id: SpaceId,
}

hides_itself!(SpaceKey);

impl SpaceKey {
    /// The space of these 32 secret bytes. Random for a self, card or event space.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let derive = |context| blake3::derive_key(context, &bytes);
        let admission = SigningKey::from(derive("teilgeber 0 space admission key"));
        let id = SpaceId::from_bytes(VerificationKeyBytes::from(&admission).into());
        Self {
            bytes,
            sealing: derive("teilgeber 0 space sealing key"),
            nonce: derive("teilgeber 0 space nonce key"),
            ids: derive("teilgeber 0 space id key"),
            proof: derive("teilgeber 0 space proof key"),
            admission,
            id,
        }
    }

    /// Its bytes: to store on this device, or to hand to someone who is let in.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The space's public name.
    pub fn space(&self) -> SpaceId {
        self.id
    }

    /// What a courier is given to recognise the space on a link without being able to read it.
    pub fn carry_key(&self) -> CarryKey {
        CarryKey(blake3::derive_key("teilgeber 0 space carry key", &self.bytes))
    }

    /// Lets an author in: what every courier can check against the space's id.
    pub fn admit(&self, author: &AuthorId) -> Signature {
        let message = domained(ADMISSION_DOMAIN, &[author.as_bytes()]);
        Signature(self.admission.sign(&message).to_bytes())
    }

    /// Proof on one link that its writer holds this key. `role` is the writer's side, so that a
    /// proof cannot be sent back to whom it came from.
    pub fn prove(&self, handshake_hash: &[u8; 32], role: u8) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.proof);
        hasher.update(handshake_hash).update(&[role]);
        *hasher.finalize().as_bytes()
    }

    pub(crate) fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.sealing.into())
    }

    /// What seals the sections of a bundle that are for members.
    pub(crate) fn bundle_cipher(&self) -> XChaCha20Poly1305 {
        let key = blake3::derive_key("teilgeber 0 space bundle key", &self.bytes);
        XChaCha20Poly1305::new(&key.into())
    }

    pub(crate) fn nonce_hasher(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&self.nonce)
    }

    pub(crate) fn id_hasher(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&self.ids)
    }
}

/// What a courier holds of a space beside its id: enough to name it blindly on a link.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct CarryKey([u8; 32]);

hides_itself!(CarryKey);

impl CarryKey {
    /// The carry key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to store or to hand to a courier.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The space's name on one link, from the side `role`: who does not hold the key cannot tell it
    /// from a random number, nor two names of one space from those of two.
    pub fn blinded_name(&self, handshake_hash: &[u8; 32], role: u8) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(handshake_hash).update(&[role]);
        let mut name = [0; 8];
        hasher.finalize_xof().fill(&mut name);
        name
    }

    /// What seals the sections of a bundle that couriers can take in.
    pub(crate) fn bundle_cipher(&self) -> XChaCha20Poly1305 {
        let key = blake3::derive_key("teilgeber 0 carry bundle key", &self.0);
        XChaCha20Poly1305::new(&key.into())
    }
}

macro_rules! signing_key {
    ($(#[$doc:meta])* $name:ident, $id:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            // Zeroes itself when dropped.
            key: SigningKey,
            id: $id,
        }

        hides_itself!($name);

        impl $name {
            /// The key of this seed: 32 secret random bytes.
            pub fn from_bytes(seed: [u8; 32]) -> Self {
                let key = SigningKey::from(seed);
                let id = $id::from_bytes(VerificationKeyBytes::from(&key).into());
                Self { key, id }
            }

            /// The seed, to store on this device.
            pub fn as_bytes(&self) -> &[u8; 32] {
                self.key.as_bytes()
            }

            /// The public half.
            pub fn id(&self) -> $id {
                self.id
            }

            pub(crate) fn sign(&self, domain: &'static [u8], parts: &[&[u8]]) -> Signature {
                Signature(self.key.sign(&domained(domain, parts)).to_bytes())
            }
        }
    };
}

signing_key! {
    /// A device's key in one space.
    AuthorKey, AuthorId
}
signing_key! {
    /// A person's key: on the first device and in the recovery code.
    PersonKey, PersonId
}
signing_key! {
    /// The key of a device that was linked to a person.
    DeviceKey, DeviceId
}
signing_key! {
    /// The key of a host in one run, which a host code names. Nothing else is signed with it.
    HostKey, HostId
}

impl HostKey {
    /// Proves on a link that its writer holds this key: a signature over the link's handshake hash.
    pub fn prove_on_link(&self, handshake_hash: &[u8; 32]) -> Signature {
        self.sign(HOST_DOMAIN, &[handshake_hash])
    }
}

/// That `host` [answered](HostKey::prove_on_link) the link with this handshake hash.
pub fn host_claim(host: &HostId, handshake_hash: &[u8; 32], signature: &Signature) -> Claim {
    Claim::new(HOST_DOMAIN, host.as_bytes(), &[handshake_hash], signature)
}

impl AuthorKey {
    /// Shows this author on a link: a signature over the link's handshake hash.
    pub fn show_on_link(&self, handshake_hash: &[u8; 32]) -> Signature {
        self.sign(LINK_DOMAIN, &[handshake_hash])
    }
}

/// That `author` [showed itself](AuthorKey::show_on_link) on the link with this handshake hash.
pub fn link_claim(author: &AuthorId, handshake_hash: &[u8; 32], signature: &Signature) -> Claim {
    Claim::new(LINK_DOMAIN, author.as_bytes(), &[handshake_hash], signature)
}

impl PersonKey {
    /// Makes a device one of this person's: the device may then bind authors to the person.
    pub fn sign_device(&self, device: &DeviceId) -> Signature {
        self.sign(DEVICE_DOMAIN, &[device.as_bytes()])
    }
}

type Kem25519 = X25519HkdfSha256;

/// The secret half of an X25519 key that letters are sealed to (HPKE).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct LetterKey([u8; 32]);

hides_itself!(LetterKey);

impl LetterKey {
    /// The key of these 32 secret random bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to store on this device.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The public half.
    pub fn public(&self) -> LetterPublic {
        let mut public = [0; 32];
        public.copy_from_slice(&Kem25519::sk_to_pk(&self.hpke()).to_bytes());
        LetterPublic(public)
    }

    #[expect(clippy::expect_used, reason = "every 32 bytes are an X25519 secret")]
    pub(crate) fn hpke(&self) -> <Kem25519 as Kem>::PrivateKey {
        <Kem25519 as Kem>::PrivateKey::from_bytes(&self.0).expect("32 bytes are a key")
    }
}

/// The public half of a [`LetterKey`]: where a person can be written to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LetterPublic([u8; 32]);

impl LetterPublic {
    /// The address with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let space = SpaceKey::from_bytes([7; 32]);
        assert_eq!(format!("{space:?}"), "SpaceKey(hidden)");
        assert_eq!(format!("{:?}", PersonKey::from_bytes([7; 32])), "PersonKey(hidden)");
        assert_eq!(format!("{:?}", LetterKey::from_bytes([7; 32])), "LetterKey(hidden)");
        assert_eq!(format!("{:?}", space.carry_key()), "CarryKey(hidden)");
    }

    #[test]
    fn a_space_has_other_names_on_another_link_and_on_the_other_side() {
        let carry = SpaceKey::from_bytes([7; 32]).carry_key();
        let names = [
            carry.blinded_name(&[1; 32], 0),
            carry.blinded_name(&[1; 32], 1),
            carry.blinded_name(&[2; 32], 0),
        ];
        assert!(names[0] != names[1] && names[0] != names[2] && names[1] != names[2]);
    }
}
