//! What went wrong, in three sentences: what happened, what is safe, what to do.
//!
//! The numbers are part of the interface: scripts ask for them.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use teilgeber_device::formats::mine::MineError;
use teilgeber_device::formats::qr::AnimatedError;
use teilgeber_device::model::Invalid;
use teilgeber_device::{Error, PhotoError};

/// What the exit codes mean, for `teilgeber help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed, or what was compared differs
  2  wrong usage
  3  not found
  4  in use by another program
  5  no space left, or not writable
  6  a newer version is needed
  7  the database was damaged: what could be read is saved
  8  no connection to the other device, or it ended early";

/// How the program ends, beside 0. The numbers never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Exit {
    Failed = 1,
    Usage = 2,
    NotFound = 3,
    InUse = 4,
    NoSpace = 5,
    Newer = 6,
    Salvaged = 7,
    Peer = 8,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The device could not do it.
    #[error("{0}")]
    Device(#[from] Error),
    /// Nothing is called so.
    #[error("there is no {noun} {given}")]
    Unknown { noun: &'static str, given: String },
    /// Several are called so.
    #[error("{given} may mean {count} {noun}s: {some}")]
    Ambiguous { noun: &'static str, given: String, count: usize, some: String },
    /// The person is in no event.
    #[error("this device is in no event yet")]
    NoEvent,
    /// The person is in several events, and none was named.
    #[error("this device is in {0} events")]
    WhichEvent(usize),
    /// A word on the command line is not what it should be.
    #[error("{what} cannot be {given:?}: {why}")]
    Value { what: &'static str, given: String, why: Invalid },
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(&'static str),
    /// A file could not be read or written.
    #[error("{} cannot be {done}: {}", path.display(), file_reason(*kind))]
    File { path: PathBuf, done: &'static str, kind: io::ErrorKind },
    /// A picture shows no code, or several.
    #[error("{} shows {count} QR codes", path.display())]
    Picture { path: PathBuf, count: usize },
    /// A text does not fit into a QR code.
    #[error("this is too much for a QR code that a phone can read")]
    TooLargeForQr,
    /// A file cannot be shown as codes that follow one another.
    #[error("{0}")]
    Animated(#[from] AnimatedError),
    /// Pictures of frames that are not enough.
    #[error("{have} of at least {needed} frames are in these pictures{rest}")]
    Frames { have: usize, needed: usize, rest: String },
    /// Something of a bundle is missing.
    #[error("{} is damaged", path.display())]
    DamagedBundle { path: PathBuf },
    /// What was compared is not the same.
    #[error("{0}")]
    Different(String),
    /// Standard output does not take what was said.
    #[error("standard output cannot be written")]
    Unwritable,
    /// No folder for the data is known.
    #[error("there is no folder for the data: neither XDG_DATA_HOME nor HOME is set")]
    NoHome,
    /// A step of the demonstration went wrong.
    #[error("the demonstration stopped: {0}")]
    Demo(String),
}

/// An error as programs read it.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    error: Exit,
    code: u8,
    what: String,
    safe: &'a str,
    next: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
}

impl Failure {
    /// How the program ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Device(error) => exit_of(error),
            Self::Unknown { .. } | Self::NoEvent => Exit::NotFound,
            Self::Ambiguous { .. } | Self::WhichEvent(_) | Self::Value { .. } | Self::Usage(_) => {
                Exit::Usage
            }
            Self::NoHome => Exit::Usage,
            Self::File { kind: io::ErrorKind::NotFound, .. } => Exit::NotFound,
            Self::File { kind, .. } if is_full(*kind) => Exit::NoSpace,
            _ => Exit::Failed,
        }
    }

    /// What is to be said of it to a program.
    pub(crate) fn report(&self) -> Report<'_> {
        let exit = self.exit();
        let (safe, next) = (self.safe(), self.next());
        let cause = self.cause();
        Report { error: exit, code: exit as u8, what: self.to_string(), safe, next, cause }
    }

    /// What a report should name, where there is nothing else to do. Holds nothing that anyone wrote.
    pub(crate) fn cause(&self) -> Option<String> {
        match self {
            Self::Device(Error::Report(cause)) => Some(cause.to_string()),
            _ => None,
        }
    }

    /// What is safe.
    pub(crate) fn safe(&self) -> &'static str {
        match self {
            Self::Device(Error::TryAgain(_)) => "What had come before is kept.",
            Self::Device(Error::OpenAgain) => "The damaged file stays as it is.",
            Self::DamagedBundle { .. } => "What is whole in it can be read, and stays when it was.",
            _ => "Nothing that was saved is lost.",
        }
    }

    /// What to do.
    pub(crate) fn next(&self) -> &'static str {
        match self {
            Self::Device(error) => next_after(error),
            Self::Unknown { .. } => "See what there is with the `list` command of that noun.",
            Self::Ambiguous { .. } => "Give more digits of the id, or more of the name.",
            Self::NoEvent => {
                "Make one with `event create` or `event import`, or join with `event join`."
            }
            Self::WhichEvent(_) => "Say which with --event ID; `event list` shows them.",
            Self::Value { .. } | Self::Usage(_) => "Try again; --help says how.",
            Self::File { .. } => "Check the path and its rights.",
            Self::Picture { count: 0, .. } => "Take a sharper picture, or give the code as text.",
            Self::Picture { .. } => "Cut the picture so that it shows one code.",
            Self::TooLargeForQr => "Show fewer fields.",
            Self::Animated(AnimatedError::TooSmall) => {
                "Make the window larger or its letters smaller, or write pictures with --out DIR."
            }
            Self::Animated(_) => "Choose another file, of at most 20,000 bytes.",
            Self::Frames { needed: 0, .. } => {
                "Take pictures of what `teilgeber qr-send` shows, as PNG."
            }
            Self::Frames { .. } => "Take more, and give them together with these.",
            Self::DamagedBundle { .. } => "Ask for it again, or sync: what is missing comes then.",
            Self::Different(_) => "Sync the devices, or run `rebuild`, and compare again.",
            Self::Unwritable => "Check where the output goes.",
            Self::NoHome => "Say where with --home DIR.",
            Self::Demo(_) => "Run it again with --keep DIR and look at what is there.",
        }
    }
}

fn exit_of(error: &Error) -> Exit {
    match error {
        Error::UpdateApp | Error::Folder(MineError::Newer { .. }) => Exit::Newer,
        Error::OtherProgramHasIt => Exit::InUse,
        Error::FreeSpace | Error::CannotWrite(_) | Error::OtherFile(_) => Exit::NoSpace,
        Error::NotHere(_) | Error::Folder(MineError::NoExport) => Exit::NotFound,
        Error::CheckAddress
        | Error::NothingInCommon
        | Error::TryAgain(_)
        | Error::PeerMustUpdate => Exit::Peer,
        Error::OpenAgain => Exit::Salvaged,
        _ => Exit::Failed,
    }
}

fn next_after(error: &Error) -> &'static str {
    match error {
        Error::Faded => "Have it back with `event keep` and a sync, or write a note of your own.",
        Error::OffTheRecord => "Write it in a note of your own: that stays with you.",
        Error::UpdateApp => "Install the newest version of this program.",
        Error::PeerMustUpdate => "Ask the other person to update.",
        Error::OtherProgramHasIt => "Close it, for example a running `teilgeber serve`.",
        Error::FreeSpace => "Free some space and try again.",
        Error::CannotWrite(_) | Error::OtherFile(_) => "Choose another folder with --home DIR.",
        Error::OpenAgain => "Run the command again: what can be read is then saved.",
        Error::NotHere(_) => "Look again with the `list` command of that noun.",
        Error::ShowName => "For example: teilgeber me set --name Ada --audience name=contacts",
        Error::NoPlaceLeft => "Offer more places, or take a yes back first.",
        Error::ChooseOne => "See `teilgeber feedback form` for what it offers.",
        Error::SignIt => "Sign it, or write to one of `teilgeber report to`.",
        Error::Shorten => "Shorten it and try again.",
        Error::ScanAgain => "Scan it again, or copy the whole code.",
        Error::OtherCode(_) => "Use `event join` for events and `swap scan` for people.",
        Error::CheckAddress => {
            "Check the address, and that the other device runs `teilgeber serve`."
        }
        Error::NothingInCommon => "Join the same event, or scan a code, first.",
        Error::TryAgain(_) => "Run the same command again: it goes on from there.",
        Error::OtherAddress(_) => "Choose another address or port.",
        Error::Photo(PhotoError::OtherKind) => "Give a JPEG, PNG or WebP file.",
        Error::Photo(PhotoError::TooLarge | PhotoError::NoMore) => "Make the picture smaller.",
        Error::Photo(PhotoError::OnTheWay { .. }) => {
            "Sync with somebody who has it, and try again."
        }
        Error::Photo(PhotoError::OffTheRecord) => "Keep a note for yourself instead.",
        Error::Photo(PhotoError::NotIt) => "Ask whoever took it to add it again.",
        Error::NotABundle => "Check the file, or ask for it again.",
        Error::Folder(MineError::NoExport | MineError::Foreign { .. }) => {
            "Name the folder that `teilgeber export` wrote."
        }
        Error::Folder(MineError::Newer { .. }) => "Install the newest version of this program.",
        Error::Folder(MineError::Damaged { .. } | MineError::TooLarge { .. }) => {
            "Take another copy of the folder, or export it again where it came from."
        }
        Error::Folder(MineError::OtherPerson) => "Put the keys beside the export they belong to.",
        Error::Folder(MineError::NotEmpty) => "Name another folder.",
        Error::Folder(MineError::Unfinished(_)) => "Nothing in it is needed.",
        Error::OtherSchedule(_) => "Give a schedule.xml, schedule.json or .ics.",
        _ => "Try again; if it stays so, report it.",
    }
}

fn is_full(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(kind, PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull)
}

fn file_reason(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "it is not there",
        io::ErrorKind::PermissionDenied => "this is not allowed",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "no space is left",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::FileTooLarge => "it is too large",
        _ => "the file system refused",
    }
}
