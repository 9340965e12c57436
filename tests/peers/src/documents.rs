//! The documents that all sync: sessions as this project writes them, small Automerge documents by 200
//! authors. Made once for each size, sealed and signed for a device, bare for the others.

use std::fs;
use std::path::{Path, PathBuf};

use automerge::{Automerge, Change};
use teilgeber_device::model::Line;
use teilgeber_entry::content::Body;
use teilgeber_entry::{Content, Draft, Origin, Parcel, Payload, SealedBinding, SpaceKey};
use teilgeber_store::guard::{Candidate, Loaded, actor_id};
use teilgeber_store::nouns::{SESSION, session};
use teilgeber_store::{Options, Role, Store};

use crate::Result;
use crate::crowd::{self, PITCHERS};

/// Documents that change before the last meeting, each by an author of its own.
pub(crate) const CHANGED: usize = 10;

/// Where the full device is, and the code by which others join its event.
const FULL: &str = "full";
const CODE: &str = "code";

/// Where the bare changes are: the first of each document, and those that come later.
const FIRST: &str = "first";
const LATER: &str = "later";

/// The least bytes in which these documents could travel, without anything around them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floors {
    /// All of them, compressed as one piece.
    pub(crate) all: u64,
    /// What changed of them.
    pub(crate) changed: u64,
}

/// The documents without signatures and seals.
pub(crate) struct Documents {
    pub(crate) all: Vec<Automerge>,
    /// Which document changes, and how.
    pub(crate) changed: Vec<(usize, Change)>,
}

impl Documents {
    /// Makes so many of them in a folder: a full device, and files for the others.
    pub(crate) fn make(folder: &Path, size: usize) -> Result<Floors> {
        let full = folder.join(FULL);
        let founded = crowd::found(&full)?;
        let parcels = crowd::sessions(&founded.key, size)?;
        crowd::take_in(&full, &founded.key, &parcels)?;
        fs::write(folder.join(CODE), &founded.code)?;
        let first = parcels.iter().map(change_of).collect::<Result<Vec<_>>>()?;
        let later = changes(&founded.key, &parcels)?;
        let later = later.iter().map(change_of).collect::<Result<Vec<_>>>()?;
        write(&folder.join(FIRST), &first)?;
        write(&folder.join(LATER), &later)?;
        Ok(Floors { all: compressed(&first)?, changed: compressed(&later)? })
    }

    /// Reads what was made there.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut all = Vec::new();
        for change in read(&folder.join(FIRST))? {
            let mut document = Automerge::new();
            document.apply_changes([Change::from_bytes(change)?])?;
            all.push(document);
        }
        let mut changed = Vec::new();
        for change in read(&folder.join(LATER))? {
            let change = Change::from_bytes(change)?;
            let of = all.iter().position(|document| document.get_heads() == change.deps());
            changed.push((of.ok_or("a change of no document")?, change));
        }
        Ok(Self { all, changed })
    }
}

/// The home of the full device there, and the code by which an empty one joins.
pub(crate) fn full(folder: &Path) -> Result<(PathBuf, String)> {
    Ok((folder.join(FULL), fs::read_to_string(folder.join(CODE))?))
}

/// Lets some documents change in the home of a full device, as if the changes had come over a link.
pub(crate) fn change_some(home: &Path, size: usize) -> Result<()> {
    let (store, _) = Store::open(home, &Options::default())?;
    let spaces = store.read(|view| view.spaces())?;
    drop(store);
    let mut keys = spaces.into_iter().filter(|space| space.role == Role::Event);
    let key = keys.next().and_then(|space| space.key).ok_or("an event with its key")?;
    let later = changes(&key, &crowd::sessions(&key, size)?)?;
    crowd::take_in(home, &key, &later)
}

/// The last documents of some authors, each with another title.
fn changes(key: &SpaceKey, parcels: &[Parcel]) -> Result<Vec<Parcel>> {
    let numbers = (0..CHANGED).map(|n| n * PITCHERS / CHANGED);
    numbers.map(|number| change(key, number, parcels)).collect()
}

fn change(key: &SpaceKey, number: usize, parcels: &[Parcel]) -> Result<Parcel> {
    let author = crowd::author(number);
    let of_author = |parcel: &&Parcel| parcel.envelope.header().author == author.id();
    let last = parcels.iter().rfind(of_author).ok_or("an author who pitched nothing")?;
    let header = last.envelope.header();
    let candidate = Candidate {
        author: *header.author.as_bytes(),
        position: header.seq.into(),
        entry: *last.envelope.id().as_bytes(),
        bytes: &change_of(last)?,
    };
    let mut document = Loaded::empty();
    document.extend(header.document.as_bytes(), &[candidate]).ok_or("a session counts")?;
    let old = session::read(document.document())?;
    let new = old.clone().with_title(Line::new(&format!("{}, in the garden", old.title()))?);
    let actor = actor_id(author.id().as_bytes(), header.document.as_bytes(), [1; 4]);
    let edited = document.edit(&actor, |tx| session::write(tx, Some(&old), &new))?;
    let change = edited.change.ok_or("another title is a change")?;
    let content = Content { noun: SESSION, origin: Origin::Made, body: Body::Change(change) };
    let draft = Draft {
        document: header.document,
        seq: header.seq + 1,
        prev: *last.envelope.id().as_bytes(),
        time: header.time + 86_400_000,
        binding: SealedBinding::default(),
    };
    Ok(draft.sign(key, &author, &content, &crowd::blind(number, header.seq + 1))?)
}

fn change_of(parcel: &Parcel) -> Result<Vec<u8>> {
    let Payload::Open { content, .. } = &parcel.payload else {
        return Err("what was just written is open".into());
    };
    match Content::decode(parcel.envelope.header().kind, content)?.body {
        Body::Change(bytes) => Ok(bytes.to_vec()),
        _ => Err("a session is a change".into()),
    }
}

fn compressed(changes: &[Vec<u8>]) -> Result<u64> {
    Ok(zstd::bulk::compress(&changes.concat(), 3)?.len() as u64)
}

/// Each change behind its length.
fn write(file: &Path, changes: &[Vec<u8>]) -> Result<()> {
    let mut bytes = Vec::new();
    for change in changes {
        bytes.extend_from_slice(&u32::try_from(change.len())?.to_le_bytes());
        bytes.extend_from_slice(change);
    }
    Ok(fs::write(file, bytes)?)
}

fn read(file: &Path) -> Result<Vec<Vec<u8>>> {
    let bytes = fs::read(file)?;
    let (mut rest, mut changes) = (&bytes[..], Vec::new());
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = u32::from_le_bytes(*length) as usize;
        let (change, after) = after.split_at_checked(length).ok_or("a file that was cut")?;
        changes.push(change.to_vec());
        rest = after;
    }
    Ok(changes)
}
