//! Compares a newly read schedule with what was imported before, so that notes stay with their
//! talk.
//!
//! A talk is recognised by its guid, then its id, then its title and start. [`plan`] decides
//! nothing by the order of its arguments, and takes each known talk at most once.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::{Schedule, Talk};

/// A digest of all that a talk says besides its title, place, time and identifiers.
pub type Details = [u8; 16];

/// A talk as it was imported before. `K` is whatever the caller finds it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<K> {
    /// What the caller finds it by.
    pub key: K,
    /// As in [`Talk::guid`].
    pub guid: Option<String>,
    /// As in [`Talk::id`].
    pub id: Option<String>,
    /// As in [`Talk::title`].
    pub title: String,
    /// Where and when it was to begin.
    pub place: Place,
    /// As in [`Talk::minutes`].
    pub minutes: u32,
    /// What [`details`] said of it.
    pub details: Details,
}

impl<K> Known<K> {
    /// What to remember of a talk that is imported.
    pub fn new(key: K, talk: &Talk) -> Self {
        Self {
            key,
            guid: talk.guid.clone(),
            id: talk.id.clone(),
            title: talk.title.clone(),
            place: Place { start_ms: talk.start_ms, room: talk.room.clone() },
            minutes: talk.minutes,
            details: details(talk),
        }
    }
}

/// Where and when a talk begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// As in [`Talk::start_ms`].
    pub start_ms: u64,
    /// As in [`Talk::room`].
    pub room: String,
}

/// What is to be done with one talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a, K> {
    /// It is new.
    Added(&'a Talk),
    /// It is where and when it was, but says something else.
    Changed {
        /// Which one it was.
        key: K,
        /// What it is now.
        talk: &'a Talk,
        /// What differs; never empty.
        fields: Vec<Field>,
    },
    /// It begins at another time or in another room.
    Moved {
        /// Which one it was.
        key: K,
        /// What it is now.
        talk: &'a Talk,
        /// Where and when it was to begin.
        from: Place,
        /// Where and when it begins now.
        to: Place,
        /// What else differs.
        fields: Vec<Field>,
    },
    /// It is as it was.
    Unchanged {
        /// Which one it was.
        key: K,
        /// What it is now.
        talk: &'a Talk,
    },
    /// The schedule has it no more.
    Removed(K),
}

/// A part of a talk that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// [`Talk::guid`] or [`Talk::id`]; what is remembered of it must follow.
    Identifiers,
    /// [`Talk::title`].
    Title,
    /// [`Talk::minutes`].
    Minutes,
    /// Texts, track, kind, language, persons, address or the wish not to be recorded.
    Details,
}

/// What is to be done so that `old` becomes `new`: first the talks of the new schedule by start and
/// room, then what was removed, by key.
pub fn plan<'a, K: Clone + Ord>(old: &[Known<K>], new: &'a Schedule) -> Vec<Step<'a, K>> {
    let mut known: Vec<&Known<K>> = old.iter().collect();
    known.sort_by(|a, b| (&a.place, &a.title, &a.key).cmp(&(&b.place, &b.title, &b.key)));
    let mut talks: Vec<Known<&Talk>> =
        new.talks.iter().map(|talk| Known::new(talk, talk)).collect();
    talks.sort_by(|a, b| {
        (&a.place, &a.title, &a.guid, &a.id, a.minutes, a.details)
            .cmp(&(&b.place, &b.title, &b.guid, &b.id, b.minutes, b.details))
    });

    let matches = Matcher {
        old: known.iter().copied().map(Traits::from).collect(),
        new: talks.iter().map(Traits::from).collect(),
        taken: vec![false; known.len()],
        matches: vec![None; talks.len()],
    }
    .run();

    let mut left: Vec<bool> = vec![true; known.len()];
    let mut steps = Vec::with_capacity(talks.len());
    for (talk, found) in talks.into_iter().zip(matches) {
        steps.push(match found {
            None => Step::Added(talk.key),
            Some(index) => {
                left[index] = false;
                step(known[index], talk)
            }
        });
    }
    let mut removed: Vec<K> = known
        .iter()
        .zip(left)
        .filter(|(_, left)| *left)
        .map(|(known, _)| known.key.clone())
        .collect();
    removed.sort();
    steps.extend(removed.into_iter().map(Step::Removed));
    steps
}

/// A digest of what [`Field::Details`] covers. It is the same on every machine and in every version
/// that reads a talk in the same way.
pub fn details(talk: &Talk) -> Details {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    };
    let Talk { subtitle, abstract_text, description, track, kind, language, url, .. } = talk;
    for text in [subtitle, abstract_text, description, track, kind, language, url] {
        add(text);
    }
    for person in &talk.persons {
        add(person.id.as_deref().unwrap_or_default());
        add(&person.name);
    }
    add(if talk.do_not_record { "do not record" } else { "" });
    let mut details = Details::default();
    hasher.finalize_xof().fill(&mut details);
    details
}

fn step<'a, K: Clone>(old: &Known<K>, new: Known<&'a Talk>) -> Step<'a, K> {
    let fields: Vec<Field> = [
        (Field::Identifiers, old.guid != new.guid || old.id != new.id),
        (Field::Title, old.title != new.title),
        (Field::Minutes, old.minutes != new.minutes),
        (Field::Details, old.details != new.details),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    let (key, talk) = (old.key.clone(), new.key);
    if old.place != new.place {
        Step::Moved { key, talk, from: old.place.clone(), to: new.place, fields }
    } else if fields.is_empty() {
        Step::Unchanged { key, talk }
    } else {
        Step::Changed { key, talk, fields }
    }
}

/// What a talk is recognised by.
struct Traits {
    guid: Option<String>,
    id: Option<String>,
    /// As it is.
    title: String,
    /// In lower case, because organisers polish titles.
    folded: String,
    place: Place,
    minutes: u32,
    details: Details,
}

impl<K> From<&Known<K>> for Traits {
    fn from(known: &Known<K>) -> Self {
        Self {
            guid: known.guid.clone(),
            id: known.id.clone(),
            title: known.title.clone(),
            folded: known.title.to_lowercase(),
            place: known.place.clone(),
            minutes: known.minutes,
            details: known.details,
        }
    }
}

impl Traits {
    fn has_no_guid(&self) -> bool {
        self.guid.is_none()
    }

    fn is_anonymous(&self) -> bool {
        self.guid.is_none() && self.id.is_none()
    }
}

/// Finds pairs in passes, the surest trait first. Within a trait, what also stands in its old place
/// comes first, since repetitions of a talk share an id.
struct Matcher {
    old: Vec<Traits>,
    new: Vec<Traits>,
    taken: Vec<bool>,
    matches: Vec<Option<usize>>,
}

impl Matcher {
    /// For each new talk the index of the old one. What is wholly the same comes first.
    ///
    /// When organisers change their tool, numbers begin anew. So where both have guids and these
    /// differ, the same id means the same talk only together with the title.
    fn run(mut self) -> Vec<Option<usize>> {
        self.pass(|talk| {
            let Traits { guid, id, title, place, minutes, details, .. } = talk;
            let same = (guid.clone(), id.clone(), title.clone(), place.clone(), *minutes, *details);
            Some(same)
        });
        self.pass(|talk| Some((talk.guid.clone()?, talk.place.clone())));
        self.pass(|talk| talk.guid.clone());
        self.pass(|talk| Some((talk.id.clone()?, talk.folded.clone(), talk.place.clone())));
        self.pass(|talk| Some((talk.id.clone()?, talk.folded.clone())));
        self.pass_if_either(Traits::has_no_guid, |talk| {
            Some((talk.id.clone()?, talk.place.clone()))
        });
        self.pass_if_either(Traits::has_no_guid, |talk| talk.id.clone());
        self.pass(|talk| Some((talk.folded.clone(), talk.place.clone())));
        self.pass(|talk| Some((talk.folded.clone(), talk.place.start_ms)));
        self.pass_if_either(Traits::is_anonymous, |talk| Some(talk.folded.clone()));
        self.matches
    }

    fn pass<T: Hash + Eq>(&mut self, key: impl Fn(&Traits) -> Option<T>) {
        self.pair(&key, &key);
    }

    /// Pairs talks of the same key if the condition holds for at least one of them.
    fn pass_if_either<T: Hash + Eq>(
        &mut self,
        condition: impl Fn(&Traits) -> bool,
        key: impl Fn(&Traits) -> Option<T>,
    ) {
        let conditional = |talk: &Traits| key(talk).filter(|_| condition(talk));
        self.pair(&conditional, &key);
        self.pair(&key, &conditional);
    }

    fn pair<T: Hash + Eq>(
        &mut self,
        old_key: &impl Fn(&Traits) -> Option<T>,
        new_key: &impl Fn(&Traits) -> Option<T>,
    ) {
        let mut free: HashMap<T, VecDeque<usize>> = HashMap::new();
        for (index, old) in self.old.iter().enumerate().filter(|(index, _)| !self.taken[*index]) {
            if let Some(key) = old_key(old) {
                free.entry(key).or_default().push_back(index);
            }
        }
        for (new, found) in
            self.new.iter().zip(&mut self.matches).filter(|(_, found)| found.is_none())
        {
            *found = new_key(new).and_then(|key| free.get_mut(&key)?.pop_front());
            if let Some(index) = *found {
                self.taken[index] = true;
            }
        }
    }
}
