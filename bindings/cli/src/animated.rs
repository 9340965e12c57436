//! `teilgeber qr-send` and `qr-receive`: a few kilobytes over a screen, when every radio is off.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;
use teilgeber_device::formats::qr::{
    ANIMATED_MAX, AnimatedError, AnimatedReceiver, AnimatedSender, Qr, Taken, TransferId, Version,
};
use teilgeber_device::{BundleReport, Device, Error};

use crate::bundle;
use crate::event::find as find_event;
use crate::failure::Failure;
use crate::home::App;
use crate::page::{Page, Style, count};
use crate::picture::{self, PICTURE_MAX, QUIET_ZONES};

/// Pixels of a picture for each module. A picture is as large as a code of its own.
const SCALE: u8 = 8;

/// Lines of the terminal that are not the code's.
const LINES_BESIDE: usize = 1;

/// The most pictures that are written: more than anybody misses.
const FRAMES_MAX: u16 = 9_999;

#[derive(Debug, Args)]
#[command(after_help = "JSON: {transfer, bytes, needed, frames}")]
pub(crate) struct QrSend {
    /// A file of at most 20 kB
    #[arg(required_unless_present = "event", conflicts_with = "event")]
    file: Option<PathBuf>,
    /// Instead of a file the most useful of this event, which only its members can read
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Write the frames as PNG pictures into this folder instead of showing them
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How many frames [default: without end; as pictures, twice as many as are needed]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(FRAMES_MAX)))]
    frames: Option<u16>,
    /// Frames shown in a second
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=30))]
    fps: u8,
}

#[derive(Debug, Args)]
#[command(after_help = "JSON: {transfer, bytes, file, bundle: as `bundle read`, \
    pictures: {new, known, other, …}}")]
pub(crate) struct QrReceive {
    /// PNG pictures of the frames, in any order; some may be missing or unreadable
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// The file to write [default: what was sent of an event is taken in; else the beginning of
    /// the transfer's id]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What `qr-send` answers.
#[derive(Serialize)]
struct Sent {
    transfer: String,
    bytes: usize,
    needed: usize,
    frames: u16,
}

/// What `qr-receive` answers.
#[derive(Serialize)]
struct Received {
    transfer: String,
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<BundleReport>,
    pictures: Pictures,
}

/// What became of the pictures, and how many of them.
#[derive(Default, Serialize)]
#[serde(transparent)]
struct Pictures(BTreeMap<&'static str, usize>);

impl QrSend {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let payload = self.payload(app)?;
        match &self.out {
            Some(folder) => self.write(app, &payload, folder),
            None => self.play(app, &payload),
        }
    }

    /// What is to be sent.
    fn payload(&self, app: &App) -> Result<Vec<u8>, Failure> {
        if let Some(file) = &self.file {
            return picture::read(file, PICTURE_MAX);
        }
        let device = app.open()?;
        let event = find_event(&device, self.event.as_deref().unwrap_or_default())?;
        Ok(device.small_bundle(event, ANIMATED_MAX)?)
    }

    /// Writes pictures into a folder.
    fn write(&self, app: &App, payload: &[u8], folder: &Path) -> Result<(), Failure> {
        let sender = AnimatedSender::new(payload)?;
        let twice = u16::try_from(2 * sender.needed() + 2).unwrap_or(FRAMES_MAX);
        let frames = self.frames.unwrap_or(twice);
        fs::create_dir_all(folder).map_err(|error| Failure::File {
            path: folder.to_owned(),
            done: "made",
            kind: error.kind(),
        })?;
        for number in 0..frames {
            let path = folder.join(format!("frame-{number:04}.png"));
            picture::write(&path, &sender.frame(number).to_png(SCALE))?;
        }
        let sent = Sent {
            transfer: name(sender.transfer()),
            bytes: payload.len(),
            needed: sender.needed(),
            frames,
        };
        app.out.say(&sent, |page| {
            let pictures = count(frames.into(), "picture", "pictures");
            page.line(format!("Wrote {pictures} to {}.", folder.display()));
            page.line(format!("Any {} of them, or a few more, give it all.", sent.needed));
        })
    }

    /// Shows frames on the terminal until it is stopped.
    fn play(&self, app: &App, payload: &[u8]) -> Result<(), Failure> {
        let (columns, rows) = app.out.room().ok_or(Failure::Usage(
            "frames can be shown on a terminal only: write pictures with --out DIR",
        ))?;
        let side = columns.min(rows.saturating_sub(LINES_BESIDE) * 2).saturating_sub(QUIET_ZONES);
        let largest = Version::within(side).ok_or(AnimatedError::TooSmall)?;
        let sender = AnimatedSender::within(payload, largest)?;
        let frames = sender.frames().take(self.frames.map_or(usize::MAX, usize::from));
        let mut next = Instant::now();
        for (number, qr) in frames.enumerate() {
            thread::sleep(next.saturating_duration_since(Instant::now()));
            next += Duration::from_secs(1) / u32::from(self.fps);
            app.out.print(|page| draw(page, &sender, &qr, number))?;
        }
        app.out.print(|page| page.raw("\n"))
    }
}

/// A frame, in the place of the one before it.
fn draw(page: &mut Page, sender: &AnimatedSender, qr: &Qr, number: usize) {
    const UP_TO_THE_FIRST_LINE: &str = "\x1b[H";
    const CLEAR: &str = "\x1b[2J";
    if number == 0 {
        page.raw(CLEAR);
    }
    page.raw(UP_TO_THE_FIRST_LINE);
    page.raw(&qr.to_terminal());
    let line = format!("Frame {}; any {} do. Ctrl-C ends.", number + 1, sender.needed());
    // Without an end of line, which would scroll where this is the last one.
    page.raw(&page.set(Style::Dim, &line));
}

impl QrReceive {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let mut receiver = AnimatedReceiver::new();
        let mut pictures = Pictures::default();
        for path in &self.pictures {
            let taken = receiver.take_png(&picture::read(path, PICTURE_MAX)?);
            *pictures.0.entry(kind(taken)).or_default() += 1;
            if receiver.progress().is_done {
                break;
            }
        }
        let (Some(transfer), Some(payload)) = (receiver.transfer(), receiver.payload()) else {
            return Err(missing(&receiver, &pictures));
        };
        let (transfer, bytes) = (name(transfer), payload.len());
        let (file, bundle) = if self.out.is_none() && Device::check_bundle(payload).is_ok() {
            (None, Some(app.open()?.read_bundle(payload)?))
        } else {
            let file = self.out.unwrap_or_else(|| PathBuf::from(&transfer[..8]));
            picture::write(&file, payload)?;
            (Some(file), None)
        };
        let received = Received { transfer, bytes, file, bundle, pictures };
        app.out.say(&received, |page| {
            let bytes = count(received.bytes, "byte", "bytes");
            let file = received.file.as_deref();
            let written = file.map(|file| format!(", written to {}", file.display()));
            page.line(format!("Received {bytes}{}.", written.unwrap_or_default()));
            if let Some(report) = &received.bundle {
                bundle::draw(page, report);
            }
            for line in received.pictures.passed_over() {
                page.styled(Style::Dim, line);
            }
        })
    }
}

impl Pictures {
    /// What is to be said of those that gave nothing.
    fn passed_over(&self) -> impl Iterator<Item = String> {
        let why = |kind: &str| match kind {
            "unreadable" => Some("with nothing to be read"),
            "foreign" => Some("of other codes"),
            "damaged" => Some("of damaged frames"),
            "other" => Some("of another transfer"),
            "spoiled" => Some("after which it did not add up, and began again"),
            _ => None,
        };
        let said = move |(kind, number): (&&str, &usize)| {
            why(kind).map(|why| format!("{} {why}.", count(*number, "picture", "pictures")))
        };
        self.0.iter().filter_map(said)
    }
}

/// Why there is no file yet.
fn missing(receiver: &AnimatedReceiver, pictures: &Pictures) -> Failure {
    let progress = receiver.progress();
    if progress.have == 0 && pictures.0.contains_key("newer") {
        return Failure::Device(Error::UpdateApp);
    }
    let rest = pictures.passed_over().map(|line| format!("; {}", line.trim_end_matches('.')));
    Failure::Frames { have: progress.have, needed: progress.needed, rest: rest.collect() }
}

fn kind(taken: Taken) -> &'static str {
    match taken {
        Taken::Unreadable => "unreadable",
        Taken::Foreign => "foreign",
        Taken::Damaged => "damaged",
        Taken::Newer => "newer",
        Taken::Other => "other",
        Taken::Spoiled => "spoiled",
        Taken::Known => "known",
        Taken::New => "new",
    }
}

fn name(transfer: TransferId) -> String {
    transfer.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
