//! Two people swap contacts by a code.

use teilgeber_device::formats::qr::base45;
use teilgeber_device::model::*;
use teilgeber_device::{
    ANSWERS_WITHIN_MS, CODE_VERSION, CodeKind, Error, MetAt, PREFIX, SHOWN_FOR_MS, Wants, Way,
};

use teilgeber_entry::SpaceId;
use teilgeber_store::{Options, Role, Store};

use crate::support::*;

fn rich_profile(name: &str) -> Profile {
    let mut profile = profile(name, Audience::Contacts);
    profile.set_bio(Shared::new(Bio::new("Builds mills.").unwrap(), Audience::Contacts));
    profile.set_hashtags(Shared::new(
        List::new(vec![Interest { tag: Tag::new("flour").unwrap(), level: Some(Level::Expert) }])
            .unwrap(),
        Audience::Me,
    ));
    profile
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_swap_over_a_direct_link_are_both_confirmed() {
    let (ada, bob) = (Phone::silent(), Phone::of("Bob"));
    ada.device.set_profile(&rich_profile("Ada")).unwrap();
    let showing = ada.device.show_code(&[Field::Hashtags], None).unwrap();

    let place = MetAt { place: Some(line("At the coffee")), ..MetAt::default() };
    let person = bob.device.scan(&showing.text, &place).unwrap();

    let scanned = bob.device.contact(person).unwrap().contact;
    assert_eq!((person, scanned.name().as_str()), (ada.person(), "Ada"));
    assert_eq!(scanned.card().unwrap().hashtags()[0].tag.as_str(), "flour");
    assert_eq!(scanned.card().unwrap().bio().as_str(), "");
    assert_eq!(scanned.meetings()[0].place, place.place);
    assert!(!scanned.is_confirmed());

    assert_eq!(bob.device.answer(person).unwrap(), Way::DirectLink);
    bob.sync(&ada).await;

    let answered = ada.device.contact(bob.person()).unwrap();
    assert!(answered.contact.is_confirmed());
    assert_eq!(answered.contact.card().unwrap().name(), Some(&line("Bob")));
    assert_eq!(answered.contact.meetings().len(), 1);
    let confirmed = bob.device.contact(person).unwrap().contact;
    assert!(confirmed.is_confirmed());
    assert_eq!(confirmed.card().unwrap().bio().as_str(), "Builds mills.");

    let mut later = rich_profile("Ada");
    later.set_bio(Shared::new(Bio::new("Builds bridges.").unwrap(), Audience::Contacts));
    ada.device.set_profile(&later).unwrap();
    bob.sync(&ada).await;
    let followed = bob.device.contact(person).unwrap();
    assert!(followed.follows);
    assert_eq!(followed.contact.card().unwrap().bio().as_str(), "Builds bridges.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_courier_carries_an_answer_between_two_who_do_not_meet_again() {
    let (ada, bob, cleo) = (Phone::of("Ada"), Phone::of("Bob"), Phone::of("Cleo"));
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    bob.device.join(&code).unwrap();
    cleo.device.join(&code).unwrap();
    let showing = ada.device.show_code(&[], Some(event)).unwrap();

    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    assert_eq!(bob.device.answer(ada.person()).unwrap(), Way::Event(event));
    cleo.sync(&bob).await;
    cleo.sync(&ada).await;

    let answered = ada.device.contact(bob.person()).unwrap().contact;
    assert!(answered.is_confirmed());
    assert_eq!(answered.meetings()[0].event, Some(event));
    assert!(cleo.device.contacts().unwrap().is_empty());
    let scanned = bob.device.contact(ada.person()).unwrap().contact;
    assert_eq!(scanned.meetings()[0].event, Some(event));

    // The card was not given unasked: nobody can tell who brought the answer. Bob asks for it.
    cleo.sync(&bob).await;
    assert!(!bob.device.contact(ada.person()).unwrap().contact.is_confirmed());
    bob.device.ask_for_card(ada.person()).unwrap();
    cleo.sync(&bob).await;
    cleo.sync(&ada).await;
    let requests = ada.device.requests().unwrap();
    assert_eq!((requests[0].person, requests[0].wants), (bob.person(), Wants::Card));
    ada.device.give_card(bob.person()).unwrap();
    assert!(ada.device.requests().unwrap().is_empty());
    cleo.sync(&ada).await;
    cleo.sync(&bob).await;
    assert!(bob.device.contact(ada.person()).unwrap().contact.is_confirmed());
    bob.sync(&ada).await;
    assert!(bob.device.contact(ada.person()).unwrap().follows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_not_given_unasked_once_the_code_is_hidden_or_long_gone() {
    for is_hidden in [true, false] {
        let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
        let showing = ada.device.show_code(&[], None).unwrap();
        bob.device.scan(&showing.text, &MetAt::default()).unwrap();
        bob.device.answer(ada.person()).unwrap();

        match is_hidden {
            true => ada.device.hide_code(showing.id).unwrap(),
            false => ada.clock.pass(SHOWN_FOR_MS + 1),
        }
        bob.sync(&ada).await;

        assert!(ada.device.contact(bob.person()).unwrap().contact.is_confirmed());
        assert!(!bob.device.contact(ada.person()).unwrap().contact.is_confirmed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_of_a_code_is_worth_nothing_after_a_month() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let showing = ada.device.show_code(&[], None).unwrap();
    ada.clock.pass(ANSWERS_WITHIN_MS + 1);

    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    bob.device.answer(ada.person()).unwrap();
    let refused = bob.try_sync(&ada).await;

    assert!(matches!(refused, Err(Error::NothingInCommon)), "{refused:?}");
    assert!(ada.device.contacts().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_scans_a_badge_asks_and_is_accepted() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let at_event = MetAt { event: Some(event), ..MetAt::default() };

    bob.device.scan(&ada.device.badge_code().unwrap(), &at_event).unwrap();
    bob.device.answer(ada.person()).unwrap();
    bob.sync(&ada).await;

    assert!(ada.device.contacts().unwrap().is_empty());
    let requests = ada.device.requests().unwrap();
    assert_eq!((requests[0].person, requests[0].wants), (bob.person(), Wants::Contact));
    ada.device.accept(bob.person()).unwrap();
    bob.sync(&ada).await;
    assert!(ada.device.contact(bob.person()).unwrap().contact.is_confirmed());
    assert!(bob.device.contact(ada.person()).unwrap().contact.is_confirmed());
    assert!(ada.device.requests().unwrap().is_empty() && bob.device.requests().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_between_any_two_steps_changes_nothing() {
    let (mut ada, mut bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let showing = ada.device.show_code(&[], None).unwrap();
    ada = ada.restart();
    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    bob = bob.restart();
    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    bob.device.answer(ada.person()).unwrap();
    bob = bob.restart();

    for _ in 0..2 {
        bob.sync(&ada).await;
        (ada, bob) = (ada.restart(), bob.restart());
        ada.device.tidy().unwrap();
    }

    let answered = ada.device.contact(bob.person()).unwrap().contact;
    assert!(answered.is_confirmed());
    assert_eq!(answered.meetings().len(), 1);
    let confirmed = bob.device.contact(ada.person()).unwrap().contact;
    assert!(confirmed.is_confirmed());
    assert_eq!(confirmed.meetings().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_erased_and_is_met_again_is_a_new_contact() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let scan = || {
        let showing = ada.device.show_code(&[], None).unwrap();
        bob.device.scan(&showing.text, &MetAt::default()).unwrap()
    };
    let person = scan();
    let remembered = bob.device.contact(person).unwrap().contact;
    let memo = Memo::new("Knows mills.").unwrap();
    bob.device.set_contact(&remembered.with_memo(memo)).unwrap();

    bob.device.erase_contact(person).unwrap();
    assert!(bob.device.contacts().unwrap().is_empty());
    scan();

    let again = bob.device.contact(person).unwrap().contact;
    assert_eq!(again.memo().as_str(), "");
    assert!(bob.device.rebuild().unwrap().different.is_empty());
}

#[test]
fn what_is_not_for_scanning_says_what_it_is() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let (join, own) =
        (ada.device.join_code(event, &[]).unwrap(), ada.device.show_code(&[], None).unwrap().text);
    let scan = |code: &str| ada.device.scan(code, &MetAt::default());

    assert!(matches!(scan(&join), Err(Error::OtherCode(CodeKind::Join))));
    assert!(matches!(ada.device.join(&own), Err(Error::OtherCode(CodeKind::Screen))));
    assert!(matches!(scan(&own), Err(Error::OwnCode)));
    assert!(matches!(scan("BEGIN:VCARD"), Err(Error::ScanAgain)));
    let newer = format!("{PREFIX}{}", base45::encode(&[CODE_VERSION + 1, 1]));
    assert!(matches!(ada.device.join(&newer), Err(Error::UpdateApp)));
}

#[test]
fn nobody_without_a_name_can_be_a_contact() {
    let ada = Phone::silent();

    assert!(matches!(ada.device.show_code(&[], None), Err(Error::ShowName)));
    assert!(matches!(ada.device.badge_code(), Err(Error::ShowName)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_came_just_before_the_device_was_killed_is_read_later() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let showing = ada.device.show_code(&[], None).unwrap();
    bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    bob.device.answer(ada.person()).unwrap();
    let (ada_clock, bob_person) = (ada.clock.clone(), bob.person());
    drop(bob.device);
    drop(ada.device);

    // The entry is committed, and nothing of what follows from it was done.
    hand_over(&bob.home, &ada.home);
    let ada = Phone::open(ada.home, ada_clock);
    assert!(ada.device.contacts().unwrap().is_empty());
    ada.device.tidy().unwrap();

    assert!(ada.device.contact(bob_person).unwrap().contact.is_confirmed());
    let bob = Phone::open(bob.home, bob.clock);
    bob.sync(&ada).await;
    assert!(bob.device.contact(ada.person()).unwrap().contact.is_confirmed());
}

/// Puts what one home has in the spaces of codes into another, without its device.
fn hand_over(from: &Home, to: &Home) {
    let open = |home: &Home| Store::open(home.path(), &Options::default()).unwrap().0;
    let (from, to) = (open(from), open(to));
    let sealed = from.read(|view| {
        let spaces = view.spaces()?.into_iter().filter(|space| space.role == Role::Code);
        let packed = spaces.map(|space| {
            let ids: Vec<_> = view.items(&space)?.into_iter().map(|(_, id)| id).collect();
            Ok((space.id, view.pack(&space, &ids, false, usize::MAX)?.0))
        });
        packed.collect()
    });
    let sealed: Vec<(SpaceId, Vec<u8>)> = sealed.unwrap();
    for (space, batch) in sealed {
        let prepared = to.prepare(&space, &batch, false).unwrap();
        to.write(MORNING, &[7; 32], |edit| edit.ingest(prepared)).unwrap();
    }
}
