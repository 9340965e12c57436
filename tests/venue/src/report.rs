//! How fast, how many bytes, how many wake-ups.

use std::fmt;
use std::time::Duration;

use teilgeber_entry::batch::Form;

use crate::log::Number;
use crate::oracle::{Course, SHARES, Spread};
use crate::phone::Tally;
use crate::story::{Places, Story};
use crate::venue::Venue;

/// What came of a story.
#[derive(Debug, Clone)]
pub struct Report {
    story: Story,
    /// When so many thousandths of the phones knew a post, in seconds after it was said: on average over
    /// all posts, and by ideal gossip.
    shares: Vec<(usize, f64, f64)>,
    /// Bytes that a phone received since it came, on average, beside all entries as they travel, each once.
    bytes: (u64, u64),
    sent: u64,
    /// Of one phone in an hour, on average.
    timers: f64,
    wakes: f64,
    pings: f64,
    dials: f64,
    unanswered: f64,
    busy: f64,
    links: f64,
    /// Open links of one phone, on average.
    open: f64,
    /// How long after the last trouble all knew all.
    took: Duration,
}

impl Report {
    pub(crate) fn of(venue: &Venue, took: Duration) -> Self {
        let Venue { story, phones, oracle, .. } = venue;
        let shares = SHARES.iter().enumerate().map(|(at, share)| {
            let known = average(&oracle.spreads, |spread| spread.known, at, story);
            let ideal = average(&oracle.spreads, |spread| spread.ideal, at, story);
            (*share, known, ideal)
        });
        let hours = phones.len() as f64 * story.eventful.as_secs_f64() / 3600.0;
        let sum = |count: fn(&Tally) -> u64| phones.iter().map(|it| count(&it.tally)).sum::<u64>();
        let an_hour = |count| sum(count) as f64 / hours;
        let link_time: Duration = phones.iter().map(|phone| phone.tally.link_time).sum();
        let mean = |count| sum(count) / phones.len().max(1) as u64;
        Self {
            shares: shares.collect(),
            bytes: (mean(|tally| tally.received), floor(venue)),
            sent: mean(|tally| tally.sent),
            timers: an_hour(|tally| tally.timers),
            wakes: an_hour(|tally| tally.wakes),
            pings: an_hour(|tally| tally.pings),
            dials: an_hour(|tally| tally.dials),
            unanswered: an_hour(|tally| tally.unanswered),
            busy: an_hour(|tally| tally.busy),
            links: an_hour(|tally| tally.links),
            open: link_time.as_secs_f64() / hours / 3600.0,
            took,
            story: story.clone(),
        }
    }

    /// How many times as long as by ideal gossip it takes until 99 % know a post. In a venue of pairs
    /// counted in rounds. `None` where ideal gossip takes no time.
    pub fn ratio(&self) -> Option<f64> {
        let (_, known, ideal) = self.shares.iter().find(|(share, ..)| *share == 990)?;
        (*ideal > 0.0).then(|| known / ideal)
    }

    /// Seconds until all phones know a post, on average over all posts; infinite where one never came so far while
    /// it was counted.
    pub fn seconds_until_all_know(&self) -> f64 {
        self.shares.iter().map(|(_, known, _)| *known).fold(0.0, f64::max)
    }

    fn unit(&self) -> &'static str {
        match self.story.places {
            Places::Pairs { .. } => "rounds",
            _ => "s",
        }
    }
}

/// The mean over all posts of when a share was reached, in seconds or rounds; infinite where one was not.
fn average(spreads: &[Spread], course: fn(&Spread) -> Course, at: usize, story: &Story) -> f64 {
    let unit = |said: Duration, reached: Duration| match story.places {
        // A round in which it was said is one, and that in which it was heard another, unless the same.
        Places::Pairs { round } => {
            let number = |time: Duration| {
                time.saturating_sub(Duration::from_secs(60)).as_micros() / round.as_micros()
            };
            (number(reached) - number(said) + 1) as f64
        }
        _ => (reached - said).as_secs_f64(),
    };
    let times = spreads.iter().map(|spread| {
        course(spread).reached[at].map_or(f64::INFINITY, |reached| unit(spread.said_at, reached))
    });
    times.sum::<f64>() / spreads.len().max(1) as f64
}

/// Bytes of all entries as they travel between members, each once, in as few batches as there can be.
fn floor(venue: &Venue) -> u64 {
    let mut numbers: &[Number] = &venue.oracle.written;
    let mut bytes = 0;
    while !numbers.is_empty() {
        let (batch, count) = venue.log.pack(numbers, Form::Opened, 256 * 1024);
        bytes += batch.len() as u64;
        numbers = &numbers[count..];
    }
    bytes
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { story, bytes: (received, floor), .. } = self;
        let (name, phones) = (story.name, story.phones);
        writeln!(f, "| {name}, {phones} phones | measured | floor | ratio |")?;
        writeln!(f, "|---|---|---|---|")?;
        for (share, known, ideal) in &self.shares {
            let ratio = match *ideal > 0.0 {
                true => format!("{:.2}", known / ideal),
                false => "–".to_owned(),
            };
            let (percent, unit) = (*share as f64 / 10.0, self.unit());
            writeln!(
                f,
                "| until {percent} % know a post | {known:.1} {unit} | {ideal:.1} {unit} | {ratio} |"
            )?;
        }
        let ratio = *received as f64 / (*floor).max(1) as f64;
        let kilobytes = |bytes: &u64| *bytes as f64 / 1e3;
        let (received, floor) = (kilobytes(received), kilobytes(floor));
        writeln!(
            f,
            "| bytes received by a phone | {received:.1} kB | {floor:.1} kB | {ratio:.2} |"
        )?;
        writeln!(f, "| bytes sent by a phone | {:.1} kB | | |", kilobytes(&self.sent))?;
        for (what, count) in [
            ("wake-ups of a phone in an hour", self.wakes),
            ("of these by its keeper's timer, at most", self.timers),
            ("pings that it says or hears in an hour", self.pings),
            ("links of a phone in an hour", self.links),
            ("dials of a phone in an hour", self.dials),
            ("of these not answered", self.unanswered),
            ("of these turned away", self.busy),
            ("open links of a phone", self.open),
            ("seconds after the last post was due until all know all", self.took.as_secs_f64()),
        ] {
            writeln!(f, "| {what} | {count:.1} | | |")?;
        }
        Ok(())
    }
}
