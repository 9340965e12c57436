//! The small values of the model, as they cross.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use teilgeber_device::model;
use teilgeber_device::model::{
    Day, Distinct, Id, Invalid, Line, Link, List, Millis, Minutes, Prose, Tag, TimeZone,
};

use crate::error::{CoreError, Result};

uniffi::custom_type!(
    /// An id: 64 hexadecimal digits.
    Id, String, { remote, lower: |id| id.to_string(), try_lift: |text| read(&text) }
);
uniffi::custom_type!(
    /// A moment: milliseconds since 1970 in UTC, below 2^48.
    Millis, u64, { remote, lower: |at| at.get(), try_lift: |at| checked(Millis::new(at)) }
);
uniffi::custom_type!(
    /// How long something takes, in minutes.
    Minutes, u16, { remote, lower: |long| long.get(), try_lift: |long| checked(Minutes::new(long)) }
);
uniffi::custom_type!(
    /// A day, as in `2026-11-21`.
    Day, String, { remote, lower: |day| day.to_string(), try_lift: |text| read(&text) }
);
uniffi::custom_type!(
    /// A time zone by its IANA name, as in `Europe/Berlin`.
    TimeZone, String, {
        remote, lower: |zone| zone.as_str().to_owned(), try_lift: |text| checked(TimeZone::new(&text))
    }
);
uniffi::custom_type!(
    /// A hashtag, without its `#`.
    Tag, String, { remote, lower: |tag| tag.as_str().to_owned(), try_lift: |text| checked(Tag::new(&text)) }
);
uniffi::custom_type!(
    /// A link to somewhere.
    Link, String, {
        remote, lower: |link| link.as_str().to_owned(), try_lift: |text| checked(Link::new(&text))
    }
);
uniffi::custom_type!(
    /// An address in a network with its port, as in `192.168.1.5:4000` or `[fe80::1]:4000`.
    SocketAddr, String, { remote, lower: |at| at.to_string(), try_lift: |text| {
        let read: std::result::Result<SocketAddr, _> = text.parse();
        read.map_err(|_| CoreError::Invalid("this is no address with a port".to_owned()).into())
    } }
);
uniffi::custom_type!(
    /// An address in a network, as in `192.168.1.5` or `fe80::1`.
    IpAddr, String, { remote, lower: |at| at.to_string(), try_lift: |text| {
        let read: std::result::Result<IpAddr, _> = text.parse();
        read.map_err(|_| CoreError::Invalid("this is no address".to_owned()).into())
    } }
);

pub(crate) use model::Audience;
/// For whom a field of the profile is; each includes those before it.
#[uniffi::remote(Enum)]
pub enum Audience {
    /// For me alone.
    Me,
    /// For my contacts.
    Contacts,
    /// For everybody in the events in which I appear.
    Event,
    /// For everyone, outside of the event as well.
    Everyone,
}

pub(crate) use model::Level;
/// How much somebody knows, or should know.
#[uniffi::remote(Enum)]
pub enum Level {
    /// Wants to hear of it.
    Curious,
    /// Has begun.
    Beginner,
    /// Does it.
    Practised,
    /// Others ask them.
    Expert,
}

pub(crate) use model::PhotoConsent;
/// Whether somebody may be photographed.
#[uniffi::remote(Enum)]
pub enum PhotoConsent {
    /// Yes.
    Yes,
    /// Ask before.
    Ask,
    /// No.
    No,
}

pub(crate) use model::Policy;
/// What of a session may be told outside.
#[uniffi::remote(Enum)]
pub enum Policy {
    /// All of it.
    Open,
    /// What was said, but not by whom.
    ChathamHouse,
    /// Nothing.
    OffTheRecord,
}

pub(crate) fn line<const MAX: usize>(text: &str) -> Result<Line<MAX>> {
    Ok(Line::new(text)?)
}

pub(crate) fn maybe_line<const MAX: usize>(text: Option<String>) -> Result<Option<Line<MAX>>> {
    text.map(|text| line(&text)).transpose()
}

/// What a line that is there says.
pub(crate) fn text<const MAX: usize>(line: Option<Line<MAX>>) -> Option<String> {
    line.map(|line| line.as_str().to_owned())
}

pub(crate) fn prose<const MAX: usize>(text: &str) -> Result<Prose<MAX>> {
    Ok(Prose::new(text)?)
}

pub(crate) fn list<T: Distinct, const MAX: usize>(items: Vec<T>) -> Result<List<T, MAX>> {
    Ok(List::try_from(items)?)
}

fn read<T: FromStr<Err = Invalid>>(text: &str) -> uniffi::Result<T> {
    checked(text.parse())
}

fn checked<T>(value: std::result::Result<T, Invalid>) -> uniffi::Result<T> {
    value.map_err(|invalid| CoreError::from(invalid).into())
}
