//! Actor ids: whose operations these are.
//!
//! ```text
//! actor id (16 bytes) = nonce (4) ‖ BLAKE3 derive-key(author ‖ document ‖ nonce) (first 12)
//! ```
//!
//! Automerge orders concurrent operations by actor and refuses a second change with the same actor
//! and number. An actor that anybody may use could therefore be squatted; one that is derived from
//! the author can be checked by everyone on arrival. The nonce is drawn once for each run of the app
//! and document, so that a device whose disk went back in time never continues an old actor.

use automerge::ActorId;

use super::limits::ACTOR_BYTES;

const CONTEXT: &str = "teilgeber 0 actor";
const NONCE_BYTES: usize = 4;

/// The actor under which `author` edits `document` during one run of the app.
pub fn actor_id(author: &[u8; 32], document: &[u8; 32], nonce: [u8; NONCE_BYTES]) -> ActorId {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    hasher.update(author).update(document).update(&nonce);
    let hash = hasher.finalize();
    let mut id = [0; ACTOR_BYTES];
    id[..NONCE_BYTES].copy_from_slice(&nonce);
    id[NONCE_BYTES..].copy_from_slice(&hash.as_bytes()[..ACTOR_BYTES - NONCE_BYTES]);
    ActorId::from(id)
}

/// Whether `actor` is one of those under which `author` may edit `document`.
pub fn is_actor_of(actor: &ActorId, author: &[u8; 32], document: &[u8; 32]) -> bool {
    match actor.to_bytes().first_chunk() {
        Some(nonce) => *actor == actor_id(author, document, *nonce),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_belongs_to_its_author_and_document_only() {
        let actor = actor_id(&[1; 32], &[2; 32], [3; 4]);
        assert!(is_actor_of(&actor, &[1; 32], &[2; 32]));
        assert!(!is_actor_of(&actor, &[2; 32], &[2; 32]));
        assert!(!is_actor_of(&actor, &[1; 32], &[1; 32]));
        assert!(!is_actor_of(&ActorId::from([0u8; 3]), &[1; 32], &[2; 32]));
        assert!(!is_actor_of(&ActorId::from([0u8; 40]), &[1; 32], &[2; 32]));
    }

    #[test]
    fn the_derivation_stays_as_it_is() {
        let actor = actor_id(&[1; 32], &[2; 32], [3; 4]);
        assert_eq!(actor.to_hex_string(), "03030303aa8769aec162d6c84f069b9a");
    }
}
