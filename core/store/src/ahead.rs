//! Long texts as they are after their next changes, made ahead of the evaluation.
//!
//! The [guard](crate::guard)'s trial of a text of 100,000 characters takes longer than a person who types
//! may be kept waiting. So what comes from others for a document that is open is tried before its
//! transaction begins, while this device's own edits go on; and of one's own change the editor's document
//! is taken, which has passed the guard's checks already. Either is used only where the evaluation comes
//! to exactly these changes upon exactly that document: then trying them there would give the same.

use std::collections::{BTreeSet, HashMap};

use automerge::ChangeHash;
use rusqlite::{OptionalExtension, params};
use teilgeber_entry::content::Body;
use teilgeber_entry::{Content, DocumentId, EntryId, Kind, Noun, Payload};

use crate::documents::Documents;
use crate::edit::Edit;
use crate::error::Result;
use crate::evaluate::SHOWN_AT_ONCE;
use crate::guard::{Candidate, Loaded};
use crate::ingest::Prepared;
use crate::nouns::text_length;
use crate::space::Space;
use crate::store::View;

/// A document after some changes.
#[derive(Debug)]
pub(crate) struct Ahead {
    /// Upon which state it was made; `None` for the one that the transaction found.
    base: Option<Vec<ChangeHash>>,
    entries: BTreeSet<EntryId>,
    loaded: Loaded,
}

/// Changes for one document in a batch.
struct Coming {
    document: DocumentId,
    changes: Vec<(Candidate<'static>, Vec<u8>)>,
}

/// How often it is tried anew because somebody typed meanwhile. Who types without any pause is kept waiting
/// after that, once.
const TRIES: usize = 8;

/// Tries what `prepared` brings for long texts that are open. `copy_of` gives a copy of what is open, and
/// `heads_of` what it is by then; both hold the writer up no longer than that takes.
pub(crate) fn try_ahead(
    view: &View<'_>,
    prepared: &mut Prepared,
    copy_of: impl Fn(i64, Noun) -> Option<Loaded>,
    heads_of: impl Fn(i64) -> Option<Vec<ChangeHash>>,
) -> Result<()> {
    let space = view.space(&prepared.space)?;
    for coming in coming(prepared) {
        let Some((num, noun)) = number_of(view, &space, &coming.document)? else { continue };
        let candidates: Vec<_> =
            coming.changes.iter().map(|(one, bytes)| Candidate { bytes, ..*one }).collect();
        for _ in 0..TRIES {
            let Some(mut loaded) = copy_of(num, noun) else { break };
            let base = Some(heads(&loaded));
            if loaded.extend(coming.document.as_bytes(), &candidates).is_none() {
                break;
            }
            let is_of_now = heads_of(num) == base;
            let entries = candidates.iter().map(|one| EntryId::from_bytes(one.entry)).collect();
            prepared.ahead.insert(num, Ahead { base, entries, loaded });
            if is_of_now {
                break;
            }
        }
    }
    Ok(())
}

/// What came opened and holds as an envelope; the rest is for the evaluation alone.
fn coming(prepared: &Prepared) -> Vec<Coming> {
    let mut all: HashMap<DocumentId, Coming> = HashMap::new();
    for (parcel, checked) in &prepared.parcels {
        let header = parcel.envelope.header();
        let holds = checked.as_ref().is_some_and(|checked| checked.envelope);
        let Payload::Open { content, .. } = &parcel.payload else { continue };
        if !holds || header.kind != Kind::Change {
            continue;
        }
        let Ok(Content { body: Body::Change(bytes), .. }) = Content::decode(header.kind, content)
        else {
            continue;
        };
        let candidate = Candidate {
            author: *header.author.as_bytes(),
            position: header.seq.into(),
            entry: *parcel.envelope.id().as_bytes(),
            bytes: &[],
        };
        let document = header.document;
        let coming = all.entry(document).or_insert(Coming { document, changes: Vec::new() });
        coming.changes.push((candidate, bytes));
    }
    all.into_values().collect()
}

fn number_of(view: &View<'_>, space: &Space, id: &DocumentId) -> Result<Option<(i64, Noun)>> {
    let sql = "SELECT num, noun FROM document WHERE space = ?1 AND id = ?2 AND noun IS NOT NULL";
    let found = view
        .connection()
        .prepare_cached(sql)?
        .query_row(params![space.num, id.as_bytes()], |row| Ok((row.get(0)?, Noun(row.get(1)?))));
    Ok(found.optional()?)
}

impl Documents {
    /// A copy of an open document, if its text is long.
    pub(crate) fn copy_of_long(&self, document: i64, noun: Noun) -> Option<Loaded> {
        self.peek(document).filter(|loaded| is_long(loaded, noun)).cloned()
    }

    /// What an open document consists of, in order.
    pub(crate) fn heads_of(&self, document: i64) -> Option<Vec<ChangeHash>> {
        self.peek(document).map(heads)
    }
}

impl Edit<'_> {
    /// Notes down what a document is after a change of one's own.
    pub(crate) fn edited(
        &mut self,
        document: i64,
        noun: Noun,
        entry: i64,
        loaded: Loaded,
    ) -> Result<()> {
        if !is_long(&loaded, noun) {
            return Ok(());
        }
        let sql = "SELECT id FROM entry WHERE num = ?1";
        let id = self.tx.prepare_cached(sql)?.query_row([entry], |row| row.get(0))?;
        let entries = BTreeSet::from([EntryId::from_bytes(id)]);
        self.ahead.insert(document, Ahead { base: None, entries, loaded });
        Ok(())
    }

    /// The document after these changes, if it was made ahead.
    pub(crate) fn made_ahead(
        &mut self,
        space: &Space,
        document: i64,
        entries: &BTreeSet<EntryId>,
    ) -> Result<Option<Loaded>> {
        let ahead = self.ahead.remove(&document).filter(|ahead| ahead.entries == *entries);
        let Some(Ahead { base, loaded, .. }) = ahead else { return Ok(None) };
        let Some(base) = base else { return Ok(Some(loaded)) };
        let Some(present) = self.load(space, document)? else { return Ok(None) };
        if heads(&present) == base {
            return Ok(Some(loaded));
        }
        self.documents.keep(document, present);
        Ok(None)
    }
}

fn is_long(loaded: &Loaded, noun: Noun) -> bool {
    text_length(noun, loaded.document()) > SHOWN_AT_ONCE
}

fn heads(loaded: &Loaded) -> Vec<ChangeHash> {
    let mut heads = loaded.document().get_heads();
    heads.sort_unstable();
    heads
}
