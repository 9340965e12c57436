//! What can go wrong, named by what to do next.
//!
//! Inside, each crate has rich errors of its own. They become these few here, in one `match` for each
//! crate. A sentence of [`Error`] may be shown to a person; a cause goes to the log, and neither
//! holds what anyone wrote.

use std::path::PathBuf;

use teilgeber_exchange::Fault;
use teilgeber_formats::mine::MineError;
use teilgeber_formats::schedule::ScheduleError;
use teilgeber_link::{CloseReason, LinkError};
use teilgeber_store::StoreError;
use teilgeber_store::nouns::text::SpliceError;

use crate::code::{CodeError, CodeKind};
use crate::config::NoRandomness;
use crate::photo::PhotoError;

/// Why a device could not do it. Nothing that was reported saved is lost by any of these.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A newer version made this home, this code, or is at the other end: update the app.
    #[error("this needs a newer version: update the app")]
    UpdateApp,
    /// The other end runs an older version: ask its person to update.
    #[error("the other device runs an older version: its app needs an update")]
    PeerMustUpdate,
    /// Another program has this home open: close it.
    #[error("another program has this home open: close it first")]
    OtherProgramHasIt,
    /// No space is left: free some and try again.
    #[error("no space is left on this device: free some and try again")]
    FreeSpace,
    /// The folder cannot be written: choose another or change its rights.
    #[error("the folder {} cannot be written", .0.display())]
    CannotWrite(PathBuf),
    /// There is somebody else's file where the database should be: choose another folder.
    #[error("{} belongs to another program: choose another folder", .0.display())]
    OtherFile(PathBuf),
    /// The database is damaged: open it again, which sets it aside and salvages what can be read.
    #[error("the database is damaged: open it again to salvage what can be read")]
    OpenAgain,
    /// What was named is not here (any more): look again.
    #[error("{0} is not here")]
    NotHere(&'static str),
    /// It is not this person's to do: ask who may.
    #[error("only {0} may do that")]
    NotAllowed(&'static str),
    /// The event has faded from this device: keep it to write there again.
    #[error("this event has faded from this device")]
    Faded,
    /// Nothing of that session is written down for others.
    #[error("this session is off the record: nothing of it is written down for others")]
    OffTheRecord,
    /// There is nothing in it that could be seen: write something.
    #[error("this says nothing: write something")]
    NothingSaid,
    /// That question is answered by one of its choices.
    #[error("this question is answered by one of its choices")]
    ChooseOne,
    /// An anonymous report goes to those alone whom the event trusts: sign it, or choose one of them.
    #[error("without a name, only those take reports whom the event says to trust")]
    SignIt,
    /// A contact needs a name, and the profile shows none to them: set one, or show it to contacts.
    #[error("your contacts see no name of you: set one and show it to them")]
    ShowName,
    /// Fewer places are left than are asked for: offer more, or say no.
    #[error("so many places are not left")]
    NoPlaceLeft,
    /// It is larger than others would accept: shorten it.
    #[error("this is too large: shorten it")]
    Shorten,
    /// A splice does not fit the text, which has changed since: read the text again.
    #[error("the text has changed meanwhile: read it again")]
    ReadAgain,
    /// The text is not a code: scan again.
    #[error("this is not a Teilgeber code, or it is incomplete: scan it again")]
    ScanAgain,
    /// The code is for something else.
    #[error("{}", other_code(.0))]
    OtherCode(CodeKind),
    /// The code is the person's own.
    #[error("this is your own code: let others scan it")]
    OwnCode,
    /// The file is no schedule, or is damaged.
    #[error(transparent)]
    OtherSchedule(ScheduleError),
    /// The file is no bundle, or nothing of it is whole: choose another, or ask for it again.
    #[error("this is not a Teilgeber bundle, or nothing of it is whole: choose another file")]
    NotABundle,
    /// Nobody answers there: check the address and the network.
    #[error("nobody answers there: check the address and the network")]
    CheckAddress,
    /// This device cannot listen at that address: choose another.
    #[error("this device cannot listen there ({0}): choose another address or port")]
    OtherAddress(std::io::ErrorKind),
    /// The two devices have nothing in common: join one event, or scan a code, first.
    #[error("this device and the other have nothing in common: join the same event first")]
    NothingInCommon,
    /// The link broke, or the other end is busy or did wrong: try again. What had come is kept.
    #[error("the link ended early: try again")]
    TryAgain(#[source] Cut),
    /// The system gave no random bytes, so no safe key could be made: start the system again.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A photo cannot be added or shown: see why.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// A folder of one's own things cannot be written or taken in: see why.
    #[error(transparent)]
    Folder(#[from] MineError),
    /// Something that should not happen: report it with its cause.
    #[error("something unexpected happened")]
    Report(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What ended a link before both sides knew the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cut {
    /// The link itself.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// What the other device said.
    #[error(transparent)]
    Peer(#[from] Fault),
    /// This side was told to stop.
    #[error("this device ended the link")]
    Stopped,
}

/// What fails here.
pub type Result<T> = std::result::Result<T, Error>;

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InUse => Self::OtherProgramHasIt,
            StoreError::ReadOnly(path) => Self::CannotWrite(path),
            StoreError::Full => Self::FreeSpace,
            StoreError::Newer { .. } => Self::UpdateApp,
            StoreError::Foreign(path) => Self::OtherFile(path),
            StoreError::Damaged => Self::OpenAgain,
            StoreError::Missing(what) => Self::NotHere(what),
            StoreError::Faded => Self::Faded,
            StoreError::NotAllowed(who) => Self::NotAllowed(who),
            StoreError::Refused(_) => Self::Shorten,
            StoreError::TooMuch => Self::Photo(PhotoError::NoMore),
            StoreError::Splice(error) => error.into(),
            StoreError::Decode(error) => Self::Report(error.into()),
            StoreError::Io(error) => Self::from(error),
            error @ StoreError::Sqlite(_) => Self::Report(error.into()),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::FreeSpace,
            _ => Self::Report(error.into()),
        }
    }
}

impl From<LinkError> for Error {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::OtherVersion { theirs } if theirs > teilgeber_link::VERSION => {
                Self::UpdateApp
            }
            LinkError::OtherVersion { .. } => Self::PeerMustUpdate,
            LinkError::Foreign | LinkError::Unreachable(_) => Self::CheckAddress,
            LinkError::NoRandomness => Self::NoRandomness(NoRandomness),
            LinkError::Closed(reason) if reason == NOTHING_IN_COMMON => Self::NothingInCommon,
            error => Self::TryAgain(error.into()),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Version { theirs } => who_must_update(Some(theirs), teilgeber_exchange::VERSION),
            Fault::Farewell { code, version } if code == (Fault::Version { theirs: 0 }).code() => {
                who_must_update(version, teilgeber_exchange::VERSION)
            }
            fault => Self::TryAgain(fault.into()),
        }
    }
}

impl From<CodeError> for Error {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Newer => Self::UpdateApp,
            CodeError::NotACode | CodeError::Damaged => Self::ScanAgain,
        }
    }
}

impl From<ScheduleError> for Error {
    fn from(error: ScheduleError) -> Self {
        Self::OtherSchedule(error)
    }
}

impl From<SpliceError> for Error {
    fn from(error: SpliceError) -> Self {
        match error {
            SpliceError::TooLong { .. } => Self::Shorten,
            SpliceError::OutOfRange | SpliceError::InsideCharacter | SpliceError::Missing => {
                Self::ReadAgain
            }
            SpliceError::Automerge(error) => Self::Report(error.into()),
        }
    }
}

/// Said to a peer with which this device shares no space.
pub(crate) const NOTHING_IN_COMMON: CloseReason =
    CloseReason::from_code(CloseReason::FIRST_OF_APPLICATION);

/// Which of two that speak different versions is older. Where the other one does not say which it speaks, first
/// look for an update of this one.
fn who_must_update(theirs: Option<u8>, ours: u8) -> Error {
    match theirs {
        Some(theirs) if theirs < ours => Error::PeerMustUpdate,
        _ => Error::UpdateApp,
    }
}

fn other_code(kind: &CodeKind) -> &'static str {
    match kind {
        CodeKind::Join => "this code lets you join an event",
        CodeKind::Screen => "this is a person's code: scan it to swap contacts",
        CodeKind::Badge => "this is a person's badge: scan it to swap contacts",
        CodeKind::Carry => "this code is for a hub: it lets one carry an event, not read it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_one_must_update() {
        assert!(matches!(who_must_update(Some(2), 3), Error::PeerMustUpdate));
        assert!(matches!(who_must_update(Some(4), 3), Error::UpdateApp));
        assert!(matches!(who_must_update(None, 3), Error::UpdateApp));
    }
}
