//! Everything of mine, collected: see [`super`] for what is left out.

use std::collections::{BTreeMap, BTreeSet};

use teilgeber_formats::mine::{
    Mine, MyAnchor, MyEvent, MyNote, MyOffer, MyPad, MyPhoto, MyPost, MySeatRequest, MySession,
    Named,
};
use teilgeber_model::{About, Anchor, Contact, Holds, Id, List, Meeting, Millis, Policy, Speakers};
use teilgeber_store::nouns::starred;

use super::arrivals::Arrivals;
use crate::device::{Device, document_id, moment, space_id};
use crate::error::{Error, Result};
use crate::{EventRecord, NoteFilter, OfferFilter, PostFilter, SessionRecord};

impl Device {
    /// All of it, as it stands.
    pub(super) fn collect_mine(&self) -> Result<Mine> {
        let mut mine = Mine::new(self.me()?.person, moment(self.now()));
        let arrivals = self.read(|view| view.keepsake(Arrivals::kept_under()))?;
        let arrivals = Arrivals::read(arrivals);
        mine.profile = self.profile()?;
        mine.notes = self.my_notes(&arrivals)?;
        mine.anchors = self.my_anchors(&arrivals)?;
        for record in self.contacts()? {
            mine.contacts.push(self.told_contact(record.contact)?);
        }
        mine.contacts.sort_by_key(Contact::person);
        mine.muted = self.muted()?;
        mine.muted.sort_by_key(|it| it.person);
        for conversation in self.conversations()? {
            let all = self.messages(conversation.person)?;
            mine.messages.extend(all.into_iter().map(|it| it.message));
        }
        mine.messages.sort_by(|a, b| {
            (a.person, a.written, a.mine, &a.text).cmp(&(b.person, b.written, b.mine, &b.text))
        });
        for event in self.events()? {
            mine.events.push(self.my_event(event)?);
        }
        mine.stars = self.read(|view| Ok(starred::all(view.connection())?))?;
        mine.events.sort_by_key(|event| event.id);
        mine.sessions = self.sessions_named_in(&mine)?;
        Ok(mine)
    }

    fn my_notes(&self, arrivals: &Arrivals) -> Result<Vec<MyNote>> {
        let mut notes = Vec::new();
        for headline in self.notes(&NoteFilter::default(), None, u32::MAX)? {
            let record = self.note(headline.id)?;
            let id = arrivals.first_name(record.id);
            notes.push(MyNote { id, updated: record.updated, note: record.note });
        }
        notes.sort_by_key(|it| (it.updated, it.id));
        Ok(notes)
    }

    fn my_anchors(&self, arrivals: &Arrivals) -> Result<Vec<MyAnchor>> {
        let mut anchors = self.anchors(false)?;
        anchors.extend(self.anchors(true)?);
        let mine = |it: crate::AnchorRecord| {
            let id = arrivals.first_name(it.id);
            MyAnchor { id, anchor: pointing(it.anchor, |note| arrivals.first_name(note)) }
        };
        let mut anchors: Vec<_> = anchors.into_iter().map(mine).collect();
        anchors.sort_by_key(|it| it.id);
        Ok(anchors)
    }

    /// A contact without the sessions, not open, in which we met: that they were there may not be told.
    fn told_contact(&self, contact: Contact) -> Result<Contact> {
        let mut meetings = Vec::new();
        for met in contact.meetings() {
            let rule = met.session.map(|session| self.rule_of(session)).transpose()?.flatten();
            let told = rule.is_none_or(|rule| rule == Policy::Open);
            meetings.push(Meeting { session: met.session.filter(|_| told), ..met.clone() });
        }
        Ok(contact.with_meetings(List::lossy(meetings)))
    }

    fn my_event(&self, record: EventRecord) -> Result<MyEvent> {
        let event = record.id;
        let mut mine = MyEvent::new(event, record.name);
        mine.days = record.event.as_ref().map(|event| event.days());
        mine.time_zone = record.event.as_ref().map(|event| event.time_zone().clone());
        (mine.organiser, mine.appearing) = (record.organiser, record.appearing);
        mine.shares_stars = self.shares_stars(event)?;
        mine.topics = self.my_topics(event)?;
        mine.offers = self.my_offers(event)?;
        for it in self.my_seat_requests(event)? {
            mine.seat_requests.push(MySeatRequest {
                id: it.id,
                number: self.number_of_mine(event, it.id)?,
                offer: it.offer,
                asked: it.asked,
                places: it.places,
                word: it.word,
            });
        }
        mine.posts = self.my_posts(event)?;
        for session in self.sessions(event)? {
            self.add_of_session(&session, &mut mine)?;
        }
        mine.seat_requests.sort_by_key(|it| it.id);
        mine.sessions.sort_by_key(|it| it.id);
        mine.pads.sort_by_key(|it| it.session);
        mine.photos.sort_by_key(|it| it.id);
        Ok(mine)
    }

    fn my_offers(&self, event: Id) -> Result<Vec<MyOffer>> {
        let own = OfferFilter { owner: Some(self.me()?.person), ..OfferFilter::default() };
        let mut offers = Vec::new();
        for it in self.offers_since(event, &own, Millis::EPOCH, moment(self.now()))? {
            offers.push(MyOffer {
                id: it.id,
                number: self.number_of_mine(event, it.id)?,
                offer: it.offer,
            });
        }
        offers.sort_by_key(|it| it.id);
        Ok(offers)
    }

    fn my_posts(&self, event: Id) -> Result<Vec<MyPost>> {
        let own = PostFilter { author: Some(self.me()?.person), ..PostFilter::default() };
        let mut posts = Vec::new();
        for it in self.posts(event, &own, None, u32::MAX)? {
            posts.push(MyPost {
                id: it.id,
                number: self.number_of_mine(event, it.id)?,
                said: it.post.said(),
                text: it.post.text().clone(),
                about: it.post.about().cloned(),
                reply_to: it.post.reply_to(),
                mentions: it.post.mentions().clone(),
                everyone: it.post.everyone().is_some(),
                policy: it.policy,
            });
        }
        posts.sort_by_key(|it| (it.said, it.id));
        Ok(posts)
    }

    /// What I did about one session: that I pitched it, my words in its pad, my photos.
    fn add_of_session(&self, record: &SessionRecord, to: &mut MyEvent) -> Result<()> {
        let me = self.me()?.person;
        let rule = self.policy_of(record.id)?;
        if record.pitcher == Some(me) {
            let whole = record.session.clone();
            let told = match rule {
                Policy::Open => whole,
                // A talk's page names its speakers.
                _ => whole.with_speakers(Speakers::default()).with_link(None),
            };
            to.sessions.push(MySession { id: record.id, rule, session: told });
        }
        if self.pad(record.id)?.authors.iter().any(|author| author.person == me) {
            let spans = self.pad_spans(record.id)?.into_iter();
            let words = spans.filter(|span| span.person == Some(me)).map(|span| span.text);
            let gone = self.missing_from_pad(record.id)?;
            to.pads.push(MyPad { session: record.id, rule, words: words.collect(), gone });
        }
        for photo in self.photos(record.id)?.into_iter().filter(|photo| photo.person == me) {
            to.photos.push(MyPhoto {
                id: photo.id,
                number: self.number_of_mine(record.event, photo.id)?,
                session: record.id,
                rule,
                time: photo.time,
                caption: photo.caption,
                media: photo.media,
                hash: photo.hash,
                here: rule == Policy::Open && photo.here == photo.bytes,
            });
        }
        Ok(())
    }

    /// The sessions of others that are pointed at, by the name that may be told.
    fn sessions_named_in(&self, mine: &Mine) -> Result<Vec<Named>> {
        let own: BTreeSet<Id> =
            mine.events.iter().flat_map(|event| event.sessions.iter().map(|it| it.id)).collect();
        let mut named = BTreeMap::new();
        for id in pointed_at(mine).filter(|id| !own.contains(id)) {
            let record = match self.session(id) {
                Ok(record) => record,
                // It has not come, or went.
                Err(Error::NotHere(_)) => continue,
                Err(error) => return Err(error),
            };
            let title = match self.told_title(&record) {
                Ok(title) => title,
                // The event itself has not come, so whose names to leave out is not known.
                Err(Error::NotHere(_)) => continue,
                Err(error) => return Err(error),
            };
            let rule = self.policy_of(id)?;
            named.insert(id, Named { id, event: record.event, rule, title });
        }
        Ok(named.into_values().collect())
    }

    fn rule_of(&self, session: Id) -> Result<Option<Policy>> {
        match self.policy_of(session) {
            Ok(rule) => Ok(Some(rule)),
            Err(Error::NotHere(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The number of a document of mine in an event.
    fn number_of_mine(&self, event: Id, id: Id) -> Result<u32> {
        let number = self.read(|view| {
            let space = view.space(&space_id(event))?;
            view.number(&space, &document_id(id))
        })?;
        number.ok_or(Error::NotHere("that"))
    }
}

/// The same anchor; a note that it holds to is named as `name` says.
pub(super) fn pointing(anchor: Anchor, name: impl Fn(Id) -> Id) -> Anchor {
    match anchor.holds() {
        Some(Holds::Note(note)) => {
            let note = name(*note);
            anchor.with_holds(Some(Holds::Note(note)))
        }
        _ => anchor,
    }
}

/// The sessions at which anything points.
fn pointed_at(mine: &Mine) -> impl Iterator<Item = Id> {
    let notes = mine.notes.iter().filter_map(|it| it.note.session());
    let anchors = mine.anchors.iter().filter_map(|it| match it.anchor.holds() {
        Some(Holds::Session(session)) => Some(*session),
        _ => None,
    });
    let met = mine.contacts.iter().flat_map(|it| it.meetings().iter());
    let met = met.filter_map(|meeting| meeting.session);
    let stars = mine.stars.iter().map(|star| star.session);
    let events = mine.events.iter().flat_map(|event| {
        let posts = event.posts.iter().filter_map(|post| match post.about {
            Some(About::Session(session)) => Some(session),
            _ => None,
        });
        let pads = event.pads.iter().map(|pad| pad.session);
        posts.chain(pads).chain(event.photos.iter().map(|photo| photo.session))
    });
    notes.chain(anchors).chain(met).chain(stars).chain(events)
}
