//! Devices in homes of their own, and what stories do with them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use teilgeber_device::model::*;
use teilgeber_device::{Clock, Config, Device, Opened, Result, Server, SyncReport};

/// A Saturday in November 2026, in ms.
pub(crate) const MORNING: u64 = 1_795_248_000_000;

/// A folder that goes when the story is over.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("teilgeber-device-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// A clock that stands until it is moved.
#[derive(Default)]
pub(crate) struct StoryClock(AtomicU64);

impl StoryClock {
    pub(crate) fn pass(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> u64 {
        MORNING + self.0.load(Ordering::Relaxed)
    }
}

/// A device with a name, in its home.
pub(crate) struct Phone {
    pub(crate) device: Device,
    pub(crate) clock: Arc<StoryClock>,
    pub(crate) home: Home,
}

impl Phone {
    /// A new device of somebody who says nothing of themselves.
    pub(crate) fn silent() -> Self {
        let (home, clock) = (Home::new(), Arc::new(StoryClock::default()));
        let (device, opened) = open(&home, &clock).unwrap();
        assert_eq!(opened, Opened::New);
        Self { device, clock, home }
    }

    /// A new device of somebody who shows their name to their contacts.
    pub(crate) fn of(name: &str) -> Self {
        let phone = Self::silent();
        phone.device.set_profile(&profile(name, Audience::Contacts)).unwrap();
        phone
    }

    /// The same device, closed and opened again.
    pub(crate) fn restart(self) -> Self {
        let Self { device, clock, home } = self;
        drop(device);
        Self::open(home, clock)
    }

    /// The device in a home that is there.
    pub(crate) fn open(home: Home, clock: Arc<StoryClock>) -> Self {
        let (device, opened) = open(&home, &clock).unwrap();
        assert_eq!(opened, Opened::Existing);
        Self { device, clock, home }
    }

    pub(crate) fn person(&self) -> Id {
        self.device.me().unwrap().person
    }

    /// Serves on any port of this machine.
    pub(crate) async fn serve(&self) -> Server {
        self.device.serve("127.0.0.1:0".parse().unwrap(), |_| {}).await.unwrap()
    }

    /// Dials `other` and syncs until both know the same.
    pub(crate) async fn sync(&self, other: &Self) -> SyncReport {
        self.try_sync(other).await.unwrap()
    }

    pub(crate) async fn try_sync(&self, other: &Self) -> Result<SyncReport> {
        let server = other.serve().await;
        let report = self.device.sync_with(server.local_addr()).await;
        // The one that dialled is done; the other has yet to hear its last word and write down who knows
        // what. One that is stopped before has heard less, which is true, and not what a story means.
        let heard = async {
            while server.links() > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        let _heard = tokio::time::timeout(std::time::Duration::from_secs(5), heard).await;
        server.stop().await;
        report
    }
}

fn open(home: &Home, clock: &Arc<StoryClock>) -> Result<(Device, Opened)> {
    Device::open(Config::new(home.path()).with_clock(clock.clone()))
}

pub(crate) fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::new(text).unwrap()
}

/// A profile that says a name.
pub(crate) fn profile(name: &str, audience: Audience) -> Profile {
    let mut profile = Profile::default();
    profile.set_name(Shared::new(Some(line(name)), audience));
    profile
}

pub(crate) fn camp() -> Event {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let days = Days::new(day("2026-11-21"), day("2026-11-22")).unwrap();
    Event::new(line("Barcamp Mill"), days, TimeZone::new("Europe/Berlin").unwrap())
}

pub(crate) fn note(text: &str) -> Note {
    Note::new(NoteText::new(text).unwrap())
}

pub(crate) fn attic(start: u64) -> Placement {
    let (start, minutes) = (Millis::new(start).unwrap(), Minutes::new(45).unwrap());
    Placement { room: line("Attic"), start, minutes }
}

/// A picture that does not compress, so that a cut link leaves a part of it.
pub(crate) fn picture(seed: u8, bytes: usize) -> Vec<u8> {
    let mut picture = vec![0; bytes];
    blake3::Hasher::new().update(&[seed]).finalize_xof().fill(&mut picture);
    picture.iter_mut().filter(|byte| **byte == 0xff).for_each(|byte| *byte = 0);
    picture[..6].copy_from_slice(&[0xff, 0xd8, 0xff, 0xda, 0, 2]);
    picture[bytes - 2..].copy_from_slice(&[0xff, 0xd9]);
    picture
}

/// The bytes of all files in a home.
pub(crate) fn everything_in(home: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(home).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
