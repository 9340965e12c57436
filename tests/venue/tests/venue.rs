//! Some hundred phones, on good days and bad ones. What each story must come to, the oracle says
//! ([`Venue::run`] panics, and prints how to replay it).

use teilgeber_venue::{Happened, Story, Venue};

#[test]
fn phones_that_meet_at_random_spread_a_post_nearly_as_fast_as_ideal_gossip() {
    let mut venue = Venue::new(Story::pairs(100, 1));
    let report = venue.run();
    println!("{report}");
    let ratio = report.ratio().expect("nobody knows at once what is said to one");
    assert!(ratio <= 1.3, "{ratio}");
}

#[test]
fn on_a_bad_day_nobody_loses_or_makes_up_anything_and_in_the_end_all_know_all() {
    let happened = [1, 2].map(|seed| {
        let mut venue = Venue::new(Story::storm(24, seed));
        println!("{}", venue.run());
        venue.happened()
    });
    println!("{happened:?}");
    let all = |count: fn(&Happened) -> u64| happened.iter().map(count).sum::<u64>();
    assert!(all(|it| it.kills) > 0 && all(|it| it.lost_windows) > 0 && all(|it| it.sleeps) > 0);
    assert!(all(|it| it.dead_links) > 0 && all(|it| it.lost_frames) > 0);
    assert!(all(|it| it.refused) > 0);
}

#[test]
fn the_same_story_is_the_same_event_by_event_and_another_seed_is_another() {
    let digest = |story| {
        let mut venue = Venue::new(story);
        venue.run();
        (venue.digest(), venue.happened())
    };
    let first = digest(Story::storm(16, 7));
    assert_eq!(first, digest(Story::storm(16, 7)));
    assert_ne!(first, digest(Story::storm(16, 8)));
}

#[test]
fn what_is_remembered_of_entries_changes_nothing() {
    let story = Story::storm(12, 5);
    let digest = |memo| {
        let mut venue = Venue::new(Story { memo, ..story.clone() });
        venue.run();
        (venue.digest(), venue.happened())
    };
    assert_eq!(digest(true), digest(false));
}

#[test]
fn in_a_full_hall_a_post_is_with_everybody_within_seconds() {
    let report = Venue::new(Story::hall(24, 1)).run();
    println!("{report}");
    assert!(report.seconds_until_all_know() < 10.0);
}
