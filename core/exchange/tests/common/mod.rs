//! Two devices with sets in memory, and a link between them that can be cut anywhere.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use teilgeber_entry::codec::{Reader, Write};
use teilgeber_entry::{AuthorKey, EntryId, Fingerprint, LtHash, SpaceId, SpaceKey};
use teilgeber_exchange::{
    Cargo, Config, Error, Event, Exchange, Fault, Form, Item, KnownSet, Millis, Packed, Plan, Role,
    SpaceOffer, Stored,
};

/// One entry as these tests know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) time: u64,
    pub(crate) author: u32,
    pub(crate) seq: u32,
    pub(crate) payload: Option<Vec<u8>>,
}

/// The id of the author's entry number `seq`.
pub(crate) fn entry_id(author: u32, seq: u32) -> EntryId {
    let mut name = author.to_be_bytes().to_vec();
    name.put_u32(seq);
    EntryId::from_bytes(*blake3::hash(&name).as_bytes())
}

/// A set in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemorySet {
    pub(crate) spaces: BTreeMap<SpaceId, Space>,
    /// Entries that fail the checks here.
    pub(crate) refuses: BTreeSet<EntryId>,
    /// An entry that is left out when items are read for the first time, as if its id in a list
    /// looked like another's.
    pub(crate) hidden_once: Cell<Option<EntryId>>,
    /// How often all items of a space were read.
    pub(crate) items_read: Cell<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Space {
    pub(crate) entries: BTreeMap<EntryId, Entry>,
    /// Payloads that are to come later: what is absent and wanted.
    pub(crate) wanted: BTreeSet<EntryId>,
    sum: LtHash,
}

impl Default for Space {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), wanted: BTreeSet::new(), sum: LtHash::empty() }
    }
}

impl MemorySet {
    pub(crate) fn add(&mut self, space: SpaceId, entry: Entry) -> bool {
        let id = entry_id(entry.author, entry.seq);
        let space = self.spaces.entry(space).or_default();
        let is_new = space.entries.insert(id, entry).is_none();
        if is_new {
            space.sum.add(&id);
        }
        is_new
    }

    pub(crate) fn ids(&self, space: &SpaceId) -> BTreeSet<EntryId> {
        self.spaces
            .get(space)
            .map(|space| space.entries.keys().copied().collect())
            .unwrap_or_default()
    }

    /// Stores a batch as a device would, in one step.
    pub(crate) fn store(
        &mut self,
        space: SpaceId,
        cargo: Cargo,
        batch: &[u8],
    ) -> (Stored, Vec<EntryId>) {
        let mut stored = Stored::default();
        let mut new = Vec::new();
        let Ok(entries) = read_batch(batch) else {
            return (Stored { refused: 1, ..stored }, new);
        };
        for (id, entry) in entries {
            if self.refuses.contains(&id) || id != entry_id(entry.author, entry.seq) {
                stored.refused += 1;
            } else if cargo == Cargo::Payloads {
                let held = self.spaces.get_mut(&space).unwrap();
                let is_wanted = held.wanted.remove(&id);
                held.entries.get_mut(&id).unwrap().payload = entry.payload;
                stored.new += u32::from(is_wanted);
            } else if self.add(space, entry) {
                stored.new += 1;
                new.push(id);
            } else {
                stored.known += 1;
            }
        }
        (stored, new)
    }
}

fn read_batch(batch: &[u8]) -> Result<Vec<(EntryId, Entry)>, teilgeber_entry::DecodeError> {
    let mut reader = Reader::new(batch);
    reader.u8("form")?;
    let mut entries = Vec::new();
    while reader.left() > 0 {
        let id = EntryId::read(&mut reader, "id")?;
        let time = reader.u48("time")?;
        let (author, seq) = (reader.u32("author")?, reader.u32("seq")?);
        let payload = match reader.u8("payload")? {
            0 => None,
            _ => Some(reader.sized("payload", 1 << 20)?.to_vec()),
        };
        entries.push((id, Entry { time, author, seq, payload }));
    }
    Ok(entries)
}

impl KnownSet for MemorySet {
    type Error = Infallible;

    fn fingerprint(&self, space: &SpaceId) -> Result<Fingerprint, Infallible> {
        let empty = LtHash::empty();
        Ok(self.spaces.get(space).map_or(&empty, |space| &space.sum).fingerprint())
    }

    fn items(&self, space: &SpaceId) -> Result<Vec<Item>, Infallible> {
        self.items_read.set(self.items_read.get() + 1);
        let hidden = self.hidden_once.take();
        let entries = self.spaces.get(space).into_iter().flat_map(|space| &space.entries);
        let item = |(id, entry): (&EntryId, &Entry)| Item { time: entry.time, id: *id };
        Ok(entries.map(item).filter(|item| Some(item.id) != hidden).collect())
    }

    fn in_sending_order(
        &self,
        space: &SpaceId,
        mut ids: Vec<EntryId>,
    ) -> Result<Vec<EntryId>, Infallible> {
        let entries = &self.spaces[space].entries;
        ids.sort_by_key(|id| (entries[id].author, entries[id].seq));
        Ok(ids)
    }

    fn pack(
        &self,
        space: &SpaceId,
        ids: &[EntryId],
        cargo: Cargo,
        form: Form,
        max_bytes: usize,
    ) -> Result<Packed, Infallible> {
        let space = &self.spaces[space];
        let mut batch = vec![u8::from(form == Form::Opened)];
        let (mut count, mut is_empty) = (0, true);
        for id in ids {
            let entry = space
                .entries
                .get(id)
                .filter(|_| !space.wanted.contains(id) || cargo == Cargo::Entries);
            let mut packed = Vec::new();
            if let Some(entry) = entry {
                packed.put_bytes(id.as_bytes());
                packed.put_u48(entry.time);
                packed.put_u32(entry.author);
                packed.put_u32(entry.seq);
                match &entry.payload {
                    Some(payload) if cargo == Cargo::Payloads || payload.len() < 1000 => {
                        packed.put_u8(1);
                        packed.put_sized(payload);
                    }
                    _ => packed.put_u8(0),
                }
            }
            if count > 0 && batch.len() + packed.len() > max_bytes {
                break;
            }
            is_empty &= packed.is_empty();
            batch.extend(packed);
            count += 1;
        }
        if is_empty {
            batch.clear();
        }
        Ok(Packed { batch, count })
    }

    fn wanted(
        &self,
        space: &SpaceId,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<EntryId>, Infallible> {
        let wanted = self.spaces.get(space).into_iter().flat_map(|space| &space.wanted);
        Ok(wanted
            .filter(|id| after.is_none_or(|after| **id > after))
            .take(limit)
            .copied()
            .collect())
    }
}

/// A small source of chance, the same for the same seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}

pub(crate) fn space_key(n: u8) -> SpaceKey {
    SpaceKey::from_bytes([n; 32])
}

pub(crate) fn author_key(n: u8) -> AuthorKey {
    AuthorKey::from_bytes([n; 32])
}

pub(crate) fn member(n: u8, author: u8) -> SpaceOffer {
    SpaceOffer::member(space_key(n), Some(author_key(author)))
}

pub(crate) fn courier(n: u8) -> SpaceOffer {
    SpaceOffer::courier(space_key(n).space(), space_key(n).carry_key())
}

/// A device on one link.
pub(crate) struct Side {
    pub(crate) set: MemorySet,
    pub(crate) exchange: Exchange,
    pub(crate) events: Vec<Event>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) fault: Option<Fault>,
    /// Everything that it sent, as the link is given it.
    pub(crate) sent: Vec<Vec<u8>>,
    /// What is ready for the next flight.
    pub(crate) outbox: Vec<Vec<u8>>,
    /// Bytes of batches that it received.
    pub(crate) batch_bytes: usize,
    /// Batches are kept as plans instead of stored.
    pub(crate) stores_late: bool,
}

impl Side {
    pub(crate) fn new(role: Role, set: MemorySet, offers: Vec<SpaceOffer>, link: u8) -> Self {
        Self::with(role, set, offers, link, Config::default())
    }

    pub(crate) fn with(
        role: Role,
        set: MemorySet,
        offers: Vec<SpaceOffer>,
        link: u8,
        config: Config,
    ) -> Self {
        let seed = [link ^ role as u8 ^ 0x5a; 32];
        let exchange = Exchange::new(role, [link; 32], offers, config, seed, Millis(0)).unwrap();
        Self {
            set,
            exchange,
            events: Vec::new(),
            plans: Vec::new(),
            fault: None,
            sent: Vec::new(),
            outbox: Vec::new(),
            batch_bytes: 0,
            stores_late: false,
        }
    }

    pub(crate) fn receive(&mut self, bytes: &[u8]) {
        let result = self.exchange.handle_bytes(bytes, &self.set, Millis(0));
        self.note(result);
        while let Some(plan) = self.exchange.poll_plan() {
            self.plans.push(plan);
        }
        if !self.stores_late {
            self.store_all();
        }
        self.read_events();
    }

    pub(crate) fn store_all(&mut self) {
        for Plan::Store { window, space, cargo, batch, .. } in std::mem::take(&mut self.plans) {
            self.batch_bytes += batch.len();
            let (stored, _) = self.set.store(space, cargo, &batch);
            let result = self.exchange.handle_stored(window, stored, &self.set, Millis(0));
            self.note(result);
        }
        self.read_events();
    }

    pub(crate) fn transmit(&mut self) -> Option<Vec<u8>> {
        let chunk = self.exchange.poll_transmit(&self.set, Millis(0)).unwrap();
        self.sent.extend(chunk.clone());
        self.read_events();
        chunk
    }

    /// Takes everything that the exchange has to say now.
    pub(crate) fn prepare(&mut self) {
        while let Some(chunk) = self.transmit() {
            self.outbox.push(chunk);
        }
    }

    pub(crate) fn edit(&mut self, space: &SpaceId, entry: Entry) {
        let id = entry_id(entry.author, entry.seq);
        self.set.add(*space, entry);
        self.exchange.handle_news(space, &[id]);
    }

    pub(crate) fn finished(&self, space: &SpaceId) -> Option<(u64, u64)> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Finished { space: of, sent, received, .. } if of == space => {
                Some((*sent, *received))
            }
            _ => None,
        })
    }

    fn note(&mut self, result: Result<(), Error<Infallible>>) {
        if let Err(error) = result {
            let Error::Peer(fault) = error;
            self.fault.get_or_insert(fault);
        }
    }

    fn read_events(&mut self) {
        while let Some(event) = self.exchange.poll_event() {
            self.events.push(event);
        }
    }
}

/// Runs both until nothing is said any more, a whole flight at a time; gives the number of flights.
pub(crate) fn run(a: &mut Side, b: &mut Side) -> usize {
    let mut flights = 0;
    for _ in 0..10_000 {
        let there = flight(a, b);
        let back = flight(b, a);
        flights += usize::from(there) + usize::from(back);
        if !there && !back {
            return flights;
        }
    }
    panic!("the dialogue does not end");
}

/// Delivers all that `from` has to say, and lets `to` make up its answer. Whether there was any.
pub(crate) fn flight(from: &mut Side, to: &mut Side) -> bool {
    from.prepare();
    let chunks = std::mem::take(&mut from.outbox);
    chunks.iter().for_each(|chunk| to.receive(chunk));
    to.prepare();
    !chunks.is_empty()
}

/// Runs both over a new [`Link`].
pub(crate) fn run_by_chance(a: &mut Side, b: &mut Side, chance: &mut Chance, cut_after: usize) {
    Link::default().run(a, b, chance, cut_after);
}

/// What is on its way.
#[derive(Default)]
pub(crate) struct Link {
    to_a: Vec<u8>,
    to_b: Vec<u8>,
}

impl Link {
    /// Lets chance pick who sends, who stores, and how large chunks are, until `most` bytes have
    /// arrived or nothing is said any more.
    pub(crate) fn run(&mut self, a: &mut Side, b: &mut Side, chance: &mut Chance, most: usize) {
        // So many idle steps that chance has offered everybody their turn.
        const REST: u32 = 200;
        let (mut passed, mut idle) = (0, 0);
        while idle < REST && passed < most {
            let (side, inbox, outbox) = match chance.below(2) {
                0 => (&mut *a, &mut self.to_a, &mut self.to_b),
                _ => (&mut *b, &mut self.to_b, &mut self.to_a),
            };
            let mut did = false;
            match chance.below(3) {
                0 => {
                    if let Some(chunk) = side.transmit() {
                        outbox.extend(chunk);
                        did = true;
                    }
                }
                1 => {
                    did = !side.plans.is_empty();
                    side.store_all();
                }
                _ => {
                    let bound = [1, 20, 2000, 100_000][chance.below(4)];
                    let len = (1 + chance.below(bound)).min(inbox.len()).min(most - passed);
                    let chunk: Vec<u8> = inbox.drain(..len).collect();
                    passed += len;
                    side.receive(&chunk);
                    did = len > 0;
                }
            }
            let rests = self.to_a.is_empty() && self.to_b.is_empty();
            idle = if did || !rests { 0 } else { idle + 1 };
        }
    }
}

/// `count` entries by `authors` authors, one each second, the first at `start` ms.
pub(crate) fn entries(count: u32, authors: u32, start: u64) -> impl Iterator<Item = Entry> {
    (0..count).map(move |n| Entry {
        time: start + u64::from(n) * 1000 + u64::from(n * 7919 % 1000),
        author: n % authors,
        seq: n / authors + 1,
        payload: Some(vec![n as u8; 20]),
    })
}

pub(crate) fn set_of(space: SpaceId, entries: impl IntoIterator<Item = Entry>) -> MemorySet {
    let mut set = MemorySet::default();
    entries.into_iter().for_each(|entry| {
        set.add(space, entry);
    });
    set
}

/// Bytes that the link adds to this chunk: length, tag and kind for each 16 KiB.
pub(crate) fn framing(chunk: &[u8]) -> usize {
    19 * chunk.len().div_ceil(16 * 1024)
}

/// All bytes that both sides handed to the link, with the link's framing.
pub(crate) fn link_bytes(a: &Side, b: &Side) -> usize {
    a.sent.iter().chain(&b.sent).map(|chunk| chunk.len() + framing(chunk)).sum()
}
