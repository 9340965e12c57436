//! Devices that sync over the network.

use serde_json::json;

use crate::home::{DEBCONF, Folder, Home};

/// Lets `bela` into the event of `ada`.
fn join(ada: &Home, bela: &Home) {
    let code = ada.json(&["event", "code"]);
    bela.text(&["event", "join", code["code"].as_str().unwrap()]);
}

#[test]
fn an_event_comes_with_a_sync_and_both_say_so() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    ada.text(&["event", "import", DEBCONF]);
    join(&ada, &bela);

    let mut serving = ada.serve();
    let report = bela.json(&["sync", &serving.address]);
    let other = serving.next();
    drop(serving);

    let space = &report["spaces"][0];
    assert_eq!((&space["kind"], &space["outcome"]), (&json!("event"), &json!("same")));
    assert_eq!(other["synced"]["spaces"][0]["sent"], space["received"]);
    assert_eq!(bela.json(&["event", "digest"]), ada.json(&["event", "digest"]));
    assert!(bela.text(&["status"]).contains("117"));
}

#[test]
fn syncing_again_passes_nothing() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    ada.text(&["event", "import", DEBCONF]);
    join(&ada, &bela);
    let serving = ada.serve();
    bela.text(&["sync", &serving.address]);

    let again = bela.text(&["sync", &serving.address]);

    assert!(again.contains("DebConf") && again.contains("same"), "{again}");
}

#[test]
fn an_answer_confirms_the_contact_and_gives_the_card() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    for (home, name) in [(&ada, "Ada"), (&bela, "Bela")] {
        home.text(&["me", "set", "--name", name, "--audience", "name=contacts"]);
    }
    let shown = ada.json(&["swap", "show"]);
    let scanned = bela.json(&["swap", "scan", shown["text"].as_str().unwrap()]);
    bela.text(&["swap", "answer", scanned["person"].as_str().unwrap()]);

    let serving = ada.serve();
    bela.text(&["sync", &serving.address]);
    bela.text(&["sync", &serving.address]);
    drop(serving);

    let contacts = ada.json(&["contact", "list"]);
    assert_eq!(contacts[0]["contact"]["name"], "Bela");
    assert_eq!(contacts[0]["contact"]["confirmed"], true);
    assert_eq!(bela.json(&["contact", "list"])[0]["follows"], true);
}

#[test]
fn a_badge_leads_to_a_request_that_is_accepted() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    for (home, name) in [(&ada, "Ada"), (&bela, "Bela")] {
        home.text(&["me", "set", "--name", name, "--audience", "name=contacts"]);
    }
    let event = ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    join(&ada, &bela);
    let badge = ada.json(&["swap", "badge"]);
    let scanned = bela.json(&["swap", "scan", badge["code"].as_str().unwrap(), "--event", &event]);
    bela.text(&["swap", "answer", scanned["person"].as_str().unwrap()]);
    let serving = ada.serve();
    bela.text(&["sync", &serving.address]);
    drop(serving);

    let requests = ada.json(&["swap", "requests"]);
    assert_eq!(
        (&requests[0]["card"]["name"], &requests[0]["wants"]),
        (&json!("Bela"), &json!("contact"))
    );
    assert!(ada.text(&["swap", "requests"]).contains("swap accept"));
    ada.text(&["swap", "accept", requests[0]["person"].as_str().unwrap()]);

    assert_eq!(ada.json(&["contact", "list"])[0]["contact"]["confirmed"], true);
    assert_eq!(ada.json(&["swap", "requests"]), json!([]));
}

#[test]
fn devices_with_nothing_in_common_are_told_so() {
    let folder = Folder::new();
    let mut serving = folder.home("ada").serve();

    let said = folder.home("bela").run(&["sync", &serving.address]);

    assert_eq!(said.code, 8);
    assert!(said.err.contains("nothing in common"), "{}", said.err);
    assert!(serving.next()["failed"].is_string());
}

#[test]
fn a_home_that_serves_is_in_use() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let serving = ada.serve();

    let said = ada.run(&["note", "list"]);

    assert_eq!(said.code, 4);
    assert!(said.err.contains("teilgeber serve"), "{}", said.err);
    drop(serving);
    assert_eq!(ada.run(&["note", "list"]).code, 0);
}
