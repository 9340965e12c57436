//! `teilgeber demo`: a small barcamp, played by this same program.
//!
//! Ada founds a barcamp from a published schedule. Bela and Chloé join by scanning her code, take notes
//! without any network and swap contacts by QR. The event travels from Ada to Bela, and from Bela to
//! Chloé, whose device is killed in the middle. They write into one pad and onto one wall, of two more
//! sessions not everything may be told, and the event is written down as pages. In the end all three
//! devices are compared.
//!
//! Nothing is pretended: each device is a folder and processes of this program that work in it, the
//! commands that are shown are those that run, codes are drawn into PNG files and read from them, links
//! are TCP with Noise, and the killing is a SIGKILL ([`phone`]). Only the place of the killing is chosen:
//! a [`radio`] between the two goes dead half way.

mod phone;
mod radio;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::export;
use crate::failure::Failure;
use crate::page::Out;
use phone::{Phone, kill};
use radio::Radio;
use stage::Stage;

/// The schedule that Ada uses unless told otherwise.
const SCHEDULE: &[u8] = include_bytes!("../../../../tests/data/debconf23.xml");

/// Its name on the stage.
const SCHEDULE_NAME: &str = "debconf23.xml";

/// A photograph of a flipchart.
const FLIPCHART: &[u8] = include_bytes!("flipchart.png");

/// Its name on the stage.
const FLIPCHART_NAME: &str = "flipchart.png";

/// What is said off the record: no page may hold it.
const CONFIDENCE: &str = "The till is empty since May.";

/// How long the radio may take to go dead: a hundred times what it takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between the radio's last byte and the kill: the device has then done all it can with what came, so
/// that each performance shows about the same.
const SETTLE: Duration = Duration::from_millis(300);

#[derive(Debug, Args)]
#[command(
    after_help = "JSON: {steps: [{title, commands, devices: [{name, sessions, people, notes, \
    contacts, only_here}]}], digests: {NAME: {TABLE: HEX}}, same}"
)]
pub(crate) struct Demo {
    /// Play in this new folder and leave everything there, to look at with --home DIR/ada
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Leave the archive of the event in this new folder, to look at in a browser
    #[arg(long, value_name = "DIR")]
    html: Option<PathBuf>,
    /// Use this schedule.xml or schedule.json
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// Change one device before the comparison, to prove that it can fail
    #[arg(long, hide = true)]
    spoil: bool,
}

impl Demo {
    pub(crate) fn run(&self, out: Out) -> Result<(), Failure> {
        let stage = Stage::build(out, self.keep.as_deref())?;
        let schedule = self.put_schedule(stage.folder())?;
        let flipchart = stage.folder().join(FLIPCHART_NAME);
        write(&flipchart, FLIPCHART)?;
        let pages = self.pages()?;
        Play { stage, schedule, pages, spoil: self.spoil }.play()
    }

    /// Where the archive goes: wherever the devices' processes begin, it is the same folder.
    fn pages(&self) -> Result<PathBuf, Failure> {
        let Some(folder) = &self.html else { return Ok(PathBuf::from("pages")) };
        export::empty(folder)?;
        let failed = |error: std::io::Error| Failure::File {
            path: folder.clone(),
            done: "found",
            kind: error.kind(),
        };
        folder.canonicalize().map_err(failed)
    }

    /// Puts the schedule on the stage, and says under which name.
    fn put_schedule(&self, folder: &Path) -> Result<String, Failure> {
        let Some(path) = &self.schedule else {
            write(&folder.join(SCHEDULE_NAME), SCHEDULE)?;
            return Ok(SCHEDULE_NAME.to_owned());
        };
        let bytes = crate::picture::read(path, crate::schedule::FILE_MAX)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        write(&folder.join(&name), &bytes)?;
        Ok(name)
    }
}

/// The barcamp as it goes on.
struct Play {
    stage: Stage,
    schedule: String,
    pages: PathBuf,
    spoil: bool,
}

impl Play {
    fn play(mut self) -> Result<(), Failure> {
        let folder = self.stage.folder().to_owned();
        let [ada, bela, chloe] = ["Ada", "Bela", "Chloé"].map(|name| Phone::new(name, &folder));
        let all = [&ada, &bela, &chloe];

        self.introduce(all)?;
        self.found(&ada)?;
        self.join(all)?;
        let bytes = self.first_sync(all)?;
        self.take_notes(all)?;
        let before = self.swap(all)?;
        self.cut(all, bytes / 2)?;
        self.open_again(all, &before)?;
        self.finish(all)?;
        self.pitch(all)?;
        self.write_together(all)?;
        self.keep_confidence(all)?;
        self.write_down(&bela)?;
        self.compare(all)
    }

    fn introduce(&mut self, all @ [ada, bela, chloe]: [&Phone; 3]) -> Result<(), Failure> {
        let stage = &mut self.stage;
        stage.step("Three people, three devices, no account, no network")?;
        let hashtags = ["--hashtag", "rust=expert", "--hashtag", "tea"];
        let me = ["me", "set", "--name", "Ada", "--audience", "name=event"];
        stage.act(ada, &[&me[..], &hashtags, &["--audience", "hashtags=event"]].concat())?;
        stage.act(bela, &["me", "set", "--name", "Bela"])?;
        stage.act(chloe, &["me", "set", "--name", "Chloé", "--audience", "name=event"])?;
        stage.remark("Bela shows nothing to anybody, and can still do everything.")?;
        stage.show(all)
    }

    fn found(&mut self, ada: &Phone) -> Result<(), Failure> {
        let stage = &mut self.stage;
        stage.step("Ada founds a barcamp from a published schedule")?;
        stage.act(ada, &["event", "import", &self.schedule])?;
        stage.act(ada, &["event", "appear", "on"])?;
        stage.act(ada, &["event", "code", "--png", "join.png"])?;
        stage.show([ada])
    }

    fn join(&mut self, all @ [_, bela, chloe]: [&Phone; 3]) -> Result<(), Failure> {
        let stage = &mut self.stage;
        stage.step("Bela and Chloé scan her code from its picture")?;
        stage.act(bela, &["event", "join", "join.png"])?;
        stage.act(chloe, &["event", "join", "join.png"])?;
        stage.act(chloe, &["event", "appear", "on"])?;
        stage.remark("They are in, but nothing has come to them yet.")?;
        stage.show(all)
    }

    /// Returns how many bytes came to Bela.
    fn first_sync(&mut self, all @ [ada, bela, _]: [&Phone; 3]) -> Result<u64, Failure> {
        self.stage.step("Bela meets Ada: an encrypted link, and both know the same")?;
        let report = self.sync(bela, ada)?;
        self.stage.show(all)?;
        Ok(report["bytes_received"].as_u64().unwrap_or_default())
    }

    fn take_notes(&mut self, all @ [_, bela, chloe]: [&Phone; 3]) -> Result<(), Failure> {
        let stage = &mut self.stage;
        stage.step("The network is gone. They take notes all the same")?;
        let board = bela.run(&["event", "board"])?;
        let first = board[0]["session"]["id"].as_str().unwrap_or_default();
        let session = first.get(..8).unwrap_or(first);
        stage.act(bela, &["note", "add", "--session", session, "Ask for the slides."])?;
        stage.act(bela, &["note", "add", "Lunch: the queue is shorter at two."])?;
        stage.act(chloe, &["note", "add", "Idea: a session on seeds and seasons."])?;
        stage.show(all)
    }

    /// Returns what Chloé has then.
    fn swap(&mut self, all @ [_, bela, chloe]: [&Phone; 3]) -> Result<Value, Failure> {
        let stage = &mut self.stage;
        stage.step("Bela shows a QR code, Chloé scans it, still without a network")?;
        stage.act(bela, &["swap", "show", "--png", "bela.png"])?;
        let place = ["--place", "in the queue for lunch"];
        let scanned = stage.act(chloe, &[&["swap", "scan", "bela.png"], &place[..]].concat())?;
        let person = scanned["person"].as_str().unwrap_or_default();
        stage.act(chloe, &["swap", "answer", person.get(..8).unwrap_or(person)])?;
        stage.remark("Chloé has the contact. Her answer waits for a link.")?;
        stage.show(all)?;
        mine(chloe)
    }

    /// Kills Chloé's device once `bytes` of the event have come.
    fn cut(&mut self, [_, bela, chloe]: [&Phone; 3], bytes: u64) -> Result<(), Failure> {
        let stage = &mut self.stage;
        stage.step("Chloé meets Bela, and half way her device is killed")?;
        let serving = bela.serve()?;
        let failed = |_| Failure::Demo("no radio between the devices".to_owned());
        let radio = Radio::to(serving.address(), bytes).map_err(failed)?;
        let address = radio.address().to_string();
        stage.announce(chloe, &["sync", &address])?;
        let mut process = chloe.start(&["sync", &address])?;
        let silence = radio.wait_until_dead(PATIENCE);
        thread::sleep(SETTLE);
        kill(&mut process);
        let silence =
            silence.ok_or_else(|| Failure::Demo("the sync was over too soon".to_owned()))?;
        stage.remark(&format!("SIGKILL after {bytes} bytes."))?;
        drop((silence, serving));
        Ok(())
    }

    fn open_again(&mut self, all: [&Phone; 3], before: &Value) -> Result<(), Failure> {
        let [.., chloe] = all;
        let stage = &mut self.stage;
        stage.step("She opens it again")?;
        stage.act(chloe, &["check"])?;
        if mine(chloe)? != *before {
            return Err(Failure::Demo("what Chloé had saved is not all there".to_owned()));
        }
        let status = chloe.run(&["status"])?;
        let sessions = &status["events"][0]["sessions"]["here"];
        stage.remark("Her notes and contacts are all there.")?;
        stage.remark(&format!("Of the event, {sessions} sessions had come, and are kept."))?;
        stage.show(all)
    }

    fn finish(&mut self, all @ [_, bela, chloe]: [&Phone; 3]) -> Result<(), Failure> {
        self.stage.step("They sync again, and it goes on from there")?;
        self.sync(chloe, bela)?;
        self.stage.remark("Both have each other now: Chloé's answer is with Bela.")?;
        self.stage.show(all)
    }

    fn pitch(&mut self, all @ [ada, bela, chloe]: [&Phone; 3]) -> Result<(), Failure> {
        self.stage.step("Chloé pitches a session. It reaches Ada by way of Bela")?;
        self.stage.act(chloe, &["session", "pitch", "Seeds and seasons", "--tag", "garden"])?;
        self.sync(chloe, bela)?;
        self.sync(bela, ada)?;
        self.stage.show(all)
    }

    fn write_together(&mut self, all @ [ada, bela, chloe]: [&Phone; 3]) -> Result<(), Failure> {
        let session = "Seeds and seasons";
        let stage = &mut self.stage;
        stage.step("All three write about it, without a network, and keep every word")?;
        stage.act(ada, &["pad", "append", session, "Which seeds keep for ten years?"])?;
        stage.act(bela, &["pad", "append", session, "Swap what you have too much of."])?;
        stage.act(chloe, &["post", "write", "--session", session, "Bring a handful of beans."])?;
        stage.act(bela, &["topic", "want", "Seed swapping"])?;
        stage.act(chloe, &["topic", "offer", "Seed swapping", "--level", "much"])?;
        self.sync(chloe, bela)?;
        self.sync(bela, ada)?;
        self.sync(chloe, bela)?;
        self.stage.act(chloe, &["pad", "show", session])?;
        self.stage.act(ada, &["topic", "list"])?;
        self.stage.show(all)
    }

    /// Two sessions of which not everything may be told, and a photo of one of which all may.
    fn keep_confidence(&mut self, all @ [ada, bela, chloe]: [&Phone; 3]) -> Result<(), Failure> {
        let event = ada.run(&["event", "show"])?;
        let day = event["event"]["days"]["first"].as_str().unwrap_or_default().to_owned();
        let at = |hour: u8| format!("{day}T{hour}:00");
        let (seeds, earn, wrong) = ("Seeds and seasons", "What we earn", "What went wrong");
        let stage = &mut self.stage;
        stage.step("What is said in confidence stays there: two sessions, two rules")?;
        for (title, policy, about) in [
            (earn, "chatham-house", "Chloé begins, with her own figure."),
            (wrong, "off-the-record", CONFIDENCE),
        ] {
            let pitch = ["session", "pitch", title, "--policy", policy, "--abstract", about];
            stage.act(chloe, &pitch)?;
        }
        for (title, hour) in [(seeds, 20), (earn, 21), (wrong, 22)] {
            let place = ["session", "place", title, "--room", "Garden", "--at", &at(hour)];
            stage.act(chloe, &place)?;
        }
        let caption = ["--caption", "What the table agreed on"];
        stage.act(chloe, &[&["photo", "add", seeds, FLIPCHART_NAME][..], &caption].concat())?;
        self.sync(chloe, bela)?;
        let stage = &mut self.stage;
        stage.act(bela, &["pad", "append", earn, "Chloé: ask for the band before a figure."])?;
        stage.act(bela, &["post", "write", "Thanks, and see you next year."])?;
        self.sync(bela, ada)?;
        self.sync(chloe, bela)?;
        self.stage.show(all)
    }

    /// Writes the event down, and makes sure that the pages keep what was said in confidence.
    fn write_down(&mut self, bela: &Phone) -> Result<(), Failure> {
        self.stage.step("Bela takes the event home as pages, for those who were there")?;
        let pages = self.pages.to_string_lossy().into_owned();
        let written = self.stage.act(bela, &["archive", &pages, "--for", "event"])?;
        let files = written["files"].as_array().map(Vec::as_slice).unwrap_or_default();
        for file in files {
            let name = file["path"].as_str().unwrap_or_default();
            let bytes = crate::picture::read(&bela.path(&pages).join(name), u64::MAX)?;
            let text = String::from_utf8_lossy(&bytes);
            let names = name.contains("what-we-earn") && text.contains("Chloé");
            if names || text.contains(CONFIDENCE) {
                return Err(Failure::Demo(format!("{name} tells what was said in confidence")));
            }
        }
        self.stage.remark(&format!(
            "{} files. None names who spoke of their pay, none has a word of what went wrong.",
            files.len()
        ))?;
        let first = self.pages.join("index.html");
        let told = format!("In a browser: {}", first.display());
        if first.is_absolute() { self.stage.remark(&told) } else { Ok(()) }
    }

    fn compare(mut self, all @ [.., chloe]: [&Phone; 3]) -> Result<(), Failure> {
        if self.spoil {
            chloe.run(&["session", "pitch", "What nobody else has heard of"])?;
        }
        self.stage.step("The three are compared, table by table")?;
        self.stage.compare(all)
    }

    /// `caller` dials `called` and syncs until both know the same.
    fn sync(&mut self, caller: &Phone, called: &Phone) -> Result<Value, Failure> {
        let mut serving = called.serve()?;
        let address = serving.address().to_string();
        self.stage.announce(called, &["serve", &address])?;
        let report = self.stage.act(caller, &["sync", &address])?;
        serving.wait_for_end()?;
        Ok(report)
    }
}

/// A device's own notes and contacts: what no sync may touch.
fn mine(phone: &Phone) -> Result<Value, Failure> {
    let mut contacts = phone.run(&["contact", "list"])?;
    for contact in contacts.as_array_mut().into_iter().flatten() {
        // What the other one says about it comes with their letter, half a sync or not.
        for field in ["confirmed", "card"] {
            contact["contact"][field] = Value::Null;
        }
        contact["follows"] = Value::Null;
    }
    Ok(Value::Array(vec![phone.run(&["note", "list"])?, contacts]))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |kind| Failure::File { path: path.to_owned(), done: "written", kind };
    fs::write(path, bytes).map_err(|error| failed(error.kind()))
}
