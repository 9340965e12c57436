//! The working copy of my profile, in the self space.
//!
//! One register for each field, under [`Field::as_str`]: the bytes of [`Shared::encode`], value and audience
//! together. Were they apart, merging two devices' edits could show a value to an audience
//! that was never chosen for it.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ROOT, ReadDoc};
use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_model::{Field, FieldValue, Profile, Shared};

use super::register::json;
use super::view::{Place, value};

/// The profile of `doc`. A field that cannot be read is unset and for nobody.
pub fn read(doc: &impl ReadDoc) -> Profile {
    let mut profile = Profile::default();
    for field in Field::ALL {
        if let Some(value) = register(doc, field) {
            profile.set(value);
        }
    }
    profile
}

/// Writes the fields in which `new` differs from `old`.
///
/// # Errors
/// What Automerge refuses.
pub fn write(
    tx: &mut impl Transactable,
    old: Option<&Profile>,
    new: &Profile,
) -> Result<(), AutomergeError> {
    let unset = Profile::default();
    let old = old.unwrap_or(&unset);
    for field in Field::ALL {
        let register = new.get(field).encode();
        if register != old.get(field).encode() {
            tx.put(ROOT, field.as_str(), register)?;
        }
    }
    Ok(())
}

fn register(doc: &impl ReadDoc, field: Field) -> Option<Shared<FieldValue>> {
    let (value, _) = doc.get(ROOT, field.as_str()).ok()??;
    Shared::decode(field, value.as_bytes()?).ok()
}

/// My profile as it stands; unset as long as I said nothing.
///
/// # Errors
/// What the database fails with.
pub fn mine(db: &Connection) -> rusqlite::Result<Profile> {
    let sql = "SELECT value FROM profile_draft ORDER BY document DESC LIMIT 1";
    let profile = db.prepare_cached(sql)?.query_row([], |row| value(row, "value")).optional()?;
    Ok(profile.unwrap_or_default())
}

/// Writes the row of my profile.
pub(super) fn show(tx: &Connection, at: &Place, profile: &Profile) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO profile_draft (document, value) VALUES (?1, ?2)")?
        .execute(params![at.document, json(profile)])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use teilgeber_model::{Audience, Bio, Name, PhotoConsent};

    use super::*;
    use crate::nouns::samples::{blank, database, edit, merged, place, profile, written};
    use crate::nouns::{PROFILE_DRAFT, State, project};

    #[test]
    fn two_devices_that_edit_different_fields_keep_both() {
        let mut one = blank();
        edit(&mut one, |tx| write(tx, None, &Profile::default()));
        let mut other = one.fork();
        let mut mine = Profile::default();
        mine.set_name(Shared::new(Some(Name::new("Ada").unwrap()), Audience::Event));
        let mut theirs = Profile::default();
        theirs.set_photo_consent(Shared::new(Some(PhotoConsent::Ask), Audience::Everyone));

        edit(&mut one, |tx| write(tx, Some(&Profile::default()), &mine));
        edit(&mut other, |tx| write(tx, Some(&Profile::default()), &theirs));

        let both = read(&merged(&mut one, &mut other));
        assert_eq!(both.name(), mine.name());
        assert_eq!(both.photo_consent(), theirs.photo_consent());
    }

    #[test]
    fn a_register_that_cannot_be_read_is_for_nobody() {
        let mut doc = blank();
        let bio = Shared::new(FieldValue::Bio(Bio::new("Hi").unwrap()), Audience::Everyone);
        edit(&mut doc, |tx| {
            tx.put(ROOT, "name", bio.encode())?;
            tx.put(ROOT, "bio", "Hi")?;
            tx.put(ROOT, "links", vec![0xff; 9000])
        });

        assert_ne!(read(&doc).name().audience, Audience::Me);
        assert_eq!(read(&doc).bio(), &Shared::default());
        assert_eq!(read(&doc).links(), &Shared::default());
    }

    #[test]
    fn my_profile_is_read_without_opening_its_document() {
        let db = database();
        assert_eq!(mine(&db).unwrap(), Profile::default());
        let mut ada = Profile::default();
        ada.set_name(Shared::new(Some(Name::new("Ada").unwrap()), Audience::Event));
        let doc = written(|tx| write(tx, None, &ada));

        project(&db, &place(1), PROFILE_DRAFT, State::Changes(&doc)).unwrap();
        assert_eq!(mine(&db).unwrap(), ada);

        project(&db, &place(1), PROFILE_DRAFT, State::Gone).unwrap();
        assert_eq!(mine(&db).unwrap(), Profile::default());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_profile_reads_back(first in profile(), then in profile()) {
            let mut doc = blank();
            edit(&mut doc, |tx| write(tx, None, &first));
            prop_assert_eq!(&read(&doc), &first);

            edit(&mut doc, |tx| write(tx, Some(&first), &then));
            prop_assert_eq!(&read(&doc), &then);
        }
    }
}
