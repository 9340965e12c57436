//! A barcamp session, in the event's space, written by its pitcher and the organisers.
//!
//! | key | holds |
//! |---|---|
//! | `title` | register: a line; mandatory |
//! | `abstract` | Automerge text |
//! | `tag/…` | items, by the folded tag |
//! | `speaker/…` | items, by a hash of the name |
//! | `policy/chatham_house`, `policy/off_the_record` | registers: true once somebody said so |
//! | `level`, `language`, `source`, `link` | registers |
//! | `brought` | register: what the last import brought; never emptied |
//! | `pad/…` | registers: the generations of its [pad] |
//!
//! A session's policy is the strictest that anyone who may write it ever said, and is never loosened:
//! so each word is a register of its own that is set and never emptied, and *open* is not written.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutomergeError, ObjId, ROOT, ReadDoc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{AuthorId, DocumentId, Origin, PersonId, SpaceId, SpaceKey};
use teilgeber_model::{Abstract, List, Name, Policy, Session, Source, Tag, Title};

use super::beginning::Beginning;
use super::register::{self, Item, items, json, put, put_items, short_key};
use super::search::put_words;
use super::text::{self, Splice, SpliceError, TextUnit};
use super::view::{Place, document_id, person_id, put_tags, sort_key, space_id, value};
use super::{PLACEMENT, SESSION, Unreadable, event, pad};
use crate::guard::is_actor_of;

pub use super::board::Pinned;

/// The key of the text that is edited in place.
pub(super) const ABSTRACT: &str = "abstract";

/// A session, and who pitched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pitched {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Who pitched it, if that is known.
    pub person: Option<PersonId>,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// What it holds, under the strictest policy that it or a statement about it says.
    pub session: Session,
}

/// The session of `doc`. Its abstract is normalised and cut to fit; an editor shows [`raw_abstract`].
///
/// # Errors
/// [`Unreadable`] where it has no title.
pub fn read(doc: &impl ReadDoc) -> Result<Session, Unreadable> {
    let title = register::get(doc, "title").ok_or(Unreadable { field: "title" })?;
    Ok(Session::new(title)
        .with_abstract(Abstract::lossy(&raw_abstract(doc)))
        .with_tags(List::lossy(items(doc)))
        .with_level(register::get(doc, "level"))
        .with_policy(policy(doc))
        .with_speakers(List::lossy(items(doc)))
        .with_language(register::get(doc, "language"))
        .with_source(register::get(doc, "source"))
        .with_link(register::get(doc, "link"))
        .with_brought(register::get(doc, "brought")))
}

/// Writes what differs between `old`, which was read in the same transaction, and `new`. A policy
/// that is looser than the present one changes nothing.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    old: Option<&Session>,
    new: &Session,
) -> Result<(), AutomergeError> {
    let old_abstract = old.map(|old| old.abstract_text().as_str());
    put(tx, "title", old.map(Session::title), Some(new.title()))?;
    text::put(tx, ABSTRACT, old_abstract, new.abstract_text().as_str())?;
    put_items(tx, old.map_or(&[], |old| old.tags()), new.tags())?;
    put_items(tx, old.map_or(&[], |old| old.speakers()), new.speakers())?;
    put(tx, "level", old.and_then(Session::level).as_ref(), new.level().as_ref())?;
    if let Some(word) = policy_key(new.policy()) {
        put(tx, word, register::get(tx, word).as_ref(), Some(&true))?;
    }
    put(tx, "language", old.and_then(Session::language), new.language())?;
    put(tx, "source", old.and_then(Session::source), new.source())?;
    put(tx, "link", old.and_then(Session::link), new.link())?;
    match new.brought() {
        // Whoever edits a session need not know what an import brought.
        None => Ok(()),
        brought => put(tx, "brought", old.and_then(Session::brought).as_ref(), brought.as_ref()),
    }
}

/// The abstract as it was typed and merged, in whose positions [`splice`] counts: see [`text`].
pub fn raw_abstract(doc: &impl ReadDoc) -> String {
    text::get(doc, ABSTRACT).unwrap_or_default()
}

/// What these authors wrote of a session's title and abstract, as these stand.
pub(crate) fn words_of(doc: &impl ReadDoc, id: &DocumentId, authors: &[AuthorId]) -> String {
    let is_theirs = |actor: &ActorId| {
        authors.iter().any(|author| is_actor_of(actor, author.as_bytes(), id.as_bytes()))
    };
    let title = match doc.get(ROOT, "title") {
        Ok(Some((_, ObjId::Id(_, actor, _)))) if is_theirs(&actor) => register::get(doc, "title"),
        _ => None,
    };
    let body = pad::pieces_of(&pad::spans_of(doc, ABSTRACT, id, authors));
    let title: Option<Title> = title;
    let parts = title.iter().map(Title::as_str).chain([body.as_str()]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Edits the abstract in place.
///
/// # Errors
/// Any [`SpliceError`]; then the transaction must be rolled back.
pub fn splice(
    tx: &mut impl Transactable,
    unit: TextUnit,
    splices: &[Splice],
) -> Result<(), SpliceError> {
    text::splice(tx, ABSTRACT, Abstract::MAX, unit, splices)
}

/// A list of names is a list of speakers.
impl Item for Name {
    const FIELD: &'static str = "speaker";

    fn key(&self) -> String {
        short_key(self.as_str().as_bytes())
    }
}

fn policy(doc: &impl ReadDoc) -> Policy {
    let said =
        |policy: &Policy| policy_key(*policy).and_then(|key| register::get(doc, key)) == Some(true);
    [Policy::OffTheRecord, Policy::ChathamHouse].into_iter().find(said).unwrap_or(Policy::Open)
}

fn policy_key(policy: Policy) -> Option<&'static str> {
    match policy {
        Policy::Open => None,
        Policy::ChathamHouse => Some("policy/chatham_house"),
        Policy::OffTheRecord => Some("policy/off_the_record"),
    }
}

/// The session with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Pitched>> {
    let sql = "SELECT * FROM pitched WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_pitched).optional()
}

/// The policy that holds for a session: the strictest of what was said of it, and of its event's rule.
///
/// # Errors
/// What the database fails with.
pub fn policy_of(db: &Connection, pitched: &Pitched) -> rusqlite::Result<Policy> {
    let camp = event::get(db, &pitched.space)?;
    let rule = camp.map_or(Policy::Open, |camp| camp.event.rules().policy);
    Ok(pitched.session.policy().strictest(rule))
}

/// The sessions of an event by title.
///
/// # Errors
/// What the database fails with.
pub fn list(db: &Connection, space: &SpaceId) -> rusqlite::Result<Vec<Pitched>> {
    let sql = "
        SELECT * FROM pitched
        WHERE space = ?1 AND hidden = 0
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = pitched.id)
        ORDER BY sort, id";
    db.prepare_cached(sql)?.query_map([space.as_bytes()], row_to_pitched)?.collect()
}

/// Sessions of any event whose id begins so, at most `limit`.
///
/// # Errors
/// What the database fails with.
pub fn of_ids(
    db: &Connection,
    beginning: &Beginning,
    limit: u32,
) -> rusqlite::Result<Vec<Pitched>> {
    let Some((low, high)) = &beginning.ids else { return Ok(Vec::new()) };
    let sql = "
        SELECT * FROM pitched
        WHERE id BETWEEN ?1 AND ?2 AND hidden = 0
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = pitched.id)
        ORDER BY id LIMIT ?3";
    db.prepare_cached(sql)?.query_map(params![low, high, limit], row_to_pitched)?.collect()
}

/// Sessions of an event whose title begins so, by title, at most `limit`.
///
/// # Errors
/// What the database fails with.
pub fn of_titles(
    db: &Connection,
    space: &SpaceId,
    beginning: &Beginning,
    limit: u32,
) -> rusqlite::Result<Vec<Pitched>> {
    let (from, to) = &beginning.names;
    let sql = "
        SELECT * FROM pitched
        WHERE space = ?1 AND hidden = 0 AND sort >= ?2 AND sort < ?3
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = pitched.id)
        ORDER BY sort, id LIMIT ?4";
    let params = params![space.as_bytes(), from, to, limit];
    db.prepare_cached(sql)?.query_map(params, row_to_pitched)?.collect()
}

/// The sessions of an event with this tag, by title.
///
/// # Errors
/// What the database fails with.
pub fn with_tag(db: &Connection, space: &SpaceId, tag: &Tag) -> rusqlite::Result<Vec<Pitched>> {
    let sql = "
        SELECT * FROM pitched
        WHERE space = ?1 AND hidden = 0 AND document IN (SELECT document FROM tag WHERE tag = ?2)
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = pitched.id)
        ORDER BY sort, id";
    let params = params![space.as_bytes(), tag.folded()];
    db.prepare_cached(sql)?.query_map(params, row_to_pitched)?.collect()
}

/// The sessions that a person pitched, in all events, by title.
///
/// # Errors
/// What the database fails with.
pub fn of_person(db: &Connection, person: &PersonId) -> rusqlite::Result<Vec<Pitched>> {
    let sql = "SELECT * FROM pitched WHERE person = ?1 AND hidden = 0 ORDER BY sort, id";
    db.prepare_cached(sql)?.query_map([person.as_bytes()], row_to_pitched)?.collect()
}

/// The session that came from there: by its guid, else by its id. Hidden ones too, so that importing
/// a schedule again does not bring them back. Where several claim to, the one with the lowest document
/// id.
///
/// # Errors
/// What the database fails with.
pub fn from_source(
    db: &Connection,
    space: &SpaceId,
    source: &Source,
) -> rusqlite::Result<Option<Pitched>> {
    let by_guid = "SELECT * FROM pitched WHERE space = ?1 AND guid = ?2 ORDER BY id LIMIT 1";
    let by_id = "SELECT * FROM pitched WHERE space = ?1 AND source = ?2 ORDER BY id LIMIT 1";
    let find = |sql, name: Option<&str>| {
        let params = params![space.as_bytes(), name];
        db.prepare_cached(sql)?.query_row(params, row_to_pitched).optional()
    };
    match find(by_guid, source.guid().map(|guid| guid.as_str()))? {
        None => find(by_id, source.id().map(|id| id.as_str())),
        found => Ok(found),
    }
}

/// The board of an event: its sessions by start, room and title, those without a place last.
///
/// # Errors
/// What the database fails with.
pub fn board(db: &Connection, space: &SpaceId) -> rusqlite::Result<Vec<Pinned>> {
    super::board::part(db, space, &super::board::Part::default())
}

/// The sessions of an event that came from a schedule, in the order of ids; hidden ones too, so that
/// importing again does not bring them back.
///
/// # Errors
/// What the database fails with.
pub fn imported(db: &Connection, space: &SpaceId) -> rusqlite::Result<Vec<Pitched>> {
    let sql = "
        SELECT * FROM pitched
        WHERE space = ?1 AND (guid IS NOT NULL OR source IS NOT NULL)
        ORDER BY id";
    db.prepare_cached(sql)?.query_map([space.as_bytes()], row_to_pitched)?.collect()
}

/// Writes the rows of a session.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    session: &Session,
    pads: &[pad::Generation],
) -> rusqlite::Result<()> {
    let source = session.source();
    tx.prepare_cached(
        "INSERT OR REPLACE INTO session
             (document, space, id, hidden, person, sort, guid, source, placement, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        at.maker_person.map(|person| *person.as_bytes()),
        sort_key(session.title().as_str()),
        source.and_then(Source::guid).map(|guid| guid.as_str()),
        source.and_then(Source::id).map(|id| id.as_str()),
        placement_of(tx, at)?.map(|id| *id.as_bytes()),
        json(session)
    ])?;
    if let Some(key) = key_of(tx, at)? {
        pad::show_session(tx, at, &key, pads)?;
    }
    put_tags(tx, at, session.tags().iter())?;
    put_words(tx, at, SESSION, session.title().as_str(), &words(session))
}

/// The id of the document that places the session, which follows from the session's and the space's
/// key: a placement cannot say itself whose it is, or it could say another's.
fn placement_of(tx: &Connection, at: &Place) -> rusqlite::Result<Option<DocumentId>> {
    Ok(key_of(tx, at)?.and_then(|key| {
        let origin = Origin::Attached { parent: at.id, generation: 0 };
        // Whoever writes it first, it is the same document.
        origin.document(&key, PLACEMENT, &AuthorId::from_bytes([0; 32]), 0, None)
    }))
}

fn key_of(tx: &Connection, at: &Place) -> rusqlite::Result<Option<SpaceKey>> {
    let sql = "SELECT key FROM space WHERE num = ?1";
    let key: Option<[u8; 32]> =
        tx.prepare_cached(sql)?.query_row([at.space], |row| row.get(0)).optional()?.flatten();
    Ok(key.map(SpaceKey::from_bytes))
}

/// What is found of a session beside its title.
fn words(session: &Session) -> String {
    let tags = session.tags().iter().map(Tag::as_str);
    let speakers = session.speakers().iter().map(Name::as_str);
    let about = session.abstract_text().as_str();
    let words: Vec<_> = [about].into_iter().chain(speakers).chain(tags).collect();
    words.join("\n")
}

pub(super) fn row_to_pitched(row: &Row<'_>) -> rusqlite::Result<Pitched> {
    let session: Session = value(row, "value")?;
    let said = match row.get::<_, i64>("policy")? {
        0 => Policy::Open,
        1 => Policy::ChathamHouse,
        // A number of a later version is at least as strict.
        2.. | ..0 => Policy::OffTheRecord,
    };
    let policy = said.strictest(session.policy());
    Ok(Pitched {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        person: person_id(row, "person")?,
        hidden: row.get("hidden")?,
        session: session.with_policy(policy),
    })
}

#[cfg(test)]
mod tests {
    use automerge::ROOT;
    use proptest::prelude::*;
    use teilgeber_model::{Level, Tag};

    use super::*;
    use crate::nouns::samples::{
        SPACE, blank, database, edit, line, log_entry, merged, place, session, written,
    };
    use crate::nouns::{State, project, search};

    fn pitched() -> Session {
        Session::new(line("Merging without meeting"))
    }

    #[test]
    fn pitcher_and_organiser_who_edit_at_once_keep_both() {
        let mut one = blank();
        edit(&mut one, |tx| write(tx, None, &pitched()));
        let mut other = one.fork();

        let mine = pitched()
            .with_tags(List::new(vec![Tag::new("crdt").unwrap()]).unwrap())
            .with_abstract(Abstract::new("What two phones say.").unwrap());
        edit(&mut one, |tx| write(tx, Some(&pitched()), &mine));
        let theirs = pitched()
            .with_tags(List::new(vec![Tag::new("sync").unwrap()]).unwrap())
            .with_level(Some(Level::Beginner))
            .with_speakers(List::new(vec![line("Ada")]).unwrap());
        edit(&mut other, |tx| write(tx, Some(&pitched()), &theirs));

        let both = read(&merged(&mut one, &mut other)).unwrap();
        let tags = ["crdt", "sync"].map(|tag| Tag::new(tag).unwrap());
        let expected = mine
            .with_tags(List::new(tags.to_vec()).unwrap())
            .with_level(theirs.level())
            .with_speakers(theirs.speakers().clone());
        assert_eq!(both, expected);
    }

    #[test]
    fn a_policy_is_never_loosened() {
        let strict = pitched().with_policy(Policy::OffTheRecord);
        let mut doc = blank();
        edit(&mut doc, |tx| write(tx, None, &strict));

        for policy in [Policy::Open, Policy::ChathamHouse] {
            edit(&mut doc, |tx| write(tx, Some(&strict), &pitched().with_policy(policy)));
            assert_eq!(read(&doc).unwrap().policy(), Policy::OffTheRecord);
        }
    }

    #[test]
    fn of_two_policies_said_at_once_the_stricter_holds() {
        let mut one = blank();
        edit(&mut one, |tx| write(tx, None, &pitched()));
        let mut other = one.fork();

        let mine = pitched().with_policy(Policy::OffTheRecord);
        edit(&mut one, |tx| write(tx, Some(&pitched()), &mine));
        let theirs = pitched().with_policy(Policy::ChathamHouse);
        edit(&mut other, |tx| write(tx, Some(&pitched()), &theirs));

        let both = read(&merged(&mut one, &mut other)).unwrap();
        assert_eq!(both.policy(), Policy::OffTheRecord);
    }

    #[test]
    fn a_session_without_a_title_is_none() {
        let mut doc = blank();
        assert_eq!(read(&doc), Err(Unreadable { field: "title" }));

        edit(&mut doc, |tx| tx.put(ROOT, "title", format!("\"{}\"", "a".repeat(201))));
        assert_eq!(read(&doc), Err(Unreadable { field: "title" }));
    }

    fn show_all(sessions: &[Session]) -> Connection {
        let db = database();
        for (number, session) in (1..).zip(sessions) {
            let doc = written(|tx| write(tx, None, session));
            let person = Some(PersonId::from_bytes([number + 100; 32]));
            let at = Place { maker_person: person, ..place(number) };
            project(&db, &at, SESSION, State::Changes(&doc)).unwrap();
        }
        db
    }

    fn numbers(pitched: &[Pitched]) -> Vec<u8> {
        pitched.iter().map(|pitched| pitched.id.as_bytes()[0]).collect()
    }

    #[test]
    fn sessions_are_listed_by_title_tag_and_person() {
        let tags = List::new(vec![Tag::new("CRDT").unwrap()]).unwrap();
        let db = show_all(&[
            Session::new(line("Zebras")),
            Session::new(line("Äpfel")).with_tags(tags),
            Session::new(line("bees")),
        ]);

        assert_eq!(numbers(&list(&db, &SPACE).unwrap()), [2, 3, 1]);
        assert_eq!(numbers(&list(&db, &SpaceId::from_bytes([0; 32])).unwrap()), [0_u8; 0]);
        let tag = Tag::new("crdt").unwrap();
        assert_eq!(numbers(&with_tag(&db, &SPACE, &tag).unwrap()), [2]);
        let person = PersonId::from_bytes([103; 32]);
        assert_eq!(numbers(&of_person(&db, &person).unwrap()), [3]);
        assert_eq!(search::search(&db, "crdt", 9).unwrap()[0].id, place(2).id);
    }

    #[test]
    fn a_session_is_found_again_by_its_guid_before_its_id() {
        let source = |guid: Option<&str>, id| Source::new(guid.map(line), Some(line(id))).unwrap();
        let db = show_all(&[
            pitched().with_source(Some(source(None, "35"))),
            pitched().with_source(Some(source(Some("g"), "36"))),
        ]);
        let find = |source| from_source(&db, &SPACE, &source).unwrap().map(|p| p.id);

        assert_eq!(find(source(Some("g"), "35")), Some(place(2).id));
        assert_eq!(find(source(Some("new"), "35")), Some(place(1).id));
        assert_eq!(find(source(None, "37")), None);
    }

    #[test]
    fn a_hidden_session_is_not_listed_but_can_be_opened() {
        let db = show_all(&[pitched()]);
        let doc = written(|tx| write(tx, None, &pitched()));
        let at = Place { hidden: true, ..place(1) };

        project(&db, &at, SESSION, State::Changes(&doc)).unwrap();

        assert_eq!(list(&db, &SPACE).unwrap(), []);
        assert_eq!(board(&db, &SPACE).unwrap(), []);
        assert_eq!(search::search(&db, "merging", 9).unwrap(), []);
        assert!(get(&db, &place(1).id).unwrap().unwrap().hidden);
    }

    #[test]
    fn of_what_a_session_and_a_statement_say_the_stricter_holds() {
        let db = show_all(&[pitched().with_policy(Policy::ChathamHouse)]);
        log_entry(&db, 1, 0);
        let policy = || get(&db, &place(1).id).unwrap().unwrap().session.policy();
        assert_eq!(policy(), Policy::ChathamHouse);

        db.execute("UPDATE document SET policy = 2", []).unwrap();
        assert_eq!(policy(), Policy::OffTheRecord);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_session_reads_back(first in session(), then in session()) {
            let mut doc = blank();
            edit(&mut doc, |tx| write(tx, None, &first));
            prop_assert_eq!(&read(&doc).unwrap(), &first);

            edit(&mut doc, |tx| write(tx, Some(&first), &then));
            let policy = then.policy().strictest(first.policy());
            prop_assert_eq!(&read(&doc).unwrap(), &then.with_policy(policy));
        }
    }
}
