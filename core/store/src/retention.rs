//! How long this device holds an event, and what goes when it fades.
//!
//! That a space has faded is a fact of this device alone, kept beside the log: the state of its
//! documents is a function of their entries *and* of it. In a faded space a payload is gone (see
//! [`gone`](crate::gone)) unless it is
//!
//! - one that this person's devices wrote,
//! - one of the event's own document, which says what faded, when, and by which rule, or
//! - a statement, which holds nobody's words and without which an erasure would come undone.
//!
//! Envelopes stay, so the fingerprint stays what it was, and nothing that is gone is wanted. If the person
//! keeps the event after all, the reason ceases and the payloads are wanted again.
//!
//! In a document of several, such as a pad, one person's changes alone are no text. It goes as a whole,
//! and what this person wrote in it is handed out before, to be put aside: [`Edit::own_words`].

use rusqlite::{OptionalExtension, params};
use teilgeber_entry::{AuthorId, DocumentId, Kind, Noun, Origin, PersonId, SpaceId};
use teilgeber_model::{Day, Notice};

use crate::documents::load_from_log;
use crate::edit::{Changes, Edit};
use crate::error::Result;
use crate::guard::Loaded;
use crate::identity::Identity;
use crate::nouns::{EVENT, PAD, SESSION, pad, session};
use crate::row::Row;
use crate::space::Space;
use crate::store::{Store, View};

/// Documents that are emptied in one transaction.
const EMPTIED_AT_ONCE: usize = 200;

/// How this device holds a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holding {
    /// Whatever the event's rule says, it is held.
    pub keep: bool,
    /// On which days the person was warned.
    pub notice: Option<Notice>,
    /// Since when it is not held any more, in ms since 1970.
    pub faded: Option<u64>,
}

/// What this person wrote in a document of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWords {
    /// In which document.
    pub document: DocumentId,
    /// A pad, or a session.
    pub noun: Noun,
    /// The session that it is, or whose pad.
    pub session: Option<DocumentId>,
    /// What that session is called.
    pub title: Option<String>,
    /// The words; empty where there are none that are a text.
    pub text: String,
    upto: i64,
}

impl View<'_> {
    /// How this device holds a space.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn holding(&self, space: &SpaceId) -> Result<Holding> {
        holding(self.connection(), space)
    }

    /// Whether a space has faded here.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn is_faded(&self, space: &SpaceId) -> Result<bool> {
        Ok(self.holding(space)?.faded.is_some())
    }
}

impl Edit<'_> {
    /// How this device holds a space.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn holding(&self, space: &SpaceId) -> Result<Holding> {
        holding(&self.tx, space)
    }

    /// Remembers on which days the person was warned that a space fades.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn set_notice(&mut self, space: &SpaceId, notice: Option<Notice>) -> Result<()> {
        self.holding_row(space)?;
        let sql = "UPDATE retention SET first = ?2, last = ?3, days = ?4 WHERE space = ?1";
        let (first, last) = (notice.map(|it| it.first.days()), notice.map(|it| it.last.days()));
        let params = params![space.as_bytes(), first, last, notice.map(|it| it.days)];
        self.tx.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    /// Holds a space whatever its event's rule says, or by the rule again. What had faded is held again:
    /// what is gone of it is wanted from whoever has it.
    ///
    /// # Errors
    /// [`StoreError::Missing`](crate::StoreError::Missing) when the space is not held.
    pub fn keep_space(&mut self, space: &SpaceId, keep: bool) -> Result<()> {
        self.settle()?;
        let held = self.space(space)?;
        self.holding_row(space)?;
        self.tx
            .prepare_cached(
                "UPDATE retention SET keep = ?2, first = NULL, last = NULL, days = NULL WHERE space = ?1",
            )?
            .execute(params![space.as_bytes(), keep])?;
        if !(keep && held.faded) {
            return Ok(());
        }
        self.tx
            .prepare_cached("UPDATE retention SET faded = NULL, emptied = 0 WHERE space = ?1")?
            .execute([space.as_bytes()])?;
        self.tx
            .prepare_cached(
                "UPDATE entry SET gone = 0 WHERE space = ?1 AND kind = ?2 AND in_line = 1",
            )?
            .execute(params![held.num, Kind::Letter.as_u8()])?;
        self.forget_space(held.num);
        self.touch_all(held.num)?;
        self.settle()
    }

    /// What this person wrote in documents of several in a space and that is not put aside yet, of at most
    /// `limit` documents.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn own_words(&mut self, space: &SpaceId, limit: usize) -> Result<Vec<OwnWords>> {
        self.settle()?;
        let space = self.space(space)?;
        let Some(me) = self.me()? else { return Ok(Vec::new()) };
        let own = self.authors_of(&space, &me)?;
        let sql = include_str!("sql/shared_with_own_words.sql");
        let shared: Vec<(i64, [u8; 32], u8, i64)> = self
            .tx
            .prepare_cached(sql)?
            .query_map(params![space.num, me.as_bytes(), SESSION.0, PAD.0, limit], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut words = Vec::new();
        for (num, id, noun, upto) in shared {
            let (document, noun) = (DocumentId::from_bytes(id), Noun(noun));
            let loaded = load_from_log(&self.tx, &space, num)?;
            let doc = loaded.as_ref().map(Loaded::document);
            let (session, text) = match noun {
                PAD => {
                    let text = doc.map(|doc| pad::words_of(doc, &document, &own));
                    (pad::any_session_of(&self.tx, &document)?, text)
                }
                _ => (Some(document), doc.map(|doc| session::words_of(doc, &document, &own))),
            };
            let text = text.unwrap_or_default();
            words.push(self.named_words(OwnWords {
                document,
                noun,
                session,
                title: None,
                text,
                upto,
            })?);
        }
        if words.is_empty() {
            words = self.kept_lines(&space)?;
        }
        Ok(words)
    }

    /// Lines of this person's in pads that moved on without them.
    fn kept_lines(&mut self, space: &Space) -> Result<Vec<OwnWords>> {
        let sql = "SELECT DISTINCT kept_words.pad FROM kept_words
                   JOIN document ON document.id = kept_words.pad WHERE document.space = ?1";
        let pads: Vec<[u8; 32]> = self
            .tx
            .prepare_cached(sql)?
            .query_map([space.num], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut words = Vec::new();
        for document in pads.into_iter().map(DocumentId::from_bytes) {
            let session = pad::any_session_of(&self.tx, &document)?;
            let text = pad::kept_words_of(&self.tx, &document)?.join("\n");
            let found = OwnWords { document, noun: PAD, session, title: None, text, upto: 0 };
            words.push(self.named_words(found)?);
        }
        Ok(words)
    }

    fn named_words(&self, words: OwnWords) -> Result<OwnWords> {
        let session = words.session.map(|session| session::get(&self.tx, &session)).transpose()?;
        let title = session.flatten().map(|found| found.session.title().to_string());
        Ok(OwnWords { title, ..words })
    }

    /// Writes down that words are put aside.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn are_put_aside(&mut self, words: &OwnWords) -> Result<()> {
        self.tx
            .prepare_cached("INSERT OR REPLACE INTO put_aside (document, upto) VALUES (?1, ?2)")?
            .execute(params![words.document.as_bytes(), words.upto])?;
        if words.upto == 0 {
            pad::forget_kept_words_of(&self.tx, &words.document)?;
        }
        Ok(())
    }

    /// Lets a space fade: from now on it is neither offered nor accepted. Its payloads go afterwards, with
    /// [`Store::empty_faded`]. Returns whether it fades: not as long as words of one's own are to be [put
    /// aside](Self::own_words), or to be written again after a fork, or if it is kept.
    ///
    /// # Errors
    /// [`StoreError::Missing`](crate::StoreError::Missing) when the space is not held.
    pub fn fade(&mut self, space: &SpaceId) -> Result<bool> {
        let held = self.space(space)?;
        let lost =
            self.tx.prepare_cached("SELECT 1 FROM lost WHERE space = ?1")?.exists([held.num])?;
        if held.faded || lost || self.holding(space)?.keep || !self.own_words(space, 1)?.is_empty()
        {
            return Ok(false);
        }
        self.holding_row(space)?;
        self.tx
            .prepare_cached("UPDATE retention SET faded = ?2 WHERE space = ?1")?
            .execute(params![space.as_bytes(), self.now])?;
        self.forget_space(held.num);
        Ok(true)
    }

    /// Drops some of what is to go from spaces that have faded. Returns whether anything was left to do.
    fn empty_some(&mut self) -> Result<bool> {
        let sql = "SELECT num FROM space JOIN retention ON retention.space = space.id
                   WHERE faded IS NOT NULL AND emptied = 0 ORDER BY num LIMIT 1";
        let space: Option<i64> =
            self.tx.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
        let Some(space) = space else { return Ok(false) };
        let space = self.space_by_num(space)?;
        let me = self.me()?;
        let event = self.event_document(&space)?;
        let documents: Vec<i64> = self
            .tx
            .prepare_cached(include_str!("sql/to_empty.sql"))?
            .query_map(
                params![
                    space.num,
                    me.as_ref().map(PersonId::as_bytes),
                    event.as_ref().map(DocumentId::as_bytes),
                    EMPTIED_AT_ONCE
                ],
                |row| row.get(0),
            )?
            .collect::<rusqlite::Result<_>>()?;
        if documents.is_empty() {
            self.empty_the_rest(&space)?;
        }
        for document in documents {
            self.judge_anew(document)?;
        }
        Ok(true)
    }

    /// Letters were read when they came; what waits for its predecessor was never known.
    fn empty_the_rest(&mut self, space: &Space) -> Result<()> {
        let letter = Kind::Letter.as_u8();
        let num = space.num;
        self.tx.execute(
            "DELETE FROM payload WHERE entry IN (SELECT num FROM entry WHERE space = ?1 AND kind = ?2)",
            params![num, letter],
        )?;
        self.tx.execute(
            "UPDATE entry SET held = iif(held >= 2, held, 0), gone = 1 WHERE space = ?1 AND kind = ?2",
            params![num, letter],
        )?;
        self.tx.execute("DELETE FROM pending WHERE space = ?1", [num])?;
        let sql = "UPDATE retention SET emptied = 1 WHERE space = ?1";
        self.tx.execute(sql, [space.id.as_bytes()])?;
        Ok(())
    }

    /// What of a document goes, besides what is gone anyway, because its space has faded.
    pub(crate) fn fading(&self, space: &Space, document: &DocumentId) -> Result<Fading> {
        if !space.faded || self.event_document(space)? == Some(*document) {
            return Ok(Fading { me: None, stays: true });
        }
        Ok(Fading { me: self.me()?, stays: false })
    }

    /// The event's own document.
    fn event_document(&self, space: &Space) -> Result<Option<DocumentId>> {
        let person = self.founding_person(space)?;
        let origin = Origin::Singleton { generation: 0 };
        let founder = space.founder.unwrap_or(AuthorId::from_bytes([0; 32]));
        let key = space.key.as_ref();
        Ok(key.and_then(|key| origin.document(key, EVENT, &founder, 0, person.as_ref())))
    }

    fn authors_of(&self, space: &Space, person: &PersonId) -> Result<Vec<AuthorId>> {
        let sql = "SELECT id FROM author WHERE space = ?1 AND person = ?2 ORDER BY num";
        let mut statement = self.tx.prepare_cached(sql)?;
        let params = params![space.num, person.as_bytes()];
        let authors = statement.query_map(params, |row| row.get(0).map(AuthorId::from_bytes))?;
        Ok(authors.collect::<rusqlite::Result<_>>()?)
    }

    fn me(&self) -> Result<Option<PersonId>> {
        Ok(Identity::read(&self.tx)?.map(|identity| identity.person))
    }

    fn holding_row(&mut self, space: &SpaceId) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO retention (space) VALUES (?1)";
        self.tx.prepare_cached(sql)?.execute([space.as_bytes()])?;
        Ok(())
    }
}

impl Store {
    /// Drops what is to go from spaces that have faded, in short transactions one after another. A crash in
    /// between costs nothing: the next call goes on.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn empty_faded(&self, now: u64) -> Result<Changes> {
        let mut changes = Changes::default();
        while let Some(more) = self.empty_some_faded(now)? {
            changes.add(more);
        }
        Ok(changes)
    }

    /// One of these transactions; `None` where nothing is left to do.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn empty_some_faded(&self, now: u64) -> Result<Option<Changes>> {
        if !self.read(has_to_empty)? {
            return Ok(None);
        }
        // Nothing is drawn: no entry is written.
        let (more, changes) = self.write(now, &[0; 32], |edit| edit.empty_some())?;
        Ok(more.then_some(changes))
    }
}

/// What of a document in a faded space goes.
pub(crate) struct Fading {
    /// Whose entries stay.
    me: Option<PersonId>,
    /// Nothing goes.
    stays: bool,
}

impl Fading {
    /// Whether an entry's payload goes.
    pub(crate) fn drops(&self, row: &Row) -> bool {
        !self.stays && !self.is_own(row)
    }

    /// Whether it is a document of several of whom this person is one: what is left of it is no text.
    pub(crate) fn tears(&self, rows: &[Row]) -> bool {
        let changes = || rows.iter().filter(|row| row.kind == Kind::Change);
        !self.stays
            && changes().any(|row| self.is_own(row))
            && changes().any(|row| !self.is_own(row))
    }

    fn is_own(&self, row: &Row) -> bool {
        self.me.is_some() && row.writer.person == self.me
    }
}

fn has_to_empty(view: &View<'_>) -> Result<bool> {
    let sql = "SELECT 1 FROM retention WHERE faded IS NOT NULL AND emptied = 0";
    Ok(view.connection().prepare_cached(sql)?.exists([])?)
}

fn holding(db: &rusqlite::Connection, space: &SpaceId) -> Result<Holding> {
    let sql = "SELECT keep, first, last, days, faded FROM retention WHERE space = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let day = |column| -> rusqlite::Result<Option<Day>> {
            Ok(row.get::<_, Option<u32>>(column)?.and_then(|days| Day::from_days(days).ok()))
        };
        let days: Option<u16> = row.get(3)?;
        let notice = day(1)?.zip(day(2)?).zip(days);
        let faded: Option<i64> = row.get(4)?;
        Ok(Holding {
            keep: row.get(0)?,
            notice: notice.map(|((first, last), days)| Notice { first, last, days }),
            faded: faded.map(i64::unsigned_abs),
        })
    };
    let found = db.prepare_cached(sql)?.query_row([space.as_bytes()], read).optional()?;
    Ok(found.unwrap_or_default())
}
