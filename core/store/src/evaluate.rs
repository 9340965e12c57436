//! What of a document counts, and what its state is: a function of the entries that are in line.
//!
//! In this order, for one document:
//!
//! 1. **Gone.** Which payloads are erased (by their author's person), withdrawn (by an organiser) or
//!    superseded (a put by a later one of its author) is computed from envelopes and statements; they
//!    are dropped. A courier without the key gets as far as this. What goes from a space that has
//!    [faded](crate::retention) here is the one thing that depends on the device.
//! 2. **Open.** The rest is opened. Not what a revocation cuts off.
//! 3. **Born.** The document's id must follow from one entry's origin: that says its noun and maker.
//! 4. **Allowed.** Each entry must keep the noun's [rule](crate::rules).
//! 5. **Sound.** Changes pass the [guard](crate::guard), all of a document together.
//! 6. **Shown.** The view's rows are written anew from what counts.
//!
//! The fast path, for entries that come to a document of which all counted before: open, check and
//! extend the cached document. Where any step says no, the whole document is judged anew.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};
use teilgeber_entry::content::Body;
use teilgeber_entry::{Content, DocumentId, EntryId, Kind, Noun, Origin, PersonId};

use crate::documents::first_change;
use crate::edit::Edit;
use crate::error::{Result, StoreError};
use crate::gone::{Saying, hides};
use crate::guard::{self, Candidate, Loaded, Verdict};
use crate::nouns::{self, CountedChunk, CountedPut, PAD, Place, State, text_length};
use crate::row::{Judged, Row, entries_of};
use crate::rules::{Birth, Rule, Writers, rule};
use crate::space::{Role, Space};
use crate::standing::Word;

/// A text longer than this is shown when there is time, not within the pause of a keystroke.
pub(crate) const SHOWN_AT_ONCE: usize = 4_000;

/// A document as its row says.
pub(crate) struct About {
    pub(crate) num: i64,
    pub(crate) id: DocumentId,
    pub(crate) noun: Option<Noun>,
    maker: Option<i64>,
    clean: bool,
}

/// An opened entry that may count.
struct Opened {
    row: Row,
    content: Content,
}

/// Who made the document, and what it is.
struct Born {
    noun: Noun,
    rule: Rule,
    maker: i64,
    person: Option<PersonId>,
}

impl Edit<'_> {
    /// Evaluates a document and writes its view.
    pub(crate) fn evaluate(&mut self, document: i64) -> Result<()> {
        let (space, about) = self.about(document)?;
        let space = self.space_by_num(space)?;
        let sayings = self.sayings(&space, &about)?;
        let fading = self.fading(&space, &about.id)?;
        let mut rows = entries_of(&self.tx, document, 0)?;
        self.drop_what_is_gone(&space, &about, (&sayings, &fading), &mut rows)?;
        if space.key.is_none() {
            return Ok(());
        }
        let hidden = sayings.iter().any(|saying| hides(saying, &rows));
        if about.clean && self.extend(&space, &about, &rows, hidden)? {
            return Ok(());
        }
        self.documents.forget(document);
        self.drop_snapshot(document)?;
        let mut opened = match fading.tears(&rows) {
            true => Vec::new(),
            false => self.open_all(&space, &about, &rows)?,
        };
        let born = self.born(&space, &about, &opened)?;
        opened.retain(|one| self.is_allowed(&space, born.as_ref(), one));
        let outcome = match &born {
            Some(born) if born.rule.kind == Kind::Change => judge_changes(&about, born, &opened),
            _ => Outcome::of_puts(&opened),
        };
        for row in &rows {
            let verdict = outcome.verdict_of(row, born.is_some());
            if verdict != row.verdict {
                self.set_verdict(row.num, verdict)?;
            }
        }
        let clean = match &born {
            Some(born) if born.rule.kind == Kind::Chunk => rows.iter().all(|row| !row.gone),
            _ => outcome.document.is_some() && outcome.all_count(&rows),
        };
        let policy = strictest(&sayings, born.as_ref());
        self.tx.prepare_cached(include_str!("sql/write_document.sql"))?.execute(params![
            document,
            born.as_ref().map(|born| born.noun.0),
            born.as_ref().map(|born| born.maker),
            clean,
            hidden,
            policy
        ])?;
        self.show_outcome(&space, &about, born.as_ref(), &opened, outcome, hidden)
    }

    pub(crate) fn set_verdict(&mut self, entry: i64, verdict: Judged) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE entry SET verdict = ?2 WHERE num = ?1")?
            .execute(params![entry, verdict as i64])?;
        Ok(())
    }

    /// Writes down that a change of one's own counts, and shows it. What this device's own editor
    /// made has passed the guard's checks already.
    pub(crate) fn own_change_counts(
        &mut self,
        space: &Space,
        document: i64,
        noun: Noun,
        origin: Origin,
        entry: i64,
        loaded: &Loaded,
    ) -> Result<()> {
        self.set_verdict(entry, Judged::Counts)?;
        if origin != Origin::Later {
            self.tx
                .prepare_cached(
                    "UPDATE document SET noun = ?2, clean = CASE WHEN noun IS NULL THEN 1 ELSE clean END,
                     maker = coalesce(maker, (SELECT author FROM entry WHERE num = ?3))
                     WHERE num = ?1",
                )?
                .execute(params![document, noun.0, entry])?;
        }
        let (_, about) = self.about(document)?;
        if text_length(noun, loaded.document()) > SHOWN_AT_ONCE {
            return self.show_later(space, &about, noun);
        }
        let person = self.person_of_author(about.maker)?;
        self.show(space, &about, noun, person, false, State::Changes(loaded.document()))
    }

    fn show_later(&mut self, space: &Space, about: &About, noun: Noun) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE document SET stale = 1 WHERE num = ?1")?
            .execute([about.num])?;
        self.tell(space, noun, about.id);
        Ok(())
    }

    /// Shows the documents whose views are behind. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn show_stale(&mut self) -> Result<usize> {
        let stale: Vec<(i64, i64)> = self
            .tx
            .prepare_cached("SELECT num, space FROM document WHERE stale = 1")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (document, space) in &stale {
            let space = self.space_by_num(*space)?;
            let (_, about) = self.about(*document)?;
            if let (Some(noun), Some(mut loaded)) = (about.noun, self.load(&space, *document)?) {
                let person = self.person_of_author(about.maker)?;
                let rows = entries_of(&self.tx, *document, 0)?;
                let sayings = self.sayings(&space, &about)?;
                let hidden = sayings.iter().any(|saying| hides(saying, &rows));
                self.show(&space, &about, noun, person, hidden, State::Changes(loaded.document()))?;
                self.snapshot(*document, &mut loaded)?;
                self.documents.keep(*document, loaded);
            }
            self.tx
                .prepare_cached("UPDATE document SET stale = 0 WHERE num = ?1")?
                .execute([document])?;
        }
        Ok(stale.len())
    }

    fn about(&self, document: i64) -> Result<(i64, About)> {
        Ok(self
            .tx
            .prepare_cached("SELECT space, id, noun, maker, clean FROM document WHERE num = ?1")?
            .query_row([document], |row| {
                let about = About {
                    num: document,
                    id: DocumentId::from_bytes(row.get(1)?),
                    noun: row.get::<_, Option<u8>>(2)?.map(Noun),
                    maker: row.get(3)?,
                    clean: row.get(4)?,
                };
                Ok((row.get(0)?, about))
            })?)
    }

    /// The fast path. `false` where the whole document must be judged.
    fn extend(&mut self, space: &Space, about: &About, rows: &[Row], hidden: bool) -> Result<bool> {
        let (Some(noun), false) = (about.noun, rows.iter().any(|row| row.gone)) else {
            return Ok(false);
        };
        let Some(rule) = rule(noun).filter(|rule| rule.kind != Kind::Put) else {
            return Ok(false);
        };
        let person = self.person_of_author(about.maker)?;
        let born = Born { noun, rule, maker: about.maker.unwrap_or_default(), person };
        let mut new: Vec<Row> =
            rows.iter().filter(|row| row.verdict == Judged::Waits).cloned().collect();
        if rule.kind == Kind::Chunk {
            new.retain(|row| row.has_payload);
        }
        let opened = self.open_all(space, about, &new)?;
        if opened.len() != new.len()
            || !opened.iter().all(|one| self.is_allowed(space, Some(&born), one))
        {
            return Ok(false);
        }
        if rule.kind == Kind::Chunk {
            // Another device of the person may become the maker.
            if opened.iter().any(|one| Some(one.row.author_num) != about.maker) {
                return Ok(false);
            }
            for one in &opened {
                self.set_verdict(one.row.num, Judged::Counts)?;
            }
            let state = &counted_chunks(&opened);
            self.show(space, about, noun, born.person, hidden, State::MoreChunks(state))?;
            return Ok(true);
        }
        let entries = opened.iter().map(|one| one.row.id).collect();
        let mut loaded = match self.made_ahead(space, about.num, &entries)? {
            Some(loaded) => loaded,
            None => {
                let Some(mut loaded) = self.load(space, about.num)? else { return Ok(false) };
                let candidates: Vec<_> = opened.iter().filter_map(Opened::candidate).collect();
                if loaded.extend(about.id.as_bytes(), &candidates).is_none() {
                    return Ok(false);
                }
                loaded
            }
        };
        for one in &opened {
            self.set_verdict(one.row.num, Judged::Counts)?;
        }
        let is_long = text_length(noun, loaded.document()) > SHOWN_AT_ONCE;
        if noun == PAD && is_long && !hidden && !opened.is_empty() {
            self.show_later(space, about, noun)?;
        } else {
            self.show(space, about, noun, born.person, hidden, State::Changes(loaded.document()))?;
            self.snapshot(about.num, &mut loaded)?;
        }
        self.documents.keep(about.num, loaded);
        Ok(true)
    }

    fn open_all(&mut self, space: &Space, about: &About, rows: &[Row]) -> Result<Vec<Opened>> {
        let mut opened = Vec::with_capacity(rows.len());
        for row in rows.iter().filter(|row| !row.is_cut() && !row.gone) {
            let content = match self.fresh.remove(&row.num) {
                Some(bytes) => Content::decode(row.kind, &bytes).ok(),
                None => row.content(&self.tx, space, about.id.as_bytes())?,
            };
            opened.extend(content.map(|content| Opened { row: row.clone(), content }));
        }
        Ok(opened)
    }

    /// Finds the entry from whose origin the document's id follows.
    fn born(&mut self, space: &Space, about: &About, opened: &[Opened]) -> Result<Option<Born>> {
        let Some(key) = &space.key else { return Ok(None) };
        let mut births = opened.iter().filter(|Opened { row, content }| {
            let person = row.writer.person.as_ref();
            content.origin.document(key, content.noun, &row.author, row.seq, person)
                == Some(about.id)
        });
        let maker = match births.clone().min_by_key(|one| (one.row.author, one.row.seq)) {
            None => return Ok(None),
            Some(first) => first,
        };
        let noun = maker.content.noun;
        let Some(rule) = rule(noun).filter(|rule| rule.lives_in(space.role)) else {
            return Ok(None);
        };
        let allowed = match (rule.birth, rule.writers) {
            (Birth::Attached, _) => births.any(|one| rule.begins(one.content.origin)),
            (_, Writers::Organisers) => {
                maker.row.writer.person.is_some()
                    && maker.row.writer.person == self.founding_person(space)?
            }
            (_, Writers::Maker) if space.role != Role::Event => {
                maker.row.writer.person == space.owner
            }
            _ => rule.begins(maker.content.origin),
        };
        let (maker, person) = (maker.row.author_num, maker.row.writer.person);
        Ok(allowed.then_some(Born { noun, rule, maker, person }))
    }

    fn is_allowed(&self, space: &Space, born: Option<&Born>, one: &Opened) -> bool {
        born.is_some_and(|born| {
            let Opened { row, content } = one;
            content.noun == born.noun
                && row.kind == born.rule.kind
                && born.rule.lives_in(space.role)
                && (content.origin == Origin::Later && born.rule.kind == Kind::Change
                    || born.rule.begins(content.origin))
                && born.rule.admits(&row.writer, born.person.as_ref())
        })
    }

    fn show_outcome(
        &mut self,
        space: &Space,
        about: &About,
        born: Option<&Born>,
        opened: &[Opened],
        outcome: Outcome,
        hidden: bool,
    ) -> Result<()> {
        let Some(born) = born else {
            return match about.noun {
                Some(noun) => self.show(space, about, noun, None, hidden, State::Gone),
                None => Ok(()),
            };
        };
        match outcome.document {
            Some(mut loaded) => {
                let state = State::Changes(loaded.document());
                self.show(space, about, born.noun, born.person, hidden, state)?;
                self.snapshot(about.num, &mut loaded)?;
                if opened.len() > 1 {
                    self.documents.keep(about.num, loaded);
                }
                Ok(())
            }
            None if born.rule.kind == Kind::Chunk => {
                let chunks = counted_chunks(opened);
                let state = if chunks.is_empty() { State::Gone } else { State::Chunks(&chunks) };
                self.show(space, about, born.noun, born.person, hidden, state)
            }
            None => {
                let puts = standing_puts(opened);
                let state = if puts.is_empty() { State::Gone } else { State::Puts(&puts) };
                self.show(space, about, born.noun, born.person, hidden, state)
            }
        }
    }

    fn show(
        &mut self,
        space: &Space,
        about: &About,
        noun: Noun,
        maker_person: Option<PersonId>,
        hidden: bool,
        state: State<'_>,
    ) -> Result<()> {
        // Who began what anyone may begin depends on who was heard first, and means nothing.
        let is_anyones = rule(noun).is_some_and(|rule| rule.birth == Birth::Attached);
        let maker_person = maker_person.filter(|_| !is_anyones);
        let place =
            Place { space: space.num, document: about.num, id: about.id, maker_person, hidden };
        nouns::project(&self.tx, &place, noun, state)?;
        self.tell(space, noun, about.id);
        Ok(())
    }

    pub(crate) fn founding_person(&self, space: &Space) -> Result<Option<PersonId>> {
        let Some(founder) = &space.founder else { return Ok(None) };
        let person: Option<Option<[u8; 32]>> = self
            .tx
            .prepare_cached("SELECT person FROM author WHERE space = ?1 AND id = ?2")?
            .query_row(params![space.num, founder.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(person.flatten().map(PersonId::from_bytes))
    }

    fn person_of_author(&self, author: Option<i64>) -> Result<Option<PersonId>> {
        let Some(author) = author else { return Ok(None) };
        let person: Option<[u8; 32]> = self
            .tx
            .prepare_cached("SELECT person FROM author WHERE num = ?1")?
            .query_row([author], |row| row.get(0))?;
        Ok(person.map(PersonId::from_bytes))
    }

    /// Fails the transaction where an entry of one's own would not count for others.
    pub(crate) fn must_count(&mut self, entry: i64) -> Result<()> {
        let verdict: i64 = self
            .tx
            .prepare_cached("SELECT verdict FROM entry WHERE num = ?1")?
            .query_row([entry], |row| row.get(0))?;
        match Judged::from_number(verdict) {
            Judged::Counts => Ok(()),
            _ => Err(StoreError::NotAllowed("its owner or an organiser")),
        }
    }
}

impl Opened {
    fn candidate(&self) -> Option<Candidate<'_>> {
        match &self.content.body {
            Body::Change(bytes) => Some(self.row.candidate(bytes)),
            _ => None,
        }
    }
}

/// What the guard, or the rule of puts, says.
struct Outcome {
    document: Option<Loaded>,
    verdicts: HashMap<i64, Judged>,
}

impl Outcome {
    fn of_puts(opened: &[Opened]) -> Self {
        let verdicts = opened.iter().map(|one| (one.row.num, Judged::Counts)).collect();
        Self { document: None, verdicts }
    }

    fn verdict_of(&self, row: &Row, is_born: bool) -> Judged {
        match self.verdicts.get(&row.num) {
            _ if !is_born => Judged::Waits,
            Some(verdict) => *verdict,
            None if row.has_payload && !row.gone => Judged::Refused,
            None => Judged::Waits,
        }
    }

    fn all_count(&self, rows: &[Row]) -> bool {
        self.verdicts.len() == rows.len()
            && self.verdicts.values().all(|verdict| *verdict == Judged::Counts)
    }
}

fn judge_changes(about: &About, born: &Born, opened: &[Opened]) -> Outcome {
    let candidates: Vec<_> = opened.iter().filter_map(Opened::candidate).collect();
    let judgement = guard::judge(about.id.as_bytes(), first_change(born.noun), &candidates);
    let verdicts = opened.iter().zip(&judgement.verdicts).map(|(one, verdict)| {
        let judged = match verdict {
            Verdict::Counts => Judged::Counts,
            Verdict::Waiting => Judged::Waits,
            Verdict::Refused(_) => Judged::Refused,
        };
        (one.row.num, judged)
    });
    let verdicts: HashMap<_, _> = verdicts.collect();
    let counts = verdicts.values().any(|verdict| *verdict == Judged::Counts);
    Outcome { document: judgement.document.filter(|_| counts), verdicts }
}

/// The puts that no other one supersedes.
fn standing_puts(opened: &[Opened]) -> Vec<CountedPut<'_>> {
    let superseded: Vec<(&EntryId, Option<PersonId>)> = opened
        .iter()
        .filter_map(|one| match &one.content.body {
            Body::Put { supersedes, .. } => {
                Some(supersedes.iter().map(|id| (id, one.row.writer.person)))
            }
            _ => None,
        })
        .flatten()
        .collect();
    opened
        .iter()
        .filter_map(|one| match (&one.content.body, one.row.writer.person) {
            (Body::Put { value, .. }, Some(person)) => Some(CountedPut {
                person,
                author: one.row.author,
                time: one.row.time,
                id: one.row.id,
                value,
            }),
            _ => None,
        })
        .filter(|put| !superseded.contains(&(&put.id, Some(put.person))))
        .collect()
}

/// The chunks among what counts.
fn counted_chunks(opened: &[Opened]) -> Vec<CountedChunk> {
    let chunk = |one: &Opened| match (&one.content.body, one.row.writer.person) {
        (Body::Chunk { index, count, bytes }, Some(person)) => Some(CountedChunk {
            person,
            id: one.row.id,
            index: *index,
            count: *count,
            // No payload is longer than the number holds.
            bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        }),
        _ => None,
    };
    opened.iter().filter_map(chunk).collect()
}

/// The strictest policy that the session's writers said.
fn strictest(sayings: &[Saying], born: Option<&Born>) -> i64 {
    let by_maker = |saying: &Saying| {
        saying.person.is_some() && saying.person == born.and_then(|born| born.person)
    };
    let of_writers = sayings.iter().filter(|saying| match saying.word {
        Word::OrganisersPolicy => true,
        Word::Policy => by_maker(saying),
        Word::Erase | Word::Withdraw | Word::Hide => false,
    });
    of_writers.map(|saying| saying.detail).max().unwrap_or(0)
}
