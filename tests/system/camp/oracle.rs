//! What is true, in the most naive way: a list of facts, and what follows for whoever knows some of them.

use std::collections::{BTreeMap, BTreeSet};

use teilgeber_device::model::*;

/// Which facts have reached a phone, by their numbers.
pub(crate) type Known = BTreeSet<usize>;

/// Something that somebody did.
#[derive(Debug, Clone)]
pub(crate) enum Fact {
    /// Somebody shows this name and these words about themselves, and nothing else any more.
    Appears(Id, String, String),
    /// Somebody is to be seen no more, and took back all that only they may write.
    Vanishes(Id),
    /// Somebody may organise.
    Organises(Id),
    /// A session was pitched by somebody.
    Pitched(Id, Id, String),
    /// A session is called otherwise.
    Titled(Id, String),
    /// What may be told of a session, from now on.
    Ruled(Id, Policy),
    /// A session was placed, by somebody who knew where it was.
    Placed(Id, Placement),
    /// Organisers keep a room as it is.
    Locked(String),
    /// Somebody posted, or changed what they had posted.
    Posted(Id, Words),
    /// Somebody took a photo.
    Pictured(Id, Picture),
    /// A post or a photo was erased, or withdrawn by an organiser.
    Gone(Id),
    /// An organiser hid a session or a post.
    Hidden(Id),
    /// An organiser showed again what had been hidden as far as they knew.
    Unhidden(Id, Known),
    /// Somebody offers a topic, or wants it.
    Topic(Id, Stance, String),
    /// Somebody wrote a line into a session's pad.
    Noted(Id, String),
    /// Somebody shows that they look forward to a session.
    Starred(Id, Id),
    /// Somebody offers places in a car.
    Offered(Id, Id, String),
    /// Somebody asked for a place that is offered.
    Asked(Id, Seat),
    /// The owner answered.
    Answered(Id, bool),
    /// One wrote to another.
    Wrote(Id, Id, String),
    /// Feedback came to one who reads it, from somebody or from nobody.
    Advised(Id, Option<Id>, String),
    /// Somebody confided a conduct report to one person.
    Reported(Id, Id, String),
    /// Organisers closed the bridge to other camps.
    BridgeClosed,
    /// At the other camp, this is lent of a session or post; `None` once nothing is.
    Lent(Id, Option<String>),
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) author: Id,
    pub(crate) text: String,
    pub(crate) about: Option<Id>,
    pub(crate) everyone: bool,
}

/// A photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) person: Id,
    pub(crate) session: Id,
    pub(crate) caption: String,
    pub(crate) bytes: usize,
}

/// A place that somebody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) offer: Id,
    pub(crate) person: Id,
    /// Whether it was granted.
    pub(crate) answer: Option<bool>,
}

/// A session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Talk {
    pub(crate) pitcher: Option<Id>,
    pub(crate) title: String,
    pub(crate) policy: Policy,
    pub(crate) place: Option<Placement>,
}

/// All that anybody did, in the order in which it was done.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    facts: Vec<Fact>,
}

/// What is true for somebody, shown or not.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) people: BTreeMap<Id, (String, String)>,
    pub(crate) organisers: BTreeSet<Id>,
    pub(crate) sessions: BTreeMap<Id, Talk>,
    pub(crate) locked: BTreeSet<String>,
    pub(crate) posts: BTreeMap<Id, Words>,
    pub(crate) photos: BTreeMap<Id, Picture>,
    pub(crate) topics: BTreeSet<(Id, bool, String)>,
    /// The lines of each pad.
    pub(crate) pads: BTreeMap<Id, BTreeSet<String>>,
    /// Who shows that they look forward to what.
    pub(crate) stars: BTreeSet<(Id, Id)>,
    /// Whose offers, and from where.
    pub(crate) offers: BTreeMap<Id, (Id, String)>,
    /// By their requests.
    pub(crate) seats: BTreeMap<Id, Seat>,
    pub(crate) lent: BTreeMap<Id, String>,
    /// By which facts something is hidden.
    hides: BTreeMap<Id, Known>,
    is_bridge_closed: bool,
}

impl Oracle {
    /// Notes a fact down. Returns its number.
    pub(crate) fn add(&mut self, fact: Fact) -> usize {
        self.facts.push(fact);
        self.last()
    }

    /// The number of the last fact.
    pub(crate) fn last(&self) -> usize {
        self.facts.len() - 1
    }

    /// The fact with this number.
    pub(crate) fn fact(&self, number: usize) -> &Fact {
        &self.facts[number]
    }

    /// All facts of which somebody may hear.
    pub(crate) fn audible(&self, at_the_harbour: bool) -> Known {
        let may = |number: &usize| at_the_harbour || !self.facts[*number].is_of_the_harbour();
        (0..self.facts.len()).filter(may).collect()
    }

    /// What follows from the facts that somebody knows.
    pub(crate) fn truth(&self, known: &Known) -> Truth {
        let mut truth = Truth::default();
        for number in known {
            truth.learn(*number, &self.facts[*number]);
        }
        truth
    }

    /// The sessions of which the oracle was told: a schedule may have brought more.
    pub(crate) fn sessions(&self) -> BTreeSet<Id> {
        let told = self.facts.iter().filter_map(|fact| match fact {
            Fact::Pitched(session, ..) => Some(*session),
            _ => None,
        });
        told.collect()
    }
}

impl Fact {
    /// Whether only those hear of it who are in the other camp too.
    fn is_of_the_harbour(&self) -> bool {
        matches!(self, Self::Lent(..))
    }
}

impl Truth {
    fn learn(&mut self, number: usize, fact: &Fact) {
        match fact.clone() {
            Fact::Appears(person, name, bio) => drop(self.people.insert(person, (name, bio))),
            Fact::Vanishes(person) => self.vanish(person),
            Fact::Organises(person) => drop(self.organisers.insert(person)),
            Fact::Pitched(session, pitcher, title) => {
                let talk = Talk { pitcher: Some(pitcher), title, ..Talk::default() };
                self.sessions.insert(session, talk);
            }
            Fact::Titled(session, title) => self.talk(session).title = title,
            Fact::Ruled(session, policy) => self.talk(session).policy = policy,
            Fact::Placed(session, place) => self.talk(session).place = Some(place),
            Fact::Locked(room) => drop(self.locked.insert(room)),
            Fact::Posted(post, words) => drop(self.posts.insert(post, words)),
            Fact::Pictured(photo, picture) => drop(self.photos.insert(photo, picture)),
            Fact::Gone(thing) => {
                self.posts.remove(&thing);
                self.photos.remove(&thing);
            }
            Fact::Hidden(thing) => drop(self.hides.entry(thing).or_default().insert(number)),
            Fact::Unhidden(thing, known) => {
                self.hides.entry(thing).or_default().retain(|hide| !known.contains(hide));
            }
            Fact::Topic(person, stance, topic) => {
                self.topics.insert((person, stance == Stance::Offer, topic));
            }
            Fact::Noted(session, line) => drop(self.pads.entry(session).or_default().insert(line)),
            Fact::Starred(person, session) => drop(self.stars.insert((person, session))),
            Fact::Offered(offer, owner, from) => drop(self.offers.insert(offer, (owner, from))),
            Fact::Asked(request, seat) => drop(self.seats.insert(request, seat)),
            Fact::Answered(request, yes) => {
                if let Some(seat) = self.seats.get_mut(&request) {
                    seat.answer = Some(yes);
                }
            }
            // Who keeps it is said in `mine`.
            Fact::Wrote(..) | Fact::Advised(..) | Fact::Reported(..) => {}
            Fact::BridgeClosed => self.is_bridge_closed = true,
            Fact::Lent(thing, Some(words)) => drop(self.lent.insert(thing, words)),
            Fact::Lent(thing, None) => drop(self.lent.remove(&thing)),
        }
    }

    /// What is still shown once the camp has faded on somebody's phone: what they wrote alone.
    pub(crate) fn faded(mut self, me: Id) -> Self {
        self.people.retain(|person, _| *person == me);
        self.sessions.retain(|_, talk| talk.pitcher == Some(me));
        self.posts.retain(|_, words| words.author == me);
        self.photos.retain(|_, picture| picture.person == me);
        self.topics.retain(|(who, _, _)| *who == me);
        self.stars.retain(|(who, _)| *who == me);
        self.offers.retain(|_, (who, _)| *who == me);
        self.seats.retain(|_, seat| seat.person == me);
        self.pads.clear();
        self
    }

    /// What others said in so many words, which no faded camp may hold.
    pub(crate) fn words_of_others(&self, me: Id) -> Vec<String> {
        let bios = self.people.iter().filter(|(person, _)| **person != me);
        let bios = bios.map(|(_, (_, bio))| bio).filter(|bio| !bio.is_empty());
        let posts = self.posts.values().filter(|words| words.author != me).map(|it| &it.text);
        let photos = self.photos.values().filter(|it| it.person != me).map(|it| &it.caption);
        bios.chain(posts).chain(photos).cloned().collect()
    }

    /// Somebody is seen no more, nor what only they may write.
    pub(crate) fn vanish(&mut self, person: Id) {
        self.people.remove(&person);
        self.posts.retain(|_, words| words.author != person);
        self.photos.retain(|_, picture| picture.person != person);
        self.topics.retain(|(who, _, _)| *who != person);
        self.stars.retain(|(who, _)| *who != person);
        self.offers.retain(|_, (who, _)| *who != person);
        self.seats.retain(|_, seat| seat.person != person);
    }

    fn talk(&mut self, session: Id) -> &mut Talk {
        self.sessions.entry(session).or_default()
    }

    /// Whether an organiser hid it.
    pub(crate) fn is_hidden(&self, thing: &Id) -> bool {
        self.hides.get(thing).is_some_and(|hides| !hides.is_empty())
    }

    /// What may be told of a session.
    pub(crate) fn policy(&self, session: &Id) -> Policy {
        self.sessions.get(session).map(|talk| talk.policy).unwrap_or_default()
    }

    /// What may be lent of a session or post.
    pub(crate) fn to_lend(&self, thing: &Id) -> Option<String> {
        if self.is_bridge_closed || self.is_hidden(thing) {
            return None;
        }
        let is_told = |session: &Id| self.policy(session) != Policy::OffTheRecord;
        let title = self.sessions.get(thing).filter(|_| is_told(thing)).map(|talk| &talk.title);
        let words = self.posts.get(thing).filter(|words| words.everyone);
        let words = words.filter(|words| words.about.as_ref().is_none_or(is_told));
        title.or(words.map(|words| &words.text)).cloned()
    }
}
