//! Where the demonstration takes place, and what the audience sees of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::phone::Phone;
use crate::failure::Failure;
use crate::page::{Out, Style, count};

/// A folder for the devices, and what was shown so far.
#[derive(Debug)]
pub(super) struct Stage {
    out: Out,
    folder: PathBuf,
    keep: bool,
    steps: Vec<Step>,
}

/// One step, as `--json` tells it.
#[derive(Debug, Serialize)]
struct Step {
    title: String,
    commands: Vec<String>,
    devices: Vec<Knows>,
}

/// What one device knows.
#[derive(Debug, Serialize)]
pub(super) struct Knows {
    name: &'static str,
    sessions: u64,
    people: u64,
    notes: u64,
    contacts: Vec<String>,
    only_here: String,
}

/// What the whole demonstration came to.
#[derive(Serialize)]
struct Played<'a> {
    steps: &'a [Step],
    digests: &'a BTreeMap<&'a str, BTreeMap<String, String>>,
    same: bool,
}

impl Stage {
    /// A stage in the folder `keep`, else in a temporary one that is taken down afterwards.
    pub(super) fn build(out: Out, keep: Option<&Path>) -> Result<Self, Failure> {
        let temporary =
            || std::env::temp_dir().join(format!("teilgeber-demo-{}", std::process::id()));
        let path = keep.map_or_else(temporary, Path::to_owned);
        let failed = |error: std::io::Error| Failure::File {
            path: path.clone(),
            done: "made as a new folder",
            kind: error.kind(),
        };
        make_private(&path).map_err(failed)?;
        // The devices' processes begin elsewhere.
        let folder = path.canonicalize().map_err(failed)?;
        Ok(Self { out, folder, keep: keep.is_some(), steps: Vec::new() })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Begins the next step.
    pub(super) fn step(&mut self, title: &str) -> Result<(), Failure> {
        let number = self.steps.len() + 1;
        let title = title.to_owned();
        self.print(|page| {
            page.line("");
            page.styled(Style::Bold, format!("{number}. {title}"));
        })?;
        self.steps.push(Step { title, commands: Vec::new(), devices: Vec::new() });
        Ok(())
    }

    /// Shows a command that `phone` is given, and runs it.
    pub(super) fn act(&mut self, phone: &Phone, command: &[&str]) -> Result<Value, Failure> {
        self.announce(phone, command)?;
        phone.run(command)
    }

    /// Shows a command that `phone` is given.
    pub(super) fn announce(&mut self, phone: &Phone, command: &[&str]) -> Result<(), Failure> {
        let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
        let line = format!("{}$ teilgeber {}", phone.name, words.join(" "));
        self.print(|page| page.command(&line))?;
        if let Some(step) = self.steps.last_mut() {
            step.commands.push(line);
        }
        Ok(())
    }

    /// Says something about what was done.
    pub(super) fn remark(&self, text: &str) -> Result<(), Failure> {
        self.print(|page| page.prose(3, text))
    }

    /// Shows what each device knows.
    pub(super) fn show<const N: usize>(&mut self, phones: [&Phone; N]) -> Result<(), Failure> {
        let mut devices = Vec::with_capacity(N);
        for phone in phones {
            devices.push(Knows::of(phone)?);
        }
        let headings = ["", "sessions", "people", "notes", "contacts", "only on this device"];
        let rows: Vec<Vec<String>> = devices.iter().map(Knows::row).collect();
        self.print(|page| page.table(&headings, &rows))?;
        if let Some(step) = self.steps.last_mut() {
            step.devices = devices;
        }
        Ok(())
    }

    /// Compares what the devices know of the event, table by table.
    pub(super) fn compare<const N: usize>(self, phones: [&Phone; N]) -> Result<(), Failure> {
        let mut digests: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        for phone in phones {
            digests.insert(phone.name, tables(&phone.run(&["event", "digest"])?));
        }
        let names: BTreeSet<&String> = digests.values().flat_map(BTreeMap::keys).collect();
        let mut different = Vec::new();
        let mut rows = Vec::new();
        for table in names {
            let of = |phone: &Phone| digests[phone.name].get(table).map(String::as_str);
            let is_same = phones.iter().all(|phone| of(phone) == of(phones[0]));
            if !is_same {
                different.push(table.as_str());
            }
            let mut row = vec![table.clone()];
            row.extend(
                phones.iter().map(|phone| of(phone).unwrap_or("–").chars().take(8).collect()),
            );
            row.push(if is_same { "same" } else { "DIFFERENT" }.to_owned());
            rows.push(row);
        }
        let same = different.is_empty();
        let played = Played { steps: &self.steps, digests: &digests, same };
        let headings: Vec<&str> =
            [""].into_iter().chain(phones.iter().map(|phone| phone.name)).chain([""]).collect();
        self.out.say(&played, |page| {
            page.table(&headings, &rows);
            page.line("");
            if same {
                page.styled(Style::Good, "All three devices know the same event.");
            }
            if self.keep {
                page.line(format!("Everything is kept in {}.", self.folder.display()));
            }
        })?;
        match same {
            true => Ok(()),
            false => {
                Err(Failure::Different(format!("the devices differ in {}", different.join(", "))))
            }
        }
    }

    /// As each thing happens, for a person; a program is told all at the end.
    fn print(&self, draw: impl FnOnce(&mut crate::page::Page)) -> Result<(), Failure> {
        if self.out.is_json() { Ok(()) } else { self.out.print(draw) }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.keep {
            // What is left in the folder for temporary files, the system clears away.
            let _gone = fs::remove_dir_all(&self.folder);
        }
    }
}

impl Knows {
    fn of(phone: &Phone) -> Result<Self, Failure> {
        let status = phone.run(&["status"])?;
        let event = &status["events"][0];
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        let only = |held: &Value, one, many| match number(&held["only_here"]) {
            0 => None,
            only => Some(count(usize::try_from(only).unwrap_or(usize::MAX), one, many)),
        };
        let only_here = [
            only(&event["sessions"], "session", "sessions"),
            only(&status["notes"], "note", "notes"),
            only(&status["contacts"], "contact", "contacts"),
        ];
        let contacts = phone.run(&["contact", "list"])?;
        Ok(Self {
            name: phone.name,
            sessions: number(&event["sessions"]["here"]),
            people: number(&event["people"]),
            notes: number(&status["notes"]["here"]),
            contacts: contacts.as_array().into_iter().flatten().map(contact).collect(),
            only_here: only_here.into_iter().flatten().collect::<Vec<_>>().join(", "),
        })
    }

    fn row(&self) -> Vec<String> {
        vec![
            self.name.to_owned(),
            self.sessions.to_string(),
            self.people.to_string(),
            self.notes.to_string(),
            self.contacts.join(", "),
            self.only_here.clone(),
        ]
    }
}

/// A contact's name, and whether it is confirmed.
fn contact(record: &Value) -> String {
    let contact = &record["contact"];
    let name = contact["name"].as_str().unwrap_or_default();
    if contact["confirmed"] == true { format!("{name} (confirmed)") } else { name.to_owned() }
}

fn tables(digests: &Value) -> BTreeMap<String, String> {
    let tables = digests.as_object().into_iter().flatten();
    tables
        .filter_map(|(table, digest)| Some((table.clone(), digest.as_str()?.to_owned())))
        .collect()
}

/// A word as a shell would want it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=#".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A new folder that nobody else can look into: keys will be in it.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
