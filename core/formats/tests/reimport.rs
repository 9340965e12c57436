//! A schedule that is read again finds its talks, whatever its organisers did to it.

use std::collections::HashSet;
use std::path::PathBuf;

use proptest::prelude::*;
use teilgeber_formats::schedule::reimport::{Field, Known, Place, Step, plan};
use teilgeber_formats::schedule::{self, Schedule, Talk};

const MINUTE: u64 = 60_000;

fn talk(guid: Option<&str>, id: Option<&str>, title: &str, start: u64) -> Talk {
    Talk {
        guid: guid.map(str::to_owned),
        id: id.map(str::to_owned),
        title: title.to_owned(),
        room: "Hall".to_owned(),
        start_ms: start * MINUTE,
        minutes: 30,
        ..Talk::default()
    }
}

fn of(talks: &[Talk]) -> Schedule {
    Schedule { talks: talks.to_vec(), ..Schedule::default() }
}

fn known(talks: &[Talk]) -> Vec<Known<usize>> {
    talks.iter().enumerate().map(|(key, talk)| Known::new(key, talk)).collect()
}

/// Which known talk each talk of the plan is.
fn matches<'a>(steps: &[Step<'a, usize>]) -> Vec<(Option<usize>, Option<&'a str>)> {
    steps
        .iter()
        .map(|step| match step {
            Step::Added(talk) => (None, Some(talk.title.as_str())),
            Step::Changed { key, talk, .. }
            | Step::Moved { key, talk, .. }
            | Step::Unchanged { key, talk } => (Some(*key), Some(talk.title.as_str())),
            Step::Removed(key) => (Some(*key), None),
        })
        .collect()
}

#[test]
fn a_sample_that_is_read_again_is_unchanged() {
    for name in ["debconf23.xml", "frab-camp2019.json", "pretalx-barcamp.xml", "untidy.xml"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name);
        let schedule = schedule::read(&std::fs::read(path).unwrap()).unwrap().schedule;

        let old = known(&schedule.talks);
        let steps = plan(&old, &schedule);

        assert_eq!(steps.len(), schedule.talks.len(), "{name}");
        for step in steps {
            let Step::Unchanged { key, talk } = step else { panic!("{name}: {step:?}") };
            assert_eq!(&schedule.talks[key], talk);
        }
    }
}

#[test]
fn each_thing_that_may_happen_to_a_talk_is_told() {
    let old = [
        talk(Some("a"), None, "Stays", 0),
        talk(Some("b"), None, "Moves", 10),
        talk(Some("c"), None, "Changes", 20),
        talk(Some("d"), None, "Goes", 30),
    ];
    let moved = Talk { room: "Yard".to_owned(), minutes: 45, ..talk(Some("b"), None, "Moves", 40) };
    let changed =
        Talk { description: "New".to_owned(), ..talk(Some("c"), Some("3"), "Changed", 20) };
    let new =
        of(&[old[0].clone(), moved.clone(), changed.clone(), talk(Some("e"), None, "Comes", 50)]);

    let old = known(&old);
    let steps = plan(&old, &new);

    let place = |start: u64, room: &str| Place { start_ms: start * MINUTE, room: room.to_owned() };
    assert_eq!(
        steps,
        [
            Step::Unchanged { key: 0, talk: &new.talks[0] },
            Step::Changed {
                key: 2,
                talk: &changed,
                fields: vec![Field::Identifiers, Field::Title, Field::Details]
            },
            Step::Moved {
                key: 1,
                talk: &moved,
                from: place(10, "Hall"),
                to: place(40, "Yard"),
                fields: vec![Field::Minutes]
            },
            Step::Added(&new.talks[3]),
            Step::Removed(3),
        ]
    );
}

#[test]
fn the_guid_wins_over_the_id_and_the_id_over_title_and_start() {
    let old = [
        talk(Some("a"), Some("1"), "X", 0),
        talk(None, Some("2"), "Y", 10),
        talk(None, None, "Z", 20),
    ];
    let new = of(&[
        talk(None, Some("2"), "Z", 20),
        talk(Some("a"), Some("2"), "Y", 10),
        talk(None, Some("9"), "z", 20),
    ]);

    let old = known(&old);

    let mut found = matches(&plan(&old, &new));
    found.sort();
    assert_eq!(found, [(Some(0), Some("Y")), (Some(1), Some("Z")), (Some(2), Some("z"))]);
}

#[test]
fn numbers_that_begin_anew_in_another_tool_bind_nothing_together() {
    let old = [talk(Some("a"), Some("1"), "Tea", 0), talk(Some("b"), Some("2"), "Coffee", 10)];
    let new =
        of(&[talk(Some("x"), Some("1"), "Coffee", 10), talk(Some("y"), Some("2"), "Milk", 20)]);

    let old = known(&old);

    assert_eq!(
        matches(&plan(&old, &new)),
        [(Some(1), Some("Coffee")), (None, Some("Milk")), (Some(0), None)]
    );
}

#[test]
fn repetitions_that_share_an_id_each_find_their_own() {
    let old = [
        talk(None, Some("1"), "Tour", 0),
        talk(None, Some("1"), "Tour", 60),
        talk(None, Some("1"), "Tour", 120),
    ];
    let new = of(&[
        talk(None, Some("1"), "Tour", 60),
        talk(None, Some("1"), "Tour", 120),
        talk(None, Some("1"), "Tour", 180),
    ]);

    let old = known(&old);

    let keys: Vec<_> = matches(&plan(&old, &new)).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, [Some(1), Some(2), Some(0)]);
}

#[test]
fn two_nameless_talks_in_one_place_each_find_the_one_that_is_the_same() {
    let long = Talk { minutes: 45, ..talk(None, None, "Break", 0) };
    let talks = [long, talk(None, None, "Break", 0)];
    let (old, new) = (known(&talks), of(&talks));

    for step in plan(&old, &new) {
        assert!(matches!(step, Step::Unchanged { .. }), "{step:?}");
    }
}

#[test]
fn a_talk_without_identifiers_is_found_by_its_title_when_it_moves() {
    let old = known(&[talk(None, None, "Yoga", 0)]);
    let new = of(&[talk(None, None, "Yoga", 60)]);

    assert!(matches!(plan(&old, &new)[..], [Step::Moved { key: 0, .. }]));
}

fn any_talk() -> impl Strategy<Value = Talk> {
    let name = |letters: &'static str| prop::option::of(letters.prop_map(String::from));
    (name("[a-d]"), name("[1-3]"), "[ABa]", 0..4u64, "[RS]", 1..3u32).prop_map(
        |(guid, id, title, start, room, minutes)| Talk {
            guid,
            id,
            title,
            start_ms: start * MINUTE,
            room,
            minutes,
            ..Talk::default()
        },
    )
}

fn any_talks() -> impl Strategy<Value = Vec<Talk>> {
    prop::collection::vec(any_talk(), 0..10)
}

proptest! {
    #[test]
    fn the_same_schedule_changes_nothing(talks in any_talks()) {
        let (old, new) = (known(&talks), of(&talks));

        for step in plan(&old, &new) {
            prop_assert!(matches!(step, Step::Unchanged { .. }), "{:?}", step);
        }
    }

    #[test]
    fn each_talk_old_or_new_has_one_step(old in any_talks(), new in any_talks()) {
        let (old, new) = (known(&old), of(&new));

        let found = matches(&plan(&old, &new));

        let keys: Vec<usize> = found.iter().filter_map(|(key, _)| *key).collect();
        prop_assert_eq!(keys.len(), old.len());
        prop_assert_eq!(keys.iter().collect::<HashSet<_>>().len(), old.len());
        let mut titles: Vec<&str> = found.iter().filter_map(|(_, title)| *title).collect();
        let mut expected: Vec<&str> = new.talks.iter().map(|talk| talk.title.as_str()).collect();
        titles.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(titles, expected);
    }

    #[test]
    fn the_order_of_what_comes_in_decides_nothing(
        (old, shuffled_old) in any_talks().prop_map(|talks| known(&talks)).prop_flat_map(shuffled),
        (new, shuffled_new) in any_talks().prop_flat_map(shuffled),
    ) {
        let (new, shuffled_new) = (of(&new), of(&shuffled_new));

        prop_assert_eq!(plan(&old, &new), plan(&shuffled_old, &shuffled_new));
    }
}

fn shuffled<T: Clone + std::fmt::Debug>(items: Vec<T>) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    (Just(items.clone()), Just(items).prop_shuffle())
}
