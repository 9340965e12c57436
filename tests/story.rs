//! What people in these tests say and found.

use teilgeber_device::Device;
use teilgeber_device::model::{
    Audience, Day, Days, Event, Id, Line, Note, NoteText, Profile, Session, Shared, TimeZone,
};

/// A barcamp of two days.
pub fn camp() -> Event {
    let day = |text: &str| text.parse::<Day>().expect("a day");
    let days = Days::new(day("2026-11-21"), day("2026-11-22")).expect("two days in order");
    let zone = TimeZone::new("Europe/Berlin").expect("a time zone");
    Event::new(line("Barcamp Mill"), days, zone)
}

/// A line of a story.
pub fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::new(text).expect("a short line")
}

/// A note that says `text`.
pub fn note(text: &str) -> Note {
    Note::new(NoteText::new(text).expect("a short text"))
}

/// A session with this title.
pub fn talk(title: &str) -> Session {
    Session::new(line(title))
}

/// A profile that says a name, to everybody in an event.
pub fn named(name: &str) -> Profile {
    let mut profile = Profile::default();
    profile.set_name(Shared::new(Some(line(name)), Audience::Event));
    profile
}

/// All notes of a device, each with its text as it was typed.
///
/// # Errors
/// Those of the device.
pub fn notes_of(device: &Device) -> teilgeber_device::Result<Vec<(Id, String)>> {
    /// Notes in one page; more than one page in a long story, so that paging is in it too.
    const PAGE: u32 = 500;
    let mut notes = Vec::new();
    let mut last = None;
    loop {
        let page = device.notes(&Default::default(), last.as_ref(), PAGE)?;
        for headline in &page {
            notes.push((headline.id, device.note_text(headline.id)?));
        }
        match page.into_iter().last() {
            Some(headline) => last = Some(headline),
            None => return Ok(notes),
        }
    }
}
