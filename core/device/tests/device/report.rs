//! Conduct reports: to one person, and nowhere else.

use teilgeber_device::model::*;
use teilgeber_device::{Authorship, Error, LetterState, WAITS_AT_MOST_MS};

use crate::feedback::{Mill, meet_until};
use crate::support::*;

const WORDS: &str = "He would not let the door free";

fn words() -> ReportText {
    ReportText::new(WORDS).unwrap()
}

/// A camp whose awareness team is Bob.
async fn mill() -> Mill {
    let mill = Mill::new().await;
    mill.ada.device.set_trusted(mill.event, &[mill.bob.person()]).unwrap();
    mill.all_meet().await;
    mill
}

fn texts(phone: &Phone) -> Vec<String> {
    phone.device.reports().unwrap().iter().map(|it| it.text.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_report_comes_to_one_person_and_nothing_of_it_stays_with_its_writer() {
    let mill = mill().await;
    let report = |how| mill.cleo.device.report(mill.event, mill.bob.person(), &words(), how);
    let receipt = report(Authorship::Anonymous).unwrap();
    let state = || mill.cleo.device.letter_state(mill.event, receipt).unwrap();

    // While it waits, nothing but its receipt leads to it.
    assert_eq!(state(), LetterState::Waits);
    assert!(mill.cleo.device.reports().unwrap().is_empty());
    assert!(mill.cleo.device.search("door", 9).unwrap().is_empty());
    assert_eq!(mill.cleo.device.feedback_form(mill.event).unwrap().given, None);
    assert!(!contains(&everything_in(mill.cleo.home.path()), WORDS));
    mill.pass(WAITS_AT_MOST_MS);
    meet_until(&mill.cleo, &mill.dan, || matches!(state(), LetterState::Travels(_))).await;
    for phone in [&mill.ada, &mill.bob] {
        mill.dan.sync(phone).await;
    }

    let read = mill.bob.device.reports().unwrap().remove(0);
    assert_eq!((read.text.as_str(), read.by, read.event), (WORDS, None, mill.event));
    for phone in [&mill.ada, &mill.cleo, &mill.dan] {
        assert!(texts(phone).is_empty());
        phone.device.tidy().unwrap();
        assert!(!contains(&everything_in(phone.home.path()), WORDS));
    }
    assert!(mill.bob.device.search("door", 9).unwrap().is_empty());
    assert!(mill.bob.device.conversations().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_taken_back_is_in_no_byte_and_leaves_over_no_link() {
    let mill = mill().await;
    mill.cleo.device.tidy().unwrap();
    let receipt = mill
        .cleo
        .device
        .report(mill.event, mill.bob.person(), &words(), Authorship::Anonymous)
        .unwrap();
    let mark = |bytes: &[u8]| bytes.windows(32).any(|it| it == receipt.as_bytes());
    assert!(mark(&everything_in(mill.cleo.home.path())), "it waits");

    mill.cleo.device.take_back_report(receipt).unwrap();

    assert!(!mark(&everything_in(mill.cleo.home.path())));
    let state = mill.cleo.device.letter_state(mill.event, receipt).unwrap();
    assert_eq!(state, LetterState::Gone);
    let again = mill.cleo.device.take_back_report(receipt);
    assert!(matches!(again, Err(Error::NotHere(_))));
    mill.pass(WAITS_AT_MOST_MS);
    for _ in 0..8 {
        assert_eq!(mill.cleo.sync(&mill.dan).await.spaces[0].sent, 0);
    }
    assert!(mill.cleo.device.rebuild().unwrap().different.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_read_a_report_deletes_it_without_a_trace_and_it_does_not_come_back() {
    let mut mill = mill().await;
    let (cleo, bob) = (&mill.cleo.device, mill.bob.person());
    let receipt = cleo.report(mill.event, bob, &words(), Authorship::Signed).unwrap();
    mill.cleo.sync(&mill.bob).await;
    let report = mill.bob.device.reports().unwrap().remove(0);
    assert_eq!(report.by.as_ref().map(|by| by.person), Some(mill.cleo.person()));
    mill.bob.device.tidy().unwrap();
    assert!(contains(&everything_in(mill.bob.home.path()), WORDS));

    mill.bob.device.erase_report(report.id).unwrap();

    assert!(!contains(&everything_in(mill.bob.home.path()), WORDS));
    let again = mill.bob.device.erase_report(report.id);
    assert!(matches!(again, Err(Error::NotHere(_))));
    mill.bob = mill.bob.restart();
    mill.cleo.sync(&mill.bob).await;
    mill.bob.device.tidy().unwrap();
    assert!(texts(&mill.bob).is_empty());
    assert!(mill.bob.device.rebuild().unwrap().different.is_empty());
    assert!(texts(&mill.bob).is_empty());
    assert!(!contains(&everything_in(mill.bob.home.path()), WORDS));
    // The letter is an entry there like any that is carried, and where it is can still be told.
    let state = mill.cleo.device.letter_state(mill.event, receipt).unwrap();
    assert!(matches!(state, LetterState::Travels(places) if places.devices == 1), "{state:?}");
    let everything = [&mill.ada, &mill.bob, &mill.dan];
    for phone in everything {
        mill.cleo.sync(phone).await;
    }
    assert!(texts(&mill.bob).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_name_only_the_trusted_take_reports_and_signed_anybody_there() {
    let mill = mill().await;
    let report = |to, how| mill.cleo.device.report(mill.event, to, &words(), how);

    let anonymous = report(mill.ada.person(), Authorship::Anonymous);
    assert!(matches!(anonymous, Err(Error::SignIt)), "{anonymous:?}");
    assert!(matches!(report(Id::new([9; 32]), Authorship::Signed), Err(Error::NotHere(_))));
    let nothing = ReportText::new(" ").unwrap();
    let nothing =
        mill.cleo.device.report(mill.event, mill.bob.person(), &nothing, Authorship::Signed);
    assert!(matches!(nothing, Err(Error::NothingSaid)));
    report(mill.ada.person(), Authorship::Signed).unwrap();
    mill.all_meet().await;

    assert_eq!(texts(&mill.ada), [WORDS]);
    assert!(texts(&mill.bob).is_empty() && texts(&mill.dan).is_empty());
    // Who is no longer trusted gets none any more that nobody signed.
    mill.cleo
        .device
        .report(mill.event, mill.bob.person(), &words(), Authorship::Anonymous)
        .unwrap();
    mill.ada.device.set_trusted(mill.event, &[]).unwrap();
    mill.all_meet().await;
    mill.pass(WAITS_AT_MOST_MS);
    let before = mill.dan.device.digests(mill.event).unwrap()["entries"];
    let left = || mill.dan.device.digests(mill.event).unwrap()["entries"] != before;
    meet_until(&mill.cleo, &mill.dan, left).await;
    mill.dan.sync(&mill.bob).await;
    assert!(texts(&mill.bob).is_empty());
    mill.ada.device.set_trusted(mill.event, &[mill.bob.person()]).unwrap();
    mill.bob.sync(&mill.ada).await;
    assert_eq!(texts(&mill.bob), [WORDS]);
}
