//! The nouns: how each is written in an Automerge document or a put, and its rows in the views.
//!
//! A noun has one file here under its name in the model. It says how the noun is laid out in its
//! document (`read`, `write`), which rows it makes, and what screens ask of them. What they share
//! stands in [`text`] and in two private files, for registers and for test samples.
//!
//! Each noun's queries take a connection and stand below what writes its rows. [`project`] is the one
//! place where rows are written, [`search`] looks through all of them.
//!
//! Reading is total and bounded, because documents come from strangers too: what a register should
//! not hold counts as absent. Only a noun without that by which people know it (a session's
//! title) is [`Unreadable`].

pub mod anchor;
mod beginning;
pub mod board;
pub mod card;
pub mod contact;
pub mod event;
pub mod lent;
pub mod message;
pub mod muted;
pub mod note;
pub mod offer;
pub mod pad;
pub mod people;
pub mod photo;
pub mod photo_data;
pub mod placement;
pub mod post;
pub mod profile;
mod published;
mod register;
#[cfg(test)]
pub(crate) mod samples;
pub mod search;
pub mod seat_request;
pub mod session;
mod spelling;
pub mod starred;
pub mod stars;
pub mod text;
pub mod topic;
mod view;

use automerge::ReadDoc;
use teilgeber_entry::Noun;
use thiserror::Error;

pub use beginning::Beginning;
pub use view::{CountedChunk, CountedPut, Place, State, VIEWS, project};

/// The working copy of my profile, once in the self space: changes.
pub const PROFILE_DRAFT: Noun = Noun(1);

/// What others see of a person, once in the card space and once in an event: puts.
pub const CARD: Noun = Noun(2);

/// Somebody I met, in the self space: changes.
pub const CONTACT: Noun = Noun(3);

/// What I wrote down for myself, in the self space: changes.
pub const NOTE: Noun = Noun(4);

/// The barcamp, once in its space: changes.
pub const EVENT: Noun = Noun(5);

/// A session, in an event: changes.
pub const SESSION: Noun = Noun(6);

/// Where a session is held, in an event: changes.
pub const PLACEMENT: Noun = Noun(7);

/// A short text on the wall of an event: puts, in numbered documents.
pub const POST: Noun = Noun(8);

/// A ride, a bed, a tip or the like, in an event: puts.
pub const OFFER: Noun = Noun(9);

/// Asking for a place of an offer, in an event: puts.
pub const SEAT_REQUEST: Noun = Noun(10);

/// The topics that a person offers and wants, once in an event: puts.
pub const INTERESTS: Noun = Noun(11);

/// The sessions that a person looks forward to and shows, once in an event: puts.
pub const STARS: Noun = Noun(12);

/// The shared notes of a session, in an event: changes.
pub const PAD: Noun = Noun(13);

/// What is said of a photo of a session, in an event: puts.
pub const PHOTO: Noun = Noun(14);

/// The picture itself, in an event: chunks.
pub const PHOTO_DATA: Noun = Noun(15);

/// What I want to pick up again, in the self space: changes.
pub const ANCHOR: Noun = Noun(16);

/// The sessions that I look forward to, once in the self space: changes.
pub const STARRED: Noun = Noun(17);

/// From whom I want some quiet, once in the self space: changes.
pub const MUTED: Noun = Noun(18);

/// What another event lent to this one: puts.
pub const LENT: Noun = Noun(19);

/// A message between me and one person, in the self space: puts.
pub const MESSAGE: Noun = Noun(21);

/// The change from which every document of `noun` starts on every replica, for those that two devices
/// may make without knowing of each other.
pub fn first_change(noun: Noun) -> Option<&'static [u8]> {
    match noun {
        CONTACT => Some(contact::FIRST_CHANGE),
        PLACEMENT => Some(placement::FIRST_CHANGE),
        PAD => Some(pad::FIRST_CHANGE),
        _ => None,
    }
}

/// The length of the text that is written in place in a document of `noun`, in scalar values; 0 where it
/// has none. Costs nothing, however long it is.
pub fn text_length(noun: Noun, doc: &impl ReadDoc) -> usize {
    match noun {
        CONTACT => text::length(doc, contact::MEMO),
        NOTE => text::length(doc, note::TEXT),
        SESSION => text::length(doc, session::ABSTRACT),
        PAD => text::length(doc, pad::TEXT),
        _ => 0,
    }
}

/// A document that does not hold what its noun cannot be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no readable {field}")]
pub struct Unreadable {
    /// The register that is missing, or holds something else.
    pub field: &'static str,
}

#[cfg(test)]
mod tests {
    use automerge::transaction::{Transactable, Transaction};
    use automerge::{AutoSerde, Automerge, AutomergeError, ObjType, ROOT, TextEncoding};
    use proptest::prelude::*;
    use rusqlite::Connection;
    use rusqlite::types::Value;
    use serde_json::json;
    use teilgeber_model::*;

    use super::samples::*;
    use super::*;
    use crate::guard::{First, Loaded, actor_id, judge};

    const NOUNS: [Noun; 20] = [
        PROFILE_DRAFT,
        CARD,
        CONTACT,
        NOTE,
        EVENT,
        SESSION,
        PLACEMENT,
        POST,
        OFFER,
        SEAT_REQUEST,
        INTERESTS,
        STARS,
        PAD,
        PHOTO,
        PHOTO_DATA,
        ANCHOR,
        STARRED,
        MUTED,
        LENT,
        MESSAGE,
    ];

    #[test]
    fn the_numbers_of_nouns_do_not_change() {
        assert_eq!(
            NOUNS.map(|noun| noun.0),
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21]
        );
    }

    #[test]
    fn first_changes_do_not_change() {
        let memo = first_change_of(|tx| tx.put_object(ROOT, "memo", ObjType::Text).map(drop));
        let place = first_change_of(|tx| tx.put(ROOT, "place", ()));

        assert_eq!(contact::FIRST_CHANGE, memo);
        assert_eq!(placement::FIRST_CHANGE, place);
        let text = first_change_of(|tx| tx.put_object(ROOT, "text", ObjType::Text).map(drop));
        assert_eq!(pad::FIRST_CHANGE, text);
    }

    #[test]
    fn the_layout_of_documents_does_not_change() {
        let tags = List::new(vec![Tag::new("Rust").unwrap()]).unwrap();
        let session = Session::new(line("Title"))
            .with_abstract(Abstract::new("Text").unwrap())
            .with_tags(List::new(tags.to_vec()).unwrap())
            .with_level(Some(Level::Curious))
            .with_policy(Policy::ChathamHouse)
            .with_speakers(List::new(vec![line("Ada")]).unwrap())
            .with_source(Some(Source::new(None, Some(line("35"))).unwrap()))
            .with_brought(Some(Brought {
                title: 1,
                about: 2,
                tags: 3,
                speakers: 4,
                language: 5,
                link: 6,
                place: 7,
            }));
        let slot = Slot { start: Millis::EPOCH, minutes: Minutes::MIN };
        let question = Question {
            id: id(1),
            text: line("Again?"),
            choices: List::new(vec![line("Yes")]).unwrap(),
        };
        let letter = LetterAddress::new([2; 32]);
        let reader = LetterReader { person: id(1), letter, name: line("Ada") };
        let event = camp()
            .with_rooms(List::new(vec![Room { name: line("Attic"), letter: None }]).unwrap())
            .with_slots(List::new(vec![slot]).unwrap())
            .with_locks(List::new(vec![Lock::default()]).unwrap())
            .with_questions(List::new(vec![question]).unwrap())
            .with_feedback_readers(List::new(vec![reader.clone()]).unwrap())
            .with_trusted(List::new(vec![reader]).unwrap());
        let promise =
            Promise { by: Whose::Mine, text: line("Call"), made: Millis::EPOCH, kept: true };
        let contact =
            Contact::new(id(1), line("Ada")).with_promises(List::new(vec![promise]).unwrap());
        let note = Note::new(NoteText::new("Text").unwrap()).with_tags(tags);
        let seen = Placement { room: line("Attic"), start: Millis::EPOCH, minutes: Minutes::MIN };
        let star = Star { session: id(1), event: id(2), seen: Some(seen) };

        let written = [
            written(|tx| session::write(tx, None, &session)),
            written(|tx| event::write(tx, None, &event)),
            written(|tx| contact::write(tx, None, &contact)),
            written(|tx| note::write(tx, None, &note)),
            written(|tx| starred::write(tx, &[], &[star])),
        ];

        let layouts = written.map(|doc| serde_json::to_value(AutoSerde::from(&doc)).unwrap());
        let golden = [
            json!({
                "title": "\"Title\"",
                "abstract": "Text",
                "tag/rust": "[0,\"Rust\"]",
                "level": "\"curious\"",
                "policy/chatham_house": "true",
                "speaker/19e8212d50431c948ebe57a828943bdf": "[0,\"Ada\"]",
                "source": "{\"guid\":null,\"id\":\"35\"}",
                "brought": "{\"title\":1,\"abstract\":2,\"tags\":3,\"speakers\":4,\"language\":5,\"link\":6,\"place\":7}",
            }),
            json!({
                "name": "\"Barcamp\"",
                "days": "{\"first\":\"2026-11-21\",\"last\":\"2026-11-22\"}",
                "time_zone": "\"Europe/Berlin\"",
                "room/Attic": "[0,{\"name\":\"Attic\",\"letter\":null}]",
                "lock/f8c94e64b27f8d03f1efc6f1cad96e26": "[0,{\"room\":null,\"from\":null,\"until\":null}]",
                "question/0101010101010101010101010101010101010101010101010101010101010101": "[0,{\"id\":\"0101010101010101010101010101010101010101010101010101010101010101\",\"text\":\"Again?\",\"choices\":[\"Yes\"]}]",
                "feedback_readers": "[{\"person\":\"0101010101010101010101010101010101010101010101010101010101010101\",\"letter\":\"0202020202020202020202020202020202020202020202020202020202020202\",\"name\":\"Ada\"}]",
                "trusted/0101010101010101010101010101010101010101010101010101010101010101": "[0,{\"person\":\"0101010101010101010101010101010101010101010101010101010101010101\",\"letter\":\"0202020202020202020202020202020202020202020202020202020202020202\",\"name\":\"Ada\"}]",
                "slot/0+1": "[0,{\"start\":0,\"minutes\":1}]",
                "retention_days": "400",
                "policy": "\"open\"",
            }),
            json!({
                "person": "\"0101010101010101010101010101010101010101010101010101010101010101\"",
                "name": "\"Ada\"",
                "memo": "",
                "promise/efbdc9ce1a6ba74adaf54eb7ac56a2c3": "[0,{\"by\":\"mine\",\"text\":\"Call\",\"made\":0,\"kept\":true}]",
                "confirmed": "false",
            }),
            json!({ "text": "Text", "tag/rust": "[0,\"Rust\"]" }),
            json!({ format!("star/{}", id(1)): format!("[0,{{\"session\":\"{}\",\"event\":\"{}\",\"seen\":{{\"room\":\"Attic\",\"start\":0,\"minutes\":1}}}}]", id(1), id(2)) }),
        ];
        assert_eq!(layouts, golden);
    }

    /// Makes a document as the store does, so that everybody's guard judges it.
    fn guarded(
        noun: Noun,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
    ) -> bool {
        let mut loaded = match first_change(noun) {
            Some(first) => {
                let first = First::new(first).unwrap();
                judge(&[0; 32], Some(&first), &[]).document.unwrap()
            }
            None => Loaded::empty(),
        };
        assert_eq!(loaded.document().text_encoding(), TextEncoding::UnicodeCodePoint);
        loaded.edit(&actor_id(&[1; 32], &[0; 32], [0; 4]), write).is_ok()
    }

    fn rows(db: &Connection) -> Vec<(&'static str, Vec<Vec<Value>>)> {
        let rows_of = |table| {
            let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = statement.column_count();
            let rows = statement
                .query_map([], |row| (0..columns).map(|column| row.get(column)).collect())
                .unwrap();
            (table, rows.collect::<Result<_, _>>().unwrap())
        };
        VIEWS.iter().copied().map(rows_of).collect()
    }

    fn document() -> impl Strategy<Value = (Noun, Automerge)> {
        prop_oneof![
            profile().prop_map(|p| (PROFILE_DRAFT, written(|tx| profile::write(tx, None, &p)))),
            contact().prop_map(|c| (CONTACT, written(|tx| contact::write(tx, None, &c)))),
            note().prop_map(|n| (NOTE, written(|tx| note::write(tx, None, &n)))),
            event().prop_map(|e| (EVENT, written(|tx| event::write(tx, None, &e)))),
            session().prop_map(|s| (SESSION, written(|tx| session::write(tx, None, &s)))),
            placement().prop_map(|p| (PLACEMENT, written(|tx| placement::write(tx, Some(&p))))),
            star().prop_map(|s| (STARRED, written(|tx| starred::write(tx, &[], &[s])))),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]

        #[test]
        fn what_is_written_passes_the_guard(
            values in (profile(), contact(), note(), event(), session(), placement(), star()),
        ) {
            let (profile, contact, note, event, session, placement, star) = values;

            let nothing = profile == Profile::default();
            prop_assert!(guarded(PROFILE_DRAFT, |tx| profile::write(tx, None, &profile)) || nothing);
            prop_assert!(guarded(CONTACT, |tx| contact::write(tx, None, &contact)));
            prop_assert!(guarded(NOTE, |tx| note::write(tx, None, &note)));
            prop_assert!(guarded(EVENT, |tx| event::write(tx, None, &event)));
            prop_assert!(guarded(SESSION, |tx| session::write(tx, None, &session)));
            prop_assert!(guarded(PLACEMENT, |tx| placement::write(tx, Some(&placement))));
            prop_assert!(guarded(STARRED, |tx| starred::write(tx, &[], &[star])));
        }

        #[test]
        fn what_is_shown_of_a_document_does_not_depend_on_what_was_shown_before(
            (noun, now) in document(),
            (_, before) in document(),
        ) {
            let (fresh, used) = (database(), database());
            project(&fresh, &place(1), noun, State::Changes(&now)).unwrap();

            project(&used, &place(1), noun, State::Changes(&before)).unwrap();
            project(&used, &place(1), noun, State::Changes(&now)).unwrap();

            prop_assert_eq!(rows(&used), rows(&fresh));
        }

        #[test]
        fn of_what_is_gone_no_row_is_left((noun, doc) in document()) {
            let db = database();
            project(&db, &place(1), noun, State::Changes(&doc)).unwrap();

            project(&db, &place(1), noun, State::Gone).unwrap();

            prop_assert_eq!(rows(&db), rows(&database()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn any_document_can_be_read_shown_and_asked_for(doc in hostile()) {
            let db = database();
            for (number, noun) in (1..).zip(NOUNS) {
                project(&db, &place(number), noun, State::Changes(&doc)).unwrap();
            }
            let before = rows(&db);

            // What was saved and loaded reads the same.
            let loaded = automerge::LoadOptions::new().text_encoding(TextEncoding::UnicodeCodePoint);
            let loaded = Automerge::load_with_options(&doc.clone().save(), loaded).unwrap();
            for (number, noun) in (1..).zip(NOUNS) {
                project(&db, &place(number), noun, State::Changes(&loaded)).unwrap();
            }
            prop_assert_eq!(rows(&db), before);

            profile::mine(&db).unwrap();
            contact::list(&db).unwrap();
            note::list(&db, &note::Filter::default(), None, 9).unwrap();
            note::get(&db, &place(4).id).unwrap();
            event::list(&db).unwrap();
            session::board(&db, &SPACE).unwrap();
            placement::conflicts(&db, &SPACE).unwrap();
            starred::in_event(&db, &SPACE).unwrap();
            topic::in_space(&db, &SPACE).unwrap();
            message::conversations(&db).unwrap();
            offer::in_space(&db, &SPACE, Millis::EPOCH).unwrap();
            search::search(&db, "a", 9).unwrap();
        }
    }
}
