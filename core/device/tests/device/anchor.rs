//! What to pick up again, and what was promised.

use teilgeber_device::Error;
use teilgeber_device::model::*;

use crate::support::*;

#[test]
fn what_is_open_is_listed_by_its_day_until_it_is_done() {
    let ada = Phone::of("Ada");
    let anchor = |words: &str, due: Option<&str>| {
        let due = due.map(|day| day.parse().unwrap());
        ada.device.add_anchor(&Anchor::new(line(words)).with_due(due)).unwrap()
    };
    anchor("some day", None);
    let soon = anchor("due", Some("2026-11-20"));
    anchor("later", Some("2027-03-01"));

    let now = Millis::new(MORNING).unwrap();
    let open = ada.device.open_things(now).unwrap();
    let words = |list: &[teilgeber_device::AnchorRecord]| {
        list.iter().map(|one| one.anchor.words().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(words(&open.due), ["due"]);
    assert_eq!(words(&open.later), ["later", "some day"]);

    ada.device.close_anchor(soon).unwrap();
    assert!(ada.device.open_things(now).unwrap().due.is_empty());
    assert_eq!(words(&ada.device.anchors(true).unwrap()), ["due"]);
    ada.device.erase_anchor(soon).unwrap();
    assert!(matches!(ada.device.anchor(soon), Err(Error::NotHere(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unkept_promise_is_open_and_nobody_else_sees_it() {
    let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
    let event = ada.device.create_event(&camp()).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let showing = bo.device.show_code(&[], Some(event)).unwrap();
    let person = ada.device.scan(&showing.text, &Default::default()).unwrap();
    let promise = |text: &str, kept| Promise {
        by: Whose::Mine,
        text: line(text),
        made: Millis::new(MORNING).unwrap(),
        kept,
    };
    let promises = vec![promise("Send the xylophone", false), promise("Say hello", true)];
    ada.device.set_promises(person, List::new(promises).unwrap()).unwrap();
    let held = Anchor::new(line("Ask Bo")).with_holds(Some(Holds::Person(person)));
    ada.device.add_anchor(&held).unwrap();
    bo.sync(&ada).await;

    let open = ada.device.open_things(Millis::new(MORNING).unwrap()).unwrap();
    assert_eq!(open.promises.len(), 1);
    assert_eq!((open.promises[0].person, open.promises[0].name.as_str()), (person, "Bo"));
    assert_eq!(bo.device.open_things(Millis::MAX).unwrap(), Default::default());
    assert_eq!(bo.device.search("xylophone", 9).unwrap(), []);
}
