//! What the dialogue costs beyond the entries: bytes with the link's framing and its handshake, and
//! round trips. `cargo test -p teilgeber-exchange --test figures -- --nocapture` prints the table.

#![expect(clippy::print_stdout, reason = "the table is what these tests are read for")]
#![expect(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use common::*;
use teilgeber_exchange::{KnownSet, Role};

/// A day in 2026, in ms.
const DAY: u64 = 1_790_000_000_000;

/// Bytes of the link's handshake, both ways: magic, versions and the messages of Noise NN.
const HANDSHAKE: usize = 37 + 53 + 40;

struct Cost {
    /// Everything but the batches.
    bytes: usize,
    /// Until both hold the same set, the handshake's and hello's included.
    until_equal: usize,
    /// Until both know it.
    until_finished: usize,
}

/// Syncs two members and counts what it took.
fn cost(name: &str, a: MemorySet, b: MemorySet) -> Cost {
    let space = space_key(1).space();
    let mut a = Side::new(Role::Initiator, a, vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, b, vec![member(1, 12)], 7);
    let (mut flights, mut equal, mut finished) = (0, None, None);
    while !a.exchange.is_quiet() || !b.exchange.is_quiet() {
        match flights % 2 {
            0 => flight(&mut a, &mut b),
            _ => flight(&mut b, &mut a),
        };
        flights += 1;
        let round_trips = 1 + usize::div_ceil(flights, 2);
        if a.set.fingerprint(&space) == b.set.fingerprint(&space) {
            equal.get_or_insert(round_trips);
        }
        if a.finished(&space).is_some() && b.finished(&space).is_some() {
            finished.get_or_insert(round_trips);
        }
    }
    assert_eq!(a.set.ids(&space), b.set.ids(&space));
    let cost = Cost {
        bytes: HANDSHAKE + link_bytes(&a, &b) - a.batch_bytes - b.batch_bytes,
        until_equal: equal.unwrap(),
        until_finished: finished.unwrap(),
    };
    let Cost { bytes, until_equal, until_finished } = cost;
    println!(
        "{name:<50} {bytes:>6} bytes  {until_equal} round trips, {until_finished} until known"
    );
    cost
}

fn log(count: u32) -> MemorySet {
    set_of(space_key(1).space(), entries(count, 200, DAY))
}

/// `count` more entries at places in time that `place` picks (0 oldest, 1 newest).
fn with_more(mut set: MemorySet, author: u32, count: u32, place: impl Fn(u32) -> f64) -> MemorySet {
    let space = space_key(1).space();
    let span = set.ids(&space).len() as f64 * 1000.0;
    for n in 0..count {
        let time = DAY + (span * place(n)) as u64 + u64::from(n);
        set.add(space, Entry { time, author, seq: n + 1, payload: Some(vec![1; 20]) });
    }
    set
}

#[test]
fn meeting_again_with_nothing_new_costs_a_few_hundred_bytes_and_three_round_trips() {
    let small = cost("nothing new, 1,000 entries", log(1000), log(1000));
    let large = cost("nothing new, 10,000 entries", log(10_000), log(10_000));

    assert!(large.bytes <= 800 && large.until_finished <= 3);
    assert_eq!(small.bytes, large.bytes);
}

#[test]
fn ten_changes_cost_less_than_four_kilobytes_and_three_round_trips_after_hello() {
    for count in [10_000, 100_000] {
        let at_the_end = |n: u32| 1.0 + f64::from(n) / 1000.0;
        let scattered = |n: u32| f64::from(n * 37 % 100) / 100.0 + 0.003;
        let in_one_place = |_| 0.31;
        let equal = log(count);
        let base = || equal.clone();
        let cases = [
            ("at the end, initiator's", with_more(base(), 900, 10, at_the_end), base()),
            ("at the end, responder's", base(), with_more(base(), 900, 10, at_the_end)),
            (
                "at the end, half each",
                with_more(base(), 900, 5, at_the_end),
                with_more(base(), 901, 5, at_the_end),
            ),
            ("scattered, initiator's", with_more(base(), 900, 10, scattered), base()),
            ("scattered, responder's", base(), with_more(base(), 900, 10, scattered)),
            (
                "scattered, half each",
                with_more(base(), 900, 5, scattered),
                with_more(base(), 901, 5, |n| scattered(n + 5)),
            ),
            (
                "long ago in one place, initiator's",
                with_more(base(), 900, 10, in_one_place),
                base(),
            ),
            (
                "long ago in one place, responder's",
                base(),
                with_more(base(), 900, 10, in_one_place),
            ),
        ];
        for (name, a, b) in cases {
            let cost = cost(&format!("10 new of {count}, {name}"), a, b);
            assert!(cost.bytes < 4000, "{name}");
            assert!(cost.until_equal <= 1 + 1 + 3, "{name}");
        }
    }
}

#[test]
fn a_first_sync_costs_little_beyond_its_entries() {
    let empty = MemorySet::default;
    let dialled = cost("first sync of 10,000, the empty one dials", empty(), log(10_000));
    let called = cost("first sync of 10,000, the full one dials", log(10_000), empty());
    let disjoint = set_of(space_key(1).space(), entries(20_000, 200, DAY).skip(10_000));
    let crossed = cost("10,000 each, nothing in common", log(10_000), disjoint);
    let mixed = cost(
        "10,000 each, half in common",
        set_of(space_key(1).space(), entries(15_000, 200, DAY).filter(|e| e.author % 3 != 0)),
        set_of(space_key(1).space(), entries(15_000, 200, DAY).filter(|e| e.author % 3 != 1)),
    );

    assert!(dialled.bytes < 2400 && called.bytes < 2400);
    assert!(crossed.bytes < 20_000 * 8);
    assert!(mixed.bytes < 20_000 * 8);
}
