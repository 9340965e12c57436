//! Photos of a session, such as of its flipchart.

use teilgeber_device as core;
use teilgeber_device::model::{Id, Millis, Thumbnail};

use crate::device::Device;
use crate::error::Result;
use crate::values::{prose, text};

pub(crate) use teilgeber_device::model::MediaType;

/// What kind of picture: those that every phone and browser shows.
#[uniffi::remote(Enum)]
pub enum MediaType {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
    /// `image/webp`.
    Webp,
}

/// A photo, as far as it is here.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhotoRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Of which session.
    pub session: Id,
    /// Who took it.
    pub person: Id,
    /// When they last said something of it, as they say.
    pub time: Millis,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What stands below it; empty where nothing does.
    pub caption: String,
    /// What kind of picture it is.
    pub media: MediaType,
    /// How many bytes it has.
    pub bytes: u32,
    /// How many of them are here.
    pub here: u32,
    /// Whether it was cleared from this device, and not asked for since.
    pub cleared: bool,
    /// The document of its bytes: what observers are told changed when more of them come.
    pub data: Id,
    /// The hash of all its bytes, by which pictures that are the same are known: 64 hexadecimal digits.
    pub hash: String,
    /// A small picture of it.
    pub thumbnail: Option<Vec<u8>>,
}

/// Who of an event does not simply want to be photographed, each list by name. Oneself is left out.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ConsentRecord {
    /// Who said no, or said nothing, which counts as no.
    pub no: Vec<Asked>,
    /// Who wants to be asked before.
    pub ask: Vec<Asked>,
}

/// Somebody who appears in an event.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Asked {
    /// Who.
    pub person: Id,
    /// What they are called, if they say so there.
    pub name: Option<String>,
}

#[uniffi::export]
impl Device {
    /// Adds a photo to a session, for everybody in its event. `picture` is a JPEG, PNG or WebP of at most 8 MiB,
    /// `thumbnail` a small one of it, of at most 8 KiB. What a camera wrote into them besides the picture, such as
    /// where it was taken, is left out. Returns the photo's id. The same picture lies in an event once, however often
    /// this person adds it.
    ///
    /// Errors: `Photo`, `NotHere`, `FreeSpace`, `Invalid`.
    #[uniffi::method(default(thumbnail = None, caption = ""))]
    pub async fn add_photo(
        &self,
        session: Id,
        picture: Vec<u8>,
        thumbnail: Option<Vec<u8>>,
        caption: String,
    ) -> Result<Id> {
        self.run(move |device| {
            let thumbnail = thumbnail.map(Thumbnail::new).transpose()?;
            Ok(device.add_photo(session, &picture, thumbnail, &prose(&caption)?)?)
        })
        .await
    }

    /// The photos of a session, the oldest first. Of one that is off the record only my own, so that I can erase
    /// them.
    ///
    /// Errors: `NotHere`.
    pub async fn photos(&self, session: Id) -> Result<Vec<PhotoRecord>> {
        self.run(move |device| {
            Ok(device.photos(session)?.into_iter().map(PhotoRecord::from).collect())
        })
        .await
    }

    /// A photo.
    ///
    /// Errors: `NotHere`.
    pub async fn photo(&self, id: Id) -> Result<PhotoRecord> {
        self.run(move |device| Ok(device.photo(id)?.into())).await
    }

    /// The picture itself, once all of it is here and is what was announced. One that was cleared is wanted again
    /// from now on.
    ///
    /// Errors: `Photo`, as long as only some of it has come, and when what came is not what was announced; `NotHere`.
    pub async fn photo_bytes(&self, id: Id) -> Result<Vec<u8>> {
        self.run(move |device| Ok(device.photo_bytes(id)?)).await
    }

    /// Gives a photo of mine another caption.
    ///
    /// Errors: `NotAllowed` when it is somebody else's, `NotHere`, `FreeSpace`, `Invalid`.
    pub async fn set_photo_caption(&self, id: Id, caption: String) -> Result<()> {
        self.run(move |device| Ok(device.set_photo_caption(id, &prose(&caption)?)?)).await
    }

    /// Erases a photo of mine, and its picture unless another of my photos shows it: here at once, and on each device
    /// that hears of it.
    ///
    /// Errors: `NotAllowed` when it is somebody else's, `NotHere`, `FreeSpace`.
    pub async fn erase_photo(&self, id: Id) -> Result<()> {
        self.run(move |device| Ok(device.erase_photo(id)?)).await
    }

    /// Who of an event does not simply want to be photographed; `id` is the event's or a session's.
    ///
    /// Errors: `NotHere`.
    pub async fn photo_consent_in(&self, id: Id) -> Result<ConsentRecord> {
        self.run(move |device| {
            let core::ConsentRecord { no, ask } = device.photo_consent_in(id)?;
            Ok(ConsentRecord { no: asked(no), ask: asked(ask) })
        })
        .await
    }
}

fn asked(people: Vec<core::Asked>) -> Vec<Asked> {
    let people = people.into_iter();
    people.map(|core::Asked { person, name }| Asked { person, name: text(name) }).collect()
}

impl From<core::PhotoRecord> for PhotoRecord {
    fn from(record: core::PhotoRecord) -> Self {
        Self {
            id: record.id,
            event: record.event,
            session: record.session,
            person: record.person,
            time: record.time,
            hidden: record.hidden,
            caption: record.caption.as_str().to_owned(),
            media: record.media,
            bytes: record.bytes,
            here: record.here,
            cleared: record.cleared,
            data: record.data,
            hash: record.hash.to_string(),
            thumbnail: record.thumbnail.map(|small| small.as_bytes().to_vec()),
        }
    }
}
