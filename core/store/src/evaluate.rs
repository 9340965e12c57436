//! What of a document counts, and what its state is: a function of the entries that are in line.
//!
//! In this order, for one document:
//!
//! 1. **Gone.** Which payloads are erased (by their author's person), withdrawn (by an organiser) or
//!    superseded (a put by a later one of its author) is computed from envelopes and statements; they
//!    are dropped. A courier without the key gets as far as this.
//! 2. **Open.** The rest is opened. Not what a revocation cuts off.
//! 3. **Born.** The document's id must follow from one entry's origin: that says its noun and maker.
//! 4. **Allowed.** Each entry must keep the noun's [rule](crate::rules).
//! 5. **Sound.** Changes pass the [guard](crate::guard), all of a document together.
//! 6. **Shown.** The view's rows are written anew from what counts.
//!
//! The fast path, for entries that come to a document of which all counted before: open, check and
//! extend the cached document. Where any step says no, the whole document is judged anew.

use std::collections::HashMap;

use crate::documents::first_change;
use crate::edit::Edit;
use crate::error::{Result, StoreError};
use crate::guard::{self, Candidate, Loaded, Verdict};
use crate::nouns::{self, CountedPut, Place, State};
use crate::rules::{Birth, Rule, Writer, Writers, rule};
use crate::space::{Role, Space};
use crate::standing::Word;
use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::content::Body;
use teilgeber_entry::{
    AuthorId, Content, DocumentId, EntryId, Header, Kind, Noun, Origin, PersonId, seal,
};

/// A text longer than this is shown when there is time, not within the pause of a keystroke.
const SHOWN_AT_ONCE: usize = 4_000;

/// What was decided about an entry. The numbers are in the database: never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Something that it needs is not here, or nothing was decided yet.
    Waits = 0,
    /// It is part of the state.
    Counts = 1,
    /// It is kept and carried, and shown to nobody.
    Refused = 2,
}

impl Judged {
    fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Counts,
            2 => Self::Refused,
            _ => Self::Waits,
        }
    }
}

/// An entry in line, with what is known of its author.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) num: i64,
    pub(crate) id: EntryId,
    pub(crate) kind: Kind,
    seq: u32,
    prev: [u8; 32],
    time: u64,
    gone: bool,
    pub(crate) verdict: Judged,
    author_num: i64,
    author: AuthorId,
    writer: Writer,
    cut: Option<u32>,
    has_payload: bool,
}

impl Row {
    /// Opens the entry; `None` where there is no payload, no key, or it is none.
    pub(crate) fn content(
        &self,
        db: &Connection,
        space: &Space,
        document: &[u8; 32],
    ) -> Result<Option<Content>> {
        let Some(key) = space.key.as_ref().filter(|_| self.has_payload && !self.gone) else {
            return Ok(None);
        };
        let payload: Option<Vec<u8>> = db
            .prepare_cached("SELECT bytes FROM payload WHERE entry = ?1")?
            .query_row([self.num], |row| row.get(0))
            .optional()?;
        let context = Header {
            kind: self.kind,
            space: space.id,
            document: DocumentId::from_bytes(*document),
            author: self.author,
            seq: self.seq,
            prev: self.prev,
            time: self.time,
            payload_len: 0,
            payload_hash: [0; 32],
        }
        .context();
        let opened = payload.and_then(|payload| seal::open(key, &context, &payload).ok());
        Ok(opened.and_then(|(_, content)| Content::decode(self.kind, &content).ok()))
    }

    pub(crate) fn candidate<'a>(&self, bytes: &'a [u8]) -> Candidate<'a> {
        Candidate {
            author: *self.author.as_bytes(),
            position: self.seq.into(),
            entry: *self.id.as_bytes(),
            bytes,
        }
    }

    /// Whether it is an entry of that author at or after a number.
    pub(crate) fn is_of_branch(&self, author: i64, from_seq: u32) -> bool {
        self.author_num == author && self.seq >= from_seq
    }

    /// Its number in the chain and its author's time.
    pub(crate) fn place(&self) -> (u32, u64) {
        (self.seq, self.time)
    }

    fn is_cut(&self) -> bool {
        self.cut.is_some_and(|cut| self.seq > cut)
    }
}

/// The entries in line of a document that came after entry `after`.
pub(crate) fn entries_of(db: &Connection, document: i64, after: i64) -> Result<Vec<Row>> {
    let mut statement = db.prepare_cached(include_str!("sql/entries_of_document.sql"))?;
    let rows = statement.query_map(params![document, after], |row| {
        Ok(Row {
            num: row.get(0)?,
            id: EntryId::from_bytes(row.get(1)?),
            kind: Kind::from_u8(row.get(2)?),
            seq: row.get(3)?,
            prev: row.get(4)?,
            time: row.get(5)?,
            gone: row.get(6)?,
            verdict: Judged::from_number(row.get(7)?),
            author_num: row.get(8)?,
            author: AuthorId::from_bytes(row.get(9)?),
            writer: Writer {
                person: row.get::<_, Option<[u8; 32]>>(10)?.map(PersonId::from_bytes),
                organiser: row.get(11)?,
            },
            cut: row.get(12)?,
            has_payload: row.get(13)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A document as its row says.
struct About {
    num: i64,
    id: DocumentId,
    noun: Option<Noun>,
    maker: Option<i64>,
    clean: bool,
}

struct Saying {
    word: Word,
    author: i64,
    person: Option<PersonId>,
    detail: i64,
    /// The entry that it is about; `None`: the whole document.
    entry: Option<i64>,
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
        let mut rows = entries_of(&self.tx, document, 0)?;
        self.drop_what_is_gone(&space, &about, &sayings, &mut rows)?;
        if space.key.is_none() {
            return Ok(());
        }
        let hidden = sayings.iter().any(|saying| hides(saying, &rows));
        if about.clean && self.extend(&space, &about, &rows, hidden)? {
            return Ok(());
        }
        self.documents.forget(document);
        self.drop_snapshot(document)?;
        let mut opened = self.open_all(&space, &about, &rows)?;
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
        let clean = outcome.document.is_some() && outcome.all_count(&rows);
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
        if nouns::text_length(noun, loaded.document()) > SHOWN_AT_ONCE {
            self.tx
                .prepare_cached("UPDATE document SET stale = 1 WHERE num = ?1")?
                .execute([document])?;
            self.tell(space, noun, about.id);
            return Ok(());
        }
        let person = self.person_of_author(about.maker)?;
        self.show(space, &about, noun, person, false, State::Changes(loaded.document()))
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
                self.show(&space, &about, noun, person, false, State::Changes(loaded.document()))?;
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

    fn sayings(&self, space: &Space, about: &About) -> Result<Vec<Saying>> {
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

    fn drop_what_is_gone(
        &mut self,
        space: &Space,
        about: &About,
        sayings: &[Saying],
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
                superseded || sayings.iter().any(|saying| drops(saying, row, space))
            })
            .collect();
        for (row, gone) in rows.iter_mut().zip(gone) {
            if row.gone != gone {
                self.tx
                    .prepare_cached("UPDATE entry SET gone = ?2 WHERE num = ?1")?
                    .execute(params![row.num, gone])?;
                row.gone = gone;
                self.judge_anew_later(about.num)?;
            }
            if gone && row.has_payload {
                self.tx
                    .prepare_cached("DELETE FROM payload WHERE entry = ?1")?
                    .execute([row.num])?;
                self.fresh.remove(&row.num);
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

    /// The fast path. `false` where the whole document must be judged.
    fn extend(&mut self, space: &Space, about: &About, rows: &[Row], hidden: bool) -> Result<bool> {
        let (Some(noun), false) = (about.noun, rows.iter().any(|row| row.gone)) else {
            return Ok(false);
        };
        let Some(rule) = rule(noun).filter(|rule| rule.kind == Kind::Change) else {
            return Ok(false);
        };
        let person = self.person_of_author(about.maker)?;
        let born = Born { noun, rule, maker: about.maker.unwrap_or_default(), person };
        let new: Vec<Row> =
            rows.iter().filter(|row| row.verdict == Judged::Waits).cloned().collect();
        let opened = self.open_all(space, about, &new)?;
        if opened.len() != new.len()
            || !opened.iter().all(|one| self.is_allowed(space, Some(&born), one))
        {
            return Ok(false);
        }
        let Some(mut loaded) = self.load(space, about.num)? else { return Ok(false) };
        let candidates: Vec<_> = opened.iter().filter_map(Opened::candidate).collect();
        if loaded.extend(about.id.as_bytes(), &candidates).is_none() {
            return Ok(false);
        }
        for one in &opened {
            self.set_verdict(one.row.num, Judged::Counts)?;
        }
        self.show(space, about, noun, born.person, hidden, State::Changes(loaded.document()))?;
        self.snapshot(about.num, &mut loaded)?;
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
        let place =
            Place { space: space.num, document: about.num, id: about.id, maker_person, hidden };
        nouns::project(&self.tx, &place, noun, state)?;
        self.tell(space, noun, about.id);
        Ok(())
    }

    fn founding_person(&self, space: &Space) -> Result<Option<PersonId>> {
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
fn hides(saying: &Saying, rows: &[Row]) -> bool {
    let shows =
        |entry: i64| rows.iter().any(|row| row.num == entry && row.kind == Kind::Put && !row.gone);
    saying.word == Word::Hide && saying.entry.is_none_or(shows)
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
