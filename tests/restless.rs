//! A phone that edits and syncs without rest, until somebody kills it.
//!
//! It is told its home, a seed, a join code and the address of a peer. Each edit it says on a line
//! of its own: `begin KIND TEXT` before the call, and `saved KIND ID TEXT` only after the call has
//! returned. `syncing` begins a sync and `synced` or `cut` ends it. Whoever reads the lines knows what
//! must be in the home, and what at most.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use teilgeber_device::model::Id;
use teilgeber_device::{Config, Device, Splice, TextUnit};
use teilgeber_tests::dice::Dice;
use teilgeber_tests::story::{line, named, note, notes_of, talk};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Notes are short, so that a round of edits costs what its edits cost.
const NOTE_CHARS_MAX: usize = 200;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().ok_or("HOME SEED CODE ADDRESS");
    let (home, seed, code, address) = (next()?, next()?, next()?, next()?);
    let (device, _) = Device::open(Config::new(home))?;
    let event = device.join(&code)?.event;
    let syncing = tokio::spawn(sync_on(device.clone(), address.parse()?));
    let seed = seed.parse()?;
    let editing = tokio::task::spawn_blocking(move || Phone::new(device, event, seed)?.edit_on());
    tokio::select! {
        edited = editing => edited?,
        synced = syncing => synced?,
    }
}

/// Syncs again and again. One that fails is tried again: its peer may be gone already.
async fn sync_on(device: Device, address: SocketAddr) -> Result<()> {
    loop {
        say("syncing")?;
        let synced = device.sync_with(address).await;
        say(if synced.is_ok() { "synced" } else { "cut" })?;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

struct Phone {
    device: Device,
    event: Id,
    dice: Dice,
    notes: BTreeMap<Id, String>,
    talks: Vec<Id>,
    edits: u64,
    run: u64,
}

impl Phone {
    fn new(device: Device, event: Id, run: u64) -> Result<Self> {
        let notes = notes_of(&device)?.into_iter().collect();
        let me = device.me()?.person;
        let pitched = device.sessions(event)?.into_iter();
        let talks =
            pitched.filter(|talk| talk.pitcher == Some(me)).map(|record| record.id).collect();
        Ok(Self { device, event, dice: Dice::new(run), notes, talks, edits: 0, run })
    }

    fn edit_on(mut self) -> Result<()> {
        self.device.appear_in(self.event, true)?;
        loop {
            self.edits += 1;
            let text = format!("{} of run {}", self.edits, self.run);
            match self.dice.below(10) {
                0..4 => self.write_note(&format!("note {text}"))?,
                4..7 => self.splice_note()?,
                7 => self.pitch(&format!("talk {text}"))?,
                8 => self.retitle(&format!("title {text}"))?,
                _ => self.rename(&format!("name {text}"))?,
            }
            std::thread::sleep(Duration::from_millis(self.dice.any() % 8));
        }
    }

    fn write_note(&mut self, text: &str) -> Result<()> {
        say(&format!("begin note {text}"))?;
        let id = self.device.create_note(&note(text))?;
        self.notes.insert(id, text.to_owned());
        say(&format!("saved note {id} {text}"))
    }

    fn splice_note(&mut self) -> Result<()> {
        let nth = self.dice.below(self.notes.len());
        let Some((id, text)) = self.notes.iter_mut().nth(nth) else { return Ok(()) };
        let mut chars: Vec<char> = text.chars().collect();
        let at = self.dice.below(chars.len() + 1);
        let delete = self.dice.below(chars.len() - at + 1).min(20);
        let insert = ["😀", "ä", "mill ", "–"][self.dice.below(4)].repeat(1 + self.dice.below(4));
        if chars.len() + insert.chars().count() > NOTE_CHARS_MAX {
            return Ok(());
        }
        chars.splice(at..at + delete, insert.chars());
        *text = chars.into_iter().collect();
        say(&format!("begin note {text}"))?;
        self.device.splice_note(*id, TextUnit::Scalars, &[Splice { at, delete, insert }])?;
        say(&format!("saved note {id} {text}"))
    }

    fn pitch(&mut self, title: &str) -> Result<()> {
        say(&format!("begin talk {title}"))?;
        let id = self.device.pitch_session(self.event, &talk(title))?;
        self.talks.push(id);
        say(&format!("saved talk {id} {title}"))
    }

    fn retitle(&mut self, title: &str) -> Result<()> {
        let nth = self.dice.below(self.talks.len());
        let Some(id) = self.talks.get(nth).copied() else { return Ok(()) };
        let session = self.device.session(id)?.session.with_title(line(title));
        say(&format!("begin talk {title}"))?;
        self.device.edit_session(id, &session)?;
        say(&format!("saved talk {id} {title}"))
    }

    fn rename(&self, name: &str) -> Result<()> {
        say(&format!("begin name {name}"))?;
        self.device.set_profile(&named(name))?;
        say(&format!("saved name {} {name}", self.device.me()?.person))
    }
}

/// One line, which is in the pipe when this returns.
fn say(words: &str) -> Result<()> {
    // As one piece: a line that a kill cuts in two would say something else.
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{words}\n").as_bytes())?;
    Ok(out.flush()?)
}
