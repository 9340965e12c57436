//! Which payloads are gone: erased, withdrawn or superseded, or faded. Computed from envelopes and statements, so
//! that a courier without the key comes to the same, but for the erasures of a person's other devices.

use std::collections::HashMap;

use rusqlite::params;
use teilgeber_entry::{Kind, PersonId};

use crate::edit::Edit;
use crate::error::Result;
use crate::evaluate::About;
use crate::nouns;
use crate::retention::Fading;
use crate::row::Row;
use crate::space::Space;
use crate::standing::Word;

/// What a statement that counts says about a document or an entry of it, and whose it is.
pub(crate) struct Saying {
    pub(crate) word: Word,
    pub(crate) author: i64,
    pub(crate) person: Option<PersonId>,
    pub(crate) detail: i64,
    /// The entry that it is about; `None`: the whole document.
    pub(crate) entry: Option<i64>,
}

impl Edit<'_> {
    pub(crate) fn sayings(&self, space: &Space, about: &About) -> Result<Vec<Saying>> {
        if self.tx.prepare_cached("SELECT 1 FROM said WHERE space = ?1")?.exists([space.num])? {
            let mut statement = self.tx.prepare_cached(include_str!("sql/said_of_document.sql"))?;
            let params = params![space.num, about.num, about.id.as_bytes()];
            let sayings = statement.query_map(params, |row| {
                let saying = Saying {
                    word: Word::Erase,
                    author: row.get(1)?,
                    person: row.get::<_, Option<[u8; 32]>>(2)?.map(PersonId::from_bytes),
                    detail: row.get(3)?,
                    entry: row.get(4)?,
                };
                let word = Word::from_number(row.get(0)?);
                Ok(word.map(|word| Saying { word, ..saying }))
            })?;
            let sayings = sayings.collect::<rusqlite::Result<Vec<_>>>()?;
            return Ok(sayings.into_iter().flatten().collect());
        }
        Ok(Vec::new())
    }

    pub(crate) fn drop_what_is_gone(
        &mut self,
        space: &Space,
        about: &About,
        (sayings, fading): (&[Saying], &Fading),
        rows: &mut [Row],
    ) -> Result<()> {
        let mut last_put: HashMap<i64, u32> = HashMap::new();
        for row in rows.iter().filter(|row| row.kind == Kind::Put && !row.is_cut()) {
            let last = last_put.entry(row.author_num).or_default();
            *last = row.seq.max(*last);
        }
        let gone: Vec<bool> = rows
            .iter()
            .map(|row| {
                let superseded = row.kind == Kind::Put
                    && !row.is_cut()
                    && last_put.get(&row.author_num).is_some_and(|last| row.seq < *last);
                superseded
                    || fading.drops(row)
                    || sayings.iter().any(|saying| drops(saying, row, space))
            })
            .collect();
        let loses = |(row, gone): (&Row, &bool)| *gone && !row.gone && row.has_payload;
        // What fades was put aside before.
        let is_pad = about.noun == Some(nouns::PAD) && !space.faded;
        if is_pad && rows.iter().zip(&gone).any(loses) {
            self.keep_own_words(space, about)?;
        }
        for (row, gone) in rows.iter_mut().zip(gone) {
            if row.gone != gone {
                self.tx
                    .prepare_cached("UPDATE entry SET gone = ?2 WHERE num = ?1")?
                    .execute(params![row.num, gone])?;
                row.gone = gone;
                self.judge_anew_later(about.num)?;
            }
            if gone && row.has_payload {
                self.drop_payload(row.num)?;
                row.has_payload = false;
            }
        }
        Ok(())
    }

    /// The document's cache says nothing any more, but it is being evaluated already.
    fn judge_anew_later(&mut self, document: i64) -> Result<()> {
        self.judge_anew(document)?;
        self.touched.remove(&document);
        Ok(())
    }
}

/// Whether what is said drops the payload of an entry.
fn drops(saying: &Saying, row: &Row, space: &Space) -> bool {
    let about_it = saying.entry.is_none_or(|entry| entry == row.num);
    let theirs = saying.author == row.author_num
        || saying.person.is_some() && saying.person == row.writer.person
        || Edit::is_mine(space);
    match saying.word {
        Word::Erase => about_it && theirs,
        Word::Withdraw => about_it,
        Word::Hide | Word::Policy | Word::OrganisersPolicy => false,
    }
}

/// Whether what is said hides the document: said of it, or of the put that it shows. A single change
/// cannot be hidden, only withdrawn.
pub(crate) fn hides(saying: &Saying, rows: &[Row]) -> bool {
    let shows =
        |entry: i64| rows.iter().any(|row| row.num == entry && row.kind == Kind::Put && !row.gone);
    saying.word == Word::Hide && saying.entry.is_none_or(shows)
}
