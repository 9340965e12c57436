//! Searching, and narrowing it down.

use crate::home::Folder;

#[test]
fn a_search_is_narrowed_down_and_knows_german_spelling() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Grüße aus der Mühle"]);
    let note = ada.id(&["note", "add", "--session", "Grüße aus der Mühle", "An der Muehle links."]);
    ada.id(&["note", "add", "Elsewhere: another mühle."]);

    let found = |more: &[&str]| {
        let hits = ada.json(&[&["search", "muehle"], more].concat());
        hits.as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    };

    let all: Vec<String> = found(&[]);
    assert_eq!(all.len(), 3);
    let of_session: Vec<String> = found(&["--session", "Grüße aus der Mühle", "--kind", "note"]);
    assert_eq!(of_session, [note]);
    let of_event: Vec<String> = found(&["--event", "Mill Camp"]);
    assert_eq!(of_event.len(), 2);
    assert_eq!(ada.run(&["search", "muehle", "--kind", "unicorn"]).code, 2);
}
