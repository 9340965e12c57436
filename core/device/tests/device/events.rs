//! Founding, joining and filling an event.

use std::path::Path;

use teilgeber_device::model::*;
use teilgeber_device::{Conflict, Error, NoteFilter};

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

#[test]
fn a_published_schedule_becomes_a_barcamp() {
    let ada = Phone::of("Ada");

    let (event, imported) =
        ada.device.create_event_from_schedule(&sample("pretalx-democon.json")).unwrap();

    let record = ada.device.event(event).unwrap();
    let sessions = ada.device.sessions(event).unwrap();
    assert!(record.organiser && !record.event.unwrap().rooms().is_empty());
    assert!(imported.added.len() > 10 && imported.added.len() == sessions.len());
    let again = ada.device.import_schedule(event, &sample("pretalx-democon.json")).unwrap();
    assert_eq!(again.unchanged, sessions.len());
    assert_eq!((again.added, again.moved, again.removed), (vec![], vec![], vec![]));
    assert_eq!(ada.device.sessions(event).unwrap(), sessions);
}

#[test]
fn a_session_that_moves_keeps_its_notes() {
    let ada = Phone::of("Ada");
    let before =
        schedule(&[("1", "Grinding", "10:00", "Attic"), ("2", "Sieving", "11:00", "Yard")]);
    let (event, _) = ada.device.create_event_from_schedule(before.as_bytes()).unwrap();
    let find = |title: &str| {
        let sessions = ada.device.sessions(event).unwrap();
        sessions.into_iter().find(|it| it.session.title().as_str() == title).unwrap().id
    };
    let (grinding, sieving) = (find("Grinding"), find("Sieving"));
    let kept = ada.device.create_note(&note("Slow.").with_session(Some(grinding))).unwrap();

    let after =
        schedule(&[("1", "Grinding slowly", "15:30", "Yard"), ("3", "Baking", "10:00", "Attic")]);
    let imported = ada.device.import_schedule(event, after.as_bytes()).unwrap();

    assert_eq!(imported.added, [find("Baking")]);
    assert_eq!(imported.removed, [sieving]);
    let [moved] = imported.moved.as_slice() else { panic!("{imported:?}") };
    assert_eq!(moved.session, grinding);
    assert_eq!(moved.from.as_ref().unwrap().room.as_str(), "Attic");
    assert_eq!(moved.to.as_ref().unwrap().room.as_str(), "Yard");
    assert_eq!(find("Grinding slowly"), grinding);
    let of_session = NoteFilter { session: Some(grinding), ..NoteFilter::default() };
    assert_eq!(ada.device.notes(&of_session, None, 9).unwrap()[0].id, kept);
    let board = ada.device.board(event).unwrap();
    let place = |id| board.iter().find(|item| item.session.id == id).unwrap().placement.clone();
    assert_eq!(place(grinding), moved.to);
    assert_eq!(place(sieving), None);
    let back = ada.device.import_schedule(event, before.as_bytes()).unwrap();
    assert_eq!((back.moved.len(), back.removed.len()), (2, 1), "{back:?}");
}

#[test]
fn a_file_that_is_no_schedule_changes_nothing() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();

    let refused = ada.device.import_schedule(event, b"BEGIN:VCALENDAR");

    assert!(matches!(refused, Err(Error::OtherSchedule(_))));
    assert!(ada.device.sessions(event).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_may_do_what_others_may_not() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    let talk = ada.device.pitch_session(event, &Session::new(line("Grinding"))).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bob.device.appear_in(event, true).unwrap();
    let report = ada.sync(&bob).await;
    let renamed = camp().with_place(Some(line("Old Mill")));
    let stricter = Session::new(line("Grinding")).with_policy(Policy::OffTheRecord);

    let edited = bob.device.edit_event(event, &renamed);
    assert!(matches!(edited, Err(Error::NotAllowed(_))), "{edited:?}");
    let edited = bob.device.edit_session(talk, &stricter);
    assert!(matches!(edited, Err(Error::NotAllowed(_))), "{edited:?}");
    let granted = bob.device.grant_organiser(event, bob.person());
    assert!(matches!(granted, Err(Error::NotAllowed(_))), "{granted:?}");

    ada.device.grant_organiser(event, report.spaces[0].peer.unwrap()).unwrap();
    bob.sync(&ada).await;
    assert!(bob.device.event(event).unwrap().organiser);
    bob.device.edit_event(event, &renamed).unwrap();
    bob.device.edit_session(talk, &stricter).unwrap();
    ada.sync(&bob).await;
    assert_eq!(ada.device.event(event).unwrap().event, Some(renamed));
    assert_eq!(ada.device.session(talk).unwrap().session, stricter);
}

#[test]
fn two_sessions_in_one_room_are_a_conflict_until_one_moves() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let place = |title: &str| {
        let id = ada.device.pitch_session(event, &Session::new(line(title))).unwrap();
        ada.device.place_session(id, Some(&attic(MORNING))).unwrap();
        id
    };
    let (one, other) = (place("Grinding"), place("Sieving"));

    let [Conflict::Overlap { sessions, .. }] = &ada.device.conflicts(event).unwrap()[..] else {
        panic!("no conflict")
    };
    assert!(sessions.contains(&one) && sessions.contains(&other));
    ada.device.place_session(other, Some(&attic(MORNING + 3_600_000))).unwrap();
    assert!(ada.device.conflicts(event).unwrap().is_empty());
}

fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name);
    std::fs::read(path).unwrap()
}

/// A schedule of one day with these talks: id, title, start and room.
fn schedule(talks: &[(&str, &str, &str, &str)]) -> String {
    let rooms = ["Attic", "Yard"].map(|room| {
        let here = talks.iter().filter(|talk| talk.3 == room);
        let talks = here.map(|(id, title, start, _)| {
            format!(
                r#"{{"id":{id},"title":"{title}","date":"2026-11-21T{start}:00+01:00",
                "start":"{start}","duration":"00:45"}}"#
            )
        });
        format!(r#""{room}":[{}]"#, talks.collect::<Vec<_>>().join(","))
    });
    format!(
        r#"{{"schedule":{{"conference":{{"title":"Mill","start":"2026-11-21","end":"2026-11-21",
        "days":[{{"index":1,"date":"2026-11-21","rooms":{{{}}}}}]}}}}}}"#,
        rooms.join(",")
    )
}
