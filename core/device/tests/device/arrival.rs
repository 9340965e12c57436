//! Who wrote a letter hears that it arrived; and one that its space dropped is sent again.

use teilgeber_device::model::*;
use teilgeber_device::{Authorship, BundleOf, KEPT_FOR_MS, Kind, LetterState};
use teilgeber_entry::letter::{self, LetterDraft, SIZES, Signer, TIME_STEP, Topic};
use teilgeber_entry::limits::{BATCH_BYTES_MAX, LETTERS_MAX};
use teilgeber_entry::{AuthorKey, Kind as EntryKind, LetterKey, Parcel, SpaceKey, batch};
use teilgeber_store::{Options, Role, Store};

use crate::support::*;

fn text(words: &str) -> MessageText {
    MessageText::new(words).unwrap()
}

/// An event in which Ada appears; Bob writes to her, and Cleo meets both.
struct Mill {
    event: Id,
    ada: Phone,
    bob: Phone,
    cleo: Phone,
}

impl Mill {
    async fn new() -> Self {
        let (ada, bob, cleo) = (Phone::silent(), Phone::of("Bob"), Phone::silent());
        let event = ada.device.create_event(&camp()).unwrap();
        let code = ada.device.join_code(event, &[]).unwrap();
        ada.device.set_profile(&profile("Ada", Audience::Event)).unwrap();
        ada.device.appear_in(event, true).unwrap();
        for other in [&bob, &cleo] {
            other.device.join(&code).unwrap();
            other.sync(&ada).await;
        }
        Self { event, ada, bob, cleo }
    }

    fn write(&self, words: &str) -> Id {
        self.bob.device.write_message(self.ada.person(), &text(words)).unwrap().id
    }

    fn arrived(&self, message: Id) -> bool {
        self.bob.device.message(message).unwrap().arrived
    }

    /// Cleo goes from Bob to Ada.
    async fn to_ada(&self) {
        self.cleo.sync(&self.bob).await;
        self.cleo.sync(&self.ada).await;
    }

    /// Cleo goes from Ada to Bob.
    async fn back(&self) {
        self.cleo.sync(&self.ada).await;
        self.cleo.sync(&self.bob).await;
    }
}

/// The event's key, and its letters as they lie in a home.
fn letters_in(home: &Home) -> (SpaceKey, Vec<Parcel>) {
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    let read = store.read(|view| {
        let spaces = view.spaces()?;
        let space = spaces.iter().find(|space| space.role == Role::Event).unwrap();
        let mut letters = Vec::new();
        for (_, id) in view.items(space)?.into_iter().filter(|(time, _)| time % TIME_STEP == 0) {
            let (bytes, _) = view.pack(space, &[id], false, BATCH_BYTES_MAX)?;
            letters.extend(batch::decode(&bytes, &space.id, None)?);
        }
        letters.retain(|parcel| parcel.envelope.header().kind == EntryKind::Letter);
        Ok((space.key.clone().unwrap(), letters))
    });
    read.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_hears_by_a_courier_that_it_arrived_and_in_one_letter_of_all() {
    let mill = Mill::new().await;
    let messages = [mill.write("Flour at noon?"), mill.write("Or at one?")];
    mill.to_ada().await;
    assert!(messages.iter().all(|message| !mill.arrived(*message)));

    mill.back().await;

    assert!(messages.iter().all(|message| mill.arrived(*message)));
    let shown = mill.bob.device.conversations().unwrap().remove(0);
    assert!(shown.last.arrived);
    // Nobody answers the answer, and nobody answers twice.
    for _ in 0..3 {
        mill.to_ada().await;
        mill.back().await;
    }
    let Mill { ada, bob, cleo, .. } = mill;
    drop((ada.device, bob.device, cleo.device));
    let (_, letters) = letters_in(&cleo.home);
    assert_eq!(letters.len(), 3, "two messages, and one letter about both");
    assert!(letters.iter().all(|it| it.envelope.header().payload_len as usize == SIZES[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_once_whenever_a_device_is_stopped() {
    let mut mill = Mill::new().await;
    let message = mill.write("Flour at noon?");
    mill.to_ada().await;
    mill.ada = mill.ada.restart();
    mill.ada.device.tidy().unwrap();
    mill.ada = mill.ada.restart();
    mill.bob = mill.bob.restart();
    assert!(!mill.arrived(message));

    mill.back().await;
    mill.bob = mill.bob.restart();

    assert!(mill.arrived(message));
    assert!(mill.bob.device.rebuild().unwrap().different.is_empty());
    assert!(mill.arrived(message));
    mill.back().await;
    let Mill { ada, bob, cleo, .. } = mill;
    drop((ada.device, bob.device, cleo.device));
    assert_eq!(letters_in(&cleo.home).1.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_takes_the_word_back_too() {
    let mill = Mill::new().await;
    let message = mill.write("Flour at noon?");
    mill.bob.sync(&mill.ada).await;
    assert!(!mill.arrived(message));

    let mut bundle = Vec::new();
    mill.ada.device.write_bundle(BundleOf::Event(mill.event), &mut bundle).unwrap();
    mill.bob.device.read_bundle(bundle.as_slice()).unwrap();

    assert!(mill.arrived(message));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_hears_nothing() {
    let mill = Mill::new().await;
    mill.ada.device.block(mill.bob.person()).unwrap();
    let message = mill.write("Flour at noon?");

    mill.to_ada().await;
    mill.back().await;

    assert!(!mill.arrived(message));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_before_the_word_left_hears_nothing() {
    let mill = Mill::new().await;
    let message = mill.write("Flour at noon?");
    mill.to_ada().await;
    mill.ada.device.block(mill.bob.person()).unwrap();

    mill.back().await;
    mill.ada.device.unmute(mill.bob.person()).unwrap();
    mill.back().await;

    assert!(!mill.arrived(message));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_its_reader_can_say_that_a_letter_arrived() {
    let mill = Mill::new().await;
    let message = mill.write("Flour at noon?");
    mill.cleo.sync(&mill.bob).await;
    // Cleo can be answered by Bob, and names the letter that she only carries.
    mill.cleo.device.set_profile(&profile("Cleo", Audience::Event)).unwrap();
    mill.bob.device.set_profile(&profile("Bob", Audience::Event)).unwrap();
    mill.bob.device.appear_in(mill.event, true).unwrap();
    mill.cleo.sync(&mill.bob).await;
    let Mill { ada, bob, cleo, event } = mill;
    let Phone { device, clock, home } = cleo;
    drop(device);
    let forged = {
        let (key, letters) = letters_in(&home);
        let store = Store::open(home.path(), &Options::default()).unwrap().0;
        let identity = store.read(|view| view.identity()).unwrap().unwrap();
        let teilgeber_store::Voice::Person(person) = &identity.voice else { panic!("a person") };
        let signer = Signer::Person { key: person, answer_to: identity.letter.public() };
        let body = letters[0].envelope.header().author.as_bytes().to_vec();
        let draft = LetterDraft { signer, topic: Topic(7), body: &body };
        let reader = store.read(|view| {
            let cards = teilgeber_store::nouns::card::of_person(
                view.connection(),
                &teilgeber_entry::PersonId::from_bytes(*bob.person().as_bytes()),
            )?;
            Ok(*cards[0].card.letter().unwrap().as_bytes())
        });
        let reader = teilgeber_entry::LetterPublic::from_bytes(reader.unwrap());
        let author = AuthorKey::from_bytes([5; 32]);
        let parcel = draft.seal(&key, &author, &reader, MORNING, &[6; 32]).unwrap();
        let bytes = batch::encode(&[parcel], None, BATCH_BYTES_MAX).0;
        let prepared = store.prepare(&key.space(), &bytes, false).unwrap();
        store.write(MORNING, &[7; 32], |edit| edit.ingest(prepared)).unwrap();
        drop(store);
        Phone::open(home, clock)
    };
    forged.sync(&bob).await;
    assert!(!bob.device.message(message).unwrap().arrived);

    let mill = Mill { event, ada, bob, cleo: forged };
    mill.to_ada().await;
    mill.back().await;
    assert!(mill.arrived(message));
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_feedback_arrives_and_of_reports_nobody_is_told() {
    let mill = Mill::new().await;
    let (ada, bob) = (&mill.ada.device, &mill.bob.device);
    ada.set_feedback_readers(mill.event, &[mill.ada.person()]).unwrap();
    ada.set_trusted(mill.event, &[mill.ada.person()]).unwrap();
    mill.back().await;

    let said = Feedback { text: Prose::new("More soup").unwrap(), ..Feedback::default() };
    let given = bob.give_feedback(mill.event, &said, Authorship::Signed).unwrap();
    let words = ReportText::new("Loud at night").unwrap();
    let receipt = bob.report(mill.event, mill.ada.person(), &words, Authorship::Signed).unwrap();
    mill.to_ada().await;
    mill.back().await;

    assert_eq!(mill.ada.device.reports().unwrap().len(), 1);
    let state = |letter| bob.letter_state(mill.event, letter).unwrap();
    assert_eq!(state(given.letters[0]), LetterState::Arrived);
    assert!(matches!(state(receipt), LetterState::Travels(_)));
    let Mill { ada, bob, cleo, .. } = mill;
    drop((ada.device, bob.device, cleo.device));
    let (_, letters) = letters_in(&bob.home);
    assert_eq!(letters.len(), 3, "feedback, a report, and one letter about the feedback");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_erased_message_nothing_is_kept_and_the_word_finds_nothing() {
    let mill = Mill::new().await;
    let message = mill.write("Flour at noon?");
    mill.to_ada().await;
    mill.bob.device.erase_message(message).unwrap();

    mill.back().await;

    assert!(mill.bob.device.conversations().unwrap().is_empty());
    let Mill { bob, .. } = mill;
    drop(bob.device);
    let store = Store::open(bob.home.path(), &Options::default()).unwrap().0;
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        store.read(|view| Ok(view.connection().query_row(&sql, [], |row| row.get::<_, u32>(0))?))
    };
    assert_eq!((count("sent_letter").unwrap(), count("owed_arrival").unwrap()), (0, 0));
}

/// Letters of one member who writes more than a space keeps, each with as much work as honest ones.
fn flood(key: &SpaceKey, number: usize) -> Vec<Vec<u8>> {
    let reader = LetterKey::from_bytes([8; 32]).public();
    let draft = LetterDraft { signer: Signer::Anonymous, topic: Topic(1), body: b"More" };
    let parcels: Vec<Parcel> = (0..number as u64)
        .map(|number| {
            let mut seed = [77; 32];
            seed[..8].copy_from_slice(&number.to_be_bytes());
            let author = AuthorKey::from_bytes(seed);
            let mut parcel = draft.seal(key, &author, &reader, MORNING, &seed).unwrap();
            if let Some(worked) = letter::add_work(&parcel.envelope, &author, 0, 1024).unwrap() {
                parcel.envelope = worked;
            }
            parcel
        })
        .collect();
    let batches = parcels.chunks(32);
    batches.map(|some| batch::encode(some, None, BATCH_BYTES_MAX).0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_that_a_flood_displaced_get_more_work_and_arrive() {
    let mut mill = Mill::new().await;
    // Of so many some have less work than most of the flood, up to one time in a hundred million.
    let messages: Vec<Id> = (0..50).map(|number| mill.write(&number.to_string())).collect();
    let letter = |message: &Id| mill.bob.device.message(*message).unwrap().message.letter.unwrap();
    let letters: Vec<Id> = messages.iter().map(letter).collect();
    let Phone { device, clock, home } = mill.cleo;
    drop(device);
    let (key, _) = letters_in(&home);
    let store = Store::open(home.path(), &Options::default()).unwrap().0;
    for batch in flood(&key, 6000) {
        let prepared = store.prepare(&key.space(), &batch, false).unwrap();
        store.write(MORNING, &[7; 32], |edit| edit.ingest(prepared)).unwrap();
    }
    let kept = store.read(|view| {
        let all = view.items(&view.space(&key.space())?)?.into_iter();
        let letters = all.filter(|(time, _)| time % TIME_STEP == 0).count();
        Ok((letters, view.letter_bar(&key.space())?))
    });
    let (number, bar) = kept.unwrap();
    assert_eq!(number, LETTERS_MAX);
    let bar = bar.unwrap();
    drop(store);
    mill.cleo = Phone::open(home, clock);
    let is_displaced = |letter: &Id| letter.as_bytes() > bar.as_bytes();
    assert!(letters.iter().any(is_displaced) && !letters.iter().all(is_displaced));

    mill.cleo.sync(&mill.bob).await;
    mill.bob = mill.bob.restart();
    for (message, _) in messages.iter().zip(&letters).filter(|(_, letter)| is_displaced(letter)) {
        let places = mill.bob.device.places(Kind::Message, *message).unwrap();
        assert_eq!((places.devices, places.others), (0, false), "it is only here");
    }
    mill.to_ada().await;

    assert_eq!(mill.ada.device.messages(mill.bob.person()).unwrap().len(), messages.len());
    // The word that goes back is written into a full space, and has the work for it.
    mill.back().await;
    assert!(messages.iter().all(|message| mill.arrived(*message)));
    assert_eq!(mill.ada.device.messages(mill.bob.person()).unwrap().len(), messages.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_arrive_within_thirty_days_is_kept_no_longer() {
    let mill = Mill::new().await;
    let message = mill.write("Flour at noon?");
    mill.bob.clock.pass(KEPT_FOR_MS + 1);
    mill.bob.device.tidy().unwrap();

    assert!(!mill.arrived(message));
    mill.to_ada().await;
    mill.back().await;
    assert!(mill.arrived(message), "it is heard of later all the same");
}
