//! What organisers do about others' things, and authors about their own.

use teilgeber_device::model::*;
use teilgeber_device::{Error, Kind, NewPost, PostFilter};

use crate::support::*;

/// Two organisers and a guest.
async fn three() -> (Phone, Phone, Phone, Id) {
    let (ada, bo, cem) = (Phone::of("Ada"), Phone::of("Bo"), Phone::of("Cem"));
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    for phone in [&bo, &cem] {
        phone.device.join(&code).unwrap();
    }
    bo.sync(&ada).await;
    post(&bo, event, "Here I am");
    ada.device.grant_organiser(event, bo.device.author_in(event).unwrap().unwrap()).unwrap();
    bo.sync(&ada).await;
    cem.sync(&ada).await;
    (ada, bo, cem, event)
}

fn post(phone: &Phone, event: Id, text: &str) -> Id {
    phone.device.write_post(event, &NewPost::new(PostText::new(text).unwrap())).unwrap()
}

fn wall(phone: &Phone, event: Id) -> Vec<String> {
    let posts = phone.device.posts(event, &PostFilter::default(), None, 100).unwrap();
    posts.iter().map(|record| record.post.text().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_organiser_hides_is_hidden_everywhere_until_it_is_shown_again() {
    let (ada, bo, cem, event) = three().await;
    let rude = post(&cem, event, "A rude word");
    cem.sync(&ada).await;
    bo.sync(&ada).await;

    ada.device.hide(Kind::Post, rude).unwrap();
    for phone in [&bo, &cem] {
        phone.sync(&ada).await;
        assert_eq!(wall(phone, event), ["Here I am"]);
        assert_eq!(phone.device.search("rude", 9).unwrap(), []);
        assert!(phone.device.post(rude).unwrap().hidden);
        let hidden = phone.device.hidden(event).unwrap();
        assert_eq!(
            hidden.iter().map(|it| (it.kind, it.id)).collect::<Vec<_>>(),
            [(Kind::Post, rude)]
        );
    }

    bo.device.unhide(Kind::Post, rude).unwrap();
    bo.sync(&ada).await;
    cem.sync(&ada).await;
    for phone in [&ada, &bo, &cem] {
        assert_eq!(wall(phone, event).len(), 2);
        assert_eq!(phone.device.hidden(event).unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hide_and_an_unhide_at_once_the_hide_wins() {
    let (ada, bo, cem, event) = three().await;
    let rude = post(&cem, event, "A rude word");
    cem.sync(&ada).await;
    ada.device.hide(Kind::Post, rude).unwrap();
    bo.sync(&ada).await;

    // Bo shows it again while Ada, who does not know, hides it once more.
    bo.device.unhide(Kind::Post, rude).unwrap();
    ada.device.hide(Kind::Post, rude).unwrap();
    assert_eq!(wall(&bo, event).len(), 2);
    bo.sync(&ada).await;
    cem.sync(&bo).await;

    for phone in [&ada, &bo, &cem] {
        assert_eq!(wall(phone, event), ["Here I am"]);
    }
    assert_eq!(ada.device.digests(event).unwrap(), cem.device.digests(event).unwrap());
    // Who knows of both can show it again.
    ada.device.unhide(Kind::Post, rude).unwrap();
    assert_eq!(wall(&ada, event).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_is_in_no_byte_of_a_home_that_heard_of_it() {
    let (ada, bo, cem, event) = three().await;
    let leak = post(&cem, event, "The code is quagmire");
    let session = cem.device.pitch_session(event, &Session::new(line("Wombats"))).unwrap();
    cem.sync(&ada).await;
    assert!(contains(&everything_in(ada.home.path()), "quagmire"));

    ada.device.withdraw(Kind::Post, leak).unwrap();
    ada.device.withdraw(Kind::Session, session).unwrap();
    cem.sync(&ada).await;
    bo.sync(&ada).await;

    for phone in [&ada, &bo, &cem] {
        phone.device.tidy().unwrap();
        assert!(matches!(phone.device.post(leak), Err(Error::NotHere(_))));
        assert_eq!(phone.device.sessions(event).unwrap(), []);
        let bytes = everything_in(phone.home.path());
        assert!(!contains(&bytes, "quagmire") && !contains(&bytes, "Wombats"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_hide_nothing_and_leave_no_trace_of_having_tried() {
    let (ada, _, cem, event) = three().await;
    let post = post(&ada, event, "Lunch at one");
    cem.sync(&ada).await;

    for refused in [
        cem.device.hide(Kind::Post, post),
        cem.device.unhide(Kind::Post, post),
        cem.device.withdraw(Kind::Post, post),
        cem.device.erase(Kind::Post, post),
    ] {
        assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    }

    assert_eq!(cem.device.author_in(event).unwrap(), None);
    assert_eq!(wall(&cem, event).len(), 2);
    assert!(matches!(ada.device.hide(Kind::Post, event), Err(Error::NotHere(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_and_a_session_are_hidden_like_a_post_and_erased_by_their_own() {
    let (ada, bo, cem, event) = three().await;
    cem.device.set_profile(&profile("Cem", Audience::Event)).unwrap();
    cem.device.appear_in(event, true).unwrap();
    let session = cem.device.pitch_session(event, &Session::new(line("Wombats"))).unwrap();
    cem.sync(&ada).await;

    let card = ada.device.card_in(event, cem.person()).unwrap();
    ada.device.hide(Kind::Card, card).unwrap();
    ada.device.hide(Kind::Session, session).unwrap();
    bo.sync(&ada).await;
    assert_eq!(bo.device.participants(event, None, 9).unwrap().0, []);
    assert_eq!(bo.device.sessions(event).unwrap(), []);

    ada.device.unhide(Kind::Card, card).unwrap();
    ada.device.unhide(Kind::Session, session).unwrap();
    assert_eq!(ada.device.participants(event, None, 9).unwrap().0.len(), 1);
    assert!(matches!(ada.device.erase(Kind::Session, session), Err(Error::NotAllowed(_))));
    cem.device.erase(Kind::Session, session).unwrap();
    cem.device.erase(Kind::Card, card).unwrap();
    cem.sync(&ada).await;
    assert_eq!(ada.device.sessions(event).unwrap(), []);
    assert_eq!(ada.device.participants(event, None, 9).unwrap().0, []);
}
