//! The simulated venue: thousands of phones with one clock and one queue, on one thread.
//!
//! What decides on a phone is the real thing: [`Exchange`](teilgeber_exchange::Exchange) says what passes over
//! a link, [`Keeper`](teilgeber_link::keeper::Keeper) which links there are, and `teilgeber_entry` packs, unpacks
//! and verifies every entry. What is around them is a model: places and people who walk between them,
//! discovery, dials, bytes that take their time or are lost, phones that sleep or die, disks that commit later.
//!
//! | file | has |
//! |---|---|
//! | `story` | what is to happen: so many phones, so many posts, what goes wrong |
//! | `venue` | the clock and the queue: takes what is due and lets it happen |
//! | `happens` | what people and fate do: walk, speak, sleep, die, part |
//! | `phone` | one phone: what is committed, and the process that a kill takes away |
//! | `wire` | one link: two exchanges and the bytes between them |
//! | `linking` | what a phone does with its keeper and its links |
//! | `log` | all entries of the world, each once, with verdicts that are remembered |
//! | `set` | what one phone has committed, as its exchanges read it |
//! | `oracle` | what must be true, by means that are too simple to be wrong |
//! | `pings` | what keeps links alive |
//! | `report` | how fast, how many bytes, how many wake-ups |
//!
//! The same [`Story`] gives the same venue, event by event: [`Venue::digest`] is the proof. What the oracle finds
//! wrong panics with the story's [replay](Story::replay).

mod dice;
mod happens;
mod linking;
mod log;
mod oracle;
mod phone;
mod pings;
mod report;
mod set;
mod story;
mod venue;
mod wire;

pub use report::Report;
pub use story::{Places, Story};
pub use venue::{Happened, Venue};
