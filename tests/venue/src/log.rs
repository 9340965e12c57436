//! All entries of the world, each once.
//!
//! A thousand phones that hold ten thousand entries would hold each a thousand times, and check each
//! signature a thousand times. Here an entry is kept once and has a number, and the verdict on it is remembered
//! by its id: it is a function of the entry. So is what a batch says, by its bytes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use teilgeber_entry::batch::{self, Form};
use teilgeber_entry::content::Body;
use teilgeber_entry::{
    AuthorId, AuthorKey, Binding, Content, DecodeError, Draft, EntryId, Envelope, Noun, Origin,
    Parcel, Payload, PersonId, PersonKey, SealedBinding, SpaceKey,
};

/// A profile, as the core numbers nouns.
const PROFILE: Noun = Noun(3);

/// A post.
const POST: Noun = Noun(10);

/// Remembered batches of each kind; beyond it all are forgotten.
const BATCHES_MAX: usize = 50_000;

/// A batch of more entries is hardly ever packed again.
const REMEMBERED_MAX: usize = 8;

/// Each entry takes at least so many bytes of a window's bound.
const ENTRY_BYTES_MIN: usize = 250;

/// An entry, by its place among all.
pub(crate) type Number = u32;

/// Who signs on one phone.
pub(crate) struct Author {
    pub(crate) key: AuthorKey,
    person: PersonId,
    binding: SealedBinding,
}

/// What everybody can find out about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) number: Number,
    /// Its envelope holds.
    pub(crate) holds: bool,
}

/// One entry.
pub(crate) struct Known {
    pub(crate) parcel: Parcel,
    /// The author's entry before it.
    pub(crate) prev: Option<Number>,
    /// Whether its envelope holds, once somebody looked, as it was first seen.
    verdict: Option<bool>,
}

/// Which entries are packed, whether opened, and into how many bytes.
type Packing = (Vec<Number>, bool, usize);

/// The batch, and how many of them are in it.
type Packed = (Rc<Vec<u8>>, usize);

/// All of them.
pub(crate) struct Log {
    pub(crate) space: SpaceKey,
    memo: bool,
    entries: RefCell<Vec<Known>>,
    numbers: RefCell<HashMap<EntryId, Number>>,
    read: RefCell<HashMap<[u8; 32], Rc<Vec<Judged>>>>,
    packed: RefCell<HashMap<Packing, Packed>>,
}

impl Log {
    pub(crate) fn new(space: SpaceKey, memo: bool) -> Self {
        Self {
            space,
            memo,
            entries: RefCell::default(),
            numbers: RefCell::default(),
            read: RefCell::default(),
            packed: RefCell::default(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// What `look` sees of an entry.
    pub(crate) fn see<T>(&self, number: Number, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.entries.borrow()[number as usize])
    }

    pub(crate) fn id(&self, number: Number) -> EntryId {
        self.see(number, |known| known.parcel.envelope.id())
    }

    /// The number of an entry that is in some set.
    pub(crate) fn number(&self, id: &EntryId) -> Number {
        self.numbers.borrow()[id]
    }

    /// What a post says. `None` where it is none.
    pub(crate) fn post(&self, number: Number) -> Option<String> {
        self.see(number, |known| {
            let Payload::Open { content, .. } = &known.parcel.payload else { return None };
            let content = Content::decode(known.parcel.envelope.header().kind, content).ok()?;
            match content.body {
                Body::Put { value, .. } if content.noun == POST => String::from_utf8(value).ok(),
                _ => None,
            }
        })
    }

    /// An author with the keys of these bytes.
    pub(crate) fn author(&self, seed: [u8; 32]) -> Author {
        let (key, person) = (AuthorKey::from_bytes(seed), PersonKey::from_bytes(seed));
        let binding = Binding::direct(&person, &self.space.space(), &key.id());
        let binding = binding.seal(&self.space, &key.id());
        Author { key, person: person.id(), binding }
    }

    /// The author's next entry, after `prev`: first a profile, then posts.
    pub(crate) fn write(
        &self,
        author: &Author,
        prev: Option<Number>,
        time: u64,
        text: &str,
    ) -> Number {
        let (seq, hash) = match prev {
            None => (1, [0; 32]),
            Some(prev) => self.see(prev, |known| {
                let envelope = &known.parcel.envelope;
                (envelope.header().seq + 1, *envelope.id().as_bytes())
            }),
        };
        let (noun, origin) = match seq {
            1 => (PROFILE, Origin::Singleton { generation: 0 }),
            _ => (POST, Origin::Made),
        };
        let value = text.as_bytes().to_vec();
        let content = Content { noun, origin, body: Body::Put { supersedes: Vec::new(), value } };
        let document = origin
            .document(&self.space, noun, &author.key.id(), seq, Some(&author.person))
            .expect("such an origin tells");
        let draft = Draft { document, seq, prev: hash, time, binding: author.binding.clone() };
        let mut blind = [0; 16];
        blind.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..16]);
        let parcel = draft.sign(&self.space, &author.key, &content, &blind);
        self.intern(parcel.expect("within all bounds"))
    }

    /// An entry that `of` seems to have written after `prev`, under another's signature.
    pub(crate) fn forge(&self, forger: &Author, prev: Number, time: u64, text: &str) -> Number {
        let own = self.write(forger, Some(prev), time, text);
        let parcel = self.see(own, |known| known.parcel.clone());
        let mut header = parcel.envelope.header().clone();
        header.author = self.see(prev, |known| known.parcel.envelope.header().author);
        let envelope = Envelope::new(header, *parcel.envelope.signature(), None);
        // What it says opens under the forged header only if it is sealed for it; a liar leaves it closed.
        let bytes = parcel.payload.bytes().map(<[u8]>::to_vec).unwrap_or_default();
        let payload = Payload::Closed(bytes);
        self.intern(Parcel { envelope: envelope.expect("well-formed"), payload })
    }

    /// What a batch says and what is to be thought of it.
    pub(crate) fn read(
        &self,
        bytes: &[u8],
        admitted: bool,
    ) -> Result<Rc<Vec<Judged>>, DecodeError> {
        let key = blake3::Hasher::new().update(&[admitted.into()]).update(bytes).finalize();
        if let Some(read) = self.read.borrow().get(key.as_bytes()).filter(|_| self.memo) {
            return Ok(read.clone());
        }
        let parcels = batch::decode(bytes, &self.space.space(), Some(&self.space))?;
        let judged: Rc<Vec<Judged>> = Rc::new(self.judge(parcels, admitted));
        keep(&mut self.read.borrow_mut(), *key.as_bytes(), judged.clone());
        Ok(judged)
    }

    /// Packs the first of these.
    pub(crate) fn pack(
        &self,
        numbers: &[Number],
        form: Form,
        max_bytes: usize,
    ) -> (Vec<u8>, usize) {
        let most = (max_bytes / ENTRY_BYTES_MIN).max(1).min(numbers.len());
        let numbers = &numbers[..most];
        let key = (numbers.to_vec(), form == Form::Opened, max_bytes);
        if let Some((batch, count)) = self.packed.borrow().get(&key).filter(|_| self.memo) {
            return (batch.to_vec(), *count);
        }
        let parcels: Vec<Parcel> =
            numbers.iter().map(|number| self.see(*number, |known| known.parcel.clone())).collect();
        let opened = (form == Form::Opened).then_some(&self.space);
        let (batch, count) = batch::encode(&parcels, opened, max_bytes);
        if numbers.len() <= REMEMBERED_MAX {
            keep(&mut self.packed.borrow_mut(), key, (Rc::new(batch.clone()), count));
        }
        (batch, count)
    }

    fn judge(&self, parcels: Vec<Parcel>, admitted: bool) -> Vec<Judged> {
        let verdicts: Vec<Option<bool>> = parcels.iter().map(|parcel| self.known(parcel)).collect();
        let unknown: Vec<Parcel> = parcels
            .iter()
            .zip(&verdicts)
            .filter(|(_, verdict)| verdict.is_none())
            .map(|(parcel, _)| parcel.clone())
            .collect();
        let is_admitted = |_: &AuthorId| admitted;
        let checked = batch::verify(&unknown, Some(&self.space), is_admitted);
        let mut checked = checked.into_iter().map(|checked| checked.envelope);
        let judged = parcels.into_iter().zip(verdicts).map(|(parcel, verdict)| {
            let holds = verdict.or_else(|| checked.next()).unwrap_or(false);
            let number = self.intern(parcel);
            self.entries.borrow_mut()[number as usize].verdict = Some(holds);
            Judged { number, holds }
        });
        judged.collect()
    }

    /// What was found out about this very entry, signature included.
    fn known(&self, parcel: &Parcel) -> Option<bool> {
        let number = *self.numbers.borrow().get(&parcel.envelope.id())?;
        self.see(number, |known| {
            let is_same = known.parcel.envelope.signature() == parcel.envelope.signature();
            known.verdict.filter(|_| is_same && self.memo)
        })
    }

    fn intern(&self, parcel: Parcel) -> Number {
        let id = parcel.envelope.id();
        if let Some(number) = self.numbers.borrow().get(&id) {
            return *number;
        }
        let prev = EntryId::from_bytes(parcel.envelope.header().prev);
        let prev = self.numbers.borrow().get(&prev).copied();
        let number = Number::try_from(self.len()).expect("fewer entries than that");
        self.entries.borrow_mut().push(Known { parcel, prev, verdict: None });
        self.numbers.borrow_mut().insert(id, number);
        number
    }
}

fn keep<K: std::hash::Hash + Eq, V>(memo: &mut HashMap<K, V>, key: K, value: V) {
    if memo.len() >= BATCHES_MAX {
        memo.clear();
    }
    memo.insert(key, value);
}
