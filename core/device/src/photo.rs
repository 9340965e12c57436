//! Photos of a session, such as of its flipchart.
//!
//! What is said of a photo comes like a post, with a small picture; the picture itself comes last, in
//! chunks, and goes on where it was interrupted. Before one is taken, a screen shows who does not want
//! to be in it ([`Device::photo_consent_in`]).

use serde::Serialize;
use teilgeber_entry::{DocumentId, Origin, PersonId};
use teilgeber_formats::photo::without_metadata;
use teilgeber_model::{
    Caption, Digest, Id, MediaType, Millis, Name, PHOTO_MAX_BYTES, Photo, PhotoConsent,
    PhotoLength, Policy, Published as _, Thumbnail,
};
use teilgeber_store::nouns::{PHOTO, card, event, photo, session};
use teilgeber_store::{Edit, Picture, Places, StoreError, View};

use crate::device::{Device, document_id, model_id, space_id};
use crate::error::{Error, Result};

/// A photo, as far as it is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    pub caption: Caption,
    /// What kind of picture it is.
    pub media: MediaType,
    /// How many bytes it has.
    pub bytes: u32,
    /// How many of them are here.
    pub here: u32,
    /// Whether it was [cleared](Device::clear_photos) from this device, and not asked for since.
    pub cleared: bool,
    /// The document of its bytes: what observers are told changed when more of them come.
    pub data: Id,
    /// The hash of all its bytes, by which pictures that are the same are known.
    pub hash: Digest,
    /// A small picture of it.
    #[serde(skip)]
    pub thumbnail: Option<Thumbnail>,
}

/// Why a photo cannot be added or shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// It is none of the kinds that every device shows: choose another file.
    #[error("this is no JPEG, PNG or WebP picture, or not all of one")]
    OtherKind,
    /// It is larger than others take: make it smaller.
    #[error("a photo has at most 8 MiB, and its thumbnail at most 8 KiB")]
    TooLarge,
    /// This device has added as much to the event as others take of it.
    #[error("others take no more photos of this device in this event")]
    NoMore,
    /// The session is off the record: no photos of it.
    #[error("this session is off the record: there are no photos of it")]
    OffTheRecord,
    /// Some of it has not come yet: sync with somebody who has it.
    #[error("only {here} of {bytes} bytes of this photo have come")]
    OnTheWay {
        /// How many bytes are here.
        here: u32,
        /// How many there are.
        bytes: u32,
    },
    /// What came is not what whoever took it announced.
    #[error("what came is not the photo that was announced")]
    NotIt,
}

/// Who of an event does not simply want to be photographed, each list by name. Oneself is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ConsentRecord {
    /// Who said no, or said nothing, which counts as no.
    pub no: Vec<Asked>,
    /// Who wants to be asked before.
    pub ask: Vec<Asked>,
}

/// Somebody who appears in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Who.
    pub person: Id,
    /// What they are called, if they say so there.
    pub name: Option<Name>,
}

impl Device {
    /// Adds a photo to a session, for everybody in its event. `picture` is a JPEG, PNG or WebP of at
    /// most 8 MiB, `thumbnail` a small one of it. What a camera wrote into them besides the picture, such
    /// as where it was taken, is left out. Returns the photo's id. The same picture lies in an event once,
    /// however often this person adds it.
    ///
    /// # Errors
    /// [`Error::Photo`], [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn add_photo(
        &self,
        session: Id,
        picture: &[u8],
        thumbnail: Option<Thumbnail>,
        caption: &Caption,
    ) -> Result<Id> {
        if picture.len() > PHOTO_MAX_BYTES as usize {
            return Err(PhotoError::TooLarge.into());
        }
        let picture = alone(picture)?;
        let thumbnail = match thumbnail {
            Some(small) => Thumbnail::new(alone(small.as_bytes())?).ok(),
            None => None,
        };
        let media = MediaType::of(&picture).ok_or(PhotoError::OtherKind)?;
        let length = u32::try_from(picture.len()).ok().map(PhotoLength::new);
        let length = length.and_then(std::result::Result::ok).ok_or(PhotoError::TooLarge)?;
        let record = self.session(session)?;
        if self.read(|view| is_off_the_record(view, &document_id(session)))? {
            return Err(PhotoError::OffTheRecord.into());
        }
        let mut photo = Photo {
            session,
            caption: caption.clone(),
            media,
            length,
            hash: Digest::new(*blake3::hash(&picture).as_bytes()),
            data: Id::new([0; 32]),
            thumbnail,
        };
        let space = space_id(record.event);
        let id = self.write(|edit| {
            photo.data = model_id(edit.attach(&space, &photo, &picture)?.as_bytes());
            let generation = edit.fresh_number(&space, PHOTO)?;
            let origin = Origin::Singleton { generation };
            Ok(edit.put(&space, PHOTO, origin, photo.encode())?)
        })?;
        Ok(model_id(id.as_bytes()))
    }

    /// The photos of a session, the oldest first. Of one that is off the record only my own, so that
    /// I can erase them.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn photos(&self, session: Id) -> Result<Vec<PhotoRecord>> {
        let record = self.session(session)?;
        self.read(|view| {
            let document = document_id(session);
            let space = view.space(&space_id(record.event))?;
            let mut found = photo::of_session(view.connection(), &space.id, &document)?;
            if is_off_the_record(view, &document)? {
                found.retain(|it| it.person == self.person());
            }
            found.into_iter().map(|it| photo_record(view, it)).collect()
        })
    }

    /// A photo.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn photo(&self, id: Id) -> Result<PhotoRecord> {
        let found = self.read(|view| {
            let found = self.find_photo(view, id)?;
            found.map(|it| photo_record(view, it)).transpose()
        })?;
        found.ok_or(Error::NotHere("that photo"))
    }

    /// The picture itself, once all of it is here and is what was announced. One that was
    /// [cleared](Self::clear_photos) is wanted again from now on.
    ///
    /// # Errors
    /// [`PhotoError::OnTheWay`] or [`PhotoError::NotIt`] in [`Error::Photo`], or [`Error::NotHere`].
    pub fn photo_bytes(&self, id: Id) -> Result<Vec<u8>> {
        let found = self.read(|view| {
            let Some(it) = self.find_photo(view, id)? else { return Ok(None) };
            let picture = view.picture(&view.space(&it.space)?, &it.person, &it.photo)?;
            Ok(Some((picture, it)))
        })?;
        match found.ok_or(Error::NotHere("that photo"))? {
            (Picture::Whole(picture), _) => Ok(picture),
            (Picture::Partly(here), it) => {
                if self.photo(id)?.cleared {
                    self.write(|edit| Ok(edit.want_again(&it.space, &it.data())?))?;
                }
                Err(PhotoError::OnTheWay { here, bytes: it.photo.length.get() }.into())
            }
            (Picture::Other, _) => Err(PhotoError::NotIt.into()),
        }
    }

    /// Gives a photo of mine another caption.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] when it is somebody else's, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn set_photo_caption(&self, id: Id, caption: &Caption) -> Result<()> {
        let it = self.own_photo(id)?;
        let changed = Photo { caption: caption.clone(), ..it.photo };
        self.write(|edit| Ok(edit.put_again(&it.space, &it.id, changed.encode())?))
    }

    /// Erases a photo of mine, and its picture unless another of my photos shows it: here at once, and on
    /// each device that hears of it.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] when it is somebody else's, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_photo(&self, id: Id) -> Result<()> {
        let it = self.own_photo(id)?;
        self.write(|edit| erase(edit, &it))
    }

    /// Who of an event does not simply want to be photographed; `id` is the event's or a session's.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn photo_consent_in(&self, id: Id) -> Result<ConsentRecord> {
        let event = match self.session(id) {
            Ok(record) => record.event,
            Err(Error::NotHere(_)) => id,
            Err(error) => return Err(error),
        };
        let space = self.event_space(event)?.id;
        let people =
            self.read(|view| Ok(card::in_space(view.connection(), &space, None, u32::MAX)?))?;
        let mut consent = ConsentRecord::default();
        for one in people.into_iter().filter(|one| one.person != self.person()) {
            let list = match one.card.photo_consent() {
                PhotoConsent::Yes => continue,
                PhotoConsent::Ask => &mut consent.ask,
                PhotoConsent::No => &mut consent.no,
            };
            let person = model_id(one.person.as_bytes());
            list.push(Asked { person, name: one.card.name().cloned() });
        }
        Ok(consent)
    }

    /// The photo with this id; somebody else's of a session off the record counts as not here.
    fn find_photo(
        &self,
        view: &View<'_>,
        id: Id,
    ) -> teilgeber_store::Result<Option<photo::Pictured>> {
        let Some(it) = photo::get(view.connection(), &document_id(id))? else { return Ok(None) };
        let is_mine = it.person == self.person();
        let is_shown = is_mine || !is_off_the_record(view, &document_id(it.photo.session))?;
        Ok(Some(it).filter(|_| is_shown))
    }

    fn own_photo(&self, id: Id) -> Result<photo::Pictured> {
        let found = self.read(|view| Ok(photo::get(view.connection(), &document_id(id))?))?;
        let it = found.ok_or(Error::NotHere("that photo"))?;
        match it.person == self.person() {
            true => Ok(it),
            false => Err(Error::NotAllowed("the person who took it")),
        }
    }
}

/// The picture without what a camera tells besides it.
pub(crate) fn alone(picture: &[u8]) -> Result<Vec<u8>> {
    Ok(without_metadata(picture).ok_or(PhotoError::OtherKind)?)
}

/// Where a photo is. Of my own the picture counts too; of somebody else's, whose picture may have come here
/// after others were met, what is said of it and the small picture.
pub(crate) fn places(
    view: &View<'_>,
    me: &PersonId,
    id: &DocumentId,
) -> teilgeber_store::Result<Option<Places>> {
    let Some(it) = photo::get(view.connection(), id)? else { return Ok(None) };
    let space = view.space(&it.space)?;
    let words = view.places(&space, id)?;
    if it.person != *me {
        return Ok(Some(words));
    }
    let picture = view.places(&space, &it.data())?;
    Ok(Some(Places {
        devices: words.devices.min(picture.devices),
        hubs: words.hubs.min(picture.hubs),
        others: words.others && picture.others,
    }))
}

fn erase(edit: &mut Edit<'_>, it: &photo::Pictured) -> Result<()> {
    edit.erase(&it.space, &it.id)?;
    let others = photo::of_data(edit.connection(), &it.space, &it.data());
    let others = others.map_err(StoreError::from)?;
    if !others.iter().any(|other| other.person == it.person) {
        edit.erase(&it.space, &it.data())?;
    }
    Ok(())
}

/// Whether the session's rule, or its event's, says that nothing may be told of it.
fn is_off_the_record(view: &View<'_>, id: &DocumentId) -> teilgeber_store::Result<bool> {
    let Some(found) = session::get(view.connection(), id)? else { return Ok(false) };
    let camp = event::get(view.connection(), &found.space)?;
    let rule = camp.map_or(Policy::default(), |camp| camp.event.rules().policy);
    Ok(found.session.policy().strictest(rule) == Policy::OffTheRecord)
}

fn photo_record(view: &View<'_>, it: photo::Pictured) -> teilgeber_store::Result<PhotoRecord> {
    let space = view.space(&it.space)?;
    let here = view.picture_bytes_here(&space, &it.person, &it.photo)?;
    Ok(PhotoRecord {
        id: model_id(it.id.as_bytes()),
        event: model_id(it.space.as_bytes()),
        session: it.photo.session,
        person: model_id(it.person.as_bytes()),
        time: it.time,
        cleared: view.is_cleared(&space, &it.data())?,
        hidden: it.hidden,
        caption: it.photo.caption,
        media: it.photo.media,
        bytes: it.photo.length.get(),
        here,
        data: it.photo.data,
        hash: it.photo.hash,
        thumbnail: it.photo.thumbnail,
    })
}
