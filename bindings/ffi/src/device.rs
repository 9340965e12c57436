//! The device itself: opening a home and letting go of it, and what is asked of the whole.

use std::path::PathBuf;
use std::sync::Arc;

use teilgeber_device::model::Id;
use teilgeber_device::{self as core, Kind};
use tokio::sync::RwLock;

use crate::error::{CoreError, Result};
use crate::runtime::blocking;

pub(crate) use teilgeber_device::{Hit, Piece, Places};

/// How a device is opened.
#[derive(Debug, Clone, uniffi::Record)]
pub struct Config {
    /// The folder in which everything is. It is made where it is not there.
    pub home: String,
    /// The most bytes of payloads that are carried for others; one GiB unless told.
    #[uniffi(default = None)]
    pub carried_bytes: Option<u64>,
}

/// What opening found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Opened {
    /// A new home was made.
    New,
    /// An existing one was opened.
    Existing,
    /// The database was damaged. It was set aside, and what could be read was taken over; the rest comes back by
    /// sync.
    Salvaged {
        /// Where the damaged file is now.
        aside: String,
        /// Entries that were taken over.
        entries: u64,
        /// Entries or rows that could not be read or did not verify.
        lost: u64,
    },
}

/// What was made again.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Rebuilt {
    /// Documents that were made again.
    pub documents: u64,
    /// Tables whose rows came out otherwise than they stood. Empty, unless something was wrong; what stands now is
    /// what was made anew.
    pub different: Vec<String>,
}

/// Who this device speaks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Me {
    /// The person.
    pub person: Id,
    /// Their name, if they said one.
    pub name: Option<String>,
}

/// Where to search: among what matches all that is set.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct Narrow {
    /// Only things of this kind.
    #[uniffi(default = None)]
    pub kind: Option<Kind>,
    /// Only what is in this event, and notes of mine that belong to it.
    #[uniffi(default = None)]
    pub event: Option<Id>,
    /// Only what belongs to this session, and the session itself.
    #[uniffi(default = None)]
    pub session: Option<Id>,
    /// Only what is this person's, or about them.
    #[uniffi(default = None)]
    pub person: Option<Id>,
}

/// Something that was found.
#[uniffi::remote(Record)]
pub struct Hit {
    /// What kind of thing.
    pub kind: Kind,
    /// In which space: an event's id, where it is in one.
    pub space: Id,
    /// Which one.
    pub id: Id,
    /// Its title or name; empty where it has none.
    pub title: String,
    /// A piece of its text around what was found, or its beginning.
    pub snippet: Vec<Piece>,
}

/// A part of a snippet.
#[uniffi::remote(Record)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they are what was looked for.
    pub found: bool,
}

/// Where all of a thing is, beside this device. Never guessed.
#[uniffi::remote(Record)]
pub struct Places {
    /// Devices that showed themselves and hold all of it.
    pub devices: u32,
    /// How many of these are hubs.
    pub hubs: u32,
    /// Devices that did not show themselves hold it too: "and others".
    pub others: bool,
}

/// A phone, tablet or laptop of a person, with everything on it. When an edit returns, it is on disk.
#[derive(Debug, uniffi::Object)]
pub struct Device {
    held: Arc<RwLock<Option<core::Device>>>,
    opened: Opened,
}

#[uniffi::export]
impl Device {
    /// Opens a home, making it where there is none: a first start makes the person's keys. A damaged database is
    /// set aside and salvaged, never deleted; `opened` says so.
    ///
    /// Errors: `OtherProgramHasIt`, `CannotWrite`, `FreeSpace`, `UpdateApp` for a home of a newer version, or
    /// `OtherFile`.
    #[uniffi::constructor]
    pub async fn open(config: Config) -> Result<Arc<Self>> {
        Self::with(config.into()).await
    }

    /// What opening found.
    pub fn opened(&self) -> Opened {
        self.opened.clone()
    }

    /// Lets go of the home, so that it can be opened again: waits for the calls that are under way; later ones fail
    /// with `Shut`. Stop links and cancel syncs before. Shutting twice does no harm.
    pub async fn shut(&self) {
        let device = self.held.write().await.take();
        // Closing the database waits for the disk; where no thread is to be had it does so here.
        let _dropped = blocking(move || {
            drop(device);
            Ok(())
        })
        .await;
    }

    /// Who this device speaks for.
    pub async fn me(&self) -> Result<Me> {
        self.run(|device| {
            let me = device.me()?;
            Ok(Me { person: me.person, name: me.name.map(|name| name.as_str().to_owned()) })
        })
        .await
    }

    /// What contains all words of `query` among what matches `narrow`; the best first, at most `limit`. The last
    /// word may be the beginning of one.
    pub async fn search(&self, query: String, narrow: Narrow, limit: u32) -> Result<Vec<Hit>> {
        let Narrow { kind, event, session, person } = narrow;
        let narrow = core::Narrow { kind, event, session, person };
        self.run(move |device| Ok(device.search_in(&query, &narrow, limit)?)).await
    }

    /// Where all of a thing is, beside this device: counted from finished exchanges, never guessed. A contact is
    /// named by its person, an event by its space, a pad by its session.
    ///
    /// Errors: `NotHere`.
    pub async fn places(&self, kind: Kind, id: Id) -> Result<Places> {
        self.run(move |device| Ok(device.places(kind, id)?)).await
    }

    /// Reads the whole database and checks its structure.
    ///
    /// Errors: `OpenAgain` when it is damaged.
    pub async fn check(&self) -> Result<()> {
        self.run(|device| Ok(device.check()?)).await
    }

    /// Makes every document and view again from the log, and says what came out otherwise.
    pub async fn rebuild(&self) -> Result<Rebuilt> {
        self.run(|device| {
            let core::Rebuilt { documents, different } = device.rebuild()?;
            Ok(Rebuilt { documents: documents as u64, different })
        })
        .await
    }

    /// Does what waits for an idle moment: lets events fade, erases what can no longer be undone, shows long texts
    /// in lists and search.
    ///
    /// Errors: `FreeSpace`.
    pub async fn tidy(&self) -> Result<()> {
        self.run(|device| Ok(device.tidy()?)).await
    }
}

impl Device {
    pub(crate) async fn with(config: core::Config) -> Result<Arc<Self>> {
        Self::opening(move || core::Device::open(config)).await
    }

    pub(crate) async fn opening(
        open: impl FnOnce() -> core::Result<(core::Device, core::Opened)> + Send + 'static,
    ) -> Result<Arc<Self>> {
        blocking(move || {
            let (device, opened) = open()?;
            let held = Arc::new(RwLock::new(Some(device)));
            Ok(Arc::new(Self { held, opened: opened.into() }))
        })
        .await
    }

    /// Does something with the device that blocks, on a thread for that.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&core::Device) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let held = self.held.clone().read_owned().await;
        blocking(move || work(held.as_ref().ok_or(CoreError::Shut)?)).await
    }

    /// The device, for what holds it longer than a call.
    pub(crate) fn inner(&self) -> Result<core::Device> {
        let held = self.held.try_read().map_err(|_| CoreError::Shut)?;
        held.clone().ok_or(CoreError::Shut)
    }
}

impl From<Config> for core::Config {
    fn from(config: Config) -> Self {
        let carried = config.carried_bytes.unwrap_or(core::CARRIED_BYTES);
        Self::new(PathBuf::from(config.home)).with_carried_bytes(carried)
    }
}

impl From<core::Opened> for Opened {
    fn from(opened: core::Opened) -> Self {
        match opened {
            core::Opened::New => Self::New,
            core::Opened::Existing => Self::Existing,
            core::Opened::Salvaged { aside, entries, lost } => Self::Salvaged {
                aside: aside.to_string_lossy().into_owned(),
                entries: entries as u64,
                lost: lost as u64,
            },
        }
    }
}
