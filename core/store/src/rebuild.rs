//! Every document and view made again from the log, and the proof that they are the same.

use rusqlite::Connection;

use crate::documents::Documents;
use crate::edit::Edit;
use crate::error::Result;
use crate::space::Space;
use crate::state::digests;

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Documents that were made again.
    pub documents: usize,
    /// Tables whose rows came out otherwise than they stood. Empty, unless something was wrong; what
    /// stands now is what was made anew.
    pub different: Vec<String>,
}

/// Drops what was made from the log and makes it again, in one transaction.
pub(crate) fn rebuild(
    connection: &mut Connection,
    documents: &mut Documents,
    now: u64,
    seed: &[u8; 32],
) -> Result<Rebuilt> {
    let mut edit = Edit::begin(connection, documents, now, seed)?;
    edit.show_stale()?;
    let spaces = Space::all(&edit.tx)?;
    let before = digests(&edit.tx, &spaces)?;
    edit.tx.execute_batch(include_str!("sql/forget_all.sql"))?;
    for space in &spaces {
        edit.restless.insert(space.num);
        edit.touch_all(space.num)?;
    }
    edit.settle()?;
    let after = digests(&edit.tx, &spaces)?;
    let different = before.into_iter().filter(|(table, digest)| after.get(table) != Some(digest));
    let different = different.map(|(table, _)| table).collect();
    let sql = "SELECT count(*) FROM document WHERE noun IS NOT NULL";
    let documents = edit.tx.query_row(sql, [], |row| row.get(0))?;
    edit.commit()?;
    Ok(Rebuilt { documents, different })
}
