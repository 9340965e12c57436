//! What must be shown, in the most naive way: a list of facts, and who has heard which.

use std::collections::{BTreeMap, BTreeSet};

use teilgeber_device::model::*;
use teilgeber_device::{Device, OfferFilter, PostFilter, SeatState};

/// Which facts have reached a phone, by their numbers.
pub(crate) type Known = BTreeSet<usize>;

/// Something that somebody did.
#[derive(Debug, Clone)]
pub(crate) enum Fact {
    /// Somebody shows this name, and no other any more.
    Appears(Id, String),
    /// Somebody is to be seen no more, and took back all that only they may write.
    Vanishes(Id),
    /// A session was pitched, or called otherwise.
    Titled(Id, String),
    /// A session was placed, by somebody who knew where it was.
    Placed(Id, Placement),
    /// Somebody posted, or changed what they had posted.
    Posted(Id, Id, String),
    /// A post was erased.
    Unposted(Id),
    /// Somebody offers a topic, or wants it.
    Topic(Id, Stance, String),
    /// Somebody wrote a line into a session's pad.
    Noted(Id, String),
    /// Somebody shows that they look forward to a session.
    Starred(Id, Id),
    /// Somebody offers places in a car.
    Offered(Id, String),
    /// Somebody asked for a place.
    Asked(Id, Id),
    /// The owner answered.
    Answered(Id, bool),
}

/// All that anybody did, in the order in which it was done.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    facts: Vec<Fact>,
}

/// All that a phone shows of the camp.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wall {
    people: BTreeMap<Id, String>,
    sessions: BTreeMap<Id, (String, Option<Placement>)>,
    /// Who said what.
    posts: BTreeMap<Id, (Id, String)>,
    topics: BTreeSet<(Id, bool, String)>,
    /// The lines of each pad.
    pads: BTreeMap<Id, BTreeSet<String>>,
    /// Who shows that they look forward to what.
    stars: BTreeSet<(Id, Id)>,
    offers: BTreeMap<Id, String>,
    /// Each request, with whose it is and whether it was granted.
    seats: BTreeMap<Id, (Id, Option<bool>)>,
}

impl Oracle {
    /// Notes a fact down. Returns its number.
    pub(crate) fn add(&mut self, fact: Fact) -> usize {
        self.facts.push(fact);
        self.facts.len() - 1
    }

    /// How many facts there are.
    pub(crate) fn len(&self) -> usize {
        self.facts.len()
    }

    /// What follows from the facts that somebody knows.
    pub(crate) fn wall(&self, known: &Known) -> Wall {
        let mut wall = Wall::default();
        for fact in known {
            wall.learn(&self.facts[*fact]);
        }
        wall
    }

    /// The sessions of which the oracle was told: a schedule may have brought more.
    pub(crate) fn sessions(&self) -> BTreeSet<Id> {
        let told = self.facts.iter().filter_map(|fact| match fact {
            Fact::Titled(session, _) | Fact::Placed(session, _) => Some(*session),
            _ => None,
        });
        told.collect()
    }
}

impl Wall {
    fn learn(&mut self, fact: &Fact) {
        match fact.clone() {
            Fact::Appears(person, name) => drop(self.people.insert(person, name)),
            Fact::Vanishes(person) => {
                self.people.remove(&person);
                self.posts.retain(|_, (author, _)| *author != person);
                self.topics.retain(|(who, _, _)| *who != person);
                self.stars.retain(|(who, _)| *who != person);
                self.seats.retain(|_, (who, _)| *who != person);
            }
            Fact::Titled(session, title) => self.sessions.entry(session).or_default().0 = title,
            Fact::Placed(session, place) => {
                self.sessions.entry(session).or_default().1 = Some(place);
            }
            Fact::Posted(post, author, text) => drop(self.posts.insert(post, (author, text))),
            Fact::Unposted(post) => drop(self.posts.remove(&post)),
            Fact::Topic(person, stance, topic) => {
                self.topics.insert((person, stance == Stance::Offer, topic));
            }
            Fact::Noted(session, line) => drop(self.pads.entry(session).or_default().insert(line)),
            Fact::Starred(person, session) => drop(self.stars.insert((person, session))),
            Fact::Offered(offer, from) => drop(self.offers.insert(offer, from)),
            Fact::Asked(request, person) => drop(self.seats.insert(request, (person, None))),
            Fact::Answered(request, yes) => {
                if let Some((_, answer)) = self.seats.get_mut(&request) {
                    *answer = Some(yes);
                }
            }
        }
    }

    /// What a device really shows.
    pub(crate) fn shown_by(device: &Device, event: Id, told: &BTreeSet<Id>) -> Self {
        let mut wall = Self::default();
        for one in device.participants(event, None, 10_000).unwrap().0 {
            wall.people.insert(one.person, one.card.name().expect("a name").to_string());
        }
        for item in device.board(event).unwrap() {
            let session = item.session.id;
            if told.contains(&session) {
                let title = item.session.session.title().to_string();
                wall.sessions.insert(session, (title, item.placement));
                wall.look_into(device, session);
            }
        }
        for post in device.posts(event, &PostFilter::default(), None, 10_000).unwrap() {
            wall.posts.insert(post.id, (post.author, post.post.text().to_string()));
        }
        for topic in device.topics(event).unwrap() {
            for (people, offers) in [(&topic.offered_by, true), (&topic.wanted_by, false)] {
                let name = topic.topic.to_string();
                wall.topics.extend(people.iter().map(|who| (who.person, offers, name.clone())));
            }
        }
        for offer in device.offers(event, &OfferFilter::default(), Millis::EPOCH).unwrap() {
            let Offering::Ride { from, .. } = offer.offer.offering() else { continue };
            wall.offers.insert(offer.id, from.to_string());
            for seat in &offer.requests {
                let answer = match seat.state {
                    SeatState::Yes => Some(true),
                    SeatState::No => Some(false),
                    _ => None,
                };
                wall.seats.insert(seat.id, (seat.person, answer));
            }
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
    }
}
