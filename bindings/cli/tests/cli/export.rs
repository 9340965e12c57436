//! What leaves the device as files.

use std::fs;

use crate::home::{DEBCONF, Folder, Home};

fn camp(home: &Home) {
    home.id(&[
        "event",
        "create",
        "Mill Camp",
        "--from",
        "2027-05-01",
        "--to",
        "2027-05-02",
        "--room",
        "Barn",
    ]);
}

fn pitch(home: &Home, policy: &str) -> String {
    let about = "Grace asks: *who* holds the key?\n\n<script>alert(1)</script>";
    let id = home.id(&[
        "session",
        "pitch",
        "Keys and locks",
        "--abstract",
        about,
        "--speaker",
        "Grace Hopper",
        "--policy",
        policy,
        "--link",
        "https://mill.example/grace",
        "--tag",
        "keys",
    ]);
    home.id(&["session", "place", &id, "--room", "Barn", "--at", "2027-05-01T10:00"]);
    id
}

fn document(home: &Home, id: &str, format: &str) -> String {
    home.text(&["session", "document", id, "--format", format])
}

#[test]
fn a_session_is_written_down_in_three_forms() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    let id = pitch(&ada, "open");

    let md = document(&ada, &id, "md");
    assert!(md.starts_with("# Keys and locks\n") && md.contains("By: Grace Hopper"), "{md}");
    assert!(md.contains(r"\<script\>") && !md.replace(r"\<", "").contains("<script"), "{md}");
    let html = document(&ada, &id, "html");
    assert!(html.contains(">Keys and locks</h1>") && html.contains("Grace Hopper"), "{html}");
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    let txt = document(&ada, &id, "txt");
    assert!(
        txt.contains("10:00–10:45, Barn") && txt.contains("https://mill.example/grace"),
        "{txt}"
    );
}

#[test]
fn by_the_chatham_house_rule_nobody_is_named() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    let id = pitch(&ada, "chatham-house");

    for format in ["md", "html", "txt"] {
        let text = document(&ada, &id, format);
        let small = text.to_lowercase();
        assert!(!small.contains("grace") && !small.contains("hopper"), "{text}");
        assert!(text.contains("holds the key") && text.contains("somebody asks"), "{text}");
    }
}

#[test]
fn off_the_record_no_word_leaves_in_any_file() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    camp(&ada);
    let id = pitch(&ada, "off-the-record");
    let out = folder.path("archive");

    for format in ["md", "html", "txt"] {
        let text = document(&ada, &id, format);
        assert!(text.contains("Keys and locks") && text.contains("Barn"), "{text}");
        assert!(!text.to_lowercase().contains("grace") && !text.contains("the key?"), "{text}");
    }
    let answer = ada.json(&["archive", out.to_str().unwrap(), "--for", "event"]);
    for file in answer["files"].as_array().unwrap() {
        let text = fs::read_to_string(out.join(file["path"].as_str().unwrap())).unwrap();
        assert!(!text.to_lowercase().contains("grace") && !text.contains("the key?"), "{text}");
    }
}

#[test]
fn posts_and_people_of_an_event_are_in_no_archive_for_everyone() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.text(&["me", "set", "--name", "Ada Lovelace", "--audience", "name=event"]);
    camp(&ada);
    ada.text(&["event", "appear", "on"]);
    let id = pitch(&ada, "open");
    ada.text(&["post", "write", "Overheard at the mill", "--session", &id]);

    let (all, ours) = (folder.path("all"), folder.path("ours"));
    ada.text(&["archive", all.to_str().unwrap()]);
    ada.text(&["archive", ours.to_str().unwrap(), "--for", "event"]);

    assert!(!all.join("people.html").exists());
    assert!(fs::read_to_string(ours.join("people.html")).unwrap().contains("Ada Lovelace"));
    assert!(!ada.text(&["session", "document", &id]).contains("Overheard"));
    let ours = ada.text(&["session", "document", &id, "--for", "event"]);
    assert!(ours.contains("Overheard at the mill (Ada Lovelace)"), "{ours}");
}

#[test]
fn an_archive_is_a_folder_of_pages_and_of_what_other_programs_read() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.json(&["event", "import", DEBCONF]);
    let out = folder.path("archive");

    let answer = ada.json(&["archive", out.to_str().unwrap()]);

    let files = answer["files"].as_array().unwrap();
    assert_eq!(files.len(), 1 + 2 * 117 + 3);
    let index = fs::read_to_string(out.join("index.html")).unwrap();
    assert_eq!(index.matches("<h2 id=\"d").count(), 8);
    for name in ["schedule.xml", "schedule.json", "schedule.ics"] {
        let path = out.join(name);
        let bela = folder.home(name);
        let again = bela.json(&["event", "import", path.to_str().unwrap()]);
        assert!(again["added"].as_array().unwrap().len() > 100, "{name}: {again}");
    }
    assert_ne!(ada.run(&["archive", out.to_str().unwrap()]).code, 0);
}
