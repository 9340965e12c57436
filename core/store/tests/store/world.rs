//! Devices for tests: each a store in a folder of its own, with a clock that only the test moves.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use teilgeber_entry::{
    AuthorId, DocumentId, EntryId, LetterKey, Origin, PersonKey, SpaceId, SpaceKey, Statement,
};
use teilgeber_model::{
    Card, Days, Event, Line, Millis, Minutes, Note, NoteText, Placement, Published as _, Session,
    TimeZone,
};
use teilgeber_store::nouns::text::{Splice, TextUnit};
use teilgeber_store::nouns::{self, card, event, note, placement, session};
use teilgeber_store::{
    Changes, Edit, Identity, Keys, NewSpace, Opened, Options, Report, Result, Role, Store,
};

pub(crate) const START: u64 = 1_790_000_000_000;

/// A folder that goes with its owner.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("teilgeber-store-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Phone {
    pub(crate) store: Store,
    pub(crate) folder: Folder,
    now: u64,
    seed: u64,
    salt: u8,
}

impl Phone {
    /// A device of person `number`, which holds its own space and the event's.
    pub(crate) fn new(number: u8, event: &EventKey) -> Self {
        let phone = Self::bare(number);
        phone.with_identity(number).in_event(event)
    }

    pub(crate) fn bare(salt: u8) -> Self {
        let folder = Folder::new();
        let (store, opened) = Store::open(&folder.0, &Options::default()).unwrap();
        assert_eq!(opened, Opened::New);
        Self { store, folder, now: START, seed: 0, salt }
    }

    pub(crate) fn with_store(store: Store, folder: Folder, salt: u8) -> Self {
        Self { store, folder, now: START, seed: 0, salt }
    }

    /// The same device as in `folder`, opened again; its random numbers go other ways.
    pub(crate) fn reopened(folder: Folder, salt: u8) -> Self {
        let (store, _) = Store::open(&folder.0, &Options::default()).unwrap();
        Self { store, folder, now: START + 1_000_000, seed: 0, salt }
    }

    /// A backup of this device, restored elsewhere.
    pub(crate) fn copy(&self, salt: u8) -> Self {
        self.store.checkpoint().unwrap();
        let folder = Folder::new();
        let name = teilgeber_store::DATABASE;
        std::fs::copy(self.folder.0.join(name), folder.0.join(name)).unwrap();
        Self { now: self.now, ..Self::reopened(folder, salt) }
    }

    pub(crate) fn with_identity(mut self, number: u8) -> Self {
        let identity = identity(number);
        let own = own_space(number);
        self.write(|edit| {
            edit.set_identity(&identity)?;
            edit.hold_space(&member(Role::Own, own, None, Some(&identity)))
        });
        self
    }

    pub(crate) fn in_event(mut self, event: &EventKey) -> Self {
        let new = member(Role::Event, event.key.clone(), event.founder, None);
        self.write(|edit| edit.hold_space(&new));
        self
    }

    pub(crate) fn write<T>(&mut self, edit: impl FnOnce(&mut Edit<'_>) -> Result<T>) -> T {
        self.try_write(edit).unwrap().0
    }

    pub(crate) fn try_write<T>(
        &mut self,
        edit: impl FnOnce(&mut Edit<'_>) -> Result<T>,
    ) -> Result<(T, Changes)> {
        self.now += 1_000;
        let seed = self.next_seed();
        self.store.write(self.now, &seed, edit)
    }

    fn next_seed(&mut self) -> [u8; 32] {
        self.seed += 1;
        let mut seed = [self.salt; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        seed
    }

    pub(crate) fn author(&mut self, space: &SpaceId) -> AuthorId {
        self.write(|edit| edit.author_in(space)).id()
    }

    pub(crate) fn say(&mut self, space: &SpaceId, statement: Statement) -> EntryId {
        self.write(|edit| edit.say(space, &statement))
    }

    pub(crate) fn note(&mut self, space: &SpaceId, text: &str) -> DocumentId {
        self.try_note(space, text).unwrap()
    }

    pub(crate) fn try_note(&mut self, space: &SpaceId, text: &str) -> Result<DocumentId> {
        let new = Note::new(NoteText::new(text).unwrap());
        let made = self.try_write(|edit| {
            edit.make_document(space, nouns::NOTE, |tx| Ok(note::write(tx, None, &new)?))
        });
        made.map(|(id, _)| id)
    }

    pub(crate) fn append_to_note(&mut self, space: &SpaceId, id: &DocumentId, more: &str) {
        self.write(|edit| {
            edit.change_document(space, id, |tx| {
                let at = note::raw_text(tx).unwrap().chars().count();
                let splice = Splice { at, delete: 0, insert: more.to_owned() };
                note::splice(tx, TextUnit::Scalars, &[splice]).unwrap();
                Ok(())
            })
        });
    }

    /// The titles of all notes.
    pub(crate) fn notes(&self) -> Vec<String> {
        let list = self
            .store
            .read(|view| Ok(note::list(view.connection(), &note::Filter::default(), None, 100)?));
        list.unwrap().iter().filter_map(|note| Some(note.title.as_ref()?.to_string())).collect()
    }

    pub(crate) fn pitch(&mut self, space: &SpaceId, title: &str) -> DocumentId {
        self.try_pitch(space, title).unwrap()
    }

    pub(crate) fn try_pitch(&mut self, space: &SpaceId, title: &str) -> Result<DocumentId> {
        let new = Session::new(Line::new(title).unwrap());
        let made = self.try_write(|edit| {
            edit.make_document(space, nouns::SESSION, |tx| Ok(session::write(tx, None, &new)?))
        });
        made.map(|(id, _)| id)
    }

    /// Gives a session another title; `None` where it is not here or not this device's to edit.
    pub(crate) fn retitle(&mut self, space: &SpaceId, id: &DocumentId, title: &str) -> Option<()> {
        let new = Session::new(Line::new(title).unwrap());
        let edited = self.try_write(|edit| {
            edit.change_document(space, id, |tx| {
                let old = session::read(tx).ok();
                Ok(session::write(tx, old.as_ref(), &new)?)
            })
        });
        edited.ok().map(drop)
    }

    pub(crate) fn place(&mut self, space: &SpaceId, session: &DocumentId, room: &str, hour: u64) {
        self.try_place(space, session, room, hour).unwrap();
    }

    pub(crate) fn try_place(
        &mut self,
        space: &SpaceId,
        session: &DocumentId,
        room: &str,
        hour: u64,
    ) -> Result<()> {
        let new = Placement {
            room: Line::new(room).unwrap(),
            start: Millis::new(START + hour * 3_600_000).unwrap(),
            minutes: Minutes::new(45).unwrap(),
        };
        let origin = Origin::Attached { parent: *session, generation: 0 };
        let placed = self.try_write(|edit| {
            edit.change_named(space, nouns::PLACEMENT, origin, |tx| {
                Ok(placement::write(tx, Some(&new))?)
            })
        });
        placed.map(drop)
    }

    pub(crate) fn appear(&mut self, space: &SpaceId, name: &str) -> DocumentId {
        self.try_appear(space, name).unwrap()
    }

    pub(crate) fn try_appear(&mut self, space: &SpaceId, name: &str) -> Result<DocumentId> {
        let value = Card::default().with_name(Some(Line::new(name).unwrap())).encode();
        let origin = Origin::Singleton { generation: 0 };
        self.try_write(|edit| edit.put(space, nouns::CARD, origin, value)).map(|(id, _)| id)
    }

    pub(crate) fn found(&mut self, space: &SpaceId, name: &str) {
        let day = Millis::new(START).unwrap().day();
        let new =
            Event::new(Line::new(name).unwrap(), Days::new(day, day).unwrap(), TimeZone::default());
        let origin = Origin::Singleton { generation: 0 };
        self.write(|edit| {
            edit.change_named(space, nouns::EVENT, origin, |tx| Ok(event::write(tx, None, &new)?))
        });
    }

    /// All entries of a space, as a courier would get them.
    pub(crate) fn entries(&self, space: &SpaceId) -> Vec<Vec<u8>> {
        let read = self.store.read(|view| {
            let space = view.space(space)?;
            let ids: Vec<EntryId> = view.items(&space)?.into_iter().map(|(_, id)| id).collect();
            let ids = view.in_sending_order(&space, &ids)?;
            ids.iter().map(|id| Ok(view.pack(&space, &[*id], false, usize::MAX)?.0)).collect()
        });
        read.unwrap()
    }

    /// Takes batches in one transaction.
    pub(crate) fn take(&mut self, space: &SpaceId, batches: &[Vec<u8>]) -> Vec<Report> {
        let prepare = |batch: &Vec<u8>| self.store.prepare(space, batch, false).unwrap();
        let prepared: Vec<_> = batches.iter().map(prepare).collect();
        self.write(|edit| prepared.into_iter().map(|batch| edit.ingest(batch)).collect())
    }

    /// Takes everything that another device has of a space.
    pub(crate) fn take_all(&mut self, space: &SpaceId, from: &Phone) {
        let entries = from.entries(space);
        self.take(space, &entries);
    }

    /// What is decided and shown of a space, by table.
    pub(crate) fn state(&self, space: &SpaceId) -> std::collections::BTreeMap<String, [u8; 32]> {
        self.store.read(|view| view.digests(&[view.space(space)?])).unwrap()
    }

    pub(crate) fn fingerprint(&self, space: &SpaceId) -> teilgeber_entry::Fingerprint {
        self.store.read(|view| view.fingerprint(&view.space(space)?)).unwrap()
    }

    pub(crate) fn titles(&self, space: &SpaceId) -> Vec<String> {
        let sessions = self.store.read(|view| Ok(session::list(view.connection(), space)?));
        sessions.unwrap().iter().map(|one| one.session.title().as_str().to_owned()).collect()
    }

    pub(crate) fn names(&self, space: &SpaceId) -> Vec<String> {
        let read = self.store.read(|view| Ok(card::in_space(view.connection(), space, None, 100)?));
        let name = |card: &Card| card.name().map(|name| name.as_str().to_owned());
        read.unwrap().iter().filter_map(|one| name(&one.card)).collect()
    }

    /// What a rebuild finds different; nothing should be.
    pub(crate) fn rebuild(&mut self) -> Vec<String> {
        let seed = self.next_seed();
        self.store.rebuild(self.now, &seed).unwrap().different
    }

    /// The bytes of every file in the home.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        bytes_of(&self.folder.0)
    }
}

pub(crate) fn bytes_of(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|path| std::fs::read(path).unwrap()).collect()
}

pub(crate) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// An event's key and, once somebody founded it, the founder.
#[derive(Clone)]
pub(crate) struct EventKey {
    pub(crate) key: SpaceKey,
    pub(crate) founder: Option<AuthorId>,
}

impl EventKey {
    pub(crate) fn id(&self) -> SpaceId {
        self.key.space()
    }
}

/// An event that the returned device founded.
pub(crate) fn founded(number: u8) -> (EventKey, Phone) {
    let mut event = EventKey { key: SpaceKey::from_bytes([200; 32]), founder: None };
    let mut founder = Phone::bare(number).with_identity(number);
    let key = event.key.clone();
    event.founder = Some(founder.write(|edit| edit.found_event(key)));
    founder.found(&event.id(), "Camp");
    (event, founder)
}

pub(crate) fn identity(number: u8) -> Identity {
    let letter = LetterKey::from_bytes([number + 50; 32]);
    Identity::of_person(PersonKey::from_bytes([number; 32]), letter)
}

pub(crate) fn own_space(number: u8) -> SpaceKey {
    SpaceKey::from_bytes([number + 100; 32])
}

pub(crate) fn member(
    role: Role,
    key: SpaceKey,
    founder: Option<AuthorId>,
    owner: Option<&Identity>,
) -> NewSpace {
    NewSpace {
        role,
        keys: Keys::Member(key),
        founder,
        owner: owner.map(|identity| identity.person),
    }
}
