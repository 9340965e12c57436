//! A device of the demonstration: a folder, and processes of this same program that work in it.

use std::env;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;

/// One person's device.
#[derive(Debug)]
pub(super) struct Phone {
    /// Whose it is.
    pub(super) name: &'static str,
    stage: PathBuf,
    home: PathBuf,
}

/// A device that waits for others, until it is dropped.
#[derive(Debug)]
pub(super) struct Serving {
    process: Child,
    said: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Phone {
    /// The device of `name`, in a folder of its own below `stage`.
    pub(super) fn new(name: &'static str, stage: &Path) -> Self {
        let home = stage.join(name.to_lowercase().replace('é', "e"));
        Self { name, stage: stage.to_owned(), home }
    }

    /// A file as this device's commands name it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.stage.join(name)
    }

    /// Runs a command to its end and gives its answer.
    pub(super) fn run(&self, command: &[&str]) -> Result<Value, Failure> {
        let output = self.process(command)?.output().map_err(|error| cannot_run(&error))?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            let what = command.join(" ");
            return Err(Failure::Demo(format!("`{what}` of {} failed: {why}", self.name)));
        }
        parse(&output.stdout)
    }

    /// Starts a command and does not wait for it.
    pub(super) fn start(&self, command: &[&str]) -> Result<Child, Failure> {
        let mut process = self.process(command)?;
        process.stdout(Stdio::null()).stderr(Stdio::null());
        process.spawn().map_err(|error| cannot_run(&error))
    }

    /// Lets others sync with this device.
    pub(super) fn serve(&self) -> Result<Serving, Failure> {
        let mut process = self.process(&["serve", "127.0.0.1:0"])?;
        process.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = process.spawn().map_err(|error| cannot_run(&error))?;
        let silent = || Failure::Demo(format!("{} does not listen", self.name));
        let mut said = BufReader::new(process.stdout.take().ok_or_else(silent)?);
        let address = next_line(&mut said)?["listening"].as_str().and_then(|it| it.parse().ok());
        Ok(Serving { process, said, address: address.ok_or_else(silent)? })
    }

    fn process(&self, command: &[&str]) -> Result<Command, Failure> {
        let program = env::current_exe().map_err(|error| cannot_run(&error))?;
        let mut process = Command::new(program);
        process.arg("--home").arg(&self.home).arg("--json").args(command);
        // Files are named as on the stage.
        process.current_dir(&self.stage).stdin(Stdio::null());
        Ok(process)
    }
}

impl Serving {
    /// Where to dial.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until a link has ended, and gives what this end says of it.
    pub(super) fn wait_for_end(&mut self) -> Result<Value, Failure> {
        next_line(&mut self.said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        kill(&mut self.process);
    }
}

/// Ends a process at once (SIGKILL), wherever it is.
pub(super) fn kill(process: &mut Child) {
    // It may have ended by itself, which is as good.
    let _gone = process.kill();
    let _waited = process.wait();
}

fn next_line(said: &mut impl BufRead) -> Result<Value, Failure> {
    let mut line = String::new();
    said.read_line(&mut line).map_err(|error| cannot_run(&error))?;
    parse(line.as_bytes())
}

fn parse(answer: &[u8]) -> Result<Value, Failure> {
    let unreadable = |_| Failure::Demo("an answer could not be read".to_owned());
    serde_json::from_slice(answer).map_err(unreadable)
}

fn cannot_run(error: &std::io::Error) -> Failure {
    Failure::Demo(format!("this program cannot be started again: {}", error.kind()))
}
