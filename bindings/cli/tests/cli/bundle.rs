//! What is handed over as a file.

use std::fs;

use serde_json::json;

use crate::home::{DEBCONF, Folder};

#[test]
fn an_event_comes_as_a_file_and_both_have_the_same() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    ada.text(&["event", "import", DEBCONF]);
    let code = ada.json(&["event", "code"]);
    bela.text(&["event", "join", code["code"].as_str().unwrap()]);
    let path = folder.path("camp.teilgeber");
    let file = path.to_str().unwrap();

    let written = ada.json(&["bundle", "write", file]);
    let read = bela.json(&["bundle", "read", file]);

    assert_eq!(written["bytes"], json!(fs::metadata(&path).unwrap().len()));
    assert_eq!(read["spaces"][0]["new"], written["entries"]);
    assert_eq!((&read["missing"], &read["for_others"]), (&json!(0), &json!(0)));
    assert_eq!(bela.json(&["event", "digest"]), ada.json(&["event", "digest"]));
    assert!(bela.text(&["bundle", "read", file]).contains("DebConf"));
    assert!(bela.text(&["bundle", "check", file]).starts_with("Version 0, "));
    assert!(
        fs::read_dir(folder.path(""))
            .unwrap()
            .all(|it| { !it.unwrap().file_name().to_string_lossy().ends_with(".part") })
    );
}

#[test]
fn a_damaged_file_says_where_and_gives_what_is_whole() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let code = ada.json(&["event", "code"]);
    bela.text(&["event", "join", code["code"].as_str().unwrap()]);
    let path = folder.path("camp.teilgeber");
    let file = path.to_str().unwrap();
    ada.text(&["bundle", "write", file, "--event", "Mill Camp"]);
    let mut bytes = fs::read(&path).unwrap();
    bytes.truncate(bytes.len() - 10);
    fs::write(&path, &bytes).unwrap();

    let checked = bela.run(&["bundle", "check", file]);
    let read = bela.run(&["bundle", "read", file]);

    assert_eq!((checked.code, read.code), (1, 1));
    assert!(checked.out.contains("The end is missing."), "{}", checked.out);
    assert!(read.out.contains("Mill Camp: 1 new."), "{}", read.out);
    assert!(read.err.contains("is damaged") && read.err.contains("Ask for it again"));
}

#[test]
fn what_is_for_others_and_what_is_none_is_said() {
    let folder = Folder::new();
    let (ada, cleo) = (folder.home("ada"), folder.home("cleo"));
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    let path = folder.path("camp.teilgeber");
    let file = path.to_str().unwrap();
    ada.text(&["bundle", "write", file]);

    assert_eq!(cleo.text(&["bundle", "read", file]), "Nothing in here is for you.\n");

    fs::write(&path, "BEGIN:VCALENDAR").unwrap();
    let other = cleo.run(&["bundle", "read", file]);
    assert_eq!(other.code, 1);
    assert!(other.err.contains("not a Teilgeber bundle"), "{}", other.err);
    assert_eq!(cleo.run(&["bundle", "check", folder.path("none").to_str().unwrap()]).code, 3);
}

#[test]
fn the_newest_of_an_event_fits_into_codes() {
    let folder = Folder::new();
    let (ada, bela) = (folder.home("ada"), folder.home("bela"));
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["post", "write", "A hive is on the roof."]);
    let code = ada.json(&["event", "code"]);
    bela.text(&["event", "join", code["code"].as_str().unwrap()]);
    let (path, copy) = (folder.path("newest.teilgeber"), folder.path("copy"));
    let (file, copy) = (path.to_str().unwrap(), copy.to_str().unwrap());
    let frames = folder.path("frames");

    let written =
        ada.json(&["bundle", "write", file, "--event", "Mill Camp", "--max-bytes", "20000"]);
    ada.text(&["qr-send", file, "--out", frames.to_str().unwrap()]);
    let pictures: Vec<String> = fs::read_dir(&frames)
        .unwrap()
        .map(|picture| picture.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    let mut receive = vec!["qr-receive"];
    receive.extend(pictures.iter().map(String::as_str));
    receive.extend(["--out", copy]);
    bela.text(&receive);

    assert_eq!(written["bytes"], json!(fs::metadata(&path).unwrap().len()));
    assert_eq!(bela.text(&["bundle", "read", copy]), "Mill Camp: 2 new.\n");
    let too_small = ada.run(&["bundle", "write", file, "--event", "Mill Camp", "--max-bytes", "9"]);
    assert_eq!(too_small.code, 3);
}
