//! One transaction: what a person's edit or a peer's entries do, all of it or nothing.
//!
//! An [`Edit`] collects which documents were touched. Before the commit each of them is
//! [evaluated](crate::evaluate) once, however many entries came for it, and its view is rewritten.
//! What observers are told is handed out after the commit only.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use teilgeber_entry::content::Body;
use teilgeber_entry::{
    AuthorId, AuthorKey, Binding, Content, DocumentId, Draft, EntryId, LtHash, Noun, Origin,
    Parcel, PersonId, SealedBinding, SpaceId, SpaceKey, Statement,
};

use crate::ahead::Ahead;
use crate::documents::{Documents, before_all};
use crate::error::{Result, StoreError};
use crate::guard::actor_id;
use crate::identity::Identity;
use crate::space::{Keys, NewSpace, Role, Space};
use crate::standing::Word;

/// What changed, told after the commit. Sorted, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Documents whose state changed.
    pub documents: BTreeSet<(SpaceId, Noun, DocumentId)>,
    /// Spaces with new entries of any kind, and these entries: what an open exchange offers.
    pub entries: BTreeMap<SpaceId, Vec<EntryId>>,
    /// Spaces in which payloads came of entries that were known without.
    pub payloads: BTreeSet<SpaceId>,
    /// Letters that came.
    pub letters: bool,
}

impl Changes {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
            && self.entries.is_empty()
            && self.payloads.is_empty()
            && !self.letters
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.documents.extend(other.documents);
        for (space, entries) in other.entries {
            self.entries.entry(space).or_default().extend(entries);
        }
        self.payloads.extend(other.payloads);
        self.letters |= other.letters;
    }
}

/// A transaction under way. See [`Store::write`](crate::Store::write).
pub struct Edit<'a> {
    pub(crate) tx: Transaction<'a>,
    pub(crate) now: u64,
    random: blake3::OutputReader,
    pub(crate) documents: &'a mut Documents,
    pub(crate) touched: BTreeSet<i64>,
    /// Contents that came opened, by entry: opening them again would be work done twice.
    pub(crate) fresh: HashMap<i64, Vec<u8>>,
    /// Documents after changes that are to be evaluated.
    pub(crate) ahead: HashMap<i64, Ahead>,
    pub(crate) changes: Changes,
    spaces: HashMap<i64, Rc<Space>>,
    fingerprints: HashMap<i64, LtHash>,
    /// Entries that lost their place in this transaction.
    pub(crate) removed: BTreeSet<EntryId>,
    /// Spaces whose statements must be weighed again.
    pub(crate) restless: BTreeSet<i64>,
    /// Whether a branch of one's own lost a fork: its words are to be written again.
    pub(crate) has_lost: bool,
}

impl<'a> Edit<'a> {
    pub(crate) fn begin(
        connection: &'a mut Connection,
        documents: &'a mut Documents,
        now: u64,
        seed: &[u8; 32],
    ) -> Result<Self> {
        let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let random = blake3::Hasher::new_derive_key("teilgeber 0 randomness of one transaction")
            .update(seed)
            .finalize_xof();
        Ok(Self {
            tx,
            now,
            random,
            documents,
            touched: BTreeSet::new(),
            fresh: HashMap::new(),
            ahead: HashMap::new(),
            changes: Changes::default(),
            spaces: HashMap::new(),
            fingerprints: HashMap::new(),
            removed: BTreeSet::new(),
            restless: BTreeSet::new(),
            has_lost: false,
        })
    }

    /// Evaluates what was touched and commits. Says what changed, and whether words of one's own were
    /// lost in a fork.
    pub(crate) fn commit(mut self) -> Result<(Changes, bool)> {
        self.settle()?;
        for (space, state) in std::mem::take(&mut self.fingerprints) {
            self.tx
                .prepare_cached("UPDATE space SET fingerprint = ?2 WHERE num = ?1")?
                .execute(params![space, state.to_bytes()])?;
        }
        self.tx.commit()?;
        Ok((self.changes, self.has_lost))
    }

    /// Brings documents and views up to what the log holds by now, within the transaction.
    pub fn settle(&mut self) -> Result<()> {
        for space in std::mem::take(&mut self.restless) {
            self.weigh_statements(space)?;
        }
        for document in std::mem::take(&mut self.touched) {
            self.evaluate(document)?;
        }
        Ok(())
    }

    /// The transaction's time, in ms since 1970.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// What is written from now on bears this time, in ms since 1970: of words that were written before and
    /// come from elsewhere.
    pub fn set_now(&mut self, now: u64) {
        self.now = now;
    }

    /// To read what this transaction sees.
    pub fn connection(&self) -> &Connection {
        &self.tx
    }

    /// Random bytes, all from the seed that the transaction was given.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }

    /// Holds a space from now on. Returns the id; a space that is held already stays as it is, but a
    /// courier who is given the key becomes a member and reads what was carried.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn hold_space(&mut self, new: &NewSpace) -> Result<SpaceId> {
        let id = match &new.keys {
            Keys::Member(key) => key.space(),
            Keys::Courier(id, _) => *id,
        };
        let Some(held) = Space::by_id(&self.tx, &id)? else {
            let num = Space::insert(&self.tx, new)?;
            // The founder is an organiser before anything is said.
            self.restless.insert(num);
            return Ok(id);
        };
        if let (None, Keys::Member(key)) = (&held.key, &new.keys) {
            self.tx.execute(
                "UPDATE space SET role = ?2, key = ?3, founder = ?4, owner = ?5 WHERE num = ?1",
                params![
                    held.num,
                    new.role as i64,
                    key.as_bytes(),
                    new.founder.as_ref().map(AuthorId::as_bytes),
                    new.owner.as_ref().map(PersonId::as_bytes)
                ],
            )?;
            self.spaces.remove(&held.num);
            self.learn_persons(held.num)?;
            self.want_what_was_let_go(&id)?;
            self.restless.insert(held.num);
            self.touch_all(held.num)?;
        }
        Ok(id)
    }

    /// Holds the space of a new event, whose founder is this device's author there.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn found_event(&mut self, key: SpaceKey) -> Result<AuthorId> {
        let new =
            NewSpace { role: Role::Event, keys: Keys::Member(key), founder: None, owner: None };
        let id = self.hold_space(&new)?;
        let founder = self.author_in(&id)?.id();
        self.tx.execute(
            "UPDATE space SET founder = ?2 WHERE id = ?1",
            params![id.as_bytes(), founder.as_bytes()],
        )?;
        self.spaces.clear();
        // The founder is an organiser before anything is said.
        let space = self.space(&id)?.num;
        self.restless.insert(space);
        self.settle()?;
        Ok(founder)
    }

    /// The space with this id.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it is not held.
    pub fn space(&mut self, id: &SpaceId) -> Result<Rc<Space>> {
        if let Some(space) = self.spaces.values().find(|space| space.id == *id) {
            return Ok(space.clone());
        }
        let space = Space::by_id(&self.tx, id)?.ok_or(StoreError::Missing("the space"))?;
        let space = Rc::new(space);
        self.spaces.insert(space.num, space.clone());
        Ok(space)
    }

    pub(crate) fn space_by_num(&mut self, num: i64) -> Result<Rc<Space>> {
        if let Some(space) = self.spaces.get(&num) {
            return Ok(space.clone());
        }
        let space = Space::by_num(&self.tx, num)?.ok_or(StoreError::Missing("the space"))?;
        let space = Rc::new(space);
        self.spaces.insert(num, space.clone());
        Ok(space)
    }

    /// What is known of a space has changed in its row.
    pub(crate) fn forget_space(&mut self, num: i64) {
        self.spaces.remove(&num);
    }

    pub(crate) fn fingerprint_mut(&mut self, space: i64) -> Result<&mut LtHash> {
        match self.fingerprints.entry(space) {
            std::collections::hash_map::Entry::Occupied(held) => Ok(held.into_mut()),
            std::collections::hash_map::Entry::Vacant(free) => {
                let bytes: Vec<u8> = self
                    .tx
                    .prepare_cached("SELECT fingerprint FROM space WHERE num = ?1")?
                    .query_row([space], |row| row.get(0))?;
                Ok(free.insert(LtHash::from_bytes(&bytes).ok_or(StoreError::Damaged)?))
            }
        }
    }

    /// Makes a document of `noun` in `space` by a first change.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when everybody would refuse the change; what `write` fails with.
    pub fn make_document(
        &mut self,
        space: &SpaceId,
        noun: Noun,
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>) -> Result<()>,
    ) -> Result<DocumentId> {
        let space = self.space(space)?;
        let (author, head) = self.own_author(&space)?;
        let key = space.key.clone().ok_or(StoreError::NotAllowed("a member of the space"))?;
        let id = Origin::Made
            .document(&key, noun, &author.id(), head.seq + 1, None)
            .ok_or(StoreError::Missing("the document"))?;
        self.change(&space, &id, noun, Origin::Made, write)?;
        Ok(id)
    }

    /// Changes the document that `origin` names, making it where this is its first change: a
    /// document that a person has once, or one that belongs to another.
    ///
    /// # Errors
    /// As [`make_document`](Self::make_document).
    pub fn change_named(
        &mut self,
        space: &SpaceId,
        noun: Noun,
        origin: Origin,
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>) -> Result<()>,
    ) -> Result<DocumentId> {
        let space = self.space(space)?;
        let id = self.named(&space, noun, origin)?;
        self.change(&space, &id, noun, origin, write)?;
        Ok(id)
    }

    /// Changes a document that is here.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it is not here; else as [`make_document`](Self::make_document).
    pub fn change_document(
        &mut self,
        space: &SpaceId,
        document: &DocumentId,
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>) -> Result<()>,
    ) -> Result<()> {
        let space = self.space(space)?;
        let noun: Option<Option<u8>> = self
            .tx
            .prepare_cached("SELECT noun FROM document WHERE space = ?1 AND id = ?2")?
            .query_row(params![space.num, document.as_bytes()], |row| row.get(0))
            .optional()?;
        let noun = noun.flatten().ok_or(StoreError::Missing("the document"))?;
        self.change(&space, document, Noun(noun), Origin::Later, write)
    }

    /// Puts a whole value into the document that `origin` names; it replaces what this person's
    /// devices put there before.
    ///
    /// # Errors
    /// [`StoreError`] when the value is too large or the database fails.
    pub fn put(
        &mut self,
        space: &SpaceId,
        noun: Noun,
        origin: Origin,
        value: Vec<u8>,
    ) -> Result<DocumentId> {
        let space = self.space(space)?;
        let id = self.named(&space, noun, origin)?;
        let document = self.document_row(space.num, &id)?;
        let supersedes = self.puts_of_other_devices(&space, document)?;
        let content = Content { noun, origin, body: Body::Put { supersedes, value } };
        let entry = self.append(&space, id, &content)?;
        self.settle()?;
        self.must_count(entry)?;
        Ok(id)
    }

    /// Says a statement in `space`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails. Whether it counts is up to what the author may say.
    pub fn say(&mut self, space: &SpaceId, statement: &Statement) -> Result<EntryId> {
        let space = self.space(space)?;
        let key = space.key.clone().ok_or(StoreError::NotAllowed("a member of the space"))?;
        let (author, head) = self.own_author(&space)?;
        let draft = self.draft(&space, &author, &head, DocumentId::NONE)?;
        let parcel = draft.sign_statement(&key, &author, statement)?;
        let id = parcel.envelope.id();
        self.insert_own(&space, parcel)?;
        self.settle()?;
        Ok(id)
    }

    /// Erases a document: its entries lose their payloads here now, and everywhere else when it is
    /// heard there.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn erase(&mut self, space: &SpaceId, document: &DocumentId) -> Result<EntryId> {
        self.say(space, &Statement::Erase(*document))
    }

    /// The generation of a document that a person has once: one more than those that were erased.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn generation(&mut self, space: &SpaceId, noun: Noun) -> Result<u32> {
        let space = self.space(space)?;
        for generation in 0..u32::MAX {
            let id = self.named(&space, noun, Origin::Singleton { generation })?;
            let erased = self
                .tx
                .prepare_cached(
                    "SELECT 1 FROM said WHERE space = ?1 AND target = ?2 AND word = ?3",
                )?
                .exists(params![space.num, id.as_bytes(), Word::Erase as i64])?;
            if !erased {
                return Ok(generation);
            }
        }
        Err(StoreError::Missing("a generation"))
    }

    /// The id of the document with this origin, which follows from it, as if this device made it now.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn named_document(
        &mut self,
        space: &SpaceId,
        noun: Noun,
        origin: Origin,
    ) -> Result<DocumentId> {
        let space = self.space(space)?;
        self.named(&space, noun, origin)
    }

    /// The author that this device is in the space, as others see it; made where there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn author_in(&mut self, space: &SpaceId) -> Result<AuthorKey> {
        let space = self.space(space)?;
        Ok(self.own_author(&space)?.0)
    }

    pub(crate) fn named(
        &mut self,
        space: &Space,
        noun: Noun,
        origin: Origin,
    ) -> Result<DocumentId> {
        let key = space.key.as_ref().ok_or(StoreError::NotAllowed("a member of the space"))?;
        let person = Identity::read(&self.tx)?.map(|identity| identity.person);
        let (author, head) = self.own_author(space)?;
        origin
            .document(key, noun, &author.id(), head.seq + 1, person.as_ref())
            .ok_or(StoreError::Missing("your identity"))
    }

    fn change(
        &mut self,
        space: &Space,
        id: &DocumentId,
        noun: Noun,
        origin: Origin,
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>) -> Result<()>,
    ) -> Result<()> {
        self.settle()?;
        let (author, _) = self.own_author(space)?;
        let document = self.document_row(space.num, id)?;
        let mut loaded = match self.load(space, document)? {
            Some(loaded) => loaded,
            None => before_all(noun),
        };
        let nonce = self.documents.nonce_of(document, &author.id());
        let nonce = match nonce {
            Some(nonce) => nonce,
            None => {
                let nonce = self.random();
                self.documents.remember_nonce(document, author.id(), nonce);
                nonce
            }
        };
        let actor = actor_id(author.id().as_bytes(), id.as_bytes(), nonce);
        let edited = loaded.edit(&actor, write)?;
        if let Some(change) = edited.change {
            let content = Content { noun, origin, body: Body::Change(change) };
            let entry = self.append(space, *id, &content)?;
            if space.role != Role::Own {
                // Whether it counts depends on more than the guard: the document is evaluated from
                // what it was before, as everybody else will.
                self.edited(document, noun, entry, loaded)?;
                self.settle()?;
                return self.must_count(entry);
            }
            self.touched.remove(&document);
            self.own_change_counts(space, document, noun, origin, entry, &loaded)?;
        }
        self.documents.keep(document, loaded);
        Ok(())
    }

    /// Signs `content` as the author's next entry and puts it into the log.
    pub(crate) fn append(
        &mut self,
        space: &Space,
        document: DocumentId,
        content: &Content,
    ) -> Result<i64> {
        let key = space.key.clone().ok_or(StoreError::NotAllowed("a member of the space"))?;
        if space.faded {
            return Err(StoreError::Faded);
        }
        let (author, head) = self.own_author(space)?;
        let blind = self.random();
        let draft = self.draft(space, &author, &head, document)?;
        let parcel = draft.sign(&key, &author, content, &blind)?;
        self.insert_own(space, parcel)
    }

    fn draft(
        &mut self,
        space: &Space,
        author: &AuthorKey,
        head: &Head,
        document: DocumentId,
    ) -> Result<Draft> {
        let binding = match head.seq {
            0 => self.binding(space, author)?,
            _ => SealedBinding::default(),
        };
        Ok(Draft { document, seq: head.seq + 1, prev: head.id, time: self.now, binding })
    }

    fn binding(&mut self, space: &Space, author: &AuthorKey) -> Result<SealedBinding> {
        let (Some(key), Some(identity)) = (&space.key, Identity::read(&self.tx)?) else {
            return Ok(SealedBinding::default());
        };
        let binding: Binding = identity.bind(&space.id, &author.id());
        Ok(binding.seal(key, &author.id()))
    }

    fn insert_own(&mut self, space: &Space, parcel: Parcel) -> Result<i64> {
        let person = match parcel.envelope.introduction() {
            Some(_) => Identity::read(&self.tx)?.map(|identity| identity.person),
            None => None,
        };
        self.insert(space, parcel, person)?.ok_or(StoreError::Missing("the entry"))
    }

    /// This device's author in the space and where its chain stands.
    fn own_author(&mut self, space: &Space) -> Result<(AuthorKey, Head)> {
        let found = self
            .tx
            .prepare_cached(include_str!("sql/own_author.sql"))?
            .query_row([space.num], |row| {
                let head = Head { seq: row.get(1)?, id: row.get(2)? };
                Ok((AuthorKey::from_bytes(row.get(0)?), head))
            })
            .optional()?;
        if let Some(found) = found {
            return Ok(found);
        }
        let author = AuthorKey::from_bytes(self.random());
        let num = self.author_row(space.num, &author.id())?;
        self.tx
            .prepare_cached("INSERT INTO own_author (author, seed) VALUES (?1, ?2)")?
            .execute(params![num, author.as_bytes()])?;
        Ok((author, Head { seq: 0, id: [0; 32] }))
    }

    /// Puts in the document by the person's other devices that still stand.
    fn puts_of_other_devices(&mut self, space: &Space, document: i64) -> Result<Vec<EntryId>> {
        let Some(identity) = Identity::read(&self.tx)? else { return Ok(Vec::new()) };
        let (author, _) = self.own_author(space)?;
        let mut statement = self.tx.prepare_cached(include_str!("sql/standing_puts.sql"))?;
        let rows = statement.query_map(
            params![document, identity.person.as_bytes(), author.id().as_bytes()],
            |row| row.get(0).map(EntryId::from_bytes),
        )?;
        let mut ids = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        ids.sort_unstable();
        ids.truncate(teilgeber_entry::limits::SUPERSEDES_MAX);
        Ok(ids)
    }

    /// A device with its own authors retired goes on under new ones.
    pub(crate) fn retire_authors(&mut self, space: i64) -> Result<()> {
        self.tx.execute(
            "UPDATE own_author SET retired = 1
             WHERE author IN (SELECT num FROM author WHERE space = ?1)",
            [space],
        )?;
        Ok(())
    }

    pub(crate) fn tell(&mut self, space: &Space, noun: Noun, document: DocumentId) {
        self.changes.documents.insert((space.id, noun, document));
    }

    /// Remembers whose devices the authors of a space are, after its key came.
    fn learn_persons(&mut self, space: i64) -> Result<()> {
        let Some(Space { key: Some(key), id, .. }) = Space::by_num(&self.tx, space)? else {
            return Ok(());
        };
        let rows: Vec<(i64, [u8; 32], Vec<u8>)> = self
            .tx
            .prepare_cached(include_str!("sql/bindings.sql"))?
            .query_map([space], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (num, author, sealed) in rows {
            let author = AuthorId::from_bytes(author);
            let person = person_of(&key, &id, &author, sealed);
            self.set_person(num, person)?;
        }
        Ok(())
    }

    pub(crate) fn set_person(&mut self, author: i64, person: Option<PersonId>) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE author SET person = ?2 WHERE num = ?1")?
            .execute(params![author, person.as_ref().map(PersonId::as_bytes)])?;
        Ok(())
    }

    pub(crate) fn touch_all(&mut self, space: i64) -> Result<()> {
        let mut statement = self.tx.prepare_cached("SELECT num FROM document WHERE space = ?1")?;
        let all = statement.query_map([space], |row| row.get(0))?;
        self.touched.extend(all.collect::<rusqlite::Result<Vec<i64>>>()?);
        Ok(())
    }

    /// The role of the space, for what depends on whose it is.
    pub(crate) fn is_mine(space: &Space) -> bool {
        matches!(space.role, Role::Own | Role::Card)
    }
}

/// Who an author is, by a sealed binding as it lies in the log.
pub(crate) fn person_of(
    key: &SpaceKey,
    space: &SpaceId,
    author: &AuthorId,
    sealed: Vec<u8>,
) -> Option<PersonId> {
    let binding = SealedBinding::from_bytes(sealed).ok()?.open(key, author).ok()??;
    let holds = binding.claims(space, author).into_iter().all(|claim| claim.verify().is_ok());
    holds.then(|| binding.person())
}

/// Where an author's chain stands.
pub(crate) struct Head {
    pub(crate) seq: u32,
    pub(crate) id: [u8; 32],
}
