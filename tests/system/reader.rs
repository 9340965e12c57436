//! Somebody who only reads, and keeps things for themselves (notes, stars, anchors, quiet from others, what is
//! to be erased, files): everything works for them, and nothing of theirs leaves their device.

use std::sync::{Arc, Mutex};

use teilgeber_device::model::*;
use teilgeber_device::{Device, Format, Kind, NewPost, NoteFilter, Reach, SyncReport};
use teilgeber_tests::story::{camp, line, named, note, talk};
use teilgeber_tests::support::*;

use crate::prober::all_bytes_in;
use crate::wire::{Fate, Proxy};

const NAME: &str = "Lena Lindqvist";
const WORDS: &str = "The amber heron nests behind the stage";
const BIO: &str = "Counts herons before breakfast";
const ANCHOR: &str = "ask the wardens about herons";
const DRAFT: &str = "herons, not to be kept";

#[tokio::test(flavor = "multi_thread")]
async fn who_only_reads_leaves_nothing_of_theirs() {
    let (ada_home, bo_home, lena_home) = (Home::new(), Home::new(), Home::new());
    let (ada, bo, lena) = (ada_home.open(), bo_home.open(), lena_home.open());
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

    let code = ada.join_code(event, &[]).unwrap();
    bo.join(&code).unwrap();
    meet(&bo, &ada).await;
    bo.write_post(event, &NewPost::new(PostText::new("Me again").unwrap())).unwrap();
    meet(&bo, &ada).await;

    // Lena says who she is, to herself, joins, reads and keeps this and that.
    let mut profile = named(NAME);
    profile.set_bio(Shared::new(Prose::new(BIO).unwrap(), Audience::Everyone));
    lena.set_profile(&profile).unwrap();
    lena.join(&code).unwrap();
    let (first, _) = meet(&lena, &ada).await;
    let noted = lena.create_note(&note(WORDS).with_session(Some(session))).unwrap();
    let anchor = Anchor::new(line(ANCHOR)).with_holds(Some(Holds::Session(session)));
    let anchor = lena.add_anchor(&anchor).unwrap();
    lena.star(session, true).unwrap();
    lena.block(bo.me().unwrap().person).unwrap();
    let draft = lena.create_note(&note(DRAFT)).unwrap();
    lena.erase_soon(Kind::Note, draft).unwrap();
    lena.document_session(session, Format::Html, Reach::Event, true).unwrap();
    let letters = lena.preview_in(event).unwrap().card.letter().expect("her key for letters");
    let (second, tapes) = meet(&lena, &ada).await;

    // Everything is there for her.
    assert_eq!(lena.board(event).unwrap()[0].placement, Some(place));
    assert_eq!(lena.participants(event, None, 10).unwrap().0.len(), 1);
    assert_eq!(lena.search("merging", 10).unwrap()[0].id, session);
    let filter = NoteFilter { session: Some(session), ..NoteFilter::default() };
    assert_eq!(lena.notes(&filter, None, 10).unwrap()[0].id, noted);
    assert_eq!(lena.starred(event).unwrap()[0].session.id, session);
    assert_eq!(lena.anchors(false).unwrap()[0].id, anchor);
    assert_eq!(lena.posts(event, &Default::default(), None, 10).unwrap(), [], "Bo is quiet");
    assert_eq!(ada.posts(event, &Default::default(), None, 10).unwrap().len(), 1);
    assert_sound(&lena);

    // Nobody was told anything: no entry was sent, no author was shown, and she is none.
    for [hers, adas] in [&first, &second] {
        assert!(hers.spaces.iter().all(|space| space.sent == 0), "Lena sent something: {hers}");
        assert!(adas.spaces.iter().all(|space| space.received == 0), "Ada got something: {adas}");
        assert!(adas.spaces.iter().all(|space| space.peer.is_none()), "an author was shown");
    }
    assert_eq!(lena.author_in(event).unwrap(), None);
    assert_eq!(ada.starred_by(session).unwrap(), []);
    let person = lena.me().unwrap().person;
    drop(ada);
    let elsewhere = all_bytes_in(ada_home.path());
    let words = [NAME, WORDS, BIO, ANCHOR, DRAFT].map(str::as_bytes);
    let ids = [&person, &noted, &anchor, &draft].map(|id| &id.as_bytes()[..]);
    let keys = [&letters.as_bytes()[..]];
    for secret in words.into_iter().chain(ids).chain(keys) {
        assert!(!contains(&elsewhere, secret), "it lies in Ada's home");
        assert!(!contains(&tapes, secret), "it was on the wire");
    }
}

/// One dials the other; returns what both report, and all bytes that passed.
pub(crate) async fn meet(dialling: &Device, listening: &Device) -> ([SyncReport; 2], Vec<u8>) {
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

pub(crate) fn contains(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}
