//! The days of a time zone: when a day begins there, and on which day a moment falls.
//!
//! A zone that this program does not know is taken for UTC.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, tz};
use teilgeber_model::{Day, Millis, TimeZone};

/// The day on which `time` falls in `zone`.
pub fn day_of(time: Millis, zone: &TimeZone) -> Day {
    let stamp = i64::try_from(time.get()).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let local = stamp.map(|stamp| known(zone).to_datetime(stamp).date());
    local.and_then(day).unwrap_or_else(|| time.day())
}

/// When `day` begins in `zone`, and when the next one does: 23 to 25 hours later where clocks change.
pub fn span_of(day: Day, zone: &TimeZone) -> (Millis, Millis) {
    (beginning(day, zone), beginning(day.plus(1), zone))
}

fn beginning(day: Day, zone: &TimeZone) -> Millis {
    let date =
        Date::new(day.year().cast_signed(), day.month().cast_signed(), day.day().cast_signed());
    let start = date
        .ok()
        .and_then(|date| known(zone).to_timestamp(date.to_datetime(Time::midnight())).ok());
    let ms = start.and_then(|start| u64::try_from(start.as_millisecond()).ok());
    ms.and_then(|ms| Millis::new(ms).ok()).unwrap_or_else(|| day.start())
}

fn known(zone: &TimeZone) -> tz::TimeZone {
    tz::TimeZone::get(zone.as_str()).unwrap_or(tz::TimeZone::UTC)
}

fn day(date: Date) -> Option<Day> {
    let year = u16::try_from(date.year()).ok()?;
    Day::new(year, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn zone(name: &str) -> TimeZone {
        TimeZone::new(name).unwrap()
    }

    #[test]
    fn a_day_is_as_long_as_it_is_where_the_event_is() {
        let hours = |day: &str, name: &str| {
            let (from, until) = span_of(day.parse().unwrap(), &zone(name));
            (until.get() - from.get()) / HOUR
        };
        assert_eq!(hours("2026-11-21", "Europe/Berlin"), 24);
        assert_eq!(hours("2026-10-25", "Europe/Berlin"), 25);
        assert_eq!(hours("2026-03-29", "Europe/Berlin"), 23);
        assert_eq!(hours("2026-10-25", "Mars/Olympus"), 24);
    }

    #[test]
    fn every_moment_of_a_day_falls_on_it_and_no_other() {
        for name in ["Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "UTC", "Mars/Olympus"] {
            let zone = zone(name);
            for day in ["2026-10-25", "2026-03-29", "1970-01-02"] {
                let day: Day = day.parse().unwrap();
                let (from, until) = span_of(day, &zone);
                assert_eq!(day_of(from, &zone), day, "{name}");
                assert_eq!(day_of(Millis::new(until.get() - 1).unwrap(), &zone), day, "{name}");
                assert_eq!(day_of(until, &zone), day.plus(1), "{name}");
            }
        }
        assert_eq!(day_of(Millis::MAX, &zone("Europe/Berlin")), Day::MAX);
    }
}
