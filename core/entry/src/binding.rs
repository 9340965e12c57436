//! Who an author is: the person's word for it, sealed with the space's key.
//!
//! A binding belongs to an author's first entry, whose `prev` is the hash of the sealed binding. It
//! outlives every payload, so that an author whose words were erased is still known for whose they
//! were.
//!
//! ```text
//! direct      1 ‖ person 32 ‖ person's signature over (space, author) 64
//! via device  2 ‖ person 32 ‖ device 32 ‖ person's signature over the device 64
//!               ‖ device's signature over (space, author) 64
//! ```
//!
//! An empty binding is that of an author who says nothing about who they are.

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{AuthorId, DeviceId, PersonId, SpaceId};
use crate::key::{DeviceKey, PersonKey, SpaceKey};
use crate::seal::{NONCE_LEN, SealError, TAG_LEN, open_plaintext, seal_plaintext};
use crate::sign::{Claim, Signature};

/// Domain of the person's (or device's) signature over a space and an author in it.
pub(crate) const BINDING_DOMAIN: &[u8] = b"teilgeber 0 binding";
/// Domain of the person's signature over a device.
pub(crate) const DEVICE_DOMAIN: &[u8] = b"teilgeber 0 device";

const PLAIN_MAX: usize = 1 + 32 + 32 + 64 + 64;
/// The largest sealed binding in bytes.
pub const SEALED_MAX: usize = PLAIN_MAX + NONCE_LEN + TAG_LEN;

/// A person's word that an author of a space is one of their devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// Signed by the person key itself.
    Direct {
        /// Whose author this is.
        person: PersonId,
        /// Over space and author.
        signature: Signature,
    },
    /// Signed by a device that the person key has signed.
    ViaDevice {
        /// Whose author this is.
        person: PersonId,
        /// The device.
        device: DeviceId,
        /// The person's, over the device.
        device_signature: Signature,
        /// The device's, over space and author.
        signature: Signature,
    },
}

impl Binding {
    /// Binds `author` in `space` to the person whose key this is.
    pub fn direct(person: &PersonKey, space: &SpaceId, author: &AuthorId) -> Self {
        let signature = person.sign(BINDING_DOMAIN, &[space.as_bytes(), author.as_bytes()]);
        Self::Direct { person: person.id(), signature }
    }

    /// Binds `author` in `space` to `person` by a device that the person signed earlier.
    pub fn via_device(
        person: PersonId,
        device: &DeviceKey,
        device_signature: Signature,
        space: &SpaceId,
        author: &AuthorId,
    ) -> Self {
        let signature = device.sign(BINDING_DOMAIN, &[space.as_bytes(), author.as_bytes()]);
        Self::ViaDevice { person, device: device.id(), device_signature, signature }
    }

    /// Whose author this is, if its [`claims`](Self::claims) hold.
    pub fn person(&self) -> PersonId {
        match self {
            Self::Direct { person, .. } | Self::ViaDevice { person, .. } => *person,
        }
    }

    /// What must be verified before [`person`](Self::person) is believed.
    pub fn claims(&self, space: &SpaceId, author: &AuthorId) -> Vec<Claim> {
        let bound = [space.as_bytes().as_slice(), author.as_bytes()];
        match self {
            Self::Direct { person, signature } => {
                vec![Claim::new(BINDING_DOMAIN, person.as_bytes(), &bound, signature)]
            }
            Self::ViaDevice { person, device, device_signature, signature } => vec![
                Claim::new(
                    DEVICE_DOMAIN,
                    person.as_bytes(),
                    &[device.as_bytes()],
                    device_signature,
                ),
                Claim::new(BINDING_DOMAIN, device.as_bytes(), &bound, signature),
            ],
        }
    }

    /// The plain bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(PLAIN_MAX);
        match self {
            Self::Direct { person, signature } => {
                bytes.put_u8(1);
                bytes.put_bytes(person.as_bytes());
                bytes.put_bytes(&signature.0);
            }
            Self::ViaDevice { person, device, device_signature, signature } => {
                bytes.put_u8(2);
                bytes.put_bytes(person.as_bytes());
                bytes.put_bytes(device.as_bytes());
                bytes.put_bytes(&device_signature.0);
                bytes.put_bytes(&signature.0);
            }
        }
        bytes
    }

    /// Reads the plain bytes from the front of `reader`.
    ///
    /// # Errors
    /// [`DecodeError`] when they are cut or of an unknown form.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let form = reader.u8("binding form")?;
        Self::read_form(form, reader)
    }

    /// Reads what follows the form.
    pub(crate) fn read_form(form: u8, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let person = PersonId::read(reader, "binding person")?;
        match form {
            1 => Ok(Self::Direct { person, signature: read_signature(reader)? }),
            2 => Ok(Self::ViaDevice {
                person,
                device: DeviceId::read(reader, "binding device")?,
                device_signature: read_signature(reader)?,
                signature: read_signature(reader)?,
            }),
            _ => Err(DecodeError::Invalid { field: "binding form" }),
        }
    }

    /// Seals the binding for its author's first entry.
    pub fn seal(&self, key: &SpaceKey, author: &AuthorId) -> SealedBinding {
        SealedBinding(seal_plaintext(key, &context(author), &self.encode()))
    }
}

fn read_signature(reader: &mut Reader<'_>) -> Result<Signature, DecodeError> {
    reader.array("binding signature").map(Signature)
}

fn context(author: &AuthorId) -> Vec<u8> {
    [b"teilgeber 0 sealed binding".as_slice(), author.as_bytes()].concat()
}

/// A binding as couriers see it: bytes whose hash is the `prev` of the author's first entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealedBinding(Vec<u8>);

impl SealedBinding {
    /// Takes the bytes of a sealed binding; empty for an author who says nothing.
    ///
    /// # Errors
    /// [`DecodeError::Beyond`] when they are longer than [`SEALED_MAX`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, DecodeError> {
        match bytes.len() <= SEALED_MAX {
            true => Ok(Self(bytes)),
            false => Err(DecodeError::Beyond {
                field: "binding",
                value: bytes.len() as u64,
                max: SEALED_MAX as u64,
            }),
        }
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What the `prev` of the author's first entry must be.
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.0).as_bytes()
    }

    /// Opens it. `None` for an author who says nothing.
    ///
    /// # Errors
    /// [`SealError`] when it does not open or is no binding.
    pub fn open(&self, key: &SpaceKey, author: &AuthorId) -> Result<Option<Binding>, SealError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let plain = open_plaintext(key, &context(author), &self.0)?;
        let mut reader = Reader::new(&plain);
        let binding = Binding::read(&mut reader).map_err(|_| SealError)?;
        reader.end("binding").map_err(|_| SealError)?;
        Ok(Some(binding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(binding: &Binding, space: &SpaceId, author: &AuthorId) -> bool {
        binding.claims(space, author).into_iter().all(|claim| claim.verify().is_ok())
    }

    #[test]
    fn a_binding_holds_for_its_space_and_author_only() {
        let person = PersonKey::from_bytes([1; 32]);
        let device = DeviceKey::from_bytes([2; 32]);
        let space = SpaceId::from_bytes([3; 32]);
        let author = AuthorId::from_bytes([4; 32]);
        let signed = person.sign_device(&device.id());
        let bindings = [
            Binding::direct(&person, &space, &author),
            Binding::via_device(person.id(), &device, signed, &space, &author),
        ];
        for binding in bindings {
            assert_eq!(binding.person(), person.id());
            assert!(holds(&binding, &space, &author));
            assert!(!holds(&binding, &SpaceId::from_bytes([5; 32]), &author));
            assert!(!holds(&binding, &space, &AuthorId::from_bytes([5; 32])));
        }
    }

    #[test]
    fn a_device_that_the_person_did_not_sign_binds_nobody() {
        let (person, device) = (PersonKey::from_bytes([1; 32]), DeviceKey::from_bytes([2; 32]));
        let (space, author) = (SpaceId::from_bytes([3; 32]), AuthorId::from_bytes([4; 32]));
        let other = PersonKey::from_bytes([9; 32]).sign_device(&device.id());
        let binding = Binding::via_device(person.id(), &device, other, &space, &author);
        assert!(!holds(&binding, &space, &author));
    }

    #[test]
    fn a_sealed_binding_opens_for_its_author_with_the_key() {
        let key = SpaceKey::from_bytes([7; 32]);
        let author = AuthorId::from_bytes([4; 32]);
        let binding = Binding::direct(&PersonKey::from_bytes([1; 32]), &key.space(), &author);
        let sealed = binding.seal(&key, &author);
        assert_eq!(sealed, binding.seal(&key, &author));
        assert_eq!(sealed.open(&key, &author), Ok(Some(binding)));
        assert_eq!(sealed.open(&key, &AuthorId::from_bytes([5; 32])), Err(SealError));
        assert_eq!(sealed.open(&SpaceKey::from_bytes([8; 32]), &author), Err(SealError));
        assert_eq!(SealedBinding::default().open(&key, &author), Ok(None));
    }
}
