//! `teilgeber sync` and `teilgeber serve`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread;

use clap::Args;
use serde::Serialize;
use teilgeber_device::{Error, Outcome, SpaceKind, SpaceReport, Stay, SyncReport};
use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;
use crate::home::{App, Progress, warn};
use crate::nearby::Keep;
use crate::page::{Out, Page, Style};

/// Where `serve` listens unless told: on all addresses of this machine. The port is one that nobody
/// registered.
pub(crate) const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 7373);

#[derive(Debug, Args)]
#[command(after_help = "JSON: with an address {spaces: [{space, kind, name, outcome, sent, \
    received, peer}], bytes_sent, bytes_received}; without, one line for each: {standing: \
    {situation, links: [{rung, same, person}], address, hindrance, help}}, {host_code: CODE}, \
    {changed: {things: [{kind, space, id}], everything}}, {synced: {spaces, bytes_sent, \
    bytes_received}}")]
pub(crate) struct Sync {
    /// Where the other device serves; without, others are found and links kept until this is stopped
    #[arg(value_name = "IP:PORT")]
    address: Option<SocketAddr>,
    #[command(flatten)]
    keep: Keep,
}

#[derive(Debug, Args)]
#[command(after_help = "JSON: one line for each: {listening: IP:PORT}, {synced: {spaces, \
    bytes_sent, bytes_received}}, {failed: WHY}")]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(value_name = "IP:PORT", default_value_t = LISTEN)]
    address: SocketAddr,
}

/// What `serve` says, a line for each.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Said<'a> {
    Listening(SocketAddr),
    Synced(&'a SyncReport),
    Failed(String),
}

impl Sync {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        match self.address {
            Some(address) => sync_with(address, app),
            None => self.keep.run(app),
        }
    }
}

/// Syncs with the device at an address until both know the same.
fn sync_with(address: SocketAddr, app: &App) -> Result<(), Failure> {
    let device = app.open()?;
    let progress = Progress::new();
    let report =
        runtime()?.block_on(device.sync_telling(address, Stay::UntilSame, move |so_far| {
            let (sent, received) = (so_far.sent, so_far.received);
            progress.show(&format!("{sent} sent, {received} received"));
        }))?;
    app.out.say(&report, |page| draw(page, &report))?;
    match report.spaces.iter().all(|space| space.outcome == Outcome::Same) {
        true => Ok(()),
        false => Err(Failure::Different("the two devices do not know the same yet".to_owned())),
    }
}

impl Serve {
    pub(crate) fn run(self, app: &App) -> Result<(), Failure> {
        let device = app.open()?;
        let out = app.out;
        let runtime = runtime()?;
        let server = runtime.block_on(device.serve(self.address, move |ended| tell(out, ended)))?;
        let address = server.local_addr();
        out.say(&Said::Listening(address), |page| {
            page.line(format!("Listening on {address}. Others: teilgeber sync {address}"));
        })?;
        // Until the program is stopped, which loses nothing that was reported.
        loop {
            thread::park();
        }
    }
}

/// Says how a link that somebody dialled ended.
fn tell(out: Out, ended: Result<SyncReport, Error>) {
    let said = match ended {
        Ok(report) => out.say(&Said::Synced(&report), |page| draw(page, &report)),
        Err(error) => {
            let what = error.to_string();
            out.say(&Said::Failed(what.clone()), |page| page.line(format!("A link ended: {what}.")))
        }
    };
    if let Err(failure) = said {
        warn(&failure.to_string());
    }
}

pub(crate) fn draw(page: &mut Page, report: &SyncReport) {
    // A code is a space of its own for the letters between two people; mostly there are none.
    let is_idle =
        |space: &&SpaceReport| space.kind == SpaceKind::Code && space.sent + space.received == 0;
    let mut spaces: Vec<_> = report.spaces.iter().filter(|space| !is_idle(space)).collect();
    spaces.sort_by_key(|space| (space.kind != SpaceKind::Event, space.name.clone()));
    for space in spaces {
        let style = if space.outcome == Outcome::Same { Style::Plain } else { Style::Bad };
        page.styled(style, capital(space));
    }
    let (sent, received) = (report.bytes_sent, report.bytes_received);
    page.styled(Style::Dim, format!("{sent} bytes sent, {received} received."));
}

fn capital(space: &SpaceReport) -> String {
    let words = space.to_string();
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Device(Error::Report(error.into())))
}
