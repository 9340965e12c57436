//! The exchange machine, fed with a peer's words that are nearly right.
//!
//! Both roles are recorded in an honest dialogue over one handshake hash. A mutation of what one side said
//! there gets as far into the machine as it is right: proofs hold, because the hash is the same.

use std::convert::Infallible;

use teilgeber_entry::{AuthorKey, EntryId, Fingerprint, LtHash, SpaceId, SpaceKey};
use teilgeber_exchange::{
    Cargo, Config, Exchange, Form, Item, KnownSet, Millis, Packed, Plan, Role, SpaceOffer, Stored,
};

/// The most plans and chunks that are taken of one input: an endless dialogue with a fixed input is a bug.
const STEPS_MAX: usize = 10_000;

/// What one side said in an honest dialogue, after a byte that says which side listens.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (ours, theirs) in [(0..40, 20..60), (0..5, 0..5), (0..0, 0..300)] {
        let mut sides = [Side::new(Role::Initiator, ours), Side::new(Role::Responder, theirs)];
        let mut said = [vec![1], vec![0]];
        for _ in 0..STEPS_MAX {
            let mut is_quiet = true;
            for from in [0, 1] {
                while let Some(chunk) =
                    sides[from].exchange.poll_transmit(&sides[from].set, Millis(0)).unwrap()
                {
                    is_quiet = false;
                    said[from].extend(&chunk);
                    sides[1 - from].hear(&chunk).unwrap();
                }
            }
            if is_quiet {
                break;
            }
        }
        seeds.extend(said);
    }
    seeds
}

/// Feeds a machine. The first byte says which role it has, and in what pieces it hears the rest.
pub(crate) fn run(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let role = if first & 1 == 0 { Role::Initiator } else { Role::Responder };
    let mut side = Side::new(role, 0..40);
    for piece in rest.chunks(1 + usize::from(first >> 1) * 17) {
        if side.hear(piece).is_err() {
            break;
        }
        let mut answered = 0;
        while let Some(chunk) = side.exchange.poll_transmit(&side.set, Millis(0)).unwrap() {
            answered += chunk.len();
            assert!(answered < 64 << 20, "one piece makes it say 64 MiB");
        }
    }
    while side.exchange.poll_event().is_some() {}
}

struct Side {
    exchange: Exchange,
    set: Numbers,
}

impl Side {
    fn new(role: Role, numbers: std::ops::Range<u64>) -> Self {
        let author = AuthorKey::from_bytes([role as u8 + 1; 32]);
        let offers = vec![SpaceOffer::member(SpaceKey::from_bytes([1; 32]), Some(author))];
        let seed = [role as u8 + 7; 32];
        let exchange =
            Exchange::new(role, [9; 32], offers, Config::default(), seed, Millis(0)).unwrap();
        Self { exchange, set: Numbers(numbers) }
    }

    fn hear(&mut self, bytes: &[u8]) -> Result<(), ()> {
        self.exchange.handle_bytes(bytes, &self.set, Millis(0)).map_err(drop)?;
        for _ in 0..STEPS_MAX {
            let Some(Plan::Store { window, batch, .. }) = self.exchange.poll_plan() else {
                return Ok(());
            };
            // What is stored is not looked at here: the set stays as it is.
            let stored = Stored { known: batch.len() as u32, ..Stored::default() };
            self.exchange.handle_stored(window, stored, &self.set, Millis(0)).map_err(drop)?;
        }
        panic!("it plans without end");
    }
}

/// A known set of numbered entries.
struct Numbers(std::ops::Range<u64>);

fn id(number: u64) -> EntryId {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    EntryId::from_bytes(bytes)
}

impl KnownSet for Numbers {
    type Error = Infallible;

    fn fingerprint(&self, _: &SpaceId) -> Result<Fingerprint, Infallible> {
        let mut sum = LtHash::empty();
        self.0.clone().for_each(|number| sum.add(&id(number)));
        Ok(sum.fingerprint())
    }

    fn items(&self, _: &SpaceId) -> Result<Vec<Item>, Infallible> {
        Ok(self.0.clone().map(|number| Item { time: number / 3, id: id(number) }).collect())
    }

    fn in_sending_order(&self, _: &SpaceId, ids: Vec<EntryId>) -> Result<Vec<EntryId>, Infallible> {
        Ok(ids)
    }

    fn pack(
        &self,
        _: &SpaceId,
        ids: &[EntryId],
        _: Cargo,
        _: Form,
        max_bytes: usize,
    ) -> Result<Packed, Infallible> {
        let count = ids.len().min(max_bytes / 32).max(1);
        let batch = ids.iter().take(count).flat_map(|id| *id.as_bytes()).collect();
        Ok(Packed { batch, count })
    }

    fn wanted(
        &self,
        _: &SpaceId,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<EntryId>, Infallible> {
        let mut ids: Vec<EntryId> = self.0.clone().map(id).filter(|id| Some(*id) > after).collect();
        ids.sort_unstable();
        ids.truncate(limit.min(3));
        Ok(ids)
    }
}
