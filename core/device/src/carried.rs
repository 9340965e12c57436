//! Carrying an event for others, without its key.
//!
//! A hub, or any device that stays on, holds an event's sealed entries and hands them on: what somebody said
//! before they left reaches those who come later. It learns what every courier can see (the threat
//! model lists it) and reads nothing. It is let in by a [carry code](Device::carry_code), which opens nothing.

use serde::Serialize;
use teilgeber_model::Id;
use teilgeber_store::{Keys, NewSpace, Role};

use crate::code::{CarryCode, Code};
use crate::device::{Device, model_id};
use crate::error::{Error, Result};

/// An event that is carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// The event.
    pub event: Id,
    /// Entries that are held, those included of which only the envelope is left.
    pub entries: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
}

impl Device {
    /// The code that lets a hub carry an event. Whoever has it can recognise those who are in the event on
    /// a link, and hold what they say; they can read nothing of it.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn carry_code(&self, event: Id) -> Result<String> {
        let space = self.event_space(event)?;
        let founder = space.founder.ok_or(Error::NotHere("the event's founder"))?;
        Ok(Code::Carry(CarryCode { space: space.id, carry: space.carry, founder }).text())
    }

    /// Carries the event that a code is for, from the next link on. An event that this device is in
    /// already stays as it is.
    ///
    /// # Errors
    /// [`Error::ScanAgain`], [`Error::OtherCode`], [`Error::UpdateApp`] for a code of a newer version, or
    /// [`Error::FreeSpace`].
    pub fn carry(&self, code: &str) -> Result<Id> {
        let code = match Code::read(code)? {
            Code::Carry(code) => code,
            other => return Err(Error::OtherCode(other.kind())),
        };
        let space = self.write(|edit| {
            Ok::<_, Error>(edit.hold_space(&NewSpace {
                role: Role::Carried,
                keys: Keys::Courier(code.space, code.carry),
                founder: Some(code.founder),
                owner: None,
            })?)
        })?;
        Ok(model_id(space.as_bytes()))
    }

    /// The events that this device carries and is not in.
    ///
    /// # Errors
    /// [`Error::Report`] when the database fails.
    pub fn carried(&self) -> Result<Vec<Carried>> {
        self.read(|view| {
            let weights = view.weights()?.into_iter();
            let carried = weights.filter(|(_, role, _)| *role == Role::Carried);
            let carried = carried.map(|(space, _, weight)| {
                let entries = view.held(&view.space(&space)?)?.entries;
                let event = model_id(space.as_bytes());
                Ok(Carried { event, entries, bytes: weight.here })
            });
            carried.collect()
        })
    }
}
