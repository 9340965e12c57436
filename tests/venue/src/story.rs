//! What is to happen.

use std::time::Duration;

/// Where people are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// Everybody on one access point, all the time.
    Hall,
    /// So many rooms, each with an access point of its own. Everybody stays for some time around this
    /// one and then goes to any other.
    Rooms {
        /// How many.
        count: usize,
        /// How long somebody stays.
        stay: Duration,
    },
    /// Everybody is alone, but for whom [`Venue::meet`](crate::Venue::meet) brings together.
    Apart,
    /// Everybody is together with one other, and with the next one after this time: meeting at random.
    Pairs {
        /// How long two stay together: a round.
        round: Duration,
    },
}

/// A story: the same one gives the same venue, event by event.
///
/// What goes wrong is said as *one in so many*, 0 for never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// What it is called in reports and for replaying.
    pub name: &'static str,
    /// Where chance begins.
    pub seed: u64,
    /// How many phones.
    pub phones: usize,
    /// Where people are.
    pub places: Places,
    /// How long people come and settle before anybody speaks.
    pub settle: Duration,
    /// How long it is eventful, after that.
    pub eventful: Duration,
    /// Posts in that time, by anybody at any moment.
    pub posts: usize,
    /// Time of a bit of radio, there or back.
    pub delay: Duration,
    /// Bytes that one link carries in a second.
    pub bytes_a_second: u64,
    /// One in so many frames is lost and sent again.
    pub lost_frames: u64,
    /// After one in so many frames the link is dead, and nobody is told.
    pub dead_links: u64,
    /// One in so many steps kills the phone that makes it, before or after the step.
    pub kills: u64,
    /// One in so many minutes a phone goes to sleep for some minutes.
    pub sleeps: u64,
    /// How often the venue falls into two that do not hear each other, for some minutes.
    pub partitions: usize,
    /// One in so many phones forges entries of others.
    pub forgers: u64,
    /// Whether verdicts and batches are remembered. Without it everything is the same and takes longer.
    pub memo: bool,
}

impl Story {
    /// People meet two by two, and nothing goes wrong.
    pub fn pairs(phones: usize, seed: u64) -> Self {
        let round = Duration::from_secs(60);
        Self {
            name: "pairs",
            places: Places::Pairs { round },
            settle: round * 10,
            eventful: round * 5,
            posts: 20,
            ..Self::hall(phones, seed)
        }
    }

    /// Nothing happens by itself: what does is told.
    pub fn apart(phones: usize, seed: u64) -> Self {
        Self { name: "apart", places: Places::Apart, ..Self::hall(phones, seed) }
    }

    /// All are on one access point, and nothing goes wrong.
    pub fn hall(phones: usize, seed: u64) -> Self {
        Self {
            name: "hall",
            seed,
            phones,
            places: Places::Hall,
            settle: Duration::from_secs(2 * 60),
            eventful: Duration::from_secs(8 * 60),
            posts: 20,
            delay: Duration::from_millis(10),
            bytes_a_second: 250_000,
            lost_frames: 0,
            dead_links: 0,
            kills: 0,
            sleeps: 0,
            partitions: 0,
            forgers: 0,
            memo: true,
        }
    }

    /// A barcamp: rooms of some forty, people who walk, and nothing goes wrong.
    pub fn camp(phones: usize, seed: u64) -> Self {
        let count = phones.div_ceil(40).max(2);
        Self {
            name: "camp",
            places: Places::Rooms { count, stay: Duration::from_secs(15 * 60) },
            settle: Duration::from_secs(10 * 60),
            eventful: Duration::from_secs(60 * 60),
            ..Self::hall(phones, seed)
        }
    }

    /// The same barcamp on a bad day: frames lost, links dead, phones asleep or killed, the venue parted.
    pub fn weather(phones: usize, seed: u64) -> Self {
        Self {
            name: "weather",
            delay: Duration::from_millis(40),
            bytes_a_second: 60_000,
            lost_frames: 20,
            dead_links: 2_000,
            kills: 20_000,
            sleeps: 30,
            partitions: 2,
            forgers: 100,
            ..Self::camp(phones, seed)
        }
    }

    /// The worst ten minutes, in which each thing that can go wrong does so often.
    pub fn storm(phones: usize, seed: u64) -> Self {
        Self {
            name: "storm",
            places: Places::Rooms { count: 3, stay: Duration::from_secs(5 * 60) },
            settle: Duration::from_secs(3 * 60),
            eventful: Duration::from_secs(10 * 60),
            dead_links: 150,
            kills: 300,
            sleeps: 10,
            forgers: 10,
            ..Self::weather(phones, seed)
        }
    }

    /// The story with this name.
    pub fn named(name: &str, phones: usize, seed: u64) -> Option<Self> {
        let stories = [Self::pairs, Self::hall, Self::camp, Self::weather, Self::storm];
        stories.iter().map(|story| story(phones, seed)).find(|story| story.name == name)
    }

    /// How to see it again.
    pub fn replay(&self) -> String {
        let Self { name, phones, seed, .. } = self;
        format!("STORY={name} SOAK_PHONES={phones} SEED={seed} tests/run soak")
    }
}
