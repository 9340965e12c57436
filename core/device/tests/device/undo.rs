//! A moment to undo before an erasure is sent.

use teilgeber_device::model::*;
use teilgeber_device::{Error, Kind, MetAt, NewPost, NoteFilter, PostFilter, UNDO_MS};

use crate::support::*;

fn post(phone: &Phone, event: Id, text: &str) -> Id {
    phone.device.write_post(event, &NewPost::new(PostText::new(text).unwrap())).unwrap()
}

fn wall(phone: &Phone, event: Id) -> usize {
    phone.device.posts(event, &PostFilter::default(), None, 100).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_in_a_moment_is_out_of_lists_at_once_and_sent_only_after_it() {
    let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
    let event = ada.device.create_event(&camp()).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let id = post(&ada, event, "A hasty word");
    bo.sync(&ada).await;
    let heard = ada.device.digests(event).unwrap();

    let pending = ada.device.erase_soon(Kind::Post, id).unwrap();
    assert_eq!((wall(&ada, event), ada.device.search("hasty", 9).unwrap().len()), (0, 0));
    assert_eq!(ada.device.pending().unwrap(), [pending]);
    ada.device.tidy().unwrap();
    let report = ada.sync(&bo).await;
    assert_eq!(report.spaces.iter().map(|space| space.sent).sum::<u64>(), 0);
    assert_eq!(ada.device.digests(event).unwrap(), heard);

    ada.device.undo(&pending).unwrap();
    assert_eq!((wall(&ada, event), wall(&bo, event)), (1, 1));
    assert!(matches!(ada.device.undo(&pending), Err(Error::NotHere(_))));

    let pending = ada.device.erase_soon(Kind::Post, id).unwrap();
    ada.clock.pass(UNDO_MS);
    ada.sync(&bo).await;
    assert_eq!((wall(&ada, event), wall(&bo, event)), (0, 0));
    assert!(matches!(ada.device.undo(&pending), Err(Error::NotHere(_))));
    bo.device.tidy().unwrap();
    assert!(!contains(&everything_in(bo.home.path()), "hasty"));
    assert!(matches!(bo.device.erase_soon(Kind::Card, id), Err(Error::NotAllowed(_))));
}

#[test]
fn an_app_that_was_killed_erases_at_its_next_start_what_was_due() {
    let ada = Phone::of("Ada");
    let id = ada.device.create_note(&note("A secret wish")).unwrap();
    let kept = ada.device.create_note(&note("A plain wish")).unwrap();
    ada.device.erase_soon(Kind::Note, id).unwrap();
    let found = |phone: &Phone| phone.device.notes(&NoteFilter::default(), None, 9).unwrap().len();
    assert_eq!(found(&ada), 1);

    let ada = ada.restart();
    assert_eq!(ada.device.pending().unwrap().len(), 1);
    assert!(ada.device.note(id).is_ok());
    ada.clock.pass(UNDO_MS);
    let ada = ada.restart();

    assert_eq!(ada.device.pending().unwrap(), []);
    assert!(matches!(ada.device.note(id), Err(Error::NotHere(_))));
    assert!(ada.device.note(kept).is_ok());
    assert_eq!(found(&ada), 1);
}

/// Ada, seen in a camp with a topic and a post, and Bo, who knows it.
async fn seen() -> (Phone, Phone, Id) {
    let (ada, bo) = (Phone::silent(), Phone::of("Bo"));
    ada.device.set_profile(&profile("Adaliza", Audience::Event)).unwrap();
    let event = ada.device.create_event(&camp()).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    ada.device.appear_in(event, true).unwrap();
    ada.device.offer_topic(event, &line("Beekeeping"), None).unwrap();
    post(&ada, event, "A hasty word");
    ada.device.create_note(&note("Mine alone").with_event(Some(event))).unwrap();
    // Who wrote there can show who they are.
    bo.device.share_stars(event, true).unwrap();
    bo.sync(&ada).await;
    (ada, bo, event)
}

fn people(phone: &Phone, event: Id) -> usize {
    phone.device.participants(event, None, 9).unwrap().0.len()
}

fn topics(phone: &Phone, event: Id) -> usize {
    phone.device.topics(event).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_mine_in_an_event_is_out_of_lists_at_once_and_comes_back_whole() {
    let (ada, bo, event) = seen().await;
    let before = ada.device.digests(event).unwrap();

    let (pending, things) = ada.device.erase_event_soon(event).unwrap();

    assert_eq!((pending.kind, pending.id, things.len()), (Kind::Event, event, 3));
    assert_eq!(ada.device.pending().unwrap(), [pending]);
    assert_eq!((people(&ada, event), topics(&ada, event), wall(&ada, event)), (0, 0, 0));
    ada.sync(&bo).await;
    assert_eq!((people(&bo, event), topics(&bo, event), wall(&bo, event)), (1, 1, 1));
    assert_eq!(ada.device.digests(event).unwrap(), before);
    assert_eq!(ada.device.withdrawn_from(event).unwrap(), None);

    ada.device.undo(&pending).unwrap();
    assert_eq!((people(&ada, event), topics(&ada, event), wall(&ada, event)), (1, 1, 1));
    assert_eq!(ada.device.pending().unwrap(), []);
    ada.clock.pass(UNDO_MS);
    ada.device.tidy().unwrap();
    assert_eq!((people(&ada, event), wall(&ada, event)), (1, 1));
    assert!(matches!(ada.device.undo(&pending), Err(Error::NotHere(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_mine_in_an_event_goes_everywhere_after_a_restart_and_is_confirmed() {
    let (ada, bo, event) = seen().await;
    ada.device.erase_event_soon(event).unwrap();
    let kept = post(&ada, event, "Said since then");
    let ada = ada.restart();
    assert_eq!(ada.device.pending().unwrap().len(), 1);
    ada.clock.pass(UNDO_MS);
    let ada = ada.restart();

    assert_eq!(ada.device.pending().unwrap(), []);
    assert!(!ada.device.appears_in(event).unwrap());
    let withdrawn = ada.device.withdrawn_from(event).unwrap().unwrap();
    assert_eq!((withdrawn.things, withdrawn.places.devices), (3, 0));
    ada.sync(&bo).await;
    assert_eq!((people(&bo, event), topics(&bo, event), wall(&bo, event)), (0, 0, 1));
    assert!(bo.device.post(kept).is_ok());
    ada.sync(&bo).await;
    assert_eq!(ada.device.withdrawn_from(event).unwrap().unwrap().places.devices, 1);
    bo.device.tidy().unwrap();
    let bytes = everything_in(bo.home.path());
    assert!(!contains(&bytes, "hasty") && !contains(&bytes, "Adaliza"));
    assert_eq!(ada.device.notes(&NoteFilter::default(), None, 9).unwrap().len(), 1);
    assert_eq!(ada.device.rebuild().unwrap().different, [""; 0]);
    assert_eq!(bo.device.rebuild().unwrap().different, [""; 0]);
}

#[test]
fn what_is_for_me_alone_has_its_moment_too() {
    let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
    let anchor = ada.device.add_anchor(&Anchor::new(line("Buy flour"))).unwrap();
    let code = bo.device.show_code(&[], None).unwrap().text;
    ada.device.scan(&code, &MetAt::default()).unwrap();
    let text = MessageText::new("Hello").unwrap();
    let message = ada.device.write_message(bo.person(), &text).unwrap().id;

    let pending = ada.device.erase_soon(Kind::Anchor, anchor).unwrap();
    ada.device.erase_soon(Kind::Message, message).unwrap();
    assert_eq!(ada.device.anchors(false).unwrap(), []);
    assert_eq!(ada.device.messages(bo.person()).unwrap(), []);
    ada.device.undo(&pending).unwrap();
    ada.clock.pass(UNDO_MS);
    ada.device.tidy().unwrap();

    assert_eq!(ada.device.anchors(false).unwrap().len(), 1);
    assert!(matches!(ada.device.message(message), Err(Error::NotHere(_))));
    let event = ada.device.create_event(&camp()).unwrap();
    assert!(matches!(ada.device.erase_event_soon(event), Err(Error::NotHere(_))));
}
