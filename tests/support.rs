//! Homes and phones, and what a person sees on them. What should not fail here fails the test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::new_without_default, reason = "each home is another folder")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use teilgeber_device::model::Id;
use teilgeber_device::{Config, Device, Outcome, Server, SyncReport};

/// A folder that goes when the story is over.
pub struct Home(PathBuf);

impl Home {
    /// A folder that no other home has, not made yet.
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("teilgeber-system-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The device in it, with the system's clock and randomness.
    pub fn open(&self) -> Device {
        Device::open(Config::new(&self.0)).unwrap().0
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// Serves on any port of this machine.
pub async fn serve(device: &Device) -> Server {
    device.serve("127.0.0.1:0".parse().unwrap(), |_| {}).await.unwrap()
}

/// All that a device shows of an event.
pub fn picture(device: &Device, event: Id) -> String {
    let camp = device.event(event).unwrap().event;
    let board = device.board(event).unwrap();
    let conflicts = device.conflicts(event).unwrap();
    let people = device.participants(event, None, 10_000).unwrap().0;
    format!("{camp:#?}\n{board:#?}\n{conflicts:#?}\n{people:#?}")
}

/// Whether both ends of a sync know the same of everything that they share.
pub fn is_same(report: &SyncReport) -> bool {
    !report.spaces.is_empty() && report.spaces.iter().all(|it| it.outcome == Outcome::Same)
}

/// Whether nothing had to pass: the two knew the same before.
pub fn is_quiet(report: &SyncReport) -> bool {
    is_same(report) && report.spaces.iter().all(|it| (it.sent, it.received) == (0, 0))
}

/// A number that whoever runs the tests may set.
pub fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Checks the database and makes all its views again: nothing may come out otherwise.
pub fn assert_sound(device: &Device) {
    device.check().unwrap();
    let rebuilt = device.rebuild().unwrap();
    assert!(rebuilt.different.is_empty(), "{:?}", rebuilt.different);
}
