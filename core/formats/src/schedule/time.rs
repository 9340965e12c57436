//! Dates, times and durations as schedules write them.

use std::fmt;

use jiff::civil::{self, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan, fmt::temporal::Pieces};

/// The longest talk, in minutes: an exhibition that stands for two weeks.
pub const MAX_MINUTES: u32 = 14 * 24 * 60;

/// A calendar day, without a time zone. Prints as `2023-09-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// A day of the calendar from 1970 to 9999; `None` if there is none.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        Self::read(&format!("{year:04}-{month:02}-{day:02}"))
    }

    /// The year, from 1970 to 9999.
    pub fn year(self) -> u16 {
        self.0.year().unsigned_abs()
    }

    /// The month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// The day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }

    /// Reads a date, or the date of a date with time, in whatever offset that is written.
    pub(super) fn read(text: &str) -> Option<Self> {
        Moment::read(text).map(|moment| moment.date)
    }

    /// When the day begins in a time zone.
    pub(super) fn start_ms(self, zone: &TimeZone) -> u64 {
        let start = zone.to_timestamp(self.0.to_datetime(Time::midnight()));
        start.ok().and_then(|start| u64::try_from(start.as_millisecond()).ok()).unwrap_or(0)
    }

    /// The day on which something falls in a time zone.
    pub(super) fn of(start_ms: u64, zone: &TimeZone) -> Option<Self> {
        let timestamp = Timestamp::from_millisecond(i64::try_from(start_ms).ok()?).ok()?;
        Some(Self(zone.to_datetime(timestamp).date()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A date, perhaps with a time, perhaps with an offset: what a file may say of a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// The day as written, in the offset as written.
    pub(super) date: Date,
    /// The time of day as written.
    pub(super) time: Option<Time>,
    /// The offset from UTC, if there is one.
    pub(super) offset: Option<Offset>,
}

impl Moment {
    /// Reads `2023-09-10`, `2023-09-10T10:30`, `2023-09-10 10:30:00+05:30`, `…Z` and what lies
    /// between.
    pub(super) fn read(text: &str) -> Option<Self> {
        let pieces = Pieces::parse(text.trim()).ok()?;
        let date = pieces.date();
        if !(1970..=9999).contains(&date.year()) {
            return None;
        }
        let offset = pieces.to_numeric_offset();
        Some(Self { date: Date(date), time: pieces.time(), offset })
    }

    /// The milliseconds since 1970. `clock` is the time of day where the moment has none.
    pub(super) fn epoch_ms(self, clock: Option<Time>, zone: &TimeZone) -> Option<u64> {
        let datetime = self.date.0.to_datetime(self.time.or(clock)?);
        let timestamp = match self.offset {
            Some(offset) => offset.to_timestamp(datetime).ok()?,
            None => zone.to_timestamp(datetime).ok()?,
        };
        u64::try_from(timestamp.as_millisecond()).ok()
    }

    /// The same time of day on the next day.
    pub(super) fn next_day(self) -> Option<Self> {
        Some(Self { date: Date(self.date.0.checked_add(1.day()).ok()?), ..self })
    }

    /// The day in the conference's own time: a moment given in UTC by a conference elsewhere falls
    /// on another day.
    pub(super) fn local_date(self, zone: &TimeZone) -> Date {
        match (self.time, self.offset) {
            (Some(time), Some(Offset::UTC)) => self
                .epoch_ms(Some(time), zone)
                .and_then(|ms| Date::of(ms, zone))
                .unwrap_or(self.date),
            _ => self.date,
        }
    }
}

/// A local time with the offset that it has in this zone, if that is known.
pub(super) fn with_offset(local: &str, name: &str) -> Option<String> {
    let moment = Moment::read(local)?;
    let ms = i64::try_from(moment.epoch_ms(None, &zone(name)?)?).ok()?;
    Some(
        Timestamp::from_millisecond(ms)
            .ok()?
            .to_zoned_datetime(zone(name)?)
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string(),
    )
}

/// The time zone of this IANA name, from the tables that are built in.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// Reads a time of day: `10:30`, `9:05`, `10:30:00`.
pub(super) fn clock(text: &str) -> Option<Time> {
    match numbers(text)?[..] {
        [hour, minute] => Time::new(hour.try_into().ok()?, minute.try_into().ok()?, 0, 0).ok(),
        [hour, minute, second] => {
            let second = second.try_into().ok()?;
            Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second, 0).ok()
        }
        _ => None,
    }
}

/// Reads a duration in minutes: `00:20`, `1:30`, `1:00:00` (hours, minutes, seconds), `45`
/// (minutes) or `PT45M`. From 1 to [`MAX_MINUTES`]; a begun minute counts.
pub(super) fn minutes(text: &str) -> Option<u32> {
    let minutes = match numbers(text).as_deref() {
        Some([minutes]) => *minutes,
        Some([hours, minutes]) => hours.checked_mul(60)?.checked_add(*minutes)?,
        Some([hours, minutes, seconds]) => {
            hours.checked_mul(60)?.checked_add(*minutes)?.checked_add(seconds.div_ceil(60))?
        }
        _ => {
            let duration: SignedDuration = text.trim().parse().ok()?;
            u32::try_from(duration.as_secs()).ok()?.div_ceil(60)
        }
    };
    (1..=MAX_MINUTES).contains(&minutes).then_some(minutes)
}

/// The numbers between colons.
fn numbers(text: &str) -> Option<Vec<u32>> {
    text.trim().split(':').map(|part| part.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        zone("Europe/Berlin").unwrap()
    }

    fn epoch(text: &str) -> Option<u64> {
        Moment::read(text)?.epoch_ms(None, &berlin())
    }

    #[test]
    fn an_offset_wins_over_the_zone_of_the_conference() {
        let noon_utc = Some(1_566_388_800_000);
        assert_eq!(epoch("2019-08-21T12:00:00Z"), noon_utc);
        assert_eq!(epoch("2019-08-21T14:00:00+02:00"), noon_utc);
        assert_eq!(epoch("2019-08-21 17:30+0530"), noon_utc);
        assert_eq!(epoch("2019-08-21T14:00:00"), noon_utc);
        assert_eq!(epoch("2019-08-21 14:00"), noon_utc);
    }

    #[test]
    fn a_local_time_that_never_was_lies_after_the_gap() {
        assert_eq!(epoch("2019-03-31T02:30"), epoch("2019-03-31T03:30"));
    }

    #[test]
    fn what_is_no_point_in_time_is_none() {
        for text in
            ["", "soon", "2019-13-01", "2019-08-21", "1969-01-01T00:00Z", "+012019-01-01T00:00Z"]
        {
            assert_eq!(epoch(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_read_in_all_their_spellings() {
        for (text, expected) in [
            ("00:20", Some(20)),
            ("1:30", Some(90)),
            ("1:00:00", Some(60)),
            ("0:00:01", Some(1)),
            (" 45 ", Some(45)),
            ("PT1H5M", Some(65)),
            ("336:00", Some(MAX_MINUTES)),
            ("336:01", None),
            ("00:00", None),
            ("", None),
            ("-5", None),
            ("4294967295:59", None),
            ("1:2:3:4", None),
            ("half an hour", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }

    #[test]
    fn a_clock_has_hours_below_24() {
        assert!(clock("23:59").is_some() && clock("9:05").is_some() && clock("10:30:00").is_some());
        assert!(clock("24:00").is_none() && clock("300:00").is_none() && clock("10").is_none());
    }

    #[test]
    fn a_day_that_is_given_in_utc_is_moved_to_where_the_conference_is() {
        let kolkata = zone("Asia/Kolkata").unwrap();

        let day = Moment::read("2023-09-09T21:30:00+00:00").unwrap().local_date(&kolkata);

        assert_eq!(day.to_string(), "2023-09-10");
        assert_eq!((day.year(), day.month(), day.day()), (2023, 9, 10));
    }
}
