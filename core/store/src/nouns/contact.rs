//! Somebody I met, in the self space.
//!
//! | key | holds |
//! |---|---|
//! | `person` | register: an id; mandatory |
//! | `name` | register: a line; mandatory |
//! | `card` | the canonical bytes of a card |
//! | `memo` | Automerge text |
//! | `meeting/…` | items, by a hash of all that they say |
//! | `promise/…` | items, by a hash of all but whether it was kept |
//! | `confirmed` | register: whether |
//! | `followed` | register: set where I follow what they do |
//!
//! Two of my devices may meet the same person before they meet each other, so a contact may start
//! from [`FIRST_CHANGE`], in which both write one memo.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ROOT, ReadDoc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, PersonId};
use teilgeber_model::{Card, Contact, List, Meeting, Memo, Promise, Published};

use super::beginning::Beginning;
use super::card;
use super::register::{self, Item, items, json, put, put_items, short_key};
use super::search::{Belongs, put_words_of};
use super::text::{self, Splice, SpliceError, TextUnit};
use super::view::{Place, document_id, sort_key, value};
use super::{CONTACT, Unreadable};

/// The change from which every contact starts: it makes the empty memo. Nobody signs it. Its actor
/// is sixteen zeros, its time 0.
pub const FIRST_CHANGE: &[u8] = b"\
    \x85oJ\x83v\x15\x08\x01\x01/\x00\x10\
    \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
    \x01\x01\x00\x00\x00\x05\x15\x064\x01B\x02V\x02p\x02\x7f\x04memo\x01\x7f\x04\x7f\x00\x7f\x00";

/// The key of the text that is edited in place.
pub(super) const MEMO: &str = "memo";

/// A contact as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which document.
    pub id: DocumentId,
    /// What it holds.
    pub contact: Contact,
}

/// The contact of `doc`.
///
/// # Errors
/// [`Unreadable`] where it does not say who it is.
pub fn read(doc: &impl ReadDoc) -> Result<Contact, Unreadable> {
    let person = register::get(doc, "person").ok_or(Unreadable { field: "person" })?;
    let name = register::get(doc, "name").ok_or(Unreadable { field: "name" })?;
    Ok(Contact::new(person, name)
        .with_card(read_card(doc))
        .with_memo(Memo::lossy(&memo(doc)))
        .with_meetings(List::lossy(items(doc)))
        .with_promises(List::lossy(items(doc)))
        .with_confirmed(register::get(doc, "confirmed").unwrap_or_default())
        .with_followed(register::get(doc, "followed").unwrap_or_default()))
}

/// Writes what differs between `old`, which was read in the same transaction, and `new`.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    old: Option<&Contact>,
    new: &Contact,
) -> Result<(), AutomergeError> {
    put(tx, "person", old.map(Contact::person).as_ref(), Some(&new.person()))?;
    put(tx, "name", old.map(Contact::name), Some(new.name()))?;
    put_card(tx, old.and_then(Contact::card), new.card())?;
    text::put(tx, MEMO, old.map(|old| old.memo().as_str()), new.memo().as_str())?;
    put_items(tx, old.map_or(&[], |old| old.meetings()), new.meetings())?;
    put_items(tx, old.map_or(&[], |old| old.promises()), new.promises())?;
    let follows = |contact: &Contact| contact.is_followed().then_some(true);
    put(tx, "followed", old.and_then(follows).as_ref(), follows(new).as_ref())?;
    put(tx, "confirmed", old.map(Contact::is_confirmed).as_ref(), Some(&new.is_confirmed()))
}

/// The raw memo, in whose positions [`splice`] counts: see [`text`].
pub fn memo(doc: &impl ReadDoc) -> String {
    text::get(doc, MEMO).unwrap_or_default()
}

/// Edits the memo in place.
///
/// # Errors
/// Any [`SpliceError`]; then the transaction must be rolled back.
pub fn splice(
    tx: &mut impl Transactable,
    unit: TextUnit,
    splices: &[Splice],
) -> Result<(), SpliceError> {
    text::splice(tx, MEMO, Memo::MAX, unit, splices)
}

impl Item for Meeting {
    const FIELD: &'static str = "meeting";

    fn key(&self) -> String {
        short_key(json(&(self.when, self.event, self.session, &self.place)).as_bytes())
    }
}

impl Item for Promise {
    const FIELD: &'static str = "promise";

    fn key(&self) -> String {
        short_key(json(&(self.by, &self.text, self.made)).as_bytes())
    }
}

fn read_card(doc: &impl ReadDoc) -> Option<Card> {
    let (value, _) = doc.get(ROOT, "card").ok()??;
    Card::decode(value.as_bytes()?).ok()
}

fn put_card(
    tx: &mut impl Transactable,
    old: Option<&Card>,
    new: Option<&Card>,
) -> Result<(), AutomergeError> {
    match new.map(Published::encode) {
        new if new == old.map(Published::encode) => Ok(()),
        Some(new) => tx.put(ROOT, "card", new),
        None => tx.delete(ROOT, "card"),
    }
}

/// The contact with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Known>> {
    let sql = "SELECT * FROM contact WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_known).optional()
}

/// What I hold of a person.
///
/// # Errors
/// What the database fails with.
pub fn of_person(db: &Connection, person: &PersonId) -> rusqlite::Result<Option<Known>> {
    let sql = "SELECT * FROM contact WHERE person = ?1 ORDER BY id LIMIT 1";
    db.prepare_cached(sql)?.query_row([person.as_bytes()], row_to_known).optional()
}

/// All my contacts by name.
///
/// # Errors
/// What the database fails with.
pub fn list(db: &Connection) -> rusqlite::Result<Vec<Known>> {
    let sql = "
        SELECT * FROM contact
        WHERE NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = contact.id)
        ORDER BY sort, id";
    db.prepare_cached(sql)?.query_map([], row_to_known)?.collect()
}

/// Contacts whose person's id or whose name begins so, at most `limit` of each, by name.
///
/// # Errors
/// What the database fails with.
pub fn beginning_so(
    db: &Connection,
    beginning: &Beginning,
    limit: u32,
) -> rusqlite::Result<Vec<Known>> {
    let mut found = Vec::new();
    if let Some((low, high)) = &beginning.ids {
        let sql = "
            SELECT * FROM contact
            WHERE person BETWEEN ?1 AND ?2
              AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = contact.id)
            ORDER BY person LIMIT ?3";
        let mut statement = db.prepare_cached(sql)?;
        for known in statement.query_map(params![low, high, limit], row_to_known)? {
            found.push(known?);
        }
    }
    let (from, to) = &beginning.names;
    let sql = "
        SELECT * FROM contact
        WHERE sort >= ?1 AND sort < ?2
          AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = contact.id)
        ORDER BY sort, id LIMIT ?3";
    let mut statement = db.prepare_cached(sql)?;
    for known in statement.query_map(params![from, to, limit], row_to_known)? {
        found.push(known?);
    }
    Ok(found)
}

/// Writes the rows of a contact.
pub(super) fn show(tx: &Connection, at: &Place, contact: &Contact) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO contact (document, id, person, sort, value)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        at.document,
        at.id.as_bytes(),
        contact.person().as_bytes(),
        sort_key(contact.name().as_str()),
        json(contact)
    ])?;
    let belongs = Belongs { person: Some(contact.person()), ..Belongs::default() };
    put_words_of(tx, at, CONTACT, contact.name().as_str(), &words(contact), belongs)
}

/// What is found of a contact beside the name that I see.
fn words(contact: &Contact) -> String {
    let mut words = vec![contact.memo().as_str().to_owned()];
    words.extend(contact.promises().iter().map(|promise| promise.text.to_string()));
    let places = contact.meetings().iter().filter_map(|meeting| meeting.place.as_ref());
    words.extend(places.map(ToString::to_string));
    if let Some(card) = contact.card() {
        words.extend(card.name().map(ToString::to_string));
        words.push(card::words(card));
    }
    words.join("\n")
}

fn row_to_known(row: &Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known { id: document_id(row, "id")?, contact: value(row, "value")? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use teilgeber_model::{Millis, Name, Whose};

    use super::*;
    use crate::nouns::samples::{
        blank, contact, database, edit, from_first, id, line, merged, place, written,
    };
    use crate::nouns::{State, project, search};

    fn grace() -> Contact {
        Contact::new(id(7), Name::new("Grace").unwrap())
    }

    fn promise(text: &str, kept: bool) -> Promise {
        Promise { by: Whose::Mine, text: line(text), made: Millis::EPOCH, kept }
    }

    #[test]
    fn two_devices_that_meet_the_same_person_write_one_memo() {
        let (mut one, mut other) = (from_first(FIRST_CHANGE), from_first(FIRST_CHANGE));
        let mine = grace().with_memo(Memo::new("Knows compilers. ").unwrap());
        let theirs = grace().with_memo(Memo::new("Likes tea. ").unwrap());

        edit(&mut one, |tx| write(tx, None, &mine));
        edit(&mut other, |tx| write(tx, None, &theirs));

        let both = read(&merged(&mut one, &mut other)).unwrap();
        assert!(both.memo().as_str().contains("Knows compilers."), "{}", both.memo());
        assert!(both.memo().as_str().contains("Likes tea."), "{}", both.memo());
    }

    #[test]
    fn keeping_one_promise_and_making_another_meet() {
        let with = |promises| grace().with_promises(List::new(promises).unwrap());
        let base = with(vec![promise("Send slides", false)]);
        let mut one = blank();
        edit(&mut one, |tx| write(tx, None, &base));
        let mut other = one.fork();

        let kept = with(vec![promise("Send slides", true)]);
        edit(&mut one, |tx| write(tx, Some(&base), &kept));
        let more = with(vec![promise("Send slides", false), promise("Write", false)]);
        edit(&mut other, |tx| write(tx, Some(&base), &more));

        let both = read(&merged(&mut one, &mut other)).unwrap();
        assert_eq!(both, with(vec![promise("Send slides", true), promise("Write", false)]));
    }

    #[test]
    fn somebody_without_a_name_is_no_contact() {
        let mut doc = blank();
        edit(&mut doc, |tx| write(tx, None, &grace()));
        edit(&mut doc, |tx| tx.put(ROOT, "name", "\" \""));

        assert_eq!(read(&doc), Err(Unreadable { field: "name" }));
    }

    #[test]
    fn contacts_stand_by_name_and_are_found_by_person_and_words() {
        let db = database();
        for (number, name) in (1..).zip(["zoe", "Älva", "Bo", "alan"]) {
            let contact = Contact::new(id(number + 100), line(name))
                .with_promises(List::new(vec![promise(&format!("Call {name}"), false)]).unwrap());
            let doc = written(|tx| write(tx, None, &contact));
            project(&db, &place(number), CONTACT, State::Changes(&doc)).unwrap();
        }

        let names: Vec<_> =
            list(&db).unwrap().iter().map(|known| known.contact.name().to_string()).collect();
        assert_eq!(names, ["alan", "Älva", "Bo", "zoe"]);
        let bo = of_person(&db, &PersonId::from_bytes([103; 32])).unwrap().unwrap();
        assert_eq!(bo.contact.name(), &line("Bo"));
        assert_eq!(get(&db, &place(3).id).unwrap(), Some(bo));
        assert_eq!(search::search(&db, "call bo", 9).unwrap()[0].id, place(3).id);
        assert_eq!(get(&db, &place(9).id).unwrap(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_contact_reads_back(first in contact(), then in contact()) {
            let mut doc = blank();
            edit(&mut doc, |tx| write(tx, None, &first));
            prop_assert_eq!(&read(&doc).unwrap(), &first);

            edit(&mut doc, |tx| write(tx, Some(&first), &then));
            prop_assert_eq!(&read(&doc).unwrap(), &then);
        }
    }
}
