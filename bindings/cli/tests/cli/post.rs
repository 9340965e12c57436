//! Posts on the wall of an event.

use serde_json::json;

use crate::home::{Folder, Home};

fn camp(home: &Home) {
    home.id(&["event", "create", "Mill Camp", "--from", "2027-05-01", "--zone", "Europe/Berlin"]);
}

#[test]
fn a_post_is_written_listed_changed_and_erased() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);

    let id = ada.id(&["post", "write", "Coffee", "is ready", "--topic", "coffee"]);
    let reply = ada.id(&["post", "write", "--reply", &id[..8], "And", "tea"]);

    let posts = ada.json(&["post", "list", "--topic", "Coffee"]);
    assert_eq!(posts[0]["post"]["text"], "Coffee is ready");
    assert_eq!(posts[0]["post"]["about"], json!({ "topic": "coffee" }));
    let thread = ada.json(&["post", "show", &id]);
    assert_eq!(thread.as_array().unwrap().len(), 2);
    ada.text(&["post", "edit", &reply, "And herbal tea"]);
    assert!(ada.text(&["post", "list"]).contains("And herbal tea"));
    assert_eq!(ada.json(&["search", "herbal", "--kind", "post"])[0]["id"], reply.as_str());
    ada.text(&["post", "erase", &id]);
    assert_eq!(ada.json(&["post", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(ada.run(&["post", "show", &id]).code, 3);
}

#[test]
fn the_other_rooms_are_shown_by_room() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    for (title, room) in [("Bread", "Barn"), ("Time", "Mill")] {
        let id = ada.id(&["session", "pitch", title]);
        ada.text(&["session", "place", &id, "--room", room, "--at", "2027-05-01T14:30"]);
        ada.id(&["post", "write", "--session", title, "In", room]);
    }

    let others = ada.json(&["post", "others", "--here", "Bread", "--at", "2027-05-01T14:40"]);

    assert_eq!(others.as_array().unwrap().len(), 1);
    assert_eq!((&others[0]["room"], &others[0]["title"]), (&json!("Mill"), &json!("Time")));
    assert_eq!(others[0]["posts"][0]["post"]["text"], "In Mill");
    let quiet = ada.text(&["post", "others", "--at", "2027-05-01T18:00"]);
    assert!(quiet.contains("Nothing else runs now"), "{quiet}");
}

#[test]
fn what_is_off_the_record_is_not_posted_about() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    ada.id(&["session", "pitch", "Salaries", "--policy", "off-the-record"]);

    let said = ada.run(&["post", "write", "--session", "Salaries", "Much"]);

    assert_eq!(said.code, 1);
    assert!(said.err.contains("off the record"), "{}", said.err);
}

#[test]
fn a_post_for_everyone_crosses_a_bridge() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let mill = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["event", "create", "Harbour Camp", "--from", "2027-05-01"]);
    let post = ada.id(&["post", "write", "--everyone", "--event", &mill, "Come over"]);

    ada.id(&["bridge", "lend", "--post", &post[..8], "--to", "Harbour Camp"]);

    let lent = ada.json(&["bridge", "list", "--event", "Harbour Camp"]);
    assert_eq!(lent[0]["loan"]["words"]["text"], "Come over");
}
