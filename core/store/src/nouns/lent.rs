//! What another event lent to this one: a put of the person who is in both.
//!
//! Words count only under the signature of their author over the event that they come from, the document
//! there and themselves, and nothing counts that an event lends to itself: a loan that says otherwise has
//! no row. The name of the event that lends, and a session's title, are the lender's word.

use rusqlite::{Connection, OptionalExtension, Row, params};
use teilgeber_entry::public::public_claim;
use teilgeber_entry::{AuthorId, DocumentId, PersonId, Signature, SpaceId};
use teilgeber_model::{Lent, Loan, Millis, Published};

use super::LENT;
use super::search::put_words;
use super::view::{CountedPut, Place, document_id, number, space_id, unreadable};

/// A loan, and who lent it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Borrowed {
    /// The event that borrowed it.
    pub space: SpaceId,
    /// Which document.
    pub id: DocumentId,
    /// Whether an organiser hid it.
    pub hidden: bool,
    /// Who lent it.
    pub person: PersonId,
    /// When, as they say.
    pub time: Millis,
    /// What it is, and where from.
    pub lent: Lent,
}

/// The loan with this document id.
///
/// # Errors
/// What the database fails with.
pub fn get(db: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Borrowed>> {
    let sql = "SELECT * FROM borrowed WHERE id = ?1";
    db.prepare_cached(sql)?.query_row([id.as_bytes()], row_to_borrowed).optional()
}

/// What an event borrowed, the oldest first.
///
/// # Errors
/// What the database fails with.
pub fn in_space(db: &Connection, space: &SpaceId) -> rusqlite::Result<Vec<Borrowed>> {
    let sql = "SELECT * FROM borrowed WHERE space = ?1 AND hidden = 0 ORDER BY time, id";
    db.prepare_cached(sql)?.query_map([space.as_bytes()], row_to_borrowed)?.collect()
}

/// All that a person lent, anywhere.
///
/// # Errors
/// What the database fails with.
pub fn of_person(db: &Connection, person: &PersonId) -> rusqlite::Result<Vec<Borrowed>> {
    let sql = "SELECT * FROM borrowed WHERE person = ?1 ORDER BY space, id";
    db.prepare_cached(sql)?.query_map([person.as_bytes()], row_to_borrowed)?.collect()
}

/// Whether a loan is what it says it is. A space does not lend to itself.
fn holds(lent: &Lent, to: &SpaceId) -> bool {
    let from = SpaceId::from_bytes(*lent.from.as_bytes());
    if from == *to {
        return false;
    }
    match &lent.loan {
        Loan::Session(_) => true,
        Loan::Words { words, signed } => {
            let author = AuthorId::from_bytes(*signed.author.as_bytes());
            let document = DocumentId::from_bytes(*lent.document.as_bytes());
            let signature = Signature(signed.signature);
            let claim = public_claim(&author, &from, &document, &words.encode(), &signature);
            claim.verify().is_ok()
        }
    }
}

/// Writes the rows of a loan.
pub(super) fn show(
    tx: &Connection,
    at: &Place,
    put: &CountedPut<'_>,
    lent: &Lent,
) -> rusqlite::Result<()> {
    let to: [u8; 32] = tx
        .prepare_cached("SELECT id FROM space WHERE num = ?1")?
        .query_row([at.space], |row| row.get(0))?;
    if !holds(lent, &SpaceId::from_bytes(to)) {
        return super::view::remove(tx, at, LENT);
    }
    tx.prepare_cached(
        "INSERT OR REPLACE INTO lent
             (document, space, id, hidden, person, time, origin, original, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        at.document,
        at.space,
        at.id.as_bytes(),
        at.hidden,
        put.person.as_bytes(),
        put.time as i64,
        lent.from.as_bytes(),
        lent.document.as_bytes(),
        lent.encode()
    ])?;
    let (title, body) = match &lent.loan {
        Loan::Session(title) => (title.as_str(), ""),
        Loan::Words { words, .. } => ("", words.text.as_str()),
    };
    put_words(tx, at, LENT, title, body)
}

fn row_to_borrowed(row: &Row<'_>) -> rusqlite::Result<Borrowed> {
    let bytes = row.get_ref("value")?.as_blob()?;
    Ok(Borrowed {
        space: space_id(row, "space")?,
        id: document_id(row, "id")?,
        hidden: row.get("hidden")?,
        person: PersonId::from_bytes(row.get("person")?),
        time: number(row, "time")?,
        lent: Lent::decode(bytes).map_err(|error| unreadable(row, "value", error))?,
    })
}

#[cfg(test)]
mod tests {
    use teilgeber_entry::{AuthorKey, EntryId};
    use teilgeber_model::{Id, PublicWords, Signed};

    use super::*;
    use crate::nouns::samples::{SPACE, database, line, place};
    use crate::nouns::{State, project};

    const ELSEWHERE: SpaceId = SpaceId::from_bytes([0xcc; 32]);
    const ORIGINAL: DocumentId = DocumentId::from_bytes([5; 32]);

    fn words(text: &str) -> Lent {
        let words = PublicWords { text: teilgeber_model::Prose::new(text).unwrap(), by: None };
        let key = AuthorKey::from_bytes([1; 32]);
        let signature = key.sign_for_everyone(&ELSEWHERE, &ORIGINAL, &words.encode()).0;
        let signed = Signed { author: Id::new(*key.id().as_bytes()), signature };
        lent(ELSEWHERE, Loan::Words { words, signed })
    }

    fn lent(from: SpaceId, loan: Loan) -> Lent {
        let (from, document) = (Id::new(*from.as_bytes()), Id::new(*ORIGINAL.as_bytes()));
        Lent { from, camp: line("Elsewhere"), document, loan }
    }

    fn shown(value: &Lent) -> Vec<Borrowed> {
        let db = database();
        let value = value.encode();
        let put = CountedPut {
            person: PersonId::from_bytes([100; 32]),
            author: AuthorId::from_bytes([1; 32]),
            time: 7,
            id: EntryId::from_bytes([1; 32]),
            value: &value,
        };
        project(&db, &place(1), LENT, State::Puts(&[put])).unwrap();
        in_space(&db, &SPACE).unwrap()
    }

    #[test]
    fn words_are_shown_under_their_authors_signature_alone() {
        let honest = words("Come over");
        let mut changed = honest.clone();
        if let Loan::Words { words, .. } = &mut changed.loan {
            words.text = teilgeber_model::Prose::new("Stay away").unwrap();
        }
        let elsewhere = Lent { document: Id::new([6; 32]), ..honest.clone() };

        assert_eq!(shown(&honest)[0].lent, honest);
        assert_eq!(shown(&changed), []);
        assert_eq!(shown(&elsewhere), []);
    }

    #[test]
    fn an_event_does_not_borrow_from_itself() {
        let title = Loan::Session(line("Seeds and seasons"));

        assert_eq!(shown(&lent(ELSEWHERE, title.clone())).len(), 1);
        assert_eq!(shown(&lent(SPACE, title)), []);
    }
}
