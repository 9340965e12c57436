//! What must be refused, a file for each rule, named part_fault: every file in the folder is given
//! to the part it names and must meet the error it names. Each is made here by spoiling one thing.

use chacha20poly1305::aead::{Aead, Payload as Message};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::{Infallible, TryCryptoRng, TryRng};
use teilgeber_entry::codec::Write;
use teilgeber_entry::letter::Signer;
use teilgeber_entry::{
    AuthorId, AuthorKey, Binding, Content, Envelope, Header, Introduction, Kind, LetterKey, Parcel,
    Payload, PersonId, PersonKey, SealedBinding, Signature, SpaceId, SpaceKey, Statement, batch,
    letter, limits, seal,
};

use crate::file::{self, Vectors};
use crate::golden;

/// The order of the curve's base point, little-endian.
const GROUP_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

#[test]
fn each_refusal_is_made_as_written() {
    let mut made: Vec<String> = Vec::new();
    for (name, vectors) in refusals() {
        made.push(format!("{name}.txt"));
        vectors.compare(&format!("refused/{name}.txt"));
    }
    made.sort();
    assert_eq!(file::names("refused"), made);
}

#[test]
fn each_refusal_meets_its_error() {
    for name in file::names("refused") {
        let vectors = Vectors::read(&format!("refused/{name}"));
        let error = refuse(&vectors).err();
        assert_eq!(error.as_deref(), vectors.words("error"), "{name}");
    }
}

/// Gives the vectors to the part that they name; the error in words.
fn refuse(vectors: &Vectors) -> Result<(), String> {
    let bytes = |name: &str| vectors.bytes(name).unwrap();
    let key = || SpaceKey::from_bytes(vectors.id("space_key"));
    let words = |error: &dyn std::error::Error| error.to_string();
    match vectors.words("part").unwrap() {
        "header" => Header::decode(&bytes("bytes")).map(drop).map_err(|e| words(&e)),
        "statement" => Statement::decode(&bytes("bytes")).map(drop).map_err(|e| words(&e)),
        "content" => {
            let kind = Kind::from_u8(bytes("kind")[0]);
            Content::decode(kind, &bytes("bytes")).map(drop).map_err(|e| words(&e))
        }
        "seal" => {
            seal::open(&key(), &bytes("context"), &bytes("bytes")).map(drop).map_err(|e| words(&e))
        }
        "envelope" => refuse_envelope(vectors),
        "binding" => {
            let author = AuthorId::from_bytes(vectors.id("author"));
            let sealed = SealedBinding::from_bytes(bytes("bytes")).map_err(|e| words(&e))?;
            let binding = sealed.open(&key(), &author).map_err(|e| words(&e))?.unwrap();
            let mut claims = binding.claims(&key().space(), &author).into_iter();
            claims.try_for_each(|claim| claim.verify()).map_err(|e| words(&e))
        }
        "letter" => {
            let header = Header::decode(&bytes("header")).unwrap();
            let reader = LetterKey::from_bytes(vectors.id("letter_key"));
            letter::open(&header, &bytes("bytes"), &[&reader]).map(drop).map_err(|e| words(&e))
        }
        "batch" => {
            let space = SpaceId::from_bytes(vectors.id("space"));
            let key = vectors.bytes("space_key").map(|_| key());
            batch::decode(&bytes("bytes"), &space, key.as_ref()).map(drop).map_err(|e| words(&e))
        }
        part => panic!("no part is called {part}"),
    }
}

fn refuse_envelope(vectors: &Vectors) -> Result<(), String> {
    let signature = |name: &str| Signature(vectors.bytes(name).unwrap().try_into().unwrap());
    let header = Header::decode(&vectors.bytes("header").unwrap()).unwrap();
    let introduction = vectors.bytes("binding").map(|binding| Introduction {
        binding: SealedBinding::from_bytes(binding).unwrap(),
        admission: vectors.words("admission").map(|_| signature("admission")),
    });
    let envelope = Envelope::new(header, signature("signature"), introduction)
        .map_err(|error| error.to_string())?;
    let parcel = Parcel { envelope, payload: Payload::Absent };
    match batch::verify(&[parcel], None, |_| false)[0].envelope {
        true => Ok(()),
        false => Err("the signature does not hold".to_owned()),
    }
}

type Refusal = (&'static str, Vectors);

fn refusals() -> Vec<Refusal> {
    [headers(), statements(), contents(), seals(), envelopes(), bindings(), letters(), batches()]
        .concat()
}

fn refusal(part: &str, error: &str, inputs: &[(&str, &[u8])]) -> Vectors {
    let mut vectors = Vectors::default();
    vectors.say("part", part);
    vectors.say("error", error);
    inputs.iter().for_each(|(name, bytes)| vectors.add(name, bytes));
    vectors
}

fn headers() -> Vec<Refusal> {
    let spoilt = |error, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = golden::chain()[0].1.envelope.header().encode().to_vec();
        change(&mut bytes);
        refusal("header", error, &[("bytes", &bytes)])
    };
    let (kind, document, seq, payload_len) = (1, 34, 98, 140);
    let seq_max = limits::SEQ_MAX + 1;
    let payload_max = limits::PAYLOAD_MAX + 1;
    let put_u32 = |bytes: &mut Vec<u8>, at: usize, value: u32| {
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    };
    vec![
        (
            "header_format_newer",
            spoilt("format: version 1 is not known here", &|bytes| bytes[0] = 1),
        ),
        ("header_seq_zero", spoilt("seq: not a valid value", &|bytes| put_u32(bytes, seq, 0))),
        (
            "header_seq_beyond",
            spoilt("seq: 100001 is beyond the bound of 100000", &|bytes| {
                put_u32(bytes, seq, seq_max);
            }),
        ),
        (
            "header_payload_too_long",
            spoilt("payload length: 262145 is beyond the bound of 262144", &|bytes| {
                put_u32(bytes, payload_len, payload_max);
            }),
        ),
        (
            "header_statement_with_document",
            spoilt("document: not a valid value", &|bytes| bytes[kind] = 4),
        ),
        (
            "header_letter_with_document",
            spoilt("document: not a valid value", &|bytes| bytes[kind] = 5),
        ),
        (
            "header_letter_second",
            spoilt("seq: not a valid value", &|bytes| {
                bytes[kind] = 5;
                bytes[document..document + 32].fill(0);
                put_u32(bytes, seq, 2);
            }),
        ),
        (
            "header_short",
            spoilt("payload hash: 32 bytes needed, 31 left", &|bytes| {
                bytes.truncate(bytes.len() - 1);
            }),
        ),
        ("header_trailing_byte", spoilt("1 bytes after the end of header", &|bytes| bytes.push(0))),
    ]
}

fn statements() -> Vec<Refusal> {
    let spoilt = |name: &str, error, change: &dyn Fn(&mut Vec<u8>)| {
        let all = golden::statements();
        let mut bytes = all.iter().find(|(known, _)| *known == name).unwrap().1.encode();
        change(&mut bytes);
        refusal("statement", error, &[("bytes", &bytes)])
    };
    let (flag, cut_seq) = (33, 34);
    vec![
        (
            "statement_newer",
            spoilt("grant", "statement: version 9 is not known here", &|bytes| bytes[0] = 9),
        ),
        (
            "statement_short",
            spoilt("grant", "author: 32 bytes needed, 31 left", &|bytes| {
                bytes.truncate(bytes.len() - 1);
            }),
        ),
        (
            "statement_trailing_byte",
            spoilt("grant", "1 bytes after the end of statement", &|bytes| bytes.push(0)),
        ),
        (
            "statement_cut_flag_two",
            spoilt("revoke", "cut: not a valid value", &|bytes| bytes[flag] = 2),
        ),
        (
            "statement_cut_seq_zero",
            spoilt("revoke", "cut seq: not a valid value", &|bytes| {
                bytes.splice(cut_seq..cut_seq + 2, [0]);
            }),
        ),
        (
            "statement_cut_seq_overlong",
            spoilt("revoke", "cut seq: not a valid value", &|bytes| {
                bytes.splice(cut_seq..cut_seq + 2, [0x81, 0]);
            }),
        ),
        (
            "statement_target_unknown",
            spoilt("hide", "target: not a valid value", &|bytes| bytes[1] = 2),
        ),
        (
            "statement_policy_unknown",
            spoilt("policy", "policy: not a valid value", &|bytes| bytes[33] = 3),
        ),
        (
            "statement_hides_none",
            spoilt("unhide", "hides: not a valid value", &|bytes| *bytes = vec![7, 0]),
        ),
        (
            "statement_hides_not_rising",
            spoilt("unhide", "hides: not a valid value", &|bytes| bytes[2..].fill(8)),
        ),
        (
            "statement_hides_beyond",
            spoilt("unhide", "hides: 65 is beyond the bound of 64", &|bytes| bytes[1] = 65),
        ),
    ]
}

fn contents() -> Vec<Refusal> {
    let (put, chunk) = (Kind::Put, Kind::Chunk);
    let content = |kind: Kind, error, bytes: &[u8]| {
        refusal("content", error, &[("kind", &[kind.as_u8()]), ("bytes", bytes)])
    };
    let twice = [&[1, 0, 2][..], &[8; 64]].concat();
    vec![
        ("content_empty", content(put, "noun: 1 bytes needed, 0 left", &[])),
        ("content_origin_unknown", content(put, "origin: not a valid value", &[1, 4, 0])),
        (
            "content_generation_overlong",
            content(put, "generation: not a valid value", &[1, 2, 0x80, 0, 0]),
        ),
        ("content_superseded_not_rising", content(put, "superseded: not a valid value", &twice)),
        (
            "content_superseded_beyond",
            content(put, "superseded: 33 is beyond the bound of 32", &[1, 0, 33]),
        ),
        (
            "content_chunk_beyond_count",
            content(chunk, "chunk index: not a valid value", &[1, 0, 3, 3]),
        ),
        ("content_of_a_statement", content(Kind::Statement, "kind: not a valid value", &[1, 0])),
    ]
}

fn seals() -> Vec<Refusal> {
    let (error, key) = ("the payload does not open with this space's key", golden::space());
    let context = b"context";
    let honest = seal::seal(&key, context, &[0; 16], b"content");
    let with = |key: &SpaceKey, context: &[u8], bytes: &[u8]| {
        let inputs = [("space_key", &key.as_bytes()[..]), ("context", context), ("bytes", bytes)];
        refusal("seal", error, &inputs)
    };
    let mut changed = honest.clone();
    *changed.last_mut().unwrap() ^= 1;
    let sealing = blake3::derive_key("teilgeber 0 space sealing key", key.as_bytes());
    let message = Message { msg: b"sixteen bytes andcontent", aad: context };
    let sealed = XChaCha20Poly1305::new(&sealing.into()).encrypt(&[9; 24].into(), message);
    let wrong_nonce = [vec![9; 24], sealed.unwrap()].concat();
    vec![
        ("seal_wrong_nonce", with(&key, context, &wrong_nonce)),
        ("seal_tag_changed", with(&key, context, &changed)),
        ("seal_other_context", with(&key, b"other", &honest)),
        ("seal_other_space", with(&SpaceKey::from_bytes([9; 32]), context, &honest)),
        ("seal_short", with(&key, context, &honest[..23])),
    ]
}

fn envelopes() -> Vec<Refusal> {
    let chain = golden::chain();
    let (first, second) = (&chain[0].1.envelope, &chain[1].1.envelope);
    let introduction = first.introduction().unwrap();
    let (binding, admission) = (introduction.binding.as_bytes(), introduction.admission.unwrap().0);
    let (unsound, unfit) = ("the signature does not hold", "introduction: not a valid value");
    let envelope = |error, header: &Header, signature: &[u8], introduced: &[(&str, &[u8])]| {
        let header = header.encode();
        let inputs = [&[("header", &header[..]), ("signature", signature)], introduced].concat();
        refusal("envelope", error, &inputs)
    };
    let introduced = [("binding", binding), ("admission", &admission[..])];
    let with =
        |header: &Header, signature: &[u8; 64]| envelope(unsound, header, signature, &introduced);
    let signature = first.signature().0;
    let other_space = SpaceKey::from_bytes([9; 32]).admit(&golden::author().id()).0;
    let other_admission = [("binding", binding), ("admission", &other_space[..])];
    let mut of_identity = first.header().clone();
    of_identity.author = AuthorId::from_bytes(identity());
    let mut not_reduced = first.header().clone();
    not_reduced.author = AuthorId::from_bytes(not_canonical());
    let letter = golden::letter(Signer::Anonymous).envelope;
    let bound_letter = [("binding", binding), ("admission", &admission[..])];
    vec![
        ("envelope_signature_of_another_entry", with(first.header(), &second.signature().0)),
        ("envelope_signature_scalar_not_reduced", with(first.header(), &unreduced(signature))),
        ("envelope_author_of_small_order", with(&of_identity, &signs_everything())),
        ("envelope_author_not_canonical", with(&not_reduced, &signs_everything())),
        (
            "envelope_admission_by_other_space",
            envelope(unsound, first.header(), &signature, &other_admission),
        ),
        (
            "envelope_admission_missing",
            envelope(unsound, first.header(), &signature, &introduced[..1]),
        ),
        ("envelope_introduction_missing", envelope(unfit, first.header(), &signature, &[])),
        (
            "envelope_introduction_late",
            envelope(unfit, second.header(), &second.signature().0, &introduced),
        ),
        (
            "envelope_binding_of_another_hash",
            envelope(unfit, first.header(), &signature, &[("binding", &binding[1..])]),
        ),
        (
            "envelope_letter_with_binding",
            envelope(unfit, letter.header(), &letter.signature().0, &bound_letter),
        ),
    ]
}

fn bindings() -> Vec<Refusal> {
    let (key, author) = (golden::space(), golden::author().id());
    let (closed, unsound) =
        ("the payload does not open with this space's key", "the signature does not hold");
    let binding = |error, sealed: &[u8]| {
        let inputs =
            [("space_key", &key.as_bytes()[..]), ("author", author.as_bytes()), ("bytes", sealed)];
        refusal("binding", error, &inputs)
    };
    let sealed = |binding: &Binding| binding.seal(&key, &author).as_bytes().to_vec();
    let plain = |bytes: &[u8]| {
        let context = [&b"teilgeber 0 sealed binding"[..], author.as_bytes()].concat();
        let (blind, rest) = bytes.split_first_chunk().unwrap();
        seal::seal(&key, &context, blind, rest)
    };
    let (other, person) = (AuthorKey::from_bytes([9; 32]).id(), golden::person());
    let by_identity = Binding::Direct {
        person: PersonId::from_bytes(identity()),
        signature: Signature(signs_everything()),
    };
    let device = golden::device();
    let stranger = PersonKey::from_bytes([9; 32]).sign_device(&device.id());
    let not_theirs = Binding::via_device(person.id(), &device, stranger, &key.space(), &author);
    let elsewhere = Binding::direct(&person, &SpaceKey::from_bytes([9; 32]).space(), &author);
    let honest = golden::direct();
    let mut unknown = honest.encode();
    unknown[0] = 3;
    let other_author = honest.seal(&key, &other);
    let other_space = honest.seal(&SpaceKey::from_bytes([9; 32]), &author);
    vec![
        ("binding_small_order_person", binding(unsound, &sealed(&by_identity))),
        ("binding_device_not_signed", binding(unsound, &sealed(&not_theirs))),
        ("binding_signed_for_another_space", binding(unsound, &sealed(&elsewhere))),
        ("binding_sealed_for_another_author", binding(closed, other_author.as_bytes())),
        ("binding_sealed_in_another_space", binding(closed, other_space.as_bytes())),
        ("binding_form_unknown", binding(closed, &plain(&unknown))),
        ("binding_trailing_byte", binding(closed, &plain(&[honest.encode(), vec![0]].concat()))),
        ("binding_too_long", binding("binding: 234 is beyond the bound of 233", &[0; 234])),
    ]
}

fn letters() -> Vec<Refusal> {
    let (person, reader) = (golden::person(), golden::reader());
    let answer_to = LetterKey::from_bytes([6; 32]).public();
    let signed = golden::letter(Signer::Person { key: &person, answer_to });
    let anonymous = golden::letter(Signer::Anonymous);
    let letter = |error, header: &Header, bytes: &[u8], key: &LetterKey| {
        let header = header.encode();
        let inputs = [("header", &header[..]), ("letter_key", key.as_bytes()), ("bytes", bytes)];
        refusal("letter", error, &inputs)
    };
    let spoilt = |error, parcel: &Parcel, change: &dyn Fn(&mut Vec<u8>)| {
        let (header, payload) = (parcel.envelope.header(), parcel.payload.bytes().unwrap());
        let mut plaintext = unseal(header, payload, &reader);
        change(&mut plaintext);
        letter(error, header, &reseal(header, &plaintext, &reader), &reader)
    };
    let (header, payload) = (anonymous.envelope.header(), anonymous.payload.bytes().unwrap());
    let mut another_day = header.clone();
    another_day.time += letter::TIME_STEP;
    let mut put = header.clone();
    put.kind = Kind::Put;
    let other = LetterKey::from_bytes([9; 32]);
    let passed_on = unseal(signed.envelope.header(), signed.payload.bytes().unwrap(), &reader);
    let passed_on = reseal(signed.envelope.header(), &passed_on, &other);
    let (not_for_me, forged) =
        ("the letter is for another reader", "the signature inside the letter does not hold");
    vec![
        ("letter_for_another_reader", letter(not_for_me, header, payload, &other)),
        ("letter_of_another_day", letter(not_for_me, &another_day, payload, &reader)),
        ("letter_kind_put", letter("kind: not a valid value", &put, payload, &reader)),
        (
            "letter_size_odd",
            letter("letter size: not a valid value", header, &payload[..1023], &reader),
        ),
        (
            "letter_form_newer",
            spoilt("letter form: version 3 is not known here", &anonymous, &|plain| plain[0] = 3),
        ),
        (
            "letter_padding_not_zero",
            spoilt("letter padding: not a valid value", &anonymous, &|plain| {
                *plain.last_mut().unwrap() = 1;
            }),
        ),
        (
            "letter_body_beyond",
            spoilt("body: 16383 is beyond the bound of 16108", &anonymous, &|plain| {
                plain[2..4].copy_from_slice(&[0xff, 0x7f]);
            }),
        ),
        (
            "letter_body_short",
            spoilt("body: 1000 bytes needed, 972 left", &anonymous, &|plain| {
                plain[2..4].copy_from_slice(&[0xe8, 0x07]);
            }),
        ),
        (
            "letter_person_of_small_order",
            spoilt(forged, &signed, &|plain| {
                plain[1..33].copy_from_slice(&identity());
                plain[65..129].copy_from_slice(&signs_everything());
            }),
        ),
        ("letter_answer_to_changed", spoilt(forged, &signed, &|plain| plain[33] ^= 1)),
        ("letter_topic_changed", spoilt(forged, &signed, &|plain| plain[129] ^= 1)),
        (
            "letter_passed_on_to_another_reader",
            letter(forged, signed.envelope.header(), &passed_on, &other),
        ),
    ]
}

fn batches() -> Vec<Refusal> {
    let (key, parcels) = (golden::space(), [golden::letter(Signer::Anonymous)]);
    let space = key.space();
    let honest = |key: Option<&SpaceKey>| batch::encode(&parcels, key, limits::BATCH_BYTES_MAX).0;
    let sealed = |error, bytes: &[u8]| {
        refusal("batch", error, &[("space", space.as_bytes()), ("bytes", bytes)])
    };
    // Raw blocks of zstd, so that the bytes do not depend on the compressor's version.
    let packed = |said: &[u8], raw: &[u8]| {
        let len = said.len() as u32;
        let block = (len << 3 | 1).to_le_bytes();
        let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, len as u8], &block[..3], said].concat();
        let mut bytes = vec![0, 0];
        bytes.put_varint(len.into());
        bytes.put_sized(&frame);
        bytes.put_bytes(raw);
        bytes
    };
    let mut bomb = vec![0, 0];
    bomb.put_varint(1 << 40);
    vec![
        ("batch_empty", sealed("batch format: 1 bytes needed, 0 left", &[])),
        ("batch_format_newer", sealed("batch format: version 1 is not known here", &[1, 0])),
        ("batch_form_unknown", sealed("batch form: not a valid value", &[0, 2])),
        (
            "batch_opened_without_key",
            sealed("batch form: not a valid value", &honest(Some(&key))[..2]),
        ),
        ("batch_bomb", sealed("said length: 1099511627776 is beyond the bound of 4194304", &bomb)),
        ("batch_not_packed", sealed("packed: not a valid value", &[0, 0, 1, 1, 0])),
        ("batch_raw_left_over", sealed("1 bytes after the end of raw", &packed(&[1, 0], &[0]))),
        (
            "batch_heads_left_over",
            sealed("1 bytes after the end of heads", &packed(&[2, 0, 0], &[])),
        ),
        (
            "batch_run_of_none",
            sealed("run entries: not a valid value", &packed(&[3, 1, 1, 0], &[])),
        ),
        (
            "batch_author_missing",
            sealed("author: 32 bytes needed, 0 left", &packed(&[3, 1, 1, 1], &[])),
        ),
    ]
}

/// The encoding of the neutral element, a key of small order.
fn identity() -> [u8; 32] {
    let mut key = [0; 32];
    key[0] = 1;
    key
}

/// What anyone can write as a signature by [`identity`] over anything.
fn signs_everything() -> [u8; 64] {
    let mut signature = [0; 64];
    signature[0] = 1;
    signature
}

/// The neutral element again, its y coordinate written as 1 more than the prime.
fn not_canonical() -> [u8; 32] {
    let mut key = [0xff; 32];
    key[0] = 0xee;
    key[31] = 0x7f;
    key
}

/// The same signature with the group's order added to its scalar.
fn unreduced(mut signature: [u8; 64]) -> [u8; 64] {
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(GROUP_ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    signature
}

type Kem25519 = X25519HkdfSha256;

/// The letter's plaintext, as its layout says and not as the code under test does it.
fn unseal(header: &Header, payload: &[u8], reader: &LetterKey) -> Vec<u8> {
    let (info, aad) = seal_context(header);
    let key = <Kem25519 as Kem>::PrivateKey::from_bytes(reader.as_bytes()).unwrap();
    let encapsulated = <Kem25519 as Kem>::EncappedKey::from_bytes(&payload[..32]).unwrap();
    hpke::single_shot_open::<hpke::aead::ChaCha20Poly1305, hpke::kdf::HkdfSha256, Kem25519>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        &info,
        &payload[32..],
        &aad,
    )
    .unwrap()
}

fn reseal(header: &Header, plaintext: &[u8], reader: &LetterKey) -> Vec<u8> {
    let (info, aad) = seal_context(header);
    let key = <Kem25519 as Kem>::PublicKey::from_bytes(reader.public().as_bytes()).unwrap();
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal_with_rng::<
            hpke::aead::ChaCha20Poly1305,
            hpke::kdf::HkdfSha256,
            Kem25519,
        >(&OpModeS::Base, &key, &info, plaintext, &aad, &mut Constant)
        .unwrap();
    [encapsulated.to_bytes().to_vec(), ciphertext].concat()
}

fn seal_context(header: &Header) -> (Vec<u8>, Vec<u8>) {
    let info = [&b"teilgeber 0 letter seal"[..], header.space.as_bytes()].concat();
    let time = &header.time.to_be_bytes()[2..];
    let aad = [&[5], &header.space.as_bytes()[..], header.author.as_bytes(), time].concat();
    (info, aad)
}

/// Not random at all, so that the vectors come out the same.
struct Constant;

impl TryRng for Constant {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x4242_4242)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x4242_4242_4242_4242)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(0x42);
        Ok(())
    }
}

impl TryCryptoRng for Constant {}
