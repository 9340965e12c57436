//! What one phone has committed, as its exchanges read it.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::convert::Infallible;

use teilgeber_entry::batch::Form;
use teilgeber_entry::{AuthorId, EntryId, Fingerprint, LtHash, SpaceId};
use teilgeber_exchange::{Cargo, Item, KnownSet, Packed, Stored};

use crate::log::{Judged, Log, Number};

/// Some of all entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn has(&self, number: Number) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Whether it was not there.
    pub(crate) fn add(&mut self, number: Number) -> bool {
        let at = number as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        let before = self.0[at];
        self.0[at] |= 1 << (number % 64);
        self.0[at] != before
    }

    /// Those of `other` that are not here.
    pub(crate) fn lacks(&self, other: &Self) -> Vec<Number> {
        let mut lacking = Vec::new();
        for (at, theirs) in other.0.iter().enumerate() {
            let mut words = theirs & !self.0.get(at).copied().unwrap_or(0);
            while words != 0 {
                lacking.push(at as Number * 64 + words.trailing_zeros());
                words &= words - 1;
            }
        }
        lacking
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Number> {
        Self::default().lacks(self).into_iter()
    }
}

/// What is on one phone's disk.
pub(crate) struct Set {
    bits: Bits,
    sum: LtHash,
    fingerprint: Cell<Option<Fingerprint>>,
    /// Whose predecessor has not come yet.
    pending: Vec<Number>,
}

impl Default for Set {
    fn default() -> Self {
        Self {
            bits: Bits::default(),
            sum: LtHash::empty(),
            fingerprint: Cell::new(None),
            pending: Vec::new(),
        }
    }
}

impl Set {
    pub(crate) fn bits(&self) -> &Bits {
        &self.bits
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let fingerprint = self.fingerprint.get().unwrap_or_else(|| self.sum.fingerprint());
        self.fingerprint.set(Some(fingerprint));
        fingerprint
    }

    /// Commits what holds and is in line, and whatever waited for it. Gives what is new, in order.
    pub(crate) fn commit(&mut self, log: &Log, judged: &[Judged]) -> (Stored, Vec<Number>) {
        let mut stored = Stored::default();
        let mut new = Vec::new();
        for Judged { number, holds } in judged {
            match (holds, self.bits.has(*number)) {
                (false, _) => stored.refused += 1,
                (true, true) => stored.known += 1,
                (true, false) if self.is_in_line(log, *number) => {
                    self.insert(log, *number, &mut new);
                }
                (true, false) if !self.pending.contains(number) => self.pending.push(*number),
                (true, false) => {}
            }
        }
        while let Some(at) = self.pending.iter().position(|number| self.is_in_line(log, *number)) {
            let number = self.pending.swap_remove(at);
            if !self.bits.has(number) {
                self.insert(log, number, &mut new);
            }
        }
        stored.new = u32::try_from(new.len()).unwrap_or(u32::MAX);
        (stored, new)
    }

    /// Puts an entry there that nobody would take in: who does that has another program.
    pub(crate) fn plant(&mut self, log: &Log, number: Number) {
        self.insert(log, number, &mut Vec::new());
    }

    fn is_in_line(&self, log: &Log, number: Number) -> bool {
        log.see(number, |known| match known.parcel.envelope.header().seq {
            1 => true,
            _ => known.prev.is_some_and(|prev| self.bits.has(prev)),
        })
    }

    fn insert(&mut self, log: &Log, number: Number, new: &mut Vec<Number>) {
        self.bits.add(number);
        self.sum.add(&log.id(number));
        self.fingerprint.set(None);
        new.push(number);
    }
}

/// A set, with the log that knows its entries.
#[derive(Clone, Copy)]
pub(crate) struct Disk<'a> {
    pub(crate) log: &'a Log,
    pub(crate) set: &'a Set,
}

impl KnownSet for Disk<'_> {
    type Error = Infallible;

    fn fingerprint(&self, _: &SpaceId) -> Result<Fingerprint, Infallible> {
        Ok(self.set.fingerprint())
    }

    fn items(&self, _: &SpaceId) -> Result<Vec<Item>, Infallible> {
        let item = |number| {
            self.log.see(number, |known| {
                let envelope = &known.parcel.envelope;
                Item { time: envelope.header().time, id: envelope.id() }
            })
        };
        Ok(self.set.bits.iter().map(item).collect())
    }

    fn in_sending_order(&self, _: &SpaceId, ids: Vec<EntryId>) -> Result<Vec<EntryId>, Infallible> {
        let mut chains: BTreeMap<AuthorId, (u64, Vec<(u32, EntryId)>)> = BTreeMap::new();
        for id in ids {
            self.log.see(self.log.number(&id), |known| {
                let header = known.parcel.envelope.header();
                let chain = chains.entry(header.author).or_default();
                chain.0 = chain.0.max(header.time);
                chain.1.push((header.seq, id));
            });
        }
        let mut chains: Vec<_> = chains.into_iter().collect();
        chains.sort_by_key(|(author, (newest, _))| (Reverse(*newest), *author));
        let in_order = chains.into_iter().flat_map(|(_, (_, mut chain))| {
            chain.sort_unstable();
            chain.into_iter().map(|(_, id)| id)
        });
        Ok(in_order.collect())
    }

    fn pack(
        &self,
        _: &SpaceId,
        ids: &[EntryId],
        _: Cargo,
        form: Form,
        max_bytes: usize,
    ) -> Result<Packed, Infallible> {
        let numbers: Vec<Number> = ids.iter().map(|id| self.log.number(id)).collect();
        let (batch, count) = self.log.pack(&numbers, form, max_bytes);
        Ok(Packed { batch, count })
    }

    fn wanted(
        &self,
        _: &SpaceId,
        _: Option<EntryId>,
        _: usize,
    ) -> Result<Vec<EntryId>, Infallible> {
        Ok(Vec::new())
    }
}
