//! How long an event is held: `event keep`, `event fade-after`, and what is said of it elsewhere.

use std::str::FromStr;

use clap::Args;
use serde::Serialize;
use teilgeber_device::model::{Id, Retention, Rules};
use teilgeber_device::{Device, EventRecord, Held};

use crate::event::Which;
use crate::failure::Failure;
use crate::home::{App, warn};
use crate::ids;
use crate::page::{Page, Style};

#[derive(Debug, Args)]
pub(crate) struct Keep {
    /// Hold it by the event's rule again
    #[arg(long)]
    undo: bool,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct FadeAfter {
    /// So many days after the last one, or `never`
    after: After,
    #[command(flatten)]
    which: Which,
}

/// A rule as a word on the command line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct After(pub(crate) Retention);

impl FromStr for After {
    type Err = &'static str;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        match given {
            "never" => Ok(Self(Retention::Kept)),
            days => days
                .parse()
                .map(|days| Self(Retention::Days(days)))
                .map_err(|_| "a number of days below 65536, or never"),
        }
    }
}

/// What `event keep` and `event fade-after` answer.
#[derive(Serialize)]
struct Answer {
    id: Id,
    held: Held,
}

impl Keep {
    pub(crate) fn run(self, app: &App, device: &Device) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let had_faded = matches!(device.event(event)?.held, Held::Faded(_));
        device.keep_event(event, !self.undo)?;
        say(app, device, event, |page, record| {
            match record.held {
                Held::Kept => page.line(format!("This device keeps {}.", record.name)),
                _ => page.line(words(record)),
            }
            if had_faded && !self.undo {
                page.line("What faded comes back with the next sync with somebody who holds it.");
            }
        })
    }
}

impl FadeAfter {
    pub(crate) fn run(self, app: &App, device: &Device) -> Result<(), Failure> {
        let event = self.which.find(device)?;
        let camp = device
            .event(event)?
            .event
            .ok_or(Failure::Usage("the event has not come yet: sync with somebody who has it"))?;
        let rules = Rules { retention: self.after.0, ..camp.rules() };
        device.edit_event(event, &camp.with_rules(rules))?;
        say(app, device, event, |page, record| page.line(words(record)))
    }
}

/// How long an event is held, in a sentence.
pub(crate) fn words(record: &EventRecord) -> String {
    let name = &record.name;
    match record.held {
        Held::Kept => format!("{name} stays on this device."),
        Held::Until(day) | Held::FadesOn(day) => format!("{name} fades from this device on {day}."),
        Held::Faded(day) => format!("{name} faded from this device on {day}."),
    }
}

/// How long it is held, in a word.
pub(crate) fn held(held: Held) -> String {
    match held {
        Held::Kept => "for good".to_owned(),
        Held::Until(day) | Held::FadesOn(day) => format!("until {day}"),
        Held::Faded(day) => format!("faded on {day}"),
    }
}

/// A warning where an event fades soon.
pub(crate) fn draw_warning(page: &mut Page, record: &EventRecord) {
    if let Held::FadesOn(_) = record.held {
        let id = ids::short(record.id);
        page.styled(Style::Bad, words(record));
        page.styled(Style::Bad, format!("  Keep it with: teilgeber event keep --event {id}"));
    }
}

/// Lets fade what is due, and says so.
pub(crate) fn fade(device: &Device) -> Result<(), Failure> {
    for event in device.fade()? {
        let record = device.event(event)?;
        let id = ids::short(event);
        warn(&format!(
            "{} What you wrote there is still here.\n\
             Have the rest back from somebody who holds it: teilgeber event keep --event {id}",
            words(&record)
        ));
    }
    Ok(())
}

fn say(
    app: &App,
    device: &Device,
    event: Id,
    draw: impl FnOnce(&mut Page, &EventRecord),
) -> Result<(), Failure> {
    let record = device.event(event)?;
    let answer = Answer { id: event, held: record.held };
    app.out.say(&answer, |page| draw(page, &record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_days_or_never() {
        let rule = |given: &str| given.parse::<After>().map(|After(rule)| rule);

        assert_eq!(rule("30"), Ok(Retention::Days(30)));
        assert_eq!(rule("never"), Ok(Retention::Kept));
        for other in ["", "-1", "65536", "a week"] {
            assert!(rule(other).is_err(), "{other}");
        }
    }
}
