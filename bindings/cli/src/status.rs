//! `teilgeber status`: what is on this device, and where else it is.

use serde::Serialize;
use teilgeber_device::model::{Id, Name};
use teilgeber_device::{Device, Kind, NoteFilter, Places};

use crate::failure::Failure;
use crate::home::App;
use crate::page::{Style, count};
use crate::{ids, note, retention};

/// Where all of a thing is, beside this device: counted, never guessed.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Whereabouts {
    devices: u32,
    hubs: u32,
    others: bool,
}

/// What `status` answers.
#[derive(Serialize)]
struct Status {
    home: String,
    person: Id,
    name: Option<Name>,
    notes: Held,
    contacts: Held,
    events: Vec<EventStatus>,
}

/// How many things there are, and how many of them only here.
#[derive(Default, Serialize)]
struct Held {
    here: usize,
    only_here: usize,
}

#[derive(Serialize)]
struct EventStatus {
    id: Id,
    name: String,
    arrived: bool,
    appearing: bool,
    sessions: Held,
    people: u64,
    conflicts: usize,
    held: teilgeber_device::Held,
}

impl From<Places> for Whereabouts {
    fn from(places: Places) -> Self {
        Self { devices: places.devices, hubs: places.hubs, others: places.others }
    }
}

impl Whereabouts {
    /// In words.
    pub(crate) fn words(self) -> String {
        let devices = self.devices.saturating_sub(self.hubs) as usize;
        let mut places = Vec::new();
        if devices > 0 {
            places.push(count(devices, "other device", "other devices"));
        }
        if self.hubs > 0 {
            places.push(count(self.hubs as usize, "hub", "hubs"));
        }
        if self.others {
            places.push("others".to_owned());
        }
        match places.is_empty() {
            true => "only on this device".to_owned(),
            false => format!("here and on {}", places.join(" and ")),
        }
    }

    fn only_here(self) -> bool {
        self.devices == 0 && !self.others
    }
}

impl Held {
    fn add(&mut self, places: Whereabouts) {
        self.here += 1;
        self.only_here += usize::from(places.only_here());
    }

    fn row(&self, what: &str) -> Vec<String> {
        let only = match self.only_here {
            0 => "all on other devices too".to_owned(),
            only if only == self.here => "only on this device".to_owned(),
            only => format!("{only} only on this device"),
        };
        let only = if self.here == 0 { String::new() } else { only };
        vec![what.to_owned(), self.here.to_string(), only]
    }
}

/// Where all of a thing is.
pub(crate) fn whereabouts(device: &Device, kind: Kind, id: Id) -> Result<Whereabouts, Failure> {
    Ok(device.places(kind, id)?.into())
}

pub(crate) fn run(app: &App) -> Result<(), Failure> {
    let device = app.open()?;
    let status = status(app, &device)?;
    let records = device.events()?;
    app.out.say(&status, |page| {
        page.fact("home", &status.home);
        page.fact("person", ids::short(status.person));
        page.fact("name", status.name.as_ref().map(Name::as_str).unwrap_or("(not said)"));
        let mut rows = vec![status.notes.row("notes"), status.contacts.row("contacts")];
        for event in &status.events {
            rows.push(event.sessions.row(&format!("sessions of {}", event.name)));
        }
        page.table(&["", "here", "where"], &rows);
        records.iter().for_each(|record| retention::draw_warning(page, record));
        for event in &status.events {
            if !event.arrived {
                page.line(format!(
                    "{} has not come yet: sync with somebody who has it.",
                    event.name
                ));
            }
            if event.conflicts > 0 {
                let conflicts = count(event.conflicts, "conflict", "conflicts");
                let how =
                    format!("{}: {conflicts} on the board, see `event conflicts`.", event.name);
                page.styled(Style::Bad, how);
            }
        }
    })
}

fn status(app: &App, device: &Device) -> Result<Status, Failure> {
    let me = device.me()?;
    let (mut notes, mut contacts) = (Held::default(), Held::default());
    for note in note::all(device, &NoteFilter::default())? {
        notes.add(whereabouts(device, Kind::Note, note.id)?);
    }
    for known in device.contacts()? {
        contacts.add(whereabouts(device, Kind::Contact, known.contact.person())?);
    }
    let mut events = Vec::new();
    for event in device.events()? {
        let mut sessions = Held::default();
        for session in device.sessions(event.id)? {
            sessions.add(whereabouts(device, Kind::Session, session.id)?);
        }
        events.push(EventStatus {
            id: event.id,
            name: event.name.to_string(),
            arrived: event.event.is_some(),
            appearing: event.appearing,
            held: event.held,
            sessions,
            people: device.participant_count(event.id)?,
            conflicts: device.conflicts(event.id)?.len(),
        });
    }
    let home = app.home()?.display().to_string();
    Ok(Status { home, person: me.person, name: me.name, notes, contacts, events })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_in_words() {
        let words = |devices, hubs, others| Whereabouts { devices, hubs, others }.words();

        assert_eq!(words(0, 0, false), "only on this device");
        assert_eq!(words(1, 0, false), "here and on 1 other device");
        assert_eq!(words(3, 1, true), "here and on 2 other devices and 1 hub and others");
        assert_eq!(words(0, 0, true), "here and on others");
    }
}
