//! Naming a person on the command line: somebody I met, or who appears in an event of mine.

use teilgeber_device::Device;
use teilgeber_device::model::{Id, Name};

use crate::failure::Failure;
use crate::ids;

/// The person that is meant, by their id, its beginning, or the name that they show or I gave them.
pub(crate) fn find(device: &Device, given: &str) -> Result<Id, Failure> {
    let people = device.people_called(given, ids::CANDIDATES_MAX)?.into_iter();
    let name = |name: Option<Name>| name.map(|name| name.to_string()).unwrap_or_default();
    ids::find("person", given, people.map(|one| (one.person, name(one.name))))
}
