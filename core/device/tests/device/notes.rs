//! Notes, and being told of changes.

use std::time::Duration;

use teilgeber_device::model::*;
use teilgeber_device::{Change, Error, Filter, Kind, NoteFilter, Splice, TextUnit, WAITING_MAX};

use crate::support::*;

fn splice(at: usize, delete: usize, insert: &str) -> Splice {
    Splice { at, delete, insert: insert.to_owned() }
}

#[test]
fn a_note_is_edited_in_the_units_of_the_screen() {
    let ada = Phone::silent();
    let id = ada.device.create_note(&note("A 🌾 mill")).unwrap();

    ada.device.splice_note(id, TextUnit::Utf16, &[splice(5, 4, "field")]).unwrap();
    ada.device.splice_note(id, TextUnit::Scalars, &[splice(2, 1, "wide")]).unwrap();

    assert_eq!(ada.device.note(id).unwrap().note.text().as_str(), "A wide field");
    assert_eq!(ada.device.note_text(id).unwrap(), "A wide field");
}

#[test]
fn a_splice_that_does_not_fit_changes_nothing() {
    let ada = Phone::silent();
    let id = ada.device.create_note(&note("A 🌾 mill")).unwrap();

    let beyond = [splice(0, 0, "x"), splice(99, 0, "y")];
    let refused = ada.device.splice_note(id, TextUnit::Scalars, &beyond);
    assert!(matches!(refused, Err(Error::ReadAgain)));
    let refused = ada.device.splice_note(id, TextUnit::Utf16, &[splice(3, 0, "x")]);
    assert!(matches!(refused, Err(Error::ReadAgain)));
    let long = "x".repeat(NOTE_MAX_CHARS);
    let refused = ada.device.splice_note(id, TextUnit::Utf16, &[splice(0, 0, &long)]);
    assert!(matches!(refused, Err(Error::Shorten)));

    assert_eq!(ada.device.note(id).unwrap().note, note("A 🌾 mill"));
}

#[test]
fn a_note_survives_a_restart_and_is_found() {
    let ada = Phone::silent();
    let id = ada.device.create_note(&note("# Grinding\nStones turn slowly.")).unwrap();
    ada.clock.pass(1000);
    let tagged = note("# Grinding\nStones turn slowly.")
        .with_tags(List::new(vec![Tag::new("mill").unwrap()]).unwrap());
    ada.device.set_note(id, &tagged).unwrap();

    let ada = ada.restart();

    let filter = NoteFilter { tag: Some(Tag::new("Mill").unwrap()), ..NoteFilter::default() };
    let [found] = ada.device.notes(&filter, None, 9).unwrap().try_into().unwrap();
    assert_eq!((found.id, found.title), (id, Some(line("Grinding"))));
    assert_eq!(found.updated.get(), MORNING + 1000);
    let [hit] = ada.device.search("slowly st", 9).unwrap().try_into().unwrap();
    assert_eq!((hit.kind, hit.id), (Kind::Note, id));
    assert!(ada.device.rebuild().unwrap().different.is_empty());
}

#[test]
fn what_is_not_there_is_said_so() {
    let ada = Phone::of("Ada");
    let nowhere = Id::new([7; 32]);

    assert!(matches!(ada.device.note(nowhere), Err(Error::NotHere(_))));
    assert!(matches!(ada.device.set_note(nowhere, &note("x")), Err(Error::NotHere(_))));
    assert!(matches!(ada.device.erase_note(nowhere), Err(Error::NotHere(_))));
    assert!(matches!(ada.device.event(nowhere), Err(Error::NotHere(_))));
    assert!(matches!(ada.device.session(nowhere), Err(Error::NotHere(_))));
    assert!(matches!(ada.device.contact(nowhere), Err(Error::NotHere(_))));
    assert!(matches!(ada.device.answer(nowhere), Err(Error::NotHere(_))));
}

#[test]
fn a_home_is_open_once() {
    let ada = Phone::silent();

    let second = teilgeber_device::Device::open(teilgeber_device::Config::new(ada.home.path()));

    assert!(matches!(second, Err(Error::OtherProgramHasIt)));
}

#[test]
fn an_observer_is_told_after_the_commit_what_it_asked_for() {
    let ada = Phone::silent();
    let notes = ada.device.observe(Filter { kinds: [Kind::Note].into(), ..Filter::default() });
    let first = ada.device.create_note(&note("One")).unwrap();
    let only = ada.device.observe(Filter { id: Some(first), ..Filter::default() });

    ada.device.set_profile(&profile("Ada", Audience::Me)).unwrap();
    let second = ada.device.create_note(&note("Two")).unwrap();

    let now = Duration::ZERO;
    let news = notes.wait(now).unwrap();
    let told: Vec<Id> = news.changes.iter().map(|change| change.id).collect();
    assert!(told.len() == 2 && told.contains(&first) && told.contains(&second));
    assert_eq!(notes.wait(now), None);
    assert_eq!(only.wait(now), None);
    ada.device.set_note(first, &note("One more")).unwrap();
    let Change { kind, id, .. } = *only.wait(now).unwrap().changes.first().unwrap();
    assert_eq!((kind, id), (Kind::Note, first));
}

#[test]
fn an_observer_who_does_not_listen_is_told_to_read_everything() {
    let ada = Phone::silent();
    let all = ada.device.observe(Filter::default());
    let event = ada.device.create_event(&camp()).unwrap();
    let talks = (0..=WAITING_MAX).map(|n| {
        let start = format!("2026-11-21T10:{:02}:00+01:00", n % 60);
        format!(r#"{{"id":{n},"title":"Talk {n}","date":"{start}","duration":"00:30"}}"#)
    });
    let talks = talks.collect::<Vec<_>>().join(",");
    let file = format!(
        r#"{{"schedule":{{"conference":{{"title":"Mill","start":"2026-11-21","end":"2026-11-21",
        "days":[{{"index":1,"date":"2026-11-21","rooms":{{"Attic":[{talks}]}}}}]}}}}}}"#
    );

    ada.device.import_schedule(event, file.as_bytes()).unwrap();

    let news = all.wait(Duration::ZERO).unwrap();
    assert!(news.everything);
    assert!(news.changes.is_empty());
}

#[test]
fn a_check_finds_nothing_wrong_whatever_changed_since_somebody_searched() {
    let ada = Phone::silent();
    let words = |number: usize| note(&format!("word {number} {}", "bread ".repeat(number)));
    let notes: Vec<Id> = (0..300).map(|n| ada.device.create_note(&words(n)).unwrap()).collect();

    for few in notes.chunks(30) {
        assert_eq!(ada.device.search("word", 9).unwrap().len(), 9);
        for note in few {
            ada.device.erase_note(*note).unwrap();
        }
        for number in 0..40 {
            ada.device.create_note(&words(number)).unwrap();
        }
        ada.device.check().unwrap();
    }
}
