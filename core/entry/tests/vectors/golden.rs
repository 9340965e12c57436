//! What fixed keys give.

use teilgeber_entry::batch;
use teilgeber_entry::bundle::{Found, Reader, Readers, Seal, Writer};
use teilgeber_entry::content::Body;
use teilgeber_entry::letter::{LetterDraft, Signer, Topic, add_work};
use teilgeber_entry::limits::BATCH_BYTES_MAX;
use teilgeber_entry::statement::{Cut, Strictness, Target};
use teilgeber_entry::{
    AuthorId, AuthorKey, Binding, Content, DeviceKey, DocumentId, Draft, EntryId, Header, HostKey,
    Kind, LetterKey, LtHash, Noun, Origin, Parcel, Payload, PersonKey, SpaceKey, Statement,
};

use crate::file::Vectors;

pub(crate) const TIME: u64 = 1_794_000_000_000;
const HANDSHAKE: [u8; 32] = [0x0a; 32];
const BLIND: [u8; 16] = [0x0b; 16];

pub(crate) fn space() -> SpaceKey {
    SpaceKey::from_bytes([1; 32])
}

pub(crate) fn author() -> AuthorKey {
    AuthorKey::from_bytes([2; 32])
}

pub(crate) fn person() -> PersonKey {
    PersonKey::from_bytes([3; 32])
}

pub(crate) fn device() -> DeviceKey {
    DeviceKey::from_bytes([4; 32])
}

pub(crate) fn reader() -> LetterKey {
    LetterKey::from_bytes([5; 32])
}

pub(crate) fn direct() -> Binding {
    Binding::direct(&person(), &space().space(), &author().id())
}

pub(crate) fn via_device() -> Binding {
    let signed = person().sign_device(&device().id());
    Binding::via_device(person().id(), &device(), signed, &space().space(), &author().id())
}

/// One author's chain with an entry of each kind but letters.
pub(crate) fn chain() -> Vec<(&'static str, Parcel)> {
    let mut chain: Vec<(&str, Parcel)> = Vec::new();
    for (name, content) in contents() {
        let seq = chain.len() as u32 + 1;
        let origin = content.origin;
        let document =
            origin.document(&space(), content.noun, &author().id(), seq, Some(&person().id()));
        let document = document.unwrap_or(DocumentId::from_bytes([6; 32]));
        let draft = draft(&chain, document);
        chain.push((name, draft.sign(&space(), &author(), &content, &BLIND).unwrap()));
    }
    for (name, statement) in statements() {
        let draft = draft(&chain, DocumentId::NONE);
        let parcel = draft.sign_statement(&space(), &author(), &statement).unwrap();
        chain.push((name, parcel));
    }
    chain
}

pub(crate) fn letter(signer: Signer<'_>) -> Parcel {
    let draft = LetterDraft { signer, topic: Topic(9), body: b"See you at the next one." };
    draft.seal(&space(), &author(), &reader().public(), TIME, &[7; 32]).unwrap()
}

fn contents() -> [(&'static str, Content); 4] {
    let put = |supersedes, value: &[u8]| Body::Put { supersedes, value: value.to_vec() };
    let attached = Origin::Attached { parent: DocumentId::from_bytes([6; 32]), generation: 1 };
    let other = EntryId::from_bytes([8; 32]);
    let chunk = Body::Chunk { index: 1, count: 300, bytes: b"a piece".to_vec() };
    let content = |noun, origin, body| Content { noun: Noun(noun), origin, body };
    [
        ("change", content(1, Origin::Made, Body::Change(b"a change".to_vec()))),
        ("put", content(2, Origin::Singleton { generation: 0 }, put(vec![], b"a value"))),
        ("put_again", content(3, attached, put(vec![other], b"another value"))),
        ("chunk", content(4, Origin::Later, chunk)),
    ]
}

pub(crate) fn statements() -> [(&'static str, Statement); 10] {
    let other = AuthorId::from_bytes([9; 32]);
    let document = DocumentId::from_bytes([6; 32]);
    let entry = EntryId::from_bytes([8; 32]);
    [
        ("grant", Statement::Grant(other)),
        ("revoke_all", Statement::Revoke(other, None)),
        ("revoke", Statement::Revoke(other, Some(Cut { seq: 200, entry }))),
        ("successor", Statement::Successor(other)),
        ("erase", Statement::Erase(document)),
        ("withdraw", Statement::Withdraw(Target::Document(document))),
        ("withdraw_entry", Statement::Withdraw(Target::Entry(entry))),
        ("hide", Statement::Hide(Target::Entry(entry))),
        ("unhide", Statement::Unhide(vec![entry, EntryId::from_bytes([9; 32])])),
        ("policy", Statement::Policy(document, Strictness::OffTheRecord)),
    ]
}

fn draft(chain: &[(&str, Parcel)], document: DocumentId) -> Draft {
    Draft {
        document,
        seq: chain.len() as u32 + 1,
        prev: chain.last().map_or([0; 32], |(_, last)| *last.envelope.id().as_bytes()),
        time: TIME + chain.len() as u64,
        binding: direct().seal(&space(), &author().id()),
    }
}

fn add_parcel(vectors: &mut Vectors, name: &str, parcel: &Parcel) {
    let Parcel { envelope, payload } = parcel;
    let mut add = |part: &str, bytes: &[u8]| vectors.add(&format!("{name}_{part}"), bytes);
    add("header", &envelope.header().encode());
    add("id", envelope.id().as_bytes());
    add("signature", &envelope.signature().0);
    if let Some(introduction) = envelope.introduction() {
        add("binding", introduction.binding.as_bytes());
        add("admission", &introduction.admission.unwrap().0);
    }
    if let Payload::Open { content, blind, .. } = payload {
        add("blind", blind);
        add("content", content);
    }
    add("payload", payload.bytes().unwrap());
}

#[test]
fn keys_are_derived_as_written() {
    let (space, mut vectors) = (space(), Vectors::default());
    vectors.add("space_key", space.as_bytes());
    vectors.add("space", space.space().as_bytes());
    for name in ["sealing", "nonce", "id", "proof", "carry", "admission"] {
        let key = blake3::derive_key(&format!("teilgeber 0 space {name} key"), space.as_bytes());
        vectors.add(&format!("{name}_key"), key);
    }
    vectors.add("handshake_hash", HANDSHAKE);
    for role in [0, 1] {
        let name = space.carry_key().blinded_name(&HANDSHAKE, role);
        vectors.add(&format!("blinded_name_{role}"), name);
        vectors.add(&format!("proof_{role}"), space.prove(&HANDSHAKE, role));
    }
    vectors.add("author_seed", author().as_bytes());
    vectors.add("author", author().id().as_bytes());
    vectors.add("admission", space.admit(&author().id()).0);
    vectors.add("author_on_link", author().show_on_link(&HANDSHAKE).0);
    vectors.add("person_seed", person().as_bytes());
    vectors.add("person", person().id().as_bytes());
    vectors.add("device_seed", device().as_bytes());
    vectors.add("device", device().id().as_bytes());
    vectors.add("device_signature", person().sign_device(&device().id()).0);
    let host = HostKey::from_bytes([6; 32]);
    vectors.add("host_seed", host.as_bytes());
    vectors.add("host", host.id().as_bytes());
    vectors.add("host_asked_on_link", host.id().asked_on_link(&HANDSHAKE));
    vectors.add("host_on_link", host.prove_on_link(&HANDSHAKE).0);
    vectors.add("letter_key", reader().as_bytes());
    vectors.add("letter_public", reader().public().as_bytes());
    assert_eq!(vectors.id("carry_key"), *space.carry_key().as_bytes());
    vectors.compare("keys.txt");
}

#[test]
fn bindings_are_as_written() {
    let mut vectors = Vectors::default();
    vectors.add("space_key", space().as_bytes());
    vectors.add("author", author().id().as_bytes());
    for (name, binding) in [("direct", direct()), ("via_device", via_device())] {
        let sealed = binding.seal(&space(), &author().id());
        vectors.add(&format!("{name}_plain"), binding.encode());
        vectors.add(&format!("{name}_sealed"), sealed.as_bytes());
        vectors.add(&format!("{name}_hash"), sealed.hash());
        assert_eq!(sealed.open(&space(), &author().id()), Ok(Some(binding)));
    }
    vectors.compare("bindings.txt");
}

#[test]
fn a_header_is_as_written() {
    let header = Header {
        kind: Kind::Put,
        space: space().space(),
        document: DocumentId::from_bytes([6; 32]),
        author: author().id(),
        seq: 0x0001_0203,
        prev: [8; 32],
        time: 0x0102_0304_0506,
        payload_len: 0x0001_0203,
        payload_hash: [9; 32],
    };
    let mut vectors = Vectors::default();
    vectors.add("kind", [header.kind.as_u8()]);
    vectors.add("space", header.space.as_bytes());
    vectors.add("document", header.document.as_bytes());
    vectors.add("author", header.author.as_bytes());
    vectors.add("seq", header.seq.to_be_bytes());
    vectors.add("prev", header.prev);
    vectors.add("time", &header.time.to_be_bytes()[2..]);
    vectors.add("payload_length", header.payload_len.to_be_bytes());
    vectors.add("payload_hash", header.payload_hash);
    vectors.add("header", header.encode());
    vectors.add("id", header.id().as_bytes());
    assert_eq!(Header::decode(&header.encode()), Ok(header));
    vectors.compare("header.txt");
}

#[test]
fn document_ids_are_as_written() {
    let (noun, seq, parent) = (Noun(7), 258_u32, DocumentId::from_bytes([6; 32]));
    let mut vectors = Vectors::default();
    vectors.add("space_key", space().as_bytes());
    vectors.add("noun", [noun.0]);
    vectors.add("author", author().id().as_bytes());
    vectors.add("seq", seq.to_be_bytes());
    vectors.add("person", person().id().as_bytes());
    vectors.add("parent", parent.as_bytes());
    for (name, origin) in [
        ("made", Origin::Made),
        ("singleton_generation_0", Origin::Singleton { generation: 0 }),
        ("singleton_generation_300", Origin::Singleton { generation: 300 }),
        ("attached_generation_0", Origin::Attached { parent, generation: 0 }),
    ] {
        let id = origin.document(&space(), noun, &author().id(), seq, Some(&person().id()));
        vectors.add(name, id.unwrap().as_bytes());
    }
    vectors.compare("documents.txt");
}

#[test]
fn entries_of_each_kind_are_as_written() {
    let mut vectors = Vectors::default();
    vectors.add("space_key", space().as_bytes());
    vectors.add("author_seed", author().as_bytes());
    vectors.add("person_seed", person().as_bytes());
    chain().iter().for_each(|(name, parcel)| add_parcel(&mut vectors, name, parcel));
    vectors.compare("entries.txt");
}

#[test]
fn letters_are_as_written() {
    let (person, device, answer_to) = (person(), device(), LetterKey::from_bytes([6; 32]).public());
    let device_signature = person.sign_device(&device.id());
    let id = person.id();
    let mut vectors = Vectors::default();
    vectors.add("space_key", space().as_bytes());
    vectors.add("author_seed", author().as_bytes());
    vectors.add("letter_key", reader().as_bytes());
    vectors.add("person", id.as_bytes());
    vectors.add("device", device.id().as_bytes());
    vectors.add("answer_to", answer_to.as_bytes());
    for (name, signer) in [
        ("anonymous", Signer::Anonymous),
        ("person", Signer::Person { key: &person, answer_to }),
        ("device", Signer::Device { person: id, key: &device, device_signature, answer_to }),
    ] {
        add_parcel(&mut vectors, name, &letter(signer));
    }
    let envelope = add_work(&letter(Signer::Anonymous).envelope, &author(), 1, 500).unwrap();
    vectors.add("anonymous_with_work_header", envelope.as_ref().unwrap().header().encode());
    vectors.add("anonymous_with_work_id", envelope.unwrap().id().as_bytes());
    vectors.compare("letters.txt");
}

#[test]
fn fingerprints_are_as_written() {
    let mut vectors = Vectors::default();
    let mut sum = LtHash::empty();
    vectors.add("of_none", sum.fingerprint().0);
    for (at, name) in ["of_one", "of_two", "of_three"].into_iter().enumerate() {
        let id = EntryId::from_bytes([at as u8 + 1; 32]);
        sum.add(&id);
        vectors.add(&format!("id_{}", at + 1), id.as_bytes());
        vectors.add(name, sum.fingerprint().0);
    }
    vectors.compare("fingerprints.txt");
}

/// What a compressor writes may change with its version, so a batch is read and not compared.
#[test]
fn batches_are_read_as_written() {
    let mut parcels: Vec<Parcel> = chain().into_iter().map(|(_, parcel)| parcel).collect();
    parcels.push(letter(Signer::Anonymous));
    parcels[3].payload = Payload::Absent;
    let mut vectors = Vectors::default();
    vectors.add("space_key", space().as_bytes());
    for (at, parcel) in parcels.iter().enumerate() {
        vectors.add(&format!("id_{}", at + 1), parcel.envelope.id().as_bytes());
    }
    vectors.add("sealed", batch::encode(&parcels, None, BATCH_BYTES_MAX).0);
    vectors.add("opened", batch::encode(&parcels, Some(&space()), BATCH_BYTES_MAX).0);
    vectors.print_if_asked("batches.txt");

    let written = Vectors::read("batches.txt");
    for (name, key) in [("sealed", None), ("opened", Some(space()))] {
        let bytes = written.bytes(name).unwrap();
        let read = batch::decode(&bytes, &space().space(), key.as_ref()).unwrap();
        assert_eq!(read.len(), parcels.len());
        for (read, parcel) in read.iter().zip(&parcels) {
            assert_eq!(read.envelope.id(), parcel.envelope.id());
            assert_eq!(read.payload.bytes(), parcel.payload.bytes());
        }
        let checked = batch::verify(&read, Some(&space()), |_| name == "opened");
        assert!(checked.iter().all(|checked| checked.envelope));
    }
}

/// A bundle's first section is for members, its second for couriers; both hold the chain.
#[test]
fn bundles_are_read_as_written() {
    let parcels: Vec<Parcel> = chain().into_iter().map(|(_, parcel)| parcel).collect();
    let (key, carry) = (space(), space().carry_key());
    let mut vectors = Vectors::default();
    vectors.add("space_key", space().as_bytes());
    for (at, parcel) in parcels.iter().enumerate() {
        vectors.add(&format!("id_{}", at + 1), parcel.envelope.id().as_bytes());
    }
    let mut writer = Writer::new(Vec::new(), [0x0c; 32]).unwrap();
    let opened = batch::encode_for_bundle(&parcels, Some(&key), BATCH_BYTES_MAX).0;
    writer.add(Seal::Members(&key), &opened).unwrap();
    let sealed = batch::encode_for_bundle(&parcels, None, BATCH_BYTES_MAX).0;
    writer.add(Seal::Couriers(&carry), &sealed).unwrap();
    vectors.add("bundle", writer.finish().unwrap().0);
    vectors.print_if_asked("bundle.txt");

    let written = Vectors::read("bundle.txt").bytes("bundle").unwrap();
    let mut reader = Reader::new(&written[..]);
    for (readers, seal) in
        [(Readers::Members, Seal::Members(&key)), (Readers::Couriers, Seal::Couriers(&carry))]
    {
        let found = reader.next_found().unwrap();
        let Some(Found::Section(section)) = found else { panic!("{found:?}") };
        assert!(section.is_of(&carry) && section.readers() == readers);
        let bytes = section.open(seal).unwrap();
        let key = Some(&key).filter(|_| readers == Readers::Members);
        let read = batch::decode(&bytes, &space().space(), key).unwrap();
        let checked = batch::verify(&read, key, |_| false);
        assert!(checked.iter().all(|checked| checked.envelope));
        for (read, parcel) in read.iter().zip(&parcels) {
            assert_eq!(read.envelope.id(), parcel.envelope.id());
        }
    }
    assert_eq!(reader.next_found().unwrap(), Some(Found::End { sections: 2 }));
}
