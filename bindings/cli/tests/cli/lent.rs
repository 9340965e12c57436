//! A bridge between two events.

use serde_json::json;

use crate::home::Folder;

#[test]
fn a_title_is_lent_listed_and_taken_back() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let mill = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["event", "create", "Harbour Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Bread and time", "--event", &mill]);

    let loan = ada.id(&["bridge", "lend", "--session", "Bread and time", "--to", "Harbour Camp"]);

    let lent = ada.json(&["bridge", "list", "--event", "Harbour Camp"]);
    assert_eq!(lent[0]["loan"], json!({ "session": "Bread and time" }));
    assert_eq!((&lent[0]["from"], &lent[0]["camp"]), (&json!(mill), &json!("Mill Camp")));
    assert!(ada.text(&["bridge", "list", "--event", "Harbour Camp"]).contains("Mill Camp"));

    ada.text(&["bridge", "back", &loan[..8]]);
    assert_eq!(ada.json(&["bridge", "list", "--event", "Harbour Camp"]), json!([]));
}

#[test]
fn a_bridge_that_is_closed_lends_nothing() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let mill = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["event", "create", "Harbour Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Bread and time", "--event", &mill]);

    ada.text(&["bridge", "allow", "off", "--event", &mill]);

    let lend = ["bridge", "lend", "--session", "Bread and time", "--to", "Harbour Camp"];
    let said = ada.run(&lend);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("bridge is open"), "{}", said.err);
}
