//! What two devices tell each other, as stories.

mod common;

use common::*;
use teilgeber_exchange::{Event, Role};

/// A day in 2026, in ms.
const DAY: u64 = 1_790_000_000_000;

#[test]
fn two_members_with_the_same_entries_are_done_after_four_flights() {
    let space = space_key(1).space();
    let set = set_of(space, entries(100, 5, DAY));
    let mut a = Side::new(Role::Initiator, set.clone(), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, set, vec![member(1, 12)], 7);

    let flights = run(&mut a, &mut b);

    assert_eq!(flights, 4);
    assert_eq!(a.finished(&space), Some((0, 0)));
    assert_eq!(b.finished(&space), Some((0, 0)));
    let shown = |author| Event::Shown { space, author: author_key(author).id() };
    assert!(a.events.contains(&shown(12)) && b.events.contains(&shown(11)));
    assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
    assert_eq!(a.set.items_read.get(), 0);
}

#[test]
fn an_empty_device_and_a_full_one_come_to_the_same_set() {
    let space = space_key(1).space();
    for empty_dials in [true, false] {
        let full = set_of(space, entries(5000, 50, DAY));
        let (first, second) = match empty_dials {
            true => (MemorySet::default(), full),
            false => (full, MemorySet::default()),
        };
        let mut a = Side::new(Role::Initiator, first, vec![member(1, 11)], 7);
        let mut b = Side::new(Role::Responder, second, vec![member(1, 12)], 7);

        run(&mut a, &mut b);

        assert_eq!(a.set.ids(&space).len(), 5000);
        assert_eq!(a.set.ids(&space), b.set.ids(&space));
        let (there, back) =
            if empty_dials { ((0, 5000), (5000, 0)) } else { ((5000, 0), (0, 5000)) };
        assert_eq!(a.finished(&space), Some(there));
        assert_eq!(b.finished(&space), Some(back));
    }
}
