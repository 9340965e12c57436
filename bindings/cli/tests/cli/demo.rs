//! The demonstration.

use std::fs;

use serde_json::Value;

use crate::home::{Folder, run};

/// A schedule with 36 sessions.
const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/pretalx-democon.json");

#[test]
fn the_demonstration_ends_with_equal_devices() {
    let said = run(&["demo", "--schedule", SMALL]);

    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.contains("event import pretalx-democon.json"));
    assert!(said.out.contains("All three devices know the same event."));
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    assert!(!said.out.contains('\x1b'));
}

#[test]
fn each_step_tells_what_each_device_knows() {
    let folder = Folder::new();
    let kept = folder.path("kept");

    let said = run(&["--json", "demo", "--keep", kept.to_str().unwrap()]);

    let played: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(played["same"], true);
    let steps = played["steps"].as_array().unwrap();
    let sessions = |step: usize, device: usize| steps[step]["devices"][device]["sessions"].as_u64();
    let killed = steps.iter().position(|step| step["title"].as_str().unwrap().contains("killed"));
    let killed = killed.unwrap();
    assert_eq!(sessions(killed - 1, 2), Some(0), "before");
    assert!(sessions(killed + 1, 2) < Some(117), "in the middle");
    assert_eq!(sessions(killed + 2, 2), Some(117), "after");
    assert_eq!(steps[killed + 2]["devices"][1]["contacts"][0], "Chloé (confirmed)");
    let digests = played["digests"].as_object().unwrap();
    assert!(digests["Ada"].as_object().unwrap().len() > 3);
    assert!(digests.values().all(|digest| *digest == digests["Ada"]));
    assert!(folder.home("kept/chloe").text(&["note", "list"]).contains("seeds and seasons"));
}

#[test]
fn the_archive_of_the_demonstration_is_there_to_look_at_and_keeps_what_was_said_in_confidence() {
    let folder = Folder::new();
    let pages = folder.path("pages");

    let said = run(&["demo", "--schedule", SMALL, "--html", pages.to_str().unwrap()]);

    assert_eq!((said.code, said.err.as_str()), (0, ""));
    for (name, words) in [
        ("index.html", "Off the record"),
        ("people.html", "#rust"),
        ("topics.html", "Chloé (has done much)"),
        ("posts.html", "see you next year"),
    ] {
        let page = fs::read_to_string(pages.join(name)).unwrap();
        assert!(page.contains(words), "{name}: {page}");
    }
    let mut sessions = Vec::new();
    for file in fs::read_dir(pages.join("sessions")).unwrap() {
        let path = file.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        assert!(!page.contains("till is empty"), "{}", path.display());
        if path.extension().is_some_and(|it| it == "html") {
            sessions.push(page);
        }
    }
    let of = |title: &str| {
        let named = |page: &&String| page.contains(&format!(">{title}</h1>"));
        sessions.iter().find(named).unwrap()
    };
    assert!(of("Seeds and seasons").contains("src=\"data:image/png;base64,iVBORw0KGgo"));
    assert!(of("What we earn").contains("somebody: ask for the band"));
    assert!(!of("What we earn").contains("Chloé"));
    assert!(of("What went wrong").contains("nothing more is told"));
}

#[test]
fn a_folder_for_the_archive_that_is_not_empty_is_refused_before_anything_is_played() {
    let folder = Folder::new();
    let pages = folder.path("pages");
    fs::create_dir(&pages).unwrap();
    fs::write(pages.join("mine.txt"), "mine").unwrap();

    let said = run(&["demo", "--html", pages.to_str().unwrap()]);

    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert_eq!(fs::read_dir(pages).unwrap().count(), 1);
}

#[test]
fn a_device_that_differs_fails_the_demonstration() {
    let said = run(&["demo", "--schedule", SMALL, "--spoil"]);

    assert_eq!(said.code, 1);
    assert!(said.err.contains("The devices differ in"), "{}", said.err);
    assert!(said.out.contains("DIFFERENT"));
}

#[test]
fn a_folder_that_is_there_already_is_left_alone() {
    let folder = Folder::new();
    fs::create_dir(folder.path("kept")).unwrap();

    let said = run(&["demo", "--keep", folder.path("kept").to_str().unwrap()]);

    assert_eq!(said.code, 1);
    assert_eq!(fs::read_dir(folder.path("kept")).unwrap().count(), 0);
}
