//! What must be shown, in the most naive way: a list of facts, and who has heard which.

use std::collections::{BTreeMap, BTreeSet};

use teilgeber_device::Device;
use teilgeber_device::model::*;

/// Which facts have reached a phone, by their numbers.
pub(crate) type Known = BTreeSet<usize>;

/// Something that somebody did.
#[derive(Debug, Clone)]
pub(crate) enum Fact {
    /// Somebody shows this name, and no other any more.
    Appears(Id, String),
    /// Somebody is to be seen no more.
    Vanishes(Id),
    /// A session was pitched, or called otherwise.
    Titled(Id, String),
    /// A session was placed, by somebody who knew where it was.
    Placed(Id, Option<Placement>),
}

/// All that anybody did, in the order in which it was done.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    facts: Vec<Fact>,
}

/// All that a phone shows of the camp.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wall {
    /// Who is to be seen, by the name that they show.
    people: BTreeMap<Id, String>,
    /// The sessions, and where they are.
    sessions: BTreeMap<Id, (String, Option<Placement>)>,
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
            match &self.facts[*fact] {
                Fact::Appears(person, name) => {
                    wall.people.insert(*person, name.clone());
                }
                Fact::Vanishes(person) => {
                    wall.people.remove(person);
                }
                Fact::Titled(session, title) => {
                    wall.sessions.entry(*session).or_default().0.clone_from(title);
                }
                Fact::Placed(session, place) => {
                    wall.sessions.entry(*session).or_default().1.clone_from(place);
                }
            }
        }
        wall
    }
}

impl Wall {
    /// What a device really shows. Only what the oracle knows of: a schedule may have brought more.
    pub(crate) fn shown_by(device: &Device, event: Id, oracle: &Oracle) -> Self {
        let told: BTreeSet<Id> = oracle
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Titled(session, _) | Fact::Placed(session, _) => Some(*session),
                _ => None,
            })
            .collect();
        let people = device.participants(event, None, 10_000).unwrap().0.into_iter();
        let board = device.board(event).unwrap().into_iter();
        Self {
            people: people
                .map(|it| (it.person, it.card.name().expect("a name").to_string()))
                .collect(),
            sessions: board
                .filter(|item| told.contains(&item.session.id))
                .map(|item| {
                    let title = item.session.session.title().to_string();
                    (item.session.id, (title, item.placement))
                })
                .collect(),
        }
    }
}
