//! The handshake as pure steps: bytes in, bytes out, no stream and no clock.
//!
//! ```text
//! initiator → responder   "TLGB" version  e                 5 + 32 bytes
//! responder → initiator   "TLGB" version  e, ee, tag        5 + 32 + 16 bytes
//!
//! noise     Noise_NN_25519_ChaChaPoly_SHA256, both payloads empty
//! prologue  the initiator's five bytes, then the responder's five bytes
//! ```
//!
//! The first message leaves before the answer is known, so each side puts its *own* version where
//! the other's belongs: an initiator of version n expects an answer of version n, and a responder
//! of version n answers only a first message of version n. Where they differ there is no
//! handshake, and each learns the other's version from the clear bytes. A later version that wants
//! to speak an older one dials again with the older first message; that it really had to is then
//! for its own protocol to bind, as clear bytes can be forged.
//!
//! Of the two hashes that the Noise specification proposes for small devices it is SHA-256,
//! because every platform's standard library and most processors have it. It is used in the
//! handshake only; ChaChaPoly, which does the work afterwards, is fast without hardware.
//!
//! NN proves nobody's name: it is the layer above that proves keys, bound to the handshake hash.
//! Both ephemeral keys are part of that hash, so someone in the middle ends up with two different
//! ones. For the same reason a peer that offers a weak ephemeral key harms its own link only.

use std::sync::Arc;

use snow::params::NoiseParams;
use snow::{Builder, HandshakeState};

use crate::error::LinkError;
use crate::frame::{Opener, Sealer};
use crate::primitives::Primitives;

/// The version of the link that this crate speaks; 0 until the first release.
pub const VERSION: u8 = 0;

/// Length of the handshake hash in bytes.
pub const HANDSHAKE_HASH_LEN: usize = 32;

/// What binds proofs to one link: equal on both ends, and on no other link.
pub type HandshakeHash = [u8; HANDSHAKE_HASH_LEN];

/// Who dialled. The two ends of a link always have different roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// This end spoke first.
    Initiator,
    /// This end answered.
    Responder,
}

/// Length in bytes of what each side sends in the clear before its first message.
pub(crate) const PREAMBLE_LEN: usize = 5;
/// Length of the first Noise message: an ephemeral key.
pub(crate) const FIRST_LEN: usize = 32;
/// Length of the second Noise message: an ephemeral key and the tag over an empty payload.
pub(crate) const SECOND_LEN: usize = 32 + 16;

/// The clear bytes that this version sends first.
pub(crate) const PREAMBLE: [u8; PREAMBLE_LEN] = [b'T', b'L', b'G', b'B', VERSION];

/// Looks at the other side's clear bytes.
pub(crate) fn check_preamble(theirs: [u8; PREAMBLE_LEN]) -> Result<(), LinkError> {
    let [magic @ .., version] = theirs;
    match (magic == PREAMBLE[..PREAMBLE_LEN - 1], version) {
        (false, _) => Err(LinkError::Foreign),
        (true, VERSION) => Ok(()),
        (true, theirs) => Err(LinkError::OtherVersion { theirs }),
    }
}

const PATTERN: &str = "Noise_NN_25519_ChaChaPoly_SHA256";

/// Where an ephemeral key comes from.
pub(crate) enum Ephemeral {
    /// From the operating system, which is the only choice outside of test vectors: a key used
    /// twice would be the end of secrecy.
    Fresh,
    #[cfg(test)]
    Fixed([u8; 32]),
}

/// What a finished handshake leaves to each side.
pub(crate) struct Secured {
    pub(crate) sealer: Sealer,
    pub(crate) opener: Opener,
    pub(crate) hash: HandshakeHash,
    pub(crate) role: Role,
}

/// An initiator that has spoken and waits for the answer.
pub(crate) struct Initiator(HandshakeState);

impl Initiator {
    /// Starts a handshake; the bytes are the first Noise message.
    pub(crate) fn start(ephemeral: &Ephemeral) -> Result<(Self, [u8; FIRST_LEN]), LinkError> {
        let mut noise = noise(Role::Initiator, ephemeral)?;
        let first = write(&mut noise)?;
        Ok((Self(noise), first))
    }

    /// Ends it with the second Noise message.
    pub(crate) fn finish(mut self, second: &[u8; SECOND_LEN]) -> Result<Secured, LinkError> {
        self.0.read_message(second, &mut []).map_err(|_| LinkError::Tampered)?;
        secured(self.0, Role::Initiator)
    }
}

/// Answers the first Noise message; the bytes are the second.
pub(crate) fn answer(
    first: &[u8; FIRST_LEN],
    ephemeral: &Ephemeral,
) -> Result<([u8; SECOND_LEN], Secured), LinkError> {
    let mut noise = noise(Role::Responder, ephemeral)?;
    noise.read_message(first, &mut []).map_err(|_| LinkError::Tampered)?;
    let second = write(&mut noise)?;
    Ok((second, secured(noise, Role::Responder)?))
}

/// The state before the first message.
fn noise(role: Role, ephemeral: &Ephemeral) -> Result<HandshakeState, LinkError> {
    let mut prologue = [0; 2 * PREAMBLE_LEN];
    prologue[..PREAMBLE_LEN].copy_from_slice(&PREAMBLE);
    prologue[PREAMBLE_LEN..].copy_from_slice(&PREAMBLE);
    let params: NoiseParams = PATTERN.parse().map_err(local_failure)?;
    let builder = Builder::with_resolver(params, Box::new(Primitives))
        .prologue(&prologue)
        .map_err(local_failure)?;
    let builder = match ephemeral {
        Ephemeral::Fresh => builder,
        #[cfg(test)]
        Ephemeral::Fixed(key) => builder.fixed_ephemeral_key_for_testing_only(key),
    };
    match role {
        Role::Initiator => builder.build_initiator(),
        Role::Responder => builder.build_responder(),
    }
    .map_err(local_failure)
}

/// Writes the next message, which is `N` bytes long.
fn write<const N: usize>(noise: &mut HandshakeState) -> Result<[u8; N], LinkError> {
    // The library wants room for a tag even where a message has none.
    let mut buffer = [0; SECOND_LEN];
    noise.write_message(&[], &mut buffer).map_err(local_failure)?;
    let mut message = [0; N];
    message.copy_from_slice(&buffer[..N]);
    Ok(message)
}

/// Turns a finished handshake into what seals and opens frames.
fn secured(noise: HandshakeState, role: Role) -> Result<Secured, LinkError> {
    let mut hash = [0; HANDSHAKE_HASH_LEN];
    hash.copy_from_slice(noise.get_handshake_hash());
    let transport = noise.into_stateless_transport_mode().map_err(local_failure)?;
    let transport = Arc::new(transport);
    Ok(Secured {
        sealer: Sealer::new(transport.clone()),
        opener: Opener::new(transport),
        hash,
        role,
    })
}

/// Pattern and lengths are fixed above, so what can fail on this side is the system's randomness.
fn local_failure(error: snow::Error) -> LinkError {
    debug_assert_eq!(error, snow::Error::Rng, "a fixed handshake was set up wrongly");
    LinkError::NoRandomness
}
