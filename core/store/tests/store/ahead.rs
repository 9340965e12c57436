//! A long text to which changes come while somebody types in it: what was tried ahead of its transaction comes to
//! the same as what is judged there.

use std::collections::BTreeMap;

use teilgeber_entry::statement::Target;
use teilgeber_entry::{DocumentId, EntryId, Origin, SpaceId, Statement};
use teilgeber_store::nouns::text::{Splice, TextUnit};
use teilgeber_store::nouns::{self, pad};
use teilgeber_store::{Prepared, StoreError};

use crate::world::{EventKey, Phone, founded};

/// Somebody who types in a long pad that is open, and others who write in it too.
struct Desk {
    event: EventKey,
    session: DocumentId,
    typist: Phone,
    others: [Phone; 2],
}

impl Desk {
    fn new() -> Self {
        let (event, mut ada) = founded(1);
        let session = ada.pitch(&event.id(), "Bread");
        let mut typist = Phone::new(2, &event);
        let mut cleo = Phone::new(3, &event);
        let long = "A line of words\n".repeat(400);
        write(&mut ada, &event, &session, 0, &long);
        for phone in [&mut typist, &mut cleo] {
            phone.take_all(&event.id(), &ada);
            write(phone, &event, &session, 0, "Here\n");
        }
        Self { event, session, typist, others: [ada, cleo] }
    }

    fn space(&self) -> SpaceId {
        self.event.id()
    }

    /// Another writes a line. Returns what of theirs the typist lacks, verified and tried.
    fn coming(&self, who: usize) -> Prepared {
        let other = &self.others[who];
        let has = |phone: &Phone| -> Vec<EntryId> {
            let items = phone.store.read(|view| view.items(&view.space(&self.space())?));
            items.unwrap().into_iter().map(|(_, id)| id).collect()
        };
        let here = has(&self.typist);
        let lacking: Vec<_> = has(other).into_iter().filter(|id| !here.contains(id)).collect();
        let batch = other.store.read(|view| {
            let space = view.space(&self.space())?;
            let lacking = view.in_sending_order(&space, &lacking)?;
            view.pack(&space, &lacking, true, usize::MAX)
        });
        self.typist.store.prepare(&self.space(), &batch.unwrap().0, true).unwrap()
    }

    fn ingest(&mut self, prepared: Vec<Prepared>) {
        self.typist
            .write(|edit| prepared.into_iter().try_for_each(|one| edit.ingest(one).map(drop)));
    }

    /// What the typist shows is what somebody shows who hears of all of it at once, and what is made anew.
    fn must_agree(mut self) {
        let space = self.space();
        let shown = state(&self.typist, &space);
        let mut late = Phone::new(4, &self.event);
        late.take_all(&space, &self.typist);
        assert_eq!(shown, state(&late, &space));
        assert_eq!(self.typist.rebuild(), [""; 0]);
    }
}

fn state(phone: &Phone, space: &SpaceId) -> BTreeMap<String, [u8; 32]> {
    phone.store.tidy(0, &[9; 32]).unwrap();
    phone.state(space)
}

fn write(phone: &mut Phone, event: &EventKey, session: &DocumentId, at: usize, words: &str) {
    let origin = Origin::Attached { parent: *session, generation: 0 };
    let splice = Splice { at, delete: 0, insert: words.to_owned() };
    phone.write(|edit| {
        edit.change_named(&event.id(), nouns::PAD, origin, |tx| {
            let spliced = pad::splice(tx, TextUnit::Scalars, &[splice]);
            spliced.map_err(|_| StoreError::Missing("that place in the text"))
        })
    });
}

fn text(phone: &Phone, event: &EventKey, session: &DocumentId) -> String {
    let id = pad::id_of(&event.key, session, 0).unwrap();
    let loaded = phone.store.read(|view| view.document(&view.space(&event.id())?, &id));
    pad::raw_text(loaded.unwrap().unwrap().document())
}

#[test]
fn words_that_come_and_words_that_are_typed_are_all_there() {
    let mut desk = Desk::new();
    let coming = vec![desk.coming(1)];
    desk.ingest(coming);
    write(&mut desk.typist, &desk.event, &desk.session, 10, "typed after them\n");

    assert_eq!(text(&desk.typist, &desk.event, &desk.session).matches("Here\n").count(), 2);
    desk.must_agree();
}

#[test]
fn words_that_are_typed_between_the_trial_and_the_transaction_stay() {
    let mut desk = Desk::new();
    let coming = vec![desk.coming(1)];
    write(&mut desk.typist, &desk.event, &desk.session, 10, "typed meanwhile\n");
    desk.ingest(coming);

    let text = text(&desk.typist, &desk.event, &desk.session);
    assert!(text.contains("typed meanwhile") && text.matches("Here\n").count() == 2);
    desk.must_agree();
}

#[test]
fn what_was_tried_apart_may_come_together() {
    let mut desk = Desk::new();
    write(&mut desk.others[0], &desk.event, &desk.session, 3, "from another\n");
    let coming = vec![desk.coming(1), desk.coming(0)];
    desk.ingest(coming);

    let text = text(&desk.typist, &desk.event, &desk.session);
    assert!(text.contains("from another") && text.matches("Here\n").count() == 2);
    desk.must_agree();
}

#[test]
fn what_is_erased_or_hidden_in_the_same_batch_does_not_count_for_having_been_tried() {
    let mut desk = Desk::new();
    let pad = pad::id_of(&desk.event.key, &desk.session, 0).unwrap();
    let space = desk.space();
    desk.others[1].say(&space, Statement::Erase(pad));
    write(&mut desk.others[0], &desk.event, &desk.session, 3, "from another\n");
    let target = Target::Document(pad);
    desk.others[0].say(&space, Statement::Hide(target));
    let coming = vec![desk.coming(1), desk.coming(0)];
    desk.ingest(coming);

    let text = text(&desk.typist, &desk.event, &desk.session);
    assert_eq!(text.matches("Here\n").count(), 1);
    desk.must_agree();
}
