//! Being told what changed.

use std::sync::Arc;

use teilgeber_device as core;
use teilgeber_device::model::Id;

use crate::device::Device;
use crate::error::{ForeignError, Result};
use crate::runtime::{EndOnDrop, runtime};

pub(crate) use teilgeber_device::{Change, Kind};

/// What kind of thing.
#[uniffi::remote(Enum)]
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
#[uniffi::remote(Record)]
pub struct Change {
    /// What kind of thing.
    pub kind: Kind,
    /// The space in which it is: an event's id, where it is in one.
    pub space: Id,
    /// Its id.
    pub id: Id,
}

/// What changed since the last time.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct News {
    /// Each thing once, in order.
    pub changes: Vec<Change>,
    /// More changed than is listed: read everything again.
    pub everything: bool,
}

/// Which changes are told. What is not set does not restrict.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct Filter {
    /// Only things of these kinds, if any are named.
    #[uniffi(default = [])]
    pub kinds: Vec<Kind>,
    /// Only things in this space: an event's id.
    #[uniffi(default = None)]
    pub space: Option<Id>,
    /// Only this thing.
    #[uniffi(default = None)]
    pub id: Option<Id>,
}

/// Is told of changes, on a thread of the core, one call after the other.
#[uniffi::export(foreign)]
pub trait ChangeListener: Send + Sync {
    /// Something changed. What comes while this runs is told in one call afterwards.
    fn changed(&self, news: News) -> std::result::Result<(), ForeignError>;
}

/// Being told, until it is ended or dropped. A call that is under way then may still finish.
#[derive(Debug, uniffi::Object)]
pub struct Subscription {
    ends: EndOnDrop,
}

#[uniffi::export]
impl Device {
    /// Tells what changes from now on. Read the present state after this call, and no change goes unseen.
    pub fn observe(
        &self,
        filter: Filter,
        listener: Arc<dyn ChangeListener>,
    ) -> Result<Arc<Subscription>> {
        let Filter { kinds, space, id } = filter;
        let filter = core::Filter { kinds: kinds.into_iter().collect(), space, id };
        let observed = self.inner()?.observe(filter);
        let telling = runtime()?.spawn(async move {
            loop {
                let core::News { changes, everything } = observed.next().await;
                let news = News { changes: changes.into_iter().collect(), everything };
                let listener = listener.clone();
                // What a listener throws is its app's to know of; the next news are told all the same.
                let _thrown = tokio::task::spawn_blocking(move || listener.changed(news)).await;
            }
        });
        Ok(Subscription::of(EndOnDrop(telling.abort_handle())))
    }
}

#[uniffi::export]
impl Subscription {
    /// Ends it now. Ending twice does no harm.
    pub fn end(&self) {
        self.ends.0.abort();
    }
}

impl Subscription {
    pub(crate) fn of(ends: EndOnDrop) -> Arc<Self> {
        Arc::new(Self { ends })
    }
}
