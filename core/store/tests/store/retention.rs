//! What fades is a function of the entries and of this device's word alone, however it is interrupted.

use proptest::prelude::*;
use teilgeber_entry::SpaceId;
use teilgeber_model::{Day, Notice};
use teilgeber_store::{Holding, StoreError};

use crate::order::{Camp, any_step, cases, shuffled};
use crate::world::{Phone, START, contains, founded};

/// What a person wrote with others is put aside, and the event fades.
fn fade(phone: &mut Phone, space: &SpaceId) {
    let mut faded = false;
    while !faded {
        faded = phone.write(|edit| {
            for words in edit.own_words(space, 3)? {
                edit.are_put_aside(&words)?;
            }
            edit.fade(space)
        });
    }
}

/// A device of Cleo's, which did not write anything itself.
fn cleos(salt: u8, camp: &Camp) -> Phone {
    Phone::bare(salt).with_identity(3).in_event(&camp.event)
}

#[test]
fn a_device_that_is_killed_while_an_event_fades_goes_on_at_the_next_start() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    // More than are emptied in one transaction.
    for number in 0..230 {
        ada.pitch(&space, &format!("adas-{number}"));
    }
    bela.take_all(&space, &ada);
    bela.pitch(&space, "belas");
    fade(&mut bela, &space);

    let mut killed = Vec::new();
    loop {
        killed.push(bela.copy(3));
        if bela.store.empty_some_faded(START).unwrap().is_none() {
            break;
        }
    }

    assert!(killed.len() > 3, "{}", killed.len());
    bela.store.checkpoint().unwrap();
    assert!(!contains(&bela.bytes(), b"adas-"));
    assert_eq!(bela.titles(&space), ["belas"]);
    for mut phone in killed {
        phone.store.empty_faded(START).unwrap();
        assert_eq!(phone.state(&space), bela.state(&space));
        assert_eq!(phone.fingerprint(&space), bela.fingerprint(&space));
        assert_eq!(phone.rebuild(), Vec::<String>::new());
        let wanted = phone.store.read(|view| view.wanted(&view.space(&space)?, None, 9)).unwrap();
        assert_eq!(wanted, []);
        let refused = phone.try_pitch(&space, "late");
        assert!(matches!(refused, Err(StoreError::Faded)), "{refused:?}");
    }
}

#[test]
fn a_rebuild_in_the_middle_of_fading_finds_nothing_different() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    ada.pitch(&space, "adas");
    bela.take_all(&space, &ada);
    fade(&mut bela, &space);

    assert_eq!(bela.rebuild(), Vec::<String>::new());

    assert_eq!(bela.titles(&space), Vec::<String>::new());
}

#[test]
fn how_a_space_is_held_is_remembered() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    let day = |days| Day::from_days(days).unwrap();
    let notice = Notice { first: day(20_000), last: day(20_004), days: 3 };
    let holding = |phone: &Phone| phone.store.read(|view| view.holding(&space)).unwrap();
    assert_eq!(holding(&ada), Holding::default());

    ada.write(|edit| edit.set_notice(&space, Some(notice)));
    assert_eq!(holding(&ada), Holding { notice: Some(notice), ..Holding::default() });
    ada.write(|edit| edit.keep_space(&space, true));
    assert_eq!(holding(&ada), Holding { keep: true, ..Holding::default() });
    assert!(!ada.write(|edit| edit.fade(&space)), "what is kept does not fade");
    ada.write(|edit| edit.keep_space(&space, false));

    assert!(ada.write(|edit| edit.fade(&space)));
    assert!(holding(&ada).faded.is_some());
}

#[test]
fn a_database_that_is_salvaged_has_not_forgotten_what_had_faded() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    ada.pitch(&space, "adas");
    bela.take_all(&space, &ada);
    bela.pitch(&space, "belas");
    fade(&mut bela, &space);
    bela.store.empty_faded(START).unwrap();
    let before = bela.state(&space);

    let copy = bela.copy(4);
    let folder = copy.folder;
    drop(copy.store);
    std::fs::write(folder.0.join("teilgeber.damaged"), b"").unwrap();
    let phone = Phone::reopened(folder, 5);

    assert!(phone.store.read(|view| view.is_faded(&space)).unwrap());
    assert_eq!(phone.state(&space), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn in_whatever_order_an_event_came_the_same_fades_and_the_same_comes_back(
        steps in prop::collection::vec((0_usize..4, any_step()), 1..20),
        orders in prop::collection::vec(any::<u64>(), 2),
    ) {
        let mut camp = Camp::new();
        for (at, (who, step)) in steps.iter().enumerate() {
            camp.step(*who, at, step);
        }
        camp.meet();
        let space = camp.event.id();
        let entries = camp.entries();
        let mut whole = cleos(30, &camp);
        whole.take(&space, &entries);
        whole.take(&space, &entries);

        let mut faded = Vec::new();
        for (number, order) in orders.iter().enumerate() {
            let mut phone = cleos(10 + number as u8, &camp);
            for batch in shuffled(&entries, *order).chunks(1 + (*order as usize % 7)) {
                phone.take(&space, batch);
            }
            phone.take(&space, &entries);
            fade(&mut phone, &space);
            phone.store.empty_faded(START).unwrap();
            prop_assert_eq!(phone.rebuild(), Vec::<String>::new());
            let reports = phone.take(&space, &entries);
            prop_assert!(reports.iter().all(|report| report.new.is_empty() && report.payloads == 0));
            faded.push(phone);
        }

        let expected = faded[0].state(&space);
        for phone in &mut faded {
            prop_assert_eq!(&phone.state(&space), &expected);
            prop_assert_eq!(phone.fingerprint(&space), whole.fingerprint(&space));
            phone.write(|edit| edit.keep_space(&space, true));
            phone.take(&space, &entries);
            phone.take(&space, &entries);
            prop_assert_eq!(phone.state(&space), whole.state(&space));
            prop_assert_eq!(phone.rebuild(), Vec::<String>::new());
        }
    }
}
