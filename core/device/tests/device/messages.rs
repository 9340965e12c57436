//! Two people write to each other.

use teilgeber_device::model::*;
use teilgeber_device::{Error, Kind, MetAt, OF_STRANGERS_MAX, Way};

use crate::support::*;

fn text(words: &str) -> MessageText {
    MessageText::new(words).unwrap()
}

fn said(phone: &Phone, with: Id) -> Vec<(bool, String)> {
    let messages = phone.device.messages(with).unwrap().into_iter();
    messages.map(|it| (it.message.mine, it.message.text.to_string())).collect()
}

/// An event of Ada's in which she appears and the others are.
async fn mill(ada: &Phone, others: [&Phone; 2]) -> Id {
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    for other in others {
        other.device.join(&code).unwrap();
    }
    ada.device.set_profile(&profile("Ada", Audience::Event)).unwrap();
    ada.device.appear_in(event, true).unwrap();
    for other in others {
        other.sync(ada).await;
    }
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn a_courier_carries_messages_that_only_the_two_can_read() {
    let (ada, bob, cleo) = (Phone::silent(), Phone::of("Bob"), Phone::of("Cleo"));
    let event = mill(&ada, [&bob, &cleo]).await;

    let sent = bob.device.write_message(ada.person(), &text("Flour at noon?")).unwrap();
    assert_eq!(sent.way, Way::Event(event));
    let places = |id| bob.device.places(Kind::Message, id).unwrap();
    assert_eq!((places(sent.id).devices, places(sent.id).others), (0, false));
    cleo.sync(&bob).await;
    assert!(places(sent.id).devices > 0 || places(sent.id).others);
    assert_eq!(said(&ada, bob.person()), []);
    cleo.sync(&ada).await;

    assert_eq!(said(&ada, bob.person()), [(false, "Flour at noon?".to_owned())]);
    // Bob shows no card; his letter said where to answer.
    ada.clock.pass(1_000);
    ada.device.write_message(bob.person(), &text("At one.")).unwrap();
    cleo.sync(&ada).await;
    cleo.sync(&bob).await;
    let both = [(true, "Flour at noon?".to_owned()), (false, "At one.".to_owned())];
    assert_eq!(said(&bob, ada.person()), both);
    let conversations = bob.device.conversations().unwrap();
    assert_eq!(conversations.len(), 1);
    assert_eq!(conversations[0].name, Some(line("Ada")));
    assert_eq!(conversations[0].last.message.text, text("At one."));

    assert!(cleo.device.conversations().unwrap().is_empty());
    drop(cleo.device);
    let carried = everything_in(cleo.home.path());
    assert!(!contains(&carried, "Flour at noon") && !contains(&carried, "At one."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_found_erased_and_does_not_come_back() {
    let (ada, bob, cleo) = (Phone::silent(), Phone::of("Bob"), Phone::of("Cleo"));
    mill(&ada, [&bob, &cleo]).await;
    bob.device.write_message(ada.person(), &text("Flour at noon?")).unwrap();
    bob.sync(&ada).await;
    let message = ada.device.messages(bob.person()).unwrap().remove(0);
    assert_eq!(ada.device.search("flour", 9).unwrap()[0].id, message.id);

    ada.device.erase_message(message.id).unwrap();
    let ada = ada.restart();
    ada.device.tidy().unwrap();
    bob.sync(&ada).await;

    assert!(ada.device.search("flour", 9).unwrap().is_empty());
    assert!(ada.device.conversations().unwrap().is_empty());
    assert!(ada.device.rebuild().unwrap().different.is_empty());
    assert_eq!(said(&bob, ada.person()), [(true, "Flour at noon?".to_owned())]);
    drop(ada.device);
    assert!(!contains(&everything_in(ada.home.path()), "Flour at noon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_over_two_ways_is_one_message() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let showing = ada.device.show_code(&[], Some(event)).unwrap();
    bob.device.scan(&showing.text, &MetAt::default()).unwrap();

    bob.device.write_message(ada.person(), &text("Here and there")).unwrap();
    bob.sync(&ada).await;
    ada.device.tidy().unwrap();

    assert_eq!(said(&ada, bob.person()), [(false, "Here and there".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_fill_a_device() {
    let (ada, bob, cleo) = (Phone::silent(), Phone::of("Bob"), Phone::of("Cleo"));
    mill(&ada, [&bob, &cleo]).await;

    for number in 0..OF_STRANGERS_MAX + 3 {
        bob.device.write_message(ada.person(), &text(&number.to_string())).unwrap();
    }
    bob.sync(&ada).await;

    assert_eq!(said(&ada, bob.person()).len(), OF_STRANGERS_MAX);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_writes_whom_i_blocked_is_not_kept() {
    let (ada, bob, cleo) = (Phone::silent(), Phone::of("Bob"), Phone::of("Cleo"));
    mill(&ada, [&bob, &cleo]).await;
    ada.device.block(bob.person()).unwrap();

    bob.device.write_message(ada.person(), &text("Unwanted")).unwrap();
    bob.sync(&ada).await;
    ada.device.unmute(bob.person()).unwrap();
    bob.device.write_message(ada.person(), &text("Wanted")).unwrap();
    bob.sync(&ada).await;

    assert_eq!(said(&ada, bob.person()), [(false, "Wanted".to_owned())]);
}

#[test]
fn nothing_is_not_written_nor_to_somebody_without_an_address() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));

    let nothing = ada.device.write_message(bob.person(), &text(" \n"));
    assert!(matches!(nothing, Err(Error::NothingSaid)));
    let nobody = ada.device.write_message(bob.person(), &text("Hello"));
    assert!(matches!(nobody, Err(Error::NotHere(_))));
    assert!(ada.device.conversations().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_meant_by_the_beginning_of_its_id() {
    let (ada, bob, cleo) = (Phone::silent(), Phone::of("Bob"), Phone::of("Cleo"));
    mill(&ada, [&bob, &cleo]).await;
    let sent: Vec<Id> = (0..20)
        .map(|number: u32| {
            bob.device.write_message(ada.person(), &text(&number.to_string())).unwrap().id
        })
        .collect();

    for id in sent.iter().map(Id::to_string) {
        for given in [&id[..1], &id[..9], &id.to_uppercase(), "no digits"] {
            let small = given.to_lowercase();
            let mut meant: Vec<Id> =
                sent.iter().filter(|it| it.to_string().starts_with(&small)).copied().collect();
            meant.sort();
            assert_eq!(bob.device.messages_called(given, 100).unwrap(), meant, "{given}");
            meant.truncate(1);
            assert_eq!(bob.device.messages_called(given, 1).unwrap(), meant, "{given}");
        }
    }
}
