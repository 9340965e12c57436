//! How a device is opened, and what it takes from outside: its home, its clock, its randomness.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Payloads that are held for others unless told: a camp of 500 with 2,000 photos has half of it.
pub const CARRIED_BYTES: u64 = 1 << 30;

/// Payloads by others that are held of one event unless told: half as much again as that camp has.
pub const EVENT_BYTES: u64 = 3 << 28;

/// For so many days what is only carried is held unless told: who comes home late, or meets nobody for months,
/// still finds what was said.
pub const CARRIED_DAYS: u16 = 180;

/// How a device is opened.
///
/// ```
/// use teilgeber_device::Config;
///
/// let config = Config::new("/data/teilgeber");
/// assert_eq!(config.home().to_str(), Some("/data/teilgeber"));
/// ```
#[derive(Clone)]
pub struct Config {
    home: PathBuf,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
    max_pages: Option<u32>,
    carried_bytes: u64,
    carried_days: u16,
    event_bytes: u64,
}

impl Config {
    /// A device in the folder `home`, which is made where it is not there, with the system's clock
    /// and randomness.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        Self {
            home: home.into(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandomness),
            max_pages: None,
            carried_bytes: CARRIED_BYTES,
            carried_days: CARRIED_DAYS,
            event_bytes: EVENT_BYTES,
        }
    }

    /// The same device with another clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The same device with another source of randomness. Keys are made from it.
    #[must_use]
    pub fn with_random(self, random: Arc<dyn Randomness>) -> Self {
        Self { random, ..self }
    }

    /// The same device with a database of at most so many pages of 4 KiB; `None` unless told: by the
    /// disk alone.
    #[must_use]
    pub fn with_max_pages(self, max_pages: Option<u32>) -> Self {
        Self { max_pages, ..self }
    }

    /// The same device that holds at most so many bytes of payloads for others; [`CARRIED_BYTES`] unless told.
    /// Beyond it the oldest goes first, of what is only carried before events that its person is in, and
    /// never what its person wrote: see [`Device::make_room`](crate::Device::make_room).
    #[must_use]
    pub fn with_carried_bytes(self, carried_bytes: u64) -> Self {
        Self { carried_bytes, ..self }
    }

    /// The same device that holds for so many days what it only carries; [`CARRIED_DAYS`] unless told.
    #[must_use]
    pub fn with_carried_days(self, carried_days: u16) -> Self {
        Self { carried_days, ..self }
    }

    /// The same device that holds at most so many bytes of payloads by others of one event;
    /// [`EVENT_BYTES`] unless told. Beyond it the newest authors whom nobody here knows are kept out.
    #[must_use]
    pub fn with_event_bytes(self, event_bytes: u64) -> Self {
        Self { event_bytes, ..self }
    }

    /// The folder in which everything is.
    pub fn home(&self) -> &std::path::Path {
        &self.home
    }

    pub(crate) fn carried_bytes(&self) -> u64 {
        self.carried_bytes
    }

    pub(crate) fn carried_days(&self) -> u16 {
        self.carried_days
    }

    pub(crate) fn event_bytes(&self) -> u64 {
        self.event_bytes
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    pub(crate) fn random(&self) -> Arc<dyn Randomness> {
        self.random.clone()
    }

    pub(crate) fn max_pages(&self) -> Option<u32> {
        self.max_pages
    }
}

/// What time it is.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00Z, below 2^48. May be wrong and may go back: it says when
    /// something was written, and decides nothing.
    fn now(&self) -> u64;
}

/// Where keys come from.
pub trait Randomness: Send + Sync {
    /// 32 secret random bytes that were never given before.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system has none to give.
    fn seed(&self) -> Result<[u8; 32], NoRandomness>;
}

/// The system gave no random bytes, so no safe key can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system has no randomness to give")]
pub struct NoRandomness;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        // A clock before 1970 was never set; what is written then is from the beginning of time.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}

/// The system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn seed(&self) -> Result<[u8; 32], NoRandomness> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| NoRandomness)?;
        Ok(seed)
    }
}
