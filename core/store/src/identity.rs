//! Who this device speaks for.

use rusqlite::{Connection, OptionalExtension, params};
use teilgeber_entry::codec::{DecodeError, Reader, Write};
use teilgeber_entry::{
    AuthorId, Binding, DeviceKey, LetterKey, PersonId, PersonKey, Signature, SpaceId,
};

use crate::error::{Result, StoreError};

/// The person, this device's right to speak for them, and the person's letter key.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The person.
    pub person: PersonId,
    /// How this device speaks for them.
    pub voice: Voice,
    /// What letters to the person are sealed to.
    pub letter: LetterKey,
}

/// How a device speaks for its person.
#[derive(Debug, Clone)]
pub enum Voice {
    /// It holds the person key.
    Person(PersonKey),
    /// It holds a key that the person signed.
    Device(DeviceKey, Signature),
}

const NAME: &str = "identity";

impl Identity {
    /// The identity of a person's first device.
    pub fn of_person(person: PersonKey, letter: LetterKey) -> Self {
        Self { person: person.id(), voice: Voice::Person(person), letter }
    }

    /// Binds an author of a space to the person.
    pub fn bind(&self, space: &SpaceId, author: &AuthorId) -> Binding {
        match &self.voice {
            Voice::Person(key) => Binding::direct(key, space, author),
            Voice::Device(key, signed) => {
                Binding::via_device(self.person, key, *signed, space, author)
            }
        }
    }

    pub(crate) fn read(db: &Connection) -> Result<Option<Self>> {
        let bytes: Option<Vec<u8>> = keepsake(db, NAME)?;
        bytes.map(|bytes| Self::decode(&bytes).map_err(StoreError::from)).transpose()
    }

    pub(crate) fn write(&self, db: &Connection) -> Result<()> {
        keep(db, NAME, &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.put_bytes(self.person.as_bytes());
        bytes.put_bytes(self.letter.as_bytes());
        match &self.voice {
            Voice::Person(key) => {
                bytes.put_u8(1);
                bytes.put_bytes(key.as_bytes());
            }
            Voice::Device(key, signed) => {
                bytes.put_u8(2);
                bytes.put_bytes(key.as_bytes());
                bytes.put_bytes(&signed.0);
            }
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> std::result::Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let person = PersonId::read(&mut reader, "person")?;
        let letter = LetterKey::from_bytes(reader.array("letter key")?);
        let voice = match reader.u8("voice")? {
            1 => Voice::Person(PersonKey::from_bytes(reader.array("person key")?)),
            2 => Voice::Device(
                DeviceKey::from_bytes(reader.array("device key")?),
                Signature(reader.array("device signature")?),
            ),
            _ => return Err(DecodeError::Invalid { field: "voice" }),
        };
        reader.end("identity")?;
        Ok(Self { person, voice, letter })
    }
}

/// A secret or setting by name.
pub(crate) fn keepsake(db: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(db
        .prepare_cached("SELECT value FROM keepsake WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// Keeps a secret or setting by name.
pub(crate) fn keep(db: &Connection, name: &str, value: &[u8]) -> Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO keepsake (name, value) VALUES (?1, ?2)")?
        .execute(params![name, value])?;
    Ok(())
}
