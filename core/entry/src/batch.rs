//! Entries on their way: packed sealed for couriers, opened and compressed between members.
//!
//! What can be derived is not sent. Entries go in *runs* of one author's chain, so `prev`, the author
//! and the sequence are said once a run; ids and payload hashes are computed; a document's id is left
//! out where the content's [`Origin`] gives it. In the opened form the receiver seals the content
//! again and must come to the same id, which the signature then proves.
//!
//! ```text
//! batch    = format 1 ‖ form 1 (0 sealed, 1 opened) ‖ length of said, varint
//!          ‖ length of packed, varint ‖ packed ‖ raw
//! packed   = said, compressed by zstd; said = length of heads, varint ‖ heads ‖ contents
//! heads    = runs varint ‖ run …
//! run      = first seq varint ‖ entries varint ‖ introduction ‖ entry …
//! introduction, where the first seq is 1:
//!            binding form 1 (0 none, 1 direct, 2 via device, 3 sealed: length varint)
//!          ‖ admission 1 (0 not sent, 1 sent)
//! entry    = kind 1 ‖ shape 1 ‖ time, zigzag varint, less the time of the entry before
//!          ‖ length varint of content (opened) or payload
//! shape    = document (0 none, 1 as before in the run, 2 by origin, 3 in raw)
//!          + 4 × payload (0 absent, 1 opened, 2 as it is)
//! contents = the opened contents, end to end
//! raw      = per run: author 32 ‖ prev 32 (where it is not a binding's hash)
//!          ‖ binding's keys and signatures ‖ admission 64,
//!            per entry: document 32 where in raw ‖ payload: hash 32, blind 16 or bytes ‖ signature 64
//! ```
//!
//! Keys, signatures, blinds and sealed bytes do not compress, so they stand apart from what does.

use crate::FORMAT;
use crate::binding::{Binding, SEALED_MAX, SealedBinding};
use crate::codec::{DecodeError, Reader, Write};
use crate::content::{Content, Origin};
use crate::envelope::{Envelope, Introduction, Parcel, Payload};
use crate::header::{Header, Kind};
use crate::id::{AuthorId, DocumentId, PersonId, SpaceId};
use crate::key::SpaceKey;
use crate::limits::{
    BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, BATCH_EXPANSION_MAX, PAYLOAD_MAX, SEQ_MAX,
};
use crate::seal::{BLIND_LEN, OVERHEAD, open, seal};
use crate::sign::{Claim, SIGNATURE_LEN, Signature, verify_all};

/// zstd's level: beyond it, a phone's time buys few bytes.
const ZSTD_LEVEL: i32 = 3;

/// How entries are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As they lie in the log. For couriers and bundles; says everything that is to be checked.
    Sealed,
    /// Contents in the clear and compressed, bindings too, admissions left out. Only for a link on
    /// which both sides proved that they hold the space's key.
    Opened,
}

/// Packs entries of one space, in order. What does not open (or was not sealed) goes as it is.
///
/// Packs as many as fit [`BATCH_BYTES_MAX`] and [`BATCH_ENTRIES_MAX`], at least one, and says how
/// many. With `key` the form is [`Form::Opened`], without it [`Form::Sealed`].
pub fn encode(parcels: &[Parcel], key: Option<&SpaceKey>, max_bytes: usize) -> (Vec<u8>, usize) {
    pack(Packer { key, admits: key.is_none(), ..Packer::default() }, parcels, max_bytes)
}

/// As [`encode`], with admissions in either form: nobody at the other end of a bundle proved anything.
pub fn encode_for_bundle(
    parcels: &[Parcel],
    key: Option<&SpaceKey>,
    max_bytes: usize,
) -> (Vec<u8>, usize) {
    pack(Packer { key, admits: true, ..Packer::default() }, parcels, max_bytes)
}

fn pack(mut packer: Packer<'_>, parcels: &[Parcel], max_bytes: usize) -> (Vec<u8>, usize) {
    let max_bytes = max_bytes.min(BATCH_BYTES_MAX);
    let mut count = 0;
    for parcel in parcels.iter().take(BATCH_ENTRIES_MAX) {
        if count > 0 && packer.size_with(parcel) > max_bytes {
            break;
        }
        packer.add(parcel);
        count += 1;
    }
    (packer.finish(), count)
}

/// Unpacks what [`encode`] packed. Each envelope is well-formed and of this space; nothing is
/// [verified](verify) yet.
///
/// # Errors
/// [`DecodeError`] when the bytes are not a batch, are beyond a bound, or are opened and there is no
/// key to seal them again. A batch is taken whole or not at all.
pub fn decode(
    bytes: &[u8],
    space: &SpaceId,
    key: Option<&SpaceKey>,
) -> Result<Vec<Parcel>, DecodeError> {
    if bytes.len() > BATCH_BYTES_MAX + PAYLOAD_MAX as usize {
        let (value, max) = (bytes.len() as u64, BATCH_BYTES_MAX as u64);
        return Err(DecodeError::Beyond { field: "batch", value, max });
    }
    let mut reader = Reader::new(bytes);
    match reader.u8("batch format")? {
        FORMAT => {}
        version => return Err(DecodeError::Newer { field: "batch format", version }),
    }
    let opened = match reader.u8("batch form")? {
        0 => false,
        1 => true,
        _ => return Err(DecodeError::Invalid { field: "batch form" }),
    };
    if opened && key.is_none() {
        return Err(DecodeError::Invalid { field: "batch form" });
    }
    let said_len = reader.count("said length", BATCH_BYTES_MAX * BATCH_EXPANSION_MAX)?;
    let packed = reader.sized("packed", BATCH_BYTES_MAX)?;
    let said = unpack(packed, said_len)?;
    let mut said = Reader::new(&said);
    let heads = said.sized("heads", said_len)?;
    let unpacker = Unpacker {
        space,
        key: key.filter(|_| opened),
        heads: Reader::new(heads),
        contents: said,
        raw: reader,
        time: 0,
    };
    unpacker.run()
}

/// What was found out about an entry by everyone's checks, and by a member's check of the binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// The author's signature holds and, where an admission was needed, it is there and holds.
    pub envelope: bool,
    /// Who the author is: on an author's first entry, where the key is held and the binding opens
    /// and holds.
    pub person: Option<PersonId>,
}

/// Verifies entries together: signatures, admissions and, with the key, bindings.
///
/// `admitted` says of an author that their admission needs no proof here: they are known already, or
/// the link's other side proved that it holds the space's key.
pub fn verify(
    parcels: &[Parcel],
    key: Option<&SpaceKey>,
    admitted: impl Fn(&AuthorId) -> bool,
) -> Vec<Checked> {
    let mut claims: Vec<Claim> = Vec::with_capacity(parcels.len() * 2);
    let mut checks = Vec::with_capacity(parcels.len());
    for Parcel { envelope, .. } in parcels {
        let header = envelope.header();
        let first = claims.len();
        claims.push(envelope.claim());
        let needs_admission = envelope.introduction().is_some() && !admitted(&header.author);
        let admission = envelope.admission_claim();
        let is_missing = needs_admission && admission.is_none();
        claims.extend(admission.filter(|_| needs_admission));
        let binding_at = claims.len();
        let binding = key.and_then(|key| {
            let sealed = &envelope.introduction()?.binding;
            sealed.open(key, &header.author).ok().flatten()
        });
        if let Some(binding) = &binding {
            claims.extend(binding.claims(&header.space, &header.author));
        }
        let person = binding.map(|binding| binding.person());
        checks.push((first, binding_at, claims.len(), is_missing, person));
    }
    let held = verify_all(&claims);
    let all = |from: usize, to: usize| held[from..to].iter().all(|holds| *holds);
    checks
        .into_iter()
        .map(|(first, binding_at, end, is_missing, person)| Checked {
            envelope: !is_missing && all(first, binding_at),
            person: person.filter(|_| all(binding_at, end)),
        })
        .collect()
}

#[derive(Default)]
struct Packer<'a> {
    key: Option<&'a SpaceKey>,
    /// Whether admissions go along.
    admits: bool,
    runs: u64,
    heads: Vec<u8>,
    contents: Vec<u8>,
    raw: Vec<u8>,
    run: Option<Run>,
    time: u64,
}

/// The run being written: its entries are counted before their heads can follow the count.
struct Run {
    author: AuthorId,
    first_seq: u32,
    entries: u64,
    introduction: Vec<u8>,
    heads: Vec<u8>,
    next_prev: [u8; 32],
    next_seq: u32,
    document: Option<DocumentId>,
    person: Option<PersonId>,
}

impl Packer<'_> {
    /// An upper bound of the batch's size with one more entry, nothing compressed.
    fn size_with(&self, parcel: &Parcel) -> usize {
        let payload = parcel.payload.bytes().map_or(32, <[u8]>::len);
        let run = self.run.as_ref().map_or(0, |run| run.heads.len());
        let written = self.heads.len() + self.contents.len() + self.raw.len() + run;
        written + payload + SEALED_MAX + 2 * SIGNATURE_LEN + 160
    }

    fn add(&mut self, parcel: &Parcel) {
        let header = parcel.envelope.header();
        let continues = self.run.as_ref().is_some_and(|run| {
            run.author == header.author
                && run.next_seq == header.seq
                && run.next_prev == header.prev
                && header.seq != 1
        });
        let mut run = match self.run.take() {
            Some(run) if continues => run,
            ended => {
                self.end_run(ended);
                self.start_run(&parcel.envelope)
            }
        };
        self.add_entry(&mut run, parcel);
        self.run = Some(run);
    }

    fn start_run(&mut self, envelope: &Envelope) -> Run {
        let header = envelope.header();
        let mut introduction = Vec::new();
        let mut person = None;
        self.raw.put_bytes(header.author.as_bytes());
        if header.seq != 1 || header.kind == Kind::Letter {
            self.raw.put_bytes(&header.prev);
        }
        if let Some(Introduction { binding, admission }) = envelope.introduction() {
            let opened = self.key.and_then(|key| binding.open(key, &header.author).ok().flatten());
            match opened {
                _ if binding.as_bytes().is_empty() => introduction.put_u8(0),
                Some(binding) => {
                    let plain = binding.encode();
                    introduction.put_u8(plain[0]);
                    self.raw.put_bytes(&plain[1..]);
                    person = Some(binding.person());
                }
                None => {
                    introduction.put_u8(3);
                    introduction.put_varint(binding.as_bytes().len() as u64);
                    self.raw.put_bytes(binding.as_bytes());
                }
            }
            let admission = admission.filter(|_| self.admits);
            introduction.put_u8(admission.is_some().into());
            if let Some(signature) = admission {
                self.raw.put_bytes(&signature.0);
            }
        }
        Run {
            author: header.author,
            first_seq: header.seq,
            entries: 0,
            introduction,
            heads: Vec::new(),
            next_prev: [0; 32],
            next_seq: 0,
            document: None,
            person,
        }
    }

    fn add_entry(&mut self, run: &mut Run, parcel: &Parcel) {
        let header = parcel.envelope.header();
        let opened = self.key.and_then(|key| opened(&parcel.payload, header, key));
        let document = match run.document {
            _ if header.document == DocumentId::NONE => 0,
            Some(before) if before == header.document => 1,
            _ if opened.as_ref().is_some_and(|(_, content)| {
                self.key.and_then(|key| derived(key, header, content, run.person.as_ref()))
                    == Some(header.document)
            }) =>
            {
                2
            }
            _ => {
                self.raw.put_bytes(header.document.as_bytes());
                3
            }
        };
        let (payload, len) = match (&opened, parcel.payload.bytes()) {
            (Some((blind, content)), _) => {
                self.raw.put_bytes(blind);
                self.contents.put_bytes(content);
                (1, content.len() as u64)
            }
            (None, Some(bytes)) => {
                self.raw.put_bytes(bytes);
                (2, bytes.len() as u64)
            }
            (None, None) => {
                self.raw.put_bytes(&header.payload_hash);
                (0, header.payload_len.into())
            }
        };
        self.raw.put_bytes(&parcel.envelope.signature().0);
        run.heads.put_u8(header.kind.as_u8());
        run.heads.put_u8(document + 4 * payload);
        run.heads.put_varint(zigzag(header.time as i64 - self.time as i64));
        run.heads.put_varint(len);
        run.entries += 1;
        run.next_prev = *parcel.envelope.id().as_bytes();
        run.next_seq = header.seq.saturating_add(1);
        run.document = Some(header.document);
        self.time = header.time;
    }

    fn end_run(&mut self, run: Option<Run>) {
        let Some(run) = run else { return };
        self.runs += 1;
        self.heads.put_varint(run.first_seq.into());
        self.heads.put_varint(run.entries);
        self.heads.put_bytes(&run.introduction);
        self.heads.put_bytes(&run.heads);
    }

    #[expect(clippy::expect_used, reason = "compressing into memory fails only without memory")]
    fn finish(mut self) -> Vec<u8> {
        let run = self.run.take();
        self.end_run(run);
        let mut heads = Vec::with_capacity(self.heads.len() + 4);
        heads.put_varint(self.runs);
        heads.put_bytes(&self.heads);
        let mut said = Vec::with_capacity(heads.len() + self.contents.len() + 4);
        said.put_sized(&heads);
        said.put_bytes(&self.contents);
        let packed = zstd::bulk::compress(&said, ZSTD_LEVEL).expect("memory");
        let mut bytes = vec![FORMAT, self.key.is_some().into()];
        bytes.put_varint(said.len() as u64);
        bytes.put_sized(&packed);
        bytes.put_bytes(&self.raw);
        bytes
    }
}

struct Unpacker<'a> {
    space: &'a SpaceId,
    key: Option<&'a SpaceKey>,
    heads: Reader<'a>,
    contents: Reader<'a>,
    raw: Reader<'a>,
    time: u64,
}

impl Unpacker<'_> {
    fn run(mut self) -> Result<Vec<Parcel>, DecodeError> {
        let runs = self.heads.count("runs", BATCH_ENTRIES_MAX)?;
        let mut parcels = Vec::new();
        for _ in 0..runs {
            let seq = self.heads.varint("run seq", SEQ_MAX.into())? as u32;
            let entries = self.heads.count("run entries", BATCH_ENTRIES_MAX - parcels.len())?;
            if entries == 0 {
                return Err(DecodeError::Invalid { field: "run entries" });
            }
            self.unpack_run(seq, entries, &mut parcels)?;
        }
        self.heads.end("heads")?;
        self.contents.end("contents")?;
        self.raw.end("raw")?;
        Ok(parcels)
    }

    fn unpack_run(
        &mut self,
        first_seq: u32,
        entries: usize,
        parcels: &mut Vec<Parcel>,
    ) -> Result<(), DecodeError> {
        let author = AuthorId::read(&mut self.raw, "author")?;
        // Whether `prev` is in raw depends on the first entry's kind, which stands after the
        // introduction; the heads are read first and the raw bytes after them.
        let mut introduction = (first_seq == 1).then(|| self.introduction_head()).transpose()?;
        let is_letter = self.heads.clone().u8("kind")? == Kind::Letter.as_u8();
        let mut prev = [0; 32];
        if first_seq != 1 || is_letter {
            prev = self.raw.array("prev")?;
        }
        let mut person = None;
        let mut introduced = match introduction.take() {
            None => None,
            Some(head) => {
                let (introduction, who) = self.introduction(head, &author)?;
                person = who;
                if !is_letter {
                    prev = introduction.binding.hash();
                }
                Some(introduction)
            }
        };
        let mut document = None;
        for at in 0..entries {
            let seq = first_seq.saturating_add(at as u32);
            let header = Header {
                kind: Kind::Unknown(0),
                space: *self.space,
                document: DocumentId::NONE,
                author,
                seq,
                prev,
                time: 0,
                payload_len: 0,
                payload_hash: [0; 32],
            };
            let parcel = self.entry(header, &mut document, person.as_ref(), introduced.take())?;
            prev = *parcel.envelope.id().as_bytes();
            parcels.push(parcel);
        }
        Ok(())
    }

    fn introduction_head(&mut self) -> Result<IntroductionHead, DecodeError> {
        let form = self.heads.u8("binding form")?;
        let sealed_len = match form {
            3 => self.heads.count("binding", SEALED_MAX)?,
            _ => 0,
        };
        let admission = match self.heads.u8("admission")? {
            0 => false,
            1 => true,
            _ => return Err(DecodeError::Invalid { field: "admission" }),
        };
        Ok(IntroductionHead { form, sealed_len, admission })
    }

    fn introduction(
        &mut self,
        head: IntroductionHead,
        author: &AuthorId,
    ) -> Result<(Introduction, Option<PersonId>), DecodeError> {
        let mut person = None;
        let binding = match (head.form, self.key) {
            (0, _) => SealedBinding::default(),
            (form @ (1 | 2), Some(key)) => {
                let binding = Binding::read_form(form, &mut self.raw)?;
                person = Some(binding.person());
                binding.seal(key, author)
            }
            (3, _) => {
                let bytes = self.raw.bytes("binding", head.sealed_len)?;
                SealedBinding::from_bytes(bytes.to_vec())?
            }
            _ => return Err(DecodeError::Invalid { field: "binding form" }),
        };
        let admission = match head.admission {
            true => Some(Signature(self.raw.array("admission")?)),
            false => None,
        };
        Ok((Introduction { binding, admission }, person))
    }

    fn entry(
        &mut self,
        mut header: Header,
        document: &mut Option<DocumentId>,
        person: Option<&PersonId>,
        introduction: Option<Introduction>,
    ) -> Result<Parcel, DecodeError> {
        header.kind = Kind::from_u8(self.heads.u8("kind")?);
        let shape = self.heads.u8("shape")?;
        let delta = unzigzag(self.heads.varint("time", u64::MAX)?);
        header.time = self.time.checked_add_signed(delta).unwrap_or(u64::MAX);
        let len = self.heads.count("payload length", PAYLOAD_MAX as usize)?;
        let by_origin = shape & 3 == 2;
        header.document = match shape & 3 {
            0 => DocumentId::NONE,
            1 => document.ok_or(DecodeError::Invalid { field: "document" })?,
            2 => DocumentId::NONE,
            _ => DocumentId::read(&mut self.raw, "document")?,
        };
        let payload = match (shape >> 2, self.key) {
            (0, _) => {
                header.payload_len = len as u32;
                header.payload_hash = self.raw.array("payload hash")?;
                Payload::Absent
            }
            (1, Some(key)) => {
                let blind: [u8; BLIND_LEN] = self.raw.array("blind")?;
                let content = self.contents.bytes("content", len)?.to_vec();
                if by_origin {
                    header.document = derived(key, &header, &content, person)
                        .ok_or(DecodeError::Invalid { field: "document" })?;
                }
                let sealed = seal(key, &header.context(), &blind, &content);
                Payload::Open { sealed, blind, content }
            }
            (2, _) => Payload::Closed(self.raw.bytes("payload", len)?.to_vec()),
            _ => return Err(DecodeError::Invalid { field: "shape" }),
        };
        if by_origin && !matches!(payload, Payload::Open { .. }) {
            return Err(DecodeError::Invalid { field: "document" });
        }
        if let Some(bytes) = payload.bytes() {
            header.payload_len = bytes.len() as u32;
            header.payload_hash = *blake3::hash(bytes).as_bytes();
        }
        let signature = Signature(self.raw.array("signature")?);
        *document = Some(header.document);
        self.time = header.time;
        Ok(Parcel { envelope: Envelope::new(header, signature, introduction)?, payload })
    }
}

struct IntroductionHead {
    form: u8,
    sealed_len: usize,
    admission: bool,
}

fn opened(payload: &Payload, header: &Header, key: &SpaceKey) -> Option<([u8; 16], Vec<u8>)> {
    match payload {
        Payload::Open { blind, content, .. } => Some((*blind, content.clone())),
        Payload::Closed(bytes) if sealed_with_key(header.kind) && bytes.len() >= OVERHEAD => {
            open(key, &header.context(), bytes).ok()
        }
        Payload::Closed(_) | Payload::Absent => None,
    }
}

fn sealed_with_key(kind: Kind) -> bool {
    !matches!(kind, Kind::Statement | Kind::Letter)
}

fn derived(
    key: &SpaceKey,
    header: &Header,
    content: &[u8],
    person: Option<&PersonId>,
) -> Option<DocumentId> {
    let Content { noun, origin, .. } = Content::decode(header.kind, content).ok()?;
    match origin {
        Origin::Later => None,
        _ => origin.document(key, noun, &header.author, header.seq, person),
    }
}

fn unpack(packed: &[u8], said_len: usize) -> Result<Vec<u8>, DecodeError> {
    match zstd::bulk::decompress(packed, said_len) {
        Ok(said) if said.len() == said_len => Ok(said),
        _ => Err(DecodeError::Invalid { field: "packed" }),
    }
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
