//! `teilgeber hub`: a courier that stays on.

mod health;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;
use teilgeber_device::nearby::own_addresses;
use teilgeber_device::{
    CARRIED_BYTES, CARRIED_DAYS, Carried, Config, Device, Error, Server, SyncReport,
};
use tokio::runtime::Runtime;

use crate::event::{CodeText, Which};
use crate::failure::Failure;
use crate::home::{App, warn};
use crate::page::{Page, Style, count};
use crate::{ids, sync};

/// How often what is carried is looked through for what is too old.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Bytes in the unit of `--budget`.
const MEGABYTE: u64 = 1_000_000;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The code that lets a hub carry an event of mine. It opens nothing
    #[command(after_help = "JSON: {code}")]
    Code {
        #[command(flatten)]
        which: Which,
    },
    /// Carry the event that a code is for
    #[command(after_help = "JSON: {event}")]
    Carry {
        /// What `hub code` gave somebody who is in the event
        code: String,
    },
    /// Hand on what is carried, to all who dial, until it is stopped
    Serve(Serve),
    /// What is carried
    #[command(after_help = "JSON: [{event, entries, bytes, let_go}]")]
    Status,
}

#[derive(Debug, Args)]
#[command(after_help = "JSON: one line: {listening: IP:PORT, code: CODE, health: IP:PORT}")]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(value_name = "IP:PORT", default_value_t = sync::LISTEN)]
    address: SocketAddr,
    /// A file with what to carry: one code on a line; lines that begin with # do not count
    #[arg(long, value_name = "FILE")]
    codes: Option<PathBuf>,
    /// Devices that are served at a time
    #[arg(long, value_name = "NUMBER", default_value = "256")]
    links: NonZeroUsize,
    /// Megabytes that are carried at most; beyond it the oldest is let go of, pictures before words
    #[arg(long, value_name = "MB", default_value_t = CARRIED_BYTES.div_ceil(MEGABYTE))]
    budget: u64,
    /// Days for which it is carried; what was said longer ago is let go of
    #[arg(long, value_name = "DAYS", default_value_t = CARRIED_DAYS)]
    days: u16,
    /// Where the health page and the metrics are, for this machine alone
    #[arg(long, value_name = "PORT", default_value_t = 7374)]
    health: u16,
}

#[derive(Serialize)]
struct Listening<'a> {
    listening: SocketAddr,
    code: Option<&'a str>,
    health: SocketAddr,
}

/// What a hub did since it was started.
#[derive(Debug, Default)]
struct Done {
    links: AtomicU64,
    failed: AtomicU64,
    bytes_sent: AtomicU64,
    bytes_received: AtomicU64,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        match self {
            Self::Code { which } => {
                let device = app.open()?;
                let event = which.find(&device)?;
                let name = device.event(event)?.name;
                let code = device.carry_code(event)?;
                app.out.say(&CodeText { code: code.clone() }, |page| {
                    page.line(format!(
                        "A hub that is given this carries {name} and cannot read it:"
                    ));
                    page.line("");
                    page.raw(&format!("  teilgeber hub carry '{code}'\n"));
                })
            }
            Self::Carry { code } => {
                let event = app.open()?.carry(&code)?;
                app.out.say(&serde_json::json!({ "event": event }), |page| {
                    page.line(format!("Carries {} from now on.", ids::short(event)));
                })
            }
            Self::Serve(serve) => serve.run(app),
            Self::Status => {
                let carried = Held::all(&app.open()?)?;
                app.out.say(&carried, |page| draw(page, &carried))
            }
        }
    }
}

impl Serve {
    fn run(self, app: &App) -> Result<(), Failure> {
        let budget = self.budget.saturating_mul(MEGABYTE);
        let config =
            Config::new(app.home()?).with_carried_bytes(budget).with_carried_days(self.days);
        let device = app.open_with(config)?;
        device.make_room()?;
        self.carry_from_file(&device)?;
        let runtime = sync::runtime()?;
        let done = Arc::new(Done::default());
        let told = Arc::clone(&done);
        let serving = device.serve_as_hub(self.address, self.links, move |ended| told.add(&ended));
        let server = runtime.block_on(serving)?;
        let listening = server.local_addr();
        let mut addresses = own_addresses();
        addresses.push(listening.ip());
        // A hub that only this machine reaches has no code for others.
        let code = server.host_code(&addresses).ok().map(|code| code.text());
        let health = self.watch(&runtime, device.clone(), server, done, budget)?;
        app.out.say(&Listening { listening, code: code.as_deref(), health }, |page| {
            page.line(format!("Listening on {listening}. Others: teilgeber sync {listening}"));
            if let Some(code) = &code {
                page.line("So that others know this hub again, and see what is on it:");
                page.raw(&format!("  teilgeber sync --host '{code}'\n"));
            }
            page.line(format!("Health and metrics: http://{health}"));
        })?;
        // Until the program is stopped, which loses nothing that was reported.
        loop {
            thread::sleep(HOUR);
            if let Err(error) = device.make_room() {
                warn(&format!("What is too old could not be let go of: {error}"));
            }
        }
    }

    fn carry_from_file(&self, device: &Device) -> Result<(), Failure> {
        let Some(path) = &self.codes else { return Ok(()) };
        let text = std::fs::read_to_string(path).map_err(|error| Failure::File {
            path: path.clone(),
            done: "read",
            kind: error.kind(),
        })?;
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            device.carry(line).inspect_err(|_| {
                warn(&format!("Line {} of {}:", number + 1, path.display()));
            })?;
        }
        Ok(())
    }

    /// Answers on this machine how it goes.
    fn watch(
        &self,
        runtime: &Runtime,
        device: Device,
        server: Server,
        done: Arc<Done>,
        budget: u64,
    ) -> Result<SocketAddr, Failure> {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.health);
        let measure = move || Measured::of(&device, &server, &done, budget);
        let bound = runtime.block_on(health::answer(address, measure));
        bound.map_err(|error| Failure::Device(Error::OtherAddress(error.kind())))
    }
}

impl Done {
    fn add(&self, ended: &Result<SyncReport, Error>) {
        self.links.fetch_add(1, Ordering::Relaxed);
        match ended {
            Ok(report) => {
                self.bytes_sent.fetch_add(report.bytes_sent, Ordering::Relaxed);
                self.bytes_received.fetch_add(report.bytes_received, Ordering::Relaxed);
            }
            Err(_) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// An event that is carried, and what was let go of.
#[derive(Serialize)]
struct Held {
    #[serde(flatten)]
    carried: Carried,
    let_go: u64,
}

impl Held {
    fn all(device: &Device) -> Result<Vec<Self>, Error> {
        let let_go = device.let_go()?;
        let of = |event| let_go.iter().find(|it| it.event == event).map_or(0, |it| it.bytes);
        let carried = device.carried()?.into_iter();
        Ok(carried.map(|carried| Self { let_go: of(carried.event), carried }).collect())
    }
}

/// How a hub is doing.
struct Measured {
    open: usize,
    ended: u64,
    failed: u64,
    bytes_sent: u64,
    bytes_received: u64,
    carried: Vec<Held>,
    budget: u64,
}

impl Measured {
    fn of(device: &Device, server: &Server, done: &Done, budget: u64) -> Result<Self, Error> {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        Ok(Self {
            open: server.links(),
            ended: read(&done.links),
            failed: read(&done.failed),
            bytes_sent: read(&done.bytes_sent),
            bytes_received: read(&done.bytes_received),
            carried: Held::all(device)?,
            budget,
        })
    }

    fn bytes(&self) -> u64 {
        self.carried.iter().map(|it| it.carried.bytes).sum()
    }

    /// Whether the next thing that somebody says makes an older one go. Room is made ahead, a sixteenth of all.
    fn is_full(&self) -> bool {
        self.bytes().saturating_add(MEGABYTE) > self.budget - self.budget / 16
    }
}

fn draw(page: &mut Page, carried: &[Held]) {
    if carried.is_empty() {
        page.styled(
            Style::Dim,
            "Nothing is carried. Ask somebody in the event: teilgeber hub code",
        );
        return;
    }
    let rows: Vec<Vec<String>> = carried
        .iter()
        .map(|Held { carried, let_go }| {
            let entries = usize::try_from(carried.entries).unwrap_or(usize::MAX);
            let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / MEGABYTE as f64);
            let let_go = if *let_go > 0 { megabytes(*let_go) } else { String::new() };
            let entries = count(entries, "entry", "entries");
            vec![ids::short(carried.event), entries, megabytes(carried.bytes), let_go]
        })
        .collect();
    page.table(&["EVENT", "ENTRIES", "PAYLOADS", "LET GO"], &rows);
}
