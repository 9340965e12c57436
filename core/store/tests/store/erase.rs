//! What is erased leaves no plaintext in the file, and no way back.

use teilgeber_entry::Origin;
use teilgeber_model::{Card, Line, Published as _};
use teilgeber_store::StoreError;
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
    let value = Card::default().encode();
    ada.write(|edit| edit.put(&space, nouns::CARD, Origin::Singleton { generation }, value));
    let shown = ada.store.read(|view| Ok(nouns::card::count(view.connection(), &space)?)).unwrap();
    assert_eq!(shown, 1);
}

#[test]
fn a_numbered_document_is_put_again_by_its_person_alone() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let origin =
        Origin::Singleton { generation: ada.write(|edit| edit.fresh_number(&space, nouns::CARD)) };
    let named = |name: &str| Card::default().with_name(Line::new(name).ok()).encode();
    let id = ada.write(|edit| edit.put(&space, nouns::CARD, origin, named(SECRET)));

    ada.write(|edit| edit.put_again(&space, &id, named("Ada")));

    bela.take_all(&space, &ada);
    assert_eq!((ada.names(&space), bela.names(&space)), (vec!["Ada".into()], vec!["Ada".into()]));
    let refused = bela.try_write(|edit| edit.put_again(&space, &id, named("Bela")));
    assert!(matches!(refused, Err(StoreError::NotAllowed(_))), "{refused:?}");
    ada.write(|edit| edit.erase(&space, &id));
    let refused = ada.try_write(|edit| edit.put_again(&space, &id, named("Ada")));
    assert!(matches!(refused, Err(StoreError::Missing(_))), "{refused:?}");
}

#[test]
fn what_a_person_published_is_what_nobody_else_writes_and_still_stands() {
    let (event, mut ada) = founded(1);
    let mut bela = Phone::new(2, &event);
    let space = event.id();
    let card = ada.appear(&space, "Ada");
    ada.pitch(&space, "Bread");
    bela.take_all(&space, &ada);
    bela.appear(&space, "Bela");
    ada.take_all(&space, &bela);

    let published = |phone: &mut Phone| phone.write(|edit| edit.published(&space));
    assert_eq!(published(&mut ada), [(nouns::CARD, card)]);
    ada.write(|edit| edit.erase(&space, &card));
    assert_eq!(published(&mut ada), []);
    assert_eq!(published(&mut bela).len(), 1);
}
