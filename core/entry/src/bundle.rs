//! Bundles: entries in a file, an exchange without a link. Sections that stand for themselves.
//!
//! ```text
//! bundle  = magic 8 ‖ version 1 (0) ‖ check 7 ‖ section … ‖ end
//! section = head 69 ‖ body
//! head    = mark 3 (0x89 "TS") ‖ version 1 (0) ‖ kind 1 (1 for members, 2 for couriers)
//!         ‖ number 4, from 0 ‖ length of body 4 ‖ blinded name 8 ‖ nonce 24 ‖ hash of body 16
//!         ‖ check 8
//! body    = XChaCha20-Poly1305(batch) with its tag 16
//! end     = a head of kind 0: number is how many sections came before; the rest is zeros, no body
//! ```
//!
//! A bundle goes through strangers' hands: a section is sealed as a whole, with a key that is derived
//! from the space's key (then its batch is opened and compressed) or from its carry key (then its batch
//! is sealed, and couriers can take it in). Each section has a name of its own, which tells no two
//! sections of a space from those of two.
//!
//! A file may be damaged on its way. Checks are BLAKE3, cut; a section whose head and body hold is given
//! out, whatever lies before or after it. What is not a section is passed over up to the next one.
//! Reading holds one section at a time.

use std::io::{self, Read, Write};
use std::ops::Range;

use chacha20poly1305::aead::{Aead, Payload};

use crate::codec::{DecodeError, Reader as Fields, Write as _};
use crate::key::{CarryKey, SpaceKey};
use crate::limits::SECTION_BYTES_MAX;
use crate::seal::{SealError, TAG_LEN};

/// The first bytes of every bundle: no text, and broken by whatever changes the ends of lines.
pub const MAGIC: [u8; 8] = *b"\x89TGB\r\n\x1a\n";

/// The version that is written here, and the only one that is read.
pub const VERSION: u8 = 0;

/// How often what lies inside a damaged section is looked through for others. Beyond it the length
/// that its head says is believed, so that a hostile file costs no more than so many sections.
const LOOKS_INSIDE_MAX: u32 = 64;

const MARK: [u8; 4] = [0x89, b'T', b'S', VERSION];
const BEGINNING_LEN: usize = 16;
const HEAD_LEN: usize = 69;
const CHECK_LEN: usize = 8;
const NONCE_LEN: usize = 24;
const HASH_LEN: usize = 16;
/// What of a head is sealed in with the body: mark, version, kind and number.
const ASSOCIATED_LEN: usize = 9;

/// Bytes that are asked of the input at once.
const READ_AHEAD: usize = 64 * 1024;

const END: u8 = 0;
const FOR_MEMBERS: u8 = 1;
const FOR_COURIERS: u8 = 2;

/// Whom a section is sealed for.
#[derive(Debug, Clone, Copy)]
pub enum Seal<'a> {
    /// Who holds the space's key. Its batch is [opened](crate::batch::Form::Opened).
    Members(&'a SpaceKey),
    /// Who carries the space, members too. Its batch is [sealed](crate::batch::Form::Sealed).
    Couriers(&'a CarryKey),
}

/// Whom a section says that it is sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Who holds the space's key.
    Members,
    /// Who carries the space, members too.
    Couriers,
    /// Something newer, to be passed over.
    Unknown(u8),
}

/// A section whose checks hold. Who wrote it is not known before it [opens](Section::open).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    head: Head,
    body: Vec<u8>,
}

/// What a [`Reader`] comes upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A whole section.
    Section(Section),
    /// Bytes from and to which nothing is whole.
    Damaged(Range<u64>),
    /// The end: so many sections were written. What follows belongs to something else.
    End {
        /// How many.
        sections: u32,
    },
}

/// Why a bundle is not read (any further).
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It begins with something else, and no section is near.
    #[error("not a bundle")]
    NotABundle,
    /// A newer version that this program does not know.
    #[error("a bundle of version {version}")]
    Newer {
        /// Which.
        version: u8,
    },
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes a bundle, section by section.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    seed: [u8; 32],
    sections: u32,
    bytes: u64,
}

/// Reads a bundle, whatever state it is in.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    is_at_end: bool,
    buffer: Vec<u8>,
    /// What of the buffer is done with, and which byte of the file it begins with.
    done: usize,
    offset: u64,
    has_begun: bool,
    is_over: bool,
    /// Whether this is a bundle: its beginning holds, or a section was found.
    is_bundle: bool,
    damaged_from: Option<u64>,
    looks_inside: u32,
    waiting: Option<Found>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    kind: u8,
    number: u32,
    length: u32,
    name: [u8; 8],
    nonce: [u8; NONCE_LEN],
    hash: [u8; HASH_LEN],
}

impl<W: Write> Writer<W> {
    /// Begins a bundle. `seed` is 32 secret random bytes, used for this bundle only.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn new(out: W, seed: [u8; 32]) -> io::Result<Self> {
        let mut writer = Self { out, seed, sections: 0, bytes: 0 };
        writer.put(&beginning())?;
        Ok(writer)
    }

    /// Adds a section with a batch of the sealing key's space.
    ///
    /// # Errors
    /// What `out` fails with; [`InvalidInput`](io::ErrorKind::InvalidInput) for a batch that is longer
    /// than a section may be.
    #[expect(clippy::expect_used, reason = "the cipher refuses only messages of 256 GiB")]
    pub fn add(&mut self, seal: Seal<'_>, batch: &[u8]) -> io::Result<()> {
        if batch.len() + TAG_LEN > SECTION_BYTES_MAX {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let nonce = self.nonce(batch);
        let mut head = Head {
            kind: seal.kind(),
            number: self.sections,
            length: (batch.len() + TAG_LEN) as u32,
            name: seal.carry_key().blinded_name(&link_of(&nonce), 0),
            nonce,
            hash: [0; HASH_LEN],
        };
        let associated = &head.encode()[..ASSOCIATED_LEN];
        let message = Payload { msg: batch, aad: associated };
        let body = seal.cipher().encrypt(&nonce.into(), message).expect("short enough");
        head.hash = hash(&body);
        self.put(&head.encode())?;
        self.put(&body)?;
        self.sections += 1;
        Ok(())
    }

    /// Ends the bundle. Gives back where it went, how many sections it has and how many bytes.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn finish(mut self) -> io::Result<(W, u32, u64)> {
        let end = Head {
            kind: END,
            number: self.sections,
            length: 0,
            name: [0; 8],
            nonce: [0; NONCE_LEN],
            hash: hash(&[]),
        };
        self.put(&end.encode())?;
        self.out.flush()?;
        Ok((self.out, self.sections, self.bytes))
    }

    /// Never the same for two batches, even where a seed was used twice.
    fn nonce(&self, batch: &[u8]) -> [u8; NONCE_LEN] {
        let mut hasher = blake3::Hasher::new_keyed(&self.seed);
        hasher.update(&self.sections.to_be_bytes()).update(batch);
        let mut nonce = [0; NONCE_LEN];
        hasher.finalize_xof().fill(&mut nonce);
        nonce
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

impl Section {
    /// Whom it is sealed for.
    pub fn readers(&self) -> Readers {
        match self.head.kind {
            FOR_MEMBERS => Readers::Members,
            FOR_COURIERS => Readers::Couriers,
            kind => Readers::Unknown(kind),
        }
    }

    /// Which one of its bundle it is, from 0.
    pub fn number(&self) -> u32 {
        self.head.number
    }

    /// Whether it says that it is of the space with this carry key.
    pub fn is_of(&self, carry: &CarryKey) -> bool {
        carry.blinded_name(&link_of(&self.head.nonce), 0) == self.head.name
    }

    /// Its batch.
    ///
    /// # Errors
    /// [`SealError`] when it is sealed with another key.
    pub fn open(&self, seal: Seal<'_>) -> Result<Vec<u8>, SealError> {
        let associated = &self.head.encode()[..ASSOCIATED_LEN];
        let message = Payload { msg: &self.body, aad: associated };
        seal.cipher().decrypt(&self.head.nonce.into(), message).map_err(|_| SealError)
    }
}

impl<R: Read> Reader<R> {
    /// Begins to read.
    pub fn new(input: R) -> Self {
        Self {
            input,
            is_at_end: false,
            buffer: Vec::new(),
            done: 0,
            offset: 0,
            has_begun: false,
            is_over: false,
            is_bundle: false,
            damaged_from: None,
            looks_inside: LOOKS_INSIDE_MAX,
            waiting: None,
        }
    }

    /// What comes next; `None` after the end, or where the file is cut.
    ///
    /// # Errors
    /// [`BundleError`]; then nothing more is to be had.
    pub fn next_found(&mut self) -> Result<Option<Found>, BundleError> {
        if let Some(found) = self.waiting.take() {
            return Ok(Some(found));
        }
        if !self.has_begun {
            self.has_begun = true;
            self.begin()?;
        }
        let found = if self.is_over { None } else { self.find()? };
        let Some(from) = self.damaged_from.take() else { return Ok(found) };
        let to = match &found {
            Some(found) => self.offset - found.len(),
            None => self.offset,
        };
        self.waiting = found;
        Ok(Some(Found::Damaged(from..to)))
    }

    /// How many bytes of the file are done with.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn begin(&mut self) -> Result<(), BundleError> {
        let is_long_enough = self.fill(BEGINNING_LEN)?;
        match self.rest().get(..BEGINNING_LEN) {
            Some(bytes) if is_long_enough && beginning_holds(bytes) => {
                let version = bytes[MAGIC.len()];
                if version != VERSION {
                    return Err(BundleError::Newer { version });
                }
                self.is_bundle = true;
                self.pass(BEGINNING_LEN);
            }
            // Damaged, or something else: that shows when a section is found.
            _ => self.damaged_from = Some(0),
        }
        Ok(())
    }

    /// The next section or the end. What lies before it is damaged.
    fn find(&mut self) -> Result<Option<Found>, BundleError> {
        while self.fill(HEAD_LEN)? {
            let Some(head) = Head::decode(self.rest()) else {
                self.pass_to_mark();
                continue;
            };
            let length = HEAD_LEN + head.length as usize;
            let is_there = self.fill(length)?;
            if let Some(body) = self.rest().get(HEAD_LEN..length)
                && is_there
                && hash(body) == head.hash
            {
                let section = Section { head, body: body.to_vec() };
                self.pass(length);
                self.is_bundle = true;
                if head.kind == END {
                    self.is_over = true;
                    return Ok(Some(Found::End { sections: head.number }));
                }
                return Ok(Some(Found::Section(section)));
            }
            self.damaged_from.get_or_insert(self.offset);
            match self.looks_inside {
                0 => self.pass(length.min(self.rest().len())),
                _ => {
                    self.looks_inside -= 1;
                    self.pass(HEAD_LEN);
                }
            }
        }
        if !self.rest().is_empty() {
            self.damaged_from.get_or_insert(self.offset);
            self.pass(self.rest().len());
        }
        self.is_over = true;
        if self.is_bundle { Ok(None) } else { Err(BundleError::NotABundle) }
    }

    /// Passes what cannot be the beginning of a section.
    fn pass_to_mark(&mut self) {
        self.damaged_from.get_or_insert(self.offset);
        let rest = self.rest();
        let next = rest.iter().skip(1).position(|byte| *byte == MARK[0]);
        self.pass(next.map_or(rest.len(), |at| at + 1));
    }

    /// Reads on until so many bytes lie ready. Says whether they do.
    fn fill(&mut self, length: usize) -> Result<bool, BundleError> {
        if !self.is_bundle && self.offset > (HEAD_LEN + SECTION_BYTES_MAX) as u64 {
            return Err(BundleError::NotABundle);
        }
        while self.rest().len() < length && !self.is_at_end {
            self.buffer.drain(..self.done);
            self.done = 0;
            let held = self.buffer.len();
            self.buffer.resize(held.max(length) + READ_AHEAD, 0);
            let read = self.input.read(&mut self.buffer[held..]);
            self.buffer.truncate(held + read.as_ref().map_or(0, |read| *read));
            match read {
                Ok(read) => self.is_at_end = read == 0,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.rest().len() >= length)
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.done..]
    }

    fn pass(&mut self, bytes: usize) {
        self.done += bytes;
        self.offset += bytes as u64;
    }
}

impl Found {
    fn len(&self) -> u64 {
        let body = match self {
            Self::Section(section) => section.body.len(),
            Self::Damaged(_) | Self::End { .. } => 0,
        };
        (HEAD_LEN + body) as u64
    }
}

impl Head {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_LEN);
        bytes.put_bytes(&MARK);
        bytes.put_u8(self.kind);
        bytes.put_u32(self.number);
        bytes.put_u32(self.length);
        bytes.put_bytes(&self.name);
        bytes.put_bytes(&self.nonce);
        bytes.put_bytes(&self.hash);
        let check = check(&bytes);
        bytes.put_bytes(&check);
        bytes
    }

    /// The head at the front of `bytes`, if there is one and its check holds.
    fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..HEAD_LEN).filter(|bytes| bytes.starts_with(&MARK))?;
        let (said, checked) = bytes.split_at(HEAD_LEN - CHECK_LEN);
        let head = Self::read(&mut Fields::new(&said[MARK.len()..])).ok()?;
        let is_possible = head.length as usize <= SECTION_BYTES_MAX && check(said) == checked;
        is_possible.then_some(head)
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            kind: fields.u8("section kind")?,
            number: fields.u32("section number")?,
            length: fields.u32("section length")?,
            name: fields.array("section name")?,
            nonce: fields.array("section nonce")?,
            hash: fields.array("section hash")?,
        })
    }
}

impl Seal<'_> {
    fn kind(&self) -> u8 {
        match self {
            Self::Members(_) => FOR_MEMBERS,
            Self::Couriers(_) => FOR_COURIERS,
        }
    }

    fn carry_key(&self) -> CarryKey {
        match self {
            Self::Members(key) => key.carry_key(),
            Self::Couriers(carry) => (*carry).clone(),
        }
    }

    fn cipher(&self) -> chacha20poly1305::XChaCha20Poly1305 {
        match self {
            Self::Members(key) => key.bundle_cipher(),
            Self::Couriers(carry) => carry.bundle_cipher(),
        }
    }
}

/// What stands for a link's handshake hash where a section is named.
fn link_of(nonce: &[u8; NONCE_LEN]) -> [u8; 32] {
    blake3::derive_key("teilgeber 0 bundle section", nonce)
}

fn beginning() -> [u8; BEGINNING_LEN] {
    let mut bytes = [0; BEGINNING_LEN];
    bytes[..MAGIC.len()].copy_from_slice(&MAGIC);
    bytes[MAGIC.len()] = VERSION;
    let check = blake3::hash(&bytes[..=MAGIC.len()]);
    bytes[MAGIC.len() + 1..].copy_from_slice(&check.as_bytes()[..BEGINNING_LEN - MAGIC.len() - 1]);
    bytes
}

/// Whether these are the first bytes of a bundle of any version: these sixteen never change.
fn beginning_holds(bytes: &[u8]) -> bool {
    let (said, checked) = bytes.split_at(MAGIC.len() + 1);
    said.starts_with(&MAGIC) && blake3::hash(said).as_bytes().starts_with(checked)
}

fn hash(body: &[u8]) -> [u8; HASH_LEN] {
    let mut cut = [0; HASH_LEN];
    cut.copy_from_slice(&blake3::hash(body).as_bytes()[..HASH_LEN]);
    cut
}

fn check(head: &[u8]) -> [u8; CHECK_LEN] {
    let mut cut = [0; CHECK_LEN];
    cut.copy_from_slice(&blake3::hash(head).as_bytes()[..CHECK_LEN]);
    cut
}
