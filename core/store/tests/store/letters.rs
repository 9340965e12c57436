//! Letters in the log: how many a space keeps, and which.

use std::collections::BTreeSet;

use teilgeber_entry::batch::{decode, encode};
use teilgeber_entry::letter::{LetterDraft, Signer, Topic, add_work, keep};
use teilgeber_entry::limits::LETTERS_MAX;
use teilgeber_entry::{AuthorKey, EntryId, LetterKey, Parcel};

use crate::world::{EventKey, Phone, START, founded};

fn letter(event: &EventKey, number: u32) -> (AuthorKey, Parcel) {
    let mut seed = [77; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    let author = AuthorKey::from_bytes(seed);
    let reader = LetterKey::from_bytes([8; 32]).public();
    let draft =
        LetterDraft { signer: Signer::Anonymous, topic: Topic(1), body: b"Dear organisers" };
    let parcel = draft.seal(&event.key, &author, &reader, START, &seed).unwrap();
    (author, parcel)
}

fn packed(parcel: &Parcel) -> Vec<u8> {
    encode(std::slice::from_ref(parcel), None, usize::MAX).0
}

fn kept(phone: &Phone, event: &EventKey) -> BTreeSet<EntryId> {
    let read = phone.store.read(|view| view.items(&view.space(&event.id())?));
    read.unwrap().into_iter().map(|(_, id)| id).collect()
}

#[test]
fn of_a_letter_the_one_with_more_work_is_kept_in_either_order() {
    let (event, _) = founded(1);
    let (author, plain) = letter(&event, 1);
    let worked = add_work(&plain.envelope, &author, 0, 64).unwrap().unwrap();
    let worked = Parcel { envelope: worked, payload: plain.payload.clone() };
    let batches = [packed(&plain), packed(&worked)];

    for order in [[0, 1], [1, 0]] {
        let mut phone = Phone::new(2, &event);
        for at in order {
            phone.take(&event.id(), &batches[at..=at]);
        }
        assert_eq!(kept(&phone, &event), BTreeSet::from([worked.envelope.id()]));
    }
}

#[test]
fn a_flood_leaves_the_letters_with_the_most_work_in_either_order() {
    let (event, _) = founded(1);
    let letters: Vec<Parcel> =
        (0..LETTERS_MAX as u32 + 40).map(|number| letter(&event, number).1).collect();
    let expected = keep(letters.iter().map(|letter| letter.envelope.id()), LETTERS_MAX);

    let batches: Vec<Vec<u8>> = letters.iter().map(packed).collect();
    let backwards: Vec<Vec<u8>> = batches.iter().rev().cloned().collect();
    for batches in [batches, backwards] {
        let mut phone = Phone::new(2, &event);
        phone.take(&event.id(), &batches);
        assert_eq!(kept(&phone, &event), expected);
        assert!(decode(&batches[0], &event.id(), None).is_ok());
    }
}
