//! A digest of all that is decided and shown, to compare two devices, or one device with itself after
//! a rebuild. Row numbers differ between devices and are replaced by what they stand for.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::error::Result;
use crate::nouns;
use crate::space::Space;

/// For each table of the views, and for what is decided about entries and authors, a digest of the
/// rows of the given spaces. Equal sets of entries give equal digests.
pub(crate) fn digests(db: &Connection, spaces: &[Space]) -> Result<BTreeMap<String, [u8; 32]>> {
    let names = Names::read(db, spaces)?;
    let mut digests = BTreeMap::new();
    for table in nouns::VIEWS {
        digests.insert((*table).to_owned(), names.digest(db, &format!("SELECT * FROM {table}"))?);
    }
    let decided = [
        ("entries", include_str!("sql/decided_entries.sql")),
        ("authors", include_str!("sql/decided_authors.sql")),
        ("documents", include_str!("sql/decided_documents.sql")),
    ];
    for (name, sql) in decided {
        digests.insert(name.to_owned(), names.digest(db, sql)?);
    }
    Ok(digests)
}

/// What the row numbers of one device stand for.
struct Names {
    spaces: HashMap<i64, [u8; 32]>,
    documents: HashMap<i64, [u8; 32]>,
}

/// Columns that hold a document's number.
const DOCUMENTS: &[&str] = &["document", "num", "session"];

impl Names {
    fn read(db: &Connection, spaces: &[Space]) -> Result<Self> {
        let spaces: HashMap<i64, [u8; 32]> =
            spaces.iter().map(|space| (space.num, *space.id.as_bytes())).collect();
        let mut documents = HashMap::new();
        let mut statement = db.prepare_cached("SELECT num, space, id FROM document")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if spaces.contains_key(&row.get(1)?) {
                documents.insert(row.get(0)?, row.get(2)?);
            }
        }
        Ok(Self { spaces, documents })
    }

    fn digest(&self, db: &Connection, sql: &str) -> Result<[u8; 32]> {
        let mut statement = db.prepare(sql)?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut digests = Vec::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            digests.extend(self.row(row, &columns)?);
        }
        digests.sort_unstable();
        Ok(*blake3::hash(&digests.concat()).as_bytes())
    }

    /// `None` for a row of another space.
    fn row(&self, row: &Row<'_>, columns: &[String]) -> Result<Option<[u8; 32]>> {
        let mut hasher = blake3::Hasher::new();
        for (at, column) in columns.iter().enumerate() {
            let value = row.get_ref(at)?;
            let name = match value {
                ValueRef::Integer(num) if column == "space" => Some(self.spaces.get(&num)),
                ValueRef::Integer(num) if DOCUMENTS.contains(&column.as_str()) => {
                    Some(self.documents.get(&num))
                }
                _ => None,
            };
            let (tag, bytes) = match (name, value) {
                (Some(None), _) => return Ok(None),
                (Some(Some(id)), _) => (0, id.to_vec()),
                (None, ValueRef::Null) => (1, Vec::new()),
                (None, ValueRef::Integer(number)) => (2, number.to_be_bytes().to_vec()),
                (None, ValueRef::Real(number)) => (3, number.to_be_bytes().to_vec()),
                (None, ValueRef::Text(text)) => (4, text.to_vec()),
                (None, ValueRef::Blob(bytes)) => (5, bytes.to_vec()),
            };
            hasher.update(&[tag]).update(&(bytes.len() as u64).to_be_bytes()).update(&bytes);
        }
        Ok(Some(*hasher.finalize().as_bytes()))
    }
}
