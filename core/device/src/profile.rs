//! What I say about myself, and for whom.

use teilgeber_entry::Origin;
use teilgeber_model::{Id, Profile};
use teilgeber_store::nouns::{PROFILE_DRAFT, profile};
use teilgeber_store::{Edit, Places};

use crate::card;
use crate::device::{Device, space_id};
use crate::error::Result;

impl Device {
    /// My profile as it stands; all unset at first.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn profile(&self) -> Result<Profile> {
        self.read(|view| Ok(profile::mine(view.connection())?))
    }

    /// Makes my profile say `profile`, and publishes to each audience what it may see: to my contacts
    /// their card, and to the events in which I [appear](Self::appear_in) theirs. What a field no
    /// longer shows to somebody is no longer in what they get.
    ///
    /// # Errors
    /// [`Error::FreeSpace`](crate::Error::FreeSpace) when the disk is full.
    pub fn set_profile(&self, profile: &Profile) -> Result<()> {
        self.write(|edit| say(self, edit, profile))
    }

    /// Whether I am to be seen in an event, by what my profile shows there. Off until it is said;
    /// turning it off erases what was seen, and a [finished sync](Self::sync_with) asks others for the
    /// same.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere) or [`Error::FreeSpace`](crate::Error::FreeSpace).
    pub fn appear_in(&self, event: Id, appear: bool) -> Result<()> {
        self.event_space(event)?;
        self.write(|edit| {
            card::set_appearing(edit, &space_id(event), appear)?;
            if appear {
                let profile =
                    profile::mine(edit.connection()).map_err(teilgeber_store::StoreError::from)?;
                card::publish_in_event(edit, &space_id(event), &profile)
            } else {
                card::withdraw(edit, &space_id(event))
            }
        })
    }

    /// How many devices have heard that I withdrew from an event: by how many the erasure of what was
    /// last seen of me is confirmed. `None` where nothing was withdrawn.
    ///
    /// # Errors
    /// [`Error::NotHere`](crate::Error::NotHere).
    pub fn withdrawal(&self, event: Id) -> Result<Option<Places>> {
        let space = self.event_space(event)?;
        let withdrawn = self.read(|view| {
            card::last_withdrawn(view, &space)?.map(|card| view.places(&space, &card)).transpose()
        })?;
        Ok(withdrawn)
    }

    /// Whether I am to be seen in an event.
    ///
    /// # Errors
    /// [`Error::Report`](crate::Error::Report) when the database fails.
    pub fn appears_in(&self, event: Id) -> Result<bool> {
        let appearing = self.read(|view| view.keepsake(card::APPEARING))?;
        Ok(card::ids(appearing).contains(&space_id(event)))
    }
}

/// Writes the profile, and publishes to each audience what it may see.
pub(crate) fn say(device: &Device, edit: &mut Edit<'_>, profile: &Profile) -> Result<()> {
    let origin = Origin::Singleton { generation: 0 };
    edit.change_named(&device.own_space(), PROFILE_DRAFT, origin, |tx| {
        let old = profile::read(&*tx);
        Ok(profile::write(tx, Some(&old), profile)?)
    })?;
    card::publish_to_contacts(edit, &device.card_space_in(edit)?, profile)?;
    for event in card::appearing(edit)? {
        card::publish_in_event(edit, &event, profile)?;
    }
    Ok(())
}
