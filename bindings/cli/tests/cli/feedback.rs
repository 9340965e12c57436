//! Feedback to the organisers, and conduct reports.

use crate::home::{Folder, Home};

/// Ada's camp, in which Bo is, and which both know.
fn camp(folder: &Folder) -> (Home, Home) {
    let (ada, bo) = (folder.home("ada"), folder.home("bo"));
    for (home, name) in [(&ada, "Ada"), (&bo, "Bo")] {
        home.text(&["me", "set", "--name", name, "--audience", "name=event"]);
    }
    ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let code = ada.json(&["event", "code"])["code"].as_str().unwrap().to_owned();
    bo.text(&["event", "join", &code]);
    ada.text(&["event", "appear", "on"]);
    (ada, bo)
}

fn meet(dialling: &Home, listening: &Home) {
    let mut serving = listening.serve();
    dialling.text(&["sync", &serving.address]);
    serving.next();
}

#[test]
fn feedback_is_asked_for_given_and_read() {
    let folder = Folder::new();
    let (ada, bo) = camp(&folder);
    let again =
        ada.id(&["event", "questions", "add", "Again?", "--choice", "Yes", "--choice", "No"]);
    ada.id(&["event", "questions", "add", "What was missing?"]);
    ada.text(&["event", "questions", "move", "What was missing?", "1"]);
    ada.text(&["event", "questions", "change", "Again?", "Once more?"]);
    ada.id(&["event", "questions", "add", "Never asked?"]);
    ada.text(&["event", "questions", "remove", "Never asked?"]);
    let listed = ada.json(&["event", "questions", "list"]);
    assert_eq!(
        (&listed[0]["text"], &listed[1]["text"]),
        (&"What was missing?".into(), &"Once more?".into())
    );
    assert_eq!(listed[1]["id"], again.as_str());
    assert_eq!(ada.json(&["event", "readers", "Ada"])[0]["name"], "Ada");
    meet(&bo, &ada);
    assert!(bo.text(&["feedback", "form"]).contains("Read by Ada alone."));

    let unsaid = bo.run(&["feedback", "give", "Thanks"]);
    assert_eq!(unsaid.code, 2, "whether it is signed must be said");
    let other = bo.run(&["feedback", "give", "--signed", "--answer", "Once more?", "Perhaps"]);
    assert_eq!(other.code, 1);
    assert!(other.err.contains("one of its choices"), "{}", other.err);
    let give =
        ["feedback", "give", "--signed", "--answer", "Once more?", "Yes", "Thanks for the bread"];
    bo.text(&give);
    assert!(bo.text(&["feedback", "form"]).contains("only on this device"));
    meet(&bo, &ada);

    assert!(bo.text(&["feedback", "form"]).contains("on 1 other device"));
    let read = ada.json(&["feedback", "read"]);
    assert_eq!(read["questions"][1]["answers"][0]["text"], "Yes");
    assert_eq!(read["texts"][0]["text"], "Thanks for the bread");
    assert!(ada.text(&["feedback", "read"]).contains("Once more?"));
    assert_eq!(ada.json(&["feedback", "erase"])["erased"], 1);
    assert!(ada.text(&["feedback", "read"]).contains("No feedback"));
    bo.text(&["feedback", "give", "--anonymous", "Less smoke"]);
    assert!(bo.text(&["feedback", "form"]).contains("1 letter waits"));
    assert!(bo.text(&["feedback", "forget"]).contains("never leave"));
    assert_eq!(bo.json(&["feedback", "form"])["given"], serde_json::Value::Null);
    ada.text(&["event", "readers", "--nobody"]);
    assert!(ada.text(&["event", "readers"]).contains("Nobody"));
}

#[test]
fn a_report_is_written_followed_by_its_receipt_read_and_deleted() {
    let folder = Folder::new();
    let (ada, bo) = camp(&folder);
    ada.text(&["event", "trusted", "Ada"]);
    meet(&bo, &ada);
    assert_eq!(bo.json(&["report", "to"])[0]["name"], "Ada");

    let waits = bo.id(&["report", "write", "Ada", "--anonymous", "Loud at night"]);
    assert_eq!(bo.json(&["report", "where", &waits])["state"], "waits");
    bo.text(&["report", "take-back", &waits]);
    assert_eq!(bo.run(&["report", "take-back", &waits]).code, 3);
    assert_eq!(bo.json(&["report", "where", &waits])["state"], "gone");
    let signed = bo.id(&["report", "write", "Ada", "--signed", "Loud at night"]);
    meet(&bo, &ada);

    assert!(bo.text(&["report", "where", &signed]).contains("on 1 other device"));
    assert_eq!(bo.json(&["report", "list"]), serde_json::json!([]));
    let list = ada.json(&["report", "list"]);
    assert_eq!(list[0]["text"], "Loud at night");
    assert!(ada.text(&["report", "list"]).contains("Loud at night"));
    ada.text(&["report", "erase", &list[0]["id"].as_str().unwrap()[..12]]);
    assert_eq!(ada.json(&["report", "list"]), serde_json::json!([]));
}
