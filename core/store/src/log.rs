//! Putting entries into the log: each author is a hash chain, and of a fork the lower branch is in
//! line.
//!
//! What is kept is a function of the set of entries that ever came, whatever their order: at each
//! number of an author the lowest id whose predecessor is in line is in line; of the others the lowest
//! is kept as proof of the fork, and nothing that follows it. An entry whose predecessor has not come
//! waits in `pending`, known to nobody.

use rusqlite::{OptionalExtension, params};
use teilgeber_entry::batch;
use teilgeber_entry::limits::CHAIN_BYTES_MAX;
use teilgeber_entry::{AuthorId, DocumentId, EntryId, Header, Kind, Parcel, Payload, PersonId};

use crate::edit::{Edit, person_of};
use crate::error::Result;
use crate::row::Judged;
use crate::sent::letter_bar;
use crate::space::Space;

/// Entries of one space that may wait for their predecessors: a bundle's worth. What comes beyond
/// that is not kept and comes again in a later exchange.
const PENDING_MAX: i64 = 4096;

/// What a branch point looks like before an entry comes to it.
struct Place {
    /// Payload bytes of the chain before it.
    chain_bytes: u64,
    in_line: Option<Rival>,
    lost: Option<Rival>,
}

struct Rival {
    num: i64,
    id: EntryId,
}

enum Predecessor {
    Missing,
    NotInLine,
    InLine { chain_bytes: u64 },
}

impl Edit<'_> {
    /// Puts a verified entry into the log and whatever waited for it. Returns its number; `None`
    /// where it is not kept: it waits, lost its fork, or is beyond its author's quota.
    pub(crate) fn insert(
        &mut self,
        space: &Space,
        parcel: Parcel,
        person: Option<PersonId>,
    ) -> Result<Option<i64>> {
        let id = parcel.envelope.id();
        let Some(num) = self.insert_one(space, &parcel, person)? else { return Ok(None) };
        let mut arrived = vec![id];
        while let Some(id) = arrived.pop() {
            for waiting in self.take_pending(space, &id)? {
                let id = waiting.envelope.id();
                if self.insert_one(space, &waiting, None)?.is_some() {
                    arrived.push(id);
                }
            }
        }
        Ok(Some(num))
    }

    fn insert_one(
        &mut self,
        space: &Space,
        parcel: &Parcel,
        person: Option<PersonId>,
    ) -> Result<Option<i64>> {
        let header = parcel.envelope.header();
        if header.kind == Kind::Letter && !self.take_letter(space, header, &parcel.envelope.id())? {
            return Ok(None);
        }
        let chain_bytes = match self.predecessor(space, header)? {
            Predecessor::Missing => {
                self.wait(space, parcel)?;
                return Ok(None);
            }
            Predecessor::NotInLine => return Ok(None),
            Predecessor::InLine { chain_bytes } => chain_bytes + u64::from(header.payload_len),
        };
        if chain_bytes > CHAIN_BYTES_MAX {
            return Ok(None);
        }
        let author = self.author_row(space.num, &header.author)?;
        let place = self.place(author, header.seq, chain_bytes)?;
        let Some(in_line) = self.take_place(space, author, header.seq, &place, parcel)? else {
            return Ok(None);
        };
        let num = self.write_entry(space, author, parcel, place.chain_bytes, in_line)?;
        if header.seq == 1 && in_line && header.kind != Kind::Letter {
            let person = match (person, &space.key, parcel.envelope.introduction()) {
                (None, Some(key), Some(introduction)) => {
                    let sealed = introduction.binding.as_bytes().to_vec();
                    person_of(key, &space.id, &header.author, sealed)
                }
                (person, ..) => person,
            };
            self.set_person(author, person)?;
        }
        Ok(Some(num))
    }

    /// Decides a fork. Returns whether the entry is in line, `None` where it is not kept.
    fn take_place(
        &mut self,
        space: &Space,
        author: i64,
        seq: u32,
        place: &Place,
        parcel: &Parcel,
    ) -> Result<Option<bool>> {
        let id = parcel.envelope.id();
        let Some(rival) = &place.in_line else { return Ok(Some(true)) };
        self.restless.insert(space.num);
        if id > rival.id {
            return match &place.lost {
                Some(lost) if id > lost.id => Ok(None),
                Some(lost) => {
                    self.remove_entry(space, lost.num, &lost.id)?;
                    Ok(Some(false))
                }
                None => Ok(Some(false)),
            };
        }
        // The rival loses its place, and with it everything that follows it.
        self.keep_lost(space, author, seq)?;
        if let Some(lost) = &place.lost {
            self.remove_entry(space, lost.num, &lost.id)?;
        }
        let followers: Vec<(i64, [u8; 32])> = self
            .tx
            .prepare_cached("SELECT num, id FROM entry WHERE author = ?1 AND seq > ?2")?
            .query_map(params![author, seq], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (num, id) in followers {
            self.remove_entry(space, num, &EntryId::from_bytes(id))?;
        }
        self.touch_document_of(rival.num)?;
        // The envelope is the proof; its words were never said.
        self.tx
            .prepare_cached("UPDATE entry SET in_line = 0, verdict = 0, gone = 1 WHERE num = ?1")?
            .execute([rival.num])?;
        self.drop_payload(rival.num)?;
        Ok(Some(true))
    }

    fn predecessor(&mut self, space: &Space, header: &Header) -> Result<Predecessor> {
        if header.seq == 1 {
            return Ok(Predecessor::InLine { chain_bytes: 0 });
        }
        let found: Option<(bool, u64)> = self
            .tx
            .prepare_cached(include_str!("sql/predecessor.sql"))?
            .query_row(
                params![header.prev, space.num, header.author.as_bytes(), header.seq - 1],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(match found {
            None => Predecessor::Missing,
            Some((false, _)) => Predecessor::NotInLine,
            Some((true, chain_bytes)) => Predecessor::InLine { chain_bytes },
        })
    }

    fn place(&mut self, author: i64, seq: u32, chain_bytes: u64) -> Result<Place> {
        let mut place = Place { chain_bytes, in_line: None, lost: None };
        let mut statement = self
            .tx
            .prepare_cached("SELECT num, id, in_line FROM entry WHERE author = ?1 AND seq = ?2")?;
        let mut rows = statement.query(params![author, seq])?;
        while let Some(row) = rows.next()? {
            let rival = Rival { num: row.get(0)?, id: EntryId::from_bytes(row.get(1)?) };
            match row.get(2)? {
                true => place.in_line = Some(rival),
                false => place.lost = Some(rival),
            }
        }
        Ok(place)
    }

    fn write_entry(
        &mut self,
        space: &Space,
        author: i64,
        parcel: &Parcel,
        chain_bytes: u64,
        in_line: bool,
    ) -> Result<i64> {
        let header = parcel.envelope.header();
        let id = parcel.envelope.id();
        let document = match header.document {
            DocumentId::NONE => None,
            document => Some(self.document_row(space.num, &document)?),
        };
        self.tx.prepare_cached(include_str!("sql/insert_entry.sql"))?.execute(params![
            space.num,
            id.as_bytes(),
            header.kind.as_u8(),
            document,
            author,
            header.seq,
            header.prev,
            header.time,
            header.payload_len,
            header.payload_hash,
            parcel.envelope.signature().0,
            chain_bytes,
            in_line,
            Judged::Waits as i64,
            !in_line,
            in_line && parcel.payload.bytes().is_some(),
        ])?;
        let num = self.tx.last_insert_rowid();
        if let Some(bytes) = parcel.payload.bytes().filter(|_| in_line) {
            self.insert_payload(num, bytes)?;
            if let Payload::Open { content, .. } = &parcel.payload {
                self.fresh.insert(num, content.clone());
            }
        }
        self.write_introduction(space, num, parcel)?;
        self.removed.remove(&id);
        self.fingerprint_mut(space.num)?.add(&id);
        self.changes.entries.entry(space.id).or_default().push(id);
        match header.kind {
            Kind::Statement => {
                self.tx
                    .prepare_cached("UPDATE space SET statements = statements + 1 WHERE num = ?1")?
                    .execute([space.num])?;
                self.restless.insert(space.num);
            }
            Kind::Letter => self.changes.letters = true,
            _ => {}
        }
        self.touched.extend(document.filter(|_| in_line));
        Ok(num)
    }

    fn write_introduction(&mut self, space: &Space, num: i64, parcel: &Parcel) -> Result<()> {
        let Some(introduction) = parcel.envelope.introduction() else { return Ok(()) };
        let admission = introduction.admission.as_ref().filter(|_| space.key.is_none());
        self.tx
            .prepare_cached(
                "INSERT INTO introduction (entry, binding, admission) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![num, introduction.binding.as_bytes(), admission.map(|s| s.0)])?;
        Ok(())
    }

    /// Keeps the payload of an entry that was known without.
    pub(crate) fn fill_payload(&mut self, entry: i64, bytes: &[u8]) -> Result<()> {
        self.insert_payload(entry, bytes)?;
        self.tx.prepare_cached("UPDATE entry SET held = 1 WHERE num = ?1")?.execute([entry])?;
        Ok(())
    }

    pub(crate) fn drop_payload(&mut self, entry: i64) -> Result<()> {
        self.tx.prepare_cached("DELETE FROM payload WHERE entry = ?1")?.execute([entry])?;
        self.tx.prepare_cached("UPDATE entry SET held = 0 WHERE num = ?1")?.execute([entry])?;
        self.fresh.remove(&entry);
        Ok(())
    }

    /// Drops a payload for good: it is not here, and not wanted from anybody.
    pub(crate) fn let_payload_go(&mut self, entry: i64) -> Result<()> {
        self.drop_payload(entry)?;
        self.tx.prepare_cached("UPDATE entry SET held = 2 WHERE num = ?1")?.execute([entry])?;
        Ok(())
    }

    fn insert_payload(&mut self, entry: i64, bytes: &[u8]) -> Result<()> {
        self.tx
            .prepare_cached("INSERT INTO payload (entry, bytes) VALUES (?1, ?2)")?
            .execute(params![entry, bytes])?;
        Ok(())
    }

    fn remove_entry(&mut self, space: &Space, num: i64, id: &EntryId) -> Result<()> {
        self.touch_document_of(num)?;
        let kind: u8 = self
            .tx
            .prepare_cached("DELETE FROM entry WHERE num = ?1 RETURNING kind")?
            .query_row([num], |row| row.get(0))?;
        if Kind::from_u8(kind) == Kind::Statement {
            self.tx
                .prepare_cached("UPDATE space SET statements = statements - 1 WHERE num = ?1")?
                .execute([space.num])?;
        }
        self.fresh.remove(&num);
        self.removed.insert(*id);
        self.fingerprint_mut(space.num)?.remove(id);
        if let Some(told) = self.changes.entries.get_mut(&space.id) {
            told.retain(|other| other != id);
        }
        Ok(())
    }

    fn touch_document_of(&mut self, entry: i64) -> Result<()> {
        let document: Option<i64> = self
            .tx
            .prepare_cached("SELECT document FROM entry WHERE num = ?1")?
            .query_row([entry], |row| row.get(0))?;
        document.map_or(Ok(()), |document| self.judge_anew(document))
    }

    pub(crate) fn author_row(&mut self, space: i64, id: &AuthorId) -> Result<i64> {
        let found = self
            .tx
            .prepare_cached("SELECT num FROM author WHERE space = ?1 AND id = ?2")?
            .query_row(params![space, id.as_bytes()], |row| row.get(0))
            .optional()?;
        if let Some(num) = found {
            return Ok(num);
        }
        self.tx
            .prepare_cached("INSERT INTO author (space, id) VALUES (?1, ?2)")?
            .execute(params![space, id.as_bytes()])?;
        Ok(self.tx.last_insert_rowid())
    }

    pub(crate) fn document_row(&mut self, space: i64, id: &DocumentId) -> Result<i64> {
        let found = self
            .tx
            .prepare_cached("SELECT num FROM document WHERE space = ?1 AND id = ?2")?
            .query_row(params![space, id.as_bytes()], |row| row.get(0))
            .optional()?;
        if let Some(num) = found {
            return Ok(num);
        }
        self.tx
            .prepare_cached("INSERT INTO document (space, id) VALUES (?1, ?2)")?
            .execute(params![space, id.as_bytes()])?;
        Ok(self.tx.last_insert_rowid())
    }

    /// Keeps an entry until its predecessor comes.
    fn wait(&mut self, space: &Space, parcel: &Parcel) -> Result<()> {
        let waiting: i64 = self
            .tx
            .prepare_cached("SELECT count(*) FROM pending WHERE space = ?1")?
            .query_row([space.num], |row| row.get(0))?;
        if waiting < PENDING_MAX {
            let (bytes, _) = batch::encode(std::slice::from_ref(parcel), None, usize::MAX);
            self.tx
                .prepare_cached(
                    "INSERT OR IGNORE INTO pending (id, space, prev, parcel) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![
                    parcel.envelope.id().as_bytes(),
                    space.num,
                    parcel.envelope.header().prev,
                    bytes
                ])?;
        }
        Ok(())
    }

    fn take_pending(&mut self, space: &Space, arrived: &EntryId) -> Result<Vec<Parcel>> {
        let rows: Vec<Vec<u8>> = self
            .tx
            .prepare_cached("DELETE FROM pending WHERE prev = ?1 AND space = ?2 RETURNING parcel")?
            .query_map(params![arrived.as_bytes(), space.num], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut parcels = Vec::new();
        for bytes in rows {
            parcels.extend(batch::decode(&bytes, &space.id, None)?);
        }
        Ok(parcels)
    }

    /// Whether a letter is to be kept. Two with one author are no fork but one letter with more work:
    /// the one with the most is kept. Then come the bounds of the space.
    fn take_letter(&mut self, space: &Space, header: &Header, id: &EntryId) -> Result<bool> {
        let author = self.author_row(space.num, &header.author)?;
        if let Some(rival) = self.place(author, header.seq, 0)?.in_line {
            if rival.id < *id {
                return Ok(false);
            }
            self.remove_entry(space, rival.num, &rival.id)?;
        }
        self.make_room_for_letter(space, id)
    }

    /// Whether a letter is among those that the space keeps; the one that it displaces goes.
    fn make_room_for_letter(&mut self, space: &Space, id: &EntryId) -> Result<bool> {
        let Some(highest) = letter_bar(&self.tx, space.num)? else { return Ok(true) };
        if *id < highest {
            let sql = "SELECT num FROM entry WHERE id = ?1";
            let num =
                self.tx.prepare_cached(sql)?.query_row([highest.as_bytes()], |row| row.get(0))?;
            self.remove_entry(space, num, &highest)?;
        }
        Ok(*id < highest)
    }
}
