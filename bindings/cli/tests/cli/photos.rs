//! Photos of a session, at the terminal.

use std::fs;

use serde_json::json;

use crate::home::Folder;

/// As small as a JPEG may look.
const JPEG: &[u8] = b"\xff\xd8\xff\xda\x00\x02 a board with an arrow on it\xff\xd9";

#[test]
fn a_photo_is_added_listed_saved_and_erased() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Bread and time", "--event", &event]);
    let (board, back) = (folder.path("board.jpg"), folder.path("back.jpg"));
    fs::write(&board, JPEG).unwrap();
    let (board, back) = (board.to_str().unwrap(), back.to_str().unwrap());

    let add =
        ["photo", "add", "Bread and time", board, "--caption", "The board", "--thumbnail", board];
    let added = ada.json(&add);

    assert_eq!(added["consent"], json!({ "no": [], "ask": [] }));
    let id = added["id"].as_str().unwrap();
    let listed = ada.json(&["photo", "list", "Bread and time"]);
    let size = json!(JPEG.len());
    assert_eq!((&listed[0]["bytes"], &listed[0]["here"]), (&size, &size));
    assert_eq!((&listed[0]["caption"], &listed[0]["media"]), (&json!("The board"), &json!("jpeg")));
    assert!(ada.text(&["photo", "list", "Bread and time"]).contains("all"));
    assert_eq!(ada.json(&["photo", "save", &id[..8], back])["bytes"], size);
    assert_eq!(fs::read(back).unwrap(), JPEG);

    ada.text(&["photo", "erase", &id[..8]]);
    assert_eq!(ada.json(&["photo", "list", "Bread and time"]), json!([]));
}

#[test]
fn what_is_no_picture_is_refused_and_it_is_said_what_to_do() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Bread and time", "--event", &event]);
    let file = folder.path("board.gif");
    fs::write(&file, b"GIF89a").unwrap();

    let said = ada.run(&["photo", "add", "Bread and time", file.to_str().unwrap()]);

    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("no JPEG, PNG or WebP") && said.err.contains("Give a JPEG"),
        "{}",
        said.err
    );
}

#[test]
fn who_wants_to_be_asked_is_named_and_the_picture_comes_with_a_sync() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Bread and time", "--event", &event]);
    let audience = ["--audience", "name=event", "--audience", "photo_consent=event"];
    ada.text(&[&["me", "set", "--name", "Ada", "--photo", "ask"], &audience[..]].concat());
    ada.text(&["event", "appear", "on", "--event", &event]);
    let board = folder.path("board.jpg");
    fs::write(&board, JPEG).unwrap();
    ada.text(&["photo", "add", "Bread and time", board.to_str().unwrap()]);
    let code = ada.json(&["event", "code"]);
    bela.text(&["event", "join", code["code"].as_str().unwrap()]);

    let serving = ada.serve();
    bela.text(&["sync", &serving.address]);
    drop(serving);

    assert!(ada.text(&["photo", "consent", "Bread and time"]).contains("Nobody"));
    assert!(bela.text(&["photo", "consent", "Bread and time"]).contains("Ask before: Ada."));
    let listed = bela.json(&["photo", "list", "Bread and time"]);
    assert_eq!(listed[0]["here"], json!(JPEG.len()));
    let said = bela.run(&["photo", "erase", listed[0]["id"].as_str().unwrap()]);
    assert_eq!(said.code, 1);
}

#[test]
fn what_takes_space_is_said_and_ones_own_pictures_are_not_cleared() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Bread"]);
    let picture = folder.path("board.png");
    ada.text(&["event", "code", "--png", picture.to_str().unwrap()]);
    ada.id(&["photo", "add", "Bread", picture.to_str().unwrap()]);

    let said = ada.text(&["space"]);
    assert!(said.contains("Mill Camp") && said.contains("in all"), "{said}");
    let usage = ada.json(&["space"]);
    assert!(usage["events"][0]["photos"].as_u64() > Some(0), "{usage}");
    assert_eq!(usage["events"][0]["clearable"], 0);

    let cleared = ada.json(&["space", "clear", "photos", "Mill Camp", "--even-if-only-here"]);
    assert_eq!(cleared, serde_json::json!({ "photos": 0, "bytes": 0, "only_here": 0 }));
    assert!(ada.text(&["photo", "list", "Bread"]).contains("all"));
    assert_eq!(ada.run(&["space", "clear", "photos", "Other Camp"]).code, 3);
}
