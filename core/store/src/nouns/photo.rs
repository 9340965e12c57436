//! What people say of a photo of a session: a put of whoever took it. The picture lies in
//! [`photo_data`](super::photo_data).

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::{DocumentId, PersonId, SpaceId};
use teilgeber_model::{Millis, Photo, Published};

use super::PHOTO;
use super::search::{Belongs, put_words_of};
use super::view::{CountedPut, Place, document_id, number, space_id, unreadable};

/// A photo, and who took it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictured {
    /// In which event.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Whose it is.
    pub person: PersonId,
    /// When they last said something of it, as they say.
    pub time: Millis,
    /// What they say.
    pub photo: Photo,
}

impl Pictured {
    /// The document of its chunks.
    pub fn data(&self) -> DocumentId {
        DocumentId::from_bytes(*self.photo.data.as_bytes())
    }
}

/// The photo with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Pictured>> {
    let sql = "SELECT * FROM pictured WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_pictured).optional()
}

/// The photos of a session, the oldest first.
///
/// # Errors
/// What the database fails with.
pub fn of_session(
    db: &Connection,
    space: &SpaceId,
    session: &DocumentId,
) -> rusqlite::Result<Vec<Pictured>> {
    let sql = "SELECT * FROM pictured
               WHERE space = ?1 AND session = ?2 AND hidden = 0
                 AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.id = pictured.id)
                 AND NOT EXISTS (SELECT 1 FROM muted
                                 WHERE muted.person = pictured.person AND blocked = 1)
               ORDER BY time, id";
    let params = params![space.as_bytes(), session.as_bytes()];
    db.prepare_cached(sql)?.query_map(params, row_to_pictured)?.collect()
}

/// The photos whose chunks lie in this document, hidden ones too.
///
/// # Errors
/// What the database fails with.
pub fn of_data(
    db: &Connection,
    space: &SpaceId,
    data: &DocumentId,
) -> rusqlite::Result<Vec<Pictured>> {
    let sql = "SELECT * FROM pictured WHERE space = ?1 AND data = ?2 ORDER BY id";
    let params = params![space.as_bytes(), data.as_bytes()];
    db.prepare_cached(sql)?.query_map(params, row_to_pictured)?.collect()
}

/// Writes the rows of a photo.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    put: &CountedPut<'_>,
    photo: &Photo,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO photo
             (document, space, id, hidden, person, time, session, data, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        put.person.as_bytes(),
        put.time as i64,
        photo.session.as_bytes(),
        photo.data.as_bytes(),
        photo.encode()
    ])?;
    let belongs = Belongs { session: Some(photo.session), ..Belongs::default() };
    put_words_of(tx, at, PHOTO, "", photo.caption.as_str(), belongs)
}

fn row_to_pictured(row: &Row<'_>) -> rusqlite::Result<Pictured> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Pictured {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        hidden: row.get("hidden")?,
        person: PersonId::from_bytes(row.get("person")?),
        time: number(row, "time")?,
        photo: Photo::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}

#[cfg(test)]
mod tests {
    use teilgeber_entry::{AuthorId, EntryId};
    use teilgeber_model::{Caption, Digest, Id, MediaType, PhotoLength};

    use super::*;
    use crate::nouns::samples::{SPACE, database, place};
    use crate::nouns::{State, project, search};

    fn photo(session: u8, caption: &str) -> Photo {
        Photo {
            session: Id::new([session; 32]),
            caption: Caption::new(caption).unwrap(),
            media: MediaType::Jpeg,
            length: PhotoLength::new(9).unwrap(),
            hash: Digest::new([2; 32]),
            data: Id::new([3; 32]),
            thumbnail: None,
        }
    }

    fn publish(db: &Connection, at: &Place, time: u64, value: &[u8]) {
        let put = CountedPut {
            person: PersonId::from_bytes([100; 32]),
            author: AuthorId::from_bytes([1; 32]),
            time,
            id: EntryId::from_bytes([1; 32]),
            value,
        };
        project(db, at, PHOTO, State::Puts(&[put])).unwrap();
    }

    fn captions(db: &Connection, session: u8) -> Vec<String> {
        let found = of_session(db, &SPACE, &DocumentId::from_bytes([session; 32])).unwrap();
        found.iter().map(|one| one.photo.caption.to_string()).collect()
    }

    #[test]
    fn the_photos_of_a_session_stand_in_the_order_in_which_they_were_taken() {
        let db = database();
        publish(&db, &place(1), 20, &photo(1, "Second board").encode());
        publish(&db, &place(2), 10, &photo(1, "First board").encode());
        publish(&db, &place(3), 15, &photo(2, "Elsewhere").encode());
        publish(&db, &Place { hidden: true, ..place(4) }, 15, &photo(1, "Hidden").encode());

        assert_eq!(captions(&db, 1), ["First board", "Second board"]);
        assert_eq!(search::search(&db, "elsewhere", 9).unwrap()[0].id, place(3).id);
        let data = DocumentId::from_bytes([3; 32]);
        assert_eq!(of_data(&db, &SPACE, &data).unwrap().len(), 4);
    }

    #[test]
    fn a_put_that_is_no_photo_is_not_shown() {
        let db = database();
        publish(&db, &place(1), 20, &photo(1, "Board").encode());

        publish(&db, &place(1), 30, b"no photo");

        assert_eq!(get(&db, &place(1).id).unwrap(), None);
        assert_eq!(captions(&db, 1), [""; 0]);
    }
}
