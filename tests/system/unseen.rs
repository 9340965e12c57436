//! An anonymous letter on the wire: the link over which it leaves, overheard, and what the other end was told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use teilgeber_device::model::*;
use teilgeber_device::{
    Authorship, Clock, Config, Device, LetterState, SystemClock, WAITS_AT_MOST_MS,
};
use teilgeber_tests::story::{camp, named};
use teilgeber_tests::support::*;

use crate::prober::all_bytes_in;
use crate::reader::{contains, meet};

const WORDS: &str = "The copper kettle was never cleaned";

/// The system's clock, which a test may advance.
#[derive(Default)]
struct Ahead(AtomicU64);

impl Clock for Ahead {
    fn now(&self) -> u64 {
        SystemClock.now() + self.0.load(Ordering::Relaxed)
    }
}

fn open(home: &Home, clock: &Arc<Ahead>) -> Device {
    Device::open(Config::new(home.path()).with_clock(clock.clone())).unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_over_which_an_anonymous_letter_leaves_says_nothing_of_its_writer() {
    let (ada_home, lena_home, clock) = (Home::new(), Home::new(), Arc::new(Ahead::default()));
    let (ada, lena) = (open(&ada_home, &clock), open(&lena_home, &clock));
    ada.set_profile(&named("Ada")).unwrap();
    let event = ada.create_event(&camp()).unwrap();
    ada.appear_in(event, true).unwrap();
    ada.set_trusted(event, &[ada.me().unwrap().person]).unwrap();
    lena.join(&ada.join_code(event, &[]).unwrap()).unwrap();
    lena.set_profile(&named("Lena")).unwrap();
    lena.appear_in(event, true).unwrap();
    meet(&lena, &ada).await;
    let ([_, shown], _) = meet(&lena, &ada).await;
    let author = lena.author_in(event).unwrap().unwrap();
    assert_eq!(shown.spaces[0].peer, Some(author), "on any other link Lena shows herself");

    let (to, text) = (ada.me().unwrap().person, ReportText::new(WORDS).unwrap());
    let receipt = lena.report(event, to, &text, Authorship::Anonymous).unwrap();
    let waits = || lena.letter_state(event, receipt).unwrap() == LetterState::Waits;
    let ([before, _], _) = meet(&lena, &ada).await;
    assert!(waits() && before.spaces[0].sent == 0);
    clock.0.store(WAITS_AT_MOST_MS, Ordering::Relaxed);
    let mut left = None;
    while waits() {
        left = Some(meet(&lena, &ada).await);
    }

    // The last link took it, and there was nobody on it.
    let ([hers, adas], tape) = left.unwrap();
    assert_eq!((hers.spaces[0].sent, adas.spaces[0].received), (1, 1));
    assert!(adas.spaces.iter().all(|space| space.peer.is_none()), "an author was shown");
    let person = lena.me().unwrap().person;
    for secret in [WORDS.as_bytes(), b"Lena", person.as_bytes(), author.as_bytes()] {
        assert!(!contains(&tape, secret), "it was on the wire");
    }
    let report = ada.reports().unwrap().remove(0);
    assert_eq!((report.text.as_str(), report.by), (WORDS, None));
    assert_sound(&lena);
    assert!(!contains(&all_bytes_in(lena_home.path()), WORDS.as_bytes()));
    // And then she is who she was.
    let ([_, shown], _) = meet(&lena, &ada).await;
    assert_eq!(shown.spaces[0].peer, Some(author));
}
