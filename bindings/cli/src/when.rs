//! Times, as a person at the event reads them.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz};
use teilgeber_device::model::{Millis, TimeZone};
use teilgeber_device::{Clock as _, SystemClock};

/// Now, by the system's clock.
pub(crate) fn now() -> Millis {
    Millis::new(SystemClock.now()).unwrap_or(Millis::MAX)
}

/// `2023-09-10 14:30` in `zone`; in UTC where this program does not know the zone.
pub(crate) fn moment(time: Millis, zone: &TimeZone) -> String {
    format(time, zone, "%Y-%m-%d %H:%M")
}

/// `Sun 14:30` in `zone`.
pub(crate) fn slot(time: Millis, zone: &TimeZone) -> String {
    format(time, zone, "%a %H:%M")
}

/// `2023-09-10` in `zone`.
pub(crate) fn day(time: Millis, zone: &TimeZone) -> String {
    format(time, zone, "%Y-%m-%d")
}

/// Reads `2023-09-10T14:30`, or with a space between, in `zone`. Of a time that a change of the
/// clocks repeats, the first.
pub(crate) fn read(text: &str, zone: &TimeZone) -> Option<Millis> {
    let civil: DateTime = text.trim().replace(' ', "T").parse().ok()?;
    let zone = tz::TimeZone::get(zone.as_str()).unwrap_or(tz::TimeZone::UTC);
    let stamp = civil.to_zoned_datetime(zone).ok()?.timestamp().as_millisecond();
    Millis::new(u64::try_from(stamp).ok()?).ok()
}

fn format(time: Millis, zone: &TimeZone, how: &str) -> String {
    let known = tz::TimeZone::get(zone.as_str()).unwrap_or(tz::TimeZone::UTC);
    // Millis are below 2^48, the year 10,889: later than a time zone's calendar goes.
    let stamp = i64::try_from(time.get()).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    stamp.unwrap_or(Timestamp::MAX).to_zoned_datetime(known).strftime(how).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_in_its_zone() {
        let time = Millis::new(1_694_334_600_000).unwrap();
        let kochi = TimeZone::new("Asia/Kolkata").unwrap();

        assert_eq!(moment(time, &kochi), "2023-09-10 14:00");
        assert_eq!(slot(time, &TimeZone::default()), "Sun 08:30");
        assert_eq!(day(time, &TimeZone::new("Mars/Olympus").unwrap()), "2023-09-10");
    }

    #[test]
    fn a_time_reads_back_in_its_zone() {
        let berlin = TimeZone::new("Europe/Berlin").unwrap();
        let time = read("2023-09-10 14:30", &berlin).unwrap();

        assert_eq!(moment(time, &berlin), "2023-09-10 14:30");
        assert_eq!(moment(time, &TimeZone::default()), "2023-09-10 12:30");
        assert_eq!(read("tomorrow", &berlin), None);
        assert_eq!(read("1960-01-01T00:00", &berlin), None);
    }

    #[test]
    fn the_latest_time_there_is_can_be_shown() {
        assert!(moment(Millis::MAX, &TimeZone::default()).starts_with("9999"));
    }
}
