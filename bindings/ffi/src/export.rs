//! What leaves the device as files: the documentation of a session, and the archive of an event.

use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::Result;

pub(crate) use teilgeber_device::{ArchiveFile, Format, Reach};

/// How far a file goes.
#[uniffi::remote(Enum)]
pub enum Reach {
    /// It may be passed on to anybody.
    Everyone,
    /// It stays among those who are in the event.
    Event,
}

/// In which form a session is written down.
#[uniffi::remote(Enum)]
pub enum Format {
    /// Markdown.
    Markdown,
    /// One HTML page with everything in it.
    Html,
    /// Plain text.
    Text,
}

/// A file of an archive.
#[uniffi::remote(Record)]
pub struct ArchiveFile {
    /// Where it lies in the archive's folder, with `/` between.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

#[uniffi::export]
impl Device {
    /// The documentation of a session, as one file. With `anchors`, what of it I mean to pick up again: those are mine,
    /// so whoever asks for them decides that. What may be told outside says the session's policy.
    ///
    /// Errors: `NotHere`, also where an organiser hid the session.
    pub async fn document_session(
        &self,
        id: Id,
        format: Format,
        reach: Reach,
        anchors: bool,
    ) -> Result<String> {
        self.run(move |device| Ok(device.document_session(id, format, reach, anchors)?)).await
    }

    /// The archive of an event: its board and sessions as pages, and the files that other programs read. With
    /// `contacts`, a folder of vCards of my contacts whom I met there, which is for me alone.
    ///
    /// Errors: `NotHere`.
    pub async fn archive(
        &self,
        event: Id,
        reach: Reach,
        contacts: bool,
    ) -> Result<Vec<ArchiveFile>> {
        self.run(move |device| Ok(device.archive(event, reach, contacts)?)).await
    }
}
