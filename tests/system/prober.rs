//! Who listens on the way, or calls without sharing anything, learns nothing that lasts.
//!
//! Looked at here are all bytes on the wire, what a stranger is told, and every byte in the
//! stranger's home afterwards. The frames inside the encryption are out of reach through the
//! device's door; that they show a stranger no key and no space is tested in `core/exchange`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use teilgeber_device::model::*;
use teilgeber_device::{Device, Error, Filter, MetAt, Stay, Subscription, SyncReport};
use teilgeber_tests::story::{camp, line, named, note, talk};
use teilgeber_tests::support::*;

use crate::wire::{Fate, Proxy};

#[tokio::test(flavor = "multi_thread")]
async fn captured_bytes_hold_no_key_no_id_and_no_word() {
    let story = Story::told().await;
    let server = serve(&story.ada).await;
    let proxy = Proxy::before(server.local_addr(), Fate::Whole).await;

    let report = story.bob.sync_with(proxy.address).await.unwrap();
    let again = story.bob.sync_with(proxy.address).await.unwrap();

    assert!(is_same(&report) && is_quiet(&again), "{report} / {again}");
    assert!(report.spaces.len() > 1, "the event and a card: {report}");
    let secrets = story.secrets([&report, &again]);
    server.stop().await;
    let tape = proxy.tape.lock().unwrap();
    for (way, bytes, said) in [
        ("there", &tape.there, report.bytes_sent + again.bytes_sent),
        ("back", &tape.back, report.bytes_received + again.bytes_received),
    ] {
        assert!(bytes.len() as u64 > said, "not all is on the tape that passed {way}");
        assert_eq!(shown(&secrets, bytes), [""; 0], "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_completes_the_handshake_is_told_nothing_and_keeps_nothing() {
    let story = Story::told().await;
    let first = serve(&story.ada).await;
    let report = story.bob.sync_with(first.local_addr()).await.unwrap();
    first.stop().await;
    let secrets = story.secrets([&report]);
    let home = Home::new();
    let stranger = home.open();
    stranger.create_event(&camp().with_name(line("Elsewhere"))).unwrap();
    let (tell, heard) = std::sync::mpsc::channel();
    let told = move |ended| tell.send(ended).unwrap();
    let server = story.ada.serve("127.0.0.1:0".parse().unwrap(), told).await.unwrap();
    let proxy = Proxy::before(server.local_addr(), Fate::Whole).await;
    let before = dump(&stranger);

    let progress = Arc::new(Mutex::new(0));
    let counted = progress.clone();
    let refused = stranger
        .sync_telling(proxy.address, Stay::UntilSame, move |_| *counted.lock().unwrap() += 1)
        .await;

    assert!(matches!(refused, Err(Error::NothingInCommon)), "{refused:?}");
    assert_eq!(*progress.lock().unwrap(), 0);
    let ended = tokio::task::spawn_blocking(move || heard.recv().unwrap()).await.unwrap();
    assert!(matches!(ended, Err(Error::NothingInCommon)), "{ended:?}");
    assert_eq!(shown(&secrets, &proxy.tape.lock().unwrap().back), [""; 0]);
    assert_eq!(dump(&stranger), before);
    drop(stranger);
    assert_eq!(shown(&secrets, &all_bytes_in(home.path())), [""; 0]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_tell_how_many_events_somebody_is_in() {
    /// As many as the padding of the names hides, beside the two spaces that everybody has.
    const EVENTS: usize = 5;
    /// What a device says of each space: a blinded name.
    const NAME_BYTES: usize = 8;
    let mut answers = Vec::new();
    for events in [0, EVENTS] {
        let (home, other) = (Home::new(), Home::new());
        let (ada, stranger) = (home.open(), other.open());
        for _ in 0..events {
            ada.create_event(&camp()).unwrap();
        }
        let server = serve(&ada).await;
        let proxy = Proxy::before(server.local_addr(), Fate::Whole).await;

        let refused = stranger.sync_with(proxy.address).await;

        assert!(matches!(refused, Err(Error::NothingInCommon)), "{refused:?}");
        server.stop().await;
        answers.push(proxy.tape.lock().unwrap().back.len());
    }

    // Either end may be the first to say goodbye, in 20 bytes.
    let difference = answers[0].abs_diff(answers[1]);
    assert!(difference < EVENTS * NAME_BYTES, "{answers:?}");
}

#[test]
fn the_search_finds_what_is_there_in_any_of_its_forms() {
    let secrets = BTreeMap::from([("key".to_owned(), vec![0xAB; 32])]);
    let hex = "ab".repeat(32);

    assert_eq!(shown(&secrets, &[&[1][..], &[0xAB; 33]].concat()), ["key raw"]);
    assert_eq!(shown(&secrets, format!("x{hex}").as_bytes()), ["key in hex"]);
    assert_eq!(shown(&secrets, hex.to_uppercase().as_bytes()), ["key in HEX"]);
    assert_eq!(shown(&secrets, &[0xAB; 31]), [""; 0]);
}

/// Ada and Bob, in one event and contacts of each other, before Bob knows what she wrote.
struct Story {
    ada: Device,
    bob: Device,
    _homes: [Home; 2],
    event: Id,
    news: [Subscription; 2],
    private: Id,
    persons: [Id; 2],
}

const NAMES: [&str; 2] = ["Ada Ashgrove", "Bob Birchwater"];
const PRIVATE: &str = "Nobody may read of the purple otter";
const TITLE: &str = "Merging without meeting";

impl Story {
    async fn told() -> Self {
        let homes = [Home::new(), Home::new()];
        let [ada, bob] = [homes[0].open(), homes[1].open()];
        let news = [&ada, &bob].map(|device| device.observe(Filter::default()));
        for (device, name) in [&ada, &bob].into_iter().zip(NAMES) {
            device.set_profile(&named(name)).unwrap();
        }
        let event = ada.create_event(&camp()).unwrap();
        bob.join(&ada.join_code(event, &[]).unwrap()).unwrap();
        let showing = ada.show_code(&[], Some(event)).unwrap();
        let person = bob.scan(&showing.text, &MetAt::default()).unwrap();
        bob.answer(person).unwrap();
        let server = serve(&ada).await;
        bob.sync_with(server.local_addr()).await.unwrap();
        server.stop().await;

        let private = ada.create_note(&note(PRIVATE)).unwrap();
        let session = ada.pitch_session(event, &talk(TITLE)).unwrap();
        ada.set_note(private, &note(PRIVATE).with_session(Some(session))).unwrap();
        for device in [&ada, &bob] {
            device.appear_in(event, true).unwrap();
        }
        let persons = [ada.me().unwrap().person, bob.me().unwrap().person];
        Self { ada, bob, _homes: homes, event, news, private, persons }
    }

    /// All that nobody else may come to see, each with a name of its own.
    fn secrets<const N: usize>(&self, reports: [&SyncReport; N]) -> BTreeMap<String, Vec<u8>> {
        let mut secrets = BTreeMap::new();
        let mut add =
            |name: &str, id: Id| secrets.insert(format!("{name} {id}"), id.as_bytes().to_vec());
        add("note", self.private);
        for person in self.persons {
            add("person", person);
        }
        for device in [&self.ada, &self.bob] {
            add("author", device.author_in(self.event).unwrap().expect("who wrote is an author"));
        }
        for space in reports.iter().flat_map(|report| &report.spaces) {
            add("space", space.space);
            if let Some(author) = space.peer {
                add("author", author);
            }
        }
        for news in &self.news {
            let news = news.wait(std::time::Duration::ZERO).expect("much happened");
            assert!(!news.everything);
            for change in news.changes {
                add("space", change.space);
                add("document", change.id);
            }
        }
        for word in [NAMES[0], NAMES[1], PRIVATE, TITLE, camp().name().as_str()] {
            secrets.insert(format!("words: {word}"), word.as_bytes().to_vec());
        }
        secrets
    }
}

/// Which secrets show in `bytes`: as they are, or written down in either case.
fn shown(secrets: &BTreeMap<String, Vec<u8>>, bytes: &[u8]) -> Vec<String> {
    let mut shown = Vec::new();
    for (name, secret) in secrets {
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let upper = hex.to_uppercase();
        let forms =
            [("raw", &secret[..]), ("in hex", hex.as_bytes()), ("in HEX", upper.as_bytes())];
        for (form, needle) in forms {
            if bytes.windows(needle.len()).any(|window| window == needle) {
                shown.push(format!("{name} {form}"));
            }
        }
    }
    shown
}

/// All that a device shows anywhere.
fn dump(device: &Device) -> String {
    let events = device.events().unwrap();
    let pictures: Vec<String> = events.iter().map(|event| picture(device, event.id)).collect();
    format!("{events:?}\n{pictures:?}\n{:?}\n{:?}", device.contacts(), device.requests())
}

pub(crate) fn all_bytes_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(!bytes.is_empty());
    bytes
}
