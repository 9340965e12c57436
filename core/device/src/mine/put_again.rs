//! What was published in events, put there again.
//!
//! A numbered document's id follows from its person and number. So what the same person puts again is the
//! same document, which those who have it know, and what another puts again is put once.

use std::path::Path;

use teilgeber_entry::{DocumentId, Noun, Origin, SpaceId};
use teilgeber_formats::mine::{MyEvent, MyOffer, MyPhoto, MyPost, MySeatRequest};
use teilgeber_model::{
    About, Answers, Digest, Interests, Photo, PhotoLength, Published as _, SeatRequest,
};
use teilgeber_store::nouns::{
    INTERESTS, OFFER, PHOTO, POST, SEAT_REQUEST, STARS, offer, photo, post, profile, seat_request,
    session, starred, stars as shared,
};
use teilgeber_store::{Edit, StoreError};

use super::folder;
use super::import::{Came, Fate, Found};
use crate::device::{Device, document_id, model_id, person_id, space_id};
use crate::error::{Error, Result};
use crate::post::{NewPost, compose};
use crate::{card, photo as pictures, stars, topic};

/// Puts again what may be, event by event.
pub(super) fn put_again(
    device: &Device,
    edit: &mut Edit<'_>,
    folder: &Path,
    found: &Found,
    came: &mut Came,
) -> Result<()> {
    let same = person_id(found.mine.person) == device.person();
    for event in &found.mine.events {
        let space = space_id(event.id);
        let is_held = edit.space(&space).is_ok_and(|space| space.key.is_some());
        let again = Again { device, space, same, publish: found.publish };
        if !is_held || !(same || found.publish) {
            came.left += again.all_of(event);
            continue;
        }
        again.put(edit, folder, event, came)?;
    }
    Ok(())
}

/// Where it is put, and with what right.
struct Again<'a> {
    device: &'a Device,
    space: SpaceId,
    same: bool,
    publish: bool,
}

impl Again<'_> {
    /// How many things an event has that could be put again.
    fn all_of(&self, event: &MyEvent) -> usize {
        usize::from(event.appearing)
            + usize::from(event.shares_stars)
            + event.topics.len()
            + event.offers.len()
            + event.seat_requests.len()
            + event.posts.len()
            + event.photos.iter().filter(|it| it.here).count()
    }

    fn put(
        &self,
        edit: &mut Edit<'_>,
        folder: &Path,
        event: &MyEvent,
        came: &mut Came,
    ) -> Result<()> {
        let now = edit.now();
        if event.appearing {
            self.appear(edit)?.count(came);
        }
        if event.shares_stars {
            self.share_stars(edit)?.count(came);
        }
        self.topics(edit, event, came)?;
        for it in &event.offers {
            self.offer(edit, it)?.count(came);
        }
        for it in &event.seat_requests {
            self.seat_request(edit, it)?.count(came);
        }
        for it in &event.posts {
            self.post(edit, it)?.count(came);
            edit.set_now(now);
        }
        for it in event.photos.iter().filter(|it| it.here) {
            self.photo(edit, folder, it)?.count(came);
        }
        Ok(())
    }

    fn appear(&self, edit: &mut Edit<'_>) -> Result<Fate> {
        if card::appearing(edit)?.contains(&self.space) {
            return Ok(Fate::Here);
        }
        if !self.publish && !card::was_never_shown(edit, &self.space)? {
            return Ok(Fate::Left);
        }
        card::set_appearing(edit, &self.space, true)?;
        edit.settle()?;
        let mine = profile::mine(edit.connection()).map_err(StoreError::from)?;
        card::publish_in_event(edit, &self.space, &mine)?;
        Ok(Fate::New)
    }

    fn share_stars(&self, edit: &mut Edit<'_>) -> Result<Fate> {
        let person = self.device.person();
        let shown = shared::of_person(edit.connection(), &self.space, &person);
        if shown.map_err(StoreError::from)?.is_some() {
            return Ok(Fate::Here);
        }
        if !self.publish && edit.generation(&self.space, STARS)? > 0 {
            return Ok(Fate::Left);
        }
        edit.settle()?;
        let mine = starred::in_event(edit.connection(), &self.space).map_err(StoreError::from)?;
        stars::publish(edit, &self.space, &mine)?;
        Ok(Fate::New)
    }

    /// One list: unless it is asked for, nothing is added to one that stands here or was taken back.
    fn topics(&self, edit: &mut Edit<'_>, event: &MyEvent, came: &mut Came) -> Result<()> {
        if event.topics.is_empty() {
            return Ok(());
        }
        let listed = topic::mine(edit, &self.space)?;
        let generation = edit.generation(&self.space, INTERESTS)?;
        let may = self.publish || (listed.is_none() && generation == 0);
        let before = listed.as_ref().map(|it| it.interests.clone()).unwrap_or_default();
        let mut list: Interests = before.clone();
        for topic in &event.topics {
            let is_here = before.topics().iter().any(|it| it.folded() == topic.folded());
            let fate = match (is_here, may) {
                (true, _) => Fate::Here,
                (false, false) => Fate::Left,
                (false, true) => {
                    list = list.with(topic.clone()).map_err(|_| Error::Shorten)?;
                    Fate::New
                }
            };
            fate.count(came);
        }
        if list == before {
            return Ok(());
        }
        match listed {
            Some(listed) => edit.put_again(&self.space, &listed.id, list.encode())?,
            None => {
                edit.put(&self.space, INTERESTS, Origin::Singleton { generation }, list.encode())?;
            }
        }
        Ok(())
    }

    fn offer(&self, edit: &mut Edit<'_>, it: &MyOffer) -> Result<Fate> {
        let (id, origin) = self.numbered(edit, OFFER, it.number)?;
        if offer::get(edit.connection(), &id).map_err(StoreError::from)?.is_some() {
            return Ok(Fate::Here);
        }
        if edit.is_gone(&self.space, &id)? {
            return Ok(Fate::Erased);
        }
        if !self.same && it.offer.until().get() <= edit.now() {
            return Ok(Fate::Left);
        }
        // Another person's answers would be to requests that were not made to them.
        let answers = if self.same { it.offer.answers().clone() } else { Answers::default() };
        let offer = it.offer.clone().with_answers(answers).map_err(|_| Error::NoPlaceLeft)?;
        edit.put(&self.space, OFFER, origin, offer.encode())?;
        Ok(Fate::New)
    }

    fn seat_request(&self, edit: &mut Edit<'_>, it: &MySeatRequest) -> Result<Fate> {
        let (id, origin) = self.numbered(edit, SEAT_REQUEST, it.number)?;
        if seat_request::get(edit.connection(), &id).map_err(StoreError::from)?.is_some() {
            return Ok(Fate::Here);
        }
        if edit.is_gone(&self.space, &id)? {
            return Ok(Fate::Erased);
        }
        let asked = offer::get(edit.connection(), &document_id(it.offer));
        let asked = asked.map_err(StoreError::from)?.filter(|asked| asked.space == self.space);
        // As long as the offer has not come there is nothing to ask for.
        let places = asked
            .filter(|asked| asked.person != self.device.person())
            .filter(|asked| asked.offer.until().get() > edit.now())
            .and_then(|asked| asked.offer.offering().places());
        if places.is_none_or(|places| it.places > places) {
            return Ok(Fate::Left);
        }
        let request = SeatRequest { offer: it.offer, places: it.places, word: it.word.clone() };
        edit.put(&self.space, SEAT_REQUEST, origin, request.encode())?;
        Ok(Fate::New)
    }

    fn post(&self, edit: &mut Edit<'_>, it: &MyPost) -> Result<Fate> {
        let (id, origin) = self.numbered(edit, POST, it.number)?;
        if post::get(edit.connection(), &id).map_err(StoreError::from)?.is_some() {
            return Ok(Fate::Here);
        }
        if edit.is_gone(&self.space, &id)? {
            return Ok(Fate::Erased);
        }
        let new = NewPost {
            text: it.text.clone(),
            about: it.about.clone(),
            reply_to: it.reply_to,
            mentions: it.mentions.clone(),
            everyone: it.everyone,
        };
        if let Some(About::Session(session)) = it.about
            && !self.has(edit, session)?
        {
            return Ok(Fate::Left);
        }
        let post = match compose(edit, &self.space, &id, &new, it.said) {
            // It became so since.
            Err(Error::OffTheRecord) => return Ok(Fate::Left),
            other => other?,
        };
        // A later time than that of the words would say that they were changed.
        edit.set_now(it.said.get());
        edit.put(&self.space, POST, origin, post.encode())?;
        Ok(Fate::New)
    }

    fn photo(&self, edit: &mut Edit<'_>, folder: &Path, it: &MyPhoto) -> Result<Fate> {
        let (id, origin) = self.numbered(edit, PHOTO, it.number)?;
        if photo::get(edit.connection(), &id).map_err(StoreError::from)?.is_some() {
            return Ok(Fate::Here);
        }
        if edit.is_gone(&self.space, &id)? {
            return Ok(Fate::Erased);
        }
        // What the same person put there comes by sync, with its picture.
        if !self.publish || !self.has(edit, it.session)? || self.is_silent(edit, it.session)? {
            return Ok(Fate::Left);
        }
        let Some(picture) = folder::photo(folder, it)? else { return Ok(Fate::Left) };
        let picture = pictures::alone(&picture)?;
        let length = u32::try_from(picture.len()).ok().and_then(|it| PhotoLength::new(it).ok());
        let Some(length) = length else { return Ok(Fate::Left) };
        let mut photo = Photo {
            session: it.session,
            caption: it.caption.clone(),
            media: it.media,
            length,
            hash: Digest::new(*blake3::hash(&picture).as_bytes()),
            data: teilgeber_model::Id::new([0; 32]),
            thumbnail: None,
        };
        photo.data = model_id(edit.attach(&self.space, &photo, &picture)?.as_bytes());
        edit.put(&self.space, PHOTO, origin, photo.encode())?;
        Ok(Fate::New)
    }

    fn numbered(
        &self,
        edit: &mut Edit<'_>,
        noun: Noun,
        number: u32,
    ) -> Result<(DocumentId, Origin)> {
        let origin = Origin::Singleton { generation: number };
        Ok((edit.named_document(&self.space, noun, origin)?, origin))
    }

    /// Whether a session has come, so that its policy is known.
    fn has(&self, edit: &Edit<'_>, session: teilgeber_model::Id) -> Result<bool> {
        let found = session::get(edit.connection(), &document_id(session));
        let found = found.map_err(StoreError::from)?;
        Ok(found.is_some_and(|pitched| pitched.space == self.space))
    }

    /// Whether nothing of it is told, or not by whom.
    fn is_silent(&self, edit: &Edit<'_>, session: teilgeber_model::Id) -> Result<bool> {
        let db = edit.connection();
        let found = session::get(db, &document_id(session)).map_err(StoreError::from)?;
        let Some(found) = found else { return Ok(true) };
        let policy = session::policy_of(db, &found).map_err(StoreError::from)?;
        Ok(policy != teilgeber_model::Policy::Open)
    }
}
