//! Room on the disk for what others said: how much of it is held, and what is let go of when it is too much.
//!
//! What is kept is decided anew each time, by one order and a sum: a function of the entries that are known, of
//! what this device's person wrote, knows and asked for, and of the [bounds](Bounds). So it does not matter in
//! which order things came, and what was let go of comes back by itself once there is room.
//!
//! 1. **An event's bound.** Beyond it the authors whom nobody here knows are *kept out*, all that they said, the
//!    last of whom this device heard first. Who has a join code can make as many authors as they like.
//! 2. **Ages.** What is only carried goes once it is too old.
//! 3. **The budget.** Of the rest, what comes first is kept as long as it fits: events that the person is in
//!    before what is only carried, statements before words and words before chunks, the newest first. What claims to be from the future comes
//!    last: a forged time must not be what keeps a thing.
//!
//! Never let go of: what this person's devices wrote, and the documents in which they wrote together with
//! others (unless an author is kept out); what the person asked for after it went; the event itself; letters
//! where one may be for them; statements in an event, unless an author is kept out; and any envelope. So the
//! fingerprint stays what it was.
//!
//! A payload that was let go of differs from one that never came only in that it is not wanted. This is a
//! fact of this device, kept in the log's column `held`.

use rusqlite::{Connection, params};
use teilgeber_entry::{AuthorId, PersonId, SpaceId};

use crate::edit::{Changes, Edit};
use crate::error::Result;
use crate::identity::Identity;
use crate::nouns::EVENT;
use crate::space::{Role, Space};
use crate::store::{Store, View};

/// Payloads that are let go of, or wanted again, in one transaction.
const MOVED_AT_ONCE: usize = 1_000;

/// A clock may be ahead of this one's by so many ms.
const AHEAD_MS: u64 = 24 * 60 * 60 * 1_000;

/// How much may be held for others, in bytes of payloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Of all that is carried, and of events that the person is in.
    pub for_others: u64,
    /// Of one event that the person is in.
    pub event: u64,
    /// What is only carried is let go of if it is from before this moment, in ms since 1970.
    pub carried_since: u64,
}

/// What of a space takes room, in bytes of payloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weight {
    /// What is here.
    pub here: u64,
    /// What is not here and is asked for from whoever has it.
    pub wanted: u64,
    /// What was let go of to make room, and is not asked for.
    pub let_go: u64,
}

impl Weight {
    /// What is here, and will be.
    pub fn expected(&self) -> u64 {
        self.here.saturating_add(self.wanted)
    }
}

/// Of what a device may lack payloads that are not gone. Of nothing unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lacking {
    /// Of words from before this moment, in ms since 1970.
    pub words: u64,
    /// Of pictures from before this moment.
    pub chunks: u64,
    /// Of all that anybody but the one who is told this wrote.
    pub of_others: bool,
}

impl Lacking {
    /// Of everything: later than any time that an entry can bear.
    const ALL: Self = Self { words: 1 << 48, chunks: 1 << 48, of_others: true };
}

/// A payload, and what becomes of it.
struct Move {
    entry: i64,
    to: To,
    /// Its document, where it is to be judged anew.
    document: Option<i64>,
    /// Its space, where it is a statement.
    statements: Option<i64>,
}

/// The numbers are those of the log's column `held`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Wanted = 0,
    LetGo = 3,
    KeptOut = 4,
}

impl View<'_> {
    /// What takes room of each event that the person is in, and of each that is only carried. A kept sum:
    /// nothing is counted.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn weights(&self) -> Result<Vec<(SpaceId, Role, Weight)>> {
        let sql = "SELECT id, role, here, wanted, let_go
                   FROM space JOIN weight ON weight.space = space.num
                   WHERE role IN (4, 6) ORDER BY num";
        let mut statement = self.connection().prepare_cached(sql)?;
        let weights = statement.query_map([], |row| {
            let weight = Weight { here: row.get(2)?, wanted: row.get(3)?, let_go: row.get(4)? };
            Ok((SpaceId::from_bytes(row.get(0)?), Role::from_number(row.get(1)?), weight))
        })?;
        Ok(weights.collect::<rusqlite::Result<_>>()?)
    }

    /// How many authors of a space are kept out: nobody here knows them, and there is no room for what they said.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn kept_out(&self, space: &SpaceId) -> Result<u64> {
        let sql = "SELECT count(*) FROM kept_out
                   JOIN author ON author.num = kept_out.author
                   JOIN space ON space.num = author.space WHERE space.id = ?1";
        let mut count = self.connection().prepare_cached(sql)?;
        Ok(count.query_row([space.as_bytes()], |row| row.get(0))?)
    }

    /// Of what of a space this device may lack payloads, as a peer is told that showed itself as `author`.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn lacking(&self, space: &Space, author: Option<&AuthorId>) -> Result<Lacking> {
        let db = self.connection();
        let sql = "SELECT 1 FROM entry WHERE space = ?1 AND held >= 2 AND gone = 0";
        if !db.prepare_cached(sql)?.exists([space.num])? {
            return Ok(Lacking::default());
        }
        let sql = "SELECT 1 FROM entry WHERE space = ?1 AND (kind = 3) IN (0, 1)
                   AND held >= 2 AND held = 4 AND gone = 0";
        let of_others = db.prepare_cached(sql)?.exists([space.num])?;
        if of_others {
            let sql = "SELECT 1 FROM author WHERE space = ?1 AND id = ?2 AND num NOT IN kept_out";
            let is_kept = match author {
                Some(author) => {
                    db.prepare_cached(sql)?.exists(params![space.num, author.as_bytes()])?
                }
                None => false,
            };
            if !is_kept {
                return Ok(Lacking::ALL);
            }
        }
        let sql = "SELECT coalesce(max(time) + 1, 0) FROM entry
                   WHERE space = ?1 AND (kind = 3) = ?2 AND held >= 2 AND held = ?3 AND gone = 0";
        let mut latest = db.prepare_cached(sql)?;
        let mut latest = |is_chunk: bool, held: i64| {
            latest.query_row(params![space.num, is_chunk, held], |row| row.get::<_, u64>(0))
        };
        // Of words, 2 are letters that were read and deleted: nobody is told that.
        let (words, chunks) = (latest(false, 3)?, latest(true, 3)?.max(latest(true, 2)?));
        Ok(Lacking { words, chunks, of_others })
    }
}

impl Store {
    /// Lets go of what is too much, and wants again what there is room for. In short transactions one after
    /// another: a crash in between costs nothing, the next call goes on. `now` is in ms since 1970.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) when the database fails.
    pub fn make_room(&self, now: u64, bounds: &Bounds) -> Result<Changes> {
        let mut changes = Changes::default();
        let mut write = |act: &mut dyn FnMut(&mut Edit<'_>) -> Result<()>| -> Result<()> {
            // Nothing is drawn: no entry is written.
            let ((), changed) = self.write(now, &[0; 32], |edit| act(edit))?;
            changes.add(changed);
            Ok(())
        };
        loop {
            for space in self.read(|view| view.spaces())? {
                if space.role == Role::Event {
                    let out =
                        self.read(|view| to_keep_out(view.connection(), &space, bounds.event))?;
                    if let Some(out) = out {
                        write(&mut |edit| edit.keep_out(&space, &out))?;
                    }
                }
            }
            let moves = self.read(|view| moves(view.connection(), now, bounds))?;
            for some in moves.chunks(MOVED_AT_ONCE) {
                write(&mut |edit| edit.move_payloads(some))?;
            }
            // What a statement said that was let go of does not hold here any more: there may be more to decide.
            if !moves.iter().any(|it| it.statements.is_some() && it.to != To::Wanted) {
                break;
            }
        }
        Ok(changes)
    }
}

impl Edit<'_> {
    fn keep_out(&mut self, space: &Space, authors: &[i64]) -> Result<()> {
        let sql = "DELETE FROM kept_out WHERE author IN (SELECT num FROM author WHERE space = ?1)";
        self.tx.execute(sql, [space.num])?;
        let mut insert = self.tx.prepare_cached("INSERT INTO kept_out (author) VALUES (?1)")?;
        for author in authors {
            insert.execute([author])?;
        }
        Ok(())
    }

    fn move_payloads(&mut self, moves: &[Move]) -> Result<()> {
        for Move { entry, to, document, statements } in moves {
            // It may have gone, or been asked for, since this was decided.
            let sql = match to {
                To::Wanted => "UPDATE entry SET held = ?2 WHERE num = ?1 AND held > 2",
                To::LetGo | To::KeptOut => {
                    "UPDATE entry SET held = ?2 WHERE num = ?1 AND held <> 2 AND gone = 0
                     AND coalesce(document, 0) NOT IN asked"
                }
            };
            let moved = self.tx.prepare_cached(sql)?.execute(params![entry, *to as i64])?;
            if moved == 0 || *to == To::Wanted {
                continue;
            }
            let sql = "DELETE FROM payload WHERE entry = ?1";
            let was_here = self.tx.prepare_cached(sql)?.execute([entry])? > 0;
            self.restless.extend(statements.filter(|_| was_here));
            if let Some(document) = document.filter(|_| was_here) {
                self.judge_anew(document)?;
            }
        }
        Ok(())
    }

    /// The person asks for a document of which something was let go of: it is wanted, and stays. Says whether
    /// anything was.
    pub(crate) fn ask_for(&mut self, document: i64) -> Result<bool> {
        let sql = "UPDATE entry SET held = 0 WHERE document = ?1 AND held >= 2";
        let is_asked = self.tx.prepare_cached(sql)?.execute([document])? > 0;
        if is_asked {
            let sql = "INSERT OR IGNORE INTO asked (document) VALUES (?1)";
            self.tx.prepare_cached(sql)?.execute([document])?;
        }
        Ok(is_asked)
    }

    /// What was carried is this person's to read from now on.
    pub(crate) fn want_what_was_let_go(&mut self, space: &SpaceId) -> Result<()> {
        let space = self.space(space)?;
        let sql = "UPDATE entry SET held = 0 WHERE space = ?1 AND held > 2";
        self.tx.prepare_cached(sql)?.execute([space.num])?;
        Ok(())
    }
}

/// Which authors of an event are to be kept out; `None` where they are already, and no others.
fn to_keep_out(db: &Connection, space: &Space, bound: u64) -> Result<Option<Vec<i64>>> {
    let sql = "SELECT kept_out.author FROM kept_out JOIN author ON author.num = kept_out.author
               WHERE author.space = ?1 ORDER BY kept_out.author";
    let out: Vec<i64> = db
        .prepare_cached(sql)?
        .query_map([space.num], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT here + wanted + let_go FROM weight WHERE space = ?1";
    let all: u64 = db.prepare_cached(sql)?.query_row([space.num], |row| row.get(0))?;
    if all <= bound && out.is_empty() {
        return Ok(None);
    }
    let me = me(db)?;
    let mut statement = db.prepare_cached(include_str!("sql/weight_of_authors.sql"))?;
    let authors: Vec<(i64, u64, Option<bool>)> = statement
        .query_map(params![space.num, me.as_ref().map(PersonId::as_bytes)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let is_known = |known: Option<bool>| known.unwrap_or(false);
    let known = authors.iter().filter(|(.., known)| is_known(*known));
    let mut taken: u64 = known.map(|(_, bytes, _)| bytes).sum();
    let mut is_full = false;
    let mut beyond = Vec::new();
    for (author, bytes, _) in authors.iter().filter(|(.., known)| !is_known(*known)) {
        taken = taken.saturating_add(*bytes);
        is_full |= taken > bound;
        if is_full {
            beyond.push(*author);
        }
    }
    Ok((beyond != out).then_some(beyond))
}

/// What is to be let go of, and what to be wanted again.
fn moves(db: &Connection, now: u64, bounds: &Bounds) -> Result<Vec<Move>> {
    let me = me(db)?;
    let mut statement = db.prepare_cached(include_str!("sql/for_others.sql"))?;
    let ahead = now.saturating_add(AHEAD_MS);
    let me = me.as_ref().map(PersonId::as_bytes);
    let mut rows =
        statement.query(params![me, i64::try_from(ahead).unwrap_or(i64::MAX), EVENT.0])?;
    let mut moves = Vec::new();
    let (mut taken, mut is_full) = (0_u64, false);
    while let Some(row) = rows.next()? {
        let (entry, held, bytes): (i64, i64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (may_be_old, time): (bool, u64) = (row.get(3)?, row.get(4)?);
        let (is_out, stays): (bool, bool) = (row.get(5)?, row.get(6)?);
        let to = if is_out {
            To::KeptOut
        } else if stays {
            To::Wanted
        } else if may_be_old && time < bounds.carried_since {
            To::LetGo
        } else {
            is_full |= taken.saturating_add(bytes) > bounds.for_others;
            taken = taken.saturating_add(bytes);
            if is_full { To::LetGo } else { To::Wanted }
        };
        let is_so = if to == To::Wanted { held < 2 } else { held == to as i64 };
        if !is_so {
            moves.push(Move { entry, to, document: row.get(7)?, statements: row.get(8)? });
        }
    }
    Ok(moves)
}

fn me(db: &Connection) -> Result<Option<PersonId>> {
    Ok(Identity::read(db)?.map(|identity| identity.person))
}
