//! Entries that are packed and unpacked are the same entries, in both forms, whatever they hold.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use teilgeber_entry::batch::{decode, encode, verify};
use teilgeber_entry::content::Body;
use teilgeber_entry::limits::BATCH_BYTES_MAX;
use teilgeber_entry::{
    AuthorKey, Binding, Content, DecodeError, DocumentId, Draft, Envelope, Introduction, Noun,
    Origin, Parcel, Payload, PersonKey, SealedBinding, SpaceKey, Statement,
};

const NOW: u64 = 1_700_000_000_000;

fn space() -> SpaceKey {
    SpaceKey::from_bytes([7; 32])
}

fn person(number: u8) -> PersonKey {
    PersonKey::from_bytes([number; 32])
}

/// One author's entries: a made document, a later change, a profile, a statement, as `plan` says.
fn chain(number: u8, plan: &[u8]) -> Vec<Parcel> {
    let (key, author) = (space(), AuthorKey::from_bytes([number; 32]));
    let binding = Binding::direct(&person(number), &key.space(), &author.id());
    let mut parcels: Vec<Parcel> = Vec::new();
    let mut made = None;
    for (at, what) in plan.iter().enumerate() {
        let seq = at as u32 + 1;
        let prev = parcels.last().map_or([0; 32], |last| *last.envelope.id().as_bytes());
        let value = vec![*what; usize::from(*what)];
        let put = |origin| Content {
            noun: Noun(1),
            origin,
            body: Body::Put { supersedes: vec![], value: value.clone() },
        };
        let origin = match (what % 4, made) {
            (0, _) | (1, None) => Origin::Made,
            (1, Some(_)) => Origin::Later,
            _ => Origin::Singleton { generation: 0 },
        };
        let owner = person(number).id();
        let document = origin.document(&key, Noun(1), &author.id(), seq, Some(&owner));
        let document = document.or(made).unwrap_or(DocumentId::NONE);
        made = made.or(Some(document));
        let sealed = binding.seal(&key, &author.id());
        let time = NOW + u64::from(*what);
        let draft = Draft { document, seq, prev, time, binding: sealed };
        parcels.push(match what % 4 {
            3 => Draft { document: DocumentId::NONE, ..draft }
                .sign_statement(&key, &author, &Statement::Grant(author.id()))
                .unwrap(),
            _ => draft.sign(&key, &author, &put(origin), &[*what; 16]).unwrap(),
        });
    }
    parcels
}

/// As they lie in the log: nothing opened; some payloads gone.
fn stored(parcels: &[Parcel], gone: impl Fn(usize) -> bool) -> Vec<Parcel> {
    let stored = |(at, parcel): (usize, &Parcel)| Parcel {
        envelope: parcel.envelope.clone(),
        payload: match (gone(at), parcel.payload.bytes()) {
            (false, Some(bytes)) => Payload::Closed(bytes.to_vec()),
            _ => Payload::Absent,
        },
    };
    parcels.iter().enumerate().map(stored).collect()
}

fn without_admission(parcel: &Parcel) -> Envelope {
    let introduction = parcel.envelope.introduction().map(|introduction| Introduction {
        binding: introduction.binding.clone(),
        admission: None,
    });
    let (header, signature) = (parcel.envelope.header(), parcel.envelope.signature());
    Envelope::new(header.clone(), *signature, introduction).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_packed_is_unpacked(
        plans in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..6), 0..5),
        gone in prop::collection::vec(any::<bool>(), 32),
    ) {
        let chains = plans.iter().enumerate().map(|(number, plan)| chain(number as u8, plan));
        let fresh: Vec<Parcel> = chains.flatten().collect();
        let parcels = stored(&fresh, |at| gone[at % gone.len()]);

        let (sealed, count) = encode(&parcels, None, BATCH_BYTES_MAX);
        prop_assert_eq!(count, parcels.len());
        prop_assert_eq!(decode(&sealed, &space().space(), None), Ok(parcels.clone()));

        let (opened, count) = encode(&parcels, Some(&space()), BATCH_BYTES_MAX);
        prop_assert_eq!(count, parcels.len());
        let unpacked = decode(&opened, &space().space(), Some(&space())).unwrap();
        for (unpacked, packed) in unpacked.iter().zip(&parcels) {
            prop_assert_eq!(&unpacked.envelope, &without_admission(packed));
            prop_assert_eq!(unpacked.payload.bytes(), packed.payload.bytes());
        }
        let checked = verify(&unpacked, Some(&space()), |_| true);
        prop_assert!(checked.iter().all(|checked| checked.envelope));
        prop_assert!(decode(&opened, &space().space(), None).is_err());
    }

    #[test]
    fn any_bytes_are_a_batch_or_an_error(form in 0_u8..2, bytes: Vec<u8>) {
        let bytes = [vec![0, form], bytes].concat();
        let _ = decode(&bytes, &space().space(), Some(&space()));
    }

    #[test]
    fn a_changed_batch_is_refused_or_holds_no_other_entry_that_verifies(
        plan in prop::collection::vec(any::<u8>(), 1..5), at: prop::sample::Index, flip in 1_u8..,
        opened: bool,
    ) {
        let parcels = stored(&chain(1, &plan), |_| false);
        let key = opened.then(space);
        let (mut bytes, _) = encode(&parcels, key.as_ref(), BATCH_BYTES_MAX);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let honest: Vec<_> = parcels.iter().map(|parcel| parcel.envelope.id()).collect();
        if let Ok(unpacked) = decode(&bytes, &space().space(), Some(&space())) {
            let checked = verify(&unpacked, Some(&space()), |_| opened);
            for (parcel, checked) in unpacked.iter().zip(checked) {
                prop_assert!(!checked.envelope || honest.contains(&parcel.envelope.id()));
            }
        }
    }
}

#[test]
fn an_author_is_known_as_the_person_of_the_binding() {
    let (bytes, _) = encode(&chain(3, &[0, 1]), Some(&space()), BATCH_BYTES_MAX);
    let unpacked = decode(&bytes, &space().space(), Some(&space())).unwrap();
    let checked = verify(&unpacked, Some(&space()), |_| true);
    assert_eq!(checked[0].person, Some(person(3).id()));
    assert_eq!(checked[1].person, None);
}

#[test]
fn an_author_whom_nobody_admitted_is_refused() {
    let parcels = stored(&chain(3, &[0]), |_| false);
    let bare = Parcel { envelope: without_admission(&parcels[0]), ..parcels[0].clone() };
    assert!(verify(&parcels, None, |_| false)[0].envelope);
    assert!(!verify(std::slice::from_ref(&bare), None, |_| false)[0].envelope);
    assert!(verify(&[bare], None, |_| true)[0].envelope);
}

#[test]
fn a_further_entry_costs_80_bytes_and_its_content() {
    let one = encode(&chain(3, &[0, 4]), Some(&space()), BATCH_BYTES_MAX).0.len();
    let two = encode(&chain(3, &[0, 4, 4]), Some(&space()), BATCH_BYTES_MAX).0.len();
    assert!(two - one <= 80 + 12, "{} bytes", two - one);
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let zeros = vec![0; 64 * 1024 * 1024];
    let packed = zstd::bulk::compress(&zeros, 3).unwrap();
    let mut bytes = vec![0, 1];
    teilgeber_entry::codec::Write::put_varint(&mut bytes, zeros.len() as u64);
    teilgeber_entry::codec::Write::put_sized(&mut bytes, &packed);
    let refused = decode(&bytes, &space().space(), Some(&space()));
    assert!(matches!(refused, Err(DecodeError::Beyond { field: "said length", .. })));
}

#[test]
fn a_batch_takes_no_more_than_fits() {
    let chain = chain(3, &[200; 40]);
    let (bytes, count) = encode(&chain, None, 4096);
    assert!(bytes.len() <= 4096 && (1..40).contains(&count));
    let unpacked = decode(&bytes, &space().space(), None).unwrap();
    assert_eq!(unpacked.len(), count);
    assert_eq!(SealedBinding::default().as_bytes(), b"");
}
