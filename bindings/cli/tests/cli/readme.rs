//! The examples in the README and in the guide, tried as written.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use crate::home::Folder;

/// What the example calls the port on which Ada serves.
const PORT: &str = "7373";

/// Separates what one command said from what the next one says.
const MARK: &str = "-- next --";

#[test]
fn the_example_in_the_readme_says_what_it_shows() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let section = readme.split("### An example of real use").nth(1).unwrap();

    assert!(says_what_it_shows(section) > 10);
}

#[test]
fn the_guide_says_what_it_shows() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide");
    let mut pages = 0;
    for page in fs::read_dir(guide).unwrap() {
        let page = fs::read_to_string(page.unwrap().path()).unwrap();
        assert!(says_what_it_shows(&page) > 5, "{page}");
        pages += 1;
    }
    assert!(pages > 3);
}

/// Plays all that a page shows of the program, in one shell. Returns how many commands there were.
fn says_what_it_shows(page: &str) -> usize {
    let example = example(page);
    let commands: Vec<&str> = example.iter().filter_map(|line| line.strip_prefix("$ ")).collect();
    let shown = example.split(|line| line.starts_with("$ ")).skip(1);

    let said = play(&commands);

    assert_eq!(said.len(), commands.len());
    for ((command, shown), said) in commands.iter().zip(shown).zip(said) {
        let shown: Vec<String> = shown.iter().map(|line| without_chance(line)).collect();
        let said: Vec<String> = said.lines().map(without_chance).collect();
        // Of a long line, the beginning is shown.
        let is_cut = shown.iter().any(|line| line.ends_with('…'));
        assert!(is_cut && said.len() == 1 || shown == said, "{command}: {said:#?}");
    }
    commands.len()
}

/// The lines of all examples of a page, one after another.
fn example(page: &str) -> Vec<&str> {
    let blocks = page.split("```console\n").skip(1);
    blocks.flat_map(|block| block.split("```").next().unwrap().lines()).collect()
}

/// Runs the commands in one shell and gives what each of them said.
fn play(commands: &[&str]) -> Vec<String> {
    let folder = Folder::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let script: String =
        commands.iter().map(|command| format!("{command}\necho '{MARK}'\n")).collect();
    // Whoever serves may have been ended by the example already.
    let trap = "trap 'test -z \"$!\" || kill $! 2> /dev/null || true' EXIT";
    let script = format!("{trap}\n{}", script.replace(PORT, &port));
    let program = Path::new(env!("CARGO_BIN_EXE_teilgeber")).parent().unwrap();
    let path = env::join_paths(
        [program.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap())),
    );
    let output = Command::new("sh")
        .args(["-e", "-c", &script])
        .env("PATH", path.unwrap())
        .env_remove("COLUMNS")
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let said = String::from_utf8(output.stdout).unwrap();
    said.split_terminator(&format!("{MARK}\n")).map(str::to_owned).collect()
}

/// A line without what differs each time: ids, and how many bytes there were.
fn without_chance(line: &str) -> String {
    let is_id = |word: &str| word.len() == 8 && word.chars().all(|c| c.is_ascii_hexdigit());
    let is_bytes = line.contains("bytes sent");
    let word = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_number = is_bytes && !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit());
        if is_id(bare) || is_number { word.replace(bare, "*") } else { word.to_owned() }
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
