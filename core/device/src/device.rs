//! The device itself: opening a home, the one way to write, and what is asked of the whole.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use teilgeber_entry::{DocumentId, LetterKey, PersonId, PersonKey, SpaceId, SpaceKey};
use teilgeber_formats::mine;
use teilgeber_model::{Id, Millis, Name};
use teilgeber_store::nouns::profile;
use teilgeber_store::nouns::search::{self, Hit as Found};
use teilgeber_store::{
    Changes, Edit, Identity, Keys, NewSpace, Options, Places, Role, Space, Store, StoreError, View,
};

use crate::config::{Clock, Config, Randomness};
use crate::error::{Error, Result};
use crate::lockout::{CARD_SPACE, CardSpace};
use crate::moderation::locate;
use crate::observe::{Entries, Kind, Mailbox, Observers};
use crate::room::Room;
use crate::{message, photo};

/// What opening found: see [`teilgeber_store::Opened`].
pub use teilgeber_store::{Opened, Rebuilt};

/// A phone, tablet or laptop of a person, with everything on it.
///
/// Cheap to clone; all clones are one device. Every method that is not `async` blocks for as long as
/// the disk takes: call it off the main thread. When an edit returns, it is on disk.
#[derive(Clone)]
pub struct Device {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
    observers: Observers,
    person: PersonId,
    own: SpaceId,
    card: Mutex<SpaceId>,
    caught_up: AtomicBool,
    room: Room,
}

/// Who this device speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Me {
    /// The person.
    pub person: Id,
    /// Their name, if they said one.
    pub name: Option<Name>,
}

/// Where to search: among what matches all that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Only things of this kind.
    pub kind: Option<Kind>,
    /// Only what is in this event, and notes of mine that belong to it.
    pub event: Option<Id>,
    /// Only what belongs to this session, and the session itself.
    pub session: Option<Id>,
    /// Only what is this person's, or about them.
    pub person: Option<Id>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// What kind of thing.
    pub kind: Kind,
    /// In which space: an event's id, where it is in one.
    pub space: Id,
    /// Which one.
    pub id: Id,
    /// Its title or name; empty where it has none.
    pub title: String,
    /// A piece of its text around what was found, or its beginning.
    pub snippet: Vec<Piece>,
}

/// A part of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they are what was looked for.
    pub found: bool,
}

impl Device {
    /// Opens a home, making it where there is none: a first start makes the person's keys. A damaged
    /// database is set aside and salvaged, never deleted; [`Opened`] says so.
    ///
    /// # Errors
    /// [`Error::OtherProgramHasIt`], [`CannotWrite`](Error::CannotWrite),
    /// [`FreeSpace`](Error::FreeSpace), [`UpdateApp`](Error::UpdateApp) for a home of a newer version, or
    /// [`OtherFile`](Error::OtherFile).
    pub fn open(config: Config) -> Result<(Self, Opened)> {
        Self::open_with(config, None)
    }

    /// Opens a home; where it is a new one, as the person whose keys these are.
    pub(crate) fn open_with(config: Config, keys: Option<&mine::Keys>) -> Result<(Self, Opened)> {
        let options = Options { max_pages: config.max_pages() };
        let (store, opened) = Store::open(config.home(), &options)?;
        let (clock, random) = (config.clock(), config.random());
        let spaces = store.read(|view| view.spaces())?;
        let (begun, _) =
            store.write(now(&*clock), &random.seed()?, |edit| begin(edit, &spaces, keys))?;
        let inner = Inner {
            store,
            clock,
            random,
            observers: Observers::default(),
            person: begun.person,
            own: begun.own,
            card: Mutex::new(begun.card),
            caught_up: AtomicBool::new(false),
            room: Room::new(&config),
        };
        let device = Self { inner: Arc::new(inner) };
        device.erase_what_is_due()?;
        Ok((device, opened))
    }

    /// Who this device speaks for.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn me(&self) -> Result<Me> {
        let profile = self.read(|view| Ok(profile::mine(view.connection())?))?;
        Ok(Me { person: model_id(self.person().as_bytes()), name: profile.name().value.clone() })
    }

    /// What contains all words of `query`, in notes, contacts, people, events and sessions; the best
    /// first, at most `limit`. The last word may be the beginning of one.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn search(&self, query: &str, limit: u32) -> Result<Vec<Hit>> {
        self.search_in(query, &Narrow::default(), limit)
    }

    /// As [`search`](Self::search), only among what matches all that `narrow` says.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn search_in(&self, query: &str, narrow: &Narrow, limit: u32) -> Result<Vec<Hit>> {
        let narrow = search::Narrow {
            noun: narrow.kind.and_then(Kind::noun),
            event: narrow.event.map(space_id),
            session: narrow.session.map(document_id),
            person: narrow.person.map(person_id),
        };
        self.read(|view| {
            let found = search::search_in(view.connection(), query, &narrow, limit)?;
            let hits = found.into_iter().filter_map(hit);
            hits.filter_map(|hit| under_its_session(view, hit).transpose()).collect()
        })
    }

    /// Where all of a thing is, beside this device: counted from finished exchanges, never guessed. A
    /// contact is named by its person, an event by its space, a pad by its session.
    ///
    /// # Errors
    /// [`Error::NotHere`] when there is no such thing.
    pub fn places(&self, kind: Kind, id: Id) -> Result<Places> {
        let own = self.own_space();
        self.read(|view| {
            if kind == Kind::Photo {
                let places = photo::places(view, &self.person(), &document_id(id))?;
                return places.ok_or(StoreError::Missing("that"));
            }
            if kind == Kind::Message {
                return message::places(view, &own, &document_id(id));
            }
            let found = locate(view, own, kind, id)?;
            let (space, document) = found.ok_or(StoreError::Missing("that"))?;
            view.places(&view.space(&space)?, &document)
        })
    }

    /// Digests of all that is decided and shown in an event, by table: equal on two devices that know
    /// the same of it.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn digests(&self, event: Id) -> Result<BTreeMap<String, [u8; 32]>> {
        let space = self.event_space(event)?;
        self.read(|view| view.digests(&[space]))
    }

    /// Makes every document and view again from the log, and says what came out otherwise.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails; then nothing was changed.
    pub fn rebuild(&self) -> Result<Rebuilt> {
        Ok(self.inner.store.rebuild(self.now(), &self.seed()?)?)
    }

    /// Reads the whole database and checks its structure.
    ///
    /// # Errors
    /// [`Error::OpenAgain`] when it is damaged.
    pub fn check(&self) -> Result<()> {
        Ok(self.inner.store.check()?)
    }

    /// Does what waits for an idle moment: lets events [fade](Self::fade),
    /// [makes room](Self::make_room), erases what [can no longer be undone](Self::undo), reads letters that an interrupted start left unread, shows
    /// long texts in lists and search, and lets nothing erased linger.
    ///
    /// # Errors
    /// [`Error::FreeSpace`], or [`Error::Report`] when the database fails.
    pub fn tidy(&self) -> Result<()> {
        self.catch_up_with_letters()?;
        self.mind_letters()?;
        self.erase_what_is_due()?;
        self.mind_loans(None)?;
        self.mind_pads()?;
        self.fade()?;
        self.make_room()?;
        let changes = self.inner.store.tidy(self.now(), &self.seed()?)?;
        self.observers().tell(&changes, None);
        Ok(())
    }

    /// One transaction, and then everyone is told.
    pub(crate) fn write<T>(&self, edit: impl FnOnce(&mut Edit<'_>) -> Result<T>) -> Result<T> {
        self.write_from(None, edit).map(|(value, _)| value)
    }

    /// As [`write`](Self::write), of what came over the link with this mailbox.
    pub(crate) fn write_from<T>(
        &self,
        link: Option<&Arc<Mailbox<Entries>>>,
        edit: impl FnOnce(&mut Edit<'_>) -> Result<T>,
    ) -> Result<(T, Changes)> {
        let (value, changes) = self.inner.store.write(self.now(), &self.seed()?, edit)?;
        self.observers().tell(&changes, link);
        Ok((value, changes))
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&View<'_>) -> teilgeber_store::Result<T>,
    ) -> Result<T> {
        Ok(self.inner.store.read(read)?)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn observers(&self) -> &Observers {
        &self.inner.observers
    }

    /// Whether letters were looked through since the start.
    pub(crate) fn caught_up(&self) -> &AtomicBool {
        &self.inner.caught_up
    }

    /// How much is held for others.
    pub(crate) fn room(&self) -> &Room {
        &self.inner.room
    }

    pub(crate) fn person(&self) -> PersonId {
        self.inner.person
    }

    /// The space of my devices.
    pub(crate) fn own_space(&self) -> SpaceId {
        self.inner.own
    }

    /// The space of what my contacts see.
    pub(crate) fn card_space(&self) -> SpaceId {
        *self.inner.card.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// My contacts see me in another space from now on.
    pub(crate) fn set_card_space(&self, space: SpaceId) {
        *self.inner.card.lock().unwrap_or_else(PoisonError::into_inner) = space;
    }

    /// In ms since 1970.
    pub(crate) fn now(&self) -> u64 {
        now(&*self.inner.clock)
    }

    pub(crate) fn seed(&self) -> Result<[u8; 32]> {
        Ok(self.inner.random.seed()?)
    }

    /// The event with this id.
    pub(crate) fn event_space(&self, event: Id) -> Result<Space> {
        let space = self.read(|view| view.space(&space_id(event)));
        match space {
            Ok(space) if space.role == Role::Event => Ok(space),
            Ok(_) | Err(Error::NotHere(_)) => Err(Error::NotHere("that event")),
            Err(error) => Err(error),
        }
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("person", &self.inner.person).finish_non_exhaustive()
    }
}

/// Who the device is once it has begun.
struct Begun {
    person: PersonId,
    own: SpaceId,
    card: SpaceId,
}

/// Makes what a first start needs, and nothing where it is there already.
fn begin(edit: &mut Edit<'_>, spaces: &[Space], keys: Option<&mine::Keys>) -> Result<Begun> {
    let identity = match (edit.identity()?, keys) {
        (Some(identity), _) => identity,
        (None, Some(keys)) => crate::mine::begin_as(edit, keys)?,
        (None, None) => {
            let person = PersonKey::from_bytes(edit.random());
            let identity = Identity::of_person(person, LetterKey::from_bytes(edit.random()));
            edit.set_identity(&identity)?;
            identity
        }
    };
    let person = identity.person;
    let card = CardSpace::decode(edit.keepsake(CARD_SPACE)?)?.map(|card| card.space);
    let card = card.filter(|card| edit.space(card).is_ok());
    let mut of_role = |role, owner| {
        if let Some(held) = spaces.iter().find(|space| space.role == role) {
            return Ok(held.id);
        }
        let keys = Keys::Member(SpaceKey::from_bytes(edit.random()));
        edit.hold_space(&NewSpace { role, keys, founder: None, owner })
    };
    let own = of_role(Role::Own, None)?;
    let card = card.map_or_else(|| of_role(Role::Card, Some(person)), Ok)?;
    Ok(Begun { person, own, card })
}

fn now(clock: &dyn Clock) -> u64 {
    clock.now().min(Millis::MAX.get())
}

fn hit(found: Found) -> Option<Hit> {
    let piece = |piece: search::Piece| Piece { text: piece.text, found: piece.found };
    Some(Hit {
        kind: Kind::of(found.noun)?,
        space: model_id(found.space.as_bytes()),
        id: model_id(found.id.as_bytes()),
        title: found.title,
        snippet: found.snippet.into_iter().map(piece).collect(),
    })
}

/// What is found in a pad stands under its session, which is what people know it by; `None` for a pad
/// from which its session has moved on.
fn under_its_session(view: &View<'_>, hit: Hit) -> teilgeber_store::Result<Option<Hit>> {
    if hit.kind != Kind::Pad {
        return Ok(Some(hit));
    }
    let session = Device::session_of_pad(view, &document_id(hit.id))?;
    Ok(session.map(|pitched| Hit {
        id: model_id(pitched.id.as_bytes()),
        title: pitched.session.title().to_string(),
        ..hit
    }))
}

/// The moment `millis` as the model has it.
pub(crate) fn moment(millis: u64) -> Millis {
    Millis::new(millis).unwrap_or(Millis::MAX)
}

pub(crate) fn model_id(bytes: &[u8; 32]) -> Id {
    Id::new(*bytes)
}

pub(crate) fn document_id(id: Id) -> DocumentId {
    DocumentId::from_bytes(*id.as_bytes())
}

pub(crate) fn space_id(id: Id) -> SpaceId {
    SpaceId::from_bytes(*id.as_bytes())
}

pub(crate) fn person_id(id: Id) -> PersonId {
    PersonId::from_bytes(*id.as_bytes())
}
