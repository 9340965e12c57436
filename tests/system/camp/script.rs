//! The script: before, during and after.

use teilgeber_device::Device;
use teilgeber_device::model::*;
use teilgeber_tests::story::{line, named, talk};

use super::oracle::Fact;
use super::people::*;

#[tokio::test]
async fn a_camp_of_three_days_is_the_same_on_every_phone() {
    let mut camp = Camp::open(|ada| ada.create_event(&three_days()).unwrap());
    before(&mut camp).await;
    first_day(&mut camp).await;
    camp.gather().await;
    camp.must_agree();
}

/// From Friday to Sunday, in two rooms.
fn three_days() -> Event {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let days = Days::new(day("2026-11-20"), day("2026-11-22")).unwrap();
    let zone = TimeZone::new("Europe/Berlin").unwrap();
    let rooms = ["Attic", "Cellar"].map(|name| Room { name: line(name), letter: None });
    Event::new(line("Barcamp Mill"), days, zone).with_rooms(List::new(rooms.to_vec()).unwrap())
}

async fn before(camp: &mut Camp) {
    for name in &NAMES[..NAMES.len() - 1] {
        let guest = camp.guest(name);
        let person = guest.person;
        appear(&guest.device, camp.event, name);
        camp.fact(name, Fact::Appears(person, (*name).to_owned()));
    }
    pitch(camp, "Bela", "Merging without meeting");
    pitch(camp, "Chloé", "Seeds and seasons");
    camp.mingle(20).await;
}

async fn first_day(camp: &mut Camp) {
    camp.gather().await;
    let merging = pitched(camp, "Merging without meeting");
    place(camp, "Bela", merging, "Attic", 2 * HOUR);
    camp.mingle(12).await;
}

fn appear(device: &Device, event: Id, name: &str) {
    device.set_profile(&named(name)).unwrap();
    device.appear_in(event, true).unwrap();
}

fn pitch(camp: &mut Camp, by: &str, title: &str) -> Id {
    let session = camp.phone(by).pitch_session(camp.event, &talk(title)).unwrap();
    camp.fact(by, Fact::Titled(session, title.to_owned()));
    session
}

/// The session with this title, on the founder's phone.
fn pitched(camp: &Camp, title: &str) -> Id {
    let sessions = camp.phone("Ada").sessions(camp.event).unwrap();
    sessions.iter().find(|it| it.session.title().as_str() == title).expect("a session").id
}

/// Places a session so long after Friday morning.
fn place(camp: &mut Camp, by: &str, session: Id, room: &str, after: u64) {
    let start = Millis::new(FRIDAY + after).unwrap();
    let place = Placement { room: line(room), start, minutes: Minutes::new(45).unwrap() };
    camp.phone(by).place_session(session, Some(&place)).unwrap();
    camp.fact(by, Fact::Placed(session, Some(place)));
}
