//! The store as its callers use it: told as stories, and held against shuffled orders.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod ahead;
mod damage;
mod erase;
mod letters;
mod order;
mod photos;
mod retention;
mod room;
mod stories;
mod world;
