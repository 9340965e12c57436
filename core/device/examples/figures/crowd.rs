//! An event full of people or of sessions, as they would have come over links: every entry signed by
//! its own author's device, put into a home by the path that receives.

use std::path::Path;

use teilgeber_device::model::*;
use teilgeber_device::{Config, Device};
use teilgeber_entry::batch;
use teilgeber_entry::content::Body;
use teilgeber_entry::{
    AuthorKey, Binding, Content, Draft, EntryId, Origin, Parcel, PersonKey, SealedBinding, SpaceKey,
};
use teilgeber_store::guard::{Loaded, actor_id};
use teilgeber_store::nouns::{CARD, SESSION, session};
use teilgeber_store::{Options, Store};

use crate::Result;
use crate::words::Words;

/// The first moment of the event, a Saturday in November 2026, in ms.
pub(crate) const MORNING: u64 = 1_795_248_000_000;

/// Authors of the sessions.
pub(crate) const PITCHERS: usize = 200;

/// Bytes of a batch, as an exchange's window holds them.
const BATCH_BYTES: usize = 128 * 1024;

/// An event as it was founded in a home.
pub(crate) struct Founded {
    pub(crate) event: Id,
    pub(crate) code: String,
    pub(crate) key: SpaceKey,
}

/// Founds an event in a new home.
pub(crate) fn found(home: &Path) -> Result<Founded> {
    let (device, _) = Device::open(Config::new(home))?;
    let days = Days::new("2026-11-21".parse()?, "2026-11-22".parse()?)?;
    let camp = Event::new(Line::new("Barcamp Mill")?, days, TimeZone::new("Europe/Berlin")?);
    let event = device.create_event(&camp)?;
    let code = device.join_code(event, &[])?;
    drop(device);
    let (store, _) = Store::open(home, &Options::default())?;
    let space = store.read(|view| view.space(&id_of(event)))?;
    Ok(Founded { event, code, key: space.key.ok_or("the founder has no key")? })
}

/// Verifies entries and puts them into the log of a home.
pub(crate) fn take_in(home: &Path, key: &SpaceKey, parcels: &[Parcel]) -> Result<()> {
    let (store, _) = Store::open(home, &Options::default())?;
    let mut left = parcels;
    while !left.is_empty() {
        let (batch, count) = batch::encode(left, Some(key), BATCH_BYTES);
        let prepared = store.prepare(&key.space(), &batch, true)?;
        let seed = seed("transaction", left.len());
        let (report, _) = store.write(MORNING, &seed, |edit| edit.ingest(prepared))?;
        if report.new.len() != count {
            return Err(format!("{} of {count} entries were taken in", report.new.len()).into());
        }
        left = &left[count..];
    }
    store.checkpoint()?;
    Ok(())
}

/// The first profiles of so many people, each by its own author.
pub(crate) fn profiles(key: &SpaceKey, people: usize) -> Result<Vec<Parcel>> {
    (0..people).map(|number| profile(key, number, 1, None)).collect()
}

/// What one person publishes as their author's entry `seq`, after the entry `before`.
pub(crate) fn profile(
    key: &SpaceKey,
    number: usize,
    seq: u32,
    before: Option<EntryId>,
) -> Result<Parcel> {
    let (person, author) = (person(number), author(number));
    let origin = Origin::Singleton { generation: 0 };
    let document = origin.document(key, CARD, &author.id(), seq, Some(&person.id()));
    let mut words = Words::new((number as u64) << 8 | u64::from(seq));
    let value = card(&mut words, number)?.encode();
    let content = Content { noun: CARD, origin, body: Body::Put { supersedes: Vec::new(), value } };
    let draft = Draft {
        document: document.ok_or("a person's card has an id")?,
        seq,
        prev: before.map_or([0; 32], |id| *id.as_bytes()),
        time: MORNING + (number as u64) * 1_000 + u64::from(seq) * 86_400_000,
        binding: binding(key, &author, &person, seq),
    };
    let blind = blind(number, seq);
    Ok(draft.sign(key, &author, &content, &blind)?)
}

/// So many sessions by [`PITCHERS`] authors in turn: each author's in a row, as a chain.
pub(crate) fn sessions(key: &SpaceKey, count: usize) -> Result<Vec<Parcel>> {
    let mut parcels = Vec::with_capacity(count);
    for number in 0..PITCHERS {
        let mut before = None;
        for (seq, turn) in (1..).zip((number..count).step_by(PITCHERS)) {
            let parcel = pitch(key, number, seq, turn, before)?;
            before = Some(parcel.envelope.id());
            parcels.push(parcel);
        }
    }
    Ok(parcels)
}

fn pitch(
    key: &SpaceKey,
    number: usize,
    seq: u32,
    turn: usize,
    before: Option<EntryId>,
) -> Result<Parcel> {
    let (person, author) = (person(number), author(number));
    let document = Origin::Made.document(key, SESSION, &author.id(), seq, None);
    let document = document.ok_or("a session has an id")?;
    let new = a_session(&mut Words::new(turn as u64))?;
    let actor = actor_id(author.id().as_bytes(), document.as_bytes(), [0; 4]);
    let edited = Loaded::empty().edit(&actor, |tx| session::write(tx, None, &new))?;
    let change = edited.change.ok_or("a session is a change")?;
    let content = Content { noun: SESSION, origin: Origin::Made, body: Body::Change(change) };
    let draft = Draft {
        document,
        seq,
        prev: before.map_or([0; 32], |id| *id.as_bytes()),
        time: MORNING + (turn as u64) * 1_000,
        binding: binding(key, &author, &person, seq),
    };
    Ok(draft.sign(key, &author, &content, &blind(number, seq))?)
}

/// Half a page about a person: name, three hashtags with levels, a bio, a link, an address for letters.
fn card(words: &mut Words, number: usize) -> Result<Card> {
    const LEVELS: [Option<Level>; 4] =
        [None, Some(Level::Curious), Some(Level::Practised), Some(Level::Expert)];
    let name = format!("{} {}", capital(words.below(600)), capital(words.below(5_000)));
    let mut interests: Vec<Interest> = Vec::new();
    while interests.len() < 3 {
        let tag = Tag::new(&crate::words::word(words.rank(400)))?;
        if interests.iter().all(|interest| interest.tag != tag) {
            interests.push(Interest { tag, level: LEVELS[words.below(4)] });
        }
    }
    let length = 8 + words.below(25);
    let link = format!("https://{}.example/@{}", words.word(), words.word());
    Ok(Card::default()
        .with_name(Some(Line::new(&name)?))
        .with_hashtags(List::new(interests)?)
        .with_bio(Prose::new(&words.text(length))?)
        .with_links(List::new(vec![Link::new(&link)?])?)
        .with_photo_consent(Some([PhotoConsent::Yes, PhotoConsent::Ask][words.below(2)]))
        .with_letter(Some(LetterAddress::new(seed("letter", number)))))
}

/// A session as people pitch them: a title, a paragraph, tags, a speaker.
pub(crate) fn a_session(words: &mut Words) -> Result<Session> {
    let (title, length) = (3 + words.below(6), 15 + words.below(40));
    let tag = crate::words::word(words.rank(400));
    let speaker = format!("{} {}", capital(words.below(600)), capital(words.below(5_000)));
    Ok(Session::new(Line::new(&words.text(title))?)
        .with_abstract(Prose::new(&words.text(length))?)
        .with_tags(List::new(vec![Tag::new(&tag)?])?)
        .with_level(Some(Level::Beginner))
        .with_speakers(List::new(vec![Line::new(&speaker)?])?))
}

fn capital(number: usize) -> String {
    let word = crate::words::word(number);
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

pub(crate) fn binding(
    key: &SpaceKey,
    author: &AuthorKey,
    person: &PersonKey,
    seq: u32,
) -> SealedBinding {
    match seq {
        1 => Binding::direct(person, &key.space(), &author.id()).seal(key, &author.id()),
        _ => SealedBinding::default(),
    }
}

pub(crate) fn person(number: usize) -> PersonKey {
    PersonKey::from_bytes(seed("person", number))
}

pub(crate) fn author(number: usize) -> AuthorKey {
    AuthorKey::from_bytes(seed("author", number))
}

pub(crate) fn blind(number: usize, seq: u32) -> [u8; 16] {
    let whole = seed("blind", number << 20 | seq as usize);
    std::array::from_fn(|at| whole[at])
}

fn seed(what: &str, number: usize) -> [u8; 32] {
    *blake3::hash(format!("{what} {number}").as_bytes()).as_bytes()
}

/// The space of an event.
pub(crate) fn id_of(event: Id) -> teilgeber_entry::SpaceId {
    teilgeber_entry::SpaceId::from_bytes(*event.as_bytes())
}
