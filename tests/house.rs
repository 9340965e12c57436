//! The house: who imports whom, what documents name, and how large a file may be.
//!
//! These are the rules that no compiler checks. Each is a test that lists what breaks it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each room, and the rooms that it may import. Tests inside a crate are held to it too.
const IMPORTS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("entry", &[]),
    ("store", &["entry", "model"]),
    ("exchange", &["entry", "model"]),
    ("link", &["entry", "model"]),
    ("formats", &["entry", "model"]),
    ("device", &["store", "exchange", "link", "formats", "entry", "model"]),
    ("bindgen", &[]),
    ("cli", &["device"]),
    ("ffi", &["device"]),
    ("tests", &["device"]),
    // Fuzzes each decoder where it stands.
    ("fuzz", &["device", "exchange", "link", "formats", "entry", "model"]),
    // Its phones are models around the real exchange and keeper, and it packs and verifies real entries.
    ("venue", &["entry", "exchange", "link", "device", "tests"]),
];

/// Crates that these rooms alone may name. The whole-system tests may name any to compare with.
const OWNED: &[(&str, &str)] = &[
    ("rusqlite", "store"),
    ("automerge", "store"),
    ("snow", "link"),
    ("mdns-sd", "link"),
    ("if-addrs", "link"),
    ("socket2", "link"),
    ("ed25519-zebra", "entry"),
    ("hpke", "entry"),
    ("raptorq", "formats"),
    ("uniffi", "ffi"),
    ("uniffi", "bindgen"),
];

/// Where a person still finds their way in one file.
const LINES_MAX: usize = 700;

/// Files that are written for people to read.
const SOURCES: &[&str] = &["rs", "md", "py", "sql", "toml", "sh"];

#[test]
fn imports_run_one_way() {
    let mut wrong = Vec::new();
    for (room, dependency) in named_by_all_rooms() {
        let Some(target) = dependency.strip_prefix("teilgeber-") else { continue };
        let allowed = IMPORTS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed);
        if !allowed.unwrap_or_default().contains(&target) {
            wrong.push(format!("{room} imports {target}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn what_one_room_wraps_no_other_room_names() {
    let mut wrong = Vec::new();
    for (room, dependency) in named_by_all_rooms() {
        let mut owners = OWNED.iter().filter(|(name, _)| *name == dependency).peekable();
        let is_owned = owners.peek().is_some();
        if is_owned && !owners.any(|(_, owner)| *owner == room) && room != "tests" {
            wrong.push(format!("{room} names {dependency}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_member_of_the_workspace_is_a_room_that_is_known_here() {
    let rooms: BTreeSet<String> = packages().iter().map(room_of).collect();
    let known: BTreeSet<String> = IMPORTS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(rooms, known);
}

#[test]
fn documents_name_only_files_that_exist() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = read(&document);
        for name in paths_in(&text) {
            let beside = document.parent().unwrap_or(Path::new("")).join(&name);
            if !root().join(&name).exists() && !root().join(beside).exists() {
                wrong.push(format!("{}: {name}", document.display()));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_link_that_shows_a_test_leads_to_that_test() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = read(&document);
        for (shown, target) in links_in(&text) {
            let Some(test) = shown.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) else {
                continue;
            };
            if !target.ends_with(".rs") || !test.contains('_') || test.contains(['/', '.']) {
                continue;
            }
            let beside = document.parent().unwrap_or(Path::new("")).join(target);
            if !read(&beside).contains(&format!("fn {test}(")) {
                wrong.push(format!("{}: {test} in {target}", document.display()));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_wire_format_names_every_domain_and_context_string_and_no_other() {
    let marker = "teilgeber 0 ";
    let quoted = |text: &str, quote: char| -> BTreeSet<String> {
        text.split(quote).filter(|piece| piece.starts_with(marker)).map(str::to_owned).collect()
    };
    let mut in_code = BTreeSet::new();
    for file in tracked().iter().filter(|file| is_core_source(file)) {
        in_code.extend(quoted(&read(file), '"'));
    }
    let in_document = quoted(&read(Path::new("docs/wire-format.md")), '`');
    assert_eq!(in_document, in_code);
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    let mut wrong = Vec::new();
    for file in tracked().iter().filter(|file| is_source(file)) {
        let lines = read(file).lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{}: {lines} lines", file.display()));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    // Put together here, so that this file does not name them either.
    let folders = ["home", "root", "work", "Users"].map(|folder| format!("/{folder}/"));
    let mut wrong = Vec::new();
    for file in tracked().iter().filter(|file| is_source(file) || file.extension().is_none()) {
        for (number, line) in read(file).lines().enumerate() {
            let begins = |at: usize| {
                line[..at].chars().next_back().is_none_or(|before| " \t\"'`(=".contains(before))
            };
            let names = |folder: &String| line.match_indices(folder).any(|(at, _)| begins(at));
            if folders.iter().any(names) {
                wrong.push(format!("{}:{}", file.display(), number + 1));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// Each room with each crate that it names, for building, running or testing.
fn named_by_all_rooms() -> Vec<(String, String)> {
    let mut named = Vec::new();
    for package in packages() {
        let dependencies = package["dependencies"].as_array().expect("a list of dependencies");
        for dependency in dependencies {
            let name = dependency["name"].as_str().expect("a name");
            named.push((room_of(&package), name.to_owned()));
        }
    }
    named
}

fn room_of(package: &Value) -> String {
    let name = package["name"].as_str().expect("a name");
    name.strip_prefix("teilgeber-").expect("a crate of this house").to_owned()
}

fn packages() -> Vec<Value> {
    let metadata = output(Command::new(env!("CARGO")).args([
        "metadata",
        "--format-version=1",
        "--no-deps",
        "--offline",
    ]));
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo metadata is JSON");
    metadata["packages"].as_array().expect("a list of packages").clone()
}

/// All files that are, or would be, under version control, from the top of the house.
fn tracked() -> Vec<PathBuf> {
    let files = output(Command::new("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]));
    let files = files.split('\0').filter(|file| !file.is_empty()).map(PathBuf::from);
    files.filter(|file| root().join(file).is_file()).collect()
}

fn documents() -> Vec<PathBuf> {
    let is_document = |file: &PathBuf| {
        file.starts_with("docs")
            || file == Path::new("README.md")
            || file == Path::new("CHANGELOG.md")
    };
    tracked().into_iter().filter(is_document).collect()
}

/// Code and prose; not data, not golden bytes, not generated.
fn is_source(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| SOURCES.contains(&extension))
        && !file.starts_with("tests/data")
}

fn is_core_source(file: &Path) -> bool {
    let in_src = file.components().any(|part| part.as_os_str() == "src");
    file.starts_with("core") && in_src && file.extension().is_some_and(|ext| ext == "rs")
}

/// What a document names as a file or folder: targets of links, and words in backticks that begin
/// in a folder of this house or end as its files do.
fn paths_in(text: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (_, target) in links_in(text) {
        let path = target.split('#').next().unwrap_or_default();
        if !path.is_empty() && !path.contains("://") {
            paths.insert(path.to_owned());
        }
    }
    for span in text.split('`').skip(1).step_by(2) {
        let word = span.split_whitespace().next().unwrap_or_default().trim_end_matches('/');
        let is_ours = ["core/", "bindings/", "tests/", "docs/", ".ci/"]
            .iter()
            .any(|folder| word.starts_with(folder));
        let is_file = ["md", "rs", "toml", "txt", "py", "sql"]
            .iter()
            .any(|extension| word.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.')));
        if is_ours || is_file {
            paths.insert(word.to_owned());
        }
    }
    paths
}

/// The links of a Markdown text: what is shown, and where it leads.
fn links_in(text: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    for (middle, _) in text.match_indices("](") {
        let shown = text[..middle].rfind('[').map(|start| &text[start + 1..middle]);
        let target = text[middle + 2..].split(')').next();
        if let (Some(shown), Some(target)) = (shown, target) {
            links.push((shown, target));
        }
    }
    links
}

fn read(file: &Path) -> String {
    let bytes = std::fs::read(root().join(file)).expect("a file that can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn output(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().expect("the command is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
