//! Contacts over the years: who is removed stays behind.

use teilgeber_device::model::*;
use teilgeber_device::{MetAt, Removed};

use crate::support::*;

fn says(bio: &str) -> Profile {
    let mut says = profile("Ada", Audience::Contacts);
    says.set_bio(Shared::new(Bio::new(bio).unwrap(), Audience::Contacts));
    says
}

fn bio_seen_by(phone: &Phone, person: Id) -> String {
    let record = phone.device.contact(person).unwrap();
    record.contact.card().map(|card| card.bio().as_str().to_owned()).unwrap_or_default()
}

/// `other` scans Ada's code, answers over a direct link, and is given her card.
async fn swap(ada: &Phone, other: &Phone, event: Option<Id>) {
    let showing = ada.device.show_code(&[], event).unwrap();
    other.device.scan(&showing.text, &MetAt::default()).unwrap();
    other.device.answer(ada.person()).unwrap();
    other.sync(ada).await;
    other.sync(ada).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_sees_no_later_change_and_the_others_do() {
    let (ada, bob, cleo) = (Phone::silent(), Phone::of("Bob"), Phone::of("Cleo"));
    ada.device.set_profile(&says("Builds mills.")).unwrap();
    swap(&ada, &bob, None).await;
    swap(&ada, &cleo, None).await;
    assert_eq!(bio_seen_by(&cleo, ada.person()), "Builds mills.");

    let removed = ada.device.remove_contact(cleo.person()).unwrap();
    assert_eq!(
        removed,
        Removed { card_moved: true, told: vec![bob.person()], not_reached: Vec::new() }
    );
    ada.device.set_profile(&says("Builds bridges.")).unwrap();
    let ada = ada.restart();
    // Cleo is the first to come, and carries whatever lies in the space that they share.
    cleo.try_sync(&ada).await.unwrap();
    bob.sync(&ada).await;
    ada.device.set_profile(&says("Builds boats.")).unwrap();
    bob.sync(&ada).await;
    cleo.try_sync(&ada).await.unwrap();

    assert_eq!(bio_seen_by(&bob, ada.person()), "Builds boats.");
    assert!(bob.device.contact(ada.person()).unwrap().follows);
    assert_eq!(bio_seen_by(&cleo, ada.person()), "Builds mills.");
    let cleos = everything_in(cleo.home.path());
    assert!(!contains(&cleos, "Builds bridges.") && !contains(&cleos, "Builds boats."));
    assert!(ada.device.contact(cleo.person()).is_err());
    assert_eq!(ada.device.contacts().unwrap().len(), 1);
    assert!(ada.device.rebuild().unwrap().different.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_key_reaches_those_who_stay_through_an_event_long_after() {
    let (ada, bob) = (Phone::silent(), Phone::of("Bob"));
    let (cleo, dora) = (Phone::of("Cleo"), Phone::of("Dora"));
    ada.device.set_profile(&says("Builds mills.")).unwrap();
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    for phone in [&bob, &cleo, &dora] {
        phone.device.join(&code).unwrap();
        swap(&ada, phone, Some(event)).await;
    }

    ada.device.remove_contact(cleo.person()).unwrap();
    ada.device.set_profile(&says("Builds bridges.")).unwrap();
    ada.device.remove_contact(dora.person()).unwrap();
    ada.device.set_profile(&says("Builds boats.")).unwrap();
    // Cleo carries both letters to Bob, and can read neither.
    cleo.sync(&ada).await;
    cleo.sync(&bob).await;
    bob.sync(&ada).await;

    assert_eq!(bio_seen_by(&bob, ada.person()), "Builds boats.");
    assert_eq!(bio_seen_by(&cleo, ada.person()), "Builds mills.");
    assert!(!contains(&everything_in(cleo.home.path()), "Builds boats."));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_followed_the_card_is_removed_without_moving_it() {
    let (ada, bob, cleo) = (Phone::of("Ada"), Phone::of("Bob"), Phone::of("Cleo"));
    swap(&ada, &bob, None).await;
    ada.device.scan(&cleo.device.show_code(&[], None).unwrap().text, &MetAt::default()).unwrap();

    let removed = ada.device.remove_contact(cleo.person()).unwrap();

    assert_eq!(removed, Removed::default());
    ada.device.set_profile(&says("Builds boats.")).unwrap();
    bob.sync(&ada).await;
    assert_eq!(bio_seen_by(&bob, ada.person()), "Builds boats.");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_met_again_after_being_removed_follows_again() {
    let (ada, bob) = (Phone::silent(), Phone::of("Bob"));
    ada.device.set_profile(&says("Builds mills.")).unwrap();
    swap(&ada, &bob, None).await;
    ada.device.remove_contact(bob.person()).unwrap();
    ada.device.set_profile(&says("Builds boats.")).unwrap();

    swap(&ada, &bob, None).await;

    assert_eq!(bio_seen_by(&bob, ada.person()), "Builds boats.");
    assert!(ada.device.contact(bob.person()).unwrap().contact.is_confirmed());
}
