//! Founding, joining and filling an event.

use teilgeber_device::model::*;

use crate::support::*;

#[test]
fn a_founder_may_organise_and_is_in_the_list() {
    let ada = Phone::of("Ada");

    let event = ada.device.create_event(&camp()).unwrap();

    let record = ada.device.event(event).unwrap();
    assert_eq!(record.event, Some(camp()));
    assert!(record.organiser && !record.appearing);
    assert_eq!(ada.device.events().unwrap(), [record]);
    let renamed = camp().with_place(Some(line("Old Mill")));
    ada.device.edit_event(event, &renamed).unwrap();
    assert_eq!(ada.device.event(event).unwrap().event, Some(renamed));
}
