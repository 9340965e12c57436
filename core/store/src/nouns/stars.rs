//! Which sessions people look forward to, as they show it in an event: one put of each person's list.
//!
//! A put is the canonical bytes of [`Stars`]. A person has one list in an event; of several, which
//! only a broken program makes, the one with the lowest document id counts.

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{Card, Name, Published as _, Stars};

use super::view::{Place, document_id, space_id, unreadable};

/// One person's stars in one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Whose they are.
    pub person: PersonId,
    /// What they say.
    pub stars: Stars,
}

/// Somebody who shows that they look forward to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fan {
    /// Who.
    pub person: PersonId,
    /// What they call themselves there, if they say.
    pub name: Option<Name>,
}

/// The stars with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Shown>> {
    let sql = "
        SELECT space.id AS space, stars.id, hidden, person, value
        FROM stars JOIN space ON space.num = stars.space
        WHERE stars.id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_shown).optional()
}

/// What a person shows in an event, hidden too; `None` where they show nothing.
///
/// # Errors
/// What the database fails with.
pub fn of_person(
    db: &Connection,
    space: &SpaceId,
    person: &PersonId,
) -> rusqlite::Result<Option<Shown>> {
    let sql = "
        SELECT space.id AS space, stars.id, hidden, person, value
        FROM space JOIN stars ON stars.space = space.num
        WHERE space.id = ?1 AND person = ?2
        ORDER BY stars.id LIMIT 1";
    let params = params![space.as_bytes(), person.as_bytes()];
    db.prepare_cached(sql)?.query_row(params, row_to_shown).optional()
}

/// Who shows that they look forward to a session, by name; without a name last.
///
/// # Errors
/// What the database fails with.
pub fn of_session(
    db: &Connection,
    space: &SpaceId,
    session: &DocumentId,
) -> rusqlite::Result<Vec<Fan>> {
    let sql = include_str!("stars/of_session.sql");
    let mut statement = db.prepare_cached(sql)?;
    let params = params![space.as_bytes(), session.as_bytes()];
    let rows = statement.query_map(params, |row| {
        let card = row.get_ref("card")?.as_blob_or_null()?.map(Card::decode).transpose();
        let card = card.map_err(|error| unreadable(row, "card", error))?;
        let name = card.and_then(|card| card.name().cloned());
        Ok(Fan { person: PersonId::from_bytes(row.get("person")?), name })
    })?;
    rows.collect()
}

/// Writes the rows of a person's stars.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    person: &PersonId,
    stars: &Stars,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO stars (document, space, id, hidden, person, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        person.as_bytes(),
        stars.encode()
    ])?;
    tx.prepare_cached("DELETE FROM star WHERE document = ?1")?.execute([at.document])?;
    let mut insert = tx.prepare_cached("INSERT INTO star (document, starred) VALUES (?1, ?2)")?;
    for session in stars.sessions() {
        insert.execute(params![at.document, session.as_bytes()])?;
    }
    Ok(())
}

fn row_to_shown(row: &Row<'_>) -> rusqlite::Result<Shown> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Shown {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        hidden: row.get("hidden")?,
        person: PersonId::from_bytes(row.get("person")?),
        stars: Stars::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}

#[cfg(test)]
mod tests {
    use teilgeber_entry::{AuthorId, EntryId};
    use teilgeber_model::List;

    use super::*;
    use crate::nouns::samples::{SPACE, database, id, line, place};
    use crate::nouns::{CARD, CountedPut, STARS, State, project};

    fn put(value: &[u8], who: u8) -> CountedPut<'_> {
        CountedPut {
            person: PersonId::from_bytes([who; 32]),
            author: AuthorId::from_bytes([who; 32]),
            time: 1,
            id: EntryId::from_bytes([who; 32]),
            value,
        }
    }

    /// The stars of the person with this number, as the document with that number.
    fn share(db: &Connection, at: &Place, who: u8, sessions: &[u8]) {
        let ids = sessions.iter().map(|byte| id(*byte)).collect();
        let value = Stars::new(List::new(ids).unwrap()).encode();
        project(db, at, STARS, State::Puts(&[put(&value, who)])).unwrap();
    }

    fn fans(db: &Connection, session: u8) -> Vec<(u8, Option<String>)> {
        let session = DocumentId::from_bytes([session; 32]);
        let fans = of_session(db, &SPACE, &session).unwrap();
        let fan = |fan: Fan| (fan.person.as_bytes()[0], fan.name.map(|name| name.to_string()));
        fans.into_iter().map(fan).collect()
    }

    #[test]
    fn who_shares_is_named_and_nobody_else() {
        let db = database();
        let card = Card::default().with_name(Some(line("Ada"))).encode();
        project(&db, &place(9), CARD, State::Puts(&[put(&card, 2)])).unwrap();
        share(&db, &place(1), 1, &[70, 71]);
        share(&db, &place(2), 2, &[70]);

        assert_eq!(fans(&db, 70), [(2, Some("Ada".to_owned())), (1, None)]);
        assert_eq!(fans(&db, 71), [(1, None)]);

        share(&db, &place(1), 1, &[71]);
        project(&db, &place(2), STARS, State::Gone).unwrap();
        assert_eq!(fans(&db, 70), []);
        assert!(of_person(&db, &SPACE, &PersonId::from_bytes([2; 32])).unwrap().is_none());
    }

    #[test]
    fn a_second_list_of_one_person_and_a_hidden_one_do_not_count() {
        let db = database();
        share(&db, &place(2), 1, &[70]);
        share(&db, &place(1), 1, &[71]);
        assert_eq!((fans(&db, 70).len(), fans(&db, 71).len()), (0, 1));

        share(&db, &Place { hidden: true, ..place(1) }, 1, &[71]);
        assert_eq!((fans(&db, 70).len(), fans(&db, 71).len()), (1, 0));
    }
}
