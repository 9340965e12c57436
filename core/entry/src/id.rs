//! Names of things: 32 bytes each, a type each, shown as lowercase hex.

use crate::codec::{DecodeError, Reader};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The id with these bytes.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// The next 32 bytes of `reader`.
            ///
            /// # Errors
            /// [`DecodeError::Short`] when fewer are left.
            pub fn read(reader: &mut Reader<'_>, field: &'static str) -> Result<Self, DecodeError> {
                reader.array(field).map(Self)
            }

            /// The first eight hex digits: enough for a person to compare, and what logs show.
            pub fn short(&self) -> String {
                self.to_string()[..8].to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }
    };
}

id! {
    /// A space: the public half of its admission key.
    SpaceId
}
id! {
    /// A device in one space: the Ed25519 key that signs its entries there.
    AuthorId
}
id! {
    /// An identity that a person holds: an Ed25519 key. What a contact trusts.
    PersonId
}
id! {
    /// A device of a person: an Ed25519 key that the person key has signed.
    DeviceId
}
id! {
    /// A host in one run: the Ed25519 key that a host code names, made anew at each start.
    HostId
}
id! {
    /// One document of a space. Commits to who made it and tells an outsider nothing: see
    /// [`Origin::document`](crate::Origin::document).
    DocumentId
}
id! {
    /// An entry: the BLAKE3 hash of its header.
    EntryId
}

impl HostId {
    /// What a dialler says to ask for this host on the link with this handshake hash. Who does not
    /// know the id learns nothing from it, and cannot ask.
    pub fn asked_on_link(&self, handshake_hash: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("teilgeber 0 host asked on link");
        hasher.update(&self.0).update(handshake_hash);
        *hasher.finalize().as_bytes()
    }
}

impl DocumentId {
    /// What statements and letters name, which belong to no document.
    pub const NONE: DocumentId = DocumentId([0; 32]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_shows_all_of_itself_and_debugs_in_short() {
        let id = PersonId::from_bytes([0xab; 32]);
        assert_eq!(id.to_string(), "ab".repeat(32));
        assert_eq!(format!("{id:?}"), "PersonId(abababab)");
    }
}
