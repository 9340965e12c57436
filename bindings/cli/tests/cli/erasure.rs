//! Erasing with a moment to undo.

use crate::home::Folder;

#[test]
fn what_was_erased_is_had_back_by_one_command() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let (first, second) = (ada.id(&["note", "add", "One"]), ada.id(&["note", "add", "Two"]));

    assert!(ada.text(&["note", "rm", &first]).contains("within 10 seconds: teilgeber undo"));
    ada.json(&["note", "rm", &second]);
    assert_eq!(ada.json(&["note", "list"]), serde_json::json!([]));
    let back = ada.json(&["undo", &first[..8]]);
    assert_eq!((&back["kind"], &back["id"]), (&"note".into(), &first.into()));
    assert!(ada.text(&["undo"]).contains("Had back: note"));
    assert_eq!(ada.json(&["note", "list"]).as_array().unwrap().len(), 2);

    ada.text(&["note", "rm", &second, "--now"]);
    let nothing = ada.run(&["undo"]);
    assert_eq!((nothing.code, ada.run(&["note", "show", &second]).code), (3, 3));
    assert!(nothing.err.contains("can still be undone"), "{}", nothing.err);
}

#[test]
fn all_of_mine_in_an_event_is_taken_back_and_had_back() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["post", "write", "Hello"]);

    let withdrawn = ada.json(&["event", "withdraw"]);
    assert_eq!(withdrawn["things"].as_array().unwrap().len(), 1);
    assert!(withdrawn["until"].as_u64() > Some(0));
    assert_eq!(ada.json(&["post", "list"]), serde_json::json!([]));
    assert_eq!(ada.json(&["event", "withdrawn"])["things"], 0);
    let back = ada.json(&["undo"]);
    assert_eq!((&back["kind"], &back["id"]), (&"event".into(), &event.into()));
    assert_eq!(ada.json(&["post", "list"]).as_array().unwrap().len(), 1);

    ada.text(&["event", "withdraw", "--now"]);
    assert!(ada.text(&["event", "withdrawn"]).contains("1 thing, erased only on this device"));
    assert_eq!(ada.run(&["undo"]).code, 3);
}
