//! Whatever bytes a stranger sends: a value or a typed error; and nothing that was tampered with
//! verifies as what it was.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use teilgeber_entry::batch::verify;
use teilgeber_entry::content::Body;
use teilgeber_entry::header::HEADER_LEN;
use teilgeber_entry::letter::{self, LetterDraft, Signer, Topic};
use teilgeber_entry::limits::BATCH_BYTES_MAX;
use teilgeber_entry::{
    AuthorKey, Binding, Content, DocumentId, Draft, Envelope, Header, Introduction, Kind,
    LetterKey, Noun, Origin, Parcel, PersonKey, SealedBinding, Signature, SpaceKey, Statement,
    batch, seal,
};

const NOW: u64 = 1_700_000_000_000;

fn space() -> SpaceKey {
    SpaceKey::from_bytes([7; 32])
}

fn author() -> AuthorKey {
    AuthorKey::from_bytes([1; 32])
}

fn reader() -> LetterKey {
    LetterKey::from_bytes([2; 32])
}

/// An honest first entry: a put, a statement or a letter.
fn honest(which: u8) -> Parcel {
    let (space, author) = (space(), author());
    let binding = Binding::direct(&PersonKey::from_bytes([3; 32]), &space.space(), &author.id());
    let origin = Origin::Made;
    let body = Body::Put { supersedes: vec![], value: b"a value".to_vec() };
    let content = Content { noun: Noun(1), origin, body };
    let draft = Draft {
        document: origin.document(&space, Noun(1), &author.id(), 1, None).unwrap(),
        seq: 1,
        prev: [0; 32],
        time: NOW,
        binding: binding.seal(&space, &author.id()),
    };
    match which {
        0 => draft.sign(&space, &author, &content, &[5; 16]).unwrap(),
        1 => Draft { document: DocumentId::NONE, ..draft }
            .sign_statement(&space, &author, &Statement::Grant(author.id()))
            .unwrap(),
        _ => LetterDraft { signer: Signer::Anonymous, topic: Topic(1), body: b"hello" }
            .seal(&space, &author, &reader().public(), NOW, &[4; 32])
            .unwrap(),
    }
}

/// The envelope's bytes end to end, to tamper with any of them.
fn flat(envelope: &Envelope) -> Vec<u8> {
    let introduction = envelope.introduction().unwrap();
    let (binding, admission) = (introduction.binding.as_bytes(), introduction.admission.unwrap());
    [&envelope.header().encode(), &envelope.signature().0[..], &admission.0, binding].concat()
}

fn unflat(bytes: &[u8]) -> Option<Envelope> {
    let (header, rest) = bytes.split_at(HEADER_LEN);
    let signature = |bytes: &[u8]| Signature(bytes.try_into().unwrap());
    let introduction = Introduction {
        binding: SealedBinding::from_bytes(rest[128..].to_vec()).ok()?,
        admission: Some(signature(&rest[64..128])),
    };
    let header = Header::decode(header).ok()?;
    Envelope::new(header, signature(&rest[..64]), Some(introduction)).ok()
}

fn near(bytes: &[u8], changes: &[(prop::sample::Index, u8)], cut: prop::sample::Index) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, value) in changes {
        let at = at.index(bytes.len());
        bytes[at] = *value;
    }
    if cut.index(4) == 0 {
        bytes.truncate(cut.index(bytes.len()));
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_a_value_or_a_typed_error(
        bytes in prop::collection::vec(any::<u8>(), 0..400), kind: u8, number in 0_u8..10,
    ) {
        let kind = Kind::from_u8(kind);
        let header = honest(2).envelope.header().clone();
        let numbered = [vec![number], bytes.clone()].concat();
        let batched = [vec![0, number % 2], bytes.clone()].concat();
        let space = space();
        if let Ok(header) = Header::decode(&bytes) {
            prop_assert_eq!(&header.encode()[..], &bytes);
        }
        if let Ok(statement) = Statement::decode(&numbered) {
            prop_assert_eq!(statement.encode(), numbered);
        }
        if let Ok(content) = Content::decode(kind, &bytes) {
            prop_assert_eq!(content.encode(), &bytes[..]);
        }
        prop_assert!(seal::open(&space, b"", &bytes).is_err());
        if let Ok(sealed) = SealedBinding::from_bytes(bytes.clone()) {
            let opened = sealed.open(&space, &author().id());
            prop_assert!(opened.is_err() || bytes.is_empty());
        }
        prop_assert!(letter::open(&header, &bytes, &[&reader()]).is_err());
        prop_assert!(batch::decode(&bytes, &space.space(), Some(&space)).is_err() || bytes[0] == 0);
        let _ = batch::decode(&batched, &space.space(), Some(&space));
    }

    #[test]
    fn bytes_near_a_header_are_a_header_with_one_encoding_or_an_error(
        which in 0_u8..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut: prop::sample::Index,
    ) {
        let bytes = near(&honest(which).envelope.header().encode(), &changes, cut);
        if let Ok(header) = Header::decode(&bytes) {
            prop_assert_eq!(&header.encode()[..], &bytes);
        }
    }

    #[test]
    fn bytes_near_a_batch_are_entries_with_ids_of_their_own_or_an_error(
        opened: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut: prop::sample::Index,
    ) {
        let (space, parcels) = (space(), [honest(0), honest(1), honest(2)]);
        let (bytes, _) = batch::encode(&parcels, opened.then_some(&space), BATCH_BYTES_MAX);
        let bytes = near(&bytes, &changes, cut);
        for parcel in batch::decode(&bytes, &space.space(), Some(&space)).unwrap_or_default() {
            let header = parcel.envelope.header();
            prop_assert_eq!(header.check(), Ok(()));
            prop_assert!(parcel.payload.bytes().is_none_or(|bytes| header.names_payload(bytes)));
        }
    }

    #[test]
    fn an_envelope_that_was_tampered_with_does_not_verify(
        which in 0_u8..3, at: prop::sample::Index, flip in 1_u8..,
    ) {
        let parcel = honest(which);
        let mut bytes = flat(&parcel.envelope);
        prop_assert_eq!(unflat(&bytes), Some(parcel.envelope.clone()));
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Some(envelope) = unflat(&bytes) {
            let tampered = Parcel { envelope, ..parcel };
            prop_assert!(!verify(&[tampered], Some(&space()), |_| false)[0].envelope);
        }
    }

    #[test]
    fn a_payload_that_was_tampered_with_is_not_the_one_of_its_header(
        which in 0_u8..3, at: prop::sample::Index, flip in 1_u8..,
    ) {
        let parcel = honest(which);
        let mut payload = parcel.payload.bytes().unwrap().to_vec();
        prop_assert!(parcel.envelope.header().names_payload(&payload));
        let at = at.index(payload.len());
        payload[at] ^= flip;
        prop_assert!(!parcel.envelope.header().names_payload(&payload));
    }
}
