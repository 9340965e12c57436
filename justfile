# Short names for what is done every day. `just` lists them.

_default:
    @just --list --unsorted

# A barcamp on this machine: people, notes, swapped contacts, sync.
demo:
    cargo run --release -- demo

# Every test, or the parts that are named; `tests/run --help` lists them.
test *parts:
    tests/run {{parts}}

# Formatting, lints, documentation, and the direction of imports.
lint:
    tests/run lint

# What the exchange and the guard cost.
bench:
    tests/run bench

# What takes hours: a hundred thousand hostile changes.
long:
    tests/run long

# Formats the code.
format:
    cargo fmt --all

# The documentation of all crates, in a browser.
doc:
    cargo doc --workspace --no-deps --open
