//! What this device knows of a space, for an exchange: which entries, and how they are packed.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::batch;
use teilgeber_entry::{
    AuthorId, DocumentId, EntryId, Envelope, Fingerprint, Header, Introduction, Kind, LtHash,
    Parcel, Payload, SealedBinding, Signature,
};

use crate::error::{Result, StoreError};
use crate::space::Space;

/// The fingerprint of all entries of a space.
pub(crate) fn fingerprint(db: &Connection, space: &Space) -> Result<Fingerprint> {
    let state: Vec<u8> = db
        .prepare_cached("SELECT fingerprint FROM space WHERE num = ?1")?
        .query_row([space.num], |row| row.get(0))?;
    Ok(LtHash::from_bytes(&state).ok_or(StoreError::Damaged)?.fingerprint())
}

/// Time and id of all entries of a space, sorted.
pub(crate) fn items(db: &Connection, space: &Space) -> Result<Vec<(u64, EntryId)>> {
    let mut statement = db.prepare_cached("SELECT time, id FROM entry WHERE space = ?1")?;
    let rows = statement
        .query_map([space.num], |row| Ok((row.get(0)?, EntryId::from_bytes(row.get(1)?))))?;
    let mut items = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    items.sort_unstable();
    Ok(items)
}

/// The given entries in the order in which they should travel: each author's chain in order, and the
/// chains with the newest entries first. What is not here is left out.
pub(crate) fn in_sending_order(
    db: &Connection,
    space: &Space,
    ids: &[EntryId],
) -> Result<Vec<EntryId>> {
    let mut statement =
        db.prepare_cached("SELECT author, seq, time FROM entry WHERE id = ?1 AND space = ?2")?;
    let mut chains: HashMap<i64, (u64, Vec<(u32, EntryId)>)> = HashMap::new();
    for id in ids {
        let found: Option<(i64, u32, u64)> = statement
            .query_row(params![id.as_bytes(), space.num], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        if let Some((author, seq, time)) = found {
            let chain = chains.entry(author).or_default();
            chain.0 = chain.0.max(time);
            chain.1.push((seq, *id));
        }
    }
    let mut chains: Vec<_> = chains.into_iter().collect();
    chains.sort_unstable_by_key(|(author, (newest, _))| (std::cmp::Reverse(*newest), *author));
    Ok(chains
        .into_iter()
        .flat_map(|(_, (_, mut chain))| {
            chain.sort_unstable();
            chain.into_iter().map(|(_, id)| id)
        })
        .collect())
}

/// Which of the given entries are known here.
pub(crate) fn holds(db: &Connection, space: &Space, ids: &[EntryId]) -> Result<Vec<EntryId>> {
    let mut statement = db.prepare_cached("SELECT 1 FROM entry WHERE id = ?1 AND space = ?2")?;
    let mut held = Vec::new();
    for id in ids {
        if statement.exists(params![id.as_bytes(), space.num])? {
            held.push(*id);
        }
    }
    Ok(held)
}

/// Entries whose payload is not here and not gone, in the order in which they are asked for: what
/// people said first, then the chunks of attachments, those of the newest first.
pub(crate) fn wanted(
    db: &Connection,
    space: &Space,
    after: Option<EntryId>,
    limit: usize,
) -> Result<Vec<EntryId>> {
    if is_faded(db, space)? {
        return Ok(Vec::new());
    }
    let mut statement = db.prepare_cached(include_str!("sql/wanted.sql"))?;
    // No entry is before this place.
    let mut place = (-1, i64::MIN, Vec::new());
    if let Some(id) = after {
        let sql = "SELECT kind = 3, -time, id FROM entry WHERE id = ?1 AND space = ?2";
        let found = db
            .prepare_cached(sql)?
            .query_row(params![id.as_bytes(), space.num], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        place = found.unwrap_or(place);
    }
    let (is_chunk, time, id) = place;
    let rows = statement.query_map(params![space.num, is_chunk, time, id, limit], |row| {
        row.get(0).map(EntryId::from_bytes)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is packed of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// All that is here.
    Whole,
    /// Envelopes, and all payloads but those of chunks, which are asked for when the rest is there.
    ChunksLater,
    /// Only what has its payload here: to serve those who ask for it.
    Payloads,
}

/// Packs the first of the given entries, as many as fit. Says how many of `ids` are done with: those
/// that are not here any more are passed over. `opened` needs the key.
pub(crate) fn pack(
    db: &Connection,
    space: &Space,
    ids: &[EntryId],
    packing: Packing,
    opened: bool,
    max_bytes: usize,
) -> Result<(Vec<u8>, usize)> {
    let (parcels, done) = parcels(db, space, ids, packing, max_bytes)?;
    let key = space.key.as_ref().filter(|_| opened);
    let (batch, count) = batch::encode(&parcels, key, max_bytes);
    Ok((batch, done.past(count, ids.len())))
}

/// What became of ids that were to be packed.
pub(crate) struct Done {
    /// After each parcel: how many ids are done with.
    after: Vec<usize>,
    /// Whether the ids came to an end before the room did.
    is_all: bool,
}

impl Done {
    /// How many of `ids` ids are done with once the first `count` parcels are packed.
    pub(crate) fn past(&self, count: usize, ids: usize) -> usize {
        let all_fit = count == self.after.len();
        match self.after.get(count.wrapping_sub(1)) {
            // What follows the last that was found, and is not here, is done with too.
            Some(past) if !all_fit => *past,
            _ if self.is_all => ids,
            Some(past) => *past,
            None => ids,
        }
    }
}

/// The first of the given entries, as many as fit.
pub(crate) fn parcels(
    db: &Connection,
    space: &Space,
    ids: &[EntryId],
    packing: Packing,
    max_bytes: usize,
) -> Result<(Vec<Parcel>, Done)> {
    // It may have faded while a link stays on which it was offered.
    if is_faded(db, space)? {
        return Ok((Vec::new(), Done { after: Vec::new(), is_all: true }));
    }
    let mut parcels = Vec::new();
    let mut done = Done { after: Vec::new(), is_all: true };
    let mut bytes = 0;
    for (at, id) in ids.iter().enumerate() {
        let Some(mut parcel) = parcel(db, space, id)? else { continue };
        let has_payload = parcel.payload.bytes().is_some();
        match packing {
            Packing::Payloads if !has_payload => continue,
            Packing::ChunksLater if parcel.envelope.header().kind == Kind::Chunk => {
                parcel.payload = Payload::Absent;
            }
            _ => {}
        }
        bytes += parcel.payload.bytes().map_or(0, <[u8]>::len) + 200;
        if bytes > max_bytes && !parcels.is_empty() {
            break;
        }
        parcels.push(parcel);
        done.after.push(at + 1);
    }
    done.is_all = bytes <= max_bytes;
    Ok((parcels, done))
}

fn is_faded(db: &Connection, space: &Space) -> Result<bool> {
    Ok(Space::by_num(db, space.num)?.is_some_and(|space| space.faded))
}

/// An entry as it lies in the log, ready to travel to anyone.
pub(crate) fn parcel(db: &Connection, space: &Space, id: &EntryId) -> Result<Option<Parcel>> {
    let mut statement = db.prepare_cached(include_str!("sql/parcel.sql"))?;
    let found = statement
        .query_row(params![id.as_bytes(), space.num], |row| {
            let header = Header {
                kind: Kind::from_u8(row.get(0)?),
                space: space.id,
                document: row
                    .get::<_, Option<[u8; 32]>>(1)?
                    .map_or(DocumentId::NONE, DocumentId::from_bytes),
                author: AuthorId::from_bytes(row.get(2)?),
                seq: row.get(3)?,
                prev: row.get(4)?,
                time: row.get(5)?,
                payload_len: row.get(6)?,
                payload_hash: row.get(7)?,
            };
            let payload: Option<Vec<u8>> = row.get(9)?;
            let binding: Option<Vec<u8>> = row.get(10)?;
            let admission: Option<[u8; 64]> = row.get(11)?;
            Ok((header, Signature(row.get(8)?), payload, binding, admission))
        })
        .optional()?;
    let Some((header, signature, payload, binding, admission)) = found else { return Ok(None) };
    let introduction = match binding {
        None => None,
        Some(binding) => {
            let made = space.key.as_ref().map(|key| key.admit(&header.author));
            Some(Introduction {
                binding: SealedBinding::from_bytes(binding)?,
                admission: admission.map(Signature).or(made),
            })
        }
    };
    Ok(Some(Parcel {
        envelope: Envelope::new(header, signature, introduction)?,
        payload: payload.map_or(Payload::Absent, Payload::Closed),
    }))
}
