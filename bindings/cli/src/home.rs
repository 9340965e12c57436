//! Opening the device in its folder.

use std::cell::Cell;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use teilgeber_device::{Config, Device, Opened};

use crate::failure::Failure;
use crate::page::Out;
use crate::retention;

/// What every command is given: where the device is, and where its answer goes.
#[derive(Debug)]
pub(crate) struct App {
    /// Where the answer goes.
    pub(crate) out: Out,
    home: Option<PathBuf>,
    salvaged: Cell<bool>,
}

impl App {
    /// What a command is given. Without `home` it is where the platform keeps data.
    pub(crate) fn new(home: Option<PathBuf>, out: Out) -> Self {
        Self { out, home, salvaged: Cell::new(false) }
    }

    /// The device, which is made where there is none. A damaged one is salvaged, an event whose time
    /// is over fades, and this is said.
    pub(crate) fn open(&self) -> Result<Device, Failure> {
        self.open_with(Config::new(self.home()?))
    }

    /// The device as `config` says.
    pub(crate) fn open_with(&self, config: Config) -> Result<Device, Failure> {
        self.opened(Device::open(config)?)
    }

    /// The device; a new one as the person whose keys are in this folder of an export, if any are.
    pub(crate) fn open_as_in(&self, folder: &Path) -> Result<Device, Failure> {
        self.opened(Device::open_as_in(Config::new(self.home()?), folder)?)
    }

    fn opened(&self, (device, opened): (Device, Opened)) -> Result<Device, Failure> {
        if let Opened::Salvaged { aside, entries, lost } = opened {
            self.salvaged.set(true);
            warn(&format!(
                "The database was damaged. {entries} entries were saved, {lost} could not be read.\n\
                 The damaged file is kept as {}. What is missing comes back by sync.",
                aside.display()
            ));
        }
        retention::fade(&device)?;
        Ok(device)
    }

    /// The folder in which everything is.
    pub(crate) fn home(&self) -> Result<PathBuf, Failure> {
        self.home.clone().map_or_else(default_home, Ok)
    }

    /// Whether the database was damaged when it was opened.
    pub(crate) fn was_salvaged(&self) -> bool {
        self.salvaged.get()
    }
}

/// The folder for the data where none is named: below `XDG_DATA_HOME`, else `~/.local/share`.
fn default_home() -> Result<PathBuf, Failure> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|dir| dir.is_absolute());
    let data = folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")));
    Ok(data.ok_or(Failure::NoHome)?.join("teilgeber"))
}

/// A word to the person beside the answer.
#[expect(clippy::print_stderr, reason = "this is where warnings go")]
pub(crate) fn warn(text: &str) {
    eprintln!("{text}");
}

/// How far a long work is, on one line of a terminal; silent elsewhere.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { shown: std::io::stderr().is_terminal() }
    }

    #[expect(clippy::print_stderr, reason = "this is where progress is shown")]
    pub(crate) fn show(&self, text: &str) {
        if self.shown {
            eprint!("\r\x1b[K{text}");
        }
    }
}

impl Drop for Progress {
    /// Leaves the line to the answer.
    fn drop(&mut self) {
        self.show("");
    }
}
