//! What to pick up again, and what is open.

use serde_json::json;

use crate::home::Folder;

#[test]
fn an_anchor_is_set_shown_as_open_and_done() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    assert!(ada.text(&["open"]).contains("Nothing is open"));
    let note = ada.id(&["note", "add", "Ask about clocks."]);

    let id =
        ada.id(&["anchor", "add", "Read", "it", "again", "--due", "2020-01-01", "--note", &note]);
    ada.id(&["anchor", "add", "Plant beans", "--topic", "garden"]);

    let open = ada.json(&["open"]);
    assert_eq!(open["due"][0]["anchor"]["words"], "Read it again");
    assert_eq!(open["due"][0]["anchor"]["holds"], json!({ "note": note }));
    assert_eq!(open["later"][0]["anchor"]["holds"], json!({ "topic": "garden" }));
    ada.text(&["anchor", "done", &id[..8]]);
    assert_eq!(ada.json(&["open"])["due"], json!([]));
    assert!(ada.text(&["anchor", "list", "--done"]).contains("Read it again"));
    ada.text(&["anchor", "erase", "plant beans"]);
    assert_eq!(ada.json(&["anchor", "list"]), json!([]));
}
