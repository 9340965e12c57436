//! Naming a person on the command line: somebody I met, or who appears in an event of mine.

use teilgeber_device::Device;
use teilgeber_device::model::{Id, Name};

use crate::failure::Failure;
use crate::{event, ids};

/// The person that is meant, by their id, its beginning, or the name that they show or I gave them.
pub(crate) fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let mut people: Vec<(Id, String)> = Vec::new();
    for known in device.contacts()? {
        people.push((known.contact.person(), known.contact.name().to_string()));
    }
    for event in device.events()? {
        for one in event::participants(device, event.id)? {
            people.push((one.person, one.card.name().map(Name::to_string).unwrap_or_default()));
        }
    }
    let me = device.me()?;
    people.push((me.person, me.name.as_ref().map(Name::to_string).unwrap_or_default()));
    ids::find("person", given, people)
}
