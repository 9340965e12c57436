//! What can go wrong here, named by what to do next.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use teilgeber_entry::DecodeError;

use crate::guard;
use crate::nouns::text::SpliceError;

/// Why the store could not do it. Nothing that was reported saved is lost by any of these.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has this home open.
    #[error("this home is open in another program")]
    InUse,
    /// The folder or the file cannot be written.
    #[error("the folder {} cannot be written", .0.display())]
    ReadOnly(PathBuf),
    /// No space is left.
    #[error("no space is left on this device")]
    Full,
    /// A later version of the program wrote this file.
    #[error("the database is of version {found}, this program knows up to {known}")]
    Newer {
        /// Its version.
        found: u32,
        /// The latest that is known here.
        known: u32,
    },
    /// The file is a database of something else.
    #[error("{} is not a database of Teilgeber", .0.display())]
    Foreign(PathBuf),
    /// The file is damaged; opening again sets it aside and salvages what can be read.
    #[error("the database is damaged")]
    Damaged,
    /// What was named is not here.
    #[error("{0} is not here")]
    Missing(&'static str),
    /// The space has faded here: nothing more is written in it.
    #[error("the space has faded here")]
    Faded,
    /// It is not this person's to do.
    #[error("only {0} may do that")]
    NotAllowed(&'static str),
    /// The value is beyond what everybody would accept.
    #[error("everybody would refuse this: {0}")]
    Refused(#[from] guard::Reason),
    /// This device has put as much into the space as others accept of it.
    #[error("others accept no more attachments of this device here")]
    TooMuch,
    /// A splice that does not fit the text.
    #[error(transparent)]
    Splice(#[from] SpliceError),
    /// Bytes that are not what they should be.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// An error of the file system.
    #[error("the file system: {0}")]
    Io(#[from] std::io::Error),
    /// An error of SQLite that none of the above is.
    #[error("SQLite: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

/// What fails here.
pub type Result<T> = std::result::Result<T, StoreError>;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(PathBuf::new()),
            _ => Self::Sqlite(error),
        }
    }
}

impl<E: std::error::Error> From<guard::EditError<E>> for StoreError
where
    Self: From<E>,
{
    fn from(error: guard::EditError<E>) -> Self {
        match error {
            guard::EditError::Edit(inner) => inner.into(),
            guard::EditError::Refused(reason) => reason.into(),
            guard::EditError::Log(_) => Self::Refused(guard::Reason::Malformed),
        }
    }
}

impl From<automerge::AutomergeError> for StoreError {
    fn from(_: automerge::AutomergeError) -> Self {
        // Our own edits name only what they have read; what remains is an index beyond the text.
        Self::Missing("that place in the text")
    }
}
