//! What a phone shows of the camp, and what it must show.

use std::collections::{BTreeMap, BTreeSet};

use teilgeber_device::model::*;
use teilgeber_device::{Device, Did, OfferFilter, PostFilter, SeatState};

use super::mine::Mine;
use super::oracle::{Picture, Seat, Truth, Words};

/// All that a phone shows of the camp.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wall {
    /// Whether its person may organise.
    organises: bool,
    people: BTreeMap<Id, (String, String)>,
    sessions: BTreeMap<Id, Pinned>,
    posts: BTreeMap<Id, Words>,
    /// With their pictures: all of them are here, but for what was cleared.
    photos: BTreeMap<Id, Picture>,
    topics: BTreeSet<(Id, bool, String)>,
    /// The lines of each pad.
    pads: BTreeMap<Id, BTreeSet<String>>,
    /// Who shows that they look forward to what.
    stars: BTreeSet<(Id, Id)>,
    offers: BTreeMap<Id, String>,
    /// What is asked for of these offers.
    seats: BTreeMap<Id, Seat>,
    /// What those did whom the person follows.
    news: BTreeSet<(Id, String)>,
    /// What the other camp borrowed, for those who are there too.
    lent: BTreeSet<String>,
}

/// A session as it stands on the board.
#[derive(Debug, PartialEq, Eq)]
struct Pinned {
    title: String,
    policy: Policy,
    place: Option<Placement>,
    locked: bool,
}

impl Wall {
    /// What must be shown to somebody for whom this is true, and who keeps this.
    pub(crate) fn expected(truth: &Truth, mine: &Mine, me: Id) -> Self {
        let mut wall = Self {
            organises: truth.organisers.contains(&me),
            people: truth.people.clone(),
            topics: truth.topics.clone(),
            lent: truth.lent.values().cloned().collect(),
            ..Self::default()
        };
        wall.people.retain(|person, _| !mine.has_blocked(person));
        wall.topics.retain(|(person, _, _)| !mine.has_blocked(person));
        let offers = truth.offers.iter().filter(|(_, (owner, _))| !mine.has_blocked(owner));
        wall.offers = offers.map(|(id, (_, from))| (*id, from.clone())).collect();
        let seats = truth.seats.iter().filter(|(_, seat)| {
            wall.offers.contains_key(&seat.offer) && !mine.has_blocked(&seat.person)
        });
        wall.seats = seats.map(|(id, seat)| (*id, *seat)).collect();
        for (id, talk) in truth.sessions.iter().filter(|(id, _)| !truth.is_hidden(id)) {
            let place = talk.place.clone();
            let locked = place.as_ref().is_some_and(|at| truth.locked.contains(at.room.as_str()));
            let (title, policy) = (talk.title.clone(), talk.policy);
            wall.sessions.insert(*id, Pinned { title, policy, place, locked });
            wall.pads.extend(truth.pads.get(id).map(|lines| (*id, lines.clone())));
            let stars = truth.stars.iter().filter(|(_, session)| session == id);
            wall.stars.extend(stars.filter(|(person, _)| !mine.has_blocked(person)));
            let photos = truth.photos.iter().filter(|(_, picture)| picture.session == *id);
            let photos = photos.filter(|(_, picture)| !mine.has_blocked(&picture.person));
            let photos = photos.filter(|(_, it)| policy != Policy::OffTheRecord || it.person == me);
            wall.photos.extend(photos.map(|(id, picture)| (*id, picture.clone())));
            if let Some(pitcher) = talk.pitcher.filter(|it| mine.followed.contains(it)) {
                wall.news.insert((pitcher, talk.title.clone()));
            }
        }
        for (id, words) in truth.posts.iter().filter(|(id, _)| !truth.is_hidden(id)) {
            if !mine.quiet.contains_key(&words.author) && !mine.leaving.contains(id) {
                wall.posts.insert(*id, words.clone());
            }
            if mine.followed.contains(&words.author) {
                wall.news.insert((words.author, words.text.clone()));
            }
        }
        wall
    }

    /// Of these photos the pictures are not here.
    pub(crate) fn clear(&mut self, cleared: &BTreeSet<Id>) {
        for (_, picture) in self.photos.iter_mut().filter(|(id, _)| cleared.contains(id)) {
            picture.bytes = 0;
        }
    }

    /// What a device really shows of these sessions and of all else.
    pub(crate) fn shown_by(
        device: &Device,
        event: Id,
        told: &BTreeSet<Id>,
        harbour: Option<Id>,
    ) -> Self {
        let mut wall =
            Self { organises: device.event(event).unwrap().organiser, ..Self::default() };
        for one in device.participants(event, None, 10_000).unwrap().0 {
            let name = one.card.name().expect("a name").to_string();
            wall.people.insert(one.person, (name, one.card.bio().to_string()));
        }
        for item in device.board(event).unwrap() {
            let (id, session) = (item.session.id, item.session.session);
            if told.contains(&id) {
                let (title, policy) = (session.title().to_string(), session.policy());
                let pinned = Pinned { title, policy, place: item.placement, locked: item.locked };
                wall.sessions.insert(id, pinned);
                wall.look_into(device, id);
            }
        }
        for it in device.posts(event, &PostFilter::default(), None, 10_000).unwrap() {
            let (text, about) = (it.post.text().to_string(), it.post.session());
            let everyone = it.post.everyone().is_some();
            wall.posts.insert(it.id, Words { author: it.author, text, about, everyone });
        }
        for topic in device.topics(event).unwrap() {
            for (people, offers) in [(&topic.offered_by, true), (&topic.wanted_by, false)] {
                let name = topic.topic.to_string();
                wall.topics.extend(people.iter().map(|who| (who.person, offers, name.clone())));
            }
        }
        wall.look_at_offers(device, event);
        for heard in device.news_of_followed(Millis::EPOCH).unwrap() {
            match heard.what {
                Did::Pitched { title, .. } => {
                    wall.news.insert((heard.person, title.to_string()));
                }
                Did::Said { text, .. } => drop(wall.news.insert((heard.person, text.to_string()))),
                Did::Card | Did::Appears { .. } => {}
            }
        }
        for one in harbour.map(|it| device.lent(it).unwrap()).unwrap_or_default() {
            wall.lent.insert(match one.loan {
                Loan::Session(title) => title.to_string(),
                Loan::Words { words, .. } => words.text.to_string(),
            });
        }
        wall
    }

    fn look_into(&mut self, device: &Device, session: Id) {
        let pad = device.pad(session).unwrap().text;
        let lines: BTreeSet<String> =
            pad.as_str().lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        if !lines.is_empty() {
            self.pads.insert(session, lines);
        }
        let fans = device.starred_by(session).unwrap();
        self.stars.extend(fans.iter().map(|fan| (fan.person, session)));
        for photo in device.photos(session).unwrap() {
            let (person, caption) = (photo.person, photo.caption.to_string());
            let bytes = photo.here as usize;
            self.photos.insert(photo.id, Picture { person, session, caption, bytes });
        }
    }

    fn look_at_offers(&mut self, device: &Device, event: Id) {
        for offer in device.offers(event, &OfferFilter::default(), Millis::EPOCH).unwrap() {
            let Offering::Ride { from, .. } = offer.offer.offering() else { continue };
            self.offers.insert(offer.id, from.to_string());
            for seat in &offer.requests {
                let answer = match seat.state {
                    SeatState::Yes => Some(true),
                    SeatState::No => Some(false),
                    _ => None,
                };
                let (offer, person) = (offer.id, seat.person);
                self.seats.insert(seat.id, Seat { offer, person, answer });
            }
        }
    }
}
