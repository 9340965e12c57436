//! Runs stories for as long as told, and prints what came of each.
//!
//! `SOAK_SECONDS` (0: one round of all stories), `SOAK_PHONES` (1,000), `SEED` (1, and one more for each round), `STORY`
//! (all: pairs, storm, camp, weather, hall). What the oracle finds wrong ends it, with the way to replay it.

#![expect(clippy::print_stdout, reason = "prints what it measures")]

use std::time::{Duration, Instant};

use teilgeber_venue::{Story, Venue};

const STORIES: [&str; 5] = ["pairs", "storm", "camp", "weather", "hall"];

fn main() {
    let limit = Duration::from_secs(setting("SOAK_SECONDS", 0));
    let phones = usize::try_from(setting("SOAK_PHONES", 1_000)).unwrap_or(usize::MAX);
    let only = std::env::var("STORY").ok();
    let is_known = only.as_ref().is_none_or(|only| STORIES.contains(&only.as_str()));
    assert!(is_known, "STORY is one of {STORIES:?}");
    let begun = Instant::now();
    for seed in setting("SEED", 1).. {
        for name in STORIES {
            if only.as_ref().is_some_and(|only| only != name) {
                continue;
            }
            let story = Story::named(name, phones, seed).expect("one of the five");
            println!("{}", story.replay());
            let started = Instant::now();
            let mut venue = Venue::new(story);
            println!("{}", venue.run());
            println!("{:?}, {:.0} s", venue.happened(), started.elapsed().as_secs_f64());
        }
        if begun.elapsed() >= limit {
            return;
        }
    }
}

/// A number that whoever runs this may set.
fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}
