//! People I met, as I remember them. Mine alone: they never see it.

use serde::Serialize;
use teilgeber_entry::{DocumentId, Origin, PersonId};
use teilgeber_model::{Contact, Id, Promises};
use teilgeber_store::nouns::text::{Splice, TextUnit};
use teilgeber_store::nouns::{CONTACT, card, contact};
use teilgeber_store::{Edit, StoreError, View};

use crate::device::{Device, model_id, person_id};
use crate::error::{Error, Result};
use crate::remembered;

/// Somebody I met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContactRecord {
    /// The document that holds what I remember: what [changes](crate::Change) name.
    pub id: Id,
    /// What I hold of them, with the latest card that I know.
    pub contact: Contact,
    /// Whether the card comes up to date by itself, because they gave me theirs to follow.
    pub follows: bool,
}

impl Device {
    /// All my contacts, by name.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn contacts(&self) -> Result<Vec<ContactRecord>> {
        self.read(|view| {
            let found = contact::list(view.connection())?;
            found.into_iter().map(|known| record(view, known)).collect()
        })
    }

    /// What I hold of a person.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn contact(&self, person: Id) -> Result<ContactRecord> {
        let found = self.read(|view| {
            let found = contact::of_person(view.connection(), &person_id(person))?;
            found.map(|known| record(view, known)).transpose()
        })?;
        found.ok_or(Error::NotHere("that contact"))
    }

    /// Makes my contact say `contact`: under which name I see them, the memo, the meetings and the
    /// promises. The card and whether they are confirmed are theirs to say and stay as they are.
    ///
    /// # Errors
    /// [`Error::NotHere`], [`Error::Shorten`] or [`Error::FreeSpace`].
    pub fn set_contact(&self, contact: &Contact) -> Result<()> {
        let person = person_id(contact.person());
        self.contact(contact.person())?;
        self.write(|edit| {
            change_contact(self, edit, &person, |old| {
                let card = old.as_ref().and_then(|old| old.card().cloned());
                let confirmed = old.is_some_and(|old| old.is_confirmed());
                contact.clone().with_card(card).with_confirmed(confirmed)
            })
        })
    }

    /// Makes these the promises between me and a contact.
    ///
    /// # Errors
    /// As [`set_contact`](Self::set_contact).
    pub fn set_promises(&self, person: Id, promises: Promises) -> Result<()> {
        let contact = self.contact(person)?.contact;
        self.set_contact(&contact.with_promises(promises))
    }

    /// Edits a contact's memo in place, as [`splice_note`](Self::splice_note) does a note.
    ///
    /// # Errors
    /// As [`splice_note`](Self::splice_note).
    pub fn splice_memo(&self, person: Id, unit: TextUnit, splices: &[Splice]) -> Result<()> {
        let document = self.contact_document(person)?;
        self.write(|edit| {
            let mut refused = None;
            let edited = edit.change_document(&self.own_space(), &document, |tx| {
                contact::splice(tx, unit, splices).map_err(|error| {
                    refused = Some(error);
                    StoreError::Missing("that place in the text")
                })
            });
            match refused {
                Some(error) => Err(error.into()),
                None => Ok(edited?),
            }
        })
    }

    /// Erases what I hold of a person. What I gave them stays with them, my card to follow too: see
    /// [`remove_contact`](Self::remove_contact).
    ///
    /// # Errors
    /// [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn erase_contact(&self, person: Id) -> Result<()> {
        self.write(|edit| erase_contact(self, edit, &person_id(person)))
    }

    fn contact_document(&self, person: Id) -> Result<DocumentId> {
        let found =
            self.read(|view| Ok(contact::of_person(view.connection(), &person_id(person))?))?;
        Ok(found.ok_or(Error::NotHere("that contact"))?.id)
    }
}

/// Changes what I hold of a person, or begins it: `change` is given what is there.
pub(crate) fn change_contact(
    device: &Device,
    edit: &mut Edit<'_>,
    person: &PersonId,
    change: impl FnOnce(Option<Contact>) -> Contact,
) -> Result<()> {
    let parent = DocumentId::from_bytes(*person.as_bytes());
    let origin =
        Origin::Attached { parent, generation: generation(edit, &generation_name(person))? };
    edit.change_named(&device.own_space(), CONTACT, origin, |tx| {
        let old = contact::read(&*tx).ok();
        let new = change(old.clone());
        Ok(contact::write(tx, old.as_ref(), &new)?)
    })?;
    Ok(())
}

/// Erases what I hold of a person.
pub(crate) fn erase_contact(device: &Device, edit: &mut Edit<'_>, person: &PersonId) -> Result<()> {
    let known = contact::of_person(edit.connection(), person).map_err(StoreError::from)?;
    let document = known.ok_or(Error::NotHere("that contact"))?.id;
    edit.erase(&device.own_space(), &document)?;
    let name = generation_name(person);
    let next = generation(edit, &name)? + 1;
    Ok(edit.keep(&name, &next.to_be_bytes())?)
}

/// Whether I erased what I held of a person.
pub(crate) fn was_erased(edit: &Edit<'_>, person: &PersonId) -> Result<bool> {
    Ok(generation(edit, &generation_name(person))? > 0)
}

/// Who was erased and is met again becomes a new document, because the old one stays erased.
fn generation(edit: &Edit<'_>, name: &str) -> Result<u32> {
    let bytes = edit.keepsake(name)?.and_then(|bytes| bytes.try_into().ok());
    Ok(bytes.map_or(0, u32::from_be_bytes))
}

fn generation_name(person: &PersonId) -> String {
    format!("contact/{person}")
}

/// Joins what I remember with the card that its person keeps up to date.
fn record(view: &View<'_>, known: contact::Known) -> teilgeber_store::Result<ContactRecord> {
    let person = person_id(known.contact.person());
    let followed = remembered::followed(view, &person)?;
    let mut published = card::of_person(view.connection(), &person)?.into_iter();
    let live = published.find(|published| Some(published.space) == followed);
    let follows = live.is_some();
    let card = live.map(|live| live.card).or_else(|| known.contact.card().cloned());
    Ok(ContactRecord {
        id: model_id(known.id.as_bytes()),
        contact: known.contact.with_card(card),
        follows,
    })
}
