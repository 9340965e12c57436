//! The shared notes of a session.

use teilgeber_device::model::*;
use teilgeber_device::{Error, PadSpan, Splice, TextUnit};

use crate::support::*;

async fn two() -> (Phone, Phone, Id) {
    let (ada, bo) = (Phone::of("Ada"), Phone::of("Bo"));
    let event = ada.device.create_event(&camp()).unwrap();
    bo.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let session = ada.device.pitch_session(event, &Session::new(line("Bread"))).unwrap();
    bo.sync(&ada).await;
    (ada, bo, session)
}

fn insert(phone: &Phone, session: Id, at: usize, words: &str) {
    let splice = Splice { at, delete: 0, insert: words.to_owned() };
    phone.device.splice_pad(session, TextUnit::Scalars, &[splice]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_write_offline_end_with_one_pad_that_has_all_their_words() {
    let (ada, bo, session) = two().await;
    insert(&ada, session, 0, "Flour. ");
    insert(&bo, session, 0, "Water. ");

    bo.sync(&ada).await;

    let text = ada.device.pad_text(session).unwrap();
    assert_eq!(bo.device.pad_text(session).unwrap(), text);
    assert!(text.contains("Flour. ") && text.contains("Water. "), "{text}");
    assert_eq!(ada.device.pad(session).unwrap(), bo.device.pad(session).unwrap());
    assert_eq!(ada.device.rebuild().unwrap().different, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_word_has_its_author() {
    let (ada, bo, session) = two().await;
    insert(&ada, session, 0, "Flour and salt");
    bo.sync(&ada).await;
    insert(&bo, session, 6, "water, ");
    bo.sync(&ada).await;

    let span = |person: &Phone, text: &str| PadSpan {
        person: Some(person.person()),
        text: text.to_owned(),
    };
    let spans = [span(&ada, "Flour "), span(&bo, "water, "), span(&ada, "and salt")];
    assert_eq!(ada.device.pad_spans(session).unwrap(), spans);
    assert_eq!(bo.device.pad_spans(session).unwrap(), spans);
    let authors = ada.device.pad(session).unwrap().authors;
    let mut people: Vec<Id> = authors.iter().map(|author| author.person).collect();
    people.sort_unstable();
    let mut both = [ada.person(), bo.person()];
    both.sort_unstable();
    assert_eq!(people, both);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_stays_where_it_was_while_others_write_before_it() {
    let (ada, bo, session) = two().await;
    insert(&ada, session, 0, "Flour and salt");
    bo.sync(&ada).await;
    let cursor = bo.device.pad_cursor(session, TextUnit::Scalars, 10).unwrap();
    insert(&ada, session, 0, "First: ");

    bo.sync(&ada).await;

    assert_eq!(bo.device.pad_position(session, TextUnit::Scalars, &cursor).unwrap(), Some(17));
    let beyond = bo.device.pad_cursor(session, TextUnit::Scalars, 999);
    assert!(matches!(beyond, Err(Error::ReadAgain)), "{beyond:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pad_is_found_under_its_session_and_there_is_none_off_the_record() {
    let (ada, bo, session) = two().await;
    ada.device.set_pad(session, &PadText::new("Sourdough takes time").unwrap()).unwrap();
    bo.sync(&ada).await;

    let hits = bo.device.search("sourdough", 9).unwrap();
    assert_eq!((hits[0].id, hits[0].title.as_str()), (session, "Bread"));
    let event = bo.device.session(session).unwrap().event;
    let strict = Session::new(line("Salaries")).with_policy(Policy::OffTheRecord);
    let strict = bo.device.pitch_session(event, &strict).unwrap();
    let refused = bo.device.set_pad(strict, &PadText::new("Much").unwrap());
    assert!(matches!(refused, Err(Error::OffTheRecord)), "{refused:?}");
}

fn text(words: &str) -> PadText {
    PadText::new(words).unwrap()
}

fn said(phone: &Phone, session: Id) -> String {
    phone.device.pad(session).unwrap().text.to_string()
}

/// Whether the words stand anywhere in the files of a device's home.
fn holds(phone: &Phone, words: &str) -> bool {
    phone.device.tidy().unwrap();
    let files = std::fs::read_dir(phone.home.path()).unwrap();
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    files
        .map(|path| std::fs::read(path).unwrap())
        .any(|bytes| bytes.windows(words.len()).any(|piece| piece == words.as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_when_a_pad_moved_on_is_in_no_byte_and_in_no_document_of_who_heard() {
    let (ada, bo, session) = two().await;
    ada.device.set_pad(session, &text("Flour and quicksilver.")).unwrap();
    bo.sync(&ada).await;
    assert!(holds(&bo, "quicksilver"));

    ada.device.move_pad(session, &text("Flour.")).unwrap();
    bo.sync(&ada).await;

    for phone in [&ada, &bo] {
        assert_eq!(said(phone, session), "Flour.");
        assert!(!holds(phone, "quicksilver"));
        assert!(phone.device.search("quicksilver", 9).unwrap().is_empty());
        assert!(phone.device.missing_from_pad(session).unwrap().is_empty());
        assert_eq!(phone.device.rebuild().unwrap().different, [""; 0]);
    }
    bo.device.set_pad(session, &text("Flour. Salt.")).unwrap();
    bo.sync(&ada).await;
    assert_eq!(said(&ada, session), "Flour. Salt.");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_offline_while_a_pad_moved_on_is_offered_their_own_words_again() {
    let (ada, bo, session) = two().await;
    ada.device.set_pad(session, &text("Flour\nQuicksilver")).unwrap();
    bo.sync(&ada).await;
    bo.device.set_pad(session, &text("Flour\nQuicksilver\nWater")).unwrap();

    ada.device.move_pad(session, &text("Flour")).unwrap();
    bo.sync(&ada).await;
    bo.sync(&ada).await;

    assert_eq!((said(&ada, session), said(&bo, session)), ("Flour".into(), "Flour".into()));
    assert_eq!(bo.device.missing_from_pad(session).unwrap(), ["Water"]);
    assert!(ada.device.missing_from_pad(session).unwrap().is_empty());
    bo.device.set_pad(session, &text("Flour\nWater")).unwrap();
    assert!(bo.device.missing_from_pad(session).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_move_a_pad_at_once_double_no_text() {
    let (ada, bo, _) = two().await;
    let event = ada.device.events().unwrap()[0].id;
    let session = bo.device.pitch_session(event, &Session::new(line("Time"))).unwrap();
    bo.device.set_pad(session, &text("Slow and wrong")).unwrap();
    bo.sync(&ada).await;

    ada.device.move_pad(session, &text("Slow")).unwrap();
    bo.device.move_pad(session, &text("Slow")).unwrap();
    bo.sync(&ada).await;
    bo.sync(&ada).await;

    assert_eq!((said(&ada, session), said(&bo, session)), ("Slow".into(), "Slow".into()));
    assert!(!holds(&ada, "wrong") && !holds(&bo, "wrong"));
    for phone in [&ada, &bo] {
        assert_eq!(phone.device.rebuild().unwrap().different, [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pitcher_who_is_no_organiser_moves_their_pad_and_each_author_erases_their_own() {
    let (ada, bo, _) = two().await;
    let event = ada.device.events().unwrap()[0].id;
    let session = bo.device.pitch_session(event, &Session::new(line("Time"))).unwrap();
    bo.sync(&ada).await;
    ada.device.set_pad(session, &text("Slow and wrong")).unwrap();
    bo.sync(&ada).await;

    bo.device.move_pad(session, &text("Slow")).unwrap();
    bo.sync(&ada).await;
    bo.sync(&ada).await;

    assert_eq!((said(&ada, session), said(&bo, session)), ("Slow".into(), "Slow".into()));
    assert!(!holds(&bo, "wrong"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_may_move_a_pad() {
    let (_ada, bo, session) = two().await;

    let refused = bo.device.move_pad(session, &text(""));

    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
}
