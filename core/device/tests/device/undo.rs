//! A moment to undo before an erasure is sent.

use teilgeber_device::model::*;
use teilgeber_device::{Error, Kind, NewPost, NoteFilter, PostFilter, UNDO_MS};

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
