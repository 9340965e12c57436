//! Hiding, withdrawing, and quiet for oneself.

use serde_json::json;

use crate::home::Folder;

#[test]
fn an_organiser_hides_shows_again_and_withdraws() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let post = ada.id(&["post", "write", "A rude word"]);
    let session = ada.id(&["session", "pitch", "Wombats"]);

    assert_eq!(ada.id(&["organise", "hide", "post", &post[..8]]), post);
    assert_eq!(ada.json(&["post", "list"]), json!([]));
    assert_eq!(ada.json(&["organise", "list"]), json!([{ "kind": "post", "id": post }]));
    ada.text(&["organise", "unhide", "post", &post[..8]]);
    assert_eq!(ada.json(&["post", "list"])[0]["id"], post.as_str());
    assert!(ada.text(&["organise", "list"]).contains("Nothing is hidden"));

    assert_eq!(ada.id(&["organise", "withdraw", "session", "Wombats"]), session);
    assert_eq!(ada.json(&["session", "list"]), json!([]));
    assert_eq!(ada.run(&["organise", "hide", "post", "ffff"]).code, 3);
    assert_eq!(ada.run(&["organise", "hide", "wombat", &post]).code, 2);
}

#[test]
fn somebody_is_muted_blocked_and_heard_again() {
    let folder = Folder::new();
    let (ada, bo) = (folder.home("ada"), folder.home("bo"));
    ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let code = ada.json(&["event", "code"])["code"].as_str().unwrap().to_owned();
    bo.text(&["event", "join", &code]);
    ada.text(&["me", "set", "--name", "Ada", "--audience", "name=event"]);
    ada.text(&["event", "appear", "on"]);
    ada.text(&["post", "write", "Buy my tulips"]);
    let served = ada.serve();
    bo.text(&["sync", &served.address]);
    drop(served);
    assert_eq!(bo.json(&["post", "list"]).as_array().unwrap().len(), 1);

    let person = bo.id(&["person", "mute", "Ada"]);
    assert_eq!(bo.json(&["post", "list"]), json!([]));
    bo.text(&["person", "block", "Ada"]);
    assert_eq!(bo.json(&["person", "list"]), json!([{ "person": person, "quiet": "block" }]));
    assert_eq!(bo.json(&["event", "people"]), json!([]));
    bo.text(&["person", "unmute", &person[..8]]);
    assert_eq!(bo.json(&["event", "people"]).as_array().unwrap().len(), 1);
    assert_eq!(bo.json(&["post", "list"]).as_array().unwrap().len(), 1);
}
