//! The pictures themselves, in chunks: of each a row says that it is here, and nothing more. The bytes
//! stay in the log, where they are once.

use rusqlite::{Connection, params};
use teilgeber_entry::{DocumentId, EntryId, PersonId, SpaceId};
use teilgeber_model::{CHUNK_BYTES, PHOTO_MAX_BYTES, PhotoLength};

use super::view::{CountedChunk, Place};

/// The most chunks that a photo is divided into.
pub const CHUNKS_MAX: u32 = PHOTO_MAX_BYTES.div_ceil(CHUNK_BYTES);

/// The chunks of one person that are here and fit a photo of this length: place, entry and bytes, in
/// order. Of several for one place the lowest entry stands, so that what a hostile person adds costs
/// no more than one chunk.
///
/// # Errors
/// What the database fails with.
pub fn pieces(
    db: &Connection,
    space: &SpaceId,
    data: &DocumentId,
    person: &PersonId,
    length: PhotoLength,
) -> rusqlite::Result<Vec<(u32, EntryId, u32)>> {
    let mut statement = db.prepare_cached(
        "SELECT place, entry, bytes FROM photo_data
         WHERE space = (SELECT num FROM space WHERE id = ?1) AND id = ?2 AND person = ?3 AND count = ?4
         ORDER BY place, entry",
    )?;
    let params = params![space.as_bytes(), data.as_bytes(), person.as_bytes(), length.chunks()];
    let rows = statement.query_map(params, |row| {
        Ok((row.get(0)?, EntryId::from_bytes(row.get(1)?), row.get(2)?))
    })?;
    let mut pieces: Vec<(u32, EntryId, u32)> = rows.collect::<rusqlite::Result<_>>()?;
    pieces.retain(|(place, _, bytes)| length.chunk_bytes(*place) == Some(*bytes));
    pieces.dedup_by_key(|(place, ..)| *place);
    Ok(pieces)
}

/// Writes the rows of a document's chunks: of those given, in addition to what stands if `more`.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    chunks: &[CountedChunk],
    more: bool,
) -> rusqlite::Result<()> {
    if !more {
        tx.prepare_cached("DELETE FROM photo_data WHERE document = ?1")?.execute([at.document])?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO photo_data (document, space, id, person, entry, place, count, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for chunk in chunks.iter().filter(|chunk| chunk.is_bounded()) {
        insert.execute(params![
            at.document,
            at.space,
            at.id.as_bytes(),
            chunk.person.as_bytes(),
            chunk.id.as_bytes(),
            chunk.index,
            chunk.count,
            chunk.bytes,
        ])?;
    }
    Ok(())
}

impl CountedChunk {
    /// Whether it could be one of a photo.
    fn is_bounded(&self) -> bool {
        self.count <= CHUNKS_MAX
            && self.index < self.count
            && (1..=CHUNK_BYTES).contains(&self.bytes)
            && (self.bytes == CHUNK_BYTES || self.index + 1 == self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nouns::samples::{SPACE, database, place};
    use crate::nouns::{PHOTO_DATA, State, project};

    const ADA: PersonId = PersonId::from_bytes([100; 32]);

    fn chunk(id: u8, index: u32, count: u32, bytes: u32) -> CountedChunk {
        CountedChunk { person: ADA, id: EntryId::from_bytes([id; 32]), index, count, bytes }
    }

    fn places(db: &Connection, length: u32) -> Vec<(u32, u8)> {
        let length = PhotoLength::new(length).unwrap();
        let found = pieces(db, &SPACE, &place(1).id, &ADA, length).unwrap();
        found.iter().map(|(place, id, _)| (*place, id.as_bytes()[0])).collect()
    }

    #[test]
    fn of_several_chunks_for_one_place_the_lowest_stands() {
        let db = database();
        let chunks = [chunk(3, 0, 2, CHUNK_BYTES), chunk(2, 1, 2, 5), chunk(1, 0, 2, CHUNK_BYTES)];

        project(&db, &place(1), PHOTO_DATA, State::Chunks(&chunks)).unwrap();

        assert_eq!(places(&db, CHUNK_BYTES + 5), [(0, 1), (1, 2)]);
        assert_eq!(places(&db, CHUNK_BYTES + 6), [(0, 1)]);
        assert_eq!(places(&db, 3 * CHUNK_BYTES), []);
    }

    #[test]
    fn a_chunk_beyond_the_bounds_of_photos_is_not_shown() {
        let db = database();
        let chunks = [
            chunk(1, 0, CHUNKS_MAX + 1, CHUNK_BYTES),
            chunk(2, 0, u32::MAX, CHUNK_BYTES),
            chunk(3, 0, 1, CHUNK_BYTES + 1),
            chunk(4, 0, 2, 5),
            chunk(5, 1, 2, 0),
        ];

        project(&db, &place(1), PHOTO_DATA, State::Chunks(&chunks)).unwrap();

        let rows: i64 =
            db.query_row("SELECT count(*) FROM photo_data", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0);
    }

    #[test]
    fn what_is_wanted_is_read_from_the_index_in_its_order() {
        let db = database();
        let plan = format!("EXPLAIN QUERY PLAN {}", include_str!("../sql/wanted.sql"));
        let mut statement = db.prepare(&plan).unwrap();
        let nowhere = (1, -1, i64::MIN, [0_u8; 0], 9);
        let steps = statement.query_map(nowhere, |row| row.get(3)).unwrap();
        let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();

        assert!(steps.iter().any(|step| step.contains("entry_wanted")), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }

    #[test]
    fn what_comes_later_stands_beside_what_came_before() {
        let db = database();
        project(&db, &place(1), PHOTO_DATA, State::Chunks(&[chunk(1, 1, 2, 5)])).unwrap();

        let more = [chunk(2, 0, 2, CHUNK_BYTES)];
        project(&db, &place(1), PHOTO_DATA, State::MoreChunks(&more)).unwrap();

        assert_eq!(places(&db, CHUNK_BYTES + 5), [(0, 2), (1, 1)]);
        project(&db, &place(1), PHOTO_DATA, State::Gone).unwrap();
        assert_eq!(places(&db, CHUNK_BYTES + 5), []);
    }
}
