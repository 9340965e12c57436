//! Letters in the log: how many a space keeps, and which. And beside it: those that wait to leave unseen,
//! and those that were opened for their reader.

use std::collections::BTreeSet;
use std::fs;

use teilgeber_entry::batch::{decode, encode};
use teilgeber_entry::letter::{LetterDraft, Signer, Topic, add_work, keep};
use teilgeber_entry::limits::LETTERS_MAX;
use teilgeber_entry::{AuthorKey, EntryId, LetterKey, Parcel};
use teilgeber_store::{Confided, DATABASE, Opened, Options, Store};

use crate::world::{EventKey, Folder, Phone, START, founded};

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

/// A phone on which a letter waits for an hour.
fn waiting(event: &EventKey) -> (Phone, EntryId) {
    let mut phone = Phone::new(2, event);
    let (_, letter) = letter(event, 1);
    let sealed = phone.store.prepare(&event.id(), &packed(&letter), false).unwrap();
    phone.write(|edit| edit.hold_back(sealed, START + 3_600_000, true));
    (phone, letter.envelope.id())
}

#[test]
fn a_letter_that_waits_is_known_to_nobody_but_who_asks_for_it_until_it_left() {
    let (event, _) = founded(1);
    let (mut phone, id) = waiting(&event);
    let empty = Phone::new(3, &event);
    let read = |phone: &Phone| {
        let (with, without, due) = phone
            .store
            .read(|view| {
                let space = view.space(&event.id())?;
                let with = (view.fingerprint_with(&space, &id)?, view.items_with(&space, &id)?);
                let without = (view.fingerprint(&space)?, view.items(&space)?);
                Ok((with, without, view.due_letter(START + 3_600_000)?))
            })
            .unwrap();
        (with, without, due)
    };

    let (with, without, due) = read(&phone);
    assert_eq!(without, read(&empty).1);
    assert_eq!(due, Some((event.id(), id)));
    let early = phone.store.read(|view| view.due_letter(START + 3_599_999)).unwrap();
    assert_eq!(early, None);
    let packed = phone.store.read(|view| view.pack_waiting(&view.space(&event.id())?, &id, false));
    let mut other = Phone::new(4, &event);
    other.take(&event.id(), &[packed.unwrap()]);
    phone.write(|edit| edit.let_go(&id));

    // What it was on that link, it is everywhere now, and with the other side too.
    let (after_with, after, due) = read(&phone);
    assert_eq!((&after, due), (&with, None));
    assert_eq!((after_with, read(&other).1), (with.clone(), with));
    assert!(!phone.store.read(|view| view.is_waiting(&id)).unwrap());
    assert!(phone.store.rebuild(START, &[9; 32]).unwrap().different.is_empty());
}

#[test]
fn a_letter_that_comes_back_as_an_entry_waits_no_longer() {
    let (event, _) = founded(1);
    let (mut phone, id) = waiting(&event);
    phone.take(&event.id(), &[packed(&letter(&event, 1).1)]);

    let counts = |phone: &Phone| {
        phone.store.read(|view| Ok((view.waiting_letters(&event.id())?, view.has_left()?))).unwrap()
    };
    assert_eq!(counts(&phone), (0, true));
    assert!(!phone.store.read(|view| view.is_waiting(&id)).unwrap());
    phone.write(|edit| edit.forget_what_left());
    assert_eq!(counts(&phone), (0, false));
    assert!(!phone.write(|edit| edit.take_back_letter(&id)));
}

#[test]
fn a_letter_of_a_space_that_has_faded_holds_up_no_link() {
    let (event, _) = founded(1);
    let (mut phone, _) = waiting(&event);
    let due = |phone: &Phone| {
        phone.store.read(|view| view.due_letter(START + 3_600_000)).unwrap().is_some()
    };
    assert!(due(&phone));

    assert!(phone.write(|edit| edit.fade(&event.id())));

    assert!(!due(&phone));
}

#[test]
fn what_waits_and_what_was_confided_outlives_a_damaged_database() {
    let (event, _) = founded(1);
    let (mut phone, id) = waiting(&event);
    let (author, told) = letter(&event, 2);
    phone.take(&event.id(), &[packed(&told)]);
    let confided = Confided {
        letter: author.id(),
        entry: told.envelope.id(),
        space: event.id(),
        topic: Topic(6),
        day: START,
        person: None,
        body: b"Loud at night".to_vec(),
    };
    phone.write(|edit| edit.confide(&confided));
    let Phone { store, folder, .. } = phone;
    drop(store);
    fs::write(folder.0.join(DATABASE).with_extension("damaged"), b"").unwrap();

    let (store, opened) = Store::open(&folder.0, &Options::default()).unwrap();

    assert!(matches!(opened, Opened::Salvaged { lost: 0, .. }), "{opened:?}");
    assert!(store.read(|view| view.is_waiting(&id)).unwrap());
    let kept = store.read(|view| view.confided(Topic(6), &event.id())).unwrap();
    assert_eq!(kept, [confided]);
    drop(store);
    let _folder: Folder = folder;
}

#[test]
fn a_letter_that_was_let_go_is_not_asked_for_and_not_taken_again() {
    let (event, _) = founded(1);
    let mut phone = Phone::new(2, &event);
    let (author, told) = letter(&event, 2);
    phone.take(&event.id(), &[packed(&told)]);
    let id = told.envelope.id();
    let confided = Confided {
        letter: author.id(),
        entry: id,
        space: event.id(),
        topic: Topic(6),
        day: START,
        person: None,
        body: Vec::new(),
    };
    phone.write(|edit| edit.confide(&confided));

    assert_eq!(phone.write(|edit| edit.unconfide(&author.id())), Some(confided));
    phone.take(&event.id(), &[packed(&told)]);

    let (wanted, batch) = phone
        .store
        .read(|view| {
            let space = view.space(&event.id())?;
            let wanted = view.wanted(&space, None, 9)?;
            Ok((wanted, view.pack(&space, &[id], false, usize::MAX)?.0))
        })
        .unwrap();
    assert_eq!(wanted, []);
    let parcels = decode(&batch, &event.id(), None).unwrap();
    assert!(parcels[0].payload.bytes().is_none(), "only its envelope is served");
    assert_eq!(kept(&phone, &event), BTreeSet::from([id]));
    assert!(phone.store.rebuild(START, &[9; 32]).unwrap().different.is_empty());
}
