//! Stars, the parts of the board, and what runs now.

use serde_json::json;

use crate::home::{Folder, Home};

/// A camp with bread in the barn at ten and tea in the mill at eleven.
fn camp(home: &Home) {
    let event = ["event", "create", "Mill Camp", "--from", "2027-05-01", "--zone", "Europe/Berlin"];
    home.id(&event);
    for (title, tag, room, at) in [
        ("Bread and time", "bread", "Barn", "2027-05-01T10:00"),
        ("Tea", "tea", "Mill", "2027-05-01T11:00"),
    ] {
        home.id(&["session", "pitch", title, "--tag", tag]);
        home.text(&["session", "place", title, "--room", room, "--at", at]);
    }
}

fn titles(board: &serde_json::Value) -> Vec<&str> {
    let items = board.as_array().unwrap().iter();
    items.map(|item| item["session"]["session"]["title"].as_str().unwrap()).collect()
}

#[test]
fn a_part_of_the_board_is_shown() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    ada.id(&["session", "star", "Tea"]);
    let shown = |args: &[&str]| {
        let board = ada.json(&[&["event", "board"], args].concat());
        titles(&board).join(", ")
    };

    assert_eq!(shown(&[]), "Bread and time, Tea");
    assert_eq!(shown(&["--tag", "bread"]), "Bread and time");
    assert_eq!(shown(&["--room", "Mill"]), "Tea");
    assert_eq!(shown(&["--starred"]), "Tea");
    assert_eq!(shown(&["--mine"]), "Bread and time, Tea");
    assert_eq!(shown(&["--level", "expert"]), "");
    assert_eq!(shown(&["--day", "2027-05-01"]), "Bread and time, Tea");
    assert_eq!(shown(&["--day", "2027-05-02"]), "");
}

#[test]
fn what_runs_and_what_comes_next_is_shown_in_the_time_of_the_event() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);

    let now = ada.json(&["now", "--at", "2027-05-01T10:30"]);
    assert_eq!(titles(&now["now"]), ["Bread and time"]);
    assert_eq!(titles(&now["next"]), ["Tea"]);
    assert_eq!(now["zone"], "Europe/Berlin");
    let text = ada.text(&["now", "--at", "2027-05-01T10:30"]);
    assert!(text.contains("Sat 11:00"), "{text}");
    let over = ada.text(&["now", "--at", "2027-05-03T10:00"]);
    assert!(over.contains("Nothing runs now."), "{over}");
}

#[test]
fn a_star_tells_where_its_session_went_and_is_shown_only_when_shared() {
    let folder = Folder::new();
    let (ada, bo) = (folder.home("ada"), folder.home("bo"));
    camp(&ada);
    let code = ada.json(&["event", "code"])["code"].as_str().unwrap().to_owned();
    bo.text(&["event", "join", &code]);
    let mut serving = ada.serve();
    bo.text(&["sync", &serving.address]);
    serving.next();
    bo.id(&["session", "star", "Tea"]);
    assert_eq!(bo.json(&["star", "moves"]), json!([]));
    bo.text(&["star", "share", "on"]);
    bo.text(&["sync", &serving.address]);
    serving.next();
    drop(serving);
    let fans = &ada.json(&["session", "show", "Tea"])["starred_by"];
    assert_eq!(fans.as_array().unwrap().len(), 1);

    ada.text(&["session", "place", "Tea", "--room", "Barn", "--at", "2027-05-01T15:00"]);
    let serving = ada.serve();
    bo.text(&["sync", &serving.address]);
    let moves = bo.text(&["star", "moves"]);
    assert!(moves.contains("“Tea” moved from 2027-05-01 11:00"), "{moves}");
    assert!(bo.text(&["now"]).contains("moved from"));
    bo.id(&["star", "seen", "Tea"]);
    assert_eq!(bo.json(&["star", "moves"]), json!([]));
    assert_eq!(bo.json(&["star", "reminders"])[0]["room"], "Barn");
    assert!(bo.text(&["star", "list"]).contains("15:00"));

    bo.id(&["session", "unstar", "Tea"]);
    assert_eq!(bo.json(&["star", "list"]), json!([]));
}

#[test]
fn a_locked_part_of_the_board_is_marked_and_left_to_organisers() {
    let folder = Folder::new();
    let (ada, bo) = (folder.home("ada"), folder.home("bo"));
    camp(&ada);
    let part = ["--room", "Mill", "--from", "2027-05-01T09:00", "--until", "2027-05-01T12:00"];
    ada.id(&[&["event", "lock"][..], &part].concat());
    let code = ada.json(&["event", "code"])["code"].as_str().unwrap().to_owned();
    bo.text(&["event", "join", &code]);
    bo.text(&["sync", &ada.serve().address]);

    assert_eq!(bo.json(&["event", "board", "--room", "Mill"])[0]["locked"], true);
    assert!(bo.text(&["event", "board"]).contains("locked"));
    let said = bo.run(&["session", "place", "Tea", "--nowhere"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("organiser"), "{}", said.err);

    ada.id(&[&["event", "unlock"][..], &part].concat());
    bo.text(&["sync", &ada.serve().address]);
    bo.id(&["session", "place", "Tea", "--nowhere"]);
}
