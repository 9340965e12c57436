//! Help, completions, notes, search, and the upkeep of a home.

use crate::home::{Folder, run};

#[test]
fn help_lists_all_commands_and_exit_codes() {
    let help = run(&["--help"]);

    assert_eq!(help.code, 0);
    let commands = [
        "me",
        "note",
        "event",
        "session",
        "contact",
        "swap",
        "sync",
        "serve",
        "status",
        "search",
        "rebuild",
        "check",
        "erase",
        "demo",
        "completions",
    ];
    for command in commands {
        assert!(help.out.contains(&format!("\n  {command} ")), "{command}");
        assert_eq!(run(&[command, "--help"]).code, 0, "{command}");
    }
    assert!(help.out.contains("  7  the database was damaged"));
}

#[test]
fn help_fits_eighty_columns() {
    for command in
        [&["help"][..], &["help", "session", "pitch"], &["help", "swap"], &["help", "demo"]]
    {
        let help = run(command).out;
        let longest = help.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(80), "{command:?}: {longest:?}");
    }
}

#[test]
fn help_says_what_a_program_gets() {
    for command in [&["note", "show"][..], &["event", "board"], &["sync"], &["serve"]] {
        let help = run(&[command, &["--help"]].concat());
        assert!(help.out.contains("JSON: "), "{command:?}");
    }
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    for command in [&[][..], &["nothing"], &["note"], &["me", "set"], &["sync", "somewhere"]] {
        let said = run(command);
        assert_eq!(said.code, 2, "{command:?}");
        assert!(said.err.contains("--help") || said.err.contains("Usage:"), "{command:?}");
    }
}

#[test]
fn shells_are_given_completions() {
    for (shell, word) in [("bash", "complete -F"), ("zsh", "#compdef teilgeber"), ("fish", "-c")] {
        let script = run(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.out.contains(word), "{shell}");
        assert!(script.out.contains("conflicts"), "{shell}");
    }
}

#[test]
fn the_data_is_where_the_platform_wants_it() {
    let folder = Folder::new();
    let mut program = crate::home::program();
    program.env("XDG_DATA_HOME", folder.path("data")).args(["note", "add", "Hello"]);

    assert!(program.output().unwrap().status.success());

    assert_eq!(folder.home("data/teilgeber").json(&["note", "list"])[0]["title"], "Hello");
}

#[test]
fn a_piped_answer_has_no_colours_and_fits_eighty_columns() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.text(&["me", "set", "--name", "Ada", "--bio", &"many words ".repeat(30)]);
    ada.text(&["event", "import", crate::home::DEBCONF]);

    for command in [
        &["me", "show"][..],
        &["event", "board"],
        &["event", "show"],
        &["session", "list"],
        &["swap", "show"],
        &["status"],
    ] {
        let text = ada.text(command);
        assert!(!text.contains('\x1b'), "{command:?}");
        let codes_apart = text.lines().filter(|line| !line.starts_with("TEILGEBER:"));
        let longest = codes_apart.map(|line| line.chars().count()).max();
        assert!(longest <= Some(80), "{command:?}: {longest:?}");
    }
}

#[test]
fn a_note_is_written_changed_found_and_erased() {
    let folder = Folder::new();
    let ada = folder.home("ada");

    let id = ada.id(&["note", "add", "#", "Soil", "--tag", "garden"]);
    assert_eq!(ada.json(&["note", "list"])[0]["title"], "Soil");
    assert_eq!(ada.json(&["note", "list", "--tag", "Garden"])[0]["id"], id.as_str());
    assert_eq!(ada.json(&["note", "list", "--tag", "other"]), serde_json::json!([]));

    ada.text(&["note", "edit", &id[..6], "Ask about worms.", "--append"]);
    let shown = ada.json(&["note", "show", &id[..6]]);
    assert_eq!(shown["note"]["text"], "# Soil\n\nAsk about worms.");
    assert_eq!(shown["note"]["tags"][0], "garden");
    assert_eq!(shown["places"]["devices"], 0);
    assert!(ada.text(&["note", "show", &id]).contains("only on this device"));

    for search in [&["search", "wor"][..], &["note", "search", "wor"]] {
        let hits = ada.json(search);
        assert_eq!((&hits[0]["kind"], &hits[0]["id"]), (&"note".into(), &id.as_str().into()));
    }

    ada.text(&["note", "rm", &id]);
    assert_eq!(ada.run(&["note", "show", &id]).code, 3);
    assert_eq!(ada.json(&["search", "worms"]), serde_json::json!([]));
}

#[test]
fn a_note_comes_from_standard_input() {
    let folder = Folder::new();
    let ada = folder.home("ada");

    let said = ada.run_with(&["note", "add", "-"], "first line\nsecond line\n");

    assert_eq!(said.code, 0);
    let id = ada.json(&["note", "list"])[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ada.json(&["note", "show", &id])["note"]["text"], "first line\nsecond line");
}

#[test]
fn what_is_made_again_from_the_log_is_the_same() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.text(&["me", "set", "--name", "Ada"]);
    ada.text(&["note", "add", "Hello"]);
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["session", "pitch", "Bread"]);

    let rebuilt = ada.json(&["rebuild"]);

    assert_eq!(rebuilt["different"], serde_json::json!([]));
    assert!(rebuilt["documents"].as_u64() >= Some(4));
    assert_eq!(ada.json(&["check"])["whole"], true);
}

#[test]
fn erasing_is_one_command_for_notes_and_contacts() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    let id = ada.id(&["note", "add", "Hello"]);

    ada.text(&["erase", "note", &id]);

    assert_eq!(ada.json(&["note", "list"]), serde_json::json!([]));
}

#[test]
fn status_counts_what_is_only_here() {
    let folder = Folder::new();
    let ada = folder.home("ada");
    ada.text(&["note", "add", "Hello"]);
    ada.text(&["event", "create", "Mill Camp", "--from", "2027-05-01"]);
    ada.text(&["session", "pitch", "Bread"]);

    let status = ada.json(&["status"]);

    assert_eq!(status["notes"], serde_json::json!({ "here": 1, "only_here": 1 }));
    assert_eq!(status["events"][0]["sessions"]["only_here"], 1);
    assert!(ada.text(&["status"]).contains("only on this device"));
}
