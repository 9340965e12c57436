//! What two devices tell each other, as stories.

mod common;

use common::*;
use proptest::prelude::*;
use teilgeber_entry::batch::Form;
use teilgeber_exchange::{Config, Event, KnownSet, Plan, Role, SpaceOffer, limits};

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

#[test]
fn what_only_one_has_goes_to_the_other_in_each_of_several_spaces() {
    let (event, own) = (space_key(1).space(), space_key(2).space());
    let mut a_set = set_of(event, entries(300, 5, DAY));
    a_set.add(own, one(1, 1));
    let mut b_set = set_of(event, entries(300, 5, DAY).skip(100));
    b_set.add(own, one(2, 1));
    b_set.add(event, one(900, 1));
    let mut a = Side::new(Role::Initiator, a_set, vec![member(1, 11), member(2, 21)], 7);
    let offers = vec![member(3, 32), member(2, 22), member(1, 12)];
    let mut b = Side::new(Role::Responder, b_set, offers, 7);

    run(&mut a, &mut b);

    for (space, sent, received) in [(event, 100, 1), (own, 1, 1)] {
        assert_eq!(a.set.ids(&space), b.set.ids(&space));
        assert_eq!(a.finished(&space), Some((sent, received)));
    }
}

#[test]
fn a_courier_carries_from_one_member_to_another_and_gets_everything_sealed() {
    let space = space_key(1).space();
    let a_set = set_of(space, entries(50, 5, DAY));
    let mut a = Side::new(Role::Initiator, a_set, vec![member(1, 11)], 7);
    let mut courier_side = Side::new(Role::Responder, MemorySet::default(), vec![courier(1)], 7);
    courier_side.stores_late = true;

    run(&mut a, &mut courier_side);
    let Plan::Store { form, admission_needed, .. } = courier_side.plans[0].clone();
    courier_side.store_all();
    run(&mut a, &mut courier_side);

    assert_eq!((form, admission_needed), (Form::Sealed, true));
    assert!(!courier_side.events.iter().any(|event| matches!(event, Event::Shown { .. })));
    assert!(!a.events.iter().any(|event| matches!(event, Event::Shown { .. })));

    let carried = courier_side.set;
    let mut c = Side::new(Role::Initiator, carried, vec![courier(1)], 8);
    let mut b = Side::new(Role::Responder, MemorySet::default(), vec![member(1, 12)], 8);
    run(&mut c, &mut b);

    assert_eq!(b.set.ids(&space), a.set.ids(&space));
}

#[test]
fn between_members_entries_go_opened_and_need_no_admission() {
    let space = space_key(1).space();
    let full = set_of(space, entries(5, 1, DAY));
    let mut a = Side::new(Role::Initiator, full, vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, MemorySet::default(), vec![member(1, 12)], 7);
    b.stores_late = true;

    run(&mut a, &mut b);

    let Plan::Store { form, admission_needed, .. } = b.plans[0].clone();
    assert_eq!((form, admission_needed), (Form::Opened, false));
}

#[test]
fn a_member_who_shows_nobody_still_syncs_and_is_shown_the_other() {
    let space = space_key(1).space();
    let set = set_of(space, entries(5, 1, DAY));
    let quiet = SpaceOffer::member(space_key(1), None);
    let mut a = Side::new(Role::Initiator, set.clone(), vec![quiet], 7);
    let mut b = Side::new(Role::Responder, set, vec![member(1, 12)], 7);

    run(&mut a, &mut b);

    assert!(a.events.contains(&Event::Shown { space, author: author_key(12).id() }));
    assert!(!b.events.iter().any(|event| matches!(event, Event::Shown { .. })));
    assert!(b.finished(&space).is_some());
}

#[test]
fn two_who_share_no_space_are_quiet_at_once() {
    let mut a = Side::new(Role::Initiator, MemorySet::default(), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, MemorySet::default(), vec![member(2, 12)], 7);

    let flights = run(&mut a, &mut b);

    assert_eq!(flights, 3);
    assert_eq!((a.events, b.events), (vec![Event::Quiet], vec![Event::Quiet]));
}

#[test]
fn news_reach_the_other_side_in_one_flight_and_are_acknowledged() {
    let space = space_key(1).space();
    let set = set_of(space, entries(100, 5, DAY));
    let mut a = Side::new(Role::Initiator, set.clone(), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, set, vec![member(1, 12)], 7);
    run(&mut a, &mut b);
    let items_read = a.set.items_read.get();

    b.edit(&space, one(900, 1));
    flight(&mut b, &mut a);
    assert_eq!(a.set.ids(&space), b.set.ids(&space));
    assert!(!b.exchange.is_quiet());
    run(&mut a, &mut b);

    assert_eq!(a.finished(&space), Some((0, 1)));
    assert_eq!(b.finished(&space), Some((1, 0)));
    assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
    assert_eq!(a.set.items_read.get(), items_read);
}

#[test]
fn a_window_is_acknowledged_only_after_its_commit() {
    let space = space_key(1).space();
    let full = set_of(space, entries(5, 1, DAY));
    let mut a = Side::new(Role::Initiator, full, vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, MemorySet::default(), vec![member(1, 12)], 7);
    b.stores_late = true;

    run(&mut a, &mut b);
    assert_eq!((a.finished(&space), b.finished(&space)), (None, None));
    b.store_all();
    run(&mut a, &mut b);

    assert_eq!((a.finished(&space), b.finished(&space)), (Some((5, 0)), Some((0, 5))));
}

#[test]
fn few_windows_are_on_their_way_at_once_however_slow_the_other_side_stores() {
    let space = space_key(1).space();
    let config = Config { window_bytes: 1024 };
    let a_set = set_of(space, entries(1000, 5, DAY));
    let b_set = set_of(space, entries(2000, 5, DAY).skip(1000));
    let mut a = Side::with(Role::Initiator, a_set, vec![member(1, 11)], 7, config);
    let mut b = Side::with(Role::Responder, b_set, vec![member(1, 12)], 7, config);
    (a.stores_late, b.stores_late) = (true, true);

    let mut rounds = 0;
    while !(a.exchange.is_quiet() && b.exchange.is_quiet()) {
        run(&mut a, &mut b);
        assert!(a.plans.len() <= limits::WINDOWS_MAX && b.plans.len() <= limits::WINDOWS_MAX);
        a.store_all();
        b.store_all();
        rounds += 1;
    }

    assert!(rounds > 10);
    assert_eq!(a.set.ids(&space).len(), 2000);
    assert_eq!(a.set.ids(&space), b.set.ids(&space));
}

#[test]
fn payloads_that_were_to_come_later_are_asked_for_and_come() {
    let space = space_key(1).space();
    let chunk = |seq| Entry { payload: Some(vec![seq as u8; 3000]), ..one(900, seq) };
    let full = set_of(space, (1..=700).map(chunk));
    let mut empty = MemorySet::default();
    for seq in 1..=700 {
        empty.add(space, Entry { payload: None, ..chunk(seq) });
        empty.spaces.get_mut(&space).unwrap().wanted.insert(entry_id(900, seq));
    }
    let mut a = Side::new(Role::Initiator, full.clone(), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, empty, vec![member(1, 12)], 7);

    run(&mut a, &mut b);

    assert_eq!(b.set.spaces[&space].entries, full.spaces[&space].entries);
    assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
    assert_eq!(b.finished(&space), Some((0, 0)));
}

#[test]
fn a_payload_that_nobody_here_has_is_asked_for_once() {
    let space = space_key(1).space();
    let mut set = set_of(space, [Entry { payload: None, ..one(900, 1) }]);
    set.spaces.get_mut(&space).unwrap().wanted.insert(entry_id(900, 1));
    let mut a = Side::new(Role::Initiator, set.clone(), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, set, vec![member(1, 12)], 7);

    run(&mut a, &mut b);

    assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
}

#[test]
fn entries_that_one_side_refuses_end_in_agreeing_to_differ() {
    let space = space_key(1).space();
    for refuser_dials in [true, false] {
        let full = set_of(space, entries(50, 5, DAY));
        let refuser = MemorySet { refuses: [entry_id(3, 2)].into(), ..MemorySet::default() };
        let (first, second) = if refuser_dials { (refuser, full) } else { (full, refuser) };
        let mut a = Side::new(Role::Initiator, first, vec![member(1, 11)], 7);
        let mut b = Side::new(Role::Responder, second, vec![member(1, 12)], 7);

        run(&mut a, &mut b);

        let sizes = [a.set.ids(&space).len(), b.set.ids(&space).len()];
        assert!(sizes.contains(&49) && sizes.contains(&50));
        for side in [&a, &b] {
            assert!(side.events.contains(&Event::Unequal { space }));
            assert_eq!(side.finished(&space), None);
            assert!(side.exchange.is_quiet());
        }
        let (full, other) = if refuser_dials { (&mut b, &mut a) } else { (&mut a, &mut b) };
        full.edit(&space, one(900, 1));
        run(full, other);
        assert!(other.set.ids(&space).contains(&entry_id(900, 1)));
        assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
    }
}

#[test]
fn payloads_are_asked_for_even_where_the_sets_stay_unequal() {
    let space = space_key(1).space();
    let full = set_of(space, (1..=3).map(|seq| one(900, seq)));
    let mut less = set_of(space, [Entry { payload: None, ..one(900, 1) }]);
    less.refuses = [entry_id(900, 3)].into();
    less.spaces.get_mut(&space).unwrap().wanted.insert(entry_id(900, 1));
    let mut a = Side::new(Role::Initiator, full, vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, less, vec![member(1, 12)], 7);

    run(&mut a, &mut b);

    assert!(b.events.contains(&Event::Unequal { space }));
    assert!(b.set.spaces[&space].entries[&entry_id(900, 1)].payload.is_some());
    assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
}

#[test]
fn a_difference_that_one_pass_does_not_show_is_found_by_the_next() {
    let space = space_key(1).space();
    for hidden_at_initiator in [true, false] {
        let less = set_of(space, entries(99, 5, DAY));
        let full = set_of(space, entries(100, 5, DAY));
        full.hidden_once.set(Some(entry_id(99 % 5, 99 / 5 + 1)));
        let (first, second) = if hidden_at_initiator { (full, less) } else { (less, full) };
        let mut a = Side::new(Role::Initiator, first, vec![member(1, 11)], 7);
        let mut b = Side::new(Role::Responder, second, vec![member(1, 12)], 7);

        run(&mut a, &mut b);

        assert_eq!((a.set.items_read.get(), b.set.items_read.get()), (2, 2));
        assert_eq!(a.set.ids(&space), b.set.ids(&space));
        assert!(a.finished(&space).is_some() && b.finished(&space).is_some());
    }
}

#[test]
fn more_than_one_turn_can_hold_is_found_in_further_passes() {
    let space = space_key(1).space();
    let half = |rest| entries(70_000, 200, DAY).filter(move |e| e.author % 2 == rest);
    let mut a = Side::new(Role::Initiator, set_of(space, half(0)), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, set_of(space, half(1)), vec![member(1, 12)], 7);

    run(&mut a, &mut b);

    assert_eq!(a.set.ids(&space).len(), 70_000);
    assert_eq!(a.set.ids(&space), b.set.ids(&space));
    assert!(a.set.items_read.get() > 1);
}

/// Sets of up to 150 entries each: what is on either side, or on both.
fn two_sets() -> impl Strategy<Value = (MemorySet, MemorySet)> {
    let entry = (0_u64..40, 0_u32..6, 0_u32..30, 0_u8..4);
    prop::collection::vec(entry, 0..200).prop_map(|specs| {
        let (mut a, mut b) = (MemorySet::default(), MemorySet::default());
        let space = space_key(1).space();
        for (time, author, seq, whose) in specs {
            // The time is a function of the entry, as its id commits to it.
            let time = DAY + time.min(u64::from(author * 7 + seq));
            let entry = Entry { time, author, seq, payload: Some(vec![7; 30]) };
            let known = |set: &MemorySet| {
                set.spaces.get(&space).and_then(|s| s.entries.get(&entry_id(author, seq)).cloned())
            };
            let entry = known(&a).or(known(&b)).unwrap_or(entry);
            if whose != 0 {
                a.add(space, entry.clone());
            }
            if whose != 1 {
                b.add(space, entry);
            }
        }
        (a, b)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_two_sets_become_one_whatever_the_chunks(
        (a_set, b_set) in two_sets(), seed: u64, window_bytes in 1024_usize..4096
    ) {
        let space = space_key(1).space();
        let config = Config { window_bytes };
        let mut all = a_set.ids(&space);
        all.extend(b_set.ids(&space));
        let mut a = Side::with(Role::Initiator, a_set, vec![member(1, 11)], 7, config);
        let mut b = Side::with(Role::Responder, b_set, vec![member(1, 12)], 7, config);
        (a.stores_late, b.stores_late) = (true, true);

        run_by_chance(&mut a, &mut b, &mut Chance::new(seed), usize::MAX);

        prop_assert_eq!(a.set.ids(&space), all.clone());
        prop_assert_eq!(b.set.ids(&space), all);
        prop_assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
        prop_assert!(a.finished(&space).is_some() && b.finished(&space).is_some());
        prop_assert_eq!((a.fault, b.fault), (None, None));
    }

    #[test]
    fn a_link_may_be_cut_again_and_again_and_the_next_goes_on(
        (a_set, b_set) in two_sets(),
        seed: u64,
        cuts in prop::collection::vec(0_usize..5000, 1..6),
    ) {
        let space = space_key(1).space();
        let config = Config { window_bytes: 1024 };
        let mut all = a_set.ids(&space);
        all.extend(b_set.ids(&space));
        let mut chance = Chance::new(seed);
        let (mut a_set, mut b_set) = (a_set, b_set);

        for (link, cut) in cuts.into_iter().chain([usize::MAX]).enumerate() {
            let mut a = Side::with(Role::Initiator, a_set, vec![member(1, 11)], link as u8, config);
            let mut b = Side::with(Role::Responder, b_set, vec![member(1, 12)], link as u8, config);
            (a.stores_late, b.stores_late) = (true, true);
            run_by_chance(&mut a, &mut b, &mut chance, cut);
            for (side, other) in [(&a, &b), (&b, &a)] {
                // What one side believes to be finished is true of the other's committed set.
                if let Some(Event::Finished { fingerprint, .. }) =
                    side.events.iter().rfind(|event| matches!(event, Event::Finished { .. }))
                {
                    prop_assert_eq!(other.set.fingerprint(&space), Ok(*fingerprint));
                }
            }
            (a_set, b_set) = (a.set, b.set);
        }

        prop_assert_eq!(a_set.ids(&space), all.clone());
        prop_assert_eq!(b_set.ids(&space), all);
    }

    #[test]
    fn news_on_both_sides_at_any_moment_arrive(
        (a_set, b_set) in two_sets(), seed: u64, moments in prop::collection::vec(0_usize..3000, 0..8)
    ) {
        let space = space_key(1).space();
        let config = Config { window_bytes: 1024 };
        let mut all = a_set.ids(&space);
        all.extend(b_set.ids(&space));
        let mut chance = Chance::new(seed);
        let mut a = Side::with(Role::Initiator, a_set, vec![member(1, 11)], 7, config);
        let mut b = Side::with(Role::Responder, b_set, vec![member(1, 12)], 7, config);
        (a.stores_late, b.stores_late) = (true, true);
        let mut link = Link::default();

        for (n, moment) in moments.into_iter().enumerate() {
            link.run(&mut a, &mut b, &mut chance, moment);
            let side = if n % 2 == 0 { &mut a } else { &mut b };
            side.edit(&space, one(900 + n as u32, 1));
            all.insert(entry_id(900 + n as u32, 1));
        }
        link.run(&mut a, &mut b, &mut chance, usize::MAX);

        prop_assert_eq!(a.set.ids(&space), all.clone());
        prop_assert_eq!(b.set.ids(&space), all);
        prop_assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
        prop_assert_eq!((a.fault, b.fault), (None, None));
    }
}

#[test]
fn a_small_sync_cut_after_every_single_byte_goes_on_and_ends_equal() {
    let space = space_key(1).space();
    let a_set = set_of(space, entries(6, 2, DAY));
    let b_set = set_of(space, entries(9, 2, DAY).skip(3));
    for cut in 0..2500 {
        let config = Config::default();
        let mut a = Side::with(Role::Initiator, a_set.clone(), vec![member(1, 11)], 7, config);
        let mut b = Side::with(Role::Responder, b_set.clone(), vec![member(1, 12)], 7, config);
        run_by_chance(&mut a, &mut b, &mut Chance::new(cut as u64), cut);

        let mut a = Side::with(Role::Initiator, a.set, vec![member(1, 11)], 8, config);
        let mut b = Side::with(Role::Responder, b.set, vec![member(1, 12)], 8, config);
        run(&mut a, &mut b);

        assert_eq!(a.set.ids(&space).len(), 9, "cut after {cut} bytes");
        assert_eq!(a.set.ids(&space), b.set.ids(&space), "cut after {cut} bytes");
    }
}

fn one(author: u32, seq: u32) -> Entry {
    Entry { time: DAY + u64::from(seq), author, seq, payload: Some(vec![seq as u8; 20]) }
}
