//! Documents and values for tests.

use std::fmt::Debug;

use automerge::transaction::{CommitOptions, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, Change, TextEncoding};
use proptest::prelude::*;
use rusqlite::Connection;
use teilgeber_entry::{DocumentId, SpaceId};
use teilgeber_model::*;

use super::Place;

/// A document as the guard makes one.
pub(crate) fn blank() -> Automerge {
    Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint)
}

/// A replica of the document that starts from `first`.
pub(crate) fn from_first(first: &[u8]) -> Automerge {
    let mut doc = blank();
    doc.apply_changes([Change::from_bytes(first.to_vec()).unwrap()]).unwrap();
    doc
}

/// The bytes of a first change that does this.
pub(crate) fn first_change_of(
    edit: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
) -> Vec<u8> {
    let mut doc = blank().with_actor(ActorId::from([0; 16]));
    let mut tx = doc.transaction();
    edit(&mut tx).unwrap();
    tx.commit_with(CommitOptions::default().with_time(0));
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

/// A document of this one edit.
pub(crate) fn written<E: Debug>(
    write: impl FnOnce(&mut Transaction<'_>) -> Result<(), E>,
) -> Automerge {
    let mut doc = blank();
    edit(&mut doc, write);
    doc
}

/// One transaction.
pub(crate) fn edit<T, E: Debug>(
    doc: &mut Automerge,
    edit: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> T {
    try_edit(doc, edit).unwrap()
}

/// One transaction, rolled back on an error.
pub(crate) fn try_edit<T, E>(
    doc: &mut Automerge,
    edit: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    doc.transact(edit).map(|done| done.result).map_err(|failed| failed.error)
}

/// Both documents after each has heard of the other.
pub(crate) fn merged(one: &mut Automerge, other: &mut Automerge) -> Automerge {
    one.merge(other).unwrap();
    other.merge(one).unwrap();
    assert_eq!(one.get_heads(), other.get_heads());
    one.clone()
}

/// The id of 32 times `byte`.
pub(crate) fn id(byte: u8) -> Id {
    Id::new([byte; 32])
}

/// A line, to be given by the test as a valid one.
pub(crate) fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::new(text).unwrap()
}

/// A barcamp of two days.
pub(crate) fn camp() -> Event {
    let days = Days::new("2026-11-21".parse().unwrap(), "2026-11-22".parse().unwrap()).unwrap();
    Event::new(line("Barcamp"), days, TimeZone::new("Europe/Berlin").unwrap())
}

fn any_id() -> impl Strategy<Value = Id> {
    any::<u8>().prop_map(id)
}

fn any_line<const MAX: usize>() -> impl Strategy<Value = Line<MAX>> {
    "[a-d𝄞ä\"\\\\/ ]{1,9}".prop_filter_map("visible", |text| Line::lossy(&text))
}

fn prose<const MAX: usize>() -> impl Strategy<Value = Prose<MAX>> {
    "[a-d𝄞ä👩\u{200d}\n ]{0,40}".prop_map(|text| Prose::lossy(&text))
}

fn tags<const MAX: usize>() -> impl Strategy<Value = List<Tag, MAX>> {
    let tag = "[a-eA-Eß]{1,2}".prop_map(|text| Tag::new(&text).unwrap());
    prop::collection::vec(tag, 0..6).prop_map(List::lossy)
}

fn link() -> impl Strategy<Value = Link> {
    "https://[a-z]{1,5}".prop_map(|text| Link::new(&text).unwrap())
}

fn millis() -> impl Strategy<Value = Millis> {
    (0..1u64 << 48).prop_map(|millis| Millis::new(millis).unwrap())
}

fn minutes() -> impl Strategy<Value = Minutes> {
    (1..=Minutes::MAX.get()).prop_map(|minutes| Minutes::new(minutes).unwrap())
}

fn policy() -> impl Strategy<Value = Policy> {
    prop::sample::select(vec![Policy::Open, Policy::ChathamHouse, Policy::OffTheRecord])
}

fn level() -> impl Strategy<Value = Option<Level>> {
    let levels = [Level::Curious, Level::Beginner, Level::Practised, Level::Expert];
    prop::option::of(prop::sample::select(levels.to_vec()))
}

fn hashtags() -> impl Strategy<Value = Hashtags> {
    let interest = ("[a-c]{1,2}", level())
        .prop_map(|(tag, level)| Interest { tag: Tag::new(&tag).unwrap(), level });
    prop::collection::vec(interest, 0..4).prop_map(List::lossy)
}

pub(crate) fn card() -> impl Strategy<Value = Card> {
    (prop::option::of(any_line()), hashtags(), prose(), prop::option::of(link())).prop_map(
        |(name, hashtags, bio, link)| {
            Card::default()
                .with_name(name)
                .with_hashtags(hashtags)
                .with_bio(bio)
                .with_links(List::lossy(link))
        },
    )
}

pub(crate) fn profile() -> impl Strategy<Value = Profile> {
    let audience = || prop::sample::select(&Audience::ALL[..]);
    let answers = [None, Some(PhotoConsent::Yes), Some(PhotoConsent::Ask)];
    (
        (prop::option::of(any_line()), audience()),
        (hashtags(), audience()),
        (prose(), audience()),
        (prop::option::of(link()), audience()),
        (prop::sample::select(answers.to_vec()), audience()),
    )
        .prop_map(|(name, hashtags, bio, links, consent)| {
            let mut profile = Profile::default();
            profile.set_name(Shared::new(name.0, name.1));
            profile.set_hashtags(Shared::new(hashtags.0, hashtags.1));
            profile.set_bio(Shared::new(bio.0, bio.1));
            profile.set_links(Shared::new(List::lossy(links.0), links.1));
            profile.set_photo_consent(Shared::new(consent.0, consent.1));
            profile
        })
}

pub(crate) fn contact() -> impl Strategy<Value = Contact> {
    let meeting = (
        millis(),
        prop::option::of(any_id()),
        prop::option::of(any_id()),
        prop::option::of(any_line()),
    )
        .prop_map(|(when, event, session, place)| Meeting { when, event, session, place });
    let whose = prop::sample::select(vec![Whose::Mine, Whose::Theirs]);
    let promise =
        (whose, any_line(), (0..3u64), any::<bool>()).prop_map(|(by, text, made, kept)| Promise {
            by,
            text,
            made: Millis::new(made).unwrap(),
            kept,
        });
    (
        (any_id(), any_line(), prop::option::of(card()), prose(), any::<[bool; 2]>()),
        prop::collection::vec(meeting, 0..4),
        prop::collection::vec(promise, 0..5),
    )
        .prop_map(|((person, name, card, memo, [confirmed, followed]), meetings, promises)| {
            Contact::new(person, name)
                .with_card(card)
                .with_memo(memo)
                .with_confirmed(confirmed)
                .with_followed(followed)
                .with_meetings(List::lossy(meetings))
                .with_promises(List::lossy(promises))
        })
}

pub(crate) fn note() -> impl Strategy<Value = Note> {
    (prose(), tags(), prop::option::of(any_id()), prop::option::of(any_id())).prop_map(
        |(text, tags, event, session)| {
            Note::new(text).with_tags(tags).with_event(event).with_session(session)
        },
    )
}

pub(crate) fn event() -> impl Strategy<Value = Event> {
    let days = (0..30_000u32, 0..Days::MAX).prop_map(|(first, more)| {
        let day = |days| Day::from_days(days).unwrap();
        Days::new(day(first), day(first + more)).unwrap()
    });
    let zone = prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Kolkata"]);
    let letter = prop::option::of(prop::char::range('A', 'F'));
    let room = (any_line(), letter).prop_map(|(name, letter)| Room {
        name,
        letter: letter.map(|letter| RoomLetter::new(letter).unwrap()),
    });
    let slot = (0..5u64, 1..4u16).prop_map(|(start, length)| Slot {
        start: Millis::new(start).unwrap(),
        minutes: Minutes::new(length).unwrap(),
    });
    let lock = (prop::option::of(any_line()), prop::option::of(millis()))
        .prop_map(|(room, from)| Lock { room, from, until: None });
    let question = (0..4u8, any_line(), prop::collection::vec(any_line(), 0..3)).prop_map(
        |(number, text, choices)| Question { id: id(number), text, choices: List::lossy(choices) },
    );
    let reader = || {
        (0..4u8, any_line()).prop_map(|(number, name)| LetterReader {
            person: id(number),
            letter: LetterAddress::new([number; 32]),
            name,
        })
    };
    let letters = (
        prop::collection::vec(question, 0..4),
        prop::collection::vec(reader(), 0..3),
        prop::collection::vec(reader(), 0..3),
    );
    (
        (any_line(), days, zone, prop::option::of(any_line()), prop::option::of(link())),
        (prop::option::of(any::<u16>()), policy(), any::<bool>()),
        prop::collection::vec(room, 0..6),
        prop::collection::vec(slot, 0..8),
        prop::collection::vec(lock, 0..3),
        letters,
    )
        .prop_map(|((name, days, zone, place, link), rules, rooms, slots, locks, letters)| {
            let (questions, readers, trusted) = letters;
            let (held, policy, bridges) = rules;
            let retention = held.map_or(Retention::Kept, Retention::Days);
            Event::new(name, days, TimeZone::new(zone).unwrap())
                .with_rooms(List::lossy(rooms))
                .with_slots(List::lossy(slots))
                .with_rules(Rules { retention, policy, bridges })
                .with_place(place)
                .with_link(link)
                .with_locks(List::lossy(locks))
                .with_questions(List::lossy(questions))
                .with_feedback_readers(List::lossy(readers))
                .with_trusted(List::lossy(trusted))
        })
}

pub(crate) fn session() -> impl Strategy<Value = Session> {
    let source = (prop::option::of(any_line()), prop::option::of(any_line()))
        .prop_map(|(guid, id)| Source::new(guid, id).ok());
    let language = prop::option::of(prop::sample::select(vec!["de", "pt-BR"]));
    (
        (any_line(), prose(), tags(), level(), policy()),
        prop::collection::vec(any_line(), 0..4),
        (language, source, prop::option::of(link())),
    )
        .prop_map(
            |((title, summary, tags, level, policy), speakers, (language, source, link))| {
                Session::new(title)
                    .with_abstract(summary)
                    .with_tags(tags)
                    .with_level(level)
                    .with_policy(policy)
                    .with_speakers(List::lossy(speakers))
                    .with_language(language.map(|tag| Language::new(tag).unwrap()))
                    .with_source(source)
                    .with_link(link)
            },
        )
}

pub(crate) fn placement() -> impl Strategy<Value = Placement> {
    (any_line(), millis(), minutes()).prop_map(|(room, start, minutes)| Placement {
        room,
        start,
        minutes,
    })
}

pub(crate) fn star() -> impl Strategy<Value = Star> {
    let star = |(session, event, seen)| Star { session, event, seen };
    (any_id(), any_id(), prop::option::of(placement())).prop_map(star)
}

/// A document that a stranger could have made: any value under any key, the known ones above all.
pub(crate) fn hostile() -> impl Strategy<Value = Automerge> {
    const KEYS: [&str; 22] = [
        "name",
        "hashtags",
        "bio",
        "links",
        "person",
        "card",
        "memo",
        "meeting/a",
        "promise/b",
        "text",
        "tag/a",
        "tag/",
        "days",
        "room/a",
        "slot/0+1",
        "retention_days",
        "policy",
        "title",
        "abstract",
        "place",
        "policy/off_the_record",
        "speaker/c",
    ];
    let key =
        prop_oneof![4 => prop::sample::select(&KEYS[..]).prop_map(String::from), 1 => "\\PC{1,9}"];
    let json = prop::sample::select(vec![
        "null",
        "true",
        "1e999",
        "\"a\"",
        "[0,\"a\"]",
        "[4294967295,\"a\"]",
        "[0,{\"name\":\"a\"}]",
        "{\"first\":\"2026-01-01\",\"last\":\"2025-01-01\"}",
        "[0,{\"start\":0,\"minutes\":1}]",
        "\"\\ud800\"",
        "\"open\"",
        "{\"first\":\"2026-01-01\",\"last\":\"2026-01-01\"}",
    ]);
    let value = prop_oneof![
        3 => json.prop_map(|json| Hostile::Scalar(json.into())),
        1 => "\\PC{0,30}".prop_map(|text| Hostile::Scalar(text.into())),
        1 => prop::collection::vec(any::<u8>(), 0..30).prop_map(|bytes| Hostile::Scalar(bytes.into())),
        1 => any::<i64>().prop_map(|number| Hostile::Scalar(number.into())),
        1 => "\\PC{0,30}".prop_map(Hostile::Text),
        1 => Just(Hostile::Object(automerge::ObjType::Map)),
        1 => Just(Hostile::Object(automerge::ObjType::List)),
        1 => Just(Hostile::Gone),
        1 => card().prop_map(|card| Hostile::Scalar(card.encode().into())),
    ];
    prop::collection::vec((key, value, any::<bool>()), 0..25).prop_map(|puts| {
        let mut one = blank();
        let mut other = one.fork();
        for (key, value, first) in puts {
            edit(if first { &mut one } else { &mut other }, |tx| value.put(tx, &key));
        }
        merged(&mut one, &mut other)
    })
}

#[derive(Clone, Debug)]
enum Hostile {
    Scalar(automerge::ScalarValue),
    Text(String),
    Object(automerge::ObjType),
    Gone,
}

impl Hostile {
    fn put(
        self,
        tx: &mut impl automerge::transaction::Transactable,
        key: &str,
    ) -> Result<(), AutomergeError> {
        let root = automerge::ROOT;
        match self {
            Self::Scalar(value) => tx.put(root, key, value),
            Self::Object(kind) => tx.put_object(root, key, kind).map(drop),
            Self::Gone => tx.delete(root, key),
            Self::Text(text) => {
                let object = tx.put_object(root, key, automerge::ObjType::Text)?;
                tx.splice_text(object, 0, 0, &text)
            }
        }
    }
}

/// The space of [`database`].
pub(crate) const SPACE: SpaceId = SpaceId::from_bytes([0xaa; 32]);

/// A database in memory with the tables of the log and the views, that holds one space.
pub(crate) fn database() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(&crate::open::MIGRATIONS.concat().concat()).unwrap();
    hold(&db, 1, SPACE);
    db
}

/// Holds another space under this number.
pub(crate) fn hold(db: &Connection, num: i64, space: SpaceId) {
    db.execute(
        "INSERT INTO space (num, id, role, key, carry, fingerprint) VALUES (?1, ?2, 0, ?3, x'', x'')",
        rusqlite::params![num, space.as_bytes(), KEY],
    )
    .unwrap();
}

/// The key of the spaces that [`hold`] makes.
pub(crate) const KEY: [u8; 32] = [7; 32];

/// A document with this number in the space of [`database`].
pub(crate) fn place(document: u8) -> Place {
    Place {
        space: 1,
        document: document.into(),
        id: DocumentId::from_bytes([document; 32]),
        maker_person: None,
        hidden: false,
    }
}

/// Logs an entry that counts for the document with this number, at `time`.
pub(crate) fn log_entry(db: &Connection, document: u8, time: i64) {
    db.execute_batch("INSERT OR IGNORE INTO author (num, space, id) VALUES (1, 1, x'00')").unwrap();
    db.execute(
        "INSERT OR IGNORE INTO document (num, space, id) VALUES (?1, 1, ?2)",
        rusqlite::params![document, place(document).id.as_bytes()],
    )
    .unwrap();
    let seq: i64 = db.query_row("SELECT count(*) + 1 FROM entry", [], |row| row.get(0)).unwrap();
    db.execute(
        "INSERT INTO entry (space, id, kind, document, author, seq, prev, time, payload_len,
                            payload_hash, signature, chain_bytes, in_line, verdict, held)
         VALUES (1, ?1, 1, ?2, 1, ?3, x'', ?4, 0, x'', x'', 0, 1, 1, 0)",
        rusqlite::params![seq.to_be_bytes(), document, seq, time],
    )
    .unwrap();
}
