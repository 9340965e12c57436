//! The shared notes of a session.

use crate::home::Folder;

#[test]
fn a_pad_is_written_and_shown() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.id(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.id(&["session", "pitch", "Bread and time"]);
    assert!(ada.text(&["pad", "show", "Bread and time"]).contains("Nobody wrote"));

    ada.text(&["pad", "append", "Bread and time", "Feed", "the", "starter."]);
    ada.text(&["pad", "append", "Bread and time", "Twice a day."]);

    let pad = ada.json(&["pad", "show", "Bread and time"]);
    assert_eq!(pad["text"], "Feed the starter.\n\nTwice a day.\n\n");
    assert_eq!(pad["authors"].as_array().unwrap().len(), 1);
    ada.text(&["pad", "set", "Bread and time", "Feed it."]);
    assert!(ada.text(&["pad", "show", "Bread and time"]).contains("Feed it."));
    assert_eq!(ada.json(&["search", "feed", "--kind", "pad"])[0]["title"], "Bread and time");

    ada.text(&["pad", "move-on", "Bread and time", "Feed."]);
    assert_eq!(ada.json(&["pad", "show", "Bread and time"])["text"], "Feed.");
    assert!(ada.text(&["pad", "missing", "Bread and time"]).contains("Nothing of yours"));

    ada.id(&["session", "pitch", "Salaries", "--policy", "off-the-record"]);
    let refused = ada.run(&["pad", "append", "Salaries", "Much"]);
    assert!(refused.code == 1 && refused.err.contains("off the record"), "{}", refused.err);
}
