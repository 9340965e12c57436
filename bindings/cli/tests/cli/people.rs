//! Myself, contacts and codes.

use serde_json::json;

use crate::home::{Folder, Home};

fn named(home: &Home, name: &str) {
    home.text(&["me", "set", "--name", name, "--audience", "name=contacts"]);
}

/// Lets `scanner` scan the code of `shower`, and gives the shower's person.
fn scan(shower: &Home, scanner: &Home) -> String {
    let shown = shower.json(&["swap", "show"]);
    let scanned = scanner.json(&["swap", "scan", shown["text"].as_str().unwrap()]);
    scanned["person"].as_str().unwrap().to_owned()
}

#[test]
fn each_field_is_read_by_those_who_were_chosen_only() {
    let folder = Folder::new();
    let ada = folder.home("ada");

    ada.text(&[
        "me",
        "set",
        "--name",
        "Ada",
        "--hashtag",
        "rust=expert",
        "--hashtag",
        "#tea",
        "--bio",
        "Mine alone",
        "--link",
        "https://example.org/ada",
        "--photo",
        "ask",
        "--audience",
        "name=event",
        "--audience",
        "hashtags=contacts",
    ]);

    let contacts = ada.json(&["me", "preview", "--as", "contacts"]);
    assert_eq!(contacts["name"], "Ada");
    assert_eq!(
        contacts["hashtags"],
        json!([{ "tag": "rust", "level": "expert" }, { "tag": "tea" }])
    );
    let event = ada.text(&["me", "preview", "--as", "event"]);
    assert!(event.contains("Ada") && !event.contains("rust") && !event.contains("Mine alone"));
    assert!(ada.text(&["me", "show"]).contains("Mine alone"));

    ada.text(&["me", "set", "--clear", "bio"]);
    assert_eq!(ada.json(&["me", "show"])["profile"]["bio"]["value"], "");
}

#[test]
fn a_scanned_code_is_a_contact_at_once() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    named(&ada, "Ada");
    ada.text(&["me", "set", "--hashtag", "rust"]);
    let png = folder.path("ada.png");
    ada.text(&["swap", "show", "--field", "hashtags", "--png", png.to_str().unwrap()]);

    let scanned = bela.json(&["swap", "scan", png.to_str().unwrap(), "--place", "at the door"]);

    assert_eq!(scanned["name"], "Ada");
    let person = scanned["person"].as_str().unwrap();
    let shown = bela.json(&["contact", "show", &person[..8]]);
    assert_eq!(shown["contact"]["card"]["hashtags"][0]["tag"], "rust");
    assert_eq!(shown["contact"]["meetings"][0]["place"], "at the door");
    assert_eq!(shown["contact"]["confirmed"], false);
    assert!(bela.text(&["contact", "show", person]).contains("at the door"));
    assert!(bela.text(&["contact", "list"]).contains("not confirmed yet"));
}

#[test]
fn what_we_remember_and_promised_is_kept_with_the_contact() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    named(&ada, "Ada");
    let person = scan(&ada, &bela);

    bela.text(&["contact", "memo", &person, "Knows", "about", "bread."]);
    bela.text(&["contact", "promise", &person, "the recipe"]);
    bela.text(&["contact", "promise", &person, "a map", "--by", "them"]);
    bela.text(&["contact", "promise", &person, "--kept", "1"]);

    let shown = bela.text(&["contact", "show", &person]);
    assert!(shown.contains("Knows about bread."));
    assert!(shown.contains("1. I: the recipe (kept)") && shown.contains("2. they: a map"));
    assert_eq!(bela.run(&["contact", "promise", &person, "--kept", "9"]).code, 3);

    bela.text(&["contact", "rm", &person]);
    assert_eq!(bela.json(&["contact", "list"]), json!([]));
}

#[test]
fn somebody_is_followed_and_no_longer() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    named(&ada, "Ada");
    scan(&ada, &bela);

    bela.text(&["contact", "follow", "Ada"]);

    assert!(bela.text(&["contact", "show", "Ada"]).contains("followed"));
    assert_eq!(bela.json(&["contact", "news", "--since", "2026-01-01"]), json!([]));
    bela.text(&["contact", "unfollow", "Ada"]);
    assert_eq!(bela.json(&["contact", "show", "Ada"])["contact"]["followed"], false);
}

#[test]
fn whom_i_met_before_is_asked_of_an_event() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.text(&["me", "set", "--name", "Ada", "--audience", "name=event"]);
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["event", "appear", "on"]);

    assert_eq!(ada.json(&["event", "met", "--event", &event]), json!([]));
    assert_eq!(ada.json(&["event", "people", "--met"]), json!([]));
}

#[test]
fn a_contact_is_removed_and_locked_out() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    named(&ada, "Ada");
    let person = scan(&ada, &bela);

    let removed = bela.json(&["contact", "rm", "Ada", "--lock-out"]);

    // Bela had not given her card, so that it need not move.
    let nothing = json!([]);
    assert_eq!(
        removed,
        json!({ "id": person, "card_moved": false, "told": nothing, "not_reached": nothing })
    );
    assert_eq!(bela.json(&["contact", "list"]), nothing);
    scan(&ada, &bela);
    assert!(bela.text(&["contact", "rm", "Ada", "--lock-out"]).contains("no later change"));
}

#[test]
fn a_letter_says_how_it_will_travel() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    named(&ada, "Ada");
    named(&bela, "Bela");
    let person = scan(&ada, &bela);

    let posted = bela.json(&["swap", "answer", &person]);

    assert_eq!(posted["way"], "direct_link");
    assert_eq!(bela.json(&["swap", "requests"]), json!([]));
}

#[test]
fn a_card_is_given_to_people_without_the_program() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    assert_eq!(ada.run(&["swap", "vcard"]).code, 1);
    ada.text(&["me", "set", "--name", "Ada", "--audience", "name=everyone"]);

    let card = ada.json(&["swap", "vcard"]);

    let card = card["code"].as_str().unwrap();
    assert!(card.starts_with("BEGIN:VCARD") && card.contains("FN:Ada"));
    assert!(ada.json(&["swap", "badge"])["code"].as_str().unwrap().starts_with("TEILGEBER:"));
}

#[test]
fn a_code_without_a_name_is_not_shown() {
    let folder = Folder::new();

    let said = folder.home("ada").run(&["swap", "show"]);

    assert_eq!(said.code, 1);
    assert!(said.err.contains("me set --name"), "{}", said.err);
}
