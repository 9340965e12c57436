//! Each decoder of strangers' bytes, and the exchange machine, as a target of a fuzzer.
//!
//! A [`Target`] takes any bytes and must neither panic nor take long; what it can read it must write the
//! same way again. The targets run in two ways:
//!
//! - `tests/run fuzz`, on stable Rust and in CI: each seed, each file in `corpus/`, and as many
//!   [mutations](Mutator) of them as `FUZZ_CASES` says, drawn from `FUZZ_SEED`.
//! - with a fuzzer that sees which code runs, where nightly Rust and `cargo-fuzz` are:
//!   `cd tests/fuzz/cargo-fuzz && FUZZ_TARGET=batch cargo +nightly fuzz run target ../corpus/batch`.
//!
//! An input that breaks a target becomes a file `corpus/TARGET/NAME`, and a test with a name where the
//! bug was. The guard, which judges Automerge's changes, has a campaign of its own in the store.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a target that fails panics")]

mod exchange;
mod mutate;
mod targets;

pub use mutate::Mutator;
pub use targets::TARGETS;

/// What takes strangers' bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// What it is called, as is the folder of its corpus.
    pub name: &'static str,
    /// Takes any bytes. Panics where it should not have.
    pub run: fn(&[u8]),
    /// Bytes that are as they should be, to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

impl Target {
    /// The target that is called so.
    pub fn named(name: &str) -> Option<Self> {
        TARGETS.iter().copied().find(|target| target.name == name)
    }
}
