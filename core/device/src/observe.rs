//! Being told what changed.
//!
//! A reader asks for the present state first and looks at it again whenever its subscription says
//! that something changed. It is told after the commit, and told *which* things changed, never what
//! they are now: so news that wait are folded into one, and a reader that is slow misses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use serde::Serialize;
use teilgeber_entry::{EntryId, Noun, SpaceId};
use teilgeber_model::Id;
use teilgeber_store::{Changes, nouns};
use tokio::sync::Notify;

use crate::device::Device;

/// The most changes that wait for a reader. Beyond it a reader is told to read everything again, as
/// after the first sync of an event.
pub const WAITING_MAX: usize = 256;

/// What kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// My own profile.
    Profile,
    /// What somebody shows of themselves, in an event or to their contacts.
    Card,
    /// Somebody I met.
    Contact,
    /// A note.
    Note,
    /// An event.
    Event,
    /// A session.
    Session,
    /// Where a session is held.
    Placement,
    /// A ride, a bed, a tip or the like.
    Offer,
    /// Asking for a place of an offer.
    SeatRequest,
    /// The topics that somebody offers and wants.
    Topics,
    /// The sessions that somebody shows they look forward to.
    Stars,
    /// The sessions that I look forward to.
    Starred,
    /// A short text on the wall of an event.
    Post,
    /// What is said of a photo of a session.
    Photo,
    /// The picture itself: some more of it came, or it went.
    PhotoData,
    /// What I want to pick up again.
    Anchor,
    /// The shared notes of a session.
    Pad,
    /// From whom I want some quiet.
    Muted,
    /// What another event lent.
    Lent,
    /// A message between me and one person.
    Message,
}

/// A thing that changed, came, or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// What kind of thing.
    pub kind: Kind,
    /// The space in which it is: an event's id, where it is in one.
    pub space: Id,
    /// Its id.
    pub id: Id,
}

/// What changed since the last time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Each thing once, in order.
    pub changes: BTreeSet<Change>,
    /// More changed than is listed: read everything again.
    pub everything: bool,
}

/// Which changes a subscription is told. What is not set does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only things of these kinds, if any are named.
    pub kinds: BTreeSet<Kind>,
    /// Only things in this space: an event's id.
    pub space: Option<Id>,
    /// Only this thing.
    pub id: Option<Id>,
}

/// Being told of changes, until it is dropped.
#[derive(Debug)]
pub struct Subscription {
    mailbox: Arc<Mailbox<News>>,
}

impl Device {
    /// Tells what changes from now on. Read the present state after this call and before the first
    /// [`wait`](Subscription::wait), and no change goes unseen.
    pub fn observe(&self, filter: Filter) -> Subscription {
        let mailbox = Arc::new(Mailbox::default());
        self.observers().readers().push((filter, Arc::downgrade(&mailbox)));
        Subscription { mailbox }
    }
}

impl Subscription {
    /// Waits until something changed, and takes all that waits. Nothing is lost where it is dropped.
    pub async fn next(&self) -> News {
        loop {
            if let Some(news) = self.mailbox.take() {
                return news;
            }
            self.mailbox.filled().await;
        }
    }

    /// Waits until something changed, at most for `timeout`, and takes all that waits. `None` when
    /// nothing changed in that time. Blocks: give it a thread of its own.
    pub fn wait(&self, timeout: Duration) -> Option<News> {
        let deadline = Instant::now() + timeout;
        let mut waiting = self.mailbox.lock();
        loop {
            if let Some(news) = waiting.take() {
                return Some(news);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            let woken = self.mailbox.ready.wait_timeout(waiting, left);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Kind {
    pub(crate) fn of(noun: Noun) -> Option<Self> {
        match noun {
            nouns::PROFILE_DRAFT => Some(Self::Profile),
            nouns::CARD => Some(Self::Card),
            nouns::CONTACT => Some(Self::Contact),
            nouns::NOTE => Some(Self::Note),
            nouns::EVENT => Some(Self::Event),
            nouns::SESSION => Some(Self::Session),
            nouns::PLACEMENT => Some(Self::Placement),
            nouns::OFFER => Some(Self::Offer),
            nouns::SEAT_REQUEST => Some(Self::SeatRequest),
            nouns::INTERESTS => Some(Self::Topics),
            nouns::POST => Some(Self::Post),
            nouns::PHOTO => Some(Self::Photo),
            nouns::PHOTO_DATA => Some(Self::PhotoData),
            nouns::STARS => Some(Self::Stars),
            nouns::STARRED => Some(Self::Starred),
            nouns::ANCHOR => Some(Self::Anchor),
            nouns::PAD => Some(Self::Pad),
            nouns::MUTED => Some(Self::Muted),
            nouns::LENT => Some(Self::Lent),
            nouns::MESSAGE => Some(Self::Message),
            _ => None,
        }
    }

    /// All kinds, in one order that stays.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).map(Noun).filter_map(Self::of)
    }

    pub(crate) fn noun(self) -> Option<Noun> {
        (0..=u8::MAX).map(Noun).find(|noun| Self::of(*noun) == Some(self))
    }
}

impl Filter {
    fn admits(&self, change: &Change) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&change.kind))
            && self.space.is_none_or(|space| space == change.space)
            && self.id.is_none_or(|id| id == change.id)
    }
}

impl News {
    fn add(&mut self, changes: impl Iterator<Item = Change>) {
        self.changes.extend(changes);
        if self.changes.len() > WAITING_MAX {
            self.changes.clear();
            self.everything = true;
        }
    }
}

/// Entries that a link has not offered yet, and spaces in which payloads came.
pub(crate) type Entries = BTreeMap<SpaceId, Vec<EntryId>>;

/// Who is told of what is committed: readers on screens, and links.
#[derive(Debug, Default)]
pub(crate) struct Observers {
    readers: Mutex<Vec<(Filter, Weak<Mailbox<News>>)>>,
    links: Mutex<Vec<Weak<Mailbox<Entries>>>>,
}

impl Observers {
    /// A mailbox for the entries that become known from now on.
    pub(crate) fn add_link(&self) -> Arc<Mailbox<Entries>> {
        let mailbox = Arc::new(Mailbox::default());
        self.links().push(Arc::downgrade(&mailbox));
        mailbox
    }

    /// Tells everyone, but not the link from which it came.
    pub(crate) fn tell(&self, changes: &Changes, except: Option<&Arc<Mailbox<Entries>>>) {
        self.links().retain(|link| {
            let Some(mailbox) = link.upgrade() else { return false };
            let is_source = except.is_some_and(|except| Arc::ptr_eq(except, &mailbox));
            let is_news = !changes.entries.is_empty() || !changes.payloads.is_empty();
            if !is_source && is_news {
                mailbox.fill(|waiting: &mut Entries| {
                    for (space, ids) in &changes.entries {
                        waiting.entry(*space).or_default().extend(ids);
                    }
                    for space in &changes.payloads {
                        waiting.entry(*space).or_default();
                    }
                });
            }
            true
        });
        let all: Vec<Change> = changes.documents.iter().filter_map(change).collect();
        self.readers().retain(|(filter, reader)| {
            let Some(mailbox) = reader.upgrade() else { return false };
            let mut admitted = all.iter().filter(|change| filter.admits(change)).peekable();
            if admitted.peek().is_some() {
                mailbox.fill(|waiting: &mut News| waiting.add(admitted.copied()));
            }
            true
        });
    }

    fn readers(&self) -> MutexGuard<'_, Vec<(Filter, Weak<Mailbox<News>>)>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn links(&self) -> MutexGuard<'_, Vec<Weak<Mailbox<Entries>>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn change(
    (space, noun, document): &(SpaceId, Noun, teilgeber_entry::DocumentId),
) -> Option<Change> {
    Some(Change {
        kind: Kind::of(*noun)?,
        space: Id::new(*space.as_bytes()),
        id: Id::new(*document.as_bytes()),
    })
}

/// What waits for one reader, folded together. Waited for by a thread or by a task.
#[derive(Debug, Default)]
pub(crate) struct Mailbox<T> {
    waiting: Mutex<Option<T>>,
    ready: Condvar,
    notify: Notify,
}

impl<T: Default> Mailbox<T> {
    /// What waits, if anything does.
    pub(crate) fn take(&self) -> Option<T> {
        self.lock().take()
    }

    /// Waits until something is there.
    pub(crate) async fn filled(&self) {
        self.notify.notified().await;
    }

    fn fill(&self, add: impl FnOnce(&mut T)) {
        add(self.lock().get_or_insert_with(T::default));
        self.ready.notify_all();
        self.notify.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
