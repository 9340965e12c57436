//! Rides, beds and tips; topics; and what others see of me.

use serde_json::json;

use crate::home::{Folder, Home};

/// Ada's event, which Bela joined, both by name.
fn camp(folder: &Folder) -> (Home, Home) {
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    for (home, name) in [(&ada, "Ada"), (&bela, "Bela")] {
        home.text(&["me", "set", "--name", name, "--audience", "name=event"]);
    }
    let days = ["--from", "2099-05-01", "--to", "2099-05-02", "--zone", "Europe/Berlin"];
    ada.id(&[&["event", "create", "Mill Camp"][..], &days].concat());
    let code = ada.json(&["event", "code"])["code"].as_str().unwrap().to_owned();
    bela.text(&["event", "join", &code]);
    for home in [&ada, &bela] {
        home.text(&["event", "appear", "on"]);
    }
    meet(&ada, &bela);
    (ada, bela)
}

fn meet(one: &Home, other: &Home) {
    let serving = one.serve();
    other.text(&["sync", &serving.address]);
}

#[test]
fn a_seat_is_offered_asked_for_and_given() {
    let folder = Folder::new();
    let (ada, bela) = camp(&folder);
    let ride = ["offer", "ride", "--from", "Ulm", "--to", "the mill", "--at", "2099-05-01T08:00"];
    let id = ada.id(&[&ride[..], &["--seats", "2", "--text", "With a trailer"]].concat());
    meet(&ada, &bela);

    let listed = bela.text(&["offer", "list"]);
    assert!(listed.contains("Ulm → the mill  Ada  2 of 2  2099-05-01 08:00"), "{listed}");
    let request = bela.id(&["offer", "ask", &id[..8], "--seats", "2", "Two of us"]);
    assert!(bela.text(&["offer", "requests"]).contains("asked"));
    meet(&ada, &bela);
    assert!(ada.text(&["offer", "requests"]).contains("Bela  2       asked   Two of us"));
    ada.text(&["offer", "answer", &request[..8], "yes"]);
    meet(&ada, &bela);

    let shown = bela.json(&["offer", "show", &id]);
    assert_eq!((&shown["free"], &shown["requests"][0]["state"]), (&json!(0), &json!("yes")));
    assert_eq!(shown["offer"]["kind"], "ride");
    assert_eq!(bela.json(&["offer", "list", "--free"]), json!([]));
    assert_eq!(bela.json(&["search", "trailer"])[0]["kind"], "offer");
    let full = ada.run(&["offer", "edit", &id, "--seats", "1"]);
    assert_eq!(full.code, 1);
    assert!(full.err.contains("Offer more places"), "{}", full.err);
    bela.text(&["offer", "withdraw", &request]);
    meet(&ada, &bela);
    ada.text(&["offer", "edit", &id, "--seats", "1"]);
    ada.text(&["offer", "withdraw", &id]);
    meet(&ada, &bela);
    assert_eq!(bela.json(&["offer", "list"]), json!([]));
}

#[test]
fn beds_and_tips_are_listed_by_kind() {
    let folder = Folder::new();
    let (ada, _) = camp(&folder);
    ada.text(&["offer", "bed", "--from", "2099-04-30", "--to", "2099-05-02", "--places", "3"]);
    let tip = ada.id(&["offer", "tip", "The old inn", "--text", "Ask for the attic"]);
    ada.text(&["offer", "other", "A tent", "--places", "1", "--until", "2099-05-01T20:00"]);

    let beds = ada.json(&["offer", "list", "--kind", "bed"]);
    assert_eq!(beds[0]["offer"]["nights"], json!({ "from": "2099-04-30", "until": "2099-05-02" }));
    assert_eq!(beds.as_array().unwrap().len(), 1);
    let shown = ada.text(&["offer", "show", "the old inn"]);
    assert!(
        shown.contains("Ask for the attic") && shown.contains("only on this device"),
        "{shown}"
    );
    assert_eq!(ada.json(&["offer", "list", "--mine"]).as_array().unwrap().len(), 3);
    assert_eq!(ada.run(&["offer", "edit", &tip, "--places", "2"]).code, 2);
    let backward = ada.run(&["offer", "bed", "--from", "2099-05-02", "--to", "2099-05-02"]);
    assert_eq!(backward.code, 2);
}

#[test]
fn topics_are_offered_and_wanted_by_name() {
    let folder = Folder::new();
    let (ada, bela) = camp(&folder);
    ada.text(&["topic", "want", "Sour dough", "--level", "new"]);
    meet(&ada, &bela);
    bela.text(&["topic", "want", "sour dough"]);
    bela.text(&["topic", "offer", "Zines", "--level", "much"]);

    let listed = bela.text(&["topic", "list"]);
    assert!(listed.contains("wanted by several, nobody offers this yet"), "{listed}");
    assert!(listed.contains("Ada (new)") && listed.contains("Bela (much)"), "{listed}");
    let emergent = bela.json(&["topic", "list", "--emergent"]);
    assert_eq!(emergent.as_array().unwrap().len(), 1);
    assert_eq!(emergent[0]["why"], json!(["wanted_by_several", "nobody_offers"]));
    bela.text(&["topic", "drop", "ZINES"]);
    assert_eq!(bela.json(&["topic", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(bela.run(&["topic", "drop", "Zines"]).code, 3);
}

#[test]
fn joining_shares_nothing_unless_the_answer_is_yes() {
    let folder = Folder::new();
    let (ada, _) = camp(&folder);
    let code = ada.json(&["event", "code"])["code"].as_str().unwrap().to_owned();
    let seen = |home: &Home| home.json(&["event", "preview"])["appearing"].clone();
    for (name, answer, appears) in
        [("cleo", "", false), ("dora", "no\n", false), ("egon", "yes\n", true)]
    {
        let home = folder.home(name);
        home.text(&["me", "set", "--name", name, "--audience", "name=event", "--bio", "Mine"]);
        let said = home.run_with(&["event", "join", &code, "--share"], answer);

        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains(name) && !said.err.contains("Mine"), "{}", said.err);
        assert!(said.out.starts_with("Joined Mill Camp"), "{}", said.out);
        assert_eq!(seen(&home), appears, "{name}");
    }
    let silent = folder.home("fritz");
    silent.text(&["event", "join", &code]);
    assert_eq!(seen(&silent), false);
}

#[test]
fn leaving_takes_back_what_was_said() {
    let folder = Folder::new();
    let (ada, bela) = camp(&folder);
    bela.text(&["topic", "offer", "Zines"]);
    bela.text(&["offer", "tip", "The old inn"]);
    let preview = bela.text(&["event", "preview"]);
    assert!(preview.contains("Zines") && preview.contains("The old inn"), "{preview}");
    meet(&ada, &bela);
    assert_eq!(ada.json(&["offer", "list"]).as_array().unwrap().len(), 1);

    let withdrawn = bela.text(&["event", "withdraw", "--now"]);
    assert!(withdrawn.contains("Took back 3 things in Mill Camp"), "{withdrawn}");
    assert_eq!(bela.json(&["event", "list"])[0]["appearing"], false);
    bela.text(&["topic", "offer", "Zines"]);
    bela.text(&["event", "leave"]);
    meet(&ada, &bela);

    assert_eq!(ada.json(&["offer", "list"]), json!([]));
    assert_eq!(ada.json(&["topic", "list"]), json!([]));
    assert_eq!(ada.json(&["event", "people"]).as_array().unwrap().len(), 1);
}

#[test]
fn people_are_found_by_a_part_of_their_name_a_hashtag_and_a_level() {
    let folder = Folder::new();
    let (ada, bela) = camp(&folder);
    bela.text(&["me", "set", "--hashtag", "tea=expert", "--audience", "hashtags=event"]);
    meet(&ada, &bela);

    let found = |words: &[&str]| {
        let people = ada.json(&[&["event", "people"], words].concat());
        let names: Vec<String> = people
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["card"]["name"].as_str().unwrap().to_owned())
            .collect();
        names.join(" ")
    };
    assert_eq!(found(&[]), "Ada Bela");
    assert_eq!(found(&["--name", "EL"]), "Bela");
    assert_eq!(found(&["--hashtag", "#Tea", "--level", "expert"]), "Bela");
    assert_eq!(found(&["--level", "curious"]), "");
}
