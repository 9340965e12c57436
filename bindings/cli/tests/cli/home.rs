//! A device in a folder of its own, and what the program says of it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A schedule with 117 sessions.
pub(crate) const DEBCONF: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/debconf23.xml");

/// A folder that is gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The device in this folder with this name.
    pub(crate) fn home(&self, name: &str) -> Home {
        Home(self.path(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

/// A device.
pub(crate) struct Home(PathBuf);

/// What the program said, and how it ended.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    /// The folder of its data.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Runs a command for a person.
    pub(crate) fn run(&self, command: &[&str]) -> Said {
        self.program().args(command).output().unwrap().into()
    }

    /// Runs a command with something on standard input.
    pub(crate) fn run_with(&self, command: &[&str], input: &str) -> Said {
        let mut program = self.program();
        program.args(command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// What a command says to a person who is content.
    #[track_caller]
    pub(crate) fn text(&self, command: &[&str]) -> String {
        let said = self.run(command);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{command:?}");
        said.out
    }

    /// What a command says to a program that is content.
    #[track_caller]
    pub(crate) fn json(&self, command: &[&str]) -> Value {
        let text = self.text(&[&["--json"], command].concat());
        assert_eq!(text.lines().count(), 1, "{command:?}");
        serde_json::from_str(&text).unwrap()
    }

    /// The id in a command's answer.
    #[track_caller]
    pub(crate) fn id(&self, command: &[&str]) -> String {
        self.json(command)["id"].as_str().unwrap().to_owned()
    }

    /// Lets others sync with it, until this is dropped.
    pub(crate) fn serve(&self) -> Serving {
        self.serve_as(&["serve", "127.0.0.1:0"]).0
    }

    /// Runs what listens, until it is dropped, and gives its first line.
    pub(crate) fn serve_as(&self, command: &[&str]) -> (Serving, Value) {
        let mut program = self.program();
        program.arg("--json").args(command).stdout(Stdio::piped());
        let mut process = program.spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let first = next(&mut said);
        let address = first["listening"].as_str().unwrap().to_owned();
        (Serving { process, said, address }, first)
    }

    /// Keeps links without searching, until this is dropped.
    pub(crate) fn keep(&self, how: &[&str]) -> Serving {
        let mut program = self.program();
        program.args(["--json", "sync", "--no-search"]).args(how).stdout(Stdio::piped());
        let mut process = program.spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let first = next(&mut said);
        let address = first["standing"]["address"].as_str().unwrap().to_owned();
        Serving { process, said, address }
    }

    fn program(&self) -> Command {
        let mut program = program();
        program.arg("--home").arg(&self.0);
        program
    }
}

/// A device that waits for others.
pub(crate) struct Serving {
    process: Child,
    said: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Serving {
    /// What it says next.
    pub(crate) fn next(&mut self) -> Value {
        next(&mut self.said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Runs the program without a home.
pub(crate) fn run(command: &[&str]) -> Said {
    program().args(command).output().unwrap().into()
}

/// The program, in an environment that says nothing about terminals.
pub(crate) fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_teilgeber"));
    program.env_remove("COLUMNS").env_remove("NO_COLOR").stdin(Stdio::null());
    program
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn next(said: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}
