//! Ed25519 signatures, one by one and in batches that agree.
//!
//! Signatures are accepted by the rules of ZIP-215 (crate `ed25519-zebra`): there, and only there,
//! checking one by one and checking in a batch give the same answer for every input, so that two
//! phones never disagree about an entry. Keys must be *acceptable*: canonically encoded and not of
//! small order. A small-order key would make every signature valid for everyone.
//!
//! What is signed always starts with a domain string, so that no signature means two things.

use std::sync::LazyLock;

use curve25519_dalek::constants::EIGHT_TORSION;
use ed25519_zebra::batch::{Item, Verifier};

use crate::xof::Xof;

/// Bytes of a [`Signature`].
pub const SIGNATURE_LEN: usize = 64;

/// How many signatures are checked at once. Beyond some hundred, a larger batch gains little and
/// a bad signature in it costs more to find.
pub const BATCH: usize = 256;

/// The 64 bytes of an Ed25519 signature. Says nothing about whether it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature(pub [u8; SIGNATURE_LEN]);

/// A signature does not hold, or its key is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct VerifyError;

/// One thing to verify: `signature` over `message` by `key`.
#[derive(Debug, Clone)]
pub struct Claim {
    key: [u8; 32],
    item: Item,
    transcript: blake3::Hash,
}

impl Claim {
    /// The claim that `key` signed `domain ‖ message`.
    pub fn new(
        domain: &'static [u8],
        key: &[u8; 32],
        message: &[&[u8]],
        signature: &Signature,
    ) -> Self {
        let message = domained(domain, message);
        let mut transcript = blake3::Hasher::new();
        transcript.update(key).update(&signature.0).update(&message);
        let item = Item::from(((*key).into(), signature.0.into(), &message));
        Self { key: *key, item, transcript: transcript.finalize() }
    }

    /// Checks this claim alone.
    ///
    /// # Errors
    /// [`VerifyError`] when the signature does not hold or the key is not acceptable.
    pub fn verify(self) -> Result<(), VerifyError> {
        if !is_acceptable_key(&self.key) {
            return Err(VerifyError);
        }
        self.item.verify_single().map_err(|_| VerifyError)
    }
}

/// Checks many claims, about twice as fast as one by one. Answers for each in order.
pub fn verify_all(claims: &[Claim]) -> Vec<bool> {
    let mut verdicts = Vec::with_capacity(claims.len());
    for batch in claims.chunks(BATCH) {
        verify_halving(batch, &mut verdicts);
    }
    verdicts
}

/// Whether `key` is a canonical encoding of a point and that point is not of small order.
///
/// Whether the bytes are on the curve at all is found when a signature is checked.
pub fn is_acceptable_key(key: &[u8; 32]) -> bool {
    let mut y = *key;
    y[31] &= 0x7f;
    is_reduced(&y) && !SMALL_ORDER.contains(&y)
}

pub(crate) fn domained(domain: &'static [u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut message = domain.to_vec();
    parts.iter().for_each(|part| message.extend_from_slice(part));
    message
}

fn verify_halving(claims: &[Claim], verdicts: &mut Vec<bool>) {
    if let [claim] = claims {
        verdicts.push(claim.clone().verify().is_ok());
    } else if holds_together(claims) {
        verdicts.extend(claims.iter().map(|_| true));
    } else {
        let (left, right) = claims.split_at(claims.len() / 2);
        verify_halving(left, verdicts);
        verify_halving(right, verdicts);
    }
}

fn holds_together(claims: &[Claim]) -> bool {
    if !claims.iter().all(|claim| is_acceptable_key(&claim.key)) {
        return false;
    }
    let mut verifier = Verifier::new();
    let mut seed = blake3::Hasher::new_derive_key("teilgeber 0 batch verification");
    for Claim { item, transcript, .. } in claims {
        seed.update(transcript.as_bytes());
        verifier.queue(item.clone());
    }
    // Coefficients drawn from a hash of the whole batch: whoever picks signatures cannot pick the
    // coefficients too, and a batch needs no source of randomness (Fiat and Shamir).
    verifier.verify(Xof(seed.finalize_xof())).is_ok()
}

/// The y coordinates of the eight points of small order, some twice. A negative zero (x = 0 with the
/// sign bit set) occurs only among them, so without the sign bit this refuses that encoding too.
static SMALL_ORDER: LazyLock<[[u8; 32]; 8]> = LazyLock::new(|| {
    EIGHT_TORSION.map(|point| {
        let mut y = point.compress().to_bytes();
        y[31] &= 0x7f;
        y
    })
});

/// Whether a y coordinate is below the field's prime 2^255 - 19.
fn is_reduced(y: &[u8; 32]) -> bool {
    y[31] != 0x7f || y[1..31].iter().any(|byte| *byte != 0xff) || y[0] < 0xed
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
    use curve25519_dalek::edwards::EdwardsPoint;
    use curve25519_dalek::scalar::Scalar;
    use ed25519_zebra::{SigningKey, VerificationKeyBytes};
    use proptest::prelude::*;

    const DOMAIN: &[u8] = b"test";

    fn signed(seed: u8, message: &[u8]) -> ([u8; 32], Signature) {
        let key = SigningKey::from([seed; 32]);
        let signature = key.sign(&domained(DOMAIN, &[message]));
        (VerificationKeyBytes::from(&key).into(), Signature(signature.to_bytes()))
    }

    /// A signature by a key with a part of small order: valid by ZIP-215, refused by other rules.
    fn signed_with_torsion(torsion: usize, message: &[u8]) -> ([u8; 32], Signature) {
        let point = |scalar: Scalar| ED25519_BASEPOINT_POINT * scalar + EIGHT_TORSION[torsion];
        let bytes = |point: EdwardsPoint| point.compress().to_bytes();
        let (a, r) = (Scalar::from(7_u8), Scalar::from(9_u8));
        let (key, nonce) = (bytes(point(a)), bytes(point(r)));
        let mut signature = [0; SIGNATURE_LEN];
        signature[..32].copy_from_slice(&nonce);
        let challenge = challenge(&nonce, &key, &domained(DOMAIN, &[message]));
        signature[32..].copy_from_slice((r + challenge * a).as_bytes());
        (key, Signature(signature))
    }

    fn challenge(nonce: &[u8; 32], key: &[u8; 32], message: &[u8]) -> Scalar {
        use sha2::{Digest, Sha512};
        let hash = Sha512::new().chain_update(nonce).chain_update(key).chain_update(message);
        Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn a_batch_and_one_by_one_agree(
            specs in prop::collection::vec((0_u8..4, 0_usize..8, any::<bool>(), any::<[u8; 4]>()), 1..40)
        ) {
            let claims: Vec<Claim> = specs
                .iter()
                .map(|(seed, torsion, spoilt, message)| {
                    let (key, mut signature) = match seed {
                        0 => signed_with_torsion(*torsion, message),
                        seed => signed(*seed, message),
                    };
                    signature.0[40] ^= u8::from(*spoilt);
                    Claim::new(DOMAIN, &key, &[message], &signature)
                })
                .collect();
            let one_by_one: Vec<bool> = claims.iter().map(|c| c.clone().verify().is_ok()).collect();
            let expected: Vec<bool> = specs.iter().map(|(.., spoilt, _)| !spoilt).collect();
            prop_assert_eq!(&one_by_one, &expected);
            prop_assert_eq!(verify_all(&claims), one_by_one);
        }
    }

    #[test]
    fn a_key_of_small_order_is_refused_although_it_signs_everything() {
        for point in EIGHT_TORSION {
            for sign in [0, 0x80] {
                let mut key = point.compress().to_bytes();
                key[31] ^= sign;
                assert!(!is_acceptable_key(&key));
            }
        }
    }

    #[test]
    fn a_key_that_is_not_reduced_is_refused() {
        let mut key = [0xff; 32];
        key[31] = 0x7f;
        for low in 0xed..=0xff {
            key[0] = low;
            assert!(!is_acceptable_key(&key));
        }
        key[0] = 0xeb;
        assert!(is_acceptable_key(&key));
    }
}
