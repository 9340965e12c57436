//! The outside world's files: schedules, calendars, vCard, pages, QR, Wi-Fi and host codes, time zones.
//!
//! Everything here is a pure function from bytes to plain values or back. Nothing touches a file, a
//! clock or a network. What is read was written by strangers: every reader bounds sizes, depths
//! and counts, repairs what it can, says what it repaired, and panics on nothing.

pub mod host;
pub mod ical;
pub mod mine;
pub mod pages;
pub mod photo;
pub mod qr;
pub mod schedule;
pub mod vcard;
pub mod wifi;
pub mod zone;
