//! What is erased leaves no plaintext in the file, and no way back.

use teilgeber_entry::Origin;
use teilgeber_store::nouns::{self, note};

use crate::world::{Phone, contains, founded, own_space};

const SECRET: &str = "zyzzyva-7731-confidential";

#[test]
fn an_erased_note_leaves_no_word_in_any_file() {
    let mut phone = Phone::bare(1).with_identity(1);
    let own = own_space(1).space();
    let id = phone.note(&own, &format!("Before {SECRET} after"));
    let long: String = (0..2_000).map(|n| format!("word{n} ")).collect();
    phone.note(&own, &long);
    phone.store.tidy(crate::world::START, &[3; 32]).unwrap();
    phone.store.checkpoint().unwrap();
    assert!(contains(&phone.bytes(), SECRET.as_bytes()), "the search must be able to find it");

    phone.write(|edit| edit.erase(&own, &id));
    phone.store.checkpoint().unwrap();

    let bytes = phone.bytes();
    for word in [SECRET, "zyzzyva", "confidential"] {
        assert!(!contains(&bytes, word.as_bytes()), "{word}");
    }
    let found = phone.store.read(|view| Ok(note::get(view.connection(), &id)?)).unwrap();
    assert!(found.is_none());
    assert!(phone.rebuild().is_empty());
}

#[test]
fn entries_of_an_erased_document_that_come_later_are_husks() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let talk = ada.pitch(&space, SECRET);
    let early = ada.entries(&space);
    ada.write(|edit| edit.erase(&space, &talk));
    let all = ada.entries(&space);

    // The statement comes first, then the words from somebody who had not heard of it.
    bela.take(&space, &all);
    bela.take(&space, &early);
    bela.store.checkpoint().unwrap();

    assert!(!contains(&bela.bytes(), SECRET.as_bytes()));
    assert_eq!(bela.state(&space), ada.state(&space));
    assert_eq!(bela.fingerprint(&space), ada.fingerprint(&space));
}

#[test]
fn after_erasing_a_card_the_next_one_is_of_the_next_generation() {
    let (event, mut ada) = founded(1);
    let space = event.id();
    let first = ada.appear(&space, "Ada");
    ada.write(|edit| edit.erase(&space, &first));
    assert_eq!(ada.names(&space), Vec::<String>::new());

    let generation = ada.write(|edit| edit.generation(&space, nouns::CARD));
    assert_eq!(generation, 1);
    let value = teilgeber_model::Published::encode(&teilgeber_model::Card::default());
    ada.write(|edit| edit.put(&space, nouns::CARD, Origin::Singleton { generation }, value));
    let shown = ada.store.read(|view| Ok(nouns::card::count(view.connection(), &space)?)).unwrap();
    assert_eq!(shown, 1);
}
