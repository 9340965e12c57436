//! Bundles: what others may lack, as a file or as codes, for when no radio works.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use teilgeber_device as core;
use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::{CoreError, Result};
use crate::runtime::blocking;

pub(crate) use teilgeber_device::{BundleOf, BundleSpace, BundleWritten, SpaceKind};

/// What goes into a bundle.
#[uniffi::remote(Enum)]
pub enum BundleOf {
    /// All that this device offers to others: events, cards, and what it carries.
    Everything,
    /// One event.
    Event(Id),
    /// What this person may lack, in the events where they wrote something and in my card where they follow it.
    For(Id),
}

/// What was written.
#[uniffi::remote(Record)]
pub struct BundleWritten {
    /// Entries in it.
    pub entries: u64,
    /// Sections in it.
    pub sections: u32,
    /// Its length.
    pub bytes: u64,
}

/// What state a bundle is in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BundleCheck {
    /// Whether all that was written is here.
    pub whole: bool,
    /// The version of its format.
    pub version: u8,
    /// Whole sections.
    pub sections: u32,
    /// Sections that were written and are not whole here; none where the end is missing, which alone says how many
    /// there were.
    pub missing: Option<u32>,
    /// How many parts are damaged.
    pub damaged_parts: u32,
    /// Where the first of them are.
    pub damaged: Vec<DamagedPart>,
}

/// A damaged part of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct DamagedPart {
    /// Its first byte.
    pub begin: u64,
    /// The first byte after it.
    pub end: u64,
}

/// What came of reading a bundle.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BundleReport {
    /// What state it is in.
    pub check: BundleCheck,
    /// Each space of which something was in it.
    pub spaces: Vec<BundleSpace>,
    /// Whole sections that are for others.
    pub for_others: u32,
    /// Whether there was something whole, and nothing of it was for this device.
    pub is_for_others: bool,
}

/// What came of a bundle in one space.
#[uniffi::remote(Record)]
pub struct BundleSpace {
    /// The space: an event's id.
    pub space: Id,
    /// What it is to this device.
    pub kind: SpaceKind,
    /// An event's name, or that of the contact whose card it is.
    pub name: Option<String>,
    /// Entries that are new here.
    pub new: u64,
    /// Payloads that came for entries that were here without.
    pub payloads: u64,
    /// Entries that were known.
    pub known: u64,
    /// Entries of the space that wait here for what their authors said before: they come to be known with it.
    pub waiting: u32,
    /// Entries, or whole sections, that do not hold.
    pub refused: u64,
    /// Sections for those who hold the key, which this device only carries for.
    pub for_members: u32,
    /// Sections left out, because what this device carries for others had no room for them.
    pub no_room: u32,
}

#[uniffi::export]
impl Device {
    /// Writes a bundle into a file, which is there once it is whole; one of that name is replaced. What it holds can
    /// be read by those who hold the keys of its spaces, and by nobody else who comes to have it.
    ///
    /// Errors: `NotHere` or `Faded` for an event, `NothingInCommon` for a person with whom no space is known to be
    /// shared, `FreeSpace`, `CannotWrite`.
    pub async fn write_bundle(&self, of: BundleOf, file: String) -> Result<BundleWritten> {
        self.run(move |device| written(Path::new(&file), |out| device.write_bundle(of, out))).await
    }

    /// A bundle of at most `max_bytes` of the most useful that an event has, for `AnimatedQrSender`: letters, where
    /// things happen, posts, then the rest without pictures; the newest first.
    ///
    /// Errors: `NotHere` when there is no such event, or nothing in it that fits, or `Faded`.
    pub async fn small_bundle(&self, event: Id, max_bytes: u32) -> Result<Vec<u8>> {
        self.run(move |device| Ok(device.small_bundle(event, max_bytes as usize)?)).await
    }

    /// Takes in what a bundle in a file holds for this device, section by section. What is damaged or for others is
    /// told in the report; what came before an error stays.
    ///
    /// Errors: `NotABundle`, `UpdateApp` for one of a newer version, `NotHere` without such a file, `FreeSpace`.
    pub async fn read_bundle(&self, file: String) -> Result<BundleReport> {
        self.run(move |device| Ok(device.read_bundle(opened(&file)?)?.into())).await
    }

    /// As `read_bundle`, of a bundle in memory: what an `AnimatedQrReceiver` received.
    ///
    /// Errors: as `read_bundle`.
    pub async fn read_bundle_bytes(&self, bundle: Vec<u8>) -> Result<BundleReport> {
        self.run(move |device| Ok(device.read_bundle(&bundle[..])?.into())).await
    }
}

/// Reads a bundle in a file and says whether it is whole, without taking anything in.
///
/// Errors: `NotABundle`, `UpdateApp` for one of a newer version, `NotHere` without such a file.
#[uniffi::export]
pub async fn check_bundle(file: String) -> Result<BundleCheck> {
    blocking(move || Ok(core::Device::check_bundle(opened(&file)?)?.into())).await
}

fn opened(file: &str) -> Result<BufReader<File>> {
    match File::open(file) {
        Ok(file) => Ok(BufReader::new(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(CoreError::NotHere("that file is not here".to_owned()))
        }
        Err(error) => Err(core::Error::from(error).into()),
    }
}

/// Writes a file beside its place, and puts it there once it is whole and on disk.
fn written<T>(
    file: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> core::Result<T>,
) -> Result<T> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".unfinished");
    let beside = PathBuf::from(beside);
    let done = (|| {
        let made = File::create(&beside).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull => core::Error::FreeSpace,
            _ => core::Error::CannotWrite(file.to_owned()),
        })?;
        let mut out = BufWriter::new(made);
        let written = write(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&beside, file).map_err(|_| core::Error::CannotWrite(file.to_owned()))?;
        Ok(written)
    })();
    if done.is_err() {
        // What stands there is of no use; where it cannot go either, the next one replaces it.
        let _left = fs::remove_file(&beside);
    }
    done.map_err(|error: core::Error| error.into())
}

impl From<core::BundleCheck> for BundleCheck {
    fn from(check: core::BundleCheck) -> Self {
        let whole = check.is_whole();
        let core::BundleCheck { version, sections, missing, damaged_parts, damaged } = check;
        let damaged =
            damaged.into_iter().map(|part| DamagedPart { begin: part.start, end: part.end });
        Self { whole, version, sections, missing, damaged_parts, damaged: damaged.collect() }
    }
}

impl From<core::BundleReport> for BundleReport {
    fn from(report: core::BundleReport) -> Self {
        let is_for_others = report.is_for_others();
        let core::BundleReport { check, spaces, for_others } = report;
        Self { check: check.into(), spaces, for_others, is_for_others }
    }
}
