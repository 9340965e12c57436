//! Attachments: bytes that lie in chunks, each an entry of its own.
//!
//! The chunks of a picture are a numbered document of its person. The number follows from the bytes and
//! a secret of the person, so that the same picture lies in an event once, and nobody else can tell
//! from what stays behind of an erased one which picture it was.

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::content::Body;
use teilgeber_entry::limits::CHAIN_BYTES_MAX;
use teilgeber_entry::seal::{self, OVERHEAD};
use teilgeber_entry::{Content, DocumentId, EntryId, Noun, Origin, PersonId, SpaceId};
use teilgeber_model::{CHUNK_BYTES, Photo};

use crate::edit::Edit;
use crate::error::{Result, StoreError};
use crate::known::parcel;
use crate::nouns::{PHOTO_DATA, photo_data};
use crate::space::{Role, Space};
use crate::standing::Word;

/// Of an author's bytes in a space these are left to what people say: attachments take no more than
/// the rest.
const LEFT_FOR_WORDS: u64 = CHAIN_BYTES_MAX / 4;

/// A picture, as far as it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// All of it, and it is what the photo says.
    Whole(Vec<u8>),
    /// So many bytes; the rest has not come.
    Partly(u32),
    /// Something else than the photo says: not to be shown.
    Other,
}

/// A photo's picture, put together of its chunks.
pub(crate) fn picture(
    db: &Connection,
    space: &Space,
    person: &PersonId,
    photo: &Photo,
) -> Result<Picture> {
    let data = DocumentId::from_bytes(*photo.data.as_bytes());
    let pieces = photo_data::pieces(db, &space.id, &data, person, photo.length)?;
    if pieces.len() < photo.length.chunks() as usize {
        return Ok(Picture::Partly(pieces.iter().map(|(.., bytes)| bytes).sum()));
    }
    let mut picture = Vec::with_capacity(photo.length.get() as usize);
    for (_, entry, _) in &pieces {
        if let Some(bytes) = chunk(db, space, entry)? {
            picture.extend_from_slice(&bytes);
        }
    }
    let is_it = blake3::hash(&picture) == *photo.hash.as_bytes()
        && teilgeber_model::MediaType::of(&picture) == Some(photo.media);
    Ok(if is_it { Picture::Whole(picture) } else { Picture::Other })
}

/// How many bytes of it are here.
pub(crate) fn bytes_here(
    db: &Connection,
    space: &Space,
    person: &PersonId,
    photo: &Photo,
) -> Result<u32> {
    let data = DocumentId::from_bytes(*photo.data.as_bytes());
    let pieces = photo_data::pieces(db, &space.id, &data, person, photo.length)?;
    Ok(pieces.iter().map(|(.., bytes)| bytes).sum())
}

/// The bytes of a chunk; `None` where they are not here or do not open.
fn chunk(db: &Connection, space: &Space, entry: &EntryId) -> Result<Option<Vec<u8>>> {
    let Some(key) = &space.key else { return Ok(None) };
    let Some(parcel) = parcel(db, space, entry)? else { return Ok(None) };
    let header = parcel.envelope.header();
    let opened = parcel.payload.bytes().and_then(|payload| {
        let (_, content) = seal::open(key, &header.context(), payload).ok()?;
        Content::decode(header.kind, &content).ok()
    });
    Ok(opened.and_then(|content| match content.body {
        Body::Chunk { bytes, .. } => Some(bytes),
        _ => None,
    }))
}

impl Edit<'_> {
    /// Puts a picture into an event in chunks, where this person has not put it there already. Returns
    /// the document of the chunks. Of `photo` the data is passed over.
    ///
    /// # Errors
    /// [`StoreError::TooMuch`] when this device has written too much there already.
    pub fn attach(&mut self, space: &SpaceId, photo: &Photo, picture: &[u8]) -> Result<DocumentId> {
        self.settle()?;
        let held = self.space(space)?;
        let person = self.identity()?.ok_or(StoreError::Missing("your identity"))?.person;
        for attempt in 0..u32::MAX {
            let generation = self.number_of(space, photo, attempt)?;
            let origin = Origin::Singleton { generation };
            let id = self.named(&held, PHOTO_DATA, origin)?;
            let photo = Photo { data: (*id.as_bytes()).into(), ..photo.clone() };
            if self.is_erased(&held, &id)? {
                continue;
            }
            match self::picture(&self.tx, &held, &person, &photo)? {
                Picture::Whole(_) => return Ok(id),
                // Another picture has this number already: a chance of one in four billion.
                Picture::Other => continue,
                Picture::Partly(_) => {}
            }
            self.append_chunks(&held, PHOTO_DATA, origin, picture)?;
            return Ok(id);
        }
        Err(StoreError::Missing("a number"))
    }

    /// The number of the data's document. The key of the own space, which all devices of the person
    /// have and nobody else has, keeps others from trying pictures on what is left of an erased one.
    fn number_of(&mut self, space: &SpaceId, photo: &Photo, attempt: u32) -> Result<u32> {
        let own = Space::all(&self.tx)?.into_iter().find(|space| space.role == Role::Own);
        let key = own.and_then(|own| own.key).ok_or(StoreError::Missing("your own space"))?;
        let mut hasher =
            blake3::Hasher::new_derive_key("teilgeber 0 number of an attachment by its bytes");
        hasher.update(key.as_bytes()).update(space.as_bytes()).update(photo.hash.as_bytes());
        hasher.update(&attempt.to_be_bytes());
        let mut number = [0; 4];
        hasher.finalize_xof().fill(&mut number);
        Ok(u32::from_be_bytes(number))
    }

    fn is_erased(&self, space: &Space, document: &DocumentId) -> Result<bool> {
        Ok(self
            .tx
            .prepare_cached(
                "SELECT 1 FROM said WHERE space = ?1 AND target = ?2 AND word IN (?3, ?4)",
            )?
            .exists(params![
                space.num,
                document.as_bytes(),
                Word::Erase as i64,
                Word::Withdraw as i64
            ])?)
    }

    fn append_chunks(
        &mut self,
        space: &Space,
        noun: Noun,
        origin: Origin,
        bytes: &[u8],
    ) -> Result<()> {
        let pieces = bytes.chunks(CHUNK_BYTES as usize);
        let count = pieces.len() as u32;
        let sealed = bytes.len() as u64 + u64::from(count) * (OVERHEAD as u64 + 32);
        if self.written_in(space)? + sealed > CHAIN_BYTES_MAX - LEFT_FOR_WORDS {
            return Err(StoreError::TooMuch);
        }
        let mut entries = Vec::new();
        for (index, piece) in (0..).zip(pieces) {
            let body = Body::Chunk { index, count, bytes: piece.to_vec() };
            entries.push(self.append_chunk(space, Content { noun, origin, body })?);
        }
        self.settle()?;
        entries.into_iter().try_for_each(|entry| self.must_count(entry))
    }

    /// Puts a chunk into the document that its origin names.
    pub(crate) fn append_chunk(&mut self, space: &Space, content: Content) -> Result<i64> {
        let id = self.named(space, content.noun, content.origin)?;
        self.append(space, id, &content)
    }

    /// Payload bytes that this device's author wrote in the space.
    fn written_in(&mut self, space: &Space) -> Result<u64> {
        let author = self.author_in(&space.id)?.id();
        let written: Option<u64> = self
            .tx
            .prepare_cached(
                "SELECT chain_bytes FROM entry JOIN author ON author.num = entry.author
                 WHERE author.space = ?1 AND author.id = ?2 AND in_line = 1
                 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row(params![space.num, author.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(written.unwrap_or(0))
    }
}
