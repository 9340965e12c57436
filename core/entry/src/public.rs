//! A word for everyone: what its author signs beside the entry, so that it can leave its space.
//!
//! An entry's signature covers sealed bytes, and shows nothing to those without the space's key. What
//! an author marks for everyone is signed once more, in the open: over the space, the document and the
//! value. So it can be embedded in another event or shown on a page, and still nobody can put words
//! into its author's mouth.
//!
//! ```text
//! signed = domain ‖ space 32 ‖ document 32 ‖ value
//! ```

use crate::id::{AuthorId, DocumentId, SpaceId};
use crate::key::AuthorKey;
use crate::sign::{Claim, Signature};

const PUBLIC_DOMAIN: &[u8] = b"teilgeber 0 for everyone";

impl AuthorKey {
    /// Signs a value for everyone.
    pub fn sign_for_everyone(
        &self,
        space: &SpaceId,
        document: &DocumentId,
        value: &[u8],
    ) -> Signature {
        self.sign(PUBLIC_DOMAIN, &[space.as_bytes(), document.as_bytes(), value])
    }
}

/// That `author` [signed](AuthorKey::sign_for_everyone) this value for everyone.
pub fn public_claim(
    author: &AuthorId,
    space: &SpaceId,
    document: &DocumentId,
    value: &[u8],
    signature: &Signature,
) -> Claim {
    let parts: [&[u8]; 3] = [space.as_bytes(), document.as_bytes(), value];
    Claim::new(PUBLIC_DOMAIN, author.as_bytes(), &parts, signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_everyone_holds_for_its_author_place_and_value_alone() {
        let key = AuthorKey::from_bytes([1; 32]);
        let (space, document) = (SpaceId::from_bytes([2; 32]), DocumentId::from_bytes([3; 32]));
        let signature = key.sign_for_everyone(&space, &document, b"Hello");
        let holds = |author: &AuthorId, space, document, value: &[u8]| {
            public_claim(author, space, document, value, &signature).verify().is_ok()
        };
        let other = AuthorKey::from_bytes([9; 32]).id();
        let elsewhere = SpaceId::from_bytes([9; 32]);
        let another = DocumentId::from_bytes([9; 32]);

        assert!(holds(&key.id(), &space, &document, b"Hello"));
        assert!(!holds(&other, &space, &document, b"Hello"));
        assert!(!holds(&key.id(), &elsewhere, &document, b"Hello"));
        assert!(!holds(&key.id(), &space, &another, b"Hello"));
        assert!(!holds(&key.id(), &space, &document, b"Hello."));
    }
}
