//! What two devices say over a link until both know the same entries.
//!
//! An [`Exchange`] is one side of that dialogue on one link: a state machine without IO. Bytes and
//! time go in, bytes and [plans](Plan) come out; it reads the device's entries through [`KnownSet`]
//! and keeps none itself. Batches of entries are opaque to it: the known set packs them, the caller
//! verifies and stores them.
//!
//! # The dialogue
//!
//! 1. **Hello** finds the spaces that both sides hold, and shows nothing else (module `hello`). A
//!    side proves the space's key, or is treated as a courier: served sealed, shown no author.
//! 2. **Reconcile**, in each space whose fingerprints differ: a few turns in which both find out
//!    what the other lacks (module `reconcile`).
//! 3. **Transfer**: windows of entries, few of them on their way at once, each acknowledged only
//!    after its commit. When both have sent all, the fingerprints are compared again. Then the
//!    payloads that are wanted.
//! 4. **Stay**: what comes to be known while the link lasts is pushed at once (module `space`).
//!
//! A link may be cut at any byte: what was committed stays, and the next exchange finds what is
//! missing. The words on the wire are in the module `frame`, the bounds in [`limits`], what a peer
//! can do to lose its link in [`Fault`].
//!
//! # The loop
//!
//! *After every call that takes something in, poll everything that comes out, until there is
//! nothing.* In this order:
//!
//! 1. [`poll_plan`](Exchange::poll_plan): store the batch, in one transaction, and after its commit
//!    call [`handle_stored`](Exchange::handle_stored). This may happen later and elsewhere; until
//!    then the peer sends only a little more.
//! 2. [`poll_transmit`](Exchange::poll_transmit): hand the bytes to the link. Ask for the next only
//!    when the link took them, so that a slow link slows the exchange and not memory.
//! 3. [`poll_event`](Exchange::poll_event): show or note down what happened.
//! 4. [`poll_timeout`](Exchange::poll_timeout): wait until then for bytes from the link, news, or a
//!    finished commit, and take in what comes first:
//!    [`handle_bytes`](Exchange::handle_bytes), [`handle_news`](Exchange::handle_news) (for entries
//!    that did not come over this link), [`handle_time`](Exchange::handle_time).
//!
//! An error ends the exchange. After [`Error::Peer`] transmit once more, which tells the peer the
//! reason, and close the link.
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::convert::Infallible;
//! use teilgeber_entry::{EntryId, Fingerprint, LtHash, SpaceId, SpaceKey};
//! use teilgeber_exchange::{
//!     Cargo, Config, Error, Event, Exchange, Form, Item, KnownSet, Millis, Packed, Plan, Role,
//!     SpaceOffer, Stored,
//! };
//!
//! /// Entries that are nothing but an id and a time.
//! struct Memory(BTreeMap<EntryId, u64>);
//!
//! impl KnownSet for Memory {
//!     type Error = Infallible;
//!
//!     fn fingerprint(&self, _: &SpaceId) -> Result<Fingerprint, Infallible> {
//!         let mut sum = LtHash::empty();
//!         self.0.keys().for_each(|id| sum.add(id));
//!         Ok(sum.fingerprint())
//!     }
//!     fn items(&self, _: &SpaceId) -> Result<Vec<Item>, Infallible> {
//!         Ok(self.0.iter().map(|(id, time)| Item { time: *time, id: *id }).collect())
//!     }
//!     fn in_sending_order(
//!         &self,
//!         _: &SpaceId,
//!         ids: Vec<EntryId>,
//!     ) -> Result<Vec<EntryId>, Infallible> {
//!         Ok(ids)
//!     }
//!     fn pack(
//!         &self,
//!         _: &SpaceId,
//!         ids: &[EntryId],
//!         _: Cargo,
//!         _: Form,
//!         max_bytes: usize,
//!     ) -> Result<Packed, Infallible> {
//!         let count = ids.len().min(max_bytes / 40);
//!         let entry = |id: &EntryId| [&id.as_bytes()[..], &self.0[id].to_be_bytes()].concat();
//!         Ok(Packed { batch: ids[..count].iter().flat_map(entry).collect(), count })
//!     }
//!     fn wanted(
//!         &self,
//!         _: &SpaceId,
//!         _: Option<EntryId>,
//!         _: usize,
//!     ) -> Result<Vec<EntryId>, Infallible> {
//!         Ok(Vec::new())
//!     }
//! }
//!
//! impl Memory {
//!     fn store(&mut self, batch: &[u8]) -> Stored {
//!         let mut stored = Stored::default();
//!         for entry in batch.chunks_exact(40) {
//!             let (id, time) = entry.split_at(32);
//!             let id = EntryId::from_bytes(id.try_into().unwrap());
//!             match self.0.insert(id, u64::from_be_bytes(time.try_into().unwrap())) {
//!                 None => stored.new += 1,
//!                 Some(_) => stored.known += 1,
//!             }
//!         }
//!         stored
//!     }
//! }
//!
//! /// One round of the loop: takes in what the link delivered, gives what it is to deliver.
//! fn turn(
//!     exchange: &mut Exchange,
//!     set: &mut Memory,
//!     received: &[u8],
//!     now: Millis,
//! ) -> Result<Vec<u8>, Error<Infallible>> {
//!     exchange.handle_bytes(received, set, now)?;
//!     while let Some(plan) = exchange.poll_plan() {
//!         let Plan::Store { window, batch, .. } = plan;
//!         let stored = set.store(&batch);
//!         exchange.handle_stored(window, stored, set, now)?;
//!     }
//!     let mut to_send = Vec::new();
//!     while let Some(chunk) = exchange.poll_transmit(set, now)? {
//!         to_send.extend(chunk);
//!     }
//!     while let Some(event) = exchange.poll_event() {
//!         if let Event::Finished { space, sent, received, .. } = event {
//!             println!("{space}: same on both sides, {sent} sent, {received} received");
//!         }
//!     }
//!     Ok(to_send)
//! }
//!
//! let key = SpaceKey::from_bytes([1; 32]);
//! let entry = |n: u8| (EntryId::from_bytes([n; 32]), u64::from(n));
//! let (mut here, mut there) =
//!     (Memory((0..20).map(entry).collect()), Memory((10..30).map(entry).collect()));
//! let begin = |role, seed| {
//!     let offers = vec![SpaceOffer::member(key.clone(), None)];
//!     Exchange::new(role, [7; 32], offers, Config::default(), seed, Millis(0))
//! };
//! let mut caller = begin(Role::Initiator, [2; 32])?;
//! let mut called = begin(Role::Responder, [3; 32])?;
//!
//! let mut bytes = Vec::new();
//! while !(caller.is_quiet() && called.is_quiet()) {
//!     bytes = turn(&mut caller, &mut here, &bytes, Millis(0))?;
//!     bytes = turn(&mut called, &mut there, &bytes, Millis(0))?;
//! }
//! assert_eq!(here.0, there.0);
//! assert_eq!(here.0.len(), 30);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Out of scope
//!
//! Encryption, and that the handshake hash is the same on both sides and nowhere else (the link's).
//! Verifying, opening and budgeting entries (the store's). Spaces that are joined while the link
//! lasts: they are offered on the next.

mod exchange;
mod fault;
mod frame;
mod hello;
pub mod limits;
mod range;
mod reconcile;
mod set;
mod space;

pub use exchange::{Config, Event, Exchange, Millis, Plan};
pub use fault::{Error, Fault, OfferError};
pub use hello::{Role, SpaceOffer, VERSION};
pub use set::{Cargo, Item, KnownSet, Lacking, Packed, Stored, WindowId};
pub use teilgeber_entry::batch::Form;
