//! Letters are read by their reader, say truly who wrote them, and are kept by their work.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use teilgeber_entry::batch::verify;
use teilgeber_entry::letter::{
    BODY_MAX, LetterDraft, LetterError, SIZES, Sender, Signer, TIME_STEP, Topic, add_work, keep,
    open, work_bits,
};
use teilgeber_entry::{
    AuthorKey, DecodeError, DeviceKey, DocumentId, EntryId, Header, Kind, LetterKey, LetterPublic,
    Parcel, PersonKey, SpaceKey,
};

const NOW: u64 = 1_700_000_000_000;
const ANSWER_TO: LetterPublic = LetterPublic::from_bytes([5; 32]);

fn space() -> SpaceKey {
    SpaceKey::from_bytes([7; 32])
}

fn reader() -> LetterKey {
    LetterKey::from_bytes([8; 32])
}

fn author() -> AuthorKey {
    AuthorKey::from_bytes([9; 32])
}

fn person() -> PersonKey {
    PersonKey::from_bytes([1; 32])
}

fn signed_by(key: &PersonKey) -> Signer<'_> {
    Signer::Person { key, answer_to: ANSWER_TO }
}

fn sealed(signer: Signer<'_>, body: &[u8]) -> Parcel {
    let draft = LetterDraft { signer, topic: Topic(3), body };
    draft.seal(&space(), &author(), &reader().public(), NOW, &[4; 32]).unwrap()
}

fn payload(parcel: &Parcel) -> &[u8] {
    parcel.payload.bytes().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_letter_is_read_by_its_reader_whoever_signed_it(
        body in prop::collection::vec(any::<u8>(), 0..2000), form in 0_u8..3, seed: [u8; 32],
    ) {
        let (person, device) = (person(), DeviceKey::from_bytes([2; 32]));
        let device_signature = person.sign_device(&device.id());
        let person_id = person.id();
        let via_device =
            Signer::Device { person: person_id, key: &device, device_signature, answer_to: ANSWER_TO };
        let signed = |device| Sender::Signed { person: person_id, device, answer_to: ANSWER_TO };
        let (signer, sender) = match form {
            0 => (Signer::Anonymous, Sender::Anonymous),
            1 => (signed_by(&person), signed(None)),
            _ => (via_device, signed(Some(device.id()))),
        };
        let draft = LetterDraft { signer, topic: Topic(form), body: &body };
        let parcel = draft.seal(&space(), &author(), &reader().public(), NOW, &seed).unwrap();

        let other = LetterKey::from_bytes([6; 32]);
        let letter = open(parcel.envelope.header(), payload(&parcel), &[&other, &reader()]).unwrap();

        prop_assert_eq!(letter.reader, reader().public());
        prop_assert_eq!(letter.sender, sender);
        prop_assert_eq!(letter.topic, Topic(form));
        prop_assert_eq!(letter.body, body);
        prop_assert!(verify(std::slice::from_ref(&parcel), Some(&space()), |_| false)[0].envelope);
        let refused = open(parcel.envelope.header(), payload(&parcel), &[&other]);
        prop_assert_eq!(refused, Err(LetterError::NotForMe));
    }

    #[test]
    fn a_changed_byte_is_not_for_me(at: prop::sample::Index, flip in 1_u8..) {
        let parcel = sealed(Signer::Anonymous, b"hello");
        let mut changed = payload(&parcel).to_vec();
        let at = at.index(changed.len());
        changed[at] ^= flip;
        let refused = open(parcel.envelope.header(), &changed, &[&reader()]);
        prop_assert_eq!(refused, Err(LetterError::NotForMe));
    }

    #[test]
    fn any_bytes_are_refused(bytes: Vec<u8>, size in 0_usize..3) {
        let header = sealed(Signer::Anonymous, b"hello").envelope.header().clone();
        prop_assert!(open(&header, &bytes, &[&reader()]).is_err());
        let mut padded = bytes;
        padded.resize(SIZES[size], 0);
        prop_assert_eq!(open(&header, &padded, &[&reader()]), Err(LetterError::NotForMe));
    }

    #[test]
    fn what_is_kept_is_a_function_of_the_set(
        ids in prop::collection::vec((0_u8..4, any::<[u8; 31]>()), 0..40).prop_shuffle(),
        max in 0_usize..20, split: prop::sample::Index,
    ) {
        let ids: Vec<EntryId> = ids
            .iter()
            .map(|(first, rest)| {
                EntryId::from_bytes([&[*first][..], rest].concat().try_into().unwrap())
            })
            .collect();
        let (early, late) = ids.split_at(split.index(ids.len() + 1));

        let at_once = keep(ids.iter().copied(), max);
        let in_steps = keep(keep(late.iter().copied(), max).into_iter().chain(early.iter().copied()), max);

        let mut by_work = ids.clone();
        by_work.sort_by_key(|id| (std::cmp::Reverse(work_bits(id)), *id));
        by_work.dedup();
        prop_assert_eq!(&at_once, &by_work.into_iter().take(max).collect());
        prop_assert_eq!(in_steps, at_once);
    }
}

#[test]
fn a_letter_tells_couriers_the_day_and_one_of_three_sizes() {
    let sizes = [0, 900, 1000, 3000, BODY_MAX].map(|len| {
        let parcel = sealed(signed_by(&person()), &vec![1; len]);
        let header = parcel.envelope.header();
        assert_eq!(header.time, NOW / TIME_STEP * TIME_STEP);
        assert_eq!(header.document, DocumentId::NONE);
        payload(&parcel).len()
    });
    assert_eq!(sizes, [1024, 4096, 4096, 4096, 16384]);
}

#[test]
fn a_letter_that_is_too_long_is_refused() {
    let body = vec![1; BODY_MAX + 1];
    let draft = LetterDraft { signer: Signer::Anonymous, topic: Topic(0), body: &body };
    let refused = draft.seal(&space(), &author(), &reader().public(), NOW, &[4; 32]);
    assert_eq!(refused, Err(LetterError::TooLong { len: BODY_MAX + 1 }));
}

#[test]
fn an_address_that_anyone_could_read_is_refused() {
    let draft = LetterDraft { signer: Signer::Anonymous, topic: Topic(0), body: b"" };
    let small_order = LetterPublic::from_bytes([0; 32]);
    let refused = draft.seal(&space(), &author(), &small_order, NOW, &[4; 32]);
    assert_eq!(refused, Err(LetterError::Address));
}

#[test]
fn a_letter_opens_only_under_its_own_header() {
    let parcel = sealed(Signer::Anonymous, b"hello");
    let read = |change: fn(&mut Header)| {
        let mut header = parcel.envelope.header().clone();
        change(&mut header);
        open(&header, payload(&parcel), &[&reader()])
    };
    assert!(read(|_| ()).is_ok());
    assert!(read(|header| header.prev = [1; 32]).is_ok());
    let refused = Err(LetterError::NotForMe);
    assert_eq!(read(|header| header.space = SpaceKey::from_bytes([1; 32]).space()), refused);
    assert_eq!(read(|header| header.author = AuthorKey::from_bytes([1; 32]).id()), refused);
    assert_eq!(read(|header| header.time += TIME_STEP), refused);
    let kind = Err(LetterError::Form(DecodeError::Invalid { field: "kind" }));
    assert_eq!(read(|header| header.kind = Kind::Put), kind);
}

#[test]
fn a_device_that_the_person_did_not_sign_writes_for_nobody() {
    let device = DeviceKey::from_bytes([2; 32]);
    let device_signature = PersonKey::from_bytes([3; 32]).sign_device(&device.id());
    let person = person().id();
    let signer = Signer::Device { person, key: &device, device_signature, answer_to: ANSWER_TO };
    let parcel = sealed(signer, b"hello");
    let refused = open(parcel.envelope.header(), payload(&parcel), &[&reader()]);
    assert_eq!(refused, Err(LetterError::Forged));
}

#[test]
fn two_letters_from_one_seed_share_no_key() {
    let (one, other) = (sealed(Signer::Anonymous, b"one"), sealed(Signer::Anonymous, b"two"));
    assert_ne!(payload(&one)[..32], payload(&other)[..32]);
}

#[test]
fn added_work_lowers_the_id_and_the_letter_still_opens() {
    let parcel = sealed(Signer::Anonymous, b"hello");

    let worked = add_work(&parcel.envelope, &author(), 1, 2000).unwrap().unwrap();

    assert!(worked.id() < parcel.envelope.id() && work_bits(&worked.id()) >= 8);
    let worked = Parcel { envelope: worked, payload: parcel.payload.clone() };
    assert!(verify(std::slice::from_ref(&worked), Some(&space()), |_| false)[0].envelope);
    assert!(open(worked.envelope.header(), payload(&worked), &[&reader()]).is_ok());
    assert_eq!(add_work(&worked.envelope, &author(), 1, 2000), Ok(None));
    assert_eq!(add_work(&worked.envelope, &author(), u64::MAX, 9).map(|_| ()), Ok(()));
}

#[test]
fn only_its_author_adds_work_to_a_letter() {
    let parcel = sealed(Signer::Anonymous, b"hello");
    let refused = add_work(&parcel.envelope, &AuthorKey::from_bytes([1; 32]), 0, 1);
    assert_eq!(refused, Err(LetterError::Form(DecodeError::Invalid { field: "author" })));
}

#[test]
fn a_letter_does_not_show_its_words() {
    let parcel = sealed(Signer::Anonymous, b"hello");
    let letter = open(parcel.envelope.header(), payload(&parcel), &[&reader()]).unwrap();
    assert_eq!(format!("{letter:?}"), "Letter(Topic(3), 5 bytes, Anonymous)");
}
