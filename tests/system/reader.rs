//! Somebody who only reads, and takes private notes: everything works for them, and nothing of theirs leaves
//! their device.

use std::sync::{Arc, Mutex};

use teilgeber_device::model::*;
use teilgeber_device::{Device, NoteFilter, SyncReport};
use teilgeber_tests::story::{camp, line, named, note, talk};
use teilgeber_tests::support::*;

use crate::prober::all_bytes_in;
use crate::wire::{Fate, Proxy};

const NAME: &str = "Lena Lindqvist";
const WORDS: &str = "The amber heron nests behind the stage";

#[tokio::test(flavor = "multi_thread")]
async fn who_only_reads_leaves_nothing_of_theirs() {
    let (ada_home, lena_home) = (Home::new(), Home::new());
    let (ada, lena) = (ada_home.open(), lena_home.open());
    ada.set_profile(&named("Ada")).unwrap();
    let event = ada.create_event(&camp()).unwrap();
    ada.appear_in(event, true).unwrap();
    let session = ada.pitch_session(event, &talk("Merging without meeting")).unwrap();
    let place = Placement {
        room: line("Attic"),
        start: Millis::new(1_795_248_000_000).unwrap(),
        minutes: Minutes::new(45).unwrap(),
    };
    ada.place_session(session, Some(&place)).unwrap();

    // Lena says who she is, to herself, joins, reads and writes down.
    lena.set_profile(&named(NAME)).unwrap();
    lena.join(&ada.join_code(event, &[]).unwrap()).unwrap();
    let (first, _) = meet(&lena, &ada).await;
    let noted = lena.create_note(&note(WORDS).with_session(Some(session))).unwrap();
    let (second, tapes) = meet(&lena, &ada).await;

    // Everything is there for her.
    assert_eq!(lena.board(event).unwrap()[0].placement, Some(place));
    assert_eq!(lena.participants(event, None, 10).unwrap().0.len(), 1);
    assert_eq!(lena.search("merging", 10).unwrap()[0].id, session);
    let filter = NoteFilter { session: Some(session), ..NoteFilter::default() };
    assert_eq!(lena.notes(&filter, None, 10).unwrap()[0].id, noted);
    assert_sound(&lena);

    // Nobody was told anything: no entry was sent, no author was shown, and she is none.
    for [hers, adas] in [&first, &second] {
        assert!(hers.spaces.iter().all(|space| space.sent == 0), "Lena sent something: {hers}");
        assert!(adas.spaces.iter().all(|space| space.received == 0), "Ada got something: {adas}");
        assert!(adas.spaces.iter().all(|space| space.peer.is_none()), "an author was shown");
    }
    assert_eq!(lena.author_in(event).unwrap(), None);
    let person = lena.me().unwrap().person;
    drop(ada);
    let elsewhere = all_bytes_in(ada_home.path());
    for secret in [NAME.as_bytes(), WORDS.as_bytes(), person.as_bytes(), noted.as_bytes()] {
        assert!(!contains(&elsewhere, secret), "it lies in Ada's home");
        assert!(!contains(&tapes, secret), "it was on the wire");
    }
}

/// One dials the other; returns what both report, and all bytes that passed.
async fn meet(dialling: &Device, listening: &Device) -> ([SyncReport; 2], Vec<u8>) {
    let heard = Arc::new(Mutex::new(None));
    let told = heard.clone();
    let address = "127.0.0.1:0".parse().unwrap();
    let server = listening
        .serve(address, move |report| *told.lock().unwrap() = Some(report.unwrap()))
        .await
        .unwrap();
    let proxy = Proxy::before(server.local_addr(), Fate::Whole).await;
    let report = dialling.sync_with(proxy.address).await.unwrap();
    while heard.lock().unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    server.stop().await;
    let other = heard.lock().unwrap().take().unwrap();
    let tape = proxy.tape.lock().unwrap();
    ([report, other], [&tape.there[..], &tape.back].concat())
}

fn contains(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}
