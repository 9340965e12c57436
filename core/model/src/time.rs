//! Points, days and spans of time, and time zones by name.
//!
//! Nothing here knows what time it is or what a zone's offset was: points are counted in UTC, and
//! whoever shows them brings the rules of the zone.

use core::fmt;
use core::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::error::{Invalid, Shape};

/// A point in time: milliseconds since 1970-01-01T00:00Z, below 2^48 (the year 10889).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Millis(u64);

impl Millis {
    /// The beginning of 1970, UTC.
    pub const EPOCH: Self = Self(0);

    /// The last point that an entry's header can hold.
    pub const MAX: Self = Self((1 << 48) - 1);

    /// `millis` since the epoch.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] from 2^48.
    pub const fn new(millis: u64) -> Result<Self, Invalid> {
        if millis <= Self::MAX.0 { Ok(Self(millis)) } else { Err(Invalid::OutOfRange) }
    }

    /// Milliseconds since the epoch, below 2^48.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// `minutes` later, or [`MAX`](Self::MAX) if that is beyond it.
    pub fn plus(self, minutes: Minutes) -> Self {
        let later = self.0 + u64::from(minutes.get()) * MILLIS_PER_MINUTE;
        Self(later.min(Self::MAX.0))
    }

    /// The day in UTC, or [`Day::MAX`] after it.
    pub fn day(self) -> Day {
        u32::try_from(self.0 / MILLIS_PER_DAY).map_or(Day::MAX, |days| Day(days).min(Day::MAX))
    }
}

plain_traits!(Millis, u64);

/// A span of 1 minute to 14 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Minutes(u16);

impl Minutes {
    /// The shortest span.
    pub const MIN: Self = Self(1);

    /// The longest span: longer than any session or camp, so a larger number is a mistake.
    pub const MAX: Self = Self(14 * 24 * 60);

    /// A span of `minutes`.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] for 0 and above [`MAX`](Self::MAX).
    pub const fn new(minutes: u16) -> Result<Self, Invalid> {
        if Self::MIN.0 <= minutes && minutes <= Self::MAX.0 {
            Ok(Self(minutes))
        } else {
            Err(Invalid::OutOfRange)
        }
    }

    /// Minutes, 1 to 20,160.
    pub const fn get(self) -> u16 {
        self.0
    }
}

plain_traits!(Minutes, u16);

/// A civil date in the Gregorian calendar, 1970-01-01 to 9999-12-31, without a time zone.
///
/// ```
/// use teilgeber_model::Day;
///
/// let day: Day = "2026-11-23".parse()?;
/// assert_eq!((day.year(), day.month(), day.day()), (2026, 11, 23));
/// assert!("2026-02-29".parse::<Day>().is_err());
/// # Ok::<(), teilgeber_model::Invalid>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(u32);

impl Day {
    /// 1970-01-01.
    pub const MIN: Self = Self(0);

    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day with this date.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] if the calendar has no such day, or outside 1970 to 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, Invalid> {
        if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
            return Err(Invalid::OutOfRange);
        }
        let date = Self(days_from_civil(year, month, day));
        // A day that its month does not have comes back as one of the next.
        if date.civil() == (year, month, day) { Ok(date) } else { Err(Invalid::OutOfRange) }
    }

    /// The day `days` after 1970-01-01.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] after [`MAX`](Self::MAX).
    pub fn from_days(days: u32) -> Result<Self, Invalid> {
        if days <= Self::MAX.0 { Ok(Self(days)) } else { Err(Invalid::OutOfRange) }
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> u32 {
        self.0
    }

    /// The year, 1970 to 9999.
    pub fn year(self) -> u16 {
        self.civil().0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.civil().1
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.civil().2
    }

    /// `days` later, or [`MAX`](Self::MAX) if that is beyond it.
    pub fn plus(self, days: u16) -> Self {
        Self((self.0 + u32::from(days)).min(Self::MAX.0))
    }

    /// Midnight at its beginning, in UTC.
    pub fn start(self) -> Millis {
        Millis(u64::from(self.0) * MILLIS_PER_DAY)
    }

    /// Year, month and day: `civil_from_days` of Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", for days that are not before 1970.
    fn civil(self) -> (u16, u8, u8) {
        let since_march_0 = self.0 + DAYS_BEFORE_EPOCH;
        let era = since_march_0 / DAYS_PER_ERA;
        let day_of_era = since_march_0 % DAYS_PER_ERA;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u32::from(month <= 2);
        (year as u16, month as u8, day as u8)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = Invalid;

    /// Reads `2026-11-23` (ISO 8601, the extended form and no other).
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (year, month, day) = split_date(text).ok_or(Invalid::Malformed(Shape::Date))?;
        Self::new(year, month, day)
    }
}

impl TryFrom<String> for Day {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl<Ctx> Encode<Ctx> for Day {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut Ctx,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u32(self.0)?.ok()
    }
}

impl<'b, Ctx> Decode<'b, Ctx> for Day {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut Ctx) -> Result<Self, minicbor::decode::Error> {
        Self::from_days(d.u32()?).map_err(minicbor::decode::Error::message)
    }
}

/// From the evening of one day to the morning of a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "NightsInJson", into = "NightsInJson")]
pub struct Nights {
    from: Day,
    until: Day,
}

impl Nights {
    /// The longest stay, in nights.
    pub const MAX: u32 = 366;

    /// From the evening of `from` to the morning of `until`.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] where there is no night between, or more than [`MAX`](Self::MAX).
    pub fn new(from: Day, until: Day) -> Result<Self, Invalid> {
        match until.days().checked_sub(from.days()) {
            Some(1..=Self::MAX) => Ok(Self { from, until }),
            _ => Err(Invalid::OutOfRange),
        }
    }

    /// The day of the first evening.
    pub fn from(self) -> Day {
        self.from
    }

    /// The day of the last morning.
    pub fn until(self) -> Day {
        self.until
    }
}

#[derive(Serialize, Deserialize)]
struct NightsInJson {
    from: Day,
    until: Day,
}

impl TryFrom<NightsInJson> for Nights {
    type Error = Invalid;

    fn try_from(json: NightsInJson) -> Result<Self, Invalid> {
        Self::new(json.from, json.until)
    }
}

impl From<Nights> for NightsInJson {
    fn from(nights: Nights) -> Self {
        Self { from: nights.from, until: nights.until }
    }
}

/// A time zone by its IANA name: `UTC`, or `Area/City` as in `Europe/Berlin`.
///
/// Only the shape is checked; whether a zone of that name exists, a newer database may know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimeZone(String);

impl TimeZone {
    /// The most bytes in a name: the longest so far, `America/Argentina/ComodRivadavia`, has 32.
    pub const MAX_BYTES: usize = 64;

    /// Makes a time zone of its name.
    ///
    /// # Errors
    /// [`Invalid::Malformed`] if it has not the shape of one.
    pub fn new(name: &str) -> Result<Self, Invalid> {
        let parts = name.split('/').count();
        let shaped = name == "UTC" || (2..=3).contains(&parts) && name.split('/').all(is_zone_part);
        if shaped && name.len() <= Self::MAX_BYTES {
            Ok(Self(name.to_owned()))
        } else {
            Err(Invalid::Malformed(Shape::TimeZone))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for TimeZone {
    /// `UTC`.
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

text_traits!({} TimeZone);

const MILLIS_PER_MINUTE: u64 = 60_000;
const MILLIS_PER_DAY: u64 = 24 * 60 * MILLIS_PER_MINUTE;

/// Days in 400 years, after which the calendar repeats.
const DAYS_PER_ERA: u32 = 146_097;

/// Days from 0000-03-01, where an era of the algorithm begins, to 1970-01-01.
const DAYS_BEFORE_EPOCH: u32 = 719_468;

/// Days since 1970-01-01: `days_from_civil` from the same source as [`Day::civil`].
fn days_from_civil(year: u16, month: u8, day: u8) -> u32 {
    let (month, day) = (u32::from(month), u32::from(day));
    let year = u32::from(year) - u32::from(month <= 2);
    let year_of_era = year % 400;
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    // Plus the day, which may be 0 here and is refused by the caller.
    let day_of_year = (153 * month_from_march + 2) / 5 + day;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (year / 400 * DAYS_PER_ERA + day_of_era).saturating_sub(DAYS_BEFORE_EPOCH + 1)
}

fn split_date(text: &str) -> Option<(u16, u8, u8)> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(n, byte)| match n {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shaped {
        return None;
    }
    Some((text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?))
}

fn is_zone_part(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphabetic())
        && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_point_in_time_fits_in_48_bits() {
        assert_eq!(Millis::new((1 << 48) - 1), Ok(Millis::MAX));
        assert_eq!(Millis::new(1 << 48), Err(Invalid::OutOfRange));
        assert!(serde_json::from_str::<Millis>("281474976710656").is_err());
        assert!(minicbor::decode::<Millis>(&crate::wire::encode(&(1u64 << 48))).is_err());
    }

    #[test]
    fn time_stops_at_its_end_instead_of_wrapping() {
        assert_eq!(Millis::MAX.plus(Minutes::MAX), Millis::MAX);
        assert_eq!(Millis::MAX.day(), Day::MAX);
        assert_eq!(Day::MAX.plus(u16::MAX), Day::MAX);
    }

    #[test]
    fn a_span_is_1_minute_to_14_days() {
        assert!(Minutes::new(0).is_err());
        assert!(Minutes::new(1).is_ok());
        assert!(Minutes::new(20_160).is_ok());
        assert!(Minutes::new(20_161).is_err());
        assert!(serde_json::from_str::<Minutes>("0").is_err());
    }

    #[test]
    fn the_calendar_knows_its_leap_years_and_ends() {
        let day = |text: &str| text.parse::<Day>();

        assert_eq!(day("1970-01-01"), Ok(Day::MIN));
        assert_eq!(day("9999-12-31"), Ok(Day::MAX));
        assert_eq!(day("2000-02-29").unwrap().days(), 11_016);
        assert!(day("2024-02-29").is_ok());
        for text in ["2100-02-29", "2026-04-31", "2026-01-00", "2026-13-01", "1969-12-31"] {
            assert_eq!(day(text), Err(Invalid::OutOfRange), "{text}");
        }
        for text in ["", "2026-1-1", "20261123", "2026-11-23T00:00", "2026-11-2é", "+026-11-23"] {
            assert_eq!(day(text), Err(Invalid::Malformed(Shape::Date)), "{text}");
        }
    }

    #[test]
    fn a_point_in_time_lies_in_its_day() {
        let noon = Millis::new(1_795_435_200_000).unwrap();

        assert_eq!(noon.day().to_string(), "2026-11-23");
        assert_eq!(noon.day().start().get(), 1_795_392_000_000);
    }

    #[test]
    fn a_time_zone_has_the_shape_of_an_iana_name() {
        for name in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1"] {
            assert_eq!(TimeZone::new(name).unwrap().as_str(), name);
        }
        for name in ["", "CEST", "+02:00", "Europe/", "/Berlin", "Europe/Ber lin", "../../etc/x"] {
            assert!(TimeZone::new(name).is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_day_has_one_date(days in 0..=Day::MAX.days()) {
            let day = Day::from_days(days).unwrap();

            prop_assert_eq!(Day::new(day.year(), day.month(), day.day()), Ok(day));
            prop_assert_eq!(day.to_string().parse(), Ok(day));
            prop_assert_eq!(day.start().day(), day);
        }

        #[test]
        fn the_next_day_has_the_next_date(days in 0..Day::MAX.days()) {
            let (day, next) = (Day(days), Day(days).plus(1));

            prop_assert!(day.to_string() < next.to_string());
            prop_assert!(next.day() == day.day() + 1 || next.day() == 1 && day.day() >= 28);
        }

        #[test]
        fn a_date_is_refused_or_kept(year: u16, month: u8, day: u8) {
            if let Ok(date) = Day::new(year, month, day) {
                prop_assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
            }
        }
    }
}
