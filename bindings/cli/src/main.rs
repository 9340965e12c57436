//! The core at a terminal.
fn main() {}
