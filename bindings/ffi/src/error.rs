//! What can go wrong, as codes. What a person reads of it is the app's to say, in their language.

use teilgeber_device::Error as Core;
use teilgeber_device::model::Invalid;

/// What fails here.
pub type Result<T> = std::result::Result<T, CoreError>;

/// Why it could not be done, named by what to do next. Nothing that was reported saved is lost by any of these.
/// The message is for the log, in English, and holds nothing that anyone wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
pub enum CoreError {
    /// A newer version made this home, this code, or is at the other end: update the app.
    #[error("{0}")]
    UpdateApp(String),
    /// The other end runs an older version: ask its person to update.
    #[error("{0}")]
    PeerMustUpdate(String),
    /// Another program, or another device object, has this home open: shut it.
    #[error("{0}")]
    OtherProgramHasIt(String),
    /// No space is left: free some and try again.
    #[error("{0}")]
    FreeSpace(String),
    /// The folder cannot be written: choose another or change its rights.
    #[error("{0}")]
    CannotWrite(String),
    /// There is somebody else's file where the database should be: choose another folder.
    #[error("{0}")]
    OtherFile(String),
    /// The database is damaged: open it again, which sets it aside and salvages what can be read.
    #[error("{0}")]
    OpenAgain(String),
    /// What was named is not here (any more): look again.
    #[error("{0}")]
    NotHere(String),
    /// It is not this person's to do: ask who may.
    #[error("{0}")]
    NotAllowed(String),
    /// The event has faded from this device: keep it to write there again.
    #[error("{0}")]
    Faded(String),
    /// Nothing of that session is written down for others.
    #[error("{0}")]
    OffTheRecord(String),
    /// There is nothing in it that could be seen: write something.
    #[error("{0}")]
    NothingSaid(String),
    /// That question is answered by one of its choices.
    #[error("{0}")]
    ChooseOne(String),
    /// An anonymous report goes to those alone whom the event trusts: sign it, or choose one of them.
    #[error("{0}")]
    SignIt(String),
    /// A contact needs a name, and the profile shows none to them: set one, or show it to contacts.
    #[error("{0}")]
    ShowName(String),
    /// Fewer places are left than are asked for: offer more, or say no.
    #[error("{0}")]
    NoPlaceLeft(String),
    /// It is larger than others would accept: shorten it.
    #[error("{0}")]
    Shorten(String),
    /// A splice does not fit the text, which has changed since: read the text again.
    #[error("{0}")]
    ReadAgain(String),
    /// The text is not a code: scan again.
    #[error("{0}")]
    ScanAgain(String),
    /// The code is for something else.
    #[error("{0}")]
    OtherCode(String),
    /// The code is the person's own.
    #[error("{0}")]
    OwnCode(String),
    /// The file is no schedule, or is damaged.
    #[error("{0}")]
    OtherSchedule(String),
    /// The file is no bundle, or nothing of it is whole: choose another, or ask for it again.
    #[error("{0}")]
    NotABundle(String),
    /// Nobody answers there: check the address and the network.
    #[error("{0}")]
    CheckAddress(String),
    /// This device cannot listen at that address: choose another.
    #[error("{0}")]
    OtherAddress(String),
    /// The two devices have nothing in common: join one event, or scan a code, first.
    #[error("{0}")]
    NothingInCommon(String),
    /// The link broke, or the other end is busy or did wrong: try again. What had come is kept.
    #[error("{0}")]
    TryAgain(String),
    /// The system gave no random bytes, so no safe key could be made: start the system again.
    #[error("{0}")]
    NoRandomness(String),
    /// A photo cannot be added or shown: see why.
    #[error("{0}")]
    Photo(String),
    /// A folder of one's own things cannot be written or taken in: see why.
    #[error("{0}")]
    Folder(String),
    /// What was given breaks a rule of its kind: empty, too long, no date, or the like.
    #[error("{0}")]
    Invalid(String),
    /// This was shut: open the device, or the links, again.
    #[error("this was shut")]
    Shut,
    /// Something that should not happen: report it.
    #[error("{0}")]
    Report(String),
}

/// What a listener or a native link of the app threw. It ends what called it: a link, or nothing but the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ForeignError {
    /// It did not work.
    #[error("the app's own code failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ForeignError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

impl From<Invalid> for CoreError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid.to_string())
    }
}

impl From<Core> for CoreError {
    fn from(error: Core) -> Self {
        let code = match &error {
            Core::UpdateApp => Self::UpdateApp,
            Core::PeerMustUpdate => Self::PeerMustUpdate,
            Core::OtherProgramHasIt => Self::OtherProgramHasIt,
            Core::FreeSpace => Self::FreeSpace,
            Core::CannotWrite(_) => Self::CannotWrite,
            Core::OtherFile(_) => Self::OtherFile,
            Core::OpenAgain => Self::OpenAgain,
            Core::NotHere(_) => Self::NotHere,
            Core::NotAllowed(_) => Self::NotAllowed,
            Core::Faded => Self::Faded,
            Core::OffTheRecord => Self::OffTheRecord,
            Core::NothingSaid => Self::NothingSaid,
            Core::ChooseOne => Self::ChooseOne,
            Core::SignIt => Self::SignIt,
            Core::ShowName => Self::ShowName,
            Core::NoPlaceLeft => Self::NoPlaceLeft,
            Core::Shorten => Self::Shorten,
            Core::ReadAgain => Self::ReadAgain,
            Core::ScanAgain => Self::ScanAgain,
            Core::OtherCode(_) => Self::OtherCode,
            Core::OwnCode => Self::OwnCode,
            Core::OtherSchedule(_) => Self::OtherSchedule,
            Core::NotABundle => Self::NotABundle,
            Core::CheckAddress => Self::CheckAddress,
            Core::OtherAddress(_) => Self::OtherAddress,
            Core::NothingInCommon => Self::NothingInCommon,
            Core::TryAgain(_) => Self::TryAgain,
            Core::NoRandomness(_) => Self::NoRandomness,
            Core::Photo(_) => Self::Photo,
            Core::Folder(_) => Self::Folder,
            Core::Report(_) => Self::Report,
        };
        code(error.to_string())
    }
}
