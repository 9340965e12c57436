//! Golden vectors: the bytes that fixed keys give, and bytes that must be refused, in files that
//! another implementation can read. Computed here again and compared.
//!
//! `TEILGEBER_PRINT_VECTORS=1 cargo test -p teilgeber-entry --test vectors` prints the files anew,
//! after a deliberate change of the format.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod file;
mod golden;
mod refused;
