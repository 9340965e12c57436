//! Words that this device wrote under a branch that lost its fork: a restored backup and the device
//! that it was made of both went on, and one of them stands aside. Its words are written again under
//! the author with which the device goes on.
//!
//! When a branch of one's own loses, its contents are put into the table `lost` in the same
//! transaction. After the commit each document is brought to what it would be with them, as an
//! edit like any other: a document that was made in the lost branch is made again, under another id; a
//! put is put again if it is later than the one that stands.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ObjType, ROOT, ReadDoc, Value};
use rusqlite::{OptionalExtension, params};
use teilgeber_entry::content::Body;
use teilgeber_entry::{AuthorId, Content, DocumentId, EntryId, Kind, Noun, Origin};

use crate::documents::first_change;
use crate::edit::Edit;
use crate::error::Result;
use crate::guard::{Candidate, Loaded, judge};
use crate::row::entries_of;
use crate::space::Space;

/// A content that was lost, and the entry that it stood in.
struct Lost {
    num: i64,
    author: AuthorId,
    seq: u32,
    entry: EntryId,
    time: u64,
    content: Content,
}

impl Edit<'_> {
    /// Keeps what entries of a losing branch said, if this device wrote them.
    pub(crate) fn keep_lost(&mut self, space: &Space, author: i64, from_seq: u32) -> Result<()> {
        let own = self
            .tx
            .prepare_cached("SELECT 1 FROM own_author WHERE author = ?1")?
            .exists([author])?;
        if !own {
            return Ok(());
        }
        let documents: Vec<(i64, [u8; 32])> = self
            .tx
            .prepare_cached(include_str!("sql/documents_of_branch.sql"))?
            .query_map(params![author, from_seq], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (document, id) in documents {
            for row in entries_of(&self.tx, document, 0)? {
                if row.is_of_branch(author, from_seq)
                    && let Some(content) = row.content(&self.tx, space, &id)?
                {
                    let (seq, time) = row.place();
                    self.tx.prepare_cached(include_str!("sql/insert_lost.sql"))?.execute(
                        params![
                            space.num,
                            id,
                            author,
                            seq,
                            row.id.as_bytes(),
                            time,
                            row.kind.as_u8(),
                            content.encode()
                        ],
                    )?;
                    self.has_lost = true;
                }
            }
        }
        Ok(())
    }

    /// Documents with lost words that are to be written again.
    pub(crate) fn lost_documents(&self) -> Result<Vec<(i64, [u8; 32])>> {
        let mut statement =
            self.tx.prepare_cached("SELECT DISTINCT space, document FROM lost ORDER BY num")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Writes the lost words of one document again.
    pub(crate) fn rewrite(&mut self, space: i64, document: [u8; 32]) -> Result<()> {
        let space = self.space_by_num(space)?;
        let id = DocumentId::from_bytes(document);
        let lost = self.lost_of(space.num, &document)?;
        let changes: Vec<&Lost> =
            lost.iter().filter(|one| matches!(one.content.body, Body::Change(_))).collect();
        if let Some(first) = changes.first() {
            self.rewrite_changes(&space, &id, first.content.noun, &changes)?;
        }
        let puts = lost.iter().filter(|one| matches!(one.content.body, Body::Put { .. }));
        if let Some(last) = puts.max_by_key(|one| (one.time, one.entry)) {
            self.rewrite_put(&space, &id, last)?;
        }
        let chunks = lost.iter().filter(|one| matches!(one.content.body, Body::Chunk { .. }));
        for chunk in chunks {
            self.append_chunk(&space, chunk.content.clone())?;
        }
        self.forget_lost(space.num, document)
    }

    /// What was lost of a document is given up: it is not this person's to write any more.
    pub(crate) fn forget_lost(&mut self, space: i64, document: [u8; 32]) -> Result<()> {
        self.tx
            .prepare_cached("DELETE FROM lost WHERE space = ?1 AND document = ?2")?
            .execute(params![space, document])?;
        Ok(())
    }

    fn rewrite_changes(
        &mut self,
        space: &Space,
        id: &DocumentId,
        noun: Noun,
        lost: &[&Lost],
    ) -> Result<()> {
        let candidates: Vec<Candidate<'_>> =
            lost.iter().filter_map(|one| one.candidate()).collect();
        let bring = |merged: Loaded| {
            move |tx: &mut automerge::transaction::Transaction<'_>| Ok(bring(tx, &merged)?)
        };
        let from_nothing = || judge(id.as_bytes(), first_change(noun), &candidates).document;
        // Both branches may have made a document at one number: then both have the same id, and are
        // two documents all the same.
        if lost.iter().any(|one| one.content.origin == Origin::Made) {
            return match from_nothing() {
                Some(whole) => self.make_document(&space.id, noun, bring(whole)).map(drop),
                None => Ok(()),
            };
        }
        let num = self.document_row(space.num, id)?;
        let named = lost.iter().map(|one| one.content.origin).find(|one| *one != Origin::Later);
        match (self.load(space, num)?, named) {
            // What was made upon words that are not here any more cannot be merged.
            (Some(mut present), _) => match present.extend(id.as_bytes(), &candidates) {
                Some(_) => self.change_document(&space.id, id, bring(present)),
                None => Ok(()),
            },
            (None, Some(origin)) => match from_nothing() {
                Some(whole) => self.change_named(&space.id, noun, origin, bring(whole)).map(drop),
                None => Ok(()),
            },
            (None, None) => Ok(()),
        }
    }

    fn rewrite_put(&mut self, space: &Space, id: &DocumentId, lost: &Lost) -> Result<()> {
        let Body::Put { value, .. } = &lost.content.body else { return Ok(()) };
        let document = self.document_row(space.num, id)?;
        let standing: Option<u64> = self
            .tx
            .prepare_cached(include_str!("sql/latest_put.sql"))?
            .query_row([document], |row| row.get(0))
            .optional()?
            .flatten();
        if standing.is_some_and(|standing| standing >= lost.time) {
            return Ok(());
        }
        self.put(&space.id, lost.content.noun, lost.content.origin, value.clone()).map(drop)
    }

    fn lost_of(&self, space: i64, document: &[u8; 32]) -> Result<Vec<Lost>> {
        let mut statement = self.tx.prepare_cached(include_str!("sql/lost_of_document.sql"))?;
        let rows = statement.query_map(params![space, document], |row| {
            let kind = Kind::from_u8(row.get(5)?);
            let content: Vec<u8> = row.get(6)?;
            Ok(Content::decode(kind, &content).ok().map(|content| Lost {
                num: row.get_unwrap(0),
                author: AuthorId::from_bytes(row.get_unwrap(1)),
                seq: row.get_unwrap(2),
                entry: EntryId::from_bytes(row.get_unwrap(3)),
                time: row.get_unwrap(4),
                content,
            }))
        })?;
        let mut lost: Vec<Lost> =
            rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect();
        lost.sort_by_key(|one| (one.seq, one.num));
        Ok(lost)
    }
}

impl Lost {
    fn candidate(&self) -> Option<Candidate<'_>> {
        match &self.content.body {
            Body::Change(bytes) => Some(Candidate {
                author: *self.author.as_bytes(),
                position: self.seq.into(),
                entry: *self.entry.as_bytes(),
                bytes,
            }),
            _ => None,
        }
    }
}

/// Makes of the document under `tx` what `wanted` is, by what differs. Our documents are one map of
/// plain values and texts.
fn bring(tx: &mut impl Transactable, wanted: &Loaded) -> std::result::Result<(), AutomergeError> {
    let wanted = wanted.document();
    let gone: Vec<String> =
        tx.keys(ROOT).filter(|key| matches!(wanted.get(ROOT, key), Ok(None))).collect();
    for key in gone {
        tx.delete(ROOT, key)?;
    }
    for key in wanted.keys(ROOT) {
        let present = tx.get(ROOT, &key)?.map(|(value, object)| (value.into_owned(), object));
        match (wanted.get(ROOT, &key)?, present) {
            (Some((Value::Scalar(value), _)), Some((Value::Scalar(present), _)))
                if present == value => {}
            (Some((Value::Scalar(value), _)), _) => tx.put(ROOT, &key, value.into_owned())?,
            (Some((Value::Object(ObjType::Text), text)), present) => {
                let text = wanted.text(&text)?;
                let object = match present {
                    Some((Value::Object(ObjType::Text), object)) => object,
                    _ => tx.put_object(ROOT, &key, ObjType::Text)?,
                };
                tx.update_text(&object, &text)?;
            }
            _ => {}
        }
    }
    Ok(())
}
