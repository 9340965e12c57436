//! Sealing: what nobody without the space's key can read, and what comes out the same each time.
//!
//! ```text
//! payload   = nonce 24 ‖ XChaCha20-Poly1305(plaintext) with its tag 16
//! plaintext = blind 16 ‖ content
//! nonce     = first 24 bytes of keyed BLAKE3(context ‖ plaintext), key: the space's nonce key
//! ```
//!
//! The associated data is the header without the payload's length and hash. The nonce depends on
//! everything, so sealing the same content again gives the same bytes (two members may send each
//! other the plaintext and the receiver comes to the same id), and two contents never share a
//! nonce. The blind is 16 random bytes, sent with the content and dropped with it, so that an erased
//! text cannot be guessed from the hash in its husk.

use chacha20poly1305::aead::{Aead, Payload};

use crate::key::SpaceKey;

/// Bytes of the nonce.
pub const NONCE_LEN: usize = 24;
/// Bytes of the authentication tag.
pub const TAG_LEN: usize = 16;
/// Bytes of the blind.
pub const BLIND_LEN: usize = 16;
/// Bytes by which a payload is longer than its content.
pub const OVERHEAD: usize = NONCE_LEN + TAG_LEN + BLIND_LEN;

/// A payload cannot be read with this key, or was not sealed by the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the payload does not open with this space's key")]
pub struct SealError;

/// Seals `content` with `blind` before it.
pub fn seal(key: &SpaceKey, context: &[u8], blind: &[u8; BLIND_LEN], content: &[u8]) -> Vec<u8> {
    let mut plaintext = Vec::with_capacity(BLIND_LEN + content.len());
    plaintext.extend_from_slice(blind);
    plaintext.extend_from_slice(content);
    seal_plaintext(key, context, &plaintext)
}

/// Opens a payload: the blind and the content.
///
/// # Errors
/// [`SealError`] when the key is another, a byte was changed, or the nonce is not the one that the
/// rule gives (then sealing again would not come to the same id).
pub fn open(
    key: &SpaceKey,
    context: &[u8],
    payload: &[u8],
) -> Result<([u8; BLIND_LEN], Vec<u8>), SealError> {
    let mut plaintext = open_plaintext(key, context, payload)?;
    let (blind, _) = plaintext.split_first_chunk::<BLIND_LEN>().ok_or(SealError)?;
    let blind = *blind;
    plaintext.drain(..BLIND_LEN);
    Ok((blind, plaintext))
}

#[expect(clippy::expect_used, reason = "the cipher refuses only messages of 256 GiB")]
pub(crate) fn seal_plaintext(key: &SpaceKey, context: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let nonce = nonce(key, context, plaintext);
    let message = Payload { msg: plaintext, aad: context };
    let sealed = key.cipher().encrypt(&nonce.into(), message).expect("short enough");
    let mut payload = Vec::with_capacity(NONCE_LEN + sealed.len());
    payload.extend_from_slice(&nonce);
    payload.extend_from_slice(&sealed);
    payload
}

pub(crate) fn open_plaintext(
    key: &SpaceKey,
    context: &[u8],
    payload: &[u8],
) -> Result<Vec<u8>, SealError> {
    let (said, sealed) = payload.split_first_chunk::<NONCE_LEN>().ok_or(SealError)?;
    let message = Payload { msg: sealed, aad: context };
    let plaintext = key.cipher().decrypt(&(*said).into(), message).map_err(|_| SealError)?;
    match nonce(key, context, &plaintext) == *said {
        true => Ok(plaintext),
        false => Err(SealError),
    }
}

fn nonce(key: &SpaceKey, context: &[u8], plaintext: &[u8]) -> [u8; NONCE_LEN] {
    let mut hasher = key.nonce_hasher();
    hasher.update(&(context.len() as u64).to_be_bytes());
    hasher.update(context).update(plaintext);
    let mut nonce = [0; NONCE_LEN];
    hasher.finalize_xof().fill(&mut nonce);
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_sealed_opens_and_seals_again_to_the_same(context: Vec<u8>, blind: [u8; 16], content: Vec<u8>) {
            let key = SpaceKey::from_bytes([1; 32]);
            let payload = seal(&key, &context, &blind, &content);
            prop_assert_eq!(payload.len(), content.len() + OVERHEAD);
            prop_assert_eq!(open(&key, &context, &payload), Ok((blind, content.clone())));
            prop_assert_eq!(seal(&key, &context, &blind, &content), payload);
        }

        #[test]
        fn a_changed_byte_another_context_and_another_key_do_not_open(content: Vec<u8>, at: prop::sample::Index) {
            let key = SpaceKey::from_bytes([1; 32]);
            let payload = seal(&key, b"here", &[0; 16], &content);
            let mut changed = payload.clone();
            let at = at.index(changed.len());
            changed[at] ^= 1;
            prop_assert_eq!(open(&key, b"here", &changed), Err(SealError));
            prop_assert_eq!(open(&key, b"there", &payload), Err(SealError));
            prop_assert_eq!(open(&SpaceKey::from_bytes([2; 32]), b"here", &payload), Err(SealError));
        }

        #[test]
        fn any_bytes_open_or_are_refused(payload: Vec<u8>) {
            prop_assert_eq!(open(&SpaceKey::from_bytes([1; 32]), b"", &payload), Err(SealError));
        }
    }

    #[test]
    fn a_nonce_that_the_rule_does_not_give_is_refused_although_the_tag_holds() {
        let key = SpaceKey::from_bytes([1; 32]);
        let nonce = [9; NONCE_LEN];
        let message = Payload { msg: &[0; 20], aad: b"" };
        let mut payload = nonce.to_vec();
        payload.extend(key.cipher().encrypt(&nonce.into(), message).unwrap());
        assert_eq!(open(&key, b"", &payload), Err(SealError));
    }
}
