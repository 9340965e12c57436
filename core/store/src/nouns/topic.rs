//! What people offer and want to talk about at an event: one put of each person's whole list.
//!
//! A put is the canonical bytes of [`Interests`]. A person has one list in an event; of several, which
//! only a broken program makes, the one with the lowest document id counts.

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{Interests, Published as _, Topic};

use super::INTERESTS;
use super::register::json;
use super::search::put_words;
use super::view::{Place, document_id, sort_key, space_id, unreadable, value};

/// One person's list in one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Whose it is.
    pub person: PersonId,
    /// What it says.
    pub interests: Interests,
}

/// One topic of one person's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// By what the topic is compared: equal for topics that are the same.
    pub folded: String,
    /// Who says it.
    pub person: PersonId,
    /// What they say.
    pub topic: Topic,
}

/// The list with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Listed>> {
    let sql = "
        SELECT space.id AS space, interests.id, hidden, person, value
        FROM interests JOIN space ON space.num = interests.space
        WHERE interests.id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_listed).optional()
}

/// A person's list in an event, a hidden one too.
///
/// # Errors
/// What the database fails with.
pub fn of_person(
    db: &Connection,
    space: &SpaceId,
    person: &PersonId,
) -> rusqlite::Result<Option<Listed>> {
    let sql = "
        SELECT space.id AS space, interests.id, hidden, person, value
        FROM space JOIN interests ON interests.space = space.num
        WHERE space.id = ?1 AND person = ?2
        ORDER BY interests.id LIMIT 1";
    let params = params![space.as_bytes(), person.as_bytes()];
    db.prepare_cached(sql)?.query_row(params, row_to_listed).optional()
}

/// What everybody in an event says, by topic in the order of names, and of each topic by person.
///
/// # Errors
/// What the database fails with.
pub fn in_space(db: &Connection, space: &SpaceId) -> rusqlite::Result<Vec<Voice>> {
    let sql = include_str!("topic/in_space.sql");
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([space.as_bytes()], |row| {
        Ok(Voice {
            folded: row.get("folded")?,
            person: PersonId::from_bytes(row.get("person")?),
            topic: value(row, "value")?,
        })
    })?;
    rows.collect()
}

/// Writes the rows of a list.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    person: &PersonId,
    interests: &Interests,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO interests (document, space, id, hidden, person, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        person.as_bytes(),
        interests.encode()
    ])?;
    tx.prepare_cached("DELETE FROM topic WHERE document = ?1")?.execute([at.document])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO topic (document, folded, sort, value) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for topic in interests.topics() {
        let folded = topic.folded();
        insert.execute(params![at.document, folded, sort_key(&folded), json(topic)])?;
    }
    let topics: Vec<&str> = interests.topics().iter().map(|topic| topic.topic.as_str()).collect();
    put_words(tx, at, INTERESTS, "", &topics.join("\n"))
}

fn row_to_listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Listed {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        hidden: row.get("hidden")?,
        person: PersonId::from_bytes(row.get("person")?),
        interests: Interests::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}

#[cfg(test)]
mod tests {
    use teilgeber_entry::{AuthorId, EntryId};
    use teilgeber_model::{Experience, List, Stance};

    use super::*;
    use crate::nouns::samples::{SPACE, database, line, place};
    use crate::nouns::{CountedPut, State, project, search};

    fn person(number: u8) -> PersonId {
        PersonId::from_bytes([number; 32])
    }

    /// The list of the person with this number, as the document with that number.
    fn say(db: &Connection, document: u8, who: u8, topics: &[(&str, Stance)]) {
        let topic = |(name, stance): &(&str, Stance)| Topic {
            topic: line(name),
            stance: *stance,
            level: Some(Experience::Some),
        };
        let list = List::new(topics.iter().map(topic).collect()).unwrap();
        let value = Interests::new(list).encode();
        let put = CountedPut {
            person: person(who),
            author: AuthorId::from_bytes([who; 32]),
            time: 1,
            id: EntryId::from_bytes([document; 32]),
            value: &value,
        };
        project(db, &place(document), INTERESTS, State::Puts(&[put])).unwrap();
    }

    fn voices(db: &Connection) -> Vec<(String, u8)> {
        let voices = in_space(db, &SPACE).unwrap();
        let voice = |voice: Voice| (voice.topic.topic.to_string(), voice.person.as_bytes()[0]);
        voices.into_iter().map(voice).collect()
    }

    #[test]
    fn what_all_say_stands_by_topic_however_it_is_written() {
        let db = database();
        say(&db, 1, 9, &[("Zines", Stance::Offer), ("sour  dough", Stance::Want)]);
        say(&db, 2, 8, &[("Sour Dough", Stance::Offer)]);

        let said = [("Sour Dough", 8), ("sour  dough", 9), ("Zines", 9)];
        assert_eq!(voices(&db), said.map(|(topic, who)| (topic.to_owned(), who)));
        let mine = of_person(&db, &SPACE, &person(9)).unwrap().unwrap();
        assert_eq!(mine.interests.topics()[0].topic.as_str(), "Zines");
        assert_eq!(search::search(&db, "dough", 9).unwrap().len(), 2);
    }

    #[test]
    fn a_second_list_of_one_person_and_a_hidden_one_do_not_count() {
        let db = database();
        say(&db, 2, 9, &[("Tea", Stance::Offer)]);
        say(&db, 1, 9, &[("Rust", Stance::Offer)]);
        assert_eq!(voices(&db), [("Rust".to_owned(), 9)]);
        assert_eq!(of_person(&db, &SPACE, &person(9)).unwrap().unwrap().id, place(1).id);

        let value = Interests::default().encode();
        let put = CountedPut {
            person: person(9),
            author: AuthorId::from_bytes([9; 32]),
            time: 1,
            id: EntryId::from_bytes([1; 32]),
            value: &value,
        };
        let hidden = Place { hidden: true, ..place(1) };
        project(&db, &hidden, INTERESTS, State::Puts(&[put])).unwrap();
        assert_eq!(voices(&db), [("Tea".to_owned(), 9)]);

        project(&db, &place(2), INTERESTS, State::Gone).unwrap();
        assert_eq!(voices(&db), []);
        assert_eq!(search::search(&db, "tea", 9).unwrap(), []);
    }
}
