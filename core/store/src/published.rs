//! What this person published in a space: the documents that nobody else writes.

use rusqlite::{Connection, params};
use teilgeber_entry::{DocumentId, Noun};

use crate::error::Result;
use crate::identity::Identity;
use crate::rules::{Writers, rule};
use crate::space::Space;

/// The person's documents of which anything stands, in the order in which they came.
pub(crate) fn of_own_person(db: &Connection, space: &Space) -> Result<Vec<(Noun, DocumentId)>> {
    let Some(identity) = Identity::read(db)? else { return Ok(Vec::new()) };
    let mut statement = db.prepare_cached(include_str!("sql/published.sql"))?;
    let params = params![space.num, identity.person.as_bytes()];
    let found = statement.query_map(params, |row| {
        Ok((Noun(row.get(0)?), row.get(1).map(DocumentId::from_bytes)?))
    })?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    found.retain(|(noun, _)| rule(*noun).is_some_and(|rule| rule.writers == Writers::Maker));
    Ok(found)
}
