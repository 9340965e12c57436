//! What a person and an organiser do, on one device and between two.

use teilgeber_entry::statement::{Cut, Target};
use teilgeber_entry::{SpaceId, Statement};
use teilgeber_store::nouns::{note, placement};
use teilgeber_store::{Lacking, Places, StoreError};

use crate::world::{Phone, founded, own_space};

#[test]
fn a_note_is_there_after_opening_again() {
    let mut phone = Phone::bare(1).with_identity(1);
    let own = own_space(1).space();
    let id = phone.note(&own, "Bread and salt");

    let Phone { store, folder, .. } = phone;
    drop(store);
    let phone = Phone::reopened(folder, 2);

    let found = phone.store.read(|view| Ok(note::get(view.connection(), &id)?)).unwrap().unwrap();
    assert_eq!(found.note.text().as_str(), "Bread and salt");
}

#[test]
fn two_devices_come_to_the_same_state() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    ada.pitch(&space, "Rust for gardeners");
    bela.pitch(&space, "Bees");
    bela.appear(&space, "Bela");

    bela.take_all(&space, &ada);
    ada.take_all(&space, &bela);

    assert_eq!(ada.titles(&space), ["Bees", "Rust for gardeners"]);
    assert_eq!(ada.names(&space), ["Bela"]);
    assert_eq!(ada.state(&space), bela.state(&space));
    assert_eq!(ada.fingerprint(&space), bela.fingerprint(&space));
    assert!(ada.rebuild().is_empty() && bela.rebuild().is_empty());
}

#[test]
fn only_the_pitcher_and_organisers_edit_a_session() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let mut cleo = Phone::new(3, &event);
    let space = event.id();
    let bees = bela.pitch(&space, "Bees");
    cleo.take_all(&space, &bela);
    ada.take_all(&space, &bela);
    cleo.take_all(&space, &ada);

    assert_eq!(cleo.retitle(&space, &bees, "Wasps"), None);
    assert_eq!(cleo.titles(&space), ["Bees"]);
    assert_eq!(ada.retitle(&space, &bees, "Bees, gently"), Some(()));
    let cleos = cleo.author(&space);
    ada.say(&space, Statement::Grant(cleos));
    cleo.take_all(&space, &ada);
    assert_eq!(cleo.retitle(&space, &bees, "Wasps"), Some(()));
    bela.take_all(&space, &cleo);
    assert_eq!(bela.titles(&space), ["Wasps"]);
}

#[test]
fn what_a_revoked_organiser_said_before_still_counts() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let belas = bela.author(&space);
    ada.say(&space, Statement::Grant(belas));
    bela.take_all(&space, &ada);
    bela.pitch(&space, "Before");
    let last = bela.say(&space, Statement::Grant(belas));
    bela.pitch(&space, "After");
    ada.take_all(&space, &bela);
    assert_eq!(ada.titles(&space), ["After", "Before"]);

    ada.say(&space, Statement::Revoke(belas, Some(Cut { seq: 2, entry: last })));
    bela.take_all(&space, &ada);

    assert_eq!(ada.titles(&space), ["Before"]);
    assert_eq!(ada.state(&space), bela.state(&space));
}

#[test]
fn two_claims_for_one_session_are_both_shown() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let bees = bela.pitch(&space, "Bees");
    ada.take_all(&space, &bela);
    ada.place(&space, &bees, "A", 1);
    bela.place(&space, &bees, "B", 1);

    ada.take_all(&space, &bela);
    bela.take_all(&space, &ada);
    let conflicts = |phone: &Phone| {
        phone.store.read(|view| Ok(placement::conflicts(view.connection(), &space)?)).unwrap().len()
    };
    assert_eq!((conflicts(&ada), conflicts(&bela)), (1, 1));

    ada.place(&space, &bees, "A", 1);
    bela.take_all(&space, &ada);
    assert_eq!((conflicts(&ada), conflicts(&bela)), (0, 0));
}

#[test]
fn a_new_card_takes_the_place_of_the_old_whose_words_are_gone() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    ada.appear(&space, "Ada Quixotic");
    ada.appear(&space, "Ada");
    ada.store.checkpoint().unwrap();

    assert_eq!(ada.names(&space), ["Ada"]);
    assert!(!crate::world::contains(&ada.bytes(), b"Quixotic"));
}

#[test]
fn an_organiser_withdraws_and_hides() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let bad = bela.pitch(&space, "An address of somebody");
    let odd = bela.pitch(&space, "Odd");
    ada.take_all(&space, &bela);

    ada.say(&space, Statement::Withdraw(Target::Document(bad)));
    let hide = ada.say(&space, Statement::Hide(Target::Document(odd)));
    bela.take_all(&space, &ada);
    assert_eq!(bela.titles(&space), Vec::<String>::new());
    assert_eq!(bela.state(&space), ada.state(&space));

    ada.say(&space, Statement::Unhide(vec![hide]));
    bela.take_all(&space, &ada);
    assert_eq!(bela.titles(&space), ["Odd"]);
}

#[test]
fn an_attendee_neither_withdraws_nor_hides_nor_erases_for_others() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let talk = ada.pitch(&space, "Talk");
    bela.take_all(&space, &ada);
    bela.say(&space, Statement::Withdraw(Target::Document(talk)));
    bela.say(&space, Statement::Hide(Target::Document(talk)));
    bela.say(&space, Statement::Erase(talk));

    ada.take_all(&space, &bela);

    assert_eq!(ada.titles(&space), ["Talk"]);
    assert_eq!(bela.titles(&space), ["Talk"]);
}

#[test]
fn where_things_are_is_counted_from_devices_that_showed_themselves() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let talk = ada.pitch(&space, "Talk");
    let places = |phone: &Phone| {
        let read = phone.store.read(|view| view.places(&view.space(&space)?, &talk));
        read.unwrap()
    };
    assert_eq!(places(&ada), Places::default());

    let belas = bela.author(&space);
    let same = ada.fingerprint(&space);
    assert!(ada.write(|edit| edit.met(&space, Some(&belas), false, &Lacking::default(), &same)));
    assert_eq!(places(&ada), Places { devices: 1, hubs: 0, others: false });
    assert!(ada.write(|edit| edit.met(&space, None, false, &Lacking::default(), &same)));
    assert_eq!(places(&ada), Places { devices: 1, hubs: 0, others: true });

    ada.retitle(&space, &talk, "Talk, longer").unwrap();
    assert_eq!(places(&ada), Places::default());
    assert!(!ada.write(|edit| edit.met(&space, Some(&belas), false, &Lacking::default(), &same)));
}

#[test]
fn a_restored_backup_goes_on_under_another_author() {
    let mut phone = Phone::bare(1).with_identity(1);
    let own = own_space(1).space();
    phone.note(&own, "One");
    let mut restored = phone.copy(9);
    phone.note(&own, "Two");
    restored.note(&own, "Three");
    let before = restored.author(&own);
    assert_eq!(before, phone.author(&own));

    restored.take_all(&own, &phone);

    assert_ne!(restored.author(&own), before);
    phone.take_all(&own, &restored);
    assert_eq!(phone.fingerprint(&own), restored.fingerprint(&own));
    assert_eq!(phone.state(&own), restored.state(&own));
}

#[test]
fn words_whose_branch_lost_are_written_again_under_the_next_author() {
    // Which branch loses is a matter of hashes: over some rounds each does.
    for round in 0..6 {
        let mut phone = Phone::bare(1).with_identity(1);
        let own = own_space(1).space();
        let shared = phone.note(&own, "Shared.");
        let mut restored = phone.copy(9 + round);
        phone.note(&own, "Written on the phone");
        restored.note(&own, "Written on the restored one");
        restored.append_to_note(&own, &shared, " And more.");

        for _ in 0..3 {
            restored.take_all(&own, &phone);
            phone.take_all(&own, &restored);
        }

        for device in [&phone, &restored] {
            let mut titles = device.notes();
            titles.sort();
            let expected =
                ["Shared. And more.", "Written on the phone", "Written on the restored one"];
            assert_eq!(titles, expected);
        }
        assert_eq!(phone.state(&own), restored.state(&own));
    }
}

#[test]
fn a_courier_carries_what_it_cannot_read_and_reads_it_once_it_has_the_key() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    ada.pitch(&space, "Bees and wasps");
    let mut courier = Phone::bare(7);
    let keys = teilgeber_store::Keys::Courier(space, event.key.carry_key());
    let new = teilgeber_store::NewSpace {
        role: teilgeber_store::Role::Carried,
        keys,
        founder: None,
        owner: None,
    };
    courier.write(|edit| edit.hold_space(&new));

    courier.take_all(&space, &ada);
    courier.store.checkpoint().unwrap();
    assert_eq!(courier.fingerprint(&space), ada.fingerprint(&space));
    assert!(!crate::world::contains(&courier.bytes(), b"Bees"));
    let mut bela = Phone::new(2, &event);
    bela.take_all(&space, &courier);
    assert_eq!(bela.titles(&space), ["Bees and wasps"]);

    let courier = courier.in_event(&event);
    assert_eq!(courier.titles(&space), ["Bees and wasps"]);
    assert_eq!(courier.state(&space), ada.state(&space));
}

#[test]
fn an_entry_that_nobody_admitted_is_refused() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    let mut mallory = Phone::new(2, &event);
    mallory.pitch(&space, "Mallory");
    let mut batch = mallory.entries(&space).remove(0);
    // The admission stands before the entry's payload; any byte of it will do.
    let len = batch.len();
    batch[len / 3] ^= 1;

    match ada.store.prepare(&space, &batch, false) {
        Err(StoreError::Decode(_)) => {}
        Err(other) => panic!("{other}"),
        Ok(prepared) => {
            let report = ada.write(|edit| edit.ingest(prepared));
            assert_eq!((report.new.len(), report.refused), (0, 1));
        }
    }
    assert_eq!(ada.titles(&space), Vec::<String>::new());
}

#[test]
fn an_entry_that_loses_its_place_after_it_was_prepared_is_kept_out() {
    // Which branch loses is a matter of hashes: the phone's does in every other round.
    let mut lost = 0;
    for round in 0..16 {
        let mut phone = Phone::bare(100 + round).with_identity(1);
        let own = own_space(1).space();
        phone.note(&own, "Shared");
        let mut twin = phone.copy(200 + round);
        phone.note(&own, "Mine");
        phone.note(&own, "Follows");
        twin.note(&own, "The twin's");
        let mut observer = Phone::bare(2).with_identity(1);
        observer.take_all(&own, &phone);
        let follows = phone.entries(&own).pop().unwrap();

        let prepared = observer.store.prepare(&own, &follows, false).unwrap();
        observer.take_all(&own, &twin);
        let report = observer.write(|edit| edit.ingest(prepared));

        let is_lost = observer.notes().len() == 2;
        lost += u32::from(is_lost);
        let expected = if is_lost { (0, 0, 1) } else { (0, 1, 0) };
        assert_eq!((report.new.len(), report.known, report.kept_out), expected);
    }
    assert!(lost > 0, "no branch ever lost");
}

#[test]
fn an_unknown_space_is_missing() {
    let phone = Phone::bare(1);
    let nowhere = SpaceId::from_bytes([9; 32]);
    let asked = phone.store.read(|view| view.space(&nowhere).map(drop));
    assert!(matches!(asked, Err(StoreError::Missing(_))));
}
