//! Everything of mine as a folder, and back.

use std::fs;

use crate::home::Folder;

#[test]
fn everything_goes_into_a_folder_and_comes_into_another_home() {
    let folder = Folder::new();
    let (ada, new) = (folder.home("ada"), folder.home("new"));
    ada.text(&["me", "set", "--name", "Ada", "--audience", "name=contacts"]);
    ada.id(&["note", "add", "Feed the starter"]);
    ada.id(&["anchor", "add", "Buy flour"]);
    let out = folder.path("mine");
    let out = out.to_str().unwrap();

    let wrote = ada.json(&["export", out]);
    assert_eq!((&wrote["notes"], &wrote["keys"]), (&1.into(), &false.into()));
    assert!(fs::read_to_string(format!("{out}/README.md")).unwrap().contains("(notes.md): 1"));
    let refused = ada.run(&["export", out]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("not empty") && refused.err.contains("Name another folder."));

    let seen = new.json(&["import", out, "--dry-run"]);
    assert_eq!((&seen["preview"], &seen["notes"]["new"]), (&true.into(), &1.into()));
    assert!(!new.path().exists());
    let came = new.json(&["import", out]);
    assert_eq!((&came["preview"], &came["anchors"]["new"]), (&false.into(), &1.into()));
    assert_eq!(new.json(&["import", out])["notes"]["here"], 1);
    assert!(new.text(&["note", "list"]).contains("Feed the starter"));
    let profile = new.json(&["me", "show"]);
    assert_eq!(profile["profile"]["name"]["audience"], "me", "{profile}");
}

#[test]
fn with_the_keys_a_new_home_is_the_same_person() {
    let folder = Folder::new();
    let (ada, new) = (folder.home("ada"), folder.home("new"));
    ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let out = folder.path("mine");
    let out = out.to_str().unwrap();
    assert!(ada.text(&["export", out, "--with-keys"]).contains("SECRET-KEYS.json"));

    let came = new.json(&["import", out]);

    assert_eq!((&came["same_person"], &came["events"]["new"]), (&true.into(), &1.into()));
    assert_eq!(new.json(&["status"])["person"], ada.json(&["status"])["person"]);
    assert!(new.text(&["event", "list"]).contains("Mill Camp"));
}

#[test]
fn what_is_no_export_is_refused_in_words_and_leaves_no_home() {
    let folder = Folder::new();
    let new = folder.home("new");
    let other = folder.path("other");
    fs::create_dir(&other).unwrap();

    let said = new.run(&["import", other.to_str().unwrap()]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("no finished export") && said.err.contains("teilgeber export"));
    fs::write(other.join("mine.json"), r#"{"format": "teilgeber-mine", "version": 2}"#).unwrap();
    assert_eq!(new.run(&["import", other.to_str().unwrap()]).code, 6);
    fs::write(other.join("mine.json"), r#"{"format": "teilgeber-mine""#).unwrap();
    let said = new.run(&["import", other.to_str().unwrap()]);
    assert!(said.code == 1 && said.err.contains("damaged, at line 1"), "{}", said.err);
    assert!(!new.path().exists());
}
