//! Whole devices over real sockets and real disks: overheard, flooded, and in a crowd. How they are
//! killed is in `kill.rs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod camp;
mod flood;
mod prober;
mod reader;
mod unseen;
mod venue;
mod weather;
mod wire;
