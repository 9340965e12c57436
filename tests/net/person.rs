//! A person with the program on a phone in a hall.

use std::process::Command;

use serde_json::Value;
use teilgeber_tests::support::Home;

use crate::hall::{Phone, Running, teilgeber};

/// Somebody with a home of their own.
pub(crate) struct Person {
    home: Home,
}

/// `teilgeber sync` that runs.
pub(crate) struct Syncing {
    running: Running,
}

impl Person {
    /// Somebody who has said nothing yet.
    pub(crate) fn new() -> Self {
        Self { home: Home::new() }
    }

    /// Somebody who founded an event and shows their name there, and the code by which others join it.
    pub(crate) fn who_founded_a_camp(name: &str) -> (Self, String) {
        let founder = Self::new();
        founder.does(&["me", "set", "--name", name, "--audience", "name=event"]);
        founder.does(&["event", "create", "Mill Camp", "--from", "2027-05-01", "--zone", "UTC"]);
        let code = founder.does(&["event", "code"])["code"].as_str().expect("a code").to_owned();
        (founder, code)
    }

    /// Somebody who joined by this code.
    pub(crate) fn who_joined(code: &str) -> Self {
        let person = Self::new();
        person.does(&["event", "join", code]);
        person
    }

    /// Does something that ends by itself, and says what the program answered.
    #[track_caller]
    pub(crate) fn does(&self, command: &[&str]) -> Value {
        let output = Command::new(teilgeber())
            .arg("--home")
            .arg(self.home.path())
            .arg("--json")
            .args(command)
            .output()
            .expect("the program was built");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {complaint}");
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    /// Pitches a session, and gives its id.
    pub(crate) fn pitches(&self, title: &str) -> String {
        self.does(&["session", "pitch", title])["id"].as_str().expect("an id").to_owned()
    }

    /// The sessions that this person knows, by their ids.
    pub(crate) fn sessions(&self) -> Vec<String> {
        let known = self.does(&["session", "list"]);
        let known = known.as_array().expect("a list");
        known.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// Keeps links on this phone with whoever is found.
    pub(crate) fn syncs(&self, phone: &Phone<'_>) -> Syncing {
        self.syncs_as(phone, &[])
    }

    /// Keeps links on this phone, in this way.
    pub(crate) fn syncs_as(&self, phone: &Phone<'_>, how: &[&str]) -> Syncing {
        let home = self.home.path().to_str().expect("a path of ASCII");
        let words = [&["--home", home, "--json", "sync"], how].concat();
        Syncing { running: phone.run(&teilgeber(), &words) }
    }
}

impl Syncing {
    /// Waits until it says that it stands like this, and gives what it said.
    pub(crate) fn stands(&mut self, situation: &str) -> Value {
        self.running.wait_for(situation, |line| {
            let standing = read(line)?["standing"].take();
            (standing["situation"] == situation).then_some(standing)
        })
    }

    /// Waits until it cannot search for this reason.
    pub(crate) fn is_hindered_by(&mut self, hindrance: &str) {
        self.running.wait_for(hindrance, |line| {
            (read(line)?["standing"]["hindrance"] == hindrance).then_some(())
        });
    }

    /// Waits until this thing has come.
    pub(crate) fn hears_of(&mut self, thing: &str) {
        self.running.wait_for(thing, |line| {
            let changed = read(line)?["changed"]["things"].take();
            changed.as_array()?.iter().any(|it| it["id"] == thing).then_some(())
        });
    }

    /// Waits until it shows a code for others.
    pub(crate) fn shows_a_code(&mut self) -> String {
        self.running.wait_for("a code", |line| Some(read(line)?["host_code"].as_str()?.to_owned()))
    }
}

fn read(line: &str) -> Option<Value> {
    serde_json::from_str(line).ok()
}
