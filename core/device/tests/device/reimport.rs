//! What importing a schedule again changes, and what people did by hand that it leaves alone.

use teilgeber_device::model::*;
use teilgeber_device::{Imported, Kind, SessionRecord};

use crate::support::*;

/// A talk as a schedule has it.
#[derive(Clone)]
struct Talk {
    guid: &'static str,
    title: &'static str,
    about: &'static str,
    start: &'static str,
    room: &'static str,
}

const BREAD: Talk =
    Talk { guid: "g1", title: "Bread", about: "Slow dough.", start: "10:00", room: "Attic" };
const TEA: Talk = Talk { guid: "g2", title: "Tea", about: "Leaves.", start: "11:00", room: "Yard" };

fn schedule(talks: &[Talk]) -> Vec<u8> {
    let event = |talk: &Talk| {
        let Talk { guid, title, about, start, room } = talk;
        format!(
            "<room name=\"{room}\"><event guid=\"{guid}\"><date>2026-11-21T{start}:00+01:00</date>\
             <start>{start}</start><duration>00:45</duration><room>{room}</room>\
             <title>{title}</title><abstract>{about}</abstract></event></room>"
        )
    };
    let events: String = talks.iter().map(event).collect();
    format!(
        "<schedule><conference><title>Mill</title><start>2026-11-21</start><end>2026-11-21</end>\
         </conference><day date=\"2026-11-21\" index=\"1\">{events}</day></schedule>"
    )
    .into_bytes()
}

/// An organiser with an event made of both talks.
struct Camp {
    ada: Phone,
    event: Id,
}

impl Camp {
    fn imported() -> Self {
        let ada = Phone::of("Ada");
        let (event, imported) =
            ada.device.create_event_from_schedule(&schedule(&[BREAD, TEA])).unwrap();
        assert_eq!(imported.added.len(), 2, "{imported:?}");
        Self { ada, event }
    }

    fn import(&self, talks: &[Talk]) -> Imported {
        self.ada.device.import_schedule(self.event, &schedule(talks)).unwrap()
    }

    fn session(&self, title: &str) -> SessionRecord {
        let sessions = self.ada.device.sessions(self.event).unwrap();
        let found = sessions.into_iter().find(|it| it.session.title().as_str() == title);
        found.unwrap_or_else(|| panic!("no {title}"))
    }

    fn place(&self, title: &str) -> Option<(String, u64)> {
        let places = self.ada.device.places_of(self.session(title).id).unwrap();
        assert!(places.len() < 2);
        places.first().map(|at| (at.room.to_string(), (at.start.get() - MORNING) / 3_600_000))
    }
}

#[test]
fn a_field_changed_by_hand_stays_and_the_others_follow_the_schedule() {
    let camp = Camp::imported();
    let bread = camp.session("Bread");
    let by_hand = bread.session.clone().with_title(line("Bread and time"));
    camp.ada.device.edit_session(bread.id, &by_hand.with_level(Some(Level::Expert))).unwrap();

    let polished = Talk { title: "Bread!", about: "Sour dough.", ..BREAD };
    let imported = camp.import(&[polished.clone(), TEA]);

    let now = camp.session("Bread and time");
    assert_eq!(now.id, bread.id);
    assert_eq!(now.session.abstract_text().as_str(), "Sour dough.");
    assert_eq!(now.session.level(), Some(Level::Expert));
    assert_eq!((imported.changed, imported.kept), (vec![bread.id], vec![bread.id]));
    assert_eq!(imported.unchanged, 1);

    let again = camp.import(&[polished, TEA]);
    assert_eq!((again.changed, again.unchanged), (vec![], 2));
    assert_eq!(camp.session("Bread and time").session, now.session);
}

#[test]
fn what_nobody_touched_follows_every_import() {
    let camp = Camp::imported();

    for (title, room) in [("Rye", "Barn"), ("Wheat", "Yard"), ("Bread", "Attic")] {
        let imported = camp.import(&[Talk { title, room, ..BREAD }, TEA]);
        assert_eq!(camp.place(title), Some((room.to_owned(), 1)));
        assert_eq!((imported.moved.len(), imported.kept.len()), (1, 0));
    }
}

#[test]
fn a_session_placed_by_hand_stays_where_it_is() {
    let camp = Camp::imported();
    let (bread, tea) = (camp.session("Bread").id, camp.session("Tea").id);
    camp.ada.device.place_session(bread, Some(&attic(MORNING + 5 * 3_600_000))).unwrap();
    camp.ada.device.place_session(tea, None).unwrap();

    let moved = [Talk { room: "Barn", ..BREAD }, Talk { start: "15:00", ..TEA }];
    let imported = camp.import(&moved);

    assert_eq!(camp.place("Bread"), Some(("Attic".to_owned(), 5)));
    assert_eq!(camp.place("Tea"), None, "taken off the board by hand");
    assert_eq!((imported.moved.len(), imported.kept.len()), (0, 2));

    let gone = camp.import(&[]);
    assert_eq!((gone.removed, gone.kept), (vec![], vec![bread]));
    assert_eq!(camp.place("Bread"), Some(("Attic".to_owned(), 5)));
}

#[test]
fn what_the_schedule_took_off_the_board_it_may_put_back() {
    let camp = Camp::imported();

    assert_eq!(camp.import(&[BREAD]).removed.len(), 1);
    assert_eq!(camp.place("Tea"), None);
    assert_eq!(camp.import(&[BREAD]).removed.len(), 0, "it is told once");
    assert_eq!(camp.import(&[BREAD, TEA]).moved.len(), 1);
    assert_eq!(camp.place("Tea"), Some(("Yard".to_owned(), 2)));
}

#[test]
fn what_was_hidden_or_erased_does_not_come_back() {
    let camp = Camp::imported();
    camp.ada.device.hide(Kind::Session, camp.session("Bread").id).unwrap();
    camp.ada.device.erase_session(camp.session("Tea").id).unwrap();
    assert_eq!(camp.ada.device.sessions(camp.event).unwrap(), []);

    for _ in 0..2 {
        let imported = camp.import(&[Talk { title: "Rye", ..BREAD }, TEA]);
        assert_eq!(imported.added, []);
        assert_eq!(camp.ada.device.sessions(camp.event).unwrap(), []);
    }
}

#[test]
fn a_room_that_was_removed_by_hand_comes_back_only_with_a_session_that_is_put_there() {
    let camp = Camp::imported();
    let event = camp.ada.device.event(camp.event).unwrap().event.unwrap();
    let attic = event.rooms().iter().filter(|room| room.name.as_str() == "Attic").cloned();
    let without_yard = event.clone().with_rooms(List::lossy(attic));
    camp.ada.device.edit_event(camp.event, &without_yard).unwrap();
    let rooms = || camp.ada.device.event(camp.event).unwrap().event.unwrap().rooms().len();

    camp.import(&[BREAD, TEA]);
    assert_eq!(rooms(), 1);

    camp.import(&[Talk { room: "Yard", ..BREAD }, TEA]);
    assert_eq!(rooms(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisers_device_knows_what_was_done_by_hand() {
    let Camp { ada, event } = Camp::imported();
    let bo = Phone::of("Bo");
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bo.device.appear_in(event, true).unwrap();
    ada.sync(&bo).await;
    ada.device.grant_organiser(event, bo.device.author_in(event).unwrap().unwrap()).unwrap();
    let camp = Camp { ada, event };
    let bread = camp.session("Bread");
    camp.ada.device.place_session(bread.id, Some(&attic(MORNING))).unwrap();
    camp.ada.sync(&bo).await;

    let new = schedule(&[Talk { title: "Rye", room: "Barn", ..BREAD }, TEA]);
    let imported = bo.device.import_schedule(event, &new).unwrap();

    assert_eq!((imported.changed, imported.kept), (vec![bread.id], vec![bread.id]));
    assert_eq!(bo.device.session(bread.id).unwrap().session.title().as_str(), "Rye");
    assert_eq!(bo.device.places_of(bread.id).unwrap(), [attic(MORNING)]);
}

#[test]
fn a_talk_without_a_number_is_known_by_the_title_that_it_had() {
    let ada = Phone::of("Ada");
    let nameless = |talk: &Talk| {
        String::from_utf8(schedule(std::slice::from_ref(talk))).unwrap().replace(" guid=\"g1\"", "")
    };
    let (event, _) = ada.device.create_event_from_schedule(nameless(&BREAD).as_bytes()).unwrap();
    let bread = ada.device.sessions(event).unwrap().remove(0);
    let renamed = bread.session.clone().with_title(line("Loaf"));
    ada.device.edit_session(bread.id, &renamed).unwrap();

    let moved = nameless(&Talk { room: "Barn", ..BREAD });
    let imported = ada.device.import_schedule(event, moved.as_bytes()).unwrap();

    assert_eq!((imported.added, imported.moved.len()), (vec![], 1));
    assert_eq!(ada.device.sessions(event).unwrap()[0].session.title().as_str(), "Loaf");
}
