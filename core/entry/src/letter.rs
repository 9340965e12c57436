//! Letters: an entry for one reader. A contact's answer, feedback, a conduct report, a message.
//!
//! A letter has an author key of its own, admitted like any and thrown away once the letter has
//! arrived, so that nobody but its reader learns who wrote it or that two letters are by one person.
//! It belongs to no document, its time is rounded down to the day, and its size is one of three.
//!
//! ```text
//! payload   = encapsulated key 32 ‖ ciphertext ‖ tag 16      1024, 4096 or 16384 bytes in all
//! plaintext = form 1 ‖ signer ‖ topic 1 ‖ length varint ‖ body ‖ zeros
//! signer    = 0                                                                   anonymous
//!           | 1 ‖ person 32 ‖ answer to 32 ‖ person's signature 64
//!           | 2 ‖ person 32 ‖ answer to 32 ‖ device 32 ‖ person's signature over the device 64
//!               ‖ device's signature 64
//! signed    = domain ‖ space 32 ‖ reader 32 ‖ author 32 ‖ answer to 32 ‖ topic 1 ‖ body
//! ```
//!
//! The seal is HPKE in base mode (RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! ChaCha20-Poly1305) and there is none by the space's key around it. Its `info` is a domain and the
//! space; its associated data is kind, space, author and time, and not `prev`: that is the *work
//! nonce*, which may be changed later without the reader's key. The signature covers the reader, so
//! that who was written to cannot pass the letter on as written to another.
//!
//! Against floods a space [keeps](keep) only so many letters, those with the most [work](work_bits).
//!
//! Out of scope: what the topics mean; when a letter may leave the device that wrote it.

use std::collections::BTreeSet;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::binding::{DEVICE_DOMAIN, SealedBinding};
use crate::codec::{DecodeError, Reader, Write};
use crate::envelope::{ENTRY_DOMAIN, Envelope, Introduction, Parcel, Payload};
use crate::header::{Header, Kind};
use crate::id::{DeviceId, DocumentId, EntryId, PersonId, SpaceId};
use crate::key::{AuthorKey, DeviceKey, LetterKey, LetterPublic, PersonKey, SpaceKey};
use crate::seal::TAG_LEN;
use crate::sign::{Claim, Signature, VerifyError};
use crate::xof::Xof;

/// The sizes of a letter's payload in bytes. Few, so that the size tells little.
pub const SIZES: [usize; 3] = [1024, 4096, 16384];

/// A letter's time is a multiple of this: a day in ms, from midnight UTC.
pub const TIME_STEP: u64 = 24 * 60 * 60 * 1000;

/// Domain of the signature inside a letter.
const LETTER_DOMAIN: &[u8] = b"teilgeber 0 letter";
/// Domain of the seal.
const SEAL_DOMAIN: &[u8] = b"teilgeber 0 letter seal";

const ENCAPSULATED_LEN: usize = 32;
const SEAL_LEN: usize = ENCAPSULATED_LEN + TAG_LEN;

/// The longest body in bytes that fits every form of signer.
pub const BODY_MAX: usize = SIZES[2] - SEAL_LEN - SIGNER_MAX - 1 - BODY_LEN_MAX;
const SIGNER_MAX: usize = 1 + 32 + 32 + 32 + 64 + 64;
/// Bytes of a body's length: two bytes of varint reach 16383.
const BODY_LEN_MAX: usize = 2;

type Kem25519 = X25519HkdfSha256;

/// What a letter is about. The numbers are the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(pub u8);

/// Why a letter cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The body is longer than [`BODY_MAX`].
    #[error("a letter of {len} bytes is longer than {BODY_MAX}")]
    TooLong {
        /// Bytes of the body.
        len: usize,
    },
    /// The reader's address is no key that can be sealed to.
    #[error("the address is not a key")]
    Address,
    /// None of the keys opens it.
    #[error("the letter is for another reader")]
    NotForMe,
    /// It is not a letter, or what it was sealed from is not one.
    #[error(transparent)]
    Form(#[from] DecodeError),
    /// It says who wrote it, and that is not true.
    #[error("the signature inside the letter does not hold")]
    Forged,
}

impl From<VerifyError> for LetterError {
    fn from(_: VerifyError) -> Self {
        Self::Forged
    }
}

/// Who signs a letter that is about to be written.
#[derive(Debug, Clone, Copy)]
pub enum Signer<'a> {
    /// Nobody, and there is nowhere to answer.
    Anonymous,
    /// A person, with their own key.
    Person {
        /// The person's key.
        key: &'a PersonKey,
        /// Where to answer.
        answer_to: LetterPublic,
    },
    /// A person, with the key of a linked device.
    Device {
        /// The person.
        person: PersonId,
        /// The device's key.
        key: &'a DeviceKey,
        /// The person's signature over the device.
        device_signature: Signature,
        /// Where to answer.
        answer_to: LetterPublic,
    },
}

/// A letter that is about to be sealed.
#[derive(Clone, Copy)]
pub struct LetterDraft<'a> {
    /// Who signs it.
    pub signer: Signer<'a>,
    /// What it is about.
    pub topic: Topic,
    /// What it says, at most [`BODY_MAX`] bytes.
    pub body: &'a [u8],
}

impl LetterDraft<'_> {
    /// Seals the letter to `reader` and signs its entry as `author`, which must be fresh: made for
    /// this letter alone. The payload has the smallest of [`SIZES`] that fits. `time` is now in ms
    /// since 1970, rounded down here; `seed` are 32 secret random bytes, for this letter alone.
    ///
    /// # Errors
    /// [`LetterError::TooLong`], [`LetterError::Address`] for a reader of small order, and
    /// [`LetterError::Form`] for a time beyond its bound.
    pub fn seal(
        &self,
        space: &SpaceKey,
        author: &AuthorKey,
        reader: &LetterPublic,
        time: u64,
        seed: &[u8; 32],
    ) -> Result<Parcel, LetterError> {
        let mut header = Header {
            kind: Kind::Letter,
            space: space.space(),
            document: DocumentId::NONE,
            author: author.id(),
            seq: 1,
            prev: [0; 32],
            time: time - time % TIME_STEP,
            payload_len: 0,
            payload_hash: [0; 32],
        };
        header.check()?;
        let plaintext = self.plaintext(&header, reader)?;
        let payload = seal_to(reader, &header, &plaintext, seed)?;
        header.payload_len = payload.len() as u32;
        header.payload_hash = *blake3::hash(&payload).as_bytes();
        let admission = Some(space.admit(&author.id()));
        let introduction = Introduction { binding: SealedBinding::default(), admission };
        let envelope = sign(header, author, Some(introduction))?;
        Ok(Parcel { envelope, payload: Payload::Closed(payload) })
    }

    fn plaintext(
        &self,
        header: &Header,
        reader: &LetterPublic,
    ) -> Result<Zeroizing<Vec<u8>>, LetterError> {
        let Self { topic, body, .. } = *self;
        if body.len() > BODY_MAX {
            return Err(LetterError::TooLong { len: body.len() });
        }
        let mut plain = Zeroizing::new(Vec::with_capacity(SIZES[2]));
        let signed = |answer_to| Signed { header, reader: *reader, answer_to, topic, body };
        match self.signer {
            Signer::Anonymous => plain.put_u8(0),
            Signer::Person { key, answer_to } => {
                plain.put_u8(1);
                plain.put_bytes(key.id().as_bytes());
                plain.put_bytes(answer_to.as_bytes());
                plain.put_bytes(&key.sign(LETTER_DOMAIN, &signed(answer_to).parts()).0);
            }
            Signer::Device { person, key, device_signature, answer_to } => {
                plain.put_u8(2);
                plain.put_bytes(person.as_bytes());
                plain.put_bytes(answer_to.as_bytes());
                plain.put_bytes(key.id().as_bytes());
                plain.put_bytes(&device_signature.0);
                plain.put_bytes(&key.sign(LETTER_DOMAIN, &signed(answer_to).parts()).0);
            }
        }
        plain.put_u8(topic.0);
        plain.put_sized(body);
        let fits = |size: &usize| plain.len() + SEAL_LEN <= *size;
        let size = SIZES.into_iter().find(fits).ok_or(LetterError::TooLong { len: body.len() })?;
        plain.resize(size - SEAL_LEN, 0);
        Ok(plain)
    }
}

/// Who wrote a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// It does not say.
    Anonymous,
    /// This person, proved by their signature.
    Signed {
        /// Who.
        person: PersonId,
        /// The linked device that signed, where it was not the person key itself.
        device: Option<DeviceId>,
        /// Where to answer.
        answer_to: LetterPublic,
    },
}

/// A letter that was opened and whose signature, if it has one, holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which of the reader's addresses it was sealed to.
    pub reader: LetterPublic,
    /// Who wrote it.
    pub sender: Sender,
    /// What it is about.
    pub topic: Topic,
    /// What it says.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sender, topic, body, .. } = self;
        write!(f, "Letter({topic:?}, {} bytes, {sender:?})", body.len())
    }
}

/// Opens the letter with the first of `keys` that fits, and checks the signature inside. The
/// envelope must have been verified before.
///
/// # Errors
/// [`LetterError::NotForMe`] when no key fits, [`LetterError::Form`] and [`LetterError::Forged`]
/// when one does and the letter is not a true one.
pub fn open(header: &Header, payload: &[u8], keys: &[&LetterKey]) -> Result<Letter, LetterError> {
    if header.kind != Kind::Letter {
        return Err(DecodeError::Invalid { field: "kind" }.into());
    }
    if !SIZES.contains(&payload.len()) {
        return Err(DecodeError::Invalid { field: "letter size" }.into());
    }
    let opened = keys.iter().find_map(|key| Some((key.public(), open_with(key, header, payload)?)));
    let (reader, plaintext) = opened.ok_or(LetterError::NotForMe)?;
    read(header, reader, &plaintext)
}

/// The work in an entry's id: its leading zero bits. Each further one takes twice as many tries.
pub fn work_bits(id: &EntryId) -> u32 {
    let whole = id.as_bytes().iter().take_while(|byte| **byte == 0).count();
    whole as u32 * 8 + id.as_bytes().get(whole).map_or(0, |byte| byte.leading_zeros())
}

/// Adds work to a letter: tries the nonces from `start` on, at most `tries` of them, and signs the
/// letter anew under the lowest id. `None` if none of them is lower than the present one: go on from
/// `start + tries`. Needs neither the space's key nor the reader's.
///
/// The letter has another id afterwards and is another entry; the writer lets the old one go.
///
/// # Errors
/// [`LetterError::Form`] when `letter` is no letter or not by `author`.
pub fn add_work(
    letter: &Envelope,
    author: &AuthorKey,
    start: u64,
    tries: u32,
) -> Result<Option<Envelope>, LetterError> {
    let mut header = letter.header().clone();
    if header.kind != Kind::Letter {
        return Err(DecodeError::Invalid { field: "kind" }.into());
    }
    if header.author != author.id() {
        return Err(DecodeError::Invalid { field: "author" }.into());
    }
    let mut best = (letter.id(), header.prev);
    for nonce in (start..=u64::MAX).take(tries as usize) {
        header.prev[..8].copy_from_slice(&nonce.to_be_bytes());
        best = best.min((header.id(), header.prev));
    }
    if best.0 == letter.id() {
        return Ok(None);
    }
    header.prev = best.1;
    Ok(Some(sign(header, author, letter.introduction().cloned())?))
}

/// The letters that a space keeps of those it was sent: the `max` with the most [`work_bits`], of
/// equals the lower ids. An id with more leading zeros is a lower number, so these are the lowest.
///
/// A function of the set: keeping of what was kept and what is new gives the same as keeping of all.
pub fn keep(letters: impl IntoIterator<Item = EntryId>, max: usize) -> BTreeSet<EntryId> {
    let mut kept = BTreeSet::new();
    for letter in letters {
        kept.insert(letter);
        if kept.len() > max {
            kept.pop_last();
        }
    }
    kept
}

/// What the signature inside a letter is over.
struct Signed<'a> {
    header: &'a Header,
    reader: LetterPublic,
    answer_to: LetterPublic,
    topic: Topic,
    body: &'a [u8],
}

impl Signed<'_> {
    fn parts(&self) -> [&[u8]; 6] {
        [
            self.header.space.as_bytes(),
            self.reader.as_bytes(),
            self.header.author.as_bytes(),
            self.answer_to.as_bytes(),
            std::slice::from_ref(&self.topic.0),
            self.body,
        ]
    }
}

fn sign(
    header: Header,
    author: &AuthorKey,
    introduction: Option<Introduction>,
) -> Result<Envelope, DecodeError> {
    let signature = author.sign(ENTRY_DOMAIN, &[header.id().as_bytes()]);
    Envelope::new(header, signature, introduction)
}

fn seal_to(
    reader: &LetterPublic,
    header: &Header,
    plaintext: &[u8],
    seed: &[u8; 32],
) -> Result<Vec<u8>, LetterError> {
    let aad = associated_data(header);
    let key = <Kem25519 as Kem>::PublicKey::from_bytes(reader.as_bytes())
        .map_err(|_| LetterError::Address)?;
    // The letter goes into its own randomness: a seed used twice then still gives two seals.
    let mut hasher = blake3::Hasher::new_derive_key("teilgeber 0 letter encapsulation");
    hasher.update(seed).update(reader.as_bytes()).update(&aad).update(plaintext);
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem25519>(
            &OpModeS::Base,
            &key,
            &info(&header.space),
            plaintext,
            &aad,
            &mut Xof(hasher.finalize_xof()),
        )
        .map_err(|_| LetterError::Address)?;
    Ok([encapsulated.to_bytes().as_slice(), &ciphertext].concat())
}

fn open_with(key: &LetterKey, header: &Header, payload: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (encapsulated, ciphertext) = payload.split_at_checked(ENCAPSULATED_LEN)?;
    let encapsulated = <Kem25519 as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem25519>(
        &OpModeR::Base,
        &key.hpke(),
        &encapsulated,
        &info(&header.space),
        ciphertext,
        &associated_data(header),
    )
    .ok()
    .map(Zeroizing::new)
}

fn read(header: &Header, reader: LetterPublic, plaintext: &[u8]) -> Result<Letter, LetterError> {
    let mut bytes = Reader::new(plaintext);
    let form = bytes.u8("letter form")?;
    let says = match form {
        0 => None,
        1 | 2 => Some(Says::read(form, &mut bytes)?),
        version => return Err(DecodeError::Newer { field: "letter form", version }.into()),
    };
    let topic = Topic(bytes.u8("topic")?);
    let body = bytes.sized("body", BODY_MAX)?;
    if bytes.rest().iter().any(|byte| *byte != 0) {
        return Err(DecodeError::Invalid { field: "letter padding" }.into());
    }
    let sender = match says {
        None => Sender::Anonymous,
        Some(says) => {
            let signed = Signed { header, reader, answer_to: says.answer_to, topic, body };
            says.verify(&signed)?
        }
    };
    Ok(Letter { reader, sender, topic, body: body.to_vec() })
}

/// Who a letter says has signed it; not yet believed.
struct Says {
    person: PersonId,
    answer_to: LetterPublic,
    device: Option<(DeviceId, Signature)>,
    signature: Signature,
}

impl Says {
    fn read(form: u8, bytes: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let person = PersonId::read(bytes, "person")?;
        let answer_to = LetterPublic::from_bytes(bytes.array("answer to")?);
        let device = match form {
            2 => {
                let device = DeviceId::read(bytes, "device")?;
                Some((device, Signature(bytes.array("device signature")?)))
            }
            _ => None,
        };
        let signature = Signature(bytes.array("letter signature")?);
        Ok(Self { person, answer_to, device, signature })
    }

    fn verify(self, signed: &Signed<'_>) -> Result<Sender, VerifyError> {
        let Self { person, answer_to, device, signature } = self;
        let mut signer = person.as_bytes();
        if let Some((device, device_signature)) = &device {
            let message = [device.as_bytes().as_slice()];
            Claim::new(DEVICE_DOMAIN, signer, &message, device_signature).verify()?;
            signer = device.as_bytes();
        }
        Claim::new(LETTER_DOMAIN, signer, &signed.parts(), &signature).verify()?;
        Ok(Sender::Signed { person, device: device.map(|(device, _)| device), answer_to })
    }
}

fn info(space: &SpaceId) -> Vec<u8> {
    [SEAL_DOMAIN, space.as_bytes()].concat()
}

fn associated_data(header: &Header) -> Vec<u8> {
    let mut bytes = vec![header.kind.as_u8()];
    bytes.put_bytes(header.space.as_bytes());
    bytes.put_bytes(header.author.as_bytes());
    bytes.put_u48(header.time);
    bytes
}
