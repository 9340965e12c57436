//! Messages to one person.

use crate::home::Folder;

#[test]
fn a_message_is_written_read_answered_and_erased() {
    let folder = Folder::new();
    let (ada, bo) = (folder.home("ada"), folder.home("bo"));
    for (home, name) in [(&ada, "Ada"), (&bo, "Bo")] {
        home.text(&["me", "set", "--name", name, "--audience", "name=contacts"]);
    }
    let shown = ada.json(&["swap", "show"]);
    bo.text(&["swap", "scan", shown["text"].as_str().unwrap()]);
    bo.text(&["swap", "answer", "Ada"]);

    bo.id(&["message", "write", "Ada", "Flour", "at", "noon?"]);
    assert!(bo.text(&["message", "show", "Ada"]).contains("letter only on this device"));
    let mut serving = ada.serve();
    bo.text(&["sync", &serving.address]);
    serving.next();
    drop(serving);

    let list = ada.json(&["message", "list"]);
    assert_eq!((list[0]["name"].as_str(), list.as_array().unwrap().len()), (Some("Bo"), 1));
    let read = ada.json(&["message", "show", "Bo"]);
    assert_eq!(read[0]["message"]["text"], "Flour at noon?");
    assert_eq!(read[0]["message"]["mine"], false);
    assert!(ada.text(&["message", "list"]).contains("Flour at noon?"));
    ada.id(&["message", "write", "Bo", "At one."]);

    let id = read[0]["id"].as_str().unwrap();
    ada.text(&["message", "erase", &id[..12]]);
    let left = ada.json(&["message", "show", "Bo"]);
    assert_eq!(left[0]["message"]["text"], "At one.");
}
