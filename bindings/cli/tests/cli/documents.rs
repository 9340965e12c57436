//! What leaves the device as files.

use std::fs;

use crate::home::{Folder, Home};

fn camp(home: &Home) {
    home.id(&["event", "create", "Mill Camp", "--from", "2027-05-01", "--zone", "Europe/Berlin"]);
    let bread =
        ["session", "pitch", "Bread", "--abstract", "Why <b>salt</b>?", "--speaker", "Finn"];
    home.id(&bread);
    home.text(&["session", "place", "Bread", "--room", "Barn", "--at", "2027-05-01T14:30"]);
    let wages = ["session", "pitch", "Wages", "--speaker", "Cleo", "--policy", "chatham-house"];
    home.id(&wages);
    home.text(&["session", "place", "Wages", "--room", "Mill", "--at", "2027-05-01T14:30"]);
}

#[test]
fn a_session_is_written_down_as_text_page_and_file() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    ada.id(&["anchor", "add", "Buy flour", "--session", "Bread"]);

    let text = ada.text(&["session", "document", "Bread", "--format", "txt"]);
    assert!(text.contains("14:30") && text.contains("Barn") && text.contains("Finn"), "{text}");
    assert!(!text.contains("Buy flour"), "{text}");
    let mine = ada.json(&["session", "document", "Bread", "--anchors"]);
    assert!(mine["text"].as_str().unwrap().contains("Buy flour"), "{mine}");
    assert!(!ada.text(&["session", "document", "Wages"]).contains("Cleo"));

    let file = folder.path("bread.html");
    let out = file.to_str().unwrap();
    ada.text(&["session", "document", "Bread", "--format", "html", "--out", out]);
    let html = fs::read_to_string(&file).unwrap();
    assert!(html.contains("&lt;b&gt;salt") && !html.contains("<b>salt"), "{html}");
}
