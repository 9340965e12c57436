//! People across nouns: whom I saw before, and what a person did lately.

use rusqlite::{Connection, Row, params};
use teilgeber_entry::{DocumentId, Noun, PersonId, SpaceId};
use teilgeber_model::Millis;

use super::view::{document_id, space_id};

/// Something that a person published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What kind of thing.
    pub noun: Noun,
    /// In which event or card space.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// When, as its author says: of a session when it was pitched, of all else the last change.
    pub when: Millis,
}

/// Who appears in an event and appeared in others that began before it, with each of these, the latest
/// first.
///
/// # Errors
/// What the database fails with.
pub fn seen_before(db: &Connection, event: &SpaceId) -> rusqlite::Result<Vec<(PersonId, SpaceId)>> {
    let sql = "
        SELECT DISTINCT here.person, camp.space, camp.first
        FROM published AS here
        JOIN published AS earlier ON earlier.person = here.person
        JOIN camp ON camp.space = earlier.space
        WHERE here.space = ?1 AND here.hidden = 0 AND earlier.hidden = 0
          AND camp.first < (SELECT min(first) FROM camp WHERE space = ?1)
        ORDER BY here.person, camp.first DESC, camp.space";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([event.as_bytes()], |row| {
        Ok((PersonId::from_bytes(row.get("person")?), space_id(row, "space")?))
    })?;
    rows.collect()
}

/// What a person published since a time, the latest first: cards, sessions that they pitched, posts. Not
/// what an organiser hid.
///
/// # Errors
/// What the database fails with.
pub fn deeds_since(
    db: &Connection,
    person: &PersonId,
    since: Millis,
) -> rusqlite::Result<Vec<Deed>> {
    let sql = include_str!("../sql/deeds_since.sql");
    let since = i64::try_from(since.get()).unwrap_or(i64::MAX);
    db.prepare_cached(sql)?.query_map(params![person.as_bytes(), since], row_to_deed)?.collect()
}

fn row_to_deed(row: &Row<'_>) -> rusqlite::Result<Deed> {
    let when: i64 = row.get("at")?;
    Ok(Deed {
        noun: Noun(row.get("noun")?),
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        when: Millis::new(when.unsigned_abs()).unwrap_or(Millis::MAX),
    })
}
