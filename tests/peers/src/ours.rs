//! Two devices of this project: the whole of them, from the handshake of the link to the views on disk.

use std::fs;
use std::path::Path;

use teilgeber_device::{Config, Device, End, Outcome, SpaceKind, Stay, SyncReport};

use crate::Result;
use crate::cost::{Account, Cost, Meetings};
use crate::documents::{self, CHANGED};
use crate::wire::{Pace, Wire};

pub(crate) async fn measure(folder: &Path, pace: Pace) -> Result<Meetings> {
    let size: usize = folder.file_name().and_then(|name| name.to_str()).ok_or("a size")?.parse()?;
    let own = folder.join(std::process::id().to_string());
    let (full, empty) = (own.join("full"), own.join("empty"));
    let (made, code) = documents::full(folder)?;
    fs::create_dir_all(&full)?;
    for file in fs::read_dir(made)? {
        let file = file?;
        fs::copy(file.path(), full.join(file.file_name()))?;
    }
    open(&empty)?.join(&code)?;
    let first = meet(&full, &empty, pace, size).await?;
    let again = meet(&full, &empty, pace, 0).await?;
    documents::change_some(&full, size)?;
    let changed = meet(&full, &empty, pace, CHANGED).await?;
    fs::remove_dir_all(own)?;
    Ok(Meetings::Ended([first, again, changed]))
}

/// Brings at least so many entries from one device to the other.
async fn meet(full: &Path, empty: &Path, pace: Pace, entries: usize) -> Result<Cost> {
    let (full, empty) = (open(full)?, open(empty)?);
    let account = Account::open()?;
    let (wire, near, far) = Wire::new(pace);
    let (dialled, accepted) = tokio::join!(
        empty.sync_over(near, End::Dialled, Stay::UntilSame, |_| {}),
        full.sync_over(far, End::Accepted, Stay::UntilClosed, |_| {}),
    );
    let cpu = account.cpu();
    accepted?;
    check(&dialled?, entries)?;
    let passed = wire.passed();
    account.close(cpu, passed.bytes, passed.legs)
}

fn open(home: &Path) -> Result<Device> {
    Ok(Device::open(Config::new(home))?.0)
}

fn check(report: &SyncReport, entries: usize) -> Result<()> {
    let event = report.spaces.iter().find(|space| space.kind == SpaceKind::Event);
    let event = event.ok_or("they have no event in common")?;
    match event.outcome == Outcome::Same && event.received >= entries as u64 {
        true => Ok(()),
        false => Err(format!("they parted without knowing the same: {event:?}").into()),
    }
}
