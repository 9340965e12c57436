//! Whole devices over real sockets and real disks: killed, overheard, flooded, and in a crowd.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod flood;
mod kill;
mod prober;
mod support;
mod venue;
mod wire;
