//! Events and sessions.

use std::fs;

use serde_json::json;

use crate::home::{DEBCONF, Folder, Home};

fn camp(home: &Home) -> String {
    home.id(&[
        "event",
        "create",
        "Mill Camp",
        "--from",
        "2027-05-01",
        "--to",
        "2027-05-02",
        "--zone",
        "Europe/Berlin",
        "--room",
        "Barn",
        "--room",
        "Mill",
        "--place",
        "the old mill",
    ])
}

#[test]
fn an_event_is_founded_and_shown() {
    let folder = Folder::new();
    let ada = folder.home("ada");

    let id = camp(&ada);

    let shown = ada.json(&["event", "show"]);
    assert_eq!(shown["id"], id.as_str());
    assert_eq!(shown["event"]["days"], json!({ "first": "2027-05-01", "last": "2027-05-02" }));
    assert_eq!(shown["organiser"], true);
    assert!(ada.text(&["event", "show"]).contains("Barn, Mill"));
    assert!(ada.text(&["event", "list"]).contains("Mill Camp"));
}

#[test]
fn a_schedule_becomes_an_event_and_is_brought_up_to_date() {
    let folder = Folder::new();
    let ada = folder.home("ada");

    let imported = ada.json(&["event", "import", DEBCONF]);
    assert_eq!(imported["added"].as_array().unwrap().len(), 117);

    let id = imported["id"].as_str().unwrap();
    let again = ada.json(&["event", "import", DEBCONF, "--event", &id[..8]]);
    assert_eq!((&again["unchanged"], &again["added"]), (&json!(117), &json!([])));

    let moved = folder.path("moved.xml");
    let schedule = fs::read_to_string(DEBCONF).unwrap();
    fs::write(&moved, schedule.replacen("<start>10:00</start>", "<start>10:05</start>", 1))
        .unwrap();
    let path = moved.to_str().unwrap();
    let moved = ada.json(&["event", "import", path, "--event", id]);
    assert_eq!((&moved["added"], &moved["removed"]), (&json!([]), &json!([])));
    assert_eq!(
        moved["unchanged"].as_u64().unwrap() as usize + moved["moved"].as_array().unwrap().len(),
        117
    );
}

#[test]
fn the_board_shows_times_in_the_zone_of_the_event() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    let id = ada.id(&["session", "pitch", "Bread", "--level", "beginner", "--speaker", "Ada"]);

    ada.text(&["session", "place", &id, "--room", "Mill", "--at", "2027-05-01T14:30"]);

    let board = ada.json(&["event", "board"]);
    let start = board[0]["placement"]["start"].as_u64();
    assert_eq!(start, Some(1_809_174_600_000), "12:30 in UTC");
    assert!(
        ada.text(&["event", "board", "--day", "2027-05-01"]).contains("Sat 14:30  Mill  Bread")
    );
    assert_eq!(ada.json(&["event", "board", "--day", "2027-05-02"]), json!([]));

    ada.text(&["session", "place", &id, "--nowhere"]);
    assert_eq!(ada.json(&["event", "board"])[0]["placement"], json!(null));
}

#[test]
fn two_sessions_in_one_room_are_a_conflict_until_one_is_moved() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    let bread = ada.id(&["session", "pitch", "Bread"]);
    let soil = ada.id(&["session", "pitch", "Soil"]);
    for id in [&bread, &soil] {
        ada.text(&["session", "place", id, "--room", "Mill", "--at", "2027-05-01T14:30"]);
    }

    let conflicts = ada.json(&["event", "conflicts"]);
    assert_eq!(conflicts[0]["overlap"]["sessions"].as_array().unwrap().len(), 2);
    assert!(ada.text(&["event", "conflicts"]).contains("one room at one time"));

    ada.text(&["session", "place", &soil, "--room", "Barn", "--at", "2027-05-01T14:30"]);
    assert_eq!(ada.json(&["event", "conflicts"]), json!([]));
}

#[test]
fn a_session_is_changed_in_what_is_named() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    let id =
        ada.id(&["session", "pitch", "Bread", "--abstract", "Sour and slow.", "--tag", "food"]);
    let note = ada.id(&["note", "add", "Bring flour", "--session", &id]);

    ada.text(&[
        "session",
        "edit",
        &id[..8],
        "--title",
        "Bread and time",
        "--policy",
        "chatham-house",
    ]);

    let shown = ada.json(&["session", "show", &id[..8]]);
    assert_eq!(shown["session"]["title"], "Bread and time");
    assert_eq!(shown["session"]["abstract"], "Sour and slow.");
    assert_eq!(shown["session"]["policy"], "chatham_house");
    assert_eq!(shown["notes"], json!([note]));
    assert!(ada.text(&["session", "list"]).contains("Bread and time"));
    assert!(ada.text(&["note", "list", "--session", &id]).contains("Bread and time"));
}

#[test]
fn a_code_is_joined_as_text_and_as_picture() {
    let folder = Folder::new();
    let (ada, bela, chloe) = (folder.home("ada"), folder.home("bela"), folder.home("chloe"));
    let id = camp(&ada);
    let (png, svg) = (folder.path("join.png"), folder.path("join.svg"));
    let files = ["--png", png.to_str().unwrap(), "--svg", svg.to_str().unwrap()];
    let address = ["event", "code", "--address", "10.0.0.1:7373"];

    let code = ada.json(&[&address[..], &files].concat());
    let code = code["code"].as_str().unwrap();
    let by_text = bela.json(&["event", "join", code]);
    let by_picture = chloe.json(&["event", "join", png.to_str().unwrap()]);

    assert_eq!(by_text, by_picture);
    assert_eq!((&by_text["event"], &by_text["name"]), (&json!(id), &json!("Mill Camp")));
    assert_eq!(by_text["addresses"], json!(["10.0.0.1:7373"]));
    assert!(fs::read_to_string(svg).unwrap().starts_with("<svg"));
    assert!(bela.text(&["event", "list"]).contains("not come yet"));
}

#[test]
fn nobody_is_seen_before_they_say_so_and_after_they_left() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    ada.text(&["me", "set", "--name", "Ada", "--audience", "name=event"]);
    assert_eq!(ada.json(&["event", "people"]), json!([]));

    ada.text(&["event", "appear", "on"]);
    assert_eq!(ada.json(&["event", "people"])[0]["card"]["name"], "Ada");

    ada.text(&["event", "appear", "off"]);
    assert_eq!(ada.json(&["event", "people"]), json!([]));

    ada.text(&["event", "appear", "on"]);
    ada.text(&["event", "leave"]);
    assert_eq!(ada.json(&["event", "list"]), json!([]));
}

#[test]
fn who_is_in_several_events_says_which() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let first = camp(&ada);
    camp(&ada);

    let said = ada.run(&["event", "board"]);

    assert_eq!(said.code, 2);
    assert!(said.err.contains("--event ID"), "{}", said.err);
    assert_eq!(ada.json(&["event", "board", "--event", &first]), json!([]));
}

#[test]
fn equal_devices_have_equal_digests() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    let before = ada.json(&["event", "digest"]);

    assert_eq!(ada.json(&["event", "digest"]), before);
    assert!(before.as_object().unwrap().len() > 3);

    ada.text(&["session", "pitch", "Bread"]);
    assert_ne!(ada.json(&["event", "digest"]), before);
}

#[test]
fn an_import_says_what_it_left_as_people_made_it() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let event = ada.id(&["event", "import", DEBCONF]);
    let sessions = ada.json(&["session", "list"]);
    let session = |at: usize| sessions[at]["id"].as_str().unwrap();
    ada.id(&["session", "place", session(0), "--nowhere"]);
    ada.id(&["session", "hide", session(1)]);
    ada.id(&["session", "erase", session(2)]);

    let again = ada.json(&["event", "import", DEBCONF, "--event", &event]);

    assert_eq!(again["kept"], json!([session(0)]));
    assert_eq!((&again["added"], &again["moved"]), (&json!([]), &json!([])));
    assert_eq!(ada.json(&["session", "list"]).as_array().unwrap().len(), 115);
}

#[test]
fn an_event_whose_time_is_over_says_when_it_fades_until_it_is_kept() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.id(&["event", "create", "Old Camp", "--from", "2020-05-01", "--fade-after", "30"]);
    ada.id(&["event", "create", "Archive", "--from", "2020-05-01", "--fade-after", "never"]);

    let warning = ada.text(&["status"]);
    assert!(warning.contains("Old Camp fades from this device on"), "{warning}");
    assert!(warning.contains("teilgeber event keep --event"), "{warning}");
    assert!(!warning.contains("Archive fades"), "{warning}");
    let events = ada.json(&["status"])["events"].clone();
    let old = events.as_array().unwrap().iter().find(|event| event["name"] == "Old Camp").unwrap();
    assert!(old["held"]["fades_on"].is_string(), "{old}");

    ada.text(&["event", "keep", "--event", "Old Camp"]);
    assert!(!ada.text(&["status"]).contains("fades"));
    assert_eq!(ada.json(&["event", "show", "--event", "Old Camp"])["held"], "kept");
    assert!(ada.text(&["event", "show", "--event", "Old Camp"]).contains("for good"));
    let undone = ada.json(&["event", "keep", "--undo", "--event", "Old Camp"]);
    assert!(undone["held"]["fades_on"].is_string(), "{undone}");
    let wrong = ada.run(&["event", "fade-after", "soon", "--event", "Old Camp"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
}
